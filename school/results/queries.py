"""Reading closed months, each member their part, and what a month is counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from school.access import Member, Role
from school.courses import queries as courses
from school.courses.figures import NightCount
from school.courses.models import NightSchool
from school.errors import NotFound
from school.quizzes import judging_queries
from school.quizzes import queries as quizzes
from school.quizzes.models import Answer, Attempt, Candidate, PaperQuestion, Round
from school.results import figures, makeup
from school.results.figures import Month, NightFigures, UnitMonth
from school.results.models import MonthResult
from school.results.tally import CandidateLine, Sheet, UnitName
from school.roster import queries as roster
from school.roster.models import Person, Unit

READERS = (Role.OFFICER, Role.CLERK, Role.COMMITTEE)
#: whoever looks after people sees their points; the committee reads figures and lists without them
SEES_POINTS = (Role.OFFICER, Role.CLERK)


@dataclass(frozen=True)
class Seen:
    """A closed month as one member may see it.

    month: the whole frozen value.  units: those of the member's subtrees, in 建制顺序.  whole: they are all of them, so
    that the totals open as lists too.  pointed: units whose people's points the member may see.  officered: units whose
    reports the member may issue.
    """

    result: MonthResult
    month: Month
    units: tuple[UnitMonth, ...]
    whole: bool
    pointed: frozenset[int]
    officered: frozenset[int]

    def unit(self, unit_id: int) -> UnitMonth:
        """One of the member's units, else NotFound."""
        found = next((unit for unit in self.units if unit.unit_id == unit_id), None)
        if found is None:
            raise NotFound
        return found


def latest_versions() -> Select:
    """The last version of every closed round's result; Round and its unit can be named in conditions."""
    numbers = select(MonthResult.round_id, func.max(MonthResult.number).label("number"))
    last = numbers.group_by(MonthResult.round_id).subquery()
    return (
        select(MonthResult)
        .join(last, and_(last.c.round_id == MonthResult.round_id, last.c.number == MonthResult.number))
        .join(MonthResult.round)
        .join(Round.unit)
        .order_by(MonthResult.month.desc(), MonthResult.round_id.desc())
    )


def months(by: Member) -> Select:
    """The latest version of every closed month the member may see, the latest month first; retests among them."""
    statement = latest_versions().where(roster.on_the_line(by.paths(*READERS)))
    return statement.options(joinedload(MonthResult.round).options(joinedload(Round.unit), joinedload(Round.repeats)))


def waiting(db: Session, by: Member, now: datetime) -> list[Round]:
    """Rounds of the member's own units that are over and not closed, the oldest first."""
    statement = (
        select(Round)
        .join(Round.unit)
        .outerjoin(MonthResult, MonthResult.round_id == Round.id)
        .where(roster.within(by.paths(Role.OFFICER)), MonthResult.id.is_(None))
        .where(Round.state.in_(("published", "closed")), Round.closes_at <= now, Round.paused_at.is_(None))
        .options(joinedload(Round.unit))
        .order_by(Round.closes_at, Round.id)
    )
    return list(db.scalars(statement))


def result(db: Session, result_id: int, by: Member, *roles: Role) -> MonthResult:
    """A closed month of a unit that lies in the member's subtrees or above them, else NotFound."""
    statement = (
        select(MonthResult)
        .join(MonthResult.round)
        .join(Round.unit)
        .where(MonthResult.id == result_id, roster.on_the_line(by.paths(*(roles or READERS))))
        .options(
            undefer(MonthResult.value),
            joinedload(MonthResult.round).options(joinedload(Round.unit), joinedload(Round.repeats)),
        )
    )
    found = db.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def own_result(db: Session, result_id: int, by: Member) -> MonthResult:
    """A closed month of a unit the member officers, to be acted on; else NotFound."""
    found = result(db, result_id, by, Role.OFFICER)
    by.must_cover(found.round.unit.path, Role.OFFICER)
    return found


def latest(db: Session, round_id: int) -> MonthResult | None:
    """The last version of a round's result; None before it is closed."""
    return db.scalars(latest_versions().where(MonthResult.round_id == round_id)).one_or_none()


def month(result: MonthResult) -> Month:
    """The frozen value of a result."""
    return figures.from_data(result.value)


def seen(db: Session, result_id: int, by: Member) -> Seen:
    """A closed month and the member's part of it, else NotFound."""
    found = result(db, result_id, by)
    value = month(found)
    inside = select(Unit.id, Unit.path).where(roster.within(by.paths(*READERS)))
    paths = dict(db.execute(inside).all())
    own = tuple(unit for unit in value.units if unit.unit_id in paths)
    pointed, officered = (
        frozenset(unit.unit_id for unit in own if by.covers(paths[unit.unit_id], *roles))
        for roles in (SEES_POINTS, (Role.OFFICER,))
    )
    return Seen(found, value, own, by.covers(found.round.unit.path, *READERS), pointed, officered)


@dataclass(frozen=True)
class Beside:
    """A closed month as a page shows it beside its make-ups.

    seen: with results of make-ups on its lists.  makeups: those closed, in order.  waiting: some were closed after it, so
    that its own figures do not know them.
    """

    seen: Seen
    makeups: list[MonthResult]
    waiting: bool


