"""Pages of what nights are made of: schools, 师资库, the menu of courses."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import Select
from sqlalchemy.orm import Session
from wtforms import StringField

from school import clock
from school.courses import pool_actions as actions
from school.courses import pool_queries as queries
from school.courses.pool_forms import ChangeSchoolForm, CloseForm, CourseForm, SchoolForm, TeacherForm
from school.courses.pool_queries import KEEPERS
from school.courses.vocabulary import TRACKS
from school.errors import Refused
from school.roster.models import Person, Unit
from school.roster.queries import units
from school.web import pages
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("pool", __name__)


@bp.get("/courses/schools")
@needs(*KEEPERS)
def schools():
    """The night schools of one's units."""
    return _list_page("courses/schools.html", queries.schools(_paths()))


@bp.get("/courses/teachers")
@needs(*KEEPERS)
def teachers():
    """师资库: who can teach what."""
    return _list_page("courses/teachers.html", queries.teachers(_paths()))


@bp.get("/courses/menu")
@needs(*KEEPERS)
def menu():
    """点单: what can be taught."""
    return _list_page("courses/menu.html", queries.courses(_paths()))


def _list_page(template: str, statement: Select) -> str:
    paging, shown = pages.slice_of(statement)
    rows = reading().scalars(shown).all()
    return render_template(template, rows=rows, paging=paging, TRACKS=TRACKS, today=_today())


@bp.route("/courses/schools/new", methods=["GET", "POST"])
@needs(*KEEPERS)
def new_school():
    """Open a unit's school."""
    form = SchoolForm(opened_on=_today())
    return _add(form, "开办夜校", ".schools", lambda db, unit: _open_school(db, unit, form))


def _open_school(db: Session, unit: Unit, form: SchoolForm) -> str:
    name = form.name.data or f"{unit.short_name}{TRACKS[form.track.data]}"
    actions.open_school(
        db, unit, form.track.data, name=name, head=_person(db, form.head), place=form.place.data or "",
        opened_on=form.opened_on.data, by=me(), now=clock.now(),
    )  # fmt: skip
    return f"{name}已开办。"


@bp.route("/courses/teachers/new", methods=["GET", "POST"])
@needs(*KEEPERS)
def new_teacher():
    """Add a teacher to a unit's pool."""
    form = TeacherForm()
    return _add(form, "添加教师", ".teachers", lambda db, unit: _add_teacher(db, unit, form))


def _add_teacher(db: Session, unit: Unit, form: TeacherForm) -> str:
    actions.add_teacher(
        db, unit, name=form.name.data, person=_person(db, form.person), kind=form.kind.data,
        topics=form.topics.data or "", by=me(), now=clock.now(),
    )  # fmt: skip
    return f"{form.name.data}已加入师资库。"


@bp.route("/courses/menu/new", methods=["GET", "POST"])
@needs(*KEEPERS)
def new_course():
    """Put a course on a unit's menu."""
    form = CourseForm()
    return _add(form, "添加课程", ".menu", lambda db, unit: _add_course(db, unit, form))


def _add_course(db: Session, unit: Unit, form: CourseForm) -> str:
    actions.add_course(
        db, unit, title=form.title.data, topic=form.topic.data, track=form.track.data, hours=form.hours.data,
        materials=form.materials.data or "", by=me(), now=clock.now(),
    )  # fmt: skip
    return f"《{form.title.data}》已列入菜单。"


def _add(form: SchoolForm | TeacherForm | CourseForm, title: str, back: str, deed):
    """A page that adds one thing to a unit of one's own; a refusal stands above the form."""
    form.offer(units(reading(), _paths(), _today()))
    if form.submitted():
        try:
            with writing() as db:
                done = deed(db, db.get_one(Unit, int(form.unit.data)))
        except Refused as refusal:
            form.form_errors = [refusal.message]
        else:
            flash(done, "done")
            return redirect(url_for(back))
    return render_template("courses/add.html", form=form, title=title, back=back)


@bp.route("/courses/schools/<int:school_id>", methods=["GET", "POST"])
@needs(*KEEPERS)
def school(school_id: int):
    """One school: give it another name, head or place."""
    found = queries.school(reading(), school_id, me())
    form = ChangeSchoolForm(name=found.name, head=found.head.staff_no if found.head else "", place=found.place)
    if form.submitted():
        try:
            with writing() as db:
                _change_school(db, school_id, form)
        except Refused as refusal:
            form.form_errors = [refusal.message]
        else:
            flash("已保存。", "done")
            return redirect(url_for(".schools"))
    found = queries.school(reading(), school_id, me())
    return render_template("courses/school.html", form=form, school=found, TRACKS=TRACKS)


def _change_school(db: Session, school_id: int, form: ChangeSchoolForm) -> None:
    row = queries.school(db, school_id, me())
    unchanged = row.head is not None and row.head.staff_no == form.head.data
    head = row.head if unchanged else _person(db, form.head)
    place = form.place.data or ""
    actions.change_school(db, row, name=form.name.data, head=head, place=place, by=me(), now=clock.now())


#: what can be closed: address -> (how it is fetched, the deed, the list it stands in, its title, the words of the deed)
CLOSING = {
    "schools": (queries.school, actions.close_school, ".schools", "夜校", "关闭"),
    "teachers": (queries.teacher, actions.close_teacher, ".teachers", "师资库", "停用"),
    "menu": (queries.course, actions.close_course, ".menu", "课程菜单", "停用"),
}


@bp.route("/courses/<any(schools, teachers, menu):kind>/<int:row_id>/close", methods=["GET", "POST"])
@needs(*KEEPERS)
def close(kind: str, row_id: int):
    """Close a school, or take a teacher or a course off the list, from a day on."""
    fetch, deed, back, shelf, word = CLOSING[kind]
    row, form = fetch(reading(), row_id, me()), CloseForm(on=_today())
    name = row.title if kind == "menu" else row.name
    if form.submitted():
        try:
            with writing() as db:
                deed(db, fetch(db, row_id, me()), on=form.on.data, by=me(), now=clock.now())
        except Refused as refusal:
            form.on.errors = [refusal.message]
        else:
            flash(f"“{name}”已{word}，以前的记录都在。", "done")
            return redirect(url_for(back))
    return render_template("courses/close.html", form=form, name=name, shelf=shelf, word=word, back=back)


def _person(db: Session, field: StringField) -> Person | None:
    """The person of a typed staff number, None where nothing is typed. Refused: nobody of one's units."""
    if not field.data:
        return None
    found = queries.person_of(db, field.data, _paths(), _today())
    if found is None:
        raise Refused(f"工号“{field.data}”今天在您的单位没有任职。请检查工号，或先在花名册登记其任职或驻村。")
    return found


def _paths() -> tuple[str, ...]:
    return me().paths(*KEEPERS)


def _today() -> date:
    return clock.day(clock.now())
