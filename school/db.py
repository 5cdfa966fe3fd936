"""The ground under all tables: one metadata, our column types, engines for SQLite and PostgreSQL, one kind of write.

On SQLite a writer begins with BEGIN IMMEDIATE, so that it never has to be turned away half-way; before that writers take
turns (turns.py), because SQLite's own busy handler starves some of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from sqlalchemy import BigInteger, Connection, DateTime, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session

from school import turns

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


#: connections of a process that stay open, one for each thread that serves (serving.py); the one used last, which still
#: has the pages it read in its memory, is used next
POOL = 24
#: and to PostgreSQL: it lends 100 unless told otherwise, and eight of our processes have room in that
POSTGRES_POOL = 12
#: seconds a writer waits for whoever holds the SQLite file or the rows; on SQLite our own writers never meet here
PATIENCE = 10
#: seconds for which a connection to PostgreSQL that has just been used is taken to be alive
SURE = 5


class UtcDateTime(TypeDecorator):
    """Aware moments, stored as UTC. A naive one is refused, for it has no meaning here."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator):
    """Exact decimals with two places (points, hours, shares in percent), stored as whole hundredths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        scaled = Decimal(value) * 100
        if scaled != int(scaled):
            raise ValueError(f"{value} has more than two decimal places")
        return int(scaled)

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value) / 100


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {datetime: UtcDateTime(), Decimal: Exact()}


def make_engine(url: str) -> Engine:
    """An engine for `url`. SQLite: WAL, every commit on the disk, foreign keys on, our own BEGIN."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": PATIENCE}, pool_size=POOL, pool_use_lifo=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"), pool_size=POSTGRES_POOL, max_overflow=0, pool_use_lifo=True
    )
    event.listen(engine, "connect", _prepare_postgres)
    event.listen(engine, "checkout", _still_there)
    event.listen(engine, "checkin", lambda _connection, record: record.info.update(left=time.monotonic()))
    return engine


def _prepare_sqlite(connection, _record):
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgres(connection, _record):
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.autocommit = False


def _still_there(connection, record, _fairy):
    """Ask a connection that nobody used for a while whether its server still answers; a fresh one takes its place if not."""
    if time.monotonic() - record.info.get("left", 0) < SURE:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _begin_sqlite(connection):
    writing_now = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing_now else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only looks: outside a request, for jobs and commands."""
    with Session(engine) as db:
        yield db


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """A connection for one statement that only looks: no transaction is begun and ended for it."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One deed, one transaction: leaving keeps the work, raising throws it away."""
    with _turn(engine), Session(engine, expire_on_commit=False) as db, db.begin():
        db.connection(execution_options={"writing": True})
        yield db


@contextmanager
def writing_rows(engine: Engine) -> Iterator[Connection]:
    """The same on a bare connection: for what is written all evening and needs no objects."""
    with _turn(engine), engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


def _turn(engine: Engine) -> AbstractContextManager[None]:
    """A writer's place in the queue; PostgreSQL keeps its own."""
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return turns.turn(f"{engine.url.database}.turn")
