"""月结: the frozen value of a closed month and its corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "month_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=50), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_month_result_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_result")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_month_result_round_id_number")),
    )
    with op.batch_alter_table("month_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_month_result_month"), ["month"], unique=False)


def downgrade():
    with op.batch_alter_table("month_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_month_result_month"))

    op.drop_table("month_result")
