"""Walking the database to a migration. Inside the package, so that an installed copy can upgrade itself."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HERE = Path(__file__).parent


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, to: str = "head") -> None:
    """Upgrade the database to a migration, by default to the last. Repeating it changes nothing."""
    command.upgrade(_config(engine), to)


def migrate_down(engine: Engine, to: str) -> None:
    """Take the database back to a migration ("base" for an empty one)."""
    command.downgrade(_config(engine), to)


def at(engine: Engine) -> str | None:
    """The migration the database stands at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def numbers() -> list[str]:
    """All migrations, the first first."""
    walked = ScriptDirectory(str(HERE)).walk_revisions()
    return [revision.revision for revision in walked][::-1]
