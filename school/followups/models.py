"""跟进: the case opened when a unit falls short, its signed steps, and the county's working days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.quizzes.models import Round
from school.results.models import MonthResult
from school.roster.models import Unit


class Case(Base):
    """One unit's shortfalls in one round: opened once, however often the rule runs."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("round_id", "unit_id"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_with_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(Round.id))
    #: the frozen month whose figures it rests on
    result_id: Mapped[int] = mapped_column(ForeignKey(MonthResult.id), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    #: a state of followups.case.STATES
    state: Mapped[str] = mapped_column(String(20))
    #: shortfalls and weak topics as they were at opening, for the page and the letter
    facts: Mapped[dict] = mapped_column(JSON)
    opened_at: Mapped[datetime]
    #: day by whose end the next step is due; fixed when the state was entered
    due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    #: round of the retest, once planned
    retest_id: Mapped[int | None] = mapped_column(ForeignKey(Round.id), index=True)

    round: Mapped[Round] = relationship(foreign_keys=[round_id])
    retest: Mapped[Round | None] = relationship(foreign_keys=[retest_id])
    unit: Mapped[Unit] = relationship()
    result: Mapped[MonthResult] = relationship()
    steps: Mapped[list[Step]] = relationship(order_by="Step.number", back_populates="case")


class Step(Base):
    """One signed step of a case. The number makes a second decision on the same step impossible."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id))
    number: Mapped[int]
    #: a move of followups.case.MOVES
    move: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    #: account and name of whoever signed; empty account: the clockwork
    account_id: Mapped[int | None]
    signed_by: Mapped[str] = mapped_column(String(50))
    taken_at: Mapped[datetime]
    #: due day the step answered, and working days it came late
    was_due_on: Mapped[date | None]
    days_late: Mapped[int] = mapped_column(default=0)

    case: Mapped[Case] = relationship(back_populates="steps")


class CalendarDay(Base):
    """The county's own entry for a day, above the built-in calendar of holidays and 调休."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(String(60), default="")
