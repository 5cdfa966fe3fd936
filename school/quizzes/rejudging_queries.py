"""What a correction changes: everybody who drew the question judged anew, the preview before, the kept rows after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from school.quizzes import correction, judging_queries, marking
from school.quizzes.correction import Asked, Remedy, Tally
from school.quizzes.marking import Given
from school.quizzes.models import (
    Answer,
    Attempt,
    Candidate,
    CorrectionChange,
    KeyCorrection,
    Mark,
    Paper,
    PaperQuestion,
    Round,
)
from school.roster.models import Unit


@dataclass(frozen=True)
class Change:
    """One attempt before and after. answer_id: None where nothing was answered; points: None while a person decides."""

    attempt_id: int
    answer_id: int | None
    name: str
    unit_id: int
    points_before: Decimal | None
    points_after: Decimal | None
    score_before: Decimal
    score_after: Decimal

    @property
    def happens(self) -> bool:
        """Whether anything differs at all."""
        return (self.points_before, self.score_before) != (self.points_after, self.score_after)


def judged_anew(
    db: Session, round_: Round, question_id: int, remedy: Remedy | None, *, old: Remedy | None = None
) -> list[Change]:
    """Everybody who handed in a paper with the question, judged by the remedy; None: by the frozen key.

    old: the remedy that was in force until now, if there was one.
    """
    rows = _stakes(db, round_.id, question_id)
    after = _points(db, round_, question_id, rows, remedy, old)
    remedies = judging_queries.remedies(db, round_.id)
    remedies.pop(question_id, None)
    if remedy:
        remedies[question_id] = remedy
    papers = select(PaperQuestion.paper_id).where(PaperQuestion.question_id == question_id)
    which, instead = Candidate.paper_id.in_(papers), (question_id, after)
    scores = judging_queries.scores(db, round_.id, remedies, which, instead=instead)
    return [_change(row, old, after[row.attempt_id], scores[row.attempt_id]) for row in rows]


def _points(
    db: Session, round_: Round, question_id: int, rows: Sequence, remedy: Remedy | None, old: Remedy | None
) -> dict[int, Decimal | None]:
    """Attempt id -> points of the question under the remedy; what is removed, or was, keeps the points it has."""
    if any(one and one.deed == "removed" for one in (remedy, old)):
        return {row.attempt_id: row.points if row.answer_id else Decimal(0) for row in rows}
    marks = _standing(db, round_, question_id)
    found = {}
    for row in rows:
        asked, given = Asked(row.kind, row.key, row.full, round_.multi_rule), row.given or []
        found[row.attempt_id] = correction.earned(asked, given, marked=marks.get(row.answer_id), remedy=remedy)
    return found


def _change(row, old: Remedy | None, points: Decimal | None, score: Decimal) -> Change:
    unanswered = row.full if old and old.deed == "full" else Decimal(0)
    before = row.points if row.answer_id else unanswered
    return Change(row.attempt_id, row.answer_id, row.name, row.unit_id, before, points, row.score, score)


def _stakes(db: Session, round_id: int, question_id: int) -> Sequence:
    """Attempts handed in on a paper with the question, in 建制顺序, each with its answer where there is one."""
    statement = (
        select(
            Attempt.id.label("attempt_id"), Attempt.score, Candidate.name, Candidate.unit_id, PaperQuestion.kind,
            PaperQuestion.key, PaperQuestion.points.label("full"), Answer.id.label("answer_id"), Answer.given, Answer.points,
        )
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(PaperQuestion, PaperQuestion.paper_id == Candidate.paper_id)
        .outerjoin(Answer, and_(Answer.attempt_id == Attempt.id, Answer.question_id == PaperQuestion.id))
        .where(Candidate.round_id == round_id, Attempt.handed_in_at.is_not(None))
        .where(PaperQuestion.question_id == question_id)
        .order_by(Unit.order_no, Unit.id, Candidate.id)
    )  # fmt: skip
    return db.execute(statement).all()


def _standing(db: Session, round_: Round, question_id: int) -> dict[int, Decimal | None]:
    """Answer id -> points a person gave, for the answers to a question that somebody has marked."""
    statement = (
        select(Mark)
        .join(Answer, Answer.id == Mark.answer_id)
        .join(PaperQuestion, PaperQuestion.id == Answer.question_id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .where(Paper.round_id == round_.id, PaperQuestion.question_id == question_id)
    )
    marks: dict[int, list[Given]] = {}
    for mark in db.scalars(statement):
        marks.setdefault(mark.answer_id, []).append(Given(mark.number, mark.points, mark.marker_id))
    return {answer_id: marking.standing(given, round_.two_markers) for answer_id, given in marks.items()}


@dataclass(frozen=True)
class UnitChange:
    """A unit before and after. below: whether it misses the standard; None for a unit too small to be judged."""

    unit: Unit
    before: Tally
    after: Tally
    below_before: bool | None
    below_after: bool | None


@dataclass(frozen=True)
class Preview:
    """Everything a correction changes: people in 建制顺序, units, and how many come to pass or to fail by it.

    units: those with a person whose points change.  names: unit id -> short name.  waiting: answers that a person would
    have to mark.
    """

    people: tuple[Change, ...]
    units: tuple[UnitChange, ...]
    names: dict[int, str]
    now_passed: int
    now_failed: int
    waiting: int


def preview(db: Session, round_: Round, question_id: int, remedy: Remedy) -> Preview:
    """What a correction would change if it were approved now. Nothing is written."""
    changes = judged_anew(db, round_, question_id, remedy)
    waiting = sum(one.points_after is None and one.points_before is not None for one in changes)
    return _preview(db, round_, [one for one in changes if one.happens], waiting)


def kept(db: Session, one: KeyCorrection) -> Preview:
    """What an approved correction did change, from the rows kept with it."""
    statement = (
        select(CorrectionChange, Candidate.name, Candidate.unit_id)
        .join(Attempt, Attempt.id == CorrectionChange.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .where(CorrectionChange.correction_id == one.id)
        .order_by(Unit.order_no, Unit.id, Candidate.id)
    )
    people = [
        Change(row.attempt_id, row.answer_id, name, unit_id, row.points_before, row.points_after, row.score_before, row.score_after)
        for row, name, unit_id in db.execute(statement)
    ]  # fmt: skip
    return _preview(db, one.round, people, 0)


def _preview(db: Session, round_: Round, people: Sequence[Change], waiting: int) -> Preview:
    line = round_.pass_mark
    units = _units(db, round_, people)
    return Preview(
        people=tuple(people),
        units=units,
        names={one.unit.id: one.unit.short_name for one in units},
        now_passed=sum(one.score_before < line <= one.score_after for one in people),
        now_failed=sum(one.score_after < line <= one.score_before for one in people),
        waiting=waiting,
    )


def _units(db: Session, round_: Round, people: Sequence[Change]) -> tuple[UnitChange, ...]:
    """The units of some people, with everybody else of theirs as they are."""
    touched = {one.unit_id for one in people}
    statement = (
        select(Unit, Attempt.id, Attempt.score)
        .join(Candidate, Candidate.unit_id == Unit.id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_.id, Candidate.unit_id.in_(touched), Candidate.exempt_reason == "")
        .order_by(Unit.order_no, Unit.id)
    )
    rows: dict[int, list] = {}
    for row in db.execute(statement):
        rows.setdefault(row[0].id, []).append(row)
    before = {one.attempt_id: one.score_before for one in people}
    after = {one.attempt_id: one.score_after for one in people}
    return tuple(_unit(round_, found, before, after) for found in rows.values())


def _unit(round_: Round, rows: Sequence, before: dict, after: dict) -> UnitChange:
    then, now = (
        correction.tally(_known(scores.get(attempt_id, score) for _, attempt_id, score in rows), round_.pass_mark)
        for scores in (before, after)
    )
    asked = (len(rows), round_.asked_pass_percent, round_.asked_mean)
    return UnitChange(
        rows[0][0], then, now, correction.below_standard(then, *asked), correction.below_standard(now, *asked)
    )


def _known(scores: Iterable[Decimal | None]) -> list[Decimal]:
    return [score for score in scores if score is not None]
