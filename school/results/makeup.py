"""补考 beside a closed month: how somebody did in the make-ups, counted apart from the six counts. Pure.

Each person is counted once however many make-ups they were called to:

| in the make-ups                   | in which numbers              |
|-----------------------------------|-------------------------------|
| called to none, or excused        | in none                       |
| sat none                          | 应补考, 缺考                  |
| sat, below the pass mark each time| 应补考, 实考                  |
| sat, passed once                  | 应补考, 实考, 补考合格        |

Which of the results enters the six counts is another question, answered by the round's rule (quizzes.makeup.counted).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace

from school.quizzes.makeup import counted
from school.results.figures import MakeupCounts, Month, PersonLine, Try, UnitMonth

PASSED = ("passed", "excellent")


def tries(months: Iterable[Month]) -> dict[int, tuple[Try, ...]]:
    """Person id -> results in the closed make-ups, in the order in which these were held; nobody excused from one is in it."""
    found: dict[int, list[Try]] = {}
    for month in sorted(months, key=lambda month: month.opens_at):
        for line in (line for unit in month.units for line in unit.people if line.state != "exempt"):
            found.setdefault(line.person_id, []).append(Try(line.score, line.band, counted=False))
    return {person: tuple(results) for person, results in found.items()}


def settled(first: PersonLine, later: Sequence[Try], rule: str) -> PersonLine:
    """A person's line with the result that counts; all of them stay on it. first: the line of the round alone."""
    if first.state == "exempt" or not later:
        return first
    every = (Try(first.score, first.band, counted=False), *later)
    place = counted([one.score for one in every], rule)
    kept = tuple(replace(one, counted=n == place) for n, one in enumerate(every))
    if not place:
        return replace(first, tries=kept)
    return replace(first, state="sat", reason="", score=every[place].score, band=every[place].band, tries=kept)


def counts(people: Iterable[PersonLine]) -> MakeupCounts | None:
    """补考 of some people; None where none of them was called to a make-up."""
    called = [one.tries[1:] for one in people if one.tries]
    if not called:
        return None
    sat = [results for results in called if any(one.score is not None for one in results)]
    passed = sum(any(one.band in PASSED for one in results) for results in sat)
    return MakeupCounts(len(called), len(called) - len(sat), len(sat), passed)


def added(parts: Iterable[MakeupCounts | None]) -> MakeupCounts | None:
    """The sum over units that share nobody; None where no unit has any."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return MakeupCounts(**{one.name: sum(getattr(part, one.name) for part in known) for one in fields(MakeupCounts)})


def beside(month: Month, later: Mapping[int, Sequence[Try]]) -> Month:
    """A closed month with the make-ups that were closed after it on its lists; none of its figures changes."""
    units = tuple(_unit_beside(unit, later) for unit in month.units)
    return replace(month, units=units, makeup=added(unit.makeup for unit in units))


def _unit_beside(unit: UnitMonth, later: Mapping[int, Sequence[Try]]) -> UnitMonth:
    people = tuple(_person_beside(person, later.get(person.person_id, ())) for person in unit.people)
    return replace(unit, people=people, makeup=counts(people))


def _person_beside(person: PersonLine, later: Sequence[Try]) -> PersonLine:
    if person.state == "exempt" or not later:
        return person
    known = person.tries or (Try(person.score, person.band, counted=True),)
    return replace(person, tries=(*known, *later[len(known) - 1 :]))
