"""What a paper is made of, and how the forms of a round are dealt out. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from school.questions import references

KINDS = {"single": "单选题", "multi": "多选题", "judge": "判断题", "fill": "填空题", "short": "简答题"}
#: letters of the forms; I and O look like figures
FORMS = "ABCDEFGHJKLMNPQRSTUV"


@dataclass(frozen=True)
class Part:
    """One part of a blueprint: so many questions of a kind, each worth `points`."""

    kind: str
    count: int
    points: Decimal


@dataclass(frozen=True)
class Drawable:
    """A question of the bank as the assembly of papers sees it.

    asked: in how many earlier papers of the county it stood.   expected: percent of its points that people are expected
    to earn, with two decimals.   measured_on: first attempts this was measured on, 0 where the author's level told it.
    words: what near-duplicates are found by; empty is near to nothing.
    """

    version_id: int
    question_id: int
    kind: str
    topic: str
    difficulty: int
    asked: int
    expected: Decimal
    measured_on: int = 0
    words: str = ""


def full_mark(parts: Sequence[Part]) -> Decimal:
    """Points of the whole paper."""
    return sum((part.count * part.points for part in parts), Decimal(0))


def form_for(place: int, forms: int) -> int:
    """Which form the person at a place in the unit's list gets: neighbours differ."""
    return place % forms


def shuffled(options: Sequence[dict], *, seed: str, candidate_id: int, question_id: int) -> list[dict]:
    """A question's options in this person's order, always the same for the same person. options: {"id", "text"}.

    Options that speak of the others keep their printed places (references.kept): 以上都对 stays last, and where letters are
    named nothing moves. Where none does, the order is that of a plain shuffle. Nothing of the order is stored: a change here
    moves the options of papers that are under way or printed, so after a release it needs a version kept with the round.
    """
    free = len(options) - references.kept([option["text"] for option in options])
    ordered = list(options[:free])
    random.Random(f"{seed}/{candidate_id}/{question_id}").shuffle(ordered)
    return [*ordered, *options[free:]]
