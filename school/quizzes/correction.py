"""改判: what a wrong key or a void question means for one answer and for one score. Pure and exact.

A correction lies over the frozen key and never changes it: every answer of the round is judged by `earned`, whenever it
is handed in, marked or judged anew, so that all are judged alike.

| deed    | one answer                                        | the score                                             |
|---------|---------------------------------------------------|-------------------------------------------------------|
| rekey   | judged by the new key                             | the sum                                               |
|   and never lower | whichever key gives more                |                                                       |
| full    | the full points, also where nothing was answered  | the sum                                               |
| removed | as before, but out of the total                   | earned ÷ asked of the other questions × full mark     |
|   and never lower |                                         | never below what it is with the question left in      |

Scaling to the full mark treats those alike who drew another question in its place: their full mark is the same, and
nobody is judged by fewer points than they (rules.md 24). Worked: 100 points, a removed question of 5.

| earned in all | of it in the removed question | score                  | and never lower |
|---------------|-------------------------------|------------------------|-----------------|
| 57            | 0                             | 57 / 95 × 100 = 60     | 60              |
| 59            | 5                             | 54 / 95 × 100 = 56.84  | 59              |
| 100           | 5                             | 95 / 95 × 100 = 100    | 100             |

Rounded half up to hundredths, once, at the end. Always 0 ≤ score ≤ full mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from school import words
from school.quizzes import scoring

#: deed -> what it is called
DEEDS = {"rekey": "改正答案", "full": "全部给满分", "removed": "剔除此题"}
#: deed -> how it was done, for all to read
TOLD = {
    "rekey": "答案更正，按更正后的答案计分",
    "full": "此题作废，抽到此题的人都得满分",
    "removed": "此题作废，从总分中剔除，其余题目按比例折算到满分",
}
#: kinds whose key can be put right; a short answer is marked by a person, key or no key
REKEYED = ("single", "multi", "judge", "fill")
#: below this many people expected or sat a unit is not compared with the standard (design.md §2.5)
FLOOR = 10


@dataclass(frozen=True)
class Remedy:
    """What a correction says of one question. key: the right one where deed is "rekey", else None."""

    deed: str
    key: object
    never_lower: bool


@dataclass(frozen=True)
class Asked:
    """A question as judging sees it: kind and frozen key as on the paper, full points, the round's multi-choice rule."""

    kind: str
    key: object
    full: Decimal
    multi_rule: str


def earned(asked: Asked, given: list, *, marked: Decimal | None = None, remedy: Remedy | None = None) -> Decimal | None:
    """Points of one answer under a remedy; None while a person has to decide.

    given: [] where nothing was answered.  marked: what a person gave, for what no key decides.
    """
    if remedy is None or remedy.deed == "removed":
        return _judged(asked, asked.key, given, marked)
    if remedy.deed == "full":
        return asked.full
    by_new = _judged(asked, remedy.key, given, marked)
    if not remedy.never_lower:
        return by_new
    known = [points for points in (by_new, _judged(asked, asked.key, given, marked)) if points is not None]
    return max(known, default=None)


def _judged(asked: Asked, key: object, given: list, marked: Decimal | None) -> Decimal | None:
    points = scoring.points(asked.kind, key, given, asked.full, asked.multi_rule)
    return marked if points is None else points


@dataclass(frozen=True)
class Line:
    """One question, or several together, of somebody's paper. points: what is known of them, 0 while nothing is."""

    full: Decimal
    points: Decimal
    remedy: Remedy | None = None

    @property
    def removed(self) -> bool:
        """Whether it is out of the total."""
        return self.remedy is not None and self.remedy.deed == "removed"


def total(lines: Iterable[Line]) -> Decimal:
    """The score of a paper. Raises ValueError when nothing is left to be judged by.

    A removed question that may lower nobody stays in wherever that is better. Of several such, those answered worst go
    first: leaving in a better one while a worse one goes would never give more.
    """
    lines = tuple(lines)
    full = sum((line.full for line in lines), Decimal(0))
    kept = [line for line in lines if not line.removed]
    may_go = sorted((line for line in lines if line.removed and line.remedy.never_lower), key=_share)
    stands = [_scaled([*kept, *may_go[gone:]], full) for gone in range(len(may_go) + 1)]
    possible = [score for score in stands if score is not None]
    if not possible:
        raise ValueError("every question was removed")
    return max(possible)


def _share(line: Line) -> Fraction:
    return Fraction(line.points) / Fraction(line.full)


def _scaled(lines: Sequence[Line], full: Decimal) -> Decimal | None:
    asked = sum((line.full for line in lines), Decimal(0))
    got = sum((line.points for line in lines), Decimal(0))
    return words.half_up(Fraction(got) * Fraction(full) / Fraction(asked)) if asked else None


@dataclass(frozen=True)
class Tally:
    """People of a unit who sat, how many of them passed, and the sum of their points."""

    sat: int
    passed: int
    points: Decimal

    @property
    def mean(self) -> Fraction | None:
        """Mean points of those who sat; None when nobody did."""
        return Fraction(self.points) / self.sat if self.sat else None


def tally(scores: Iterable[Decimal], pass_mark: Decimal) -> Tally:
    """The tally of some scores; one on the pass mark is passed."""
    scores = tuple(scores)
    return Tally(len(scores), sum(score >= pass_mark for score in scores), sum(scores, Decimal(0)))


def below_standard(people: Tally, expected: int, pass_percent: Decimal, mean: Decimal) -> bool | None:
    """Whether a unit misses what is asked of it, in either measure; None for a unit too small to be judged."""
    if min(expected, people.sat) < FLOOR:
        return None
    return 100 * people.passed < pass_percent * people.sat or people.points < mean * people.sat
