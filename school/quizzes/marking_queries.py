"""Reading what waits to be marked by hand: without names, by question, and by answers that read alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from school.access import Member
from school.errors import NotFound
from school.quizzes import marking
from school.quizzes.marking import Given
from school.quizzes.models import Answer, Attempt, Candidate, KeyCorrection, Mark, Paper, PaperQuestion, Round


@dataclass(frozen=True)
class Handwork:
    """An answer that a person marks. question_id: of the bank; key, full: as on the paper; marks: given so far."""

    answer_id: int
    attempt_id: int
    question_id: int
    kind: str
    key: object
    full: Decimal
    given: list
    marks: tuple[Given, ...]

    @property
    def alike(self) -> str:
        """The same for answers that are marked together."""
        return marking.alike(self.kind, self.given)


def _waits(round_id: int) -> Select:
    """Answers of a round, handed in, without points, to questions that have not been removed."""
    removed = select(KeyCorrection.question_id).where(
        KeyCorrection.round_id == round_id, KeyCorrection.state == "approved", KeyCorrection.deed == "removed"
    )
    return (
        select(Answer.id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(PaperQuestion, PaperQuestion.id == Answer.question_id)
        .where(Candidate.round_id == round_id, Attempt.handed_in_at.is_not(None), Answer.points.is_(None))
        .where(PaperQuestion.question_id.not_in(removed))
    )


def waiting_count(db: Session, round_id: int) -> int:
    """How many answers of a round wait for a person."""
    return db.scalar(select(func.count()).select_from(_waits(round_id).subquery()))


def waiting(db: Session, round_id: int, question_id: int | None = None) -> list[Handwork]:
    """The answers of a round that wait, of one question or of all, the earliest first."""
    return _handwork(db, _waits(round_id), question_id)


def marked_by(db: Session, round_id: int, question_id: int, by: Member) -> list[Handwork]:
    """The answers to a question that the member has marked, standing or not."""
    own = (
        select(Answer.id)
        .join(Mark, Mark.answer_id == Answer.id)
        .join(PaperQuestion, PaperQuestion.id == Answer.question_id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .where(Paper.round_id == round_id, Mark.marker_id == by.account_id)
    )
    return _handwork(db, own, question_id)


def _handwork(db: Session, ids: Select, question_id: int | None) -> list[Handwork]:
    asked = PaperQuestion
    columns = (Answer.id, Answer.attempt_id, asked.question_id, asked.kind, asked.key, asked.points, Answer.given)
    statement = select(*columns).join(asked, asked.id == Answer.question_id).where(Answer.id.in_(ids))
    if question_id is not None:
        statement = statement.where(asked.question_id == question_id)
    marks: dict[int, list[Given]] = {}
    for mark in db.scalars(select(Mark).where(Mark.answer_id.in_(ids)).order_by(Mark.answer_id, Mark.number)):
        marks.setdefault(mark.answer_id, []).append(Given(mark.number, mark.points, mark.marker_id))
    rows = db.execute(statement.order_by(Answer.id))
    return [Handwork(*row, marks=tuple(marks.get(row.id, ()))) for row in rows]


@dataclass(frozen=True)
class QueueLine:
    """A question of the queue. waiting: answers; mine: those the member may mark now; disputed: two markers differ."""

    question: PaperQuestion
    waiting: int
    mine: int
    disputed: int


def queue(db: Session, round_: Round, by: Member) -> list[QueueLine]:
    """The questions of a round whose answers wait, in the order of the papers."""
    by_question: dict[int, list[Handwork]] = {}
    for one in waiting(db, round_.id):
        by_question.setdefault(one.question_id, []).append(one)
    return [
        QueueLine(
            question,
            len(answers),
            len(open_to(answers, round_, by)),
            sum(marking.disputed(one.marks) for one in answers),
        )
        for question in _samples(db, round_.id)
        if (answers := by_question.get(question.question_id))
    ]


def open_to(answers: Sequence[Handwork], round_: Round, by: Member) -> list[tuple[Handwork, int]]:
    """Those of the answers that the member may mark now, each with the number the mark will have."""
    numbered = [(one, marking.next_number(one.marks, round_.two_markers, by.account_id)) for one in answers]
    return [(one, number) for one, number in numbered if number]


def _samples(db: Session, round_id: int) -> list[PaperQuestion]:
    """Each question once, as it stands on the first form that has it."""
    statement = select(PaperQuestion).join(Paper, Paper.id == PaperQuestion.paper_id).where(Paper.round_id == round_id)
    found: dict[int, PaperQuestion] = {}
    for question in db.scalars(statement.order_by(PaperQuestion.position, PaperQuestion.id)):
        found.setdefault(question.question_id, question)
    return list(found.values())


def question(db: Session, round_id: int, question_id: int) -> PaperQuestion:
    """A question of a round as it stands on the first form that has it, else NotFound."""
    found = [one for one in _samples(db, round_id) if one.question_id == question_id]
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True)
class Group:
    """Answers that read alike and take one decision. third: two markers differ, and `points` is what they gave."""

    alike: str
    third: bool
    given: list
    count: int
    points: tuple[Decimal, ...] = ()


def groups(answers: Sequence[Handwork], round_: Round, by: Member) -> list[Group]:
    """What the member may mark now, the most frequent first, what is disputed last."""
    found: dict[tuple[str, bool], list[Handwork]] = {}
    for one, number in open_to(answers, round_, by):
        found.setdefault((one.alike, number == 3), []).append(one)
    made = [
        Group(alike, third, same[0].given, len(same), tuple(mark.points for mark in same[0].marks) if third else ())
        for (alike, third), same in found.items()
    ]
    return sorted(made, key=lambda group: (group.third, -group.count))


@dataclass(frozen=True)
class Decided:
    """What a member decided for answers that read alike. final: another marker has gone on from it, or it is closed."""

    alike: str
    given: list
    count: int
    points: Decimal
    final: bool


def decided(answers: Sequence[Handwork], by: Member) -> list[Decided]:
    """The member's own decisions on some answers, the latest answers last."""
    found: dict[tuple[str, Decimal, bool], list[Handwork]] = {}
    for one in answers:
        own = next(mark for mark in one.marks if mark.marker_id == by.account_id)
        found.setdefault((one.alike, own.points, own.number < len(one.marks)), []).append(one)
    return [Decided(alike, same[0].given, len(same), points, final) for (alike, points, final), same in found.items()]
