"""Reading what nights are made of: schools, 师资库 and the menu of courses."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from school import clock
from school.access import Member, Role
from school.courses.models import Course, CourseSession, NightSchool, Teacher
from school.errors import NotFound
from school.roster.models import Assignment, Person, Unit
from school.roster.queries import holds_on, on_the_line, within

#: who keeps schools, teachers and the menu, and plans nights
KEEPERS = (Role.OFFICER, Role.CLERK)


def schools(paths: tuple[str, ...]) -> Select:
    """Schools of the subtrees with unit and head, the open ones first, in 建制顺序."""
    return (
        select(NightSchool)
        .join(NightSchool.unit)
        .where(within(paths))
        .options(contains_eager(NightSchool.unit), joinedload(NightSchool.head))
        .order_by(NightSchool.closed_on.is_not(None), Unit.order_no, Unit.id, NightSchool.track)
    )


def open_schools(db: Session, paths: tuple[str, ...], on: date) -> list[NightSchool]:
    """Schools of the subtrees that are open on a day or will be."""
    return list(db.scalars(schools(paths).where(still_open(NightSchool, on))))


def school(db: Session, school_id: int, by: Member) -> NightSchool:
    """A school in the subtrees one keeps, else NotFound."""
    return _kept(db, NightSchool, school_id, by)


def teachers(paths: tuple[str, ...]) -> Select:
    """Teachers of the subtrees with their unit, the open ones first."""
    return _listed(Teacher, paths).order_by(Teacher.closed_on.is_not(None), Unit.order_no, Unit.id, Teacher.id)


def courses(paths: tuple[str, ...]) -> Select:
    """Courses on the menus of the subtrees with their unit, the open ones first."""
    return _listed(Course, paths).order_by(Course.closed_on.is_not(None), Course.topic, Course.title, Course.id)


def teacher(db: Session, teacher_id: int, by: Member) -> Teacher:
    """A teacher of the pools one keeps, else NotFound."""
    return _kept(db, Teacher, teacher_id, by)


def course(db: Session, course_id: int, by: Member) -> Course:
    """A course of the menus one keeps, else NotFound."""
    return _kept(db, Course, course_id, by)


def offered_teachers(db: Session, paths: tuple[str, ...], on: date) -> list[Teacher]:
    """Who can be sent to the subtrees: their own teachers and those of the units above them."""
    return list(db.scalars(_offered(Teacher, paths, on).order_by(Unit.order_no, Unit.id, Teacher.id)))


def offered_courses(db: Session, paths: tuple[str, ...], on: date) -> list[Course]:
    """What the subtrees can choose from: their own menus and those of the units above them."""
    return list(db.scalars(_offered(Course, paths, on).order_by(Course.topic, Course.title, Course.id)))


def person_of(db: Session, staff_no: str, paths: tuple[str, ...], on: date) -> Person | None:
    """The person of a staff number who holds any assignment in the subtrees on a day (a 驻村 one will do)."""
    statement = (
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Person.staff_no == staff_no, within(paths), holds_on(on))
    )
    return db.scalars(statement.limit(1)).one_or_none()


def nights_from(db: Session, condition: ColumnElement[bool], on: date) -> int:
    """How many planned nights of whatever the condition names fall on a day or later."""
    coming = (CourseSession.state == "planned") & (CourseSession.starts_at >= clock.at(on, time()))
    return db.scalar(select(func.count()).select_from(CourseSession).where(condition, coming))


def still_open(kind, on: date) -> ColumnElement[bool]:
    """The condition that a school, teacher or course is not closed on a day."""
    return or_(kind.closed_on.is_(None), kind.closed_on > on)


def _listed(kind, paths: tuple[str, ...]) -> Select:
    return select(kind).join(kind.unit).where(within(paths)).options(contains_eager(kind.unit))


def _offered(kind, paths: tuple[str, ...], on: date) -> Select:
    return (
        select(kind).join(kind.unit).where(on_the_line(paths), still_open(kind, on)).options(contains_eager(kind.unit))
    )


def _kept(db: Session, kind, row_id: int, by: Member):
    found = db.get(kind, row_id)
    if found is None:
        raise NotFound
    by.must_cover(found.unit.path, *KEEPERS)
    return found
