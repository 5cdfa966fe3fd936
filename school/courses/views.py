"""Pages of nights: the list, one night, a month's figures, one's own record. Other pages of the room hang below."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, render_template, request
from wtforms.fields.choices import SelectChoice

from school import clock, words
from school.access import Role
from school.courses import actions, attendance, card_views, planning_views, pool_views, queries
from school.courses.forms import NarrowForm, choices, number_or_none
from school.courses.models import CourseSession, NightSchool
from school.courses.pool_queries import KEEPERS, schools
from school.courses.vocabulary import DEEDS, standing
from school.errors import NotAllowed, SchoolError
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading

bp = Blueprint("courses", __name__)
for below in (planning_views, card_views, pool_views):
    bp.register_blueprint(below.bp)

#: months offered for narrowing: so many before this one and so many after
MONTHS_BACK, MONTHS_AHEAD = 12, 3


@bp.get("/courses/nights")
@needs(*queries.FILLERS, Role.LEARNER)
def nights():
    """Nights of one's schools: the coming ones first, then the past."""
    now = clock.now()
    within_reach = queries.schools_in_reach(reading(), me())
    if not within_reach and not me().has(*queries.FILLERS):
        raise NotAllowed("这一页由夜校校长、教师和单位联络员使用。您参加过的课次在“我的夜校”里。")
    form = _narrow_form(within_reach, clock.day(now))
    statement = queries.nights(me(), now, **_narrowed(form))
    paging, shown = pages.slice_of(statement)
    rows = reading().scalars(shown).all()
    return render_template(
        "courses/nights.html", form=form, paging=paging, parts=_parts(rows, clock.day(now)), schools=within_reach,
        asked={name: value for name, value in request.args.items() if name in form}, **_about(now),
    )  # fmt: skip


def _narrow_form(schools: list[NightSchool], today: date) -> NarrowForm:
    form = NarrowForm(request.args)
    form.month.choices = [SelectChoice("", "全部"), *_months(today)]
    form.school.choices = choices(schools, lambda school: school.name, "全部")
    form.validate()
    return form


def _months(today: date) -> list[SelectChoice]:
    last = today.year * 12 + today.month - 1 + MONTHS_AHEAD
    firsts = [
        date(number // 12, number % 12 + 1, 1) for number in range(last, last - MONTHS_BACK - MONTHS_AHEAD - 1, -1)
    ]
    return [SelectChoice(first.isoformat(), words.month(first)) for first in firsts]


def _narrowed(form: NarrowForm) -> dict:
    """What the list is narrowed to; a choice that is not offered narrows nothing."""
    month, state, school = ("" if field.errors else field.data or "" for field in (form.month, form.state, form.school))
    return {
        "month": date.fromisoformat(month) if month else None,
        "state": state,
        "school_id": number_or_none(school),
    }


def _parts(rows: list[CourseSession], today: date) -> list[tuple[str, list[CourseSession]]]:
    coming = [row for row in rows if clock.day(row.starts_at) >= today]
    past = [row for row in rows if clock.day(row.starts_at) < today]
    return [(title, part) for title, part in (("今天和以后", coming), ("以前", past)) if part]


def _about(now: datetime) -> dict:
    """What pages about nights say of them."""
    return {"now": now, "standing": standing, "keeps": me().has(*KEEPERS), "on": clock.day}


@bp.get("/courses/nights/<int:night_id>")
@needs(*queries.FILLERS, Role.LEARNER)
def night(night_id: int):
    """One night: what was planned, what came of it, what was changed."""
    now, found = clock.now(), queries.night(reading(), night_id, me())
    recorded = [row for row, _unit in queries.attendances(reading(), night_id).values()]
    return render_template(
        "courses/night.html", night=found, recorded=recorded, VALUES=attendance.VALUES, DEEDS=DEEDS,
        tally=attendance.tally([row.value for row in recorded], found.head_count),
        changes=queries.changes(reading(), night_id), why_not=_why_not(found, now),
        officer=me().covers(found.school.unit.path, Role.OFFICER), confirm=Confirm(), **_about(now),
    )  # fmt: skip


def _why_not(night: CourseSession, now: datetime) -> str:
    """Why the card cannot be filled in now; empty when it can."""
    try:
        actions.check_card(night, by=me(), now=now)
    except SchoolError as refusal:
        return refusal.message
    return ""


@bp.get("/courses/figures")
@needs(*queries.FILLERS)
def figures():
    """期, 人次, 人数 and 学时 of a month by school; each number opens its nights."""
    months = _months(clock.day(clock.now()))
    asked = request.args.get("month", "")
    known = asked in {choice.value for choice in months}
    first = date.fromisoformat(asked) if known else clock.month(clock.day(clock.now()))
    paths = me().paths(*queries.FILLERS)
    counts = queries.night_counts_by_school(reading(), paths, first)
    rows = [(school, counts[school.id]) for school in reading().scalars(schools(paths)) if school.id in counts]
    total = queries.total(reading(), paths, first, counts.values())
    return render_template("courses/figures.html", first=first, months=months, rows=rows, total=total)


@bp.get("/courses/mine")
@needs(Role.LEARNER)
def mine():
    """The nights I attended this year; nobody else has this page."""
    today = clock.day(clock.now())
    rows = queries.own_attendances(reading(), me().person_id, today.year)
    credited = {
        row.id: attendance.credited(night.hours, row.value, night.recognised_by, night.recognised_no)
        for row, night in rows
    }
    came = sum(1 for row, _night in rows if attendance.VALUES[row.value].came)
    return render_template(
        "courses/mine.html", rows=rows, credited=credited, came=came, year=today.year, VALUES=attendance.VALUES,
        hours=sum(credited.values()), on=clock.day,
    )  # fmt: skip
