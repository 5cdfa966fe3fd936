"""夜校: schools, teachers, the menu of courses, course sessions (课次) and who came."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.roster.models import Person, Unit


class NightSchool(Base):
    """A village's or township's school. track: "farmer" (农民夜校) or "cadre" (干部夜校)."""

    __tablename__ = "night_school"
    __table_args__ = (
        CheckConstraint("track IN ('farmer', 'cadre')", name="track_known"),
        UniqueConstraint("unit_id", "track"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    track: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    #: 夜校校长, who may fill in session cards of this school
    head_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    place: Mapped[str] = mapped_column(String(120), default="")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship()
    head: Mapped[Person | None] = relationship()


class Teacher(Base):
    """师资库: who can teach what. A teacher need not be in the roster (土专家)."""

    __tablename__ = "teacher"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: unit whose pool they belong to
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    name: Mapped[str] = mapped_column(String(50))
    kind: Mapped[str] = mapped_column(String(30))
    topics: Mapped[str] = mapped_column(String(200), default="")
    closed_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship()


class Course(Base):
    """What can be taught: an entry of the menu (点单)."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    title: Mapped[str] = mapped_column(String(120))
    topic: Mapped[str] = mapped_column(String(40))
    track: Mapped[str] = mapped_column(String(10))
    #: 学时 of one session
    hours: Mapped[Decimal]
    materials: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship()


class CourseSession(Base):
    """One night: planned, held or cancelled with a reason. At most eight fields are ever asked of the trainer."""

    __tablename__ = "course_session"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="state_known"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="cancelled_with_reason"),
        CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="held_with_time"),
        CheckConstraint("head_count IS NULL OR head_count >= 0", name="head_count_not_negative"),
        Index(None, "school_id", "starts_at"),
        UniqueConstraint("client_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey(NightSchool.id))
    course_id: Mapped[int | None] = mapped_column(ForeignKey(Course.id), index=True)
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey(Teacher.id), index=True)
    title: Mapped[str] = mapped_column(String(120))
    #: 集中授课, 院坝会, 田间教学 …
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    hours: Mapped[Decimal]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")
    #: when it really began
    held_at: Mapped[datetime | None]
    #: heads without names, in addition to the named attendances
    head_count: Mapped[int | None]
    #: one line on what came of it, one request of the villagers
    outcome: Mapped[str] = mapped_column(String(300), default="")
    request: Mapped[str] = mapped_column(String(300), default="")
    #: when and by whom the card was filled in; 补录 when the night's day was over
    recorded_at: Mapped[datetime | None]
    recorded_by: Mapped[str] = mapped_column(String(50), default="")
    late_entry: Mapped[bool] = mapped_column(default=False)
    #: 认可单位 and 文号; hours are credited only when both are there
    recognised_by: Mapped[str] = mapped_column(String(120), default="")
    recognised_no: Mapped[str] = mapped_column(String(60), default="")
    #: key made by the client for a card written without signal; a repeat finds the first
    client_key: Mapped[str | None] = mapped_column(String(40))

    school: Mapped[NightSchool] = relationship()
    course: Mapped[Course | None] = relationship()
    teacher: Mapped[Teacher | None] = relationship()


class Attendance(Base):
    """One person at one course session, with the unit they belonged to that day."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey(CourseSession.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    #: a key of courses.attendance.VALUES; nobody is absent by not being marked
    value: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
