"""Deeds around nights: schools are opened, changed and closed; teachers and courses come and go. Nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.courses import pool_queries
from school.courses.models import Course, CourseSession, NightSchool, Teacher
from school.courses.vocabulary import TRACKS
from school.errors import Refused
from school.roster.models import Person, Unit


def open_school(
    db: Session,
    unit: Unit,
    track: str,
    *,
    name: str,
    head: Person | None,
    place: str,
    opened_on: date,
    by: Member,
    now: datetime,
) -> NightSchool:
    """Open a unit's school. Refused: a second one of the same track."""
    twin = (NightSchool.unit_id == unit.id) & (NightSchool.track == track)
    if db.scalars(select(NightSchool).where(twin)).first():
        raise Refused(f"{unit.name}已经有一所{TRACKS[track]}，请直接使用原来的那一所。")
    school = NightSchool(unit_id=unit.id, track=track, name=name, place=place, opened_on=opened_on)
    school.head_id = head.id if head else None
    db.add(school)
    audit.record(db, by, "open_school", school, at=now, after=_school_values(school))
    return school


def change_school(
    db: Session, school: NightSchool, *, name: str, head: Person | None, place: str, by: Member, now: datetime
) -> None:
    """Give a school another head, place or name; who was head before stays in the audit log."""
    before = _school_values(school)
    school.name, school.head_id, school.place = name, head.id if head else None, place
    if before != (after := _school_values(school)):
        audit.record(db, by, "change_school", school, at=now, before=before, after=after)


def close_school(db: Session, school: NightSchool, *, on: date, by: Member, now: datetime) -> None:
    """Close a school from a day on. Refused while nights are planned after it."""
    _close(db, school, CourseSession.school_id == school.id, on=on, by=by, now=now)


def add_teacher(
    db: Session,
    unit: Unit,
    *,
    name: str,
    person: Person | None,
    kind: str,
    topics: str,
    by: Member,
    now: datetime,
) -> Teacher:
    """Add a teacher to a unit's pool. Refused: a person who already stands in it."""
    twin = (Teacher.unit_id == unit.id) & (Teacher.person_id == person.id if person else Teacher.name == name)
    if db.scalars(select(Teacher).where(twin, Teacher.closed_on.is_(None))).first():
        raise Refused(f"“{name}”已经在{unit.name}的师资库里。另一个同名的人请在姓名后注明，例如“{name}（农技站）”。")
    teacher = Teacher(unit_id=unit.id, name=name, person_id=person.id if person else None, kind=kind, topics=topics)
    db.add(teacher)
    after = {"unit": unit.code, "name": name, "kind": kind, "topics": topics}
    audit.record(db, by, "add_teacher", teacher, at=now, after=after)
    return teacher


def close_teacher(db: Session, teacher: Teacher, *, on: date, by: Member, now: datetime) -> None:
    """Take a teacher out of the pool from a day on. Refused while they are planned after it."""
    _close(db, teacher, CourseSession.teacher_id == teacher.id, on=on, by=by, now=now)


def add_course(
    db: Session,
    unit: Unit,
    *,
    title: str,
    topic: str,
    track: str,
    hours: Decimal,
    materials: str,
    by: Member,
    now: datetime,
) -> Course:
    """Put a course on a unit's menu."""
    course = Course(unit_id=unit.id, title=title, topic=topic, track=track, hours=hours, materials=materials)
    db.add(course)
    after = {"unit": unit.code, "title": title, "topic": topic, "track": track, "hours": hours}
    audit.record(db, by, "add_course", course, at=now, after=after)
    return course


def close_course(db: Session, course: Course, *, on: date, by: Member, now: datetime) -> None:
    """Take a course off the menu from a day on; nights planned with it stay, for they carry its title."""
    _close(db, course, None, on=on, by=by, now=now)


def _close(db: Session, row, planned, *, on: date, by: Member, now: datetime) -> None:
    if row.closed_on:
        raise Refused("已经关闭过了，不用再办一次。")
    if isinstance(row, NightSchool) and on < row.opened_on:
        raise Refused("关闭日期早于开办日期，请检查年份。")
    left = pool_queries.nights_from(db, planned, on) if planned is not None else 0
    if left:
        raise Refused(f"这一天及以后还安排着 {left} 次课，请先改期、取消或换人，再来关闭。")
    row.closed_on = on
    audit.record(db, by, f"close_{_KINDS[type(row)]}", row, at=now, after={"closed_on": on})


_KINDS = {NightSchool: "school", Teacher: "teacher", Course: "course"}


def _school_values(school: NightSchool) -> dict:
    return {"name": school.name, "head_id": school.head_id, "place": school.place}
