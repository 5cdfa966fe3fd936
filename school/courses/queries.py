"""Reading nights: lists of them, one with its roll, what clashes, one's own record, and a month's figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from school import clock
from school.access import Member, Role
from school.audit import AuditLine
from school.courses import calendar
from school.courses.attendance import CAME
from school.courses.calendar import Clash, Outline, Slot
from school.courses.figures import NightCount
from school.courses.models import Attendance, CourseSession, NightSchool, Teacher
from school.errors import NotFound
from school.roster.models import Person, Unit
from school.roster.queries import counted_on, on_the_line, within

#: roles that fill in session cards of their subtree; a school's head does so without any
FILLERS = (Role.TEACHER, Role.CLERK, Role.OFFICER)

#: a school with more people than this is counted by head, not called by name
ROLL_MOST = 300


def reach(paths: tuple[str, ...], person_id: int | None) -> ColumnElement[bool]:
    """The condition that a school lies in the subtrees or is headed by the person; Unit and NightSchool are joined."""
    own = false() if person_id is None else NightSchool.head_id == person_id
    return or_(within(paths), own)


def schools_in_reach(db: Session, by: Member) -> list[NightSchool]:
    """Schools whose cards the member may fill in, in 建制顺序."""
    statement = select(NightSchool).join(NightSchool.unit).where(reach(by.paths(*FILLERS), by.person_id))
    return list(db.scalars(statement.order_by(Unit.order_no, Unit.id, NightSchool.track)))


def nights(
    by: Member,
    now: datetime,
    *,
    month: date | None = None,
    state: str = "",
    school_id: int | None = None,
) -> Select:
    """Nights the member may fill in: from today on in the order they come, then the past ones, the latest first.

    month: its first day.  state: a key of vocabulary.STATES.  To page through.
    """
    today = clock.at(clock.day(now), time())
    past = CourseSession.starts_at < today
    statement = _with_school().where(reach(by.paths(*FILLERS), by.person_id))
    if month:
        statement = statement.where(_in_month(month))
    if state == "due":
        statement = statement.where(CourseSession.state == "planned", past)
    elif state:
        statement = statement.where(CourseSession.state == state)
    if school_id:
        statement = statement.where(CourseSession.school_id == school_id)
    return statement.order_by(
        past, case((~past, CourseSession.starts_at)), CourseSession.starts_at.desc(), CourseSession.id
    )


def next_nights(
    db: Session, member: Member, person_id: int | None, now: datetime, limit: int = 5
) -> list[CourseSession]:
    """Nights still without a card that the member, or the person as a school's head, may fill in.

    Today's come first, then those whose day is over (待补录), then the coming week's.
    """
    today = clock.day(now)
    begins, ends = clock.at(today, time()), clock.at(today + timedelta(days=1), time())
    turn = case((CourseSession.starts_at >= ends, 2), (CourseSession.starts_at >= begins, 0), else_=1)
    statement = (
        _with_school()
        .where(reach(member.paths(*FILLERS), person_id), CourseSession.state == "planned")
        .where(CourseSession.starts_at < ends + timedelta(days=7))
        .order_by(turn, CourseSession.starts_at, CourseSession.id)
    )
    return list(db.scalars(statement.limit(limit)))


def night(db: Session, night_id: int, by: Member, *, lock: bool = False) -> CourseSession:
    """A night the member may fill in, else NotFound. lock: for a deed that must not run twice at once."""
    statement = _with_school().where(CourseSession.id == night_id).options(joinedload(CourseSession.course))
    if lock:
        statement = statement.with_for_update(of=CourseSession)
    found = db.scalars(statement).one_or_none()
    if found is None or not may_fill(found.school, by):
        raise NotFound
    return found


def may_fill(school: NightSchool, by: Member) -> bool:
    """Whether the member may fill in a school's cards: by role on its unit, or as its head."""
    heads = by.person_id is not None and school.head_id == by.person_id
    return heads or by.covers(school.unit.path, *FILLERS)


