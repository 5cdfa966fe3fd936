from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from school import audit
from school.audit import AuditHead, AuditLine
from tests import makers
from tests.makers import NOW


@pytest.fixture
def lines(db):
    unit = makers.make_unit(db)
    for number in range(3):
        audit.record(db, makers.ROOT, "rename_unit", unit, at=NOW, before={"name": number}, after={"name": number + 1})
    db.commit()


def test_an_untouched_chain_verifies(db, lines):
    assert audit.verify(db) == ""


def test_an_empty_log_verifies(db):
    assert audit.verify(db) == ""


@pytest.mark.parametrize(
    "statement", [update(AuditLine).values(actor="别人"), delete(AuditLine)], ids=["update", "delete"]
)
def test_the_database_itself_refuses_to_rewrite_a_line(db, lines, statement):
    with pytest.raises(DBAPIError):
        db.execute(statement)


def unlock(db):
    """What an intruder with full rights on the database would do first."""
    if db.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            db.connection().exec_driver_sql(f"DROP TRIGGER audit_line_no_{deed}")
    else:
        db.connection().exec_driver_sql("ALTER TABLE audit_line DISABLE TRIGGER ALL")


@pytest.mark.parametrize(
    ("tamper", "line"),
    [
        (update(AuditLine).where(AuditLine.id == 2).values(actor="别人"), "第 2 行"),
        (delete(AuditLine).where(AuditLine.id == 2), "第 2 行"),
        (delete(AuditLine).where(AuditLine.id == 3), "应有 3 行，现有 2 行"),
    ],
    ids=["a changed line", "a missing line", "a cut-off tail"],
)
def test_a_line_changed_behind_the_programs_back_is_named(db, lines, tamper, line):
    unlock(db)
    db.execute(tamper)

    try:
        assert line in audit.verify(db)
    finally:
        db.rollback()


def test_a_line_keeps_moments_and_numbers_as_text(db):
    unit = makers.make_unit(db)
    audit.record(db, makers.ROOT, "test", unit, at=NOW, after={"at": NOW, "on": makers.TODAY})

    line = db.scalars(select(AuditLine)).one()
    assert line.after == {"at": "2026-11-20 12:00:00+00:00", "on": "2026-11-20"}
    assert (line.about_kind, line.about_id) == ("unit", str(unit.id))
    assert db.scalars(select(AuditHead)).one().last_hash == line.hash
