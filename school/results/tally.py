"""Counting a round: from its frozen candidates and their scores to counts, topics and units. Pure.

| candidate                              | state  | in which numbers                                             |
|----------------------------------------|--------|--------------------------------------------------------------|
| exempted with a reason                 | exempt | 在册, 免考                                                   |
| handed in, by hand or at the deadline  | sat    | 在册, 应考, 实考, mean and bands                             |
| never began                            | absent | 在册, 应考, 缺考                                             |
| began, nothing was ever handed in      | absent | the same, and in no average (rules.md 28)                    |

Where make-ups were held, a line has the result that counts by the round's rule; topics always tell of the round itself
(rules.md 30). Everybody is on exactly one line and counts once. Units stand in 建制顺序.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction

from school.results import makeup
from school.results import standard as judging
from school.results.figures import Counts, NightFigures, PersonLine, Standard, TopicShare, Try, UnitMonth

ABSENT, BROKEN_OFF = "没有参加", "开始了答题，没有交卷"


@dataclass(frozen=True)
class CandidateLine:
    """One candidate of a round as frozen, and what became of the attempt. score: None unless handed in."""

    unit_id: int
    person_id: int
    staff_no: str
    name: str
    post: str
    paper_id: int
    exempt_reason: str
    began: bool
    score: Decimal | None


@dataclass(frozen=True)
class UnitName:
    """A unit as it was called when the month was closed."""

    unit_id: int
    code: str
    name: str
    short_name: str
    order_no: int


@dataclass(frozen=True)
class Sheet:
    """All that a round's figures are counted from.

    papers: paper id -> topic of each of its questions, in order.  right: (unit id, topic) -> answers of people who sat
    that earned the full points.  nights: unit id -> figures of its subtree.  later: person id -> results in closed
    make-ups, in order.  rule: which result then counts.  judged: whether units are measured by the standard; those who
    take a make-up are no unit.
    """

    lines: tuple[CandidateLine, ...]
    units: tuple[UnitName, ...]
    papers: Mapping[int, Sequence[str]]
    right: Mapping[tuple[int, str], int]
    nights: Mapping[int, NightFigures]
    later: Mapping[int, Sequence[Try]] = field(default_factory=dict)
    rule: str = "first"
    judged: bool = True


def person(line: CandidateLine, standard: Standard) -> PersonLine:
    """A candidate in or out, with the reason."""
    state, reason, score = _standing(line)
    band = "" if score is None else judging.band(score, standard)
    return PersonLine(line.person_id, line.staff_no, line.name, line.post, state, reason, score, band)


def _standing(line: CandidateLine) -> tuple[str, str, Decimal | None]:
    if line.exempt_reason:
        return "exempt", line.exempt_reason, None
    if line.score is None:
        return "absent", BROKEN_OFF if line.began else ABSENT, None
    return "sat", "", line.score


def counts(people: Iterable[PersonLine]) -> Counts:
    """The six counts of some people, each of whom is there once."""
    people = tuple(people)
    states, bands = Counter(one.state for one in people), Counter(one.band for one in people)
    return Counts(
        on_roster=len(people),
        expected=states["absent"] + states["sat"],
        exempt=states["exempt"],
        absent=states["absent"],
        sat=states["sat"],
        passed=bands["passed"] + bands["excellent"],
        excellent=bands["excellent"],
        score_sum=sum((one.score for one in people if one.score is not None), Decimal(0)),
    )


def added(parts: Iterable[Counts]) -> Counts:
    """The sum of the counts of units that share nobody."""
    parts = tuple(parts)
    sums = {one.name: sum(getattr(part, one.name) for part in parts) for one in fields(Counts)}
    return Counts(**{**sums, "score_sum": Decimal(sums["score_sum"])})


def topics(sheet: Sheet, lines: Iterable[CandidateLine]) -> tuple[TopicShare, ...]:
    """Topic shares of those of `lines` who sat, in the order in which the papers ask them.

    Everybody who sat was asked every question of the own paper; one left empty was asked and is not right.
    """
    sat = [line for line in lines if _standing(line)[0] == "sat"]
    asked: Counter[str] = Counter()
    for paper_id, people in Counter(line.paper_id for line in sat).items():
        for topic in sheet.papers[paper_id]:
            asked[topic] += people
    units = {line.unit_id for line in sat}
    order = dict.fromkeys(topic for paper in sheet.papers.values() for topic in paper)
    return tuple(
        TopicShare(topic, sum(sheet.right.get((unit, topic), 0) for unit in units), asked[topic])
        for topic in order
        if asked[topic]
    )


def units(sheet: Sheet, standard: Standard) -> tuple[UnitMonth, ...]:
    """Every unit that has candidates, in 建制顺序, judged by the standard. Raises ValueError for somebody named twice."""
    if len({line.person_id for line in sheet.lines}) < len(sheet.lines):
        raise ValueError("a person counts once")
    by_unit: dict[int, list[CandidateLine]] = {}
    for line in sheet.lines:
        by_unit.setdefault(line.unit_id, []).append(line)
    people = {unit_id: _people(lines, sheet, standard) for unit_id, lines in by_unit.items()}
    spread = judging.variance(one.score for some in people.values() for one in some if one.score is not None)
    ordered = sorted(sheet.units, key=lambda unit: (unit.order_no, unit.unit_id))
    return tuple(
        _unit(unit, by_unit[unit.unit_id], people[unit.unit_id], sheet, standard, spread)
        for unit in ordered
        if unit.unit_id in by_unit
    )


def _people(lines: Iterable[CandidateLine], sheet: Sheet, standard: Standard) -> tuple[PersonLine, ...]:
    """Candidates with the result that counts."""
    return tuple(
        makeup.settled(person(line, standard), sheet.later.get(line.person_id, ()), sheet.rule) for line in lines
    )


def _unit(
    name: UnitName,
    lines: list[CandidateLine],
    people: tuple[PersonLine, ...],
    sheet: Sheet,
    standard: Standard,
    spread: Fraction,
) -> UnitMonth:
    counted = counts(people)
    return UnitMonth(
        unit_id=name.unit_id,
        code=name.code,
        name=name.name,
        short_name=name.short_name,
        order_no=name.order_no,
        counts=counted,
        topics=topics(sheet, lines),
        shortfalls=judging.shortfalls(counted, standard, variance=spread) if sheet.judged else (),
        people=people,
        nights=sheet.nights.get(name.unit_id, NightFigures(0, 0, 0, 0, 0, Decimal(0))),
        makeup=makeup.counts(people),
    )