@dataclass(frozen=True)
class RollRow:
    """One person of a night's roll with the unit they belonged to that day. value: "" while nothing is recorded."""

    person: Person
    unit: Unit
    post: str
    value: str


def roll(db: Session, night: CourseSession) -> list[RollRow]:
    """Who belonged to the school's subtree on the night's day, in roster order, and whoever was recorded besides.

    A school with more than ROLL_MOST people has only those who were recorded.
    """
    recorded = attendances(db, night.id)
    listed = counted_on(db, night.school.unit.path, clock.day(night.starts_at))
    rows = [
        RollRow(a.person, *_recorded(recorded.pop(a.person_id, None), a.unit, a.post))
        for a in (listed if len(listed) <= ROLL_MOST else ())
    ]
    return rows + [RollRow(row.person, unit, "", row.value) for row, unit in recorded.values()]


def attendances(db: Session, night_id: int) -> dict[int, tuple[Attendance, Unit]]:
    """What is recorded of a night: person id -> attendance and the unit as it was that day, in roster order."""
    statement = (
        select(Attendance, Unit)
        .join(Unit, Unit.id == Attendance.unit_id)
        .join(Attendance.person)
        .where(Attendance.session_id == night_id)
        .options(contains_eager(Attendance.person))
        .order_by(Unit.order_no, Unit.id, Person.staff_no)
    )
    return {row.person_id: (row, unit) for row, unit in db.execute(statement)}


def _recorded(found: tuple[Attendance, Unit] | None, unit: Unit, post: str) -> tuple[Unit, str, str]:
    return (found[1], post, found[0].value) if found else (unit, post, "")


def clashes(
    db: Session, outline: Outline, starts: Iterable[datetime], *, moved: int | None = None
) -> dict[datetime, tuple[Clash, ...]]:
    """What each of the planned nights clashes with: start -> clashes. moved: the night that is moved itself."""
    starts = tuple(starts)
    school = db.get_one(NightSchool, outline.school_id)
    teacher = db.get(Teacher, outline.teacher_id) if outline.teacher_id else None
    slots = [
        Slot(start, outline.hours, school.id, school.unit.path, outline.place, _teacher_key(teacher), "")
        for start in starts
    ]
    near = or_(on_the_line((school.unit.path,)), _taught_by(teacher))
    others = [_slot(row) for row in db.scalars(_standing(slots).where(near, CourseSession.id != (moved or 0)))]
    return {slot.starts_at: calendar.clashes(slot, others) for slot in slots}


def _standing(slots: list[Slot]) -> Select:
    """Nights not cancelled that may still be going on at some time of the slots."""
    begins, ends = min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots)
    return _with_school().where(
        CourseSession.state != "cancelled",
        CourseSession.starts_at > begins - timedelta(days=1),
        CourseSession.starts_at < ends,
    )


def _slot(row: CourseSession) -> Slot:
    name = f"{row.school.name}《{row.title}》"
    path, teacher = row.school.unit.path, _teacher_key(row.teacher)
    return Slot(row.starts_at, row.hours, row.school_id, path, row.place, teacher, name)


def _taught_by(teacher: Teacher | None) -> ColumnElement[bool]:
    if teacher is None:
        return false()
    same = Teacher.id == teacher.id if teacher.person_id is None else Teacher.person_id == teacher.person_id
    return CourseSession.teacher_id.in_(select(Teacher.id).where(same))


def _teacher_key(teacher: Teacher | None) -> str:
    if teacher is None:
        return ""
    return f"person {teacher.person_id}" if teacher.person_id else f"teacher {teacher.id}"


def changes(db: Session, night_id: int) -> list[AuditLine]:
    """What was done to a night, the latest first."""
    about = and_(AuditLine.about_kind == CourseSession.__tablename__, AuditLine.about_id == str(night_id))
    return list(db.scalars(select(AuditLine).where(about).order_by(AuditLine.id.desc())))


