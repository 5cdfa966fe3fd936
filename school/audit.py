"""The audit log: who did what to which thing, when, with the old and the new value. Append-only and hash-chained.

Each line's hash covers its content and the hash before it; `AuditHead` keeps the last one, so that a changed, missing,
inserted or cut-off line is found by `verify`. The database itself refuses UPDATE and DELETE of lines (migration 0002).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from school.access import Member
from school.db import Base

START = "0" * 64


class AuditLine(Base):
    __tablename__ = "audit_line"
    __table_args__ = (Index(None, "about_kind", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    #: account of whoever acted; empty for the command line and the clockwork
    account_id: Mapped[int | None]
    #: name as it was then
    actor: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    #: verb_noun, e.g. "close_month"
    deed: Mapped[str] = mapped_column(Text)
    about_kind: Mapped[str] = mapped_column(Text)
    about_id: Mapped[str] = mapped_column(Text)
    before: Mapped[dict | None] = mapped_column(JSON)
    after: Mapped[dict | None] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)


class AuditHead(Base):
    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    last_hash: Mapped[str] = mapped_column(Text)


def record(
    db: Session,
    by: Member,
    deed: str,
    about: object,
    *,
    at: datetime,
    before: Mapping | None = None,
    after: Mapping | None = None,
) -> AuditLine:
    """Append one line in the caller's transaction. `about` is a flushed row (its table and id are kept) or a text."""
    db.flush()
    head = db.scalars(select(AuditHead).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(id=1, last_id=0, last_hash=START)
        db.add(head)
    line = AuditLine(
        id=head.last_id + 1,
        at=at.astimezone(UTC),
        account_id=by.account_id,
        actor=by.name,
        address=by.address,
        deed=deed,
        about_kind=getattr(about, "__tablename__", "") or str(about),
        about_id=str(getattr(about, "id", "")),
        before=plain(before),
        after=plain(after),
        previous=head.last_hash,
    )
    line.hash = chained(line)
    head.last_id, head.last_hash = line.id, line.hash
    db.add(line)
    db.flush()
    return line


def chained(line: AuditLine) -> str:
    """The hash of a line: SHA-256 over its fields in a fixed order, the previous hash among them."""
    parts = [
        line.id, line.at.isoformat(), line.account_id, line.actor, line.address, line.deed,
        line.about_kind, line.about_id, line.before, line.after, line.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def verify(db: Session) -> str:
    """An empty text when the chain is whole, else a sentence that names the first line that is not."""
    previous, number = START, 0
    for line in _lines(db):
        number += 1
        if line.id != number or line.previous != previous or line.hash != chained(line):
            return f"审计日志自第 {number} 行起与当时的记录不一致，请保全现场并报告。"
        previous = line.hash
    head = db.scalars(select(AuditHead)).one_or_none()
    expected = (head.last_id, head.last_hash) if head else (0, START)
    if expected != (number, previous):
        return f"审计日志末尾缺行：应有 {expected[0]} 行，现有 {number} 行，请保全现场并报告。"
    return ""


def _lines(db: Session) -> Iterator[AuditLine]:
    """All lines in order, a thousand at a time."""
    last = 0
    while some := db.scalars(select(AuditLine).where(AuditLine.id > last).order_by(AuditLine.id).limit(1000)).all():
        yield from some
        last = some[-1].id


def plain(values: Mapping | None) -> dict | None:
    """Values as they are kept in a line: dates, moments and exact numbers as text."""
    return None if values is None else json.loads(json.dumps(dict(values), default=_text, ensure_ascii=False))


def _text(value):
    if isinstance(value, date | datetime | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in an audit line")
