"""Filling the papers of a round one after another from the questions that stand ready, each as equal as it can be. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

from school.quizzes import selection
from school.quizzes.blueprint import Demand
from school.quizzes.paper import Drawable
from school.quizzes.programme import Programme
from school.quizzes.selection import Group

#: half of what is wanted is good enough to stop looking for better
ENOUGH = 0.5
#: exchanges tried per paper
TRIES = 2
#: what is gained by less than this is gained by rounding
LITTLE = 1e-6


@dataclass(frozen=True)
class Measure:
    """Something that should come out equal on every paper: the sum of `of` over its questions near `wanted`."""

    of: Callable[[Drawable], float]
    wanted: float
    within: float

    def off(self, questions: Iterable[Drawable]) -> float:
        """How far a paper is off: ±1.0 is just within what is wanted."""
        return (sum(map(self.of, questions)) - self.wanted) / self.within


class Table:
    """The questions that stand ready, and the papers dealt from them.

    rows: of the blueprint.   uses: per group, how many places on all papers are its own.   stock: per group, its questions
    that stand ready, each with the number of papers it may stand on.
    """

    def __init__(
        self,
        rows: Sequence[Demand],
        groups: Sequence[Group],
        uses: Sequence[int],
        stock: Sequence[Sequence[tuple[Drawable, int]]],
        measures: Sequence[Measure],
    ):
        self._rows, self._groups, self._stock, self._measures = rows, groups, stock, measures
        self._quota = list(uses)
        self._left = {question.question_id: times for ready in stock for question, times in ready}
        self._known = {question.question_id: question for ready in stock for question, _ in ready}
        self._kin = selection.kin(groups)
        self._families = [{q.question_id for place in family for q in groups[place].questions} for family in self._kin]
        self._dealt: list[set[int]] = []

    def deal(self, forms: int) -> list[list[Drawable]]:
        """So many papers; fewer only where near-duplicates stand in the way of what the totals promised."""
        for remaining in range(forms, 0, -1):
            paper = self._next(remaining)
            if not paper:
                break
            self._take(paper)
        self._even_out()
        return [[self._known[one] for one in sorted(paper)] for paper in self._dealt]

    def _take(self, paper: set[int]) -> None:
        self._dealt.append(paper)
        for place, ready in enumerate(self._stock):
            self._quota[place] -= sum(question.question_id in paper for question, _ in ready)
        for one in paper:
            self._left[one] -= 1

    def _next(self, remaining: int) -> set[int]:
        """The next of so many papers that are still to be dealt; empty when there is none."""
        programme = Programme()
        columns = [self._columns(programme, place, remaining) for place in range(len(self._groups))]
        for place, row in enumerate(self._rows):
            counted = [own for group, own in zip(self._groups, columns, strict=True) if place in group.rows]
            programme.row(_each(*counted), least=row.count, most=row.count)
        for place, own in enumerate(columns):
            later = (remaining - 1) * len(self._stock[place])
            programme.row(_each(own), least=self._quota[place] - later, most=self._quota[place])
        for family in self._kin:
            owed = sum(self._quota[place] for place in family) - (remaining - 1)
            programme.row(_each(*(columns[place] for place in family)), least=max(0, owed), most=1)
        every = {one: column for own in columns for one, column in own.items()}
        aims = [*self._apart(programme, every), self._even(programme, every)]
        values = programme.solve(*aims)
        return {one for one, column in every.items() if values and values[column]}

    def _columns(self, programme: Programme, place: int, remaining: int) -> dict[int, int]:
        """Question -> column. Where each question has its own number of papers, one that owes all the rest stands on each."""
        shared = any(times > 1 for _, times in self._stock[place])
        return {
            question.question_id: programme.column(least=int(shared and left == remaining))
            for question, _ in self._stock[place]
            if (left := self._left[question.question_id]) and self._quota[place]
        }

    def _apart(self, programme: Programme, columns: dict[int, int]) -> list[dict[int, float]]:
        """The aim of sharing little with the earlier paper with which most is shared; none where nothing can be shared."""
        earlier = [[(columns[one], 1.0) for one in paper if one in columns] for paper in self._dealt]
        if not any(earlier):
            return []
        most = programme.column(inf, whole=False)
        for terms in earlier:
            programme.row([*terms, (most, -1)], most=0)
        return [{most: 1}]

    def _even(self, programme: Programme, columns: dict[int, int]) -> dict[int, float]:
        """The aim of being as difficult as wanted, by the measure that is farthest off."""
        off = programme.column(inf, least=ENOUGH, whole=False)
        for measure in self._measures:
            terms = [(column, measure.of(self._known[one])) for one, column in columns.items()]
            _near(programme, terms, measure.wanted, off, measure.within)
        return {off: 1}

    def _even_out(self) -> None:
        """Deal two papers anew, the one that is farthest off with another, as long as both come nearer."""
        tries = iter(range(TRIES * len(self._dealt)))
        gained = True
        while gained:
            worst = max(self._dealt, key=self._off)
            others = sorted(
                (paper for paper in self._dealt if paper is not worst), key=lambda one: self._off(worst, one)
            )
            wanted = self._off(worst) > 1
            gained = wanted and any(self._deal_anew(worst, other) for other, _ in zip(others, tries, strict=False))

    def _off(self, *papers: set[int]) -> float:
        """How far papers are off together, by the measure that is farthest off."""
        alone = [[self._known[one] for one in paper] for paper in papers]
        return max(abs(sum(measure.off(paper) for paper in alone)) for measure in self._measures)

    def _deal_anew(self, one: set[int], other: set[int]) -> bool:
        """Exchange what only one of two papers has, so that no two share more than before; False when that brings nothing."""
        free = one ^ other
        columns, values = self._exchanged(one, other)
        if values is None:
            return False
        ours = {question for question, column in columns.items() if values[column]}
        dealt = (one & other) | ours, (one & other) | (free - ours)
        if max(map(self._off, dealt)) >= max(self._off(one), self._off(other)) - LITTLE:
            return False
        for paper, questions in zip((one, other), dealt, strict=True):
            paper.clear()
            paper.update(questions)
        return True

    def _exchanged(self, one: set[int], other: set[int]) -> tuple[dict[int, int], list[float] | None]:
        """Which of the questions that only one of two papers has should go to the first; the second gets the rest."""
        programme = Programme()
        both, columns = one & other, {question: programme.column() for question in sorted(one ^ other)}
        for row in self._rows:
            terms = [(column, 1) for one, column in columns.items() if row.fits(self._known[one])]
            count = sum(row.fits(self._known[question]) for question in one - both)
            programme.row(terms, least=count, most=count)
        most = max(len(paper & third) for paper, third in combinations(self._dealt, 2))
        limits = [(family, 1) for family in self._families]
        limits += [(paper, most) for paper in self._dealt if paper not in (one, other)]
        for limited, most in limits:
            terms = [(column, 1) for question, column in columns.items() if question in limited]
            kept = most - len(limited & both)
            programme.row(terms, least=len(terms) - kept, most=kept)
        off = programme.column(inf, least=ENOUGH, whole=False)
        for measure in self._measures:
            terms = [(column, measure.of(self._known[question])) for question, column in columns.items()]
            wanted = measure.wanted - sum(measure.of(self._known[question]) for question in sorted(both))
            _near(programme, terms, wanted, off, measure.within)
            _near(programme, terms, sum(value for _, value in terms) - wanted, off, measure.within)
        return columns, programme.solve({off: 1})


def _each(*columns: dict[int, int]) -> list[tuple[int, float]]:
    return [(column, 1) for own in columns for column in own.values()]


def _near(programme: Programme, terms: Sequence[tuple[int, float]], goal: float, off: int, within: float) -> None:
    """Keep a sum within `within` times the column `off` of the goal."""
    programme.row([*terms, (off, -within)], most=goal)
    programme.row([*terms, (off, within)], least=goal)
