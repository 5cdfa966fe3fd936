"""月测: rounds, frozen papers and candidates, attempts and answers. What must never be is a constraint here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.questions.models import QuestionVersion
from school.roster.models import Person, Unit


class Round(Base):
    """One quiz occasion with its window, standard, blueprint and 依据. Published, it is frozen."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'closed', 'cancelled')", name="state_known"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(
            "(state = 'draft') = (published_at IS NULL) OR state = 'cancelled'", name="published_with_time"
        ),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("mode IN ('open', 'onsite', 'closed')", name="mode_known"),
        CheckConstraint("makeup_rule IN ('first', 'best', 'last')", name="makeup_rule_known"),
        CheckConstraint("repeats_kind IN ('', 'makeup', 'retest')", name="repeats_kind_known"),
        CheckConstraint("(repeats_id IS NULL) = (repeats_kind = '')", name="repeats_with_kind"),
        CheckConstraint("repeats_whom IN ('', 'absent', 'below', 'both')", name="repeats_whom_known"),
        CheckConstraint("(repeats_kind = 'makeup') = (repeats_whom <> '')", name="makeup_with_whom"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: whose round it is; candidates come from this subtree
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    title: Mapped[str] = mapped_column(String(120))
    #: first day of the month it counts for
    month: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    #: working time of one person
    minutes: Mapped[int]
    #: "open" (开卷自测, on phones), "onsite" (现场开卷) or "closed" (现场闭卷)
    mode: Mapped[str] = mapped_column(String(10), default="open")
    #: from which day scope and clauses are there to be read; None: from publishing
    study_from: Mapped[date | None]
    #: when keys and explanations open; None: as soon as nobody can be answering any more
    review_at: Mapped[datetime | None]
    #: since when the round stands still (a power cut); None: it runs
    paused_at: Mapped[datetime | None]
    #: make-ups a person may take after it, and which result then counts: "first", "best" or "last"
    makeups: Mapped[int] = mapped_column(default=1)
    makeup_rule: Mapped[str] = mapped_column(String(10), default="first")
    #: whether answers marked by hand need two markers, and paper sheets two typists
    two_markers: Mapped[bool] = mapped_column(default=False)
    double_entry: Mapped[bool] = mapped_column(default=False)
    #: what is asked: scope and clauses, readable all month
    scope: Mapped[str] = mapped_column(Text, default="")
    #: "parts": [{"kind": "single", "count": 10, "points": "5"}, …], "demands": rows {kind, topic, difficulty, count} that
    #: narrow them down, "topics" and "audiences" to draw from, number of "forms"
    blueprint: Mapped[dict] = mapped_column(JSON)
    #: "all", "half" (少选得一半、错选不得分), "proportional" or "hand" (人工评)
    multi_rule: Mapped[str] = mapped_column(String(20))
    pass_mark: Mapped[Decimal]
    excellent_mark: Mapped[Decimal]
    #: what a unit is asked to reach: percent of those who sat, and mean points
    asked_pass_percent: Mapped[Decimal]
    asked_mean: Mapped[Decimal]
    #: 依据: issuing body, title, 文号, date
    basis_body: Mapped[str] = mapped_column(String(120))
    basis_title: Mapped[str] = mapped_column(String(200))
    basis_number: Mapped[str] = mapped_column(String(60))
    basis_on: Mapped[date]
    #: drawing of papers and order of options are repeatable from it
    seed: Mapped[str] = mapped_column(String(40))
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: when it was called off, and why, as its people read it
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(120), default="", server_default="")
    #: the round this one repeats for some of its people (补考, 复测)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    #: "makeup", "retest", or nothing for a regular round
    repeats_kind: Mapped[str] = mapped_column(String(10), default="")
    #: whom a make-up is for: "absent" (缺考), "below" (不合格) or "both"
    repeats_whom: Mapped[str] = mapped_column(String(10), default="")

    unit: Mapped[Unit] = relationship()
    repeats: Mapped[Round | None] = relationship(remote_side=[id])


