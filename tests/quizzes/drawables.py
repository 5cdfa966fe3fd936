"""Banks made by hand for the assembly of papers: no database, plain defaults."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import count

from school.quizzes.paper import Drawable, Part

FIVE = Decimal(5)
PARTS = (Part("single", 10, FIVE), Part("multi", 5, FIVE), Part("judge", 5, FIVE))
KINDS = ("single", "single", "multi", "judge")
TOPICS = ("农村土地", "森林防火", "反诈", "党建", "医保", "低保", "劳动", "婚姻")

_numbers = count(1)


def drawable(kind: str = "single", **values) -> Drawable:
    """A question of level 3, never asked, near to no other."""
    number = next(_numbers)
    defaults = {"topic": "农村土地", "difficulty": 3, "asked": 0, "expected": Decimal(70)}
    return Drawable(**{"version_id": number, "question_id": number, "kind": kind, **defaults, **values})


def county_bank(size: int, *, seed: int = 1, measured: float = 0.3, alike: float = 0.02) -> list[Drawable]:
    """A bank as a county has it: two singles to one multi and one judge, levels and topics at random.

    measured: share of the questions that have been measured.   alike: share that repeats an earlier one but for a word.
    """
    dice = random.Random(seed)
    signs = [chr(0x4E00 + at) for at in dice.sample(range(3000), 800)]
    bank: list[Drawable] = []
    for number in range(1, size + 1):
        known, level = dice.random() < measured, dice.randint(1, 5)
        percent = Decimal(round(10_000 * dice.betavariate(5, 2))) / 100 if known else Decimal(100 - 10 * level)
        words = "".join(dice.choices(signs, k=dice.randint(15, 60)))
        if bank and dice.random() < alike:
            words = dice.choice(bank).words + "吗"
        bank.append(Drawable(
            number, number, KINDS[number % 4], dice.choice(TOPICS), level, dice.choice((0, 0, 0, 1, 1, 2)), percent,
            measured_on=12 if known else 0, words=words,
        ))  # fmt: skip
    return bank
