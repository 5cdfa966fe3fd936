"""月测: rounds, frozen papers and candidates, attempts and answers. What must never be is a constraint here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
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
    #: what is asked: scope and clauses, readable all month
    scope: Mapped[str] = mapped_column(Text, default="")
    #: [{"kind": "single", "count": 10, "points": "5"}, …] and the topics to draw from
    blueprint: Mapped[dict] = mapped_column(JSON)
    #: "all", "half" (少选得一半、错选不得分) or "proportional"
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
    #: the round this one repeats for some of its people (补考, 复测)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)

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
    #: min(start + limit, window end) + extension; computed once, stored, shown as clock time
    deadline_at: Mapped[datetime | None] = mapped_column(index=True)
    handed_in_at: Mapped[datetime | None]
    #: "self" or "deadline"
    handed_in_how: Mapped[str] = mapped_column(String(10), default="")
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
    #: points earned, set at handing in
    points: Mapped[Decimal | None]
