"""Reading a round while it runs: the board, who is missing, whose time a change touches, who came and went since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from school.audit import AuditLine
from school.quizzes import timing
from school.quizzes.models import Attempt, Candidate, Round
from school.quizzes.queries import longest_extension
from school.roster.models import Assignment, Person, Unit
from school.roster.queries import holds_on, within

#: where a candidate stands, told by the database
STANDING = case(
    (Candidate.exempt_reason != "", "exempt"),
    (Attempt.handed_in_at.is_not(None), "handed_in"),
    (Attempt.started_at.is_not(None), "answering"),
    else_="waiting",
)


@dataclass(frozen=True)
class BoardLine:
    """A unit on the board. counts: standing -> people; a standing with nobody is 0."""

    unit_id: int
    short_name: str
    counts: dict[str, int]


def board(db: Session, round_id: int, paths: Sequence[str]) -> list[BoardLine]:
    """How many stand where, per unit of the subtrees, in 建制顺序. One look, no person is loaded."""
    standing = STANDING.label("standing")
    statement = (
        select(Unit.id, Unit.short_name, standing, func.count())
        .select_from(Candidate)
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_id, within(paths))
        .group_by(Unit.id, Unit.short_name, Unit.order_no, standing)
        .order_by(Unit.order_no, Unit.id)
    )
    lines: dict[int, BoardLine] = {}
    for unit_id, short_name, where, people in db.execute(statement):
        empty = BoardLine(unit_id, short_name, dict.fromkeys(("waiting", "answering", "handed_in", "exempt"), 0))
        lines.setdefault(unit_id, empty).counts[where] = people
    return list(lines.values())


def missing(db: Session, round_id: int, paths: Sequence[str]) -> Sequence[Row]:
    """Who has not begun, to be phoned: name, post, phone, unit_id, unit, in 建制顺序 and roster order."""
    statement = (
        select(Candidate.name, Candidate.post, Person.phone, Unit.id.label("unit_id"), Unit.short_name.label("unit"))
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(Person, Person.id == Candidate.person_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.round_id == round_id, within(paths), STANDING == "waiting")
        .order_by(Unit.order_no, Unit.id, Person.staff_no)
    )
    return db.execute(statement).all()


def ends_at(db: Session, round_: Round, grace: int, now: datetime) -> datetime:
    """From when nobody can be answering a round any more; while it is paused this runs along with the clock."""
    closes_at = timing.still_closes_at(round_.closes_at, round_.paused_at, now)
    return timing.ends_at(closes_at, longest_extension(db, round_.id), grace)


def reveals_at(db: Session, round_: Round, grace: int, now: datetime) -> datetime:
    """From when keys and explanations of a round may be shown."""
    closes_at = timing.still_closes_at(round_.closes_at, round_.paused_at, now)
    return timing.reveals_at(closes_at, longest_extension(db, round_.id), grace, round_.review_at)


def answering_until(db: Session, round_: Round, grace: int, now: datetime) -> datetime | None:
    """Until when somebody may be answering, so that keys stay shut for officers, too (rules.md 12); None: nobody can."""
    ends = ends_at(db, round_, grace, now)
    return ends if round_.state == "published" and now < ends else None


def begun(db: Session, round_id: int) -> bool:
    """Whether anybody has started answering."""
    statement = select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id)
    started = statement.where(Candidate.round_id == round_id, Attempt.started_at.is_not(None)).limit(1)
    return db.scalar(started) is not None


def unfinished(db: Session, round_id: int, paths: Sequence[str] = ("/",), *, lock: bool = False) -> Sequence[Row]:
    """Everybody who has not handed in and need not be excused: candidate_id, attempt_id, started_at, deadline_at,
    given_back, extension.

    lock: nobody begins, saves or hands in until the deed is done. Not begun ones are locked too: who starts meanwhile
    waits, and then reads the new times. In the order of persons, as saves lock, so that two deeds never block each other.
    """
    statement = (
        select(
            Candidate.id.label("candidate_id"), Attempt.id.label("attempt_id"), Attempt.started_at, Attempt.deadline_at,
            Attempt.given_back, Candidate.extension,
        )
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .where(Candidate.round_id == round_id, Candidate.exempt_reason == "", Attempt.handed_in_at.is_(None))
        .where(within(paths))
        .order_by(Candidate.person_id)
    )  # fmt: skip
    return db.execute(statement.with_for_update(of=Attempt) if lock else statement).all()


def struck(db: Session, since: datetime, now: datetime) -> list[Round]:
    """Rounds that could be answered at some time between two moments and do not stand still, locked, in their order."""
    running = (Round.state == "published") & Round.paused_at.is_(None) & (Round.opens_at < now)
    statement = select(Round).where(running).order_by(Round.id).with_for_update()
    found = db.scalars(statement.execution_options(populate_existing=True))
    return [one for one in found if timing.ends_at(one.closes_at, longest_extension(db, one.id), 0) > since]


@dataclass(frozen=True)
class Standstill:
    """Time that a round lost and that the officer reads of. deed: "make_good_outage" or "pause_round".

    An outage: from since until, seconds given back to so many people (touched), the announced end and the end since then.
    A pause that was put back: since when; met: how many had been handed in by then although they were cut off.
    """

    deed: str
    since: datetime
    until: datetime
    seconds: int = 0
    touched: int = 0
    met: int = 0
    closed_at: datetime | None = None
    closes_at: datetime | None = None


def standstills(db: Session, round_id: int) -> list[Standstill]:
    """What the log tells of a round's outages, and of pauses that came too late for somebody; the first first."""
    lines = db.scalars(_lines(round_id, "make_good_outage", "pause_round").order_by(AuditLine.id))
    return [_standstill(line) for line in lines if line.deed == "make_good_outage" or line.after.get("met")]


