"""Backups: exact, taken while others write, put back whole or not at all, into either database."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from school import audit, backup, restore
from school import db as ground
from school.errors import BadFile, Refused
from school.migrations import steps
from school.roster.models import Person, Unit
from tests import makers
from tests.conftest import POSTGRES
from tests.everything import put_one_row_into_every_table


def content(engine) -> dict[str, list[dict]]:
    """Every row of every table, in the exact form of a backup line."""
    with engine.connect() as connection:
        return {
            table.name: [
                backup.encode(dict(row))
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in backup.reflect(connection)
        }


@pytest.fixture
def filled(engine, db):
    put_one_row_into_every_table(db)
    # A unit whose parent has the higher number, as after a merger.
    town, late = db.scalars(select(Unit).where(Unit.parent_id.is_not(None))).first(), makers.make_unit(db, "新区")
    town.parent_id = late.id
    db.commit()
    db.close()
    return engine


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "secret.key").write_text("秘密")
    return folder


@pytest.fixture
def saved(filled, data_dir, tmp_path):
    """A backup of a database with a row in every table."""
    path = tmp_path / "备份 1.zip"
    backup.backup(filled, path, data_dir=data_dir, now=makers.NOW)
    return path


@pytest.fixture(scope="session")
def a_backup(migrated_file, tmp_path_factory):
    """One backup of a SQLite database with a row in every table, for tests that only care where it goes."""
    folder = tmp_path_factory.mktemp("saved")
    shutil.copy(migrated_file, folder / "school.db")
    engine = ground.make_engine(f"sqlite:///{folder / 'school.db'}")
    with ground.writing(engine) as db:
        put_one_row_into_every_table(db)
    (folder / "secret.key").write_text("秘密")
    backup.backup(engine, folder / "b.zip", data_dir=folder, now=makers.NOW)
    engine.dispose()
    return folder / "b.zip"


@pytest.fixture
def kept(a_backup, tmp_path):
    """A copy of that backup to be spoiled."""
    return Path(shutil.copy(a_backup, tmp_path / "kept.zip"))


@contextmanager
def empty_database(kind: str, folder):
    """A new database without any table, on SQLite or on the PostgreSQL of the tests."""
    if kind == "sqlite":
        engine = ground.make_engine(f"sqlite:///{folder / 'target.db'}")
        yield engine
        engine.dispose()
        return
    name = f"school_restore_{uuid.uuid4().hex[:12]}"
    server = create_engine(make_url(POSTGRES).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine = ground.make_engine(make_url(POSTGRES).set(database=name).render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture(params=["sqlite", "postgres"] if POSTGRES else ["sqlite"])
def target(request, tmp_path):
    with empty_database(request.param, tmp_path) as engine:
        yield engine


def test_a_restored_database_holds_exactly_what_was_saved_on_either_database(filled, saved, target, tmp_path):
    manifest = restore.restore(target, saved, data_dir=tmp_path / "new", replace=False)

    assert content(target) == content(filled)
    assert {name: table["rows"] for name, table in manifest.tables.items()} == {
        name: len(rows) for name, rows in content(filled).items()
    }
    assert steps.at(target) == steps.numbers()[-1]
    assert (tmp_path / "new" / "secret.key").read_text() == "秘密"
    with Session(target) as db:
        assert audit.verify(db) == ""


def test_new_rows_are_numbered_after_the_restored_ones_and_the_audit_log_stays_append_only(kept, target, tmp_path):
    restore.restore(target, kept, data_dir=tmp_path / "new", replace=False)

    with ground.writing(target) as db:
        highest = max(db.scalars(select(Person.id)))
        assert makers.make_person(db, "后来的人").id == highest + 1
        audit.record(db, makers.ROOT, "test", "person", at=makers.NOW)
    with pytest.raises(Exception, match="append-only"), target.begin() as connection:
        connection.execute(text("DELETE FROM audit_line"))


def test_a_database_with_rows_is_only_replaced_when_asked_to(kept, target, tmp_path):
    steps.migrate(target)
    with ground.writing(target) as db:
        makers.make_person(db, "原来的人")

    with pytest.raises(Refused, match="--replace"):
        restore.restore(target, kept, data_dir=tmp_path / "new", replace=False)
    with Session(target) as db:
        assert db.scalars(select(Person.name)).all() == ["原来的人"]

    restore.restore(target, kept, data_dir=tmp_path / "new", replace=True)
    with Session(target) as db:
        assert db.scalars(select(Person.name)).all() == ["王䶮"]


def test_a_migrated_database_without_rows_needs_no_replacing(filled, saved, target, tmp_path):
    steps.migrate(target)
    restore.restore(target, saved, data_dir=tmp_path / "new", replace=False)

    assert content(target) == content(filled)


def rewritten(saved, to, changes: dict[str, bytes]):
    """The backup with the content of some of its files replaced."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return to


def manifest_of(saved) -> dict:
    with zipfile.ZipFile(saved) as archive:
        return json.loads(archive.read("manifest.json"))