class Paper(Base):
    """试卷: one form (A, B …) of a round."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("round_id", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(Round.id))
    form: Mapped[str] = mapped_column(String(4))

    questions: Mapped[list[PaperQuestion]] = relationship(order_by="PaperQuestion.position")


class PaperQuestion(Base):
    """A question as it stands on a paper, copied whole: later edits of the bank do not reach it."""

    __tablename__ = "paper_question"
    __table_args__ = (UniqueConstraint("paper_id", "position"), UniqueConstraint("paper_id", "question_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey(Paper.id))
    position: Mapped[int]
    #: never two versions of one question in a paper
    question_id: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list] = mapped_column(JSON)
    key: Mapped[object] = mapped_column(JSON)
    points: Mapped[Decimal]
    explanation: Mapped[str] = mapped_column(Text)
    citation: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(40))
    #: the author's level, 1 … 5
    difficulty: Mapped[int]
    #: percent of its points that people were expected to earn when the paper was assembled, and the number of first
    #: attempts this was measured on; 0: told by the author's level
    expected: Mapped[Decimal]
    measured_on: Mapped[int] = mapped_column(default=0)
    #: [{"number": 1, "sha256": "…"}, …]: the pictures of the version, by the signs in its words
    pictures: Mapped[list] = mapped_column(JSON, default=list)


class Candidate(Base):
    """应考人: a person in a round's frozen roster, with the unit they count for."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        Index(None, "round_id", "unit_id"),
        CheckConstraint("(exempt_reason = '') = (exempt_by = '')", name="exemption_signed"),
        CheckConstraint("extension >= 0", name="extension_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(Round.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    #: unit, name and post at the freeze
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    name: Mapped[str] = mapped_column(String(50))
    post: Mapped[str] = mapped_column(String(80))
    paper_id: Mapped[int] = mapped_column(ForeignKey(Paper.id), index=True)
    #: 免考: reason and who approved it
    exempt_reason: Mapped[str] = mapped_column(String(120), default="")
    exempt_by: Mapped[str] = mapped_column(String(50), default="")
    #: minutes added for this person
    extension: Mapped[int] = mapped_column(default=0)
    extension_reason: Mapped[str] = mapped_column(String(120), default="")

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    paper: Mapped[Paper] = relationship()


class Attempt(Base):
    """答卷: one sitting. Prepared at publishing, begun by a POST, handed in once."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("candidate_id"),
        UniqueConstraint("receipt"),
        CheckConstraint("(started_at IS NULL) = (deadline_at IS NULL)", name="deadline_when_started"),
        CheckConstraint("(handed_in_at IS NULL) = (score IS NULL)", name="scored_when_handed_in"),
        CheckConstraint("(handed_in_at IS NULL) = (receipt IS NULL)", name="receipt_when_handed_in"),
        CheckConstraint("handed_in_at IS NULL OR started_at IS NOT NULL", name="started_before_handing_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey(Candidate.id))
    started_at: Mapped[datetime | None]
    #: min(start + limit + time given back, window end) + extension; stored, shown as clock time
    deadline_at: Mapped[datetime | None] = mapped_column(index=True)
    handed_in_at: Mapped[datetime | None]
    #: "self", "deadline" or "paper"
    handed_in_how: Mapped[str] = mapped_column(String(10), default="")
    #: rises whenever another device goes on with the attempt, and leads the sequence numbers it gives out: what an
    #: older page still sends is older than all that was answered since
    seat: Mapped[int] = mapped_column(default=0)
    #: which sign-in holds the seat: a digest of its token
    holder: Mapped[str] = mapped_column(String(16), default="")
    #: seconds that pauses and outages took away and that were given back
    given_back: Mapped[int] = mapped_column(default=0)
    score: Mapped[Decimal | None]
    receipt: Mapped[str | None] = mapped_column(String(20))

    candidate: Mapped[Candidate] = relationship()
    answers: Mapped[list[Answer]] = relationship()


class Answer(Base):
    """One question's answer: one row, whose sequence number only rises."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id))
    question_id: Mapped[int] = mapped_column(ForeignKey(PaperQuestion.id))
    #: option ids; true or false; texts of the blanks; an empty list is an answer taken back
    given: Mapped[list] = mapped_column(JSON)
    #: rises with every change on the client; an older packet never overwrites a newer one
    sequence: Mapped[int]
    #: idempotency key of the packet that stands
    packet: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime]
    #: points earned, set at handing in; None after it while somebody has to mark it by hand
    points: Mapped[Decimal | None]


class Mark(Base):
    """评分: what one marker gave one answer. number: 1 and 2 for the markers, 3 for who decides between them."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        UniqueConstraint("answer_id", "marker_id"),
        CheckConstraint("number BETWEEN 1 AND 3", name="number_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey(Answer.id))
    number: Mapped[int]
    points: Mapped[Decimal]
    #: account that marked, and its name
    marker_id: Mapped[int | None]
    marked_by: Mapped[str] = mapped_column(String(50))
    marked_at: Mapped[datetime]


class SheetEntry(Base):
    """录入: one paper answer sheet as one typist read it. number: 1, or 2 where sheets are typed twice."""

    __tablename__ = "sheet_entry"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        UniqueConstraint("attempt_id", "typist_id"),
        CheckConstraint("number IN (1, 2)", name="number_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id))
    number: Mapped[int]
    #: per position what Answer.given holds
    given: Mapped[list] = mapped_column(JSON)
    typist_id: Mapped[int | None]
    typed_by: Mapped[str] = mapped_column(String(50))
    typed_at: Mapped[datetime]


#: one correction of a question stands or waits at a time; another may follow when it was rejected or undone
LIVE = text("state IN ('proposed', 'approved')")


class KeyCorrection(Base):
    """改判: a wrong key or a void question found after the round, proposed by one and approved by another."""

    __tablename__ = "key_correction"
    __table_args__ = (
        CheckConstraint("deed IN ('rekey', 'full', 'removed')", name="deed_known"),
        CheckConstraint("state IN ('proposed', 'approved', 'rejected', 'undone')", name="state_known"),
        CheckConstraint("(deed = 'rekey') = (key IS NOT NULL)", name="key_when_rekeyed"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_with_time"),
        Index(
            "uq_key_correction_live", "round_id", "question_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(Round.id), index=True)
    #: the bank's question: on every form of the round where it stands
    question_id: Mapped[int]
    #: "rekey" (another key), "full" (full points for all who drew it) or "removed" (taken out of the total)
    deed: Mapped[str] = mapped_column(String(10))
    key: Mapped[object | None] = mapped_column(JSON(none_as_null=True))
    #: nobody's points fall
    never_lower: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    proposed_by_id: Mapped[int | None]
    proposed_by: Mapped[str] = mapped_column(String(50))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(50), default="")
    decided_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(50), default="")
    undone_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()


class CorrectionChange(Base):
    """What an approved correction changed in one attempt, as it was and as it is: undoing puts every row back."""

    __tablename__ = "correction_change"
    __table_args__ = (UniqueConstraint("correction_id", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey(KeyCorrection.id))
    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id), index=True)
    #: None: the question was left unanswered
    answer_id: Mapped[int | None] = mapped_column(ForeignKey(Answer.id))
    points_before: Mapped[Decimal | None]
    points_after: Mapped[Decimal | None]
    score_before: Mapped[Decimal]
    score_after: Mapped[Decimal]


class Heartbeat(Base):
    """When the server was last known to run: one row. What lies between it and the next beat is an outage."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
