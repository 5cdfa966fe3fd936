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

from sqlalchemy import JSON, Connection, Index, Text, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from school.access import Member
from school.db import Base
from school.prepared import Prepared

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


_HEAD, _LINES = AuditHead.__table__, AuditLine.__table__
_FIELDS = _LINES.c.keys()
#: an evening writes two lines for everybody
_LAST = Prepared(select(_HEAD.c.last_id, _HEAD.c.last_hash).with_for_update())
_FIRST = Prepared(insert(_HEAD).returning(_HEAD.c.id), _HEAD.c.keys())
_APPEND = Prepared(insert(_LINES).returning(_LINES.c.id), _FIELDS)
_MOVE = Prepared(
    update(_HEAD).values(last_id=bindparam("line_id"), last_hash=bindparam("line_hash")).returning(_HEAD.c.id)
)


def record(
    db: Session,
    by: Member,
    deed: str,
    about: object,
    *,
    at: datetime,
    before: Mapping | None = None,
    after: Mapping | None = None,
) -> None:
    """Append one line in the caller's transaction. `about` is a flushed row (its table and id are kept) or a text."""
    db.flush()
    connection = db.connection()
    last_id, last_hash = _LAST.one(connection, {}) or _begun(connection)
    line = AuditLine(
        id=last_id + 1,
        at=at.astimezone(UTC),
        account_id=by.account_id,
        actor=by.name,
        address=by.address,
        deed=deed,
        about_kind=getattr(about, "__tablename__", "") or str(about),
        about_id=str(getattr(about, "id", "")),
        before=plain(before),
        after=plain(after),
        previous=last_hash,
    )
    line.hash = chained(line)
    _APPEND.one(connection, {name: getattr(line, name) for name in _FIELDS})
    _MOVE.one(connection, {"line_id": line.id, "line_hash": line.hash})


def _begun(connection: Connection) -> tuple[int, str]:
    """The head of a log that has no line yet."""
    _FIRST.one(connection, {"id": 1, "last_id": 0, "last_hash": START})
    return 0, START


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
    expected = tuple(db.execute(select(AuditHead.last_id, AuditHead.last_hash)).one_or_none() or (0, START))
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
