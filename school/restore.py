"""Putting a backup back, all of it or nothing of it.

The backup is checked whole before anything is touched. Then it is built up beside the database that stands — on SQLite
in a new file, on PostgreSQL in a new schema — at the migration it was taken at, brought to the present one, counted and
verified, and only then put into the old one's place in one step.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    bindparam,
    exists,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)  # fmt: skip
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from school import audit
from school import db as ground
from school.backup import BATCH, FORM, KEY, MANIFEST, VERSION_TABLE, Manifest, Watch, decoders, reflect
from school.errors import BadFile, Refused
from school.migrations import steps

DAMAGED = "这份备份已经损坏（{what}），没有恢复任何内容。请改用另一份备份。"
RUNNING = "服务还在使用数据库，请先停止服务，再恢复备份。"
#: what the archive's reader and the checks raise on bytes that were changed
BROKEN = (BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError, RuntimeError, OSError)


def restore(
    engine: Engine, path: Path, *, data_dir: Path, replace: bool, watch: Watch = lambda done, total: None
) -> Manifest:
    """Put the backup in `path` into the database and the secret key into `data_dir`.

    Refused: a damaged backup or one of a newer program (BadFile), a database that holds rows unless `replace`, one that
    a running server uses (SQLite). Whatever goes wrong, the database that stood stays as it was.
    """
    with opened(path) as (archive, manifest):
        if not replace and holds_rows(engine):
            raise Refused("数据库里已有数据。确实要用备份整个替换的，请加 --replace（替换前请先备份现有数据）。")
        secret = archive.read(KEY) if manifest.secret_key else b""
        with _beside(engine) as (stage, take_its_place):
            _build(stage, archive, manifest, watch)
            stage.dispose()
            take_its_place()
    if secret:
        _put_key(data_dir / KEY, secret)
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """A backup that was read from end to end and is whole, with its manifest; else BadFile."""
    try:
        archive = ZipFile(path)
    except FileNotFoundError:
        raise BadFile(f"没有找到备份文件“{path}”，请检查文件名。") from None
    except BROKEN:
        raise BadFile(f"“{path}”不是本产品的备份文件，或者已经损坏。") from None
    with archive:
        try:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            wrong = _unsound(archive, manifest)
        except BROKEN as error:
            raise BadFile(DAMAGED.format(what=type(error).__name__)) from None
        if wrong:
            raise BadFile(wrong)
        yield archive, manifest


def _unsound(archive: ZipFile, manifest: Manifest) -> str:
    """What is wrong with a backup, as a sentence; empty when it is whole and this program knows its form."""
    if manifest.form > FORM or manifest.migration not in steps.numbers():
        return "这份备份来自更新的版本。请先把程序升级到那个版本，再恢复。"
    for name, told in manifest.tables.items():
        digest, rows = hashlib.sha256(), 0
        with archive.open(f"{name}.jsonl") as lines:
            for line in lines:
                digest.update(line)
                rows += 1
        if (rows, digest.hexdigest()) != (told["rows"], told["sha256"]):
            return DAMAGED.format(what=f"{name} 与清单不一致")
    if manifest.secret_key and hashlib.sha256(archive.read(KEY)).hexdigest() != manifest.secret_key:
        return DAMAGED.format(what="密钥与清单不一致")
    return ""


def holds_rows(engine: Engine) -> bool:
    """Whether any table has a row; the migration number alone is none."""
    with engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        tables = [table for table in metadata.tables.values() if table.name != VERSION_TABLE]
        return any(connection.scalar(select(exists(select(1).select_from(table)))) for table in tables)


def _build(stage: Engine, archive: ZipFile, manifest: Manifest, watch: Watch) -> None:
    """Fill an empty database from the backup, bring it to the present migration and verify it."""
    steps.migrate(stage, manifest.migration)
    with stage.execution_options(writing=True).begin() as connection:
        tables = reflect(connection)
        if {table.name for table in tables} != set(manifest.tables):
            raise BadFile(DAMAGED.format(what="表与迁移编号不符"))
        done = 0
        for table in tables:
            try:
                _fill(connection, archive, table, lambda n, done=done: watch(done + n, manifest.rows))
            except (SQLAlchemyError, ValueError) as error:
                raise BadFile(DAMAGED.format(what=f"{table.name}：{type(error).__name__}")) from error
            done += manifest.tables[table.name]["rows"]
            _check_count(connection, table, manifest)
    steps.migrate(stage)
    with Session(stage) as db:
        if wrong := audit.verify(db):
            raise BadFile(f"{wrong}备份里的审计日志已经被改动，没有恢复任何内容。")


def _check_count(connection: Connection, table: Table, manifest: Manifest) -> None:
    found = connection.scalar(select(func.count()).select_from(table))
    if found != manifest.tables[table.name]["rows"]:
        raise BadFile(
            DAMAGED.format(what=f"{table.name} 应有 {manifest.tables[table.name]['rows']} 行，写入 {found} 行")
        )


def _fill(connection: Connection, archive: ZipFile, table: Table, wrote) -> None:
    """Insert a table's rows. References to rows of the same table come in a second pass, for they may point ahead."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    done = 0
    for rows in _batches(archive, table):
        connection.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in rows])
        done += len(rows)
        wrote(done)
    for column in own:
        key = table.primary_key.columns.values()[0]
        point = update(table).where(key == bindparam("row_key")).values({column: bindparam("points_to")})
        for rows in _batches(archive, table):
            pairs = [{"row_key": row[key.name], "points_to": row[column]} for row in rows if row[column] is not None]
            if pairs:
                connection.execute(point, pairs)
    _move_sequence(connection, table)


