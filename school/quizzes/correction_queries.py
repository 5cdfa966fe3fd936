"""Reading corrections of a round, and the figures of its questions by which a wrong one is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from school.access import Member
from school.errors import NotFound
from school.quizzes import marking, queries
from school.quizzes.models import (
    Answer,
    Attempt,
    Candidate,
    CorrectionChange,
    KeyCorrection,
    Paper,
    PaperQuestion,
    Round,
)


def corrections(db: Session, round_id: int) -> list[KeyCorrection]:
    """All corrections of a round, whatever became of them, in order."""
    statement = select(KeyCorrection).where(KeyCorrection.round_id == round_id)
    return list(db.scalars(statement.order_by(KeyCorrection.id)))


def live(db: Session, round_id: int, question_id: int) -> KeyCorrection | None:
    """The correction of a question that waits or is in force; there is one at most."""
    own = (KeyCorrection.round_id == round_id) & (KeyCorrection.question_id == question_id)
    return db.scalars(select(KeyCorrection).where(own, KeyCorrection.state.in_(("proposed", "approved")))).one_or_none()


def correction_of(db: Session, round_id: int, correction_id: int, by: Member, *, lock: bool = False) -> KeyCorrection:
    """A correction of a round that the member officers, the round locked on request; else NotFound."""
    queries.own_round(db, round_id, by, lock=lock)
    statement = select(KeyCorrection).where(KeyCorrection.id == correction_id, KeyCorrection.round_id == round_id)
    found = db.scalars(statement.options(joinedload(KeyCorrection.round))).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Item:
    """A question of a round with its figures: people who handed in a paper with it, how many earned all its points, and
    how many wait for a person to mark them.

    places: form and position, e.g. "A 卷第 3 题".
    """

    question: PaperQuestion
    places: tuple[str, ...]
    asked: int
    right: int
    waiting: int


def items(db: Session, round_id: int, question_id: int | None = None) -> list[Item]:
    """The questions of a round, or one of them, in the order of the papers; points as corrections in force made them."""
    statement = (
        select(
            PaperQuestion,
            Paper.form,
            func.count(Attempt.id),
            func.count(case((_right(), 1))),
            func.count(case((_waits(), 1))),
        )
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .outerjoin(Candidate, Candidate.paper_id == Paper.id)
        .outerjoin(Attempt, and_(Attempt.candidate_id == Candidate.id, Attempt.handed_in_at.is_not(None)))
        .outerjoin(Answer, and_(Answer.attempt_id == Attempt.id, Answer.question_id == PaperQuestion.id))
        .where(Paper.round_id == round_id)
        .group_by(PaperQuestion.id, Paper.form)
        .order_by(Paper.form, PaperQuestion.position)
    )
    if question_id is not None:
        statement = statement.where(PaperQuestion.question_id == question_id)
    found: dict[int, Item] = {}
    for question, form, *counts in db.execute(statement):
        old = found.get(question.question_id, Item(question, (), 0, 0, 0))
        places = (*old.places, f"{form} 卷第 {question.position} 题")
        sums = (before + more for before, more in zip((old.asked, old.right, old.waiting), counts, strict=True))
        found[question.question_id] = Item(old.question, places, *sums)
    return list(found.values())


def _right():
    return Answer.points == PaperQuestion.points


def _waits():
    return Answer.id.is_not(None) & Answer.points.is_(None)


def item(db: Session, round_id: int, question_id: int) -> Item:
    """One question of a round with its figures, else NotFound."""
    found = items(db, round_id, question_id)
    if not found:
        raise NotFound
    return found[0]


def chosen(db: Session, round_id: int, question_id: int) -> list[tuple[list, int]]:
    """What people answered to a question and how many did, the most frequent first; of those who handed in."""
    statement = (
        select(PaperQuestion.kind, Answer.given)
        .join(Answer, Answer.question_id == PaperQuestion.id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Paper.round_id == round_id, PaperQuestion.question_id == question_id, Attempt.handed_in_at.is_not(None))
        .order_by(Answer.id)
    )
    found: dict[str, tuple[list, int]] = {}
    for kind, given in db.execute(statement):
        alike = marking.alike(kind, given)
        found[alike] = (given, found.get(alike, (given, 0))[1] + 1)
    return sorted(found.values(), key=lambda one: -one[1])


def own_changes(db: Session, attempt_id: int) -> list[tuple[KeyCorrection, CorrectionChange]]:
    """What approved corrections changed in one attempt, in order."""
    statement = (
        select(KeyCorrection, CorrectionChange)
        .join(CorrectionChange, CorrectionChange.correction_id == KeyCorrection.id)
        .where(CorrectionChange.attempt_id == attempt_id, KeyCorrection.state == "approved")
    )
    return [(one, change) for one, change in db.execute(statement.order_by(CorrectionChange.id))]


def after(db: Session, round_id: int, moment: datetime) -> list[KeyCorrection]:
    """Corrections that changed somebody's score and of which a result counted at a moment does not know the last word.

    Those of the round's make-ups are among them.
    """
    approved = and_(KeyCorrection.state == "approved", KeyCorrection.decided_at > moment)
    undone = and_(KeyCorrection.state == "undone", KeyCorrection.undone_at > moment, KeyCorrection.decided_at <= moment)
    changed = select(CorrectionChange.id).where(CorrectionChange.correction_id == KeyCorrection.id).exists()
    makeups = and_(Round.repeats_id == round_id, Round.repeats_kind == "makeup")
    counted = select(Round.id).where(or_(Round.id == round_id, makeups))
    statement = select(KeyCorrection).where(KeyCorrection.round_id.in_(counted), changed, or_(approved, undone))
    return list(db.scalars(statement.order_by(KeyCorrection.id)))


def built_upon(db: Session, one: KeyCorrection) -> KeyCorrection | None:
    """A later approved correction that changed an attempt this one changed, too; None when there is none."""
    own = select(CorrectionChange.attempt_id).where(CorrectionChange.correction_id == one.id)
    last = select(func.max(CorrectionChange.id)).where(CorrectionChange.correction_id == one.id).scalar_subquery()
    statement = (
        select(KeyCorrection)
        .join(CorrectionChange, CorrectionChange.correction_id == KeyCorrection.id)
        .where(KeyCorrection.state == "approved", CorrectionChange.attempt_id.in_(own), CorrectionChange.id > last)
        .order_by(CorrectionChange.id.desc())
    )
    return db.scalars(statement.limit(1)).first()
