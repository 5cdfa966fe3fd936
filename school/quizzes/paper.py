"""Drawing the forms of a round from the bank, and dealing them out. Pure: same bank, same seed, same papers.

Every form gets exactly what the blueprint asks. Questions never asked before come first, then the least asked. Within
each kind the drawn questions are put in order of difficulty and dealt to the forms in a snake (A B C C B A …), so that
the forms are of nearly equal difficulty; while the bank is large enough, no two forms share a question.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from school.errors import Refused

KINDS = {"single": "单选题", "multi": "多选题", "judge": "判断题", "fill": "填空题", "short": "简答题"}
FORMS = "ABCDEFGHJK"


@dataclass(frozen=True)
class Part:
    """One part of a blueprint: so many questions of a kind, each worth `points`."""

    kind: str
    count: int
    points: Decimal


@dataclass(frozen=True)
class Drawable:
    """A question of the bank as drawing sees it. asked: in how many earlier papers of the county it stood."""

    version_id: int
    question_id: int
    kind: str
    topic: str
    difficulty: int
    asked: int


def full_mark(parts: Sequence[Part]) -> Decimal:
    """Points of the whole paper."""
    return sum((part.count * part.points for part in parts), Decimal(0))


def draw(
    parts: Sequence[Part], bank: Sequence[Drawable], *, forms: int, seed: str
) -> list[list[tuple[Drawable, Decimal]]]:
    """The forms, each a list of (question, points) in the order of the parts.

    Refused when the bank has too few questions of a kind for even one form, naming every kind that is short.
    """
    missing = [
        f"{KINDS[part.kind]}需要 {part.count} 道，题库可用 {len(fit)} 道"
        for part in parts
        if len(fit := [question for question in bank if question.kind == part.kind]) < part.count
    ]
    if missing:
        raise Refused("题库不够组卷：" + "；".join(missing) + "。请补充题目，或减少题数、放宽专题后再发布。")
    papers: list[list[tuple[Drawable, Decimal]]] = [[] for _ in range(forms)]
    for part in parts:
        for paper, questions in zip(papers, _deal_part(part, bank, forms, seed), strict=True):
            paper.extend((question, part.points) for question in questions)
    return papers


def _deal_part(part: Part, bank: Sequence[Drawable], forms: int, seed: str) -> list[list[Drawable]]:
    dice = random.Random(f"{seed}/{part.kind}")
    fit = sorted((question for question in bank if question.kind == part.kind), key=lambda q: q.question_id)
    dice.shuffle(fit)
    fit.sort(key=lambda question: question.asked)
    dealt = _apart(fit, part.count, forms) if len(fit) >= part.count * forms else _overlapping(fit, part.count, forms)
    for questions in dealt:
        dice.shuffle(questions)
    return dealt


def _apart(fit: list[Drawable], count: int, forms: int) -> list[list[Drawable]]:
    """No question twice: equal difficulties side by side, dealt forth and back."""
    chosen = sorted(fit[: count * forms], key=lambda question: question.difficulty)
    dealt: list[list[Drawable]] = [[] for _ in range(forms)]
    for place, question in enumerate(chosen):
        row, seat = divmod(place, forms)
        dealt[seat if row % 2 == 0 else forms - 1 - seat].append(question)
    return dealt


def _overlapping(fit: list[Drawable], count: int, forms: int) -> list[list[Drawable]]:
    """Too few to keep the forms apart: each takes its own stretch of the circle of all questions."""
    return [[fit[(form * count + place) % len(fit)] for place in range(count)] for form in range(forms)]


def form_for(place: int, forms: int) -> int:
    """Which form the person at a place in the unit's list gets: neighbours differ."""
    return place % forms


def shuffled(options: Sequence[dict], *, seed: str, candidate_id: int, question_id: int) -> list[dict]:
    """A question's options in this person's order, always the same for the same person."""
    ordered = list(options)
    random.Random(f"{seed}/{candidate_id}/{question_id}").shuffle(ordered)
    return ordered
