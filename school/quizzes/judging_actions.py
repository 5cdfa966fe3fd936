"""Writing what judging found: points of the answers as an attempt is handed in, and of many at once afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from school.quizzes import correction, judging_queries
from school.quizzes.correction import Asked, Line
from school.quizzes.models import Answer, Attempt, Candidate
from school.quizzes.queries import Sitting

#: in plain columns, as an evening ends with this for everybody
JUDGED = (
    update(Answer.__table__).where(Answer.__table__.c.id == bindparam("answer_id")).values(points=bindparam("earned"))
)


def judge(db: Session, sitting: Sitting) -> Decimal:
    """Give every answer of an attempt its points and return the score; what waits for a person counts as nothing yet.

    Corrections in force hold for whoever hands in after them, too.
    """
    remedies, rule = judging_queries.remedies(db, sitting.round.id), sitting.round.multi_rule
    lines, judged = [], []
    for row in judging_queries.to_judge(db, sitting):
        remedy = remedies.get(row.question_id)
        asked = Asked(row.kind, row.key, row.points, rule)
        points = correction.earned(asked, row.given or [], remedy=remedy)
        if row.answer_id is not None:
            judged.append({"answer_id": row.answer_id, "earned": points})
        lines.append(Line(row.points, points or Decimal(0), remedy))
    if judged:
        db.connection().execute(JUDGED, judged)
    for answer in [one for one in db if isinstance(one, Answer)]:
        db.expire(answer, ["points"])
    return correction.total(lines)


def hold(db: Session, round_id: int, which: ColumnElement[bool]) -> None:
    """Lock attempts of a round, named by a condition on Attempt and Candidate, until the transaction ends.

    In the order in which saving locks them (saving_actions), so that neither waits for the other in a circle.
    """
    statement = select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id)
    statement = statement.where(Candidate.round_id == round_id, which)
    db.execute(statement.order_by(Candidate.person_id).with_for_update(of=Attempt)).all()


def write(db: Session, points: Mapping[int, Decimal | None], scores: Mapping[int, Decimal]) -> None:
    """Points by answer id, scores by attempt id. Whoever holds such a row reads it anew."""
    db.flush()
    if points:
        db.execute(update(Answer), [{"id": answer_id, "points": one} for answer_id, one in points.items()])
    if scores:
        db.execute(update(Attempt), [{"id": attempt_id, "score": one} for attempt_id, one in scores.items()])
    db.expire_all()