def beside(db: Session, seen: Seen) -> Beside:
    """A closed month with its make-ups. What is printed is drawn from `seen` itself, which stays as it was frozen."""
    found = [] if seen.result.round.repeats_id else makeups(db, seen.result.round_id)
    if not any(one.id > seen.result.id for one in found):
        return Beside(seen, found, waiting=False)
    value = makeup.beside(seen.month, makeup.tries(month(one) for one in found))
    own = {unit.unit_id for unit in seen.units}
    units = tuple(unit for unit in value.units if unit.unit_id in own)
    return Beside(replace(seen, month=value, units=units), found, waiting=True)


def versions(db: Session, round_id: int) -> list[MonthResult]:
    """The first close of a round and its corrections, in order."""
    return list(db.scalars(select(MonthResult).where(MonthResult.round_id == round_id).order_by(MonthResult.number)))


def retests(db: Session, round_id: int, by: Member) -> list[MonthResult]:
    """The latest results of the retests of a round that the member may see."""
    return list(db.scalars(months(by).where(Round.repeats_id == round_id, Round.repeats_kind == "retest")))


def makeups(db: Session, round_id: int) -> list[MonthResult]:
    """The latest results of the closed make-ups of a round with their values, in the order in which they were held."""
    statement = latest_versions().where(Round.repeats_id == round_id, Round.repeats_kind == "makeup").order_by(None)
    return list(
        db.scalars(
            statement.order_by(Round.opens_at, Round.id).options(
                undefer(MonthResult.value), joinedload(MonthResult.round)
            )
        )
    )


@dataclass(frozen=True)
class Closing:
    """What closing a round will freeze: people and units, who handed in, who began without handing in."""

    people: int
    units: int
    exempt: int
    handed_in: int
    answering: int


def closing(db: Session, round_id: int) -> Closing:
    """The figures for the page that asks before a round is closed."""
    exempt = Candidate.exempt_reason != ""
    row = db.execute(
        select(
            func.count(),
            func.count(Candidate.unit_id.distinct()),
            func.count(case((exempt, 1))),
            func.count(Attempt.handed_in_at),
            func.count(Attempt.started_at) - func.count(Attempt.handed_in_at),
        )
        .select_from(Candidate)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_id)
    ).one()
    return Closing(*row)


def sheet(db: Session, round_: Round) -> Sheet:
    """All that a round's figures are counted from, as it stands now."""
    lines = _lines(db, round_.id)
    units = list(db.scalars(select(Unit).where(Unit.id.in_({line.unit_id for line in lines}))))
    void = _void(db, round_.id)
    papers = {
        paper.id: [question.topic for question in paper.questions if question.question_id not in void]
        for paper in quizzes.papers_of(db, round_.id)
    }
    return Sheet(
        lines=lines,
        units=tuple(UnitName(unit.id, unit.code, unit.name, unit.short_name, unit.order_no) for unit in units),
        papers=papers,
        right=_right(db, round_.id, void),
        nights=_nights(db, round_, units),
        later=makeup.tries(month(result) for result in makeups(db, round_.id)),
        rule=round_.makeup_rule,
        judged=round_.repeats_kind != "makeup",
    )


def _lines(db: Session, round_id: int) -> tuple[CandidateLine, ...]:
    statement = (
        select(
            Candidate.unit_id, Candidate.person_id, Person.staff_no, Candidate.name, Candidate.post, Candidate.paper_id,
            Candidate.exempt_reason, Attempt.started_at.is_not(None), Attempt.score,
        )
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(Person, Person.id == Candidate.person_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_id)
        .order_by(Unit.order_no, Unit.id, Person.staff_no)
    )  # fmt: skip
    return tuple(CandidateLine(*row) for row in db.execute(statement))


def _void(db: Session, round_id: int) -> set[int]:
    """Questions that a correction in force made void: what was answered to them says nothing about a topic."""
    return {one.question_id for one in judging_queries.in_force(db, round_id) if one.deed != "rekey"}


def _right(db: Session, round_id: int, void: set[int]) -> dict[tuple[int, str], int]:
    """(unit id, topic) -> answers with full points, of people who handed in and are not exempt; void questions aside."""
    statement = (
        select(Candidate.unit_id, PaperQuestion.topic, func.count())
        .select_from(Answer)
        .join(PaperQuestion, PaperQuestion.id == Answer.question_id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.round_id == round_id, Candidate.exempt_reason == "", Attempt.handed_in_at.is_not(None))
        .where(Answer.points == PaperQuestion.points, PaperQuestion.question_id.not_in(void))
        .group_by(Candidate.unit_id, PaperQuestion.topic)
    )
    return {(unit_id, topic): right for unit_id, topic, right in db.execute(statement)}


def _nights(db: Session, round_: Round, units: Sequence[Unit]) -> dict[int, NightFigures]:
    """Unit id -> figures of the unit's subtree. Only where schools lie below a unit must people be counted anew."""
    own = courses.night_counts_by_unit(db, round_.unit.path, round_.month)
    paths = set(db.scalars(select(Unit.path).join(NightSchool, NightSchool.unit_id == Unit.id)))
    found = {}
    for unit in units:
        below = any(path.startswith(unit.path) and path != unit.path for path in paths)
        count = courses.night_counts(db, unit.path, round_.month) if below else own.get(unit.id, NightCount())
        found[unit.id] = night_figures(count)
    return found


def night_figures(count: NightCount) -> NightFigures:
    """A month's night-school figures as they are frozen."""
    return NightFigures(
        count.planned, count.held, count.cancelled, count.attendances, count.people, Decimal(count.hours)
    )


def month_nights(db: Session, round_: Round) -> NightFigures:
    """Night-school figures of the round's whole unit."""
    return night_figures(courses.night_counts(db, round_.unit.path, round_.month))