def _batches(archive: ZipFile, table: Table) -> Iterator[list[dict]]:
    """The table's rows as values, a few at a time."""
    decode, names = decoders(table), set(table.columns.keys())
    size = 1 if any(column.type.__visit_name__ == "large_binary" for column in table.columns) else BATCH
    some: list[dict] = []
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            if set(row) != names:
                raise BadFile(DAMAGED.format(what=f"{table.name} 的列与迁移编号不符"))
            for name in decode.keys() & {name for name, value in row.items() if value is not None}:
                row[name] = decode[name](row[name])
            some.append(row)
            if len(some) == size:
                yield some
                some = []
    if some:
        yield some


def _move_sequence(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the restored ones."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        named = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.scalar(named, {"table": f'"{table.name}"', "column": column.name})
        highest = connection.scalar(select(func.max(column))) if sequence else None
        if highest is not None:
            connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


def _put_key(path: Path, secret: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.touch(mode=0o600)
    part.write_bytes(secret)
    os.replace(part, path)


def _beside(engine: Engine):
    return _file_beside(engine) if engine.dialect.name == "sqlite" else _schema_beside(engine)


@contextmanager
def _file_beside(engine: Engine):
    """An empty SQLite file beside the one that stands, and the step that puts it there."""
    standing = Path(engine.url.database)
    beside = standing.with_name(f"{standing.name}.restoring")
    engine.dispose()
    _refuse_in_use(standing)
    stage = ground.make_engine(engine.url.set(database=str(beside)).render_as_string(hide_password=False))

    def take_its_place():
        _refuse_in_use(standing)
        os.replace(beside, standing)

    try:
        _remove(beside)
        yield stage, take_its_place
    finally:
        stage.dispose()
        _remove(beside)


def _refuse_in_use(path: Path) -> None:
    """Fold the write-ahead log into its file. SQLite does so for the only user of a file and for nobody else."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "locked"
    if mode != "delete":
        raise Refused(RUNNING)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _schema_beside(engine: Engine):
    """An empty schema beside the one that stands, and the step that moves its tables there."""
    schema = f"school_restore_{secrets.token_hex(4)}"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = engine.url.update_query_dict({"options": f"-csearch_path={schema}"})
    stage = ground.make_engine(url.render_as_string(hide_password=False))
    try:
        yield stage, lambda: _move_schema(engine, schema)
    finally:
        stage.dispose()
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


def _move_schema(engine: Engine, schema: str) -> None:
    """In one transaction: the old tables go, the new ones and their trigger functions come."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '30s'"))
        home = connection.scalar(text("SELECT current_schema()"))
        looking = inspect(connection)
        for name in looking.get_table_names(schema=home):
            connection.execute(text(f'DROP TABLE "{home}"."{name}" CASCADE'))
        for name in looking.get_table_names(schema=schema):
            connection.execute(text(f'ALTER TABLE {schema}."{name}" SET SCHEMA "{home}"'))
        functions = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE n.nspname = :schema"
        for (name,) in connection.execute(text(functions), {"schema": schema}).all():
            connection.execute(text(f'DROP FUNCTION IF EXISTS "{home}"."{name}"'))
            connection.execute(text(f'ALTER FUNCTION {schema}."{name}" SET SCHEMA "{home}"'))
        connection.execute(text(f"DROP SCHEMA {schema}"))
