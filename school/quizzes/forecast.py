"""How well people are expected to do on a question and on a paper. Pure.

| what is known of a version                                   | expected percent of its points                  |
|--------------------------------------------------------------|-------------------------------------------------|
| 10 first attempts or more of closed regular rounds           | what these earned of all they could have earned |
| fewer; the author's level is 1 … 5                           | 90, 80, 70, 60, 50                              |

An unanswered question of an attempt that was handed in earned nothing (rules.md 30). The levels are the house's own
assumption, made so that a bank nobody has answered yet can be dealt evenly; every closed month replaces some of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from school.words import half_up

LEVELS = {1: Decimal(90), 2: Decimal(80), 3: Decimal(70), 4: Decimal(60), 5: Decimal(50)}
#: percent of their mean by which the forms of one round may lie apart and still be called equally hard
MEANS, SPREADS = Decimal(1), Decimal(5)
#: first attempts from which on what people did says more than what the author thought
LEAST_ATTEMPTS = 10


@dataclass(frozen=True)
class Measured:
    """What first attempts made of a version. earned, full: points of all of them together."""

    attempts: int = 0
    earned: Decimal = Decimal(0)
    full: Decimal = Decimal(0)

    def __add__(self, other: Measured) -> Measured:
        return Measured(self.attempts + other.attempts, self.earned + other.earned, self.full + other.full)

    @property
    def enough(self) -> bool:
        """Whether it is measured on attempts enough."""
        return self.attempts >= LEAST_ATTEMPTS and self.full > 0


def expected(difficulty: int, measured: Measured) -> Decimal:
    """Percent of its points that people are expected to earn with a question, two decimals."""
    return half_up(Fraction(measured.earned) / Fraction(measured.full) * 100) if measured.enough else LEVELS[difficulty]


@dataclass(frozen=True)
class Asked:
    """A question on a paper, as its forecast needs it. expected: percent of its points.   measured_on: attempts, or 0."""

    question_id: int
    points: Decimal
    expected: Decimal
    measured_on: int


@dataclass(frozen=True)
class Forecast:
    """One form. share: expected percent of the full mark.   mean, spread: of the questions' expected percents, with the
    standard deviation of all of them.   measured: questions measured rather than guessed.   shared: questions that stand
    on another form of the round too.
    """

    form: str
    share: Decimal
    mean: Decimal
    spread: Decimal
    measured: int
    shared: int


def forecasts(forms: Sequence[tuple[str, Sequence[Asked]]]) -> list[Forecast]:
    """What is expected of each form that has questions."""
    times = Counter(one.question_id for _, paper in forms for one in paper)
    return [_forecast(form, paper, times) for form, paper in forms if paper]


def _forecast(form: str, paper: Sequence[Asked], times: Counter[int]) -> Forecast:
    full = sum(Fraction(one.points) for one in paper)
    earned = sum(Fraction(one.points) * Fraction(one.expected) for one in paper)
    mean = sum(Fraction(one.expected) for one in paper) / len(paper)
    square = sum((Fraction(one.expected) - mean) ** 2 for one in paper) / len(paper)
    return Forecast(
        form, half_up(earned / full if full else mean), half_up(mean), half_up(Fraction(sqrt(square))),
        sum(one.measured_on > 0 for one in paper), sum(times[one.question_id] > 1 for one in paper),
    )  # fmt: skip


@dataclass(frozen=True)
class Apart:
    """How far the forms of a round lie apart, in percent of the mean: by share, by mean and by spread of a Forecast."""

    shares: Decimal
    means: Decimal
    spreads: Decimal

    @property
    def even(self) -> bool:
        """Whether the forms may be called equally hard."""
        return max(self.shares, self.means) <= MEANS and self.spreads <= SPREADS


def between(forecasts: Sequence[Forecast]) -> Apart:
    """How far forms lie apart; nothing where there are fewer than two."""
    return Apart(*(apart(getattr(one, name) for one in forecasts) for name in ("share", "mean", "spread")))


def apart(values: Iterable[Decimal]) -> Decimal:
    """How far the largest lies above the smallest, in percent of their mean; 0 for none and where all are nothing."""
    found = list(values)
    total = sum(found)
    return half_up(Fraction(max(found) - min(found)) * len(found) / Fraction(total) * 100) if total else Decimal(0)
