"""Papers that were drawn and not yet published: what is expected of them, and whether somebody has to see them first. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from school.quizzes import forecast
from school.quizzes.assembly import Form, Undrawable
from school.quizzes.blueprint import Demand
from school.quizzes.forecast import Apart, Asked, Forecast
from school.quizzes.paper import FORMS

#: a row with fewer questions than so many times those wanted leaves little choice
ROOM = 2


@dataclass(frozen=True)
class Drawn:
    """Papers assembled for a round, and the blueprint and seed they were assembled from.

    stock: per row of the blueprint, how many questions of the bank it could be filled with.
    """

    blueprint: dict
    seed: str
    forms: list[Form]
    stock: tuple[tuple[Demand, int], ...] = ()

    @property
    def digest(self) -> str:
        """64 hexadecimal characters: the same for the same versions in the same places with the same forecast."""
        told = [[[q.version_id, str(q.expected), q.measured_on, str(n)] for q, n in form] for form in self.forms]
        return hashlib.sha256(json.dumps([self.seed, told]).encode()).hexdigest()

    @property
    def questions(self) -> set[int]:
        """Ids of all questions drawn."""
        return {question.question_id for form in self.forms for question, _ in form}

    def forecasts(self) -> list[Forecast]:
        """What is expected of each form."""
        return forecast.forecasts([
            (name, [Asked(q.question_id, points, q.expected, q.measured_on) for q, points in form])
            for name, form in zip(FORMS, self.forms, strict=False)
        ])  # fmt: skip

    def apart(self) -> Apart:
        """How far the forms lie apart."""
        return forecast.between(self.forecasts())

    @property
    def limits(self) -> tuple[Decimal, Decimal]:
        """Percent by which means, and spreads, may lie apart."""
        return forecast.MEANS, forecast.SPREADS

    def tight(self) -> list[tuple[Demand, int, int]]:
        """Rows that leave little choice, the tightest first: (row, questions wanted for all forms, questions there are)."""
        wanted = [(row, row.count * len(self.forms), held) for row, held in self.stock]
        return sorted((one for one in wanted if one[2] < ROOM * one[1]), key=lambda one: one[2] / one[1])


@dataclass(frozen=True)
class Look:
    """What came of drawing papers to be published; nothing, where none were drawn yet.

    ready: papers that may be published.   asks: papers somebody has to see first.   refusal: why there are none.
    changed: whether other papers than these were shown before.
    """

    ready: Drawn | None = None
    asks: Drawn | None = None
    refusal: Undrawable | None = None
    changed: bool = False


def look(draw: Callable[[], Drawn], shown: str) -> Look:
    """Draw, and see whether the papers may be published. shown: digest of those somebody has agreed to, or empty.

    | papers drawn now                           | shown      | what comes of it                        |
    |--------------------------------------------|------------|-----------------------------------------|
    | none: the bank is too small …              | any        | the refusal, for the page               |
    | equally hard (forecast.Apart.even)         | nothing    | published at once                       |
    | not so                                     | nothing    | shown first, whoever publishes decides  |
    | the very papers that were shown            | their own  | published                               |
    | others: the bank has changed since         | another    | shown again, equally hard or not        |

    The seed is kept with the draft, so that the same bank gives the same papers however often they are drawn.
    """
    try:
        drawn = draw()
    except Undrawable as refusal:
        return Look(refusal=refusal)
    agreed = drawn.digest == shown if shown else drawn.apart().even
    return Look(ready=drawn) if agreed else Look(asks=drawn, changed=bool(shown))
