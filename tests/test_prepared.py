"""A prepared statement gives what SQLAlchemy gives, on both databases, and fails as it does."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from school.audit import AuditLine
from school.prepared import Prepared
from tests import makers

LINE = AuditLine.__table__
FIELDS = ("id", "at", "account_id", "actor", "deed", "before", "after")
VALUES = {
    "id": 1, "at": makers.NOW, "account_id": None, "actor": "买买提·艾力", "address": "", "deed": "test", "about_kind": "x",
    "about_id": "", "before": None, "after": {"名": ["甲", 1, True]}, "previous": "0", "hash": "1",
}  # fmt: skip
FIND = select(*(LINE.c[name] for name in FIELDS)).where(LINE.c.id == bindparam("id"), LINE.c.at <= bindparam("at"))


def test_a_row_comes_back_as_it_was_given(db):
    written = Prepared(insert(LINE).returning(*(LINE.c[name] for name in FIELDS)), list(VALUES))
    given = tuple(VALUES[name] for name in FIELDS)

    assert tuple(written.one(db.connection(), VALUES)) == given
    found = Prepared(FIND).one(db.connection(), {"id": 1, "at": makers.NOW})
    assert tuple(found) == given
    assert (found.actor, found.at) == ("买买提·艾力", makers.NOW)
    assert tuple(db.execute(FIND, {"id": 1, "at": makers.NOW}).one()) == given


def test_without_a_row_there_is_none(db):
    assert Prepared(FIND).one(db.connection(), {"id": 1, "at": makers.NOW}) is None


def test_a_moment_without_a_zone_is_refused_as_everywhere(db):
    with pytest.raises(ValueError, match="time zone"):
        Prepared(FIND).one(db.connection(), {"id": 1, "at": makers.NOW.replace(tzinfo=None)})


def test_an_update_writes_in_the_callers_transaction(db):
    unit = makers.make_unit(db)
    table = type(unit).__table__
    named = update(table).values(name=bindparam("new_name")).where(table.c.id == bindparam("unit_id"))
    db.commit()

    Prepared(named.returning(table.c.name)).one(db.connection(), {"unit_id": unit.id, "new_name": "新名"})
    assert db.scalar(select(table.c.name)) == "新名"
    db.rollback()
    assert db.scalar(select(table.c.name)) == "云岭县"


def test_a_refusal_of_the_database_is_sqlalchemys_operational_error(db, engine):
    slow = (
        select(func.count()).select_from(text("a_table_that_is_not_there")) if engine.dialect.name == "sqlite" else None
    )
    if slow is None:
        db.execute(text("SET LOCAL statement_timeout = 1"))
        slow = select(func.pg_sleep(1))

    with pytest.raises(OperationalError):
        Prepared(slow).one(db.connection(), {})