def spoil(saved, how: str):
    """Damage a backup in one of the ways backups get damaged."""
    whole = saved.read_bytes()
    if how == "cut short":
        saved.write_bytes(whole[: len(whole) // 2])
    elif how == "empty":
        saved.write_bytes(b"")
    elif how == "one bit":
        middle = whole.index(b"audit_line.jsonl") + 40
        saved.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    elif how == "a row changed":
        with zipfile.ZipFile(saved) as archive:
            lines = archive.read("person.jsonl")
        saved.write_bytes(
            rewritten(
                saved, saved.with_suffix(".new"), {"person.jsonl": lines.replace("王".encode(), b"X")}
            ).read_bytes()
        )
    elif how == "newer":
        manifest = json.dumps({**manifest_of(saved), "migration": "9999"}).encode()
        saved.write_bytes(rewritten(saved, saved.with_suffix(".new"), {"manifest.json": manifest}).read_bytes())
    elif how == "another zip":
        with zipfile.ZipFile(saved, "w") as archive:
            archive.writestr("信.txt", "不是备份")


@pytest.mark.parametrize("how", ["cut short", "empty", "one bit", "a row changed", "newer", "another zip"])
def test_a_damaged_or_newer_backup_is_refused_before_anything_is_touched(kept, target, tmp_path, how):
    steps.migrate(target)
    with ground.writing(target) as db:
        makers.make_person(db, "原来的人")
    before = content(target)
    spoil(kept, how)

    with pytest.raises(BadFile):
        restore.restore(target, kept, data_dir=tmp_path / "new", replace=True)

    assert content(target) == before
    assert not (tmp_path / "new").exists()


def test_rows_that_do_not_fit_leave_the_standing_database_as_it_was(kept, target, tmp_path):
    """The hashes agree and a person's number does not: found while building up, beside the database that stands."""
    steps.migrate(target)
    with ground.writing(target) as db:
        makers.make_person(db, "原来的人")
    before = content(target)
    manifest, lines = manifest_of(kept), b""
    manifest["tables"]["person"] = {"rows": 0, "sha256": backup.hashlib.sha256(lines).hexdigest()}
    changes = {"person.jsonl": lines, "manifest.json": json.dumps(manifest).encode()}
    broken = rewritten(kept, tmp_path / "broken.zip", changes)

    with pytest.raises(BadFile):
        restore.restore(target, broken, data_dir=tmp_path / "new", replace=True)

    assert content(target) == before
    if target.dialect.name == "postgresql":
        assert [name for name in inspect(target).get_schema_names() if name.startswith("school_restore")] == []
    assert list(tmp_path.glob("*.restoring*")) == []


def test_a_backup_whose_audit_log_was_changed_is_refused(kept, target, tmp_path):
    with zipfile.ZipFile(kept) as archive:
        lines = archive.read("audit_line.jsonl").replace("测试".encode(), "别人".encode())
    manifest = manifest_of(kept)
    manifest["tables"]["audit_line"]["sha256"] = backup.hashlib.sha256(lines).hexdigest()
    changes = {"audit_line.jsonl": lines, "manifest.json": json.dumps(manifest).encode()}

    with pytest.raises(BadFile, match="审计日志"):
        restore.restore(
            target, rewritten(kept, tmp_path / "forged.zip", changes), data_dir=tmp_path / "new", replace=False
        )


def test_a_backup_of_an_older_migration_is_brought_up_to_the_present_one(filled, data_dir, tmp_path, target):
    older = steps.numbers()[-2]
    steps.migrate_down(filled, older)
    try:
        path = tmp_path / "old.zip"
        assert backup.backup(filled, path, data_dir=data_dir, now=makers.NOW).migration == older
    finally:
        steps.migrate(filled)
    restore.restore(target, path, data_dir=tmp_path / "new", replace=False)

    assert steps.at(target) == steps.numbers()[-1]
    assert len(content(target)["person"]) == 1


def test_a_backup_taken_while_others_write_holds_one_moment(filled, data_dir, tmp_path, target):
    """A unit and a person are written together; a backup that saw half of it would count them differently."""
    stop, wrote = threading.Event(), threading.Event()

    def write():
        while not stop.is_set():
            with ground.writing(filled) as db:
                makers.make_person(db, "甲", makers.make_unit(db, "单位"))
                audit.record(db, makers.ROOT, "test", "unit", at=makers.NOW)
            wrote.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wrote.wait(10)
        made = backup.backup(filled, tmp_path / "b.zip", data_dir=data_dir, now=makers.NOW)
    finally:
        stop.set()
        writer.join()

    assert made.tables["unit"]["rows"] - 3 == made.tables["person"]["rows"] - 1 == made.tables["audit_line"]["rows"] - 1
    restore.restore(target, tmp_path / "b.zip", data_dir=tmp_path / "new", replace=False)
    assert len(content(target)["person"]) == made.tables["person"]["rows"]


def test_a_backup_never_overwrites_a_file_and_is_readable_by_its_owner_only(filled, saved, data_dir):
    before = saved.read_bytes()

    with pytest.raises(Refused, match="已经存在"):
        backup.backup(filled, saved, data_dir=data_dir, now=makers.NOW)
    assert saved.read_bytes() == before
    assert saved.stat().st_mode & 0o077 == 0
    assert [path.name for path in saved.parent.glob("*.part")] == []


def test_an_empty_database_has_nothing_to_save(target, tmp_path):
    with pytest.raises(Refused, match="空的"):
        backup.backup(target, tmp_path / "b.zip", data_dir=tmp_path, now=makers.NOW)
    assert not (tmp_path / "b.zip").exists()


def test_progress_goes_from_the_first_to_the_last_row(filled, data_dir, tmp_path):
    seen = []
    made = backup.backup(
        filled, tmp_path / "b.zip", data_dir=data_dir, now=makers.NOW, watch=lambda *at: seen.append(at)
    )

    assert seen == sorted(seen)
    assert seen[-1] == (made.rows, made.rows)


def test_sqlite_is_not_restored_under_a_running_server(kept, tmp_path):
    served = ground.make_engine(f"sqlite:///{tmp_path / 'served.db'}")
    steps.migrate(served)
    with served.connect() as connection:
        connection.execute(text("SELECT count(*) FROM person"))
        other = ground.make_engine(f"sqlite:///{tmp_path / 'served.db'}")

        with pytest.raises(Refused, match="停止服务"):
            restore.restore(other, kept, data_dir=tmp_path / "new", replace=True)
        other.dispose()
    served.dispose()
