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
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("study_from", sa.Date(), nullable=True),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("makeups", sa.Integer(), nullable=False),
        sa.Column("makeup_rule", sa.String(length=10), nullable=False),
        sa.Column("two_markers", sa.Boolean(), nullable=False),
        sa.Column("double_entry", sa.Boolean(), nullable=False),
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
        sa.Column("repeats_kind", sa.String(length=10), nullable=False),
        sa.Column("repeats_whom", sa.String(length=10), nullable=False),
        sa.CheckConstraint("(repeats_id IS NULL) = (repeats_kind = '')", name=op.f("ck_round_repeats_with_kind")),
        sa.CheckConstraint("(repeats_kind = 'makeup') = (repeats_whom <> '')", name=op.f("ck_round_makeup_with_whom")),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL) OR state = 'cancelled'",
            name=op.f("ck_round_published_with_time"),
        ),
        sa.CheckConstraint("makeup_rule IN ('first', 'best', 'last')", name=op.f("ck_round_makeup_rule_known")),
        sa.CheckConstraint("mode IN ('open', 'onsite', 'closed')", name=op.f("ck_round_mode_known")),
        sa.CheckConstraint("repeats_kind IN ('', 'makeup', 'retest')", name=op.f("ck_round_repeats_kind_known")),
        sa.CheckConstraint("repeats_whom IN ('', 'absent', 'below', 'both')", name=op.f("ck_round_repeats_whom_known")),
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
        "key_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("key", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("never_lower", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.String(length=50), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=50), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=50), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(deed = 'rekey') = (key IS NOT NULL)", name=op.f("ck_key_correction_key_when_rekeyed")),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_key_correction_decided_with_time")
        ),
        sa.CheckConstraint("deed IN ('rekey', 'full', 'removed')", name=op.f("ck_key_correction_deed_known")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'undone')", name=op.f("ck_key_correction_state_known")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_key_correction_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_correction")),
    )
    with op.batch_alter_table("key_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_correction_round_id"), ["round_id"], unique=False)
    live = sa.text("state IN ('proposed', 'approved')")
    op.create_index(
        "uq_key_correction_live",
        "key_correction",
        ["round_id", "question_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )

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
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("given_back", sa.Integer(), nullable=False),
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
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("measured_on", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
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
    op.create_table(
        "sheet_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("typist_id", sa.Integer(), nullable=True),
        sa.Column("typed_by", sa.String(length=50), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_sheet_entry_number_known")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_sheet_entry_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_entry")),
        sa.UniqueConstraint("attempt_id", "number", name=op.f("uq_sheet_entry_attempt_id_number")),
        sa.UniqueConstraint("attempt_id", "typist_id", name=op.f("uq_sheet_entry_attempt_id_typist_id")),
    )
    op.create_table(
        "correction_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("points_before", sa.BigInteger(), nullable=True),
        sa.Column("points_after", sa.BigInteger(), nullable=True),
        sa.Column("score_before", sa.BigInteger(), nullable=False),
        sa.Column("score_after", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_correction_change_answer_id_answer")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_correction_change_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["key_correction.id"], name=op.f("fk_correction_change_correction_id_key_correction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_change")),
        sa.UniqueConstraint("correction_id", "attempt_id", name=op.f("uq_correction_change_correction_id_attempt_id")),
    )
    with op.batch_alter_table("correction_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_change_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=True),
        sa.Column("marked_by", sa.String(length=50), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("ck_mark_number_known")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_mark_answer_id_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("answer_id", "marker_id", name=op.f("uq_mark_answer_id_marker_id")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_mark_answer_id_number")),
    )


def downgrade():
    op.drop_table("mark")
    with op.batch_alter_table("correction_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_change_attempt_id"))

    op.drop_table("correction_change")
    op.drop_table("sheet_entry")
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
    op.drop_index("uq_key_correction_live", "key_correction")
    with op.batch_alter_table("key_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_correction_round_id"))

    op.drop_table("key_correction")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_unit_id"))
        batch_op.drop_index(batch_op.f("ix_round_repeats_id"))
        batch_op.drop_index(batch_op.f("ix_round_month"))

    op.drop_table("round")
