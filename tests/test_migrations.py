"""Migrations: numbered, linear, equal to the models at the head, and walked both ways with rows in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select

from school import tables
from school.migrations import steps
from school.quizzes import running_actions
from school.quizzes.models import Round
from tests import makers
from tests.everything import put_one_row_into_every_table

VERSIONS = Path(steps.__file__).parent / "versions"


def rows(engine) -> dict[str, int]:
    present = inspect(engine).get_table_names()
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in tables.metadata.sorted_tables
            if table.name in present
        }


@pytest.fixture
def filled(engine, db):
    put_one_row_into_every_table(db)
    db.commit()
    db.close()
    yield engine
    # PostgreSQL's database is shared by the session's tests: leave it where they expect it.
    steps.migrate(engine)


def test_the_head_equals_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, tables.metadata)

    assert [d for d in differences if not (d[0] == "modify_type" or d[0][0] == "modify_type")] == []


def test_numbers_are_linear_and_the_last_one_stands_in_head():
    names = sorted(path.name for path in VERSIONS.glob("*.py"))

    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert steps.numbers() == [name[:4] for name in names]
    assert (VERSIONS.parent / "HEAD").read_text().strip() == names[-1][:4]


def test_every_table_has_a_row_to_walk_with(filled):
    assert [name for name, count in rows(filled).items() if not count] == []


def test_each_step_down_keeps_the_rows_that_stay_and_each_step_up_works_with_them(filled):
    for number in [*steps.numbers()[::-1][1:], "base"]:
        before = rows(filled)
        steps.migrate_down(filled, number)
        kept = rows(filled)
        assert kept == {name: before[name] for name in kept}

        steps.migrate(filled, "+1")
        assert {name: count for name, count in rows(filled).items() if name in kept} == kept
        steps.migrate_down(filled, number)

    assert steps.at(filled) is None


def test_a_round_that_was_cancelled_before_reasons_were_kept_gets_what_the_log_knows(filled, db):
    round_ = db.scalars(select(Round)).one()
    running_actions.cancel(db, round_, "试卷印错了", by=makers.ROOT, now=makers.later(minutes=5))
    db.commit()
    db.close()

    steps.migrate_down(filled, "0008")
    steps.migrate(filled)

    known = db.execute(select(Round.state, Round.cancelled_at, Round.cancel_reason)).all()
    assert known == [("cancelled", makers.later(minutes=5), "试卷印错了")]
    db.close()


def test_migrating_twice_changes_nothing(engine):
    before = steps.at(engine)
    steps.migrate(engine)

    assert steps.at(engine) == before == steps.numbers()[-1]


def test_no_migration_imports_the_application():
    assert [path.name for path in VERSIONS.glob("*.py") if "import school" in path.read_text(encoding="utf-8")] == []
    assert [path.name for path in VERSIONS.glob("*.py") if "from school" in path.read_text(encoding="utf-8")] == []
