"""Reading what a month's round is about: its scope and the clauses it rests on, without a word of any question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from school import clock
from school.errors import NotFound
from school.questions import changed_texts, shipped
from school.questions.citation import article
from school.questions.models import Bank, Question, QuestionVersion
from school.questions.queries import SEEN_AT
from school.quizzes import timing
from school.quizzes.models import Candidate, Paper, PaperQuestion, Round
from school.roster.models import Assignment, Unit
from school.roster.queries import at_or_above, holds_on

#: 《law》 or other document -> its clauses; a text without articles has none
Clauses = dict[str, list[str]]


def open_to(db: Session, person_id: int | None, on: date) -> list[Round]:
    """Rounds whose scope and clauses the person may read on a day, the next one first.

    Published ones the person is called to; drafts of a unit the person counts in, once their study day has come.
    """
    called = select(Candidate.id).where(Candidate.round_id == Round.id, Candidate.person_id == person_id)
    home = aliased(Unit)
    belongs = (
        select(Assignment.id)
        .join(home, home.id == Assignment.unit_id)
        .where(Assignment.person_id == person_id, Assignment.counts, holds_on(on), home.path.startswith(Unit.path))
    )
    announced = and_(Round.state == "draft", Round.study_from <= on, Round.repeats_id.is_(None), belongs.exists())
    statement = (
        select(Round)
        .join(Round.unit)
        .where(or_(and_(Round.state.in_(("published", "closed")), called.exists()), announced))
        .where(or_(Round.month >= clock.month(on), Round.closes_at >= clock.month_bounds(clock.month(on))[0]))
        .options(joinedload(Round.unit))
        .order_by(Round.opens_at, Round.id)
    )
    return [round_ for round_ in db.scalars(statement) if may_study(round_, on)]


def may_study(round_: Round, on: date) -> bool:
    """Whether a round's scope and clauses may be read on a day by those it concerns."""
    return timing.may_study(round_.study_from, round_.published_at, round_.month, round_.closes_at, on)


def round_(db: Session, round_id: int, person_id: int | None, on: date) -> Round:
    """A round whose scope and clauses the person may read on a day, else NotFound."""
    found = next((one for one in open_to(db, person_id, on) if one.id == round_id), None)
    if found is None:
        raise NotFound
    return found


def clauses(db: Session, round_: Round, now: datetime) -> dict[str, Clauses]:
    """Topic -> law -> clauses that the questions rest on which may be drawn for the round, drawn or not.

    Topics and laws in order of their names, clauses as the law counts them; what rests on another document than a law
    names that document, without clauses.
    """
    cited = _cited(db, round_)
    on = clock.day(max(now, round_.opens_at))
    stale = changed_texts.stale({changed_texts.cited(row) for row in cited}, shipped.texts(), on)
    found: dict[str, dict[str, set[str]]] = {}
    for row in cited:
        if changed_texts.cited(row) not in stale and (row.law or row.basis):
            text = f"《{row.law}》" if row.law else row.basis
            found.setdefault(row.topic, {}).setdefault(text, set()).update({row.article} - {""} if row.law else ())
    return {topic: {law: _in_order(found[topic][law]) for law in sorted(found[topic])} for topic in sorted(found)}


def _cited(db: Session, round_: Round) -> list[Row]:
    """Topic, law, article, date of the text or of the review, other document, each once, of all questions that fit."""
    blueprint = round_.blueprint
    drawn = (
        select(PaperQuestion.version_id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .where(Paper.round_id == round_.id)
    )
    version = QuestionVersion
    statement = (
        select(version.topic, version.law, version.article, version.version_on, SEEN_AT, version.basis)
        .distinct()
        .join(version.question)
        .join(Question.bank)
        .join(Bank.unit)
        .where(or_(version.state == "reviewed", version.id.in_(drawn)), at_or_above((round_.unit.path,)))
        .where(
            version.audience.in_(blueprint["audiences"]), version.kind.in_(part["kind"] for part in blueprint["parts"])
        )
    )
    if blueprint["topics"]:
        statement = statement.where(version.topic.in_(blueprint["topics"]))
    return list(db.execute(statement))


def _in_order(said: Iterable[str]) -> list[str]:
    """Articles as their law counts them; what is no article by itself comes after, by its letters."""
    known = {words: article(words) for words in said}
    return sorted(
        known,
        key=lambda words: (1, (), words) if (one := known[words]) is None
        else (0, (one.article, one.inserted, one.paragraph, one.item), words),
    )  # fmt: skip
