"""Which questions of the bank a round's papers are made from, and what is missing when there are too few. Pure.

Questions that can stand for each other (counted by the same rows of the blueprint, asked equally often, near to no other)
form a group, and only the number of uses per group is decided here: a small integer programme, however large the bank.
Its aims, each without loss to the ones before it:

1. as few questions as possible on more than one paper,
2. as few near-duplicates as possible on different papers (never two on one),
3. questions never asked before, then those asked least (rules.md 22).

The rows are topics beside difficulties within a kind, so their matrix is totally unimodular: whatever totals keep them
N times over can be dealt to N papers that keep them once each (Baum and Trotter 1978).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from school.questions import similar
from school.quizzes.blueprint import Demand
from school.quizzes.paper import Drawable
from school.quizzes.programme import Programme

#: one more use of a question asked before weighs as much as this many throws of the dice among equals
TIMES, THROW = 1_000_000, 100


@dataclass(frozen=True)
class Group:
    """Questions that can stand for each other, in the order of their ids.

    rows: places of the blueprint's rows that count them.   family: number shared by near-duplicates,
    each of which is a group of its own; -1 for none.
    """

    rows: tuple[int, ...]
    asked: int
    family: int
    questions: tuple[Drawable, ...]


@dataclass(frozen=True)
class Shortage:
    """A row of the blueprint that the bank cannot fill on one paper.

    found: questions that could stand on it.   repeating: more that only repeat these in nearly the same words.
    together: whether each row alone would do, and only all of them at once do not.
    """

    row: Demand
    found: int
    repeating: int = 0
    together: bool = False

    @property
    def missing(self) -> int:
        """How many are to be added to the bank at least."""
        return self.row.count - self.found

    @property
    def why(self) -> str:
        """What stands behind the number where counting the bank would find more; mostly nothing."""
        if self.together:
            return "同时满足其他各项"
        return f"另有 {self.repeating} 道与它们近似，不能同卷" if self.repeating else ""

    @property
    def said(self) -> str:
        """单选题·党建需要 2 道，题库可用 0 道"""
        if self.together:
            return f"{self.row.name}需要 {self.row.count} 道，要{self.why}就只有 {self.found} 道"
        more = f"（{self.why}）" if self.why else ""
        return f"{self.row.name}需要 {self.row.count} 道，题库可用 {self.found} 道{more}"


def groups(rows: Sequence[Demand], bank: Sequence[Drawable]) -> list[Group]:
    """The questions of the bank that a blueprint's rows count, in groups. The order of the bank does not matter."""
    fit = sorted((q for q in bank if any(row.fits(q) for row in rows)), key=lambda question: question.question_id)
    families = similar.families([question.words for question in fit])
    found: dict[tuple, list[Drawable]] = defaultdict(list)
    for question, family in zip(fit, families, strict=True):
        counted = tuple(place for place, row in enumerate(rows) if row.fits(question))
        found[counted, question.asked, family, question.question_id if family >= 0 else 0].append(question)
    return [Group(*key[:3], tuple(members)) for key, members in sorted(found.items(), key=lambda one: one[0])]


def kin(groups: Sequence[Group]) -> list[list[int]]:
    """Places of the groups that are near-duplicates of each other, family by family."""
    found = defaultdict(list)
    for place, group in enumerate(groups):
        if group.family >= 0:
            found[group.family].append(place)
    return [places for places in found.values() if len(places) > 1]


def missing(rows: Sequence[Demand], groups: Sequence[Group]) -> list[Shortage]:
    """What the bank lacks for one paper, row by row; empty when one paper can be made. rules.md 21."""
    alone = [_available(groups, place) for place in range(len(rows))]
    if short := [Shortage(row, *found) for row, found in zip(rows, alone, strict=True) if found[0] < row.count]:
        return short
    together = _together(rows, groups)
    return [Shortage(row, found, together=True) for row, found in zip(rows, together, strict=True) if found < row.count]


def _available(groups: Sequence[Group], row: int) -> tuple[int, int]:
    """How many questions of a row may stand on one paper, and how many more only repeat these in nearly the same words."""
    counted = [group for group in groups if row in group.rows]
    every = sum(len(group.questions) for group in counted)
    apart = sum(len(group.questions) for group in counted if group.family < 0)
    apart += len({group.family for group in counted if group.family >= 0})
    return apart, every - apart


def _together(rows: Sequence[Demand], groups: Sequence[Group]) -> list[int]:
    """How many questions of each row one paper can hold when all rows are looked at together, short of as little as can be."""
    programme = Programme()
    columns = [[programme.column(len(group.questions))] for group in groups]
    short = [programme.column(row.count) for row in rows]
    for place, row in enumerate(rows):
        terms = [*_counted(groups, columns, place), (short[place], 1)]
        programme.row(terms, least=row.count, most=row.count)
    for family in kin(groups):
        programme.row([(columns[place][0], 1) for place in family], most=1)
    values = programme.solve(dict.fromkeys(short, 1))
    return [row.count - int(values[column]) for row, column in zip(rows, short, strict=True)]


def uses(rows: Sequence[Demand], groups: Sequence[Group], forms: int, dice: random.Random) -> list[int]:
    """Per group, how many places on the forms its questions take. The rows must be such that one paper can be made.

    Only where the bank is too small to keep the forms apart may one question take several places.
    """
    return _uses(rows, groups, forms, 1, dice) or _uses(rows, groups, forms, forms, dice) or [0] * len(groups)


def _uses(
    rows: Sequence[Demand], groups: Sequence[Group], forms: int, most: int, dice: random.Random
) -> list[int] | None:
    """uses, with no question on more than `most` forms; None when that cannot be."""
    programme = Programme()
    columns = [[programme.column(len(group.questions)) for _ in range(most)] for group in groups]
    for place, row in enumerate(rows):
        programme.row(_counted(groups, columns, place), least=forms * row.count, most=forms * row.count)
    again = {column: times for own in columns for times, column in enumerate(own) if times}
    near = {}
    for family in kin(groups):
        terms = [(column, 1) for place in family for column in columns[place]]
        programme.row(terms, most=forms)
        extra = programme.column(forms)
        programme.row([*terms, (extra, -1)], most=1)
        near[extra] = 1
    asked = {
        column: TIMES * group.asked + dice.randrange(THROW)
        for group, own in zip(groups, columns, strict=True)
        for column in own
    }
    values = programme.solve(*filter(None, (again, near, asked)))
    return values and [int(sum(values[column] for column in own)) for own in columns]


def _counted(groups: Sequence[Group], columns: Sequence[Sequence[int]], row: int) -> list[tuple[int, float]]:
    return [(column, 1) for group, own in zip(groups, columns, strict=True) if row in group.rows for column in own]
