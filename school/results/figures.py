"""What a closed month says, as plain frozen values.

Everything that leaves the results room (pages, PDF, Excel, cases) is drawn from these values and from
nothing else, so that every form of a report shows the same figures. They know no database and no clock.
`as_data` and `from_data` turn a month into JSON-able data and back without loss; equal values give equal data.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import get_args, get_origin, get_type_hints

#: below this many people expected, a unit's rates are neither printed nor judged (design.md §2.5)
SMALL_UNIT = 10


@dataclass(frozen=True)
class Basis:
    """依据: the document that orders a thing. Nothing is judged without one."""

    body: str
    title: str
    number: str
    dated_on: date


@dataclass(frozen=True)
class Standard:
    """The county's standard for one round, kept with every figure it judged.

    pass_mark, excellent_mark: band edges in points of full_mark; a score on the edge is in the band.
    pass_rate, mean: what a unit is asked to reach; a share 0…1 of those who sat, and points.
    """

    full_mark: Decimal
    pass_mark: Decimal
    excellent_mark: Decimal
    pass_rate: Decimal
    mean: Decimal
    basis: Basis


@dataclass(frozen=True)
class Counts:
    """The six counts, always printed together (rules.md 26).

    on_roster 在册 = expected 应考 + exempt 免考;  expected = absent 缺考 + sat 实考;  passed 合格 is part of sat.
    excellent 优秀 is part of passed. score_sum: points of all who sat.
    """

    on_roster: int
    expected: int
    exempt: int
    absent: int
    sat: int
    passed: int
    excellent: int
    score_sum: Decimal

    @property
    def small(self) -> bool:
        """Whether too few were expected, or sat, for rates and comparison: their denominators would point at people."""
        return min(self.expected, self.sat) < SMALL_UNIT

    def share(self, part: str, whole: str) -> Fraction | None:
        """One count over another as an exact fraction; None when there is nobody to count."""
        of = getattr(self, whole)
        return Fraction(getattr(self, part), of) if of else None

    @property
    def mean(self) -> Fraction | None:
        """Mean score in points over those who sat; None when nobody sat."""
        return Fraction(self.score_sum) / self.sat if self.sat else None


@dataclass(frozen=True)
class TopicShare:
    """Answers to the questions of one topic: right of asked (one person × one question each)."""

    topic: str
    right: int
    asked: int


@dataclass(frozen=True)
class Shortfall:
    """One measure a unit missed: reached and asked in the measure's own unit (share 0…1, or points).

    by_chance: True where a unit that truly meets the standard would look like this in more than 5 of 100 months.
    """

    measure: str  # "pass_rate" or "mean"
    reached: Fraction
    asked: Decimal
    by_chance: bool

    @property
    def gap(self) -> Fraction:
        """How far below the standard, in the measure's own unit."""
        return Fraction(self.asked) - self.reached


@dataclass(frozen=True)
class Try:
    """One of several results of a person: in the round itself or in a make-up. score: None where they did not sit it."""

    score: Decimal | None
    band: str
    counted: bool


@dataclass(frozen=True)
class MakeupCounts:
    """补考, beside the six counts and never added to them: called 应补考 = absent 缺考 + sat 实考; passed 补考合格 is part of sat."""

    called: int
    absent: int
    sat: int
    passed: int


@dataclass(frozen=True)
class PersonLine:
    """One person of a round's frozen roster, in or out with the reason.

    state: "sat", "absent" or "exempt". score is None unless sat. band: "excellent", "passed", "below" or "".
    tries: the round's own result and those of the make-ups in order, where there were any; the other fields are those of
    the one that counts.
    """

    person_id: int
    staff_no: str
    name: str
    post: str
    state: str
    reason: str
    score: Decimal | None
    band: str
    tries: tuple[Try, ...] = ()


@dataclass(frozen=True)
class NightFigures:
    """Night-school figures of one unit's subtree and month: four different numbers (design.md §3).

    attendances 人次 = named attendances + heads counted without names;  people 人数 = distinct named people.
    hours 学时 are those of sessions held.
    """

    planned: int
    held: int
    cancelled: int
    attendances: int
    people: int
    hours: Decimal


@dataclass(frozen=True)
class UnitMonth:
    """One unit's month. Units stand in 建制顺序 (order_no), never by score."""

    unit_id: int
    code: str
    name: str
    short_name: str
    order_no: int
    counts: Counts
    topics: tuple[TopicShare, ...]
    shortfalls: tuple[Shortfall, ...]
    people: tuple[PersonLine, ...]
    nights: NightFigures
    makeup: MakeupCounts | None = None

    @property
    def small(self) -> bool:
        """Whether the unit is too small for rates and comparison."""
        return self.counts.small


@dataclass(frozen=True)
class Month:
    """A closed month of a county: what screen, Excel and PDF are drawn from.

    first: first day of the month.  number: 0 for the first close, 1, 2 … for each 更正.
    joined_after, left_after: names that came or went after the freeze, in a note and in no rate (rules.md 27).
    makeup: of the make-ups closed before this version; None without any.  makeup_rule: which result then counts
    (quizzes.makeup.RULES).  times are aware UTC.
    """

    county: str
    first: date
    number: int
    round_title: str
    opens_at: datetime
    closes_at: datetime
    frozen_at: datetime
    closed_at: datetime
    closed_by: str
    standard: Standard
    units: tuple[UnitMonth, ...]
    total: Counts
    topics: tuple[TopicShare, ...]
    nights: NightFigures
    joined_after: tuple[str, ...] = ()
    left_after: tuple[str, ...] = ()
    corrections: tuple[str, ...] = field(default=())
    makeup: MakeupCounts | None = None
    makeup_rule: str = "first"

    @property
    def small(self) -> bool:
        """Whether too few people were expected for rates and comparison."""
        return self.total.small


def as_data(month: Month) -> dict:
    """A month as JSON-able data: times and dates in ISO form, exact numbers as text. Equal months, equal data."""
    return _plain(asdict(month))


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # 80 and 80.00 are the same figure; a zero has no sign.
        return f"{value.normalize():f}" if value else "0"
    return str(value) if isinstance(value, Fraction) else value


def from_data(data: dict) -> Month:
    """The month that `as_data` made the data of. A field younger than the data takes its default."""
    return _read(Month, data)


def _read(kind, value):
    if is_dataclass(kind):
        return kind(**{name: _read(part, value[name]) for name, part in _parts(kind) if name in value})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if type(None) in get_args(kind):
        return None if value is None else _read(get_args(kind)[0], value)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return kind(value) if kind in (Decimal, Fraction) else value


@cache
def _parts(kind) -> tuple[tuple[str, object], ...]:
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


def digest(month: Month) -> str:
    """SHA-256 of a month's canonical JSON: names sorted, no blanks, UTF-8."""
    canonical = json.dumps(as_data(month), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
