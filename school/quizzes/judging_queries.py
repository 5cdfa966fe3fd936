"""What every judging of a round rests on: the corrections in force, and scores from the points of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from school.quizzes import correction
from school.quizzes.correction import Line, Remedy
from school.quizzes.models import Answer, Attempt, Candidate, KeyCorrection, Paper, PaperQuestion
from school.quizzes.queries import Sitting


def _to_judge() -> Select:
    question, answer = PaperQuestion.__table__, Answer.__table__
    its_own = (answer.c.question_id == question.c.id) & (answer.c.attempt_id == bindparam("attempt_id"))
    columns = question.c.question_id, question.c.kind, question.c.key, question.c.points
    return (
        select(*columns, answer.c.id.label("answer_id"), answer.c.given)
        .select_from(question.outerjoin(answer, its_own))
        .where(question.c.paper_id == bindparam("paper_id"))
        .order_by(question.c.position)
    )


TO_JUDGE = _to_judge()


def to_judge(db: Session, sitting: Sitting) -> Sequence[Row]:
    """The questions of somebody's paper in order, each with the answer that stands.

    question_id of the bank, kind, key, points; answer_id, given: None without an answer.
    """
    db.flush()
    whose = {"paper_id": sitting.candidate.paper_id, "attempt_id": sitting.attempt.id}
    return db.connection().execute(TO_JUDGE, whose).all()


def in_force(db: Session, round_id: int) -> list[KeyCorrection]:
    """The approved corrections of a round, in the order in which they were approved."""
    statement = select(KeyCorrection).where(KeyCorrection.round_id == round_id, KeyCorrection.state == "approved")
    return list(db.scalars(statement.order_by(KeyCorrection.decided_at, KeyCorrection.id)))


def remedies(db: Session, round_id: int) -> dict[int, Remedy]:
    """Question id of the bank -> the correction in force, as it lies over the frozen key."""
    return {one.question_id: remedy(one) for one in in_force(db, round_id)}


def remedy(one: KeyCorrection) -> Remedy:
    """What a correction says of its question."""
    return Remedy(one.deed, one.key, one.never_lower)


def scores(
    db: Session,
    round_id: int,
    remedies: Mapping[int, Remedy],
    which: ColumnElement[bool],
    *,
    instead: tuple[int, Mapping[int, Decimal | None]] | None = None,
) -> dict[int, Decimal]:
    """Attempt id -> score, from the points the answers have; for the attempts handed in that `which` names.

    which: a condition on Attempt and Candidate.  instead: a question id and attempt id -> points of it, to reckon with
    in place of those that are stored.  Points that still wait for a person count as nothing.
    """
    replaced, points = instead or (0, {})
    forms = asked(db, round_id)
    apart = {
        own.id for form in forms.values() for own in form if own.question_id in remedies or own.question_id == replaced
    }
    sittings = _handed_in(round_id, which)
    rest, alone = _sums(db, sittings, apart), _alone(db, sittings, apart)
    found = {}
    for attempt_id, paper_id in db.execute(sittings.add_columns(Candidate.paper_id)):
        others = sum((own.points for own in forms[paper_id] if own.id not in apart), Decimal(0))
        lines = [Line(others, rest.get(attempt_id) or Decimal(0))]
        for own in (own for own in forms[paper_id] if own.id in apart):
            stored = alone.get((attempt_id, own.id), _unanswered(own, remedies))
            known = points.get(attempt_id) if own.question_id == replaced else stored
            lines.append(Line(own.points, known or Decimal(0), remedies.get(own.question_id)))
        found[attempt_id] = correction.total(lines)
    return found


def _unanswered(own: PaperQuestion, remedies: Mapping[int, Remedy]) -> Decimal:
    remedy = remedies.get(own.question_id)
    return own.points if remedy and remedy.deed == "full" else Decimal(0)


def _handed_in(round_id: int, which: ColumnElement[bool]) -> Select:
    statement = select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id)
    return statement.where(Candidate.round_id == round_id, Attempt.handed_in_at.is_not(None), which)


def asked(db: Session, round_id: int) -> dict[int, list[PaperQuestion]]:
    """Paper id -> the questions of a round's form."""
    statement = select(PaperQuestion).join(Paper, Paper.id == PaperQuestion.paper_id).where(Paper.round_id == round_id)
    found: dict[int, list[PaperQuestion]] = {}
    for question in db.scalars(statement.order_by(PaperQuestion.id)):
        found.setdefault(question.paper_id, []).append(question)
    return found


def _sums(db: Session, sittings: Select, without: set[int]) -> dict[int, Decimal]:
    """Attempt id -> points of all answers but those to some questions of papers."""
    statement = select(Answer.attempt_id, func.sum(Answer.points)).where(
        Answer.attempt_id.in_(sittings), Answer.question_id.not_in(without)
    )
    return dict(db.execute(statement.group_by(Answer.attempt_id)).all())


def _alone(db: Session, sittings: Select, questions: set[int]) -> dict[tuple[int, int], Decimal | None]:
    """(attempt id, question id on the paper) -> points, of some questions only."""
    statement = select(Answer.attempt_id, Answer.question_id, Answer.points).where(
        Answer.attempt_id.in_(sittings), Answer.question_id.in_(questions)
    )
    return {(attempt_id, question_id): points for attempt_id, question_id, points in db.execute(statement)}
