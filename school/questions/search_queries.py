"""Finding questions in a bank of tens of thousands: ids first, from indexes, and no more of them than people page through."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from school.questions.models import QuestionVersion, SearchLine
from school.questions.search import Wanted, needles

#: more than so many are not counted: whoever sees that many types another word
FINDABLE = 1000


def _matching(bank_id: int, wanted: Wanted) -> Select:
    """Ids of versions that match. With words the lines are read through, and only what is found in them is looked up."""
    typed = needles(wanted.words)
    if not typed:
        return select(QuestionVersion.id).where(QuestionVersion.bank_id == bank_id, *_filters(wanted))
    here = [SearchLine.words.contains(needle, autoescape=True) for needle in typed]
    version = select(QuestionVersion.id).where(QuestionVersion.id == SearchLine.version_id, *_filters(wanted))
    return select(SearchLine.version_id).where(SearchLine.bank_id == bank_id, *here, version.exists())


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    names = ("topic", "kind", "law", "difficulty", "audience")
    asked = [getattr(QuestionVersion, name) == getattr(wanted, name) for name in names if getattr(wanted, name)]
    state = QuestionVersion.state
    return [*asked, state == wanted.state if wanted.state else state != "retired"]


def found(db: Session, bank_id: int, wanted: Wanted, *, most: int = FINDABLE) -> list[int]:
    """Ids of the versions that match, in the order in which they were written; `most` + 1 of them say: and more."""
    matching = _matching(bank_id, wanted)
    (order,) = matching.selected_columns
    return list(db.scalars(matching.order_by(order).limit(most + 1)))


def rows(db: Session, ids: Sequence[int]) -> list[QuestionVersion]:
    """Versions by id with their questions, in the order given."""
    statement = select(QuestionVersion).where(QuestionVersion.id.in_(ids))
    by_id = {version.id: version for version in db.scalars(statement.options(joinedload(QuestionVersion.question)))}
    return [by_id[one] for one in ids]


def newest_matching(db: Session, bank_id: int, wanted: Wanted, *, most: int) -> list[QuestionVersion]:
    """Of each question that matches its newest version that does, with its question, at most `most` questions."""
    newest = _newest(bank_id, wanted).order_by(QuestionVersion.question_id).limit(most).subquery()
    same = (newest.c.question_id == QuestionVersion.question_id) & (newest.c.number == QuestionVersion.number)
    statement = select(QuestionVersion).join(newest, same).order_by(QuestionVersion.question_id)
    return list(db.scalars(statement.options(joinedload(QuestionVersion.question))))


def questions_matching(db: Session, bank_id: int, wanted: Wanted) -> int:
    """How many questions match."""
    return db.scalar(select(func.count()).select_from(_newest(bank_id, wanted).subquery()))


def _newest(bank_id: int, wanted: Wanted) -> Select:
    statement = select(QuestionVersion.question_id, func.max(QuestionVersion.number).label("number"))
    return statement.where(QuestionVersion.id.in_(_matching(bank_id, wanted))).group_by(QuestionVersion.question_id)


def states(db: Session, bank_id: int) -> dict[str, int]:
    """How many versions of a bank stand in each state."""
    counted = select(QuestionVersion.state, func.count()).where(QuestionVersion.bank_id == bank_id)
    return dict(db.execute(counted.group_by(QuestionVersion.state)).all())


def topics(db: Session, bank_id: int) -> list[str]:
    """Topics of a bank in order of their names."""
    statement = select(QuestionVersion.topic).distinct().where(QuestionVersion.bank_id == bank_id)
    return sorted(db.scalars(statement))


def laws(db: Session, bank_id: int) -> list[str]:
    """Short names of the laws that a bank's questions cite."""
    statement = select(QuestionVersion.law).distinct().where(QuestionVersion.bank_id == bank_id)
    return sorted(filter(None, db.scalars(statement)))


def stems(db: Session, bank_id: int) -> list[tuple[int, str, str]]:
    """(version id, digest, stem) of everything in use in a bank."""
    statement = select(QuestionVersion.id, QuestionVersion.digest, QuestionVersion.stem)
    used = statement.where(QuestionVersion.bank_id == bank_id, QuestionVersion.state != "retired")
    return [tuple(row) for row in db.execute(used)]
