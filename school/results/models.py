"""A closed month, kept as one frozen value. A correction is a new row with the next number; no row changes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.quizzes.models import Round


class MonthResult(Base):
    """What `results.figures.Month` said when the month was closed (number 0) or corrected (1, 2 …)."""

    __tablename__ = "month_result"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(Round.id))
    number: Mapped[int]
    month: Mapped[date] = mapped_column(index=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(50))
    #: why, for a correction
    reason: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[dict] = mapped_column(JSON, deferred=True)
    #: SHA-256 of the value's canonical JSON
    digest: Mapped[str] = mapped_column(String(64))

    round: Mapped[Round] = relationship()
