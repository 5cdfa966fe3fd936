"""Files: the issued one, which left the house byte for byte, and printings that wait to be fetched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.quizzes.models import Round
from school.results.models import MonthResult
from school.roster.models import Unit


class Report(Base):
    """One issued file of a closed month: for the county (unit is the round's) or one unit, as PDF or Excel."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("result_id", "kind", "unit_id", "format"), UniqueConstraint("number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey(MonthResult.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    #: "county" for the whole round, "unit" for one unit; the round's own unit may have both
    kind: Mapped[str] = mapped_column(String(10))
    #: "pdf" or "xlsx"
    format: Mapped[str] = mapped_column(String(5))
    #: 编号, e.g. 2026-10-003
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(50))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    result: Mapped[MonthResult] = relationship()
    unit: Mapped[Unit] = relationship()


class PaperPrint(Base):
    """A large printing for people who answer on paper, kept for some days for whoever asked for it."""

    __tablename__ = "paper_print"
    __table_args__ = (UniqueConstraint("ticket"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(Round.id), index=True)
    #: names the printing in its job and its address
    ticket: Mapped[str] = mapped_column(String(32))
    #: account that asked for it
    asked_by_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
