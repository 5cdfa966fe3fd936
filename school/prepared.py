"""Statements that a whole county sends in one evening: compiled once and handed to the driver itself.

SQLAlchemy takes some 0.2 ms to send a statement and to read its row, SQLite 0.02 ms, and a save sends three of them. The
connection, its transaction, the types of the columns and the listeners stay SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeEngine


class Prepared:
    """A statement that finds or writes one row at most, and holds no IN. columns: names of what an INSERT is given."""

    def __init__(self, statement: Select | Insert | Update, columns: Sequence[str] | None = None):
        self._statement, self._columns = statement, columns
        self._texts: dict[str, _Text] = {}

    def one(self, connection: Connection, values: Mapping[str, object]) -> tuple | None:
        """The row as a named tuple, None when there is none. Raises OperationalError as SQLAlchemy does."""
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _Text(self._statement, self._columns, dialect)
        return text.one(connection, values)


class _Text:
    """The statement in the words of one database."""

    def __init__(self, statement: Select | Insert | Update, names: Sequence[str] | None, dialect: Dialect):
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self._sql, self._fixed, self._order = str(compiled), compiled.params, compiled.positiontup
        self._puts = {name: put for bind, name in compiled.bind_names.items() if (put := _put(bind.type, dialect))}
        columns = statement.exported_columns
        self._takes = [(n, take) for n, column in enumerate(columns) if (take := _take(column.type, dialect))]
        self._row = namedtuple("Row", columns.keys())._make
        self._failure = dialect.loaded_dbapi.OperationalError

    def one(self, connection: Connection, values: Mapping[str, object]) -> tuple | None:
        given = self._given(values)
        cursor = connection.connection.cursor()
        connection.dispatch.before_cursor_execute(connection, cursor, self._sql, given, None, False)
        try:
            cursor.execute(self._sql, given)
            found = cursor.fetchone()
        except self._failure as error:
            raise OperationalError(self._sql, given, error) from error
        finally:
            cursor.close()
        return None if found is None else self._read(list(found))

    def _given(self, values: Mapping[str, object]) -> dict | list:
        """Values as the driver wants them: by name, or in the order of their places."""
        given = {**self._fixed, **values}
        for name, put in self._puts.items():
            given[name] = put(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def _read(self, found: list) -> tuple:
        for n, take in self._takes:
            found[n] = take(found[n])
        return self._row(found)


def _put(kind: TypeEngine, dialect: Dialect) -> Callable | None:
    """How a type writes its values on this database; None: as they are."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _take(kind: TypeEngine, dialect: Dialect) -> Callable | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
