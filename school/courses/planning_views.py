"""Pages on which nights are planned, moved, called off and recognised."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from school import clock, words
from school.access import Role
from school.courses import actions, calendar, pool_queries, queries
from school.courses.calendar import Outline
from school.courses.forms import CancelForm, MoveForm, PlanForm, RecogniseForm, number_or_none
from school.courses.models import Course, CourseSession, NightSchool
from school.courses.pool_queries import KEEPERS
from school.errors import Refused
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("planning", __name__)


@bp.route("/courses/nights/plan", methods=["GET", "POST"])
@needs(*KEEPERS)
def plan():
    """Plan a night or a weekly series. A series, and whatever clashes, is shown before it is written."""
    today, paths = clock.day(clock.now()), me().paths(*KEEPERS)
    schools = pool_queries.open_schools(reading(), paths, today)
    courses = pool_queries.offered_courses(reading(), paths, today)
    form = PlanForm(school=request.args.get("school", ""), on=today)
    form.offer(schools, courses, pool_queries.offered_teachers(reading(), paths, today))
    step = request.form.get("step", "")
    if not form.submitted() or not form.near(today) or step == "edit":
        return render_template("courses/plan.html", form=form, schools=schools)
    outline = _outline(form, schools, courses)
    if outline is None:
        return render_template("courses/plan.html", form=form, schools=schools), 422
    days = calendar.weekly(form.on.data, form.weeks.data or 1)
    clashes = queries.clashes(reading(), outline, [clock.at(day, form.at.data) for day in days])
    kept = days if step != "write" else tuple(day for day in days if day.isoformat() in form.nights.data)
    simple = len(days) == 1 and not any(clashes.values())
    written = _write(form, outline, kept) if simple or step == "write" else None
    return written or _check_page(form, outline, clashes, kept)


def _outline(form: PlanForm, schools: list[NightSchool], courses: list[Course]) -> Outline | None:
    """What was typed, filled up from the school and the menu; None with a complaint while there is no place."""
    school = next(school for school in schools if str(school.id) == form.school.data)
    course = next((course for course in courses if str(course.id) == form.course.data), None)
    place = form.place.data or school.place
    if not place:
        form.place.errors = ["这所夜校没有登记地点，请填写在哪里上课。"]
        return None
    return Outline(
        school_id=school.id,
        title=form.title.data or course.title,
        kind=form.kind.data,
        place=place,
        hours=course.hours if form.hours.data is None else form.hours.data,
        course_id=course and course.id,
        teacher_id=number_or_none(form.teacher.data),
    )


def _check_page(form: PlanForm, outline: Outline, clashes: dict, kept: tuple[date, ...]) -> str:
    nights = [(start, clock.day(start), found) for start, found in clashes.items()]
    school = reading().get_one(NightSchool, outline.school_id)
    return render_template(
        "courses/plan_check.html", form=form, outline=outline, nights=nights, kept=kept, school=school
    )


def _write(form: PlanForm, outline: Outline, days: tuple[date, ...]):
    """Write the nights and go on to them; None, with the reason on the form, when they are refused."""
    starts = [clock.at(day, form.at.data) for day in days]
    try:
        if not starts:
            raise Refused("一天也没有勾选，请至少勾选一天。")
        with writing() as db:
            actions.plan_nights(db, outline, starts, anyway=form.anyway.data, by=me(), now=clock.now())
    except Refused as refusal:
        form.anyway.errors = [refusal.message]
        return None
    flash(f"已安排 {len(starts)} 次课，从{words.short_day(days[0])}开始。", "done")
    return redirect(url_for("courses.nights", school=outline.school_id))


@bp.route("/courses/nights/<int:night_id>/move", methods=["GET", "POST"])
@needs(*queries.FILLERS, Role.LEARNER)
def move(night_id: int):
    """Move a planned night to another time or place."""
    night, now = queries.night(reading(), night_id, me()), clock.now()
    local = clock.local(night.starts_at)
    form = MoveForm(on=local.date(), at=local.time(), place=night.place)
    if form.submitted() and form.near(clock.day(now)):
        start = clock.at(form.on.data, form.at.data)
        if _try(form.anyway, lambda db, row: _move(db, row, form, start, now), night_id):
            flash(f"已改到{words.short_day(form.on.data)} {words.clock_time(start)}。", "done")
            return redirect(url_for("courses.night", night_id=night_id))
        night = queries.night(reading(), night_id, me())
    return render_template("courses/move.html", form=form, night=night, on=clock.day)


def _move(db: Session, night: CourseSession, form: MoveForm, start: datetime, now: datetime) -> None:
    place = form.place.data or night.place
    actions.move_night(db, night, start, place, anyway=form.anyway.data, by=me(), now=now)


@bp.route("/courses/nights/<int:night_id>/cancel", methods=["GET", "POST"])
@needs(*queries.FILLERS, Role.LEARNER)
def cancel(night_id: int):
    """Call a planned night off, with a reason."""
    night, form = queries.night(reading(), night_id, me()), CancelForm()
    if form.submitted():
        with writing() as db:
            row = queries.night(db, night_id, me(), lock=True)
            actions.cancel_night(db, row, form.reason.data, by=me(), now=clock.now())
        flash("这次课已取消，原因留在记录里。", "done")
        return redirect(url_for("courses.night", night_id=night_id))
    return render_template("courses/cancel.html", form=form, night=night, on=clock.day)


@bp.route("/courses/nights/<int:night_id>/recognise", methods=["GET", "POST"])
@needs(Role.OFFICER)
def recognise(night_id: int):
    """Write down who recognised the hours of a night, and under which 文号."""
    night = _officered(night_id)
    form = RecogniseForm(recognised_by=night.recognised_by, recognised_no=night.recognised_no)
    if form.submitted() and _try(form.recognised_no, lambda db, row: _recognise(db, row, form), night_id):
        flash("学时认可情况已登记。", "done")
        return redirect(url_for("courses.night", night_id=night_id))
    return render_template("courses/recognise.html", form=form, night=_officered(night_id), on=clock.day)


def _recognise(db: Session, night: CourseSession, form: RecogniseForm) -> None:
    given = (form.recognised_by.data or "", form.recognised_no.data or "")
    actions.recognise_night(db, night, *given, by=me(), now=clock.now())


def _officered(night_id: int) -> CourseSession:
    night = queries.night(reading(), night_id, me())
    me().must_cover(night.school.unit.path, Role.OFFICER)
    return night


def _try(field, deed, night_id: int) -> bool:
    """Do a deed on the locked night; a refusal is put on the field."""
    try:
        with writing() as db:
            deed(db, queries.night(db, night_id, me(), lock=True))
    except Refused as refusal:
        field.errors = [refusal.message]
        return False
    return True