def own_attendances(db: Session, person_id: int, year: int) -> list[tuple[Attendance, CourseSession]]:
    """What is recorded of a person at the nights of a calendar year, the latest first."""
    begins, ends = clock.at(date(year, 1, 1), time()), clock.at(date(year + 1, 1, 1), time())
    statement = (
        select(Attendance, CourseSession)
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(Attendance.person_id == person_id, Attendance.value != "unmarked", CourseSession.state == "held")
        .where(CourseSession.starts_at >= begins, CourseSession.starts_at < ends)
        .options(joinedload(CourseSession.school))
        .order_by(CourseSession.starts_at.desc())
    )
    return [(row, night) for row, night in db.execute(statement)]


def night_counts(db: Session, path: str, first: date) -> NightCount:
    """The figures of a month (its first day) of all schools below a path; people are counted once."""
    return total(db, (path,), first, _counts(db, (path,), first, NightSchool.id).values())


def night_counts_by_unit(db: Session, path: str, first: date) -> dict[int, NightCount]:
    """The figures of a month by the schools' own units below a path: unit id -> figures; idle units are left out."""
    return _counts(db, (path,), first, NightSchool.unit_id)


def night_counts_by_school(db: Session, paths: tuple[str, ...], first: date) -> dict[int, NightCount]:
    """The figures of a month by school: school id -> figures; idle schools are left out."""
    return _counts(db, paths, first, NightSchool.id)


def total(db: Session, paths: tuple[str, ...], first: date, parts: Iterable[NightCount]) -> NightCount:
    """The sum of a month's parts, with the people of several parts counted once."""
    parts = tuple(parts)
    return NightCount(
        planned=sum(part.planned for part in parts),
        held=sum(part.held for part in parts),
        cancelled=sum(part.cancelled for part in parts),
        attendances=sum(part.attendances for part in parts),
        people=db.scalar(_came((func.count(Attendance.person_id.distinct()),), paths, first)),
        hours=sum((part.hours for part in parts), Decimal(0)),
    )


def _counts(db: Session, paths: tuple[str, ...], first: date, key) -> dict[int, NightCount]:
    sums = (func.count(), func.sum(CourseSession.hours), func.sum(func.coalesce(CourseSession.head_count, 0)))
    by_state = select(key, CourseSession.state, *sums).join(CourseSession.school).join(NightSchool.unit)
    by_state = by_state.where(within(paths), _in_month(first)).group_by(key, CourseSession.state)
    found: dict[int, NightCount] = {}
    for one, state, number, hours, heads in db.execute(by_state):
        count = found.get(one, NightCount())
        count = replace(count, planned=count.planned + number)
        if state == "held":
            count = replace(count, held=number, hours=hours, attendances=int(heads))
        found[one] = replace(count, cancelled=number) if state == "cancelled" else count
    named = (key, func.count(), func.count(Attendance.person_id.distinct()))
    for one, came, people in db.execute(_came(named, paths, first).group_by(key)):
        found[one] = replace(found[one], attendances=found[one].attendances + came, people=people)
    return found


def _came(columns: tuple, paths: tuple[str, ...], first: date) -> Select:
    """Columns over the named attendances that count, at the nights held in a month."""
    return (
        select(*columns)
        .select_from(Attendance)
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .join(CourseSession.school)
        .join(NightSchool.unit)
        .where(within(paths), _in_month(first), CourseSession.state == "held", Attendance.value.in_(CAME))
    )


def _with_school() -> Select:
    """Nights with their school, its unit and the teacher; Unit and NightSchool can be named in conditions."""
    return (
        select(CourseSession)
        .join(CourseSession.school)
        .join(NightSchool.unit)
        .options(
            contains_eager(CourseSession.school).contains_eager(NightSchool.unit), joinedload(CourseSession.teacher)
        )
    )


def _in_month(first: date) -> ColumnElement[bool]:
    begins, ends = clock.month_bounds(first)
    return and_(CourseSession.starts_at >= begins, CourseSession.starts_at < ends)
