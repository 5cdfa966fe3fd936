"""Units, people and their dated assignments. Nothing here is ever deleted: it is closed with a date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base


class Unit(Base):
    """A node of the unit tree. Merged units have successors and keep their name in old reports."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: 单位编码, stable
    code: Mapped[str] = mapped_column(String(40))
    #: 全称
    name: Mapped[str] = mapped_column(String(120), index=True)
    #: 规范化简称
    short_name: Mapped[str] = mapped_column(String(60))
    #: 县, 乡镇, 村, 社区, 县级部门, 学校 …: free text of the county
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    #: ids from the root to this unit, "/1/5/23/"; scopes are prefixes of it
    path: Mapped[str] = mapped_column(String(200), index=True)
    #: 建制顺序: the order of every list and table
    order_no: Mapped[int]
    opened_on: Mapped[date]
    #: first day on which it no longer exists
    closed_on: Mapped[date | None]

    parent: Mapped[Unit | None] = relationship(remote_side=[id])


class Succession(Base):
    """One unit handed over to another (merger, split) on a day."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("old_unit_id", "new_unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    new_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    happened_on: Mapped[date]


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("staff_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: 工号: the county's own number, never an identity number
    staff_no: Mapped[str] = mapped_column(String(40))
    #: every character as it was given; only the separator dot is normalised
    name: Mapped[str] = mapped_column(String(50), index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")

    assignments: Mapped[list[Assignment]] = relationship(back_populates="person")


class Assignment(Base):
    """A person at a unit from a day until the day before another. Secondments stand beside the post they leave."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(None, "unit_id", "from_on"),
        UniqueConstraint("person_id", "unit_id", "kind", "from_on"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until_after_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    #: 任职, 兼任, 挂职, 借调, 驻村 …
    kind: Mapped[str] = mapped_column(String(20))
    post: Mapped[str] = mapped_column(String(80), default="")
    #: whether the person counts here (计入应考); at most one assignment counts for a round
    counts: Mapped[bool]
    from_on: Mapped[date]
    #: first day on which it no longer holds
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="assignments")
    unit: Mapped[Unit] = relationship()


class RosterImport(Base):
    """An uploaded roster file between preview and the one write."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: subtree the uploader may change
    path: Mapped[str] = mapped_column(String(200))
    uploaded_by_id: Mapped[int | None]
    uploaded_at: Mapped[datetime]
    #: day from which changes count
    effective_on: Mapped[date]
    #: what the preview showed: counts, complaints, digest of the plan
    preview: Mapped[dict | None] = mapped_column(JSON)
    written_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
