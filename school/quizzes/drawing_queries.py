"""What papers are assembled from: the questions a unit may draw, how often each was asked and how people did on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from school.questions import changed_texts, shipped, similar
from school.questions.content import draft_of
from school.questions.models import Bank, Question, QuestionVersion
from school.questions.queries import SEEN_AT
from school.quizzes import assembly, blueprint, forecast, queries
from school.quizzes.blueprint import Demand
from school.quizzes.drawn import Drawn
from school.quizzes.forecast import Measured
from school.quizzes.models import Answer, Attempt, Candidate, KeyCorrection, Paper, PaperQuestion, Round
from school.quizzes.paper import Drawable
from school.roster.queries import at_or_above


def drawn(db: Session, round_: Round, *, on: date) -> Drawn:
    """The papers of a draft, assembled but not written: it may take seconds, so it is done before the one transaction.

    on: the day the round opens. A make-up or retest draws what its round did not ask. Undrawable as `assembly.assemble` says.
    """
    return _drawn(db, round_.blueprint, round_.unit.path, seed=round_.seed, repeats_id=round_.repeats_id, on=on)


def drawn_again(db: Session, round_: Round, path: str, *, seed: str, on: date) -> Drawn:
    """The papers of a repeat of a round that is not planned yet, for the unit with that path. Otherwise as `drawn`."""
    return _drawn(db, round_.blueprint, path, seed=seed, repeats_id=round_.id, on=on)


def _drawn(db: Session, kept: dict, path: str, *, seed: str, repeats_id: int | None, on: date) -> Drawn:
    seen = queries.questions_asked(db, repeats_id, path) if repeats_id else set()
    bank = pool(db, path, topics=kept["topics"], audiences=kept["audiences"], without=seen, on=on)
    parts, demands = blueprint.parts_of(kept), blueprint.demands_of(kept)
    forms = assembly.assemble(parts, demands, bank, forms=kept["forms"], seed=seed)
    stock = ((row, sum(map(row.fits, bank))) for row in blueprint.rows(parts, demands))
    return Drawn(kept, seed, forms, tuple(stock))


def pool(
    db: Session, path: str, *, topics: Sequence[str], audiences: Sequence[str], without: set[int], on: date
) -> list[Drawable]:
    """Reviewed questions that may be drawn for a unit, with how often each was asked and how people did on it.

    topics: empty for all.  without: question ids not to be drawn (a retest takes unseen ones).
    on: the day they are asked.
    """
    asked = select(PaperQuestion.question_id, func.count(PaperQuestion.paper_id.distinct()))
    times = dict(db.execute(asked.group_by(PaperQuestion.question_id)).all())
    known = measured(db)
    found = db.scalars(_reviewed(QuestionVersion, path, topics, audiences)).all()
    stale = changed_texts.stale({changed_texts.cited(version) for version in found}, shipped.texts(), on)
    return [
        _drawable(version, times.get(version.question_id, 0), known.get(version.id, Measured()))
        for version in found
        if version.question_id not in without and changed_texts.cited(version) not in stale
    ]


def _reviewed(what, path: str, topics: Sequence[str], audiences: Sequence[str]) -> Select:
    """Something of the reviewed questions in a unit's own banks and those of the units above.

    What rests on a text that is not in force waits until somebody has looked: that is for the caller to leave out.
    """
    statement = (
        select(what)
        .join(QuestionVersion.question)
        .join(Question.bank)
        .join(Bank.unit)
        .where(QuestionVersion.state == "reviewed", at_or_above((path,)))
        .where(QuestionVersion.audience.in_(audiences))
    )
    return statement.where(QuestionVersion.topic.in_(topics)) if topics else statement


def held(db: Session, round_: Round, *, on: date) -> Counter[Demand]:
    """How many questions a draft may draw of each kind, topic and difficulty: demands for none, counted."""
    kept, version = round_.blueprint, QuestionVersion
    counted = (version.kind, version.topic, version.difficulty, version.law, version.version_on, SEEN_AT)
    statement = _reviewed(func.count(), round_.unit.path, kept["topics"], kept["audiences"]).add_columns(*counted)
    rows = db.execute(statement.group_by(*counted)).all()
    stale = changed_texts.stale({changed_texts.cited(row) for row in rows}, shipped.texts(), on)
    found: Counter[Demand] = Counter()
    for row in rows:
        if changed_texts.cited(row) not in stale:
            found[Demand(row.kind, row.topic, row.difficulty, 0)] += row[0]
    return found


def _drawable(version: QuestionVersion, asked: int, found: Measured) -> Drawable:
    return Drawable(
        version.id, version.question_id, version.kind, version.topic, version.difficulty, asked,
        expected=forecast.expected(version.difficulty, found), measured_on=found.attempts if found.enough else 0,
        words=similar.compared(draft_of(version)),
    )  # fmt: skip


def measured(db: Session) -> dict[int, Measured]:
    """Version id -> what first attempts made of it, over the closed regular rounds; not where it was made void."""
    regular = (Round.state == "closed") & Round.repeats_id.is_(None)
    sat = (
        select(Candidate.paper_id, func.count().label("people"))
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .join(Round, Round.id == Candidate.round_id)
        .where(Attempt.handed_in_at.is_not(None), regular)
        .group_by(Candidate.paper_id)
        .subquery()
    )
    earned = (
        select(Answer.question_id, func.sum(Answer.points).label("points"))
        .join(PaperQuestion, PaperQuestion.id == Answer.question_id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .join(Round, Round.id == Paper.round_id)
        .where(regular)
        .group_by(Answer.question_id)
        .subquery()
    )
    statement = (
        select(PaperQuestion.version_id, sat.c.people, PaperQuestion.points, func.coalesce(earned.c.points, 0))
        .join(sat, sat.c.paper_id == PaperQuestion.paper_id)
        .outerjoin(earned, earned.c.question_id == PaperQuestion.id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .where(~_void().exists())
    )
    found: dict[int, Measured] = defaultdict(Measured)
    for version_id, people, points, got in db.execute(statement):
        found[version_id] += Measured(people, got, people * points)
    return dict(found)


def _void() -> Select:
    """A correction in force that gave a question's full points to all, or removed it: nobody's answer was measured."""
    own = (KeyCorrection.round_id == Paper.round_id) & (KeyCorrection.question_id == PaperQuestion.question_id)
    return select(KeyCorrection.id).where(own, KeyCorrection.state == "approved", KeyCorrection.deed != "rekey")


def forecasts(db: Session, round_id: int) -> list[forecast.Forecast]:
    """What is expected of each form of a published round, from what was frozen with it."""
    asked: dict[str, list[forecast.Asked]] = defaultdict(list)
    statement = (
        select(
            Paper.form,
            PaperQuestion.question_id,
            PaperQuestion.points,
            PaperQuestion.expected,
            PaperQuestion.measured_on,
        )
        .join(PaperQuestion, PaperQuestion.paper_id == Paper.id)
        .where(Paper.round_id == round_id)
        .order_by(Paper.form, PaperQuestion.position)
    )
    for form, *values in db.execute(statement):
        asked[form].append(forecast.Asked(*values))
    return forecast.forecasts(list(asked.items()))
