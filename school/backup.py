"""Backups: the whole database as plain text in one zip, taken while the product serves.

A backup holds manifest.json, one <table>.jsonl per table (a row per line) and secret.key. Values are exact: bytes in
base64, moments as ISO in UTC, days as ISO, JSON columns as the text that is stored. Tables are read from the database
itself and not from the models, so an older database can be saved by a newer program. Either database can be restored
from a backup of the other (school/restore.py).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    cast,
    event,
    func,
    select,
)  # fmt: skip

from school.db import UtcDateTime
from school.errors import Refused

#: number of this form of backup
FORM = 1
MANIFEST, KEY = "manifest.json", "secret.key"
#: the table in which the database keeps its own migration number
VERSION_TABLE = "alembic_version"
#: rows fetched at a time; tables with files in them are fetched row by row
BATCH = 500

#: (rows done, rows in all)
Watch = Callable[[int, int], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    migration: number the database stood at.  tables: name -> {"rows": n, "sha256": of the .jsonl}.
    secret_key: SHA-256 of the key's file, "" where there was none.
    """

    migration: str
    made_at: str
    database: str
    tables: dict[str, dict] = field(default_factory=dict)
    secret_key: str = ""
    form: int = FORM

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table["rows"] for table in self.tables.values())


class JsonAsText(TypeDecorator):
    """PostgreSQL's JSON columns as the very text that is stored; SQLite's are text already."""

    impl = Text
    cache_ok = True

    def column_expression(self, column):
        return cast(column, Text)

    def bind_expression(self, bindvalue):
        return cast(bindvalue, JSON)


def reflect(connection: Connection) -> list[Table]:
    """The database's own tables, parents before children, with columns that read and write exact values."""
    metadata = MetaData()
    postgres = connection.dialect.name == "postgresql"

    @event.listens_for(metadata, "column_reflect")
    def exact(_inspector, _table, column):
        if isinstance(column["type"], DateTime):
            column["type"] = UtcDateTime()
        elif isinstance(column["type"], JSON):
            column["type"] = JsonAsText() if postgres else Text()

    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def encode(row: dict) -> str:
    """One row as a line of JSON."""
    return json.dumps(row, ensure_ascii=False, default=_as_text)


def _as_text(value) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no exact form in a backup")


def decoders(table: Table) -> dict[str, Callable[[str], object]]:
    """How the columns that JSON has no form for are read back."""
    found = {}
    for column in table.columns:
        if isinstance(column.type, LargeBinary):
            found[column.name] = base64.b64decode
        elif isinstance(column.type, UtcDateTime):
            found[column.name] = datetime.fromisoformat
        elif isinstance(column.type, Date):
            found[column.name] = date.fromisoformat
    return found


def backup(
    engine: Engine, to: Path, *, data_dir: Path, now: datetime, watch: Watch = lambda done, total: None
) -> Manifest:
    """Write the whole database, as it is at one moment, and the secret key to a new file `to`.

    Writers go on meanwhile. Refused: a file that is already there, an empty database. Nothing half-written is left.
    """
    if to.exists():
        raise Refused(f"“{to}”已经存在，不会覆盖。请换一个文件名。")
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f"{to.name}.part")
    try:
        with _private(part) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive, _snapshot(engine) as connection:
            manifest = _dump(connection, archive, data_dir, now, watch)
        os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextmanager
def _private(path: Path):
    """A new file that only its owner may read, on the disk when it is closed."""
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment for as long as it is open. On SQLite (WAL) any reading transaction does."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    reading = engine if engine.dialect.name == "sqlite" else engine.execution_options(**options)
    with reading.connect() as connection, connection.begin():
        yield connection


def _dump(connection: Connection, archive: ZipFile, data_dir: Path, now: datetime, watch: Watch) -> Manifest:
    migration = MigrationContext.configure(connection).get_current_revision()
    if migration is None:
        raise Refused("数据库还是空的，没有可以备份的内容。")
    tables = reflect(connection)
    total = sum(connection.scalar(select(func.count()).select_from(table)) for table in tables)
    key = data_dir / KEY
    secret = key.read_bytes() if key.exists() else b""
    manifest = Manifest(
        migration,
        now.isoformat(),
        connection.dialect.name,
        secret_key=hashlib.sha256(secret).hexdigest() if secret else "",
    )
    for table in tables:
        done = manifest.rows
        manifest.tables[table.name] = _dump_table(
            connection, archive, table, lambda n, done=done: watch(done + n, total)
        )
    if secret:
        archive.writestr(KEY, secret)
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def _dump_table(connection: Connection, archive: ZipFile, table: Table, wrote: Callable[[int], None]) -> dict:
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in _rows(connection, table):
            line = f"{encode(row)}\n".encode()
            out.write(line)
            digest.update(line)
            rows += 1
            if rows % BATCH == 0:
                wrote(rows)
    wrote(rows)
    return {"rows": rows, "sha256": digest.hexdigest()}


def _rows(connection: Connection, table: Table) -> Iterator[dict]:
    """All rows in the order of the primary key, a few at a time."""
    files = any(isinstance(column.type, LargeBinary) for column in table.columns)
    options = {"stream_results": True, "yield_per": 1 if files else BATCH}
    statement = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(statement, execution_options=options).mappings():
        yield dict(row)
