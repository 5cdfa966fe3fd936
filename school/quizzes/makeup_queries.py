"""Reading who may take a make-up of a round, and what became of those who did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from school import clock
from school.quizzes import makeup, queries
from school.quizzes.models import Attempt, Candidate, Round
from school.quizzes.queries import CandidateRow, Sitting
from school.roster import queries as roster
from school.roster.models import Unit


@dataclass(frozen=True)
class Line:
    """A candidate of the repeated round. group: see makeup.group.  barred: why not, of somebody absent or below."""

    row: CandidateRow
    group: str
    barred: str


@dataclass(frozen=True)
class UnitCount:
    """How many of a unit may take the make-up, and how many who did not pass may not."""

    unit: Unit
    absent: int
    below: int
    barred: int


@dataclass(frozen=True)
class Calling:
    """Whom a make-up calls. lines: those absent or below.  exempt, passed: how many need none."""

    lines: tuple[Line, ...]
    exempt: int
    passed: int

    def called(self, whom: str) -> list[int]:
        """Ids of the people who may take it. whom: a key of makeup.WHOM."""
        held = makeup.HOLDS[whom]
        return [line.row.person.id for line in self.lines if not line.barred and line.group in held]

    @property
    def barred(self) -> list[Line]:
        """Those who did not pass and may not take it, each with the reason."""
        return [line for line in self.lines if line.barred]

    @property
    def units(self) -> list[UnitCount]:
        """Counts per unit in 建制顺序, of units with anybody absent or below."""
        units = {line.row.unit.id: line.row.unit for line in self.lines}
        found = Counter((line.row.unit.id, "barred" if line.barred else line.group) for line in self.lines)
        return [
            UnitCount(unit, *(found[unit.id, kind] for kind in ("absent", "below", "barred")))
            for unit in units.values()
        ]


def calling(db: Session, round_: Round, *, now: datetime) -> Calling:
    """Whom a make-up of a round would call if it were published now."""
    present = {assignment.person_id for assignment in roster.counted_on(db, round_.unit.path, clock.day(now))}
    later = _later(db, round_.id)
    lines = [
        _line(row, round_, later.get(row.person.id, ()), row.person.id in present, now)
        for row in queries.candidate_rows(db, round_.id, ("/",))
    ]
    groups = Counter(line.group for line in lines)
    missing = tuple(line for line in lines if line.group in makeup.HOLDS["both"])
    return Calling(missing, groups["exempt"], groups["passed"])


def _line(row: CandidateRow, round_: Round, later: Sequence[Sitting], present: bool, now: datetime) -> Line:
    standing = makeup.Standing(
        exempt=bool(row.candidate.exempt_reason),
        score=row.attempt.score,
        later=tuple(one.attempt.score for one in later),
        waiting=any(_may_still_answer(one, now) for one in later),
        on_roster=present,
    )
    group = makeup.group(standing, round_.pass_mark)
    return Line(row, group, makeup.barred(standing, round_.makeups) if group in makeup.HOLDS["both"] else "")


def _may_still_answer(of: Sitting, now: datetime) -> bool:
    return of.round.state == "published" and of.attempt.handed_in_at is None and now < of.round.closes_at


def _later(db: Session, round_id: int) -> dict[int, list[Sitting]]:
    """Person id -> their places in the published make-ups of a round, in order; those excused from one are not in it."""
    found: dict[int, list[Sitting]] = {}
    statement = _sittings().where(Round.repeats_id == round_id, Candidate.exempt_reason == "")
    for row in db.execute(statement.where(Round.repeats_kind == "makeup")):
        found.setdefault(row[1].person_id, []).append(Sitting(*row))
    return found


def _sittings() -> Select:
    return (
        select(Round, Candidate, Attempt)
        .join(Candidate, Candidate.round_id == Round.id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Round.state.in_(("published", "closed")))
        .order_by(Round.opens_at, Round.id)
    )


def earlier(db: Session, round_id: int) -> int:
    """How many make-ups of a round were planned, cancelled ones aside."""
    planned = (Round.repeats_id == round_id) & (Round.repeats_kind == "makeup") & (Round.state != "cancelled")
    return len(db.scalars(select(Round.id).where(planned)).all())


def sittings_of(db: Session, round_: Round, person_id: int) -> list[Sitting]:
    """A person's places in a round and its make-ups, whichever of them `round_` is; the round's own first.

    Alone in the round: a list of one.
    """
    first = round_.repeats_id if round_.repeats_kind == "makeup" else round_.id
    family = or_(Round.id == first, and_(Round.repeats_id == first, Round.repeats_kind == "makeup"))
    found = [Sitting(*row) for row in db.execute(_sittings().where(family, Candidate.person_id == person_id))]
    return sorted(found, key=lambda sitting: sitting.round.repeats_id is not None)


def counted(sittings: Sequence[Sitting]) -> Sitting:
    """Which of a person's places counts; the rule is that of the round itself."""
    scores: list[Decimal | None] = [None if s.candidate.exempt_reason else s.attempt.score for s in sittings]
    return sittings[makeup.counted(scores, sittings[0].round.makeup_rule)]