def _standstill(line: AuditLine) -> Standstill:
    told = line.after
    if line.deed == "pause_round":
        return Standstill(line.deed, datetime.fromisoformat(told["paused_at"]), line.at, met=told["met"])
    since, closes_at = datetime.fromisoformat(told["from"]), datetime.fromisoformat(told["closes_at"])
    closed_at = datetime.fromisoformat(line.before["closes_at"])
    return Standstill(line.deed, since, line.at, told["seconds"], told["touched"], 0, closed_at, closes_at)


def _lines(round_id: int, *deeds: str) -> Select:
    about = (AuditLine.about_kind == "round") & (AuditLine.about_id == str(round_id))
    return select(AuditLine).where(about, AuditLine.deed.in_(deeds))


def went_on_at(db: Session, round_id: int) -> datetime | None:
    """When a round last went on after a pause or an outage; None: it never stood still."""
    newest = _lines(round_id, "resume_round", "make_good_outage").order_by(AuditLine.id.desc()).limit(1)
    line = db.scalars(newest).one_or_none()
    return line and line.at


def met_by_deadline(db: Session, round_id: int, since: datetime) -> int:
    """How many attempts were handed in because their time was over after a moment."""
    over = (Attempt.handed_in_how == "deadline") & (Attempt.handed_in_at > since)
    people = select(func.count(Attempt.id)).join(Candidate, Candidate.id == Attempt.candidate_id)
    return db.scalar(people.where(Candidate.round_id == round_id, over))


@dataclass(frozen=True)
class Touched:
    """Whom a new window touches: not begun; answering, with more time, with less, with the same."""

    waiting: int
    longer: int
    shorter: int
    same: int


def touched(db: Session, round_: Round, closes_at: datetime, now: datetime) -> Touched:
    """What another end of the window would do to those who have not handed in."""
    rows = unfinished(db, round_.id)
    moved = [
        (timing.deadline(row.started_at, round_.minutes, closes_at, row.extension, row.given_back), row.deadline_at)
        for row in rows
        if row.started_at and row.deadline_at > now
    ]
    longer, shorter = sum(new > old for new, old in moved), sum(new < old for new, old in moved)
    waiting = sum(row.started_at is None for row in rows)
    return Touched(waiting, longer, shorter, len(moved) - longer - shorter)


def moves(
    db: Session, round_: Round, on: date, paths: Sequence[str] = ("/",)
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who counts on a day but is not in the frozen roster, and who is in it but counts no more: names with units.

    paths: only people of these subtrees. A round that repeats another calls only some people, so nobody joins it.
    """
    joined = () if round_.repeats_id else _joined(db, round_, on, paths)
    return joined, _left(db, round_, on, paths)


def _joined(db: Session, round_: Round, on: date, paths: Sequence[str]) -> tuple[str, ...]:
    frozen = select(Candidate.id).where(Candidate.round_id == round_.id, Candidate.person_id == Assignment.person_id)
    statement = (
        select(Assignment.person_id, Person.name, Unit.short_name, Unit.order_no, Unit.id, Unit.path, Person.staff_no)
        .join(Assignment.unit)
        .join(Assignment.person)
        .where(Unit.path.startswith(round_.unit.path), holds_on(on), Assignment.counts, ~frozen.exists())
        .order_by(Assignment.from_on, Assignment.id)
    )
    first: dict[int, Row] = {}
    for row in db.execute(statement):
        first.setdefault(row.person_id, row)
    inside = [row for row in first.values() if any(row.path.startswith(path) for path in paths)]
    inside.sort(key=lambda row: (row.order_no, row.id, row.staff_no))
    return tuple(f"{row.name}（{row.short_name}）" for row in inside)


def _left(db: Session, round_: Round, on: date, paths: Sequence[str]) -> tuple[str, ...]:
    where = aliased(Unit)
    counts = (
        select(Assignment.id)
        .join(where, where.id == Assignment.unit_id)
        .where(Assignment.person_id == Candidate.person_id, holds_on(on), Assignment.counts)
        .where(where.path.startswith(round_.unit.path))
    )
    statement = (
        select(Candidate.name, Unit.short_name)
        .join(Unit, Unit.id == Candidate.unit_id)
        .where(and_(Candidate.round_id == round_.id, within(paths)), ~counts.exists())
        .order_by(Unit.order_no, Unit.id, Candidate.id)
    )
    return tuple(f"{name}（{unit}）" for name, unit in db.execute(statement))
