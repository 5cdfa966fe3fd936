"""月测: rounds, frozen papers and candidates, attempts and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("blueprint", sa.JSON(), nullable=False),
        sa.Column("multi_rule", sa.String(length=20), nullable=False),
        sa.Column("pass_mark", sa.BigInteger(), nullable=False),
        sa.Column("excellent_mark", sa.BigInteger(), nullable=False),
        sa.Column("asked_pass_percent", sa.BigInteger(), nullable=False),
        sa.Column("asked_mean", sa.BigInteger(), nullable=False),
        sa.Column("basis_body", sa.String(length=120), nullable=False),
        sa.Column("basis_title", sa.String(length=200), nullable=False),
        sa.Column("basis_number", sa.String(length=60), nullable=False),
        sa.Column("basis_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL) OR state = 'cancelled'",
            name=op.f("ck_round_published_with_time"),
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'closed', 'cancelled')", name=op.f("ck_round_state_known")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_round_closes_after_opening")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_round_minutes_positive")),
        sa.ForeignKeyConstraint(["repeats_id"], ["round.id"], name=op.f("fk_round_repeats_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_month"), ["month"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_repeats_id"), ["repeats_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("round_id", "form", name=op.f("uq_paper_round_id_form")),
    )
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("exempt_reason", sa.String(length=120), nullable=False),
        sa.Column("exempt_by", sa.String(length=50), nullable=False),
        sa.Column("extension", sa.Integer(), nullable=False),
        sa.Column("extension_reason", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(exempt_reason = '') = (exempt_by = '')", name=op.f("ck_candidate_exemption_signed")),
        sa.CheckConstraint("extension >= 0", name=op.f("ck_candidate_extension_not_negative")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_candidate_paper_id_paper")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_candidate_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_candidate_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_candidate_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_candidate_round_id_person_id")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_round_id_unit_id"), ["round_id", "unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_how", sa.String(length=10), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "(handed_in_at IS NULL) = (receipt IS NULL)", name=op.f("ck_attempt_receipt_when_handed_in")
        ),
        sa.CheckConstraint("(handed_in_at IS NULL) = (score IS NULL)", name=op.f("ck_attempt_scored_when_handed_in")),
        sa.CheckConstraint(
            "(started_at IS NULL) = (deadline_at IS NULL)", name=op.f("ck_attempt_deadline_when_started")
        ),
        sa.CheckConstraint(
            "handed_in_at IS NULL OR started_at IS NOT NULL", name=op.f("ck_attempt_started_before_handing_in")
        ),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_attempt_candidate_id_candidate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_attempt_candidate_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_attempt_receipt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_deadline_at"), ["deadline_at"], unique=False)

    op.create_table(
        "paper_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("citation", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_question_paper_id_paper")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_paper_question_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_question")),
        sa.UniqueConstraint("paper_id", "position", name=op.f("uq_paper_question_paper_id_position")),
        sa.UniqueConstraint("paper_id", "question_id", name=op.f("uq_paper_question_paper_id_question_id")),
    )
    with op.batch_alter_table("paper_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_question_version_id"), ["version_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("packet", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["paper_question.id"], name=op.f("fk_answer_question_id_paper_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("attempt_id", "question_id", name=op.f("uq_answer_attempt_id_question_id")),
    )


def downgrade():
    op.drop_table("answer")
    with op.batch_alter_table("paper_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_question_version_id"))

    op.drop_table("paper_question")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_deadline_at"))

    op.drop_table("attempt")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_unit_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_round_id_unit_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_person_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_paper_id"))

    op.drop_table("candidate")
    op.drop_table("paper")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_unit_id"))
        batch_op.drop_index(batch_op.f("ix_round_repeats_id"))
        batch_op.drop_index(batch_op.f("ix_round_month"))

    op.drop_table("round")
