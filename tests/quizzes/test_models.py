"""What the database itself refuses."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from school.quizzes.models import Answer, Attempt, Candidate, PaperQuestion
from tests import makers
from tests.makers import NOW


def again(row, *left_out: str):
    """A second row with the same values, but for those named and the id."""
    columns = [column.key for column in type(row).__table__.columns if column.key not in ("id", *left_out)]
    return type(row)(**{name: getattr(row, name) for name in columns})


@pytest.fixture
def round_(db, cast):
    made = makers.make_round(db, cast.county)
    makers.make_attempt(db, made, cast.person, right=1)
    db.commit()
    return made


@pytest.mark.parametrize("kind", [Candidate, Attempt, Answer])
def test_there_is_one_place_one_attempt_and_one_answer_per_question(db, round_, kind):
    """rules.md 8, 14: by constraint, not by counting first."""
    row = db.scalars(select(kind).order_by(kind.id)).first()
    db.add(again(row, "receipt", "score", "handed_in_at"))

    with pytest.raises(IntegrityError):
        db.flush()


def test_two_versions_of_one_question_never_stand_on_one_paper(db, round_):
    """rules.md 16."""
    first = db.scalars(select(PaperQuestion).order_by(PaperQuestion.id)).first()
    other = again(first)
    other.position = 99
    db.add(other)

    with pytest.raises(IntegrityError):
        db.flush()


def test_what_is_handed_in_has_a_score_and_a_receipt(db, round_):
    """rules.md 13."""
    attempt = db.scalars(select(Attempt).where(Attempt.handed_in_at.is_(None))).first()
    attempt.started_at, attempt.deadline_at, attempt.handed_in_at = NOW, NOW, NOW

    with pytest.raises(IntegrityError):
        db.flush()
