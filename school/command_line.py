"""What every command needs: the database of the settings, and who sits at the command line."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine

from school import access, db, settings
from school.access import Member
from school.errors import Refused
from school.migrations import steps

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def database(*, migrated: bool = True) -> Iterator[Engine]:
    """The settings' database. migrated: Refused unless it stands at the present migration."""
    engine = db.make_engine(settings.read().url)
    try:
        if migrated and steps.at(engine) != steps.numbers()[-1]:
            raise Refused("数据库还不是当前版本，请先运行 migrate。 Run migrate first.")
        yield engine
    finally:
        engine.dispose()


def operator() -> Member:
    """Who sits at the command line, by the name of their system account."""
    return access.command_line(getpass.getuser())
