"""Alembic's door. A batch step on SQLite drops and rebuilds its table: foreign keys are off meanwhile, so that this
does not cascade into the children, and everything is checked before the commit.
"""

from alembic import context
from sqlalchemy import Connection

from school.tables import metadata


def walk(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transaction_per_migration=False,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows without a parent after the migration: {broken[:5]}")


engine = context.config.attributes["engine"].execution_options(writing=True)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # The pragma has no effect inside a transaction, so it goes to the driver's connection itself.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            walk(connection)
        finally:
            connection.invalidate()
    else:
        walk(connection)
