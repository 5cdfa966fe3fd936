"""When the server last ran; when and why a round was called off."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    # Not in a batch: SQLite would rebuild the table and lose its checks.
    op.add_column("round", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("round", sa.Column("cancel_reason", sa.String(length=120), server_default="", nullable=False))
    _tell_what_the_log_knows()


def _tell_what_the_log_knows():
    """Until now the reason stood in the audit log alone."""
    moment = sa.DateTime(timezone=True)
    round_ = sa.table("round", sa.column("id"), sa.column("cancelled_at", moment), sa.column("cancel_reason"))
    names = ("deed", "about_kind", "about_id")
    line = sa.table("audit_line", sa.column("at", moment), sa.column("after", sa.JSON()), *map(sa.column, names))
    known = sa.select(line.c.about_id, line.c.at, line.c.after).where(line.c.deed == "cancel_round")
    for round_id, at, after in op.get_bind().execute(known.where(line.c.about_kind == "round")).all():
        told = round_.update().values(cancelled_at=at, cancel_reason=after["reason"])
        op.get_bind().execute(told.where(round_.c.id == int(round_id)))


def downgrade():
    op.execute("ALTER TABLE round DROP COLUMN cancel_reason")
    op.execute("ALTER TABLE round DROP COLUMN cancelled_at")
    op.drop_table("heartbeat")
