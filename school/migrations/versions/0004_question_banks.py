"""题库: banks, questions, immutable versions, imports and their review lists."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "bank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank")),
        sa.UniqueConstraint("unit_id", "title", name=op.f("uq_bank_unit_id_title")),
    )
    with op.batch_alter_table("bank", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=16), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("said_by", sa.String(length=50), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_column_mapping_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("unit_id", "signature", name=op.f("uq_column_mapping_unit_id_signature")),
    )
    op.create_table(
        "bank_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_text", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=True),
        sa.Column("preview", sa.JSON(), nullable=True),
        sa.Column("refused", sa.LargeBinary(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bank_import_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import")),
    )
    with op.batch_alter_table("bank_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_import_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_bank_id_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_question_bank_id_code")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "question_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("law", sa.String(length=80), nullable=False),
        sa.Column("article", sa.String(length=60), nullable=False),
        sa.Column("version_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=40), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=50), nullable=False),
        sa.Column("reviewer", sa.String(length=50), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('single', 'multi', 'judge', 'fill', 'short')", name=op.f("ck_question_version_kind_known")
        ),
        sa.CheckConstraint(
            "reviewer = '' OR reviewer <> author", name=op.f("ck_question_version_author_is_not_reviewer")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'reviewed', 'retired')", name=op.f("ck_question_version_state_known")
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_version_bank_id_bank")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_version_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_version_question_id_number")),
    )
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_version_bank_id_id"), ["bank_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_version_bank_id_law_version_on"), ["bank_id", "law", "version_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_question_version_bank_id_state_id"), ["bank_id", "state", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_question_version_bank_id_topic"), ["bank_id", "topic"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_version_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_version_law"), ["law"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_version_question_id"), ["question_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_version_state_topic_kind"), ["state", "topic", "kind"], unique=False
        )

    op.create_table(
        "picture_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/png', 'image/jpeg', 'image/gif')", name=op.f("ck_picture_file_media_type_known")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture_file")),
    )
    op.create_table(
        "question_picture",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_picture_version_id_question_version")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["picture_file.sha256"], name=op.f("fk_question_picture_sha256_picture_file")
        ),
        sa.PrimaryKeyConstraint("version_id", "number", name=op.f("pk_question_picture")),
    )
    with op.batch_alter_table("question_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_picture_sha256"), ["sha256"], unique=False)

    op.create_table(
        "review_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_as", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_import_id"], ["bank_import.id"], name=op.f("fk_review_entry_bank_import_id_bank_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entry")),
    )
    with op.batch_alter_table("review_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_entry_bank_import_id"), ["bank_import_id"], unique=False)

    op.create_table(
        "search_line",
        sa.Column("bank_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_search_line_bank_id_bank")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_search_line_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("bank_id", "version_id", name=op.f("pk_search_line")),
        sqlite_with_rowid=False,
    )


def downgrade():
    op.drop_table("search_line")
    with op.batch_alter_table("review_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_entry_bank_import_id"))

    op.drop_table("review_entry")
    with op.batch_alter_table("question_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_picture_sha256"))

    op.drop_table("question_picture")
    op.drop_table("picture_file")
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_version_state_topic_kind"))
        batch_op.drop_index(batch_op.f("ix_question_version_question_id"))
        batch_op.drop_index(batch_op.f("ix_question_version_law"))
        batch_op.drop_index(batch_op.f("ix_question_version_digest"))
        batch_op.drop_index(batch_op.f("ix_question_version_bank_id_topic"))
        batch_op.drop_index(batch_op.f("ix_question_version_bank_id_state_id"))
        batch_op.drop_index(batch_op.f("ix_question_version_bank_id_law_version_on"))
        batch_op.drop_index(batch_op.f("ix_question_version_bank_id_id"))

    op.drop_table("question_version")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_bank_id"))

    op.drop_table("question")
    with op.batch_alter_table("bank_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_import_bank_id"))

    op.drop_table("bank_import")
    op.drop_table("column_mapping")
    with op.batch_alter_table("bank", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_unit_id"))

    op.drop_table("bank")
