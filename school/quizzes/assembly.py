"""Assembling the papers of a round from the bank. Pure: same bank, same seed, same papers.

Every paper holds exactly what the blueprint asks and no two near-duplicates. `selection` decides how often each group of
like questions is used on all papers together; here the papers are filled one after another, each by an integer programme
over the questions that stand ready. What is aimed at, each without loss to the ones before it:

1. the paper shares as few questions as possible with any earlier one (only where the bank is too small to share none),
2. its expected difficulty is that of the whole selection: the expected points, the mean and the spread of what people
   are expected to earn per question.

| measure, per paper                              | wanted within, of the whole selection's | papers then differ by at most |
|-------------------------------------------------|-----------------------------------------|-------------------------------|
| mean expected share, expected points            | 0.4 %                                   | 0.8 % (asked: 1 %)            |
| mean squared distance from the selection's mean | 4 %, which is 2 % of the spread         | 4 % (asked: 5 %)              |

The last papers get what the first ones left, so at the end two papers at a time are dealt anew, as long as that helps.
Where a small or uneven bank allows no such equality, the papers are as equal as they came out; whoever publishes sees how
far they lie apart and decides (`drawn.look`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from school.errors import Refused
from school.quizzes import blueprint, selection
from school.quizzes.blueprint import Demand
from school.quizzes.dealing import Measure, Table
from school.quizzes.paper import Drawable, Part
from school.quizzes.selection import Group, Shortage

Form = list[tuple[Drawable, Decimal]]
#: questions kept ready per group beyond those to be used, so that the last paper has a choice too
MORE = 20
#: shares of the whole within which a paper's mean and squared distances are equal enough
MEAN, SQUARES = 0.004, 0.04
#: what a measure may be off even where it should be nothing, in percent points of one question
LEAST = 1.0


class Undrawable(Refused):
    """No papers can be made of this bank by this blueprint. lacks: what the bank has too few of, row by row; or nothing."""

    def __init__(self, message: str, lacks: Sequence[Shortage] = ()):
        super().__init__(message)
        self.lacks = tuple(lacks)


def assemble(
    parts: Sequence[Part], demands: Sequence[Demand], bank: Sequence[Drawable], *, forms: int, seed: str
) -> list[Form]:
    """The forms, each a list of (question, points) in the order of the parts.

    Undrawable when the blueprint contradicts itself or the bank cannot fill one form, naming everything that is wrong.
    """
    if wrong := blueprint.contradictions(parts, demands):
        raise Undrawable("细化蓝图自相矛盾：" + "".join(wrong))
    rows = blueprint.rows(parts, demands)
    groups = selection.groups(rows, bank)
    if missing := selection.missing(rows, groups):
        said = "；".join(one.said for one in missing)
        raise Undrawable(f"题库不够组卷：{said}。请补充题目，或减少题数、放宽专题和细化后再发布。", missing)
    dice = random.Random(seed)
    uses = selection.uses(rows, groups, forms, dice)
    stock = [_ready(group, places, dice) for group, places in zip(groups, uses, strict=True)]
    dealt = Table(rows, groups, uses, stock, _measures(parts, stock, uses, forms)).deal(forms)
    if len(dealt) < forms:
        raise Undrawable(f"近似的题太多，排不出 {forms} 套试卷。请减少套数，或补充题目后再发布。")
    return [_in_order(parts, questions, dice) for questions in dealt]


def _ready(group: Group, places: int, dice: random.Random) -> list[tuple[Drawable, int]]:
    """The questions of a group kept ready, and on how many forms each may stand."""
    order = dice.sample(group.questions, len(group.questions))
    if places <= len(order):
        return [(question, 1) for question in order[: places and places + MORE]]
    every, once_more = divmod(places, len(order))
    return [(question, every + (seat < once_more)) for seat, question in enumerate(order)]


def _measures(
    parts: Sequence[Part], stock: Sequence[Sequence[tuple[Drawable, int]]], uses: Sequence[int], forms: int
) -> list[Measure]:
    """What should be equal, as the questions that stand ready have it on average."""
    points = {part.kind: float(part.points) for part in parts}

    def wanted(of: Callable[[Drawable], float]) -> float:
        of_group = (sum(of(one) * n for one, n in ready) / sum(n for _, n in ready) for ready in stock if ready)
        return sum(n * mean for n, mean in zip(filter(None, uses), of_group, strict=True)) / forms

    def share(question: Drawable) -> float:
        return float(question.expected)

    def earned(question: Drawable) -> float:
        return points[question.kind] * share(question)

    middle = wanted(share) * forms / sum(uses)

    def square(question: Drawable) -> float:
        return (share(question) - middle) ** 2

    aims = [(share, MEAN), (square, SQUARES)] + [(earned, MEAN)] * (len(set(points.values())) > 1)
    return [Measure(of, wanted(of), max(wanted(of) * within, LEAST)) for of, within in aims]


def _in_order(parts: Sequence[Part], questions: Iterable[Drawable], dice: random.Random) -> Form:
    form: Form = []
    for part in parts:
        fit = sorted((q for q in questions if q.kind == part.kind), key=lambda question: question.question_id)
        dice.shuffle(fit)
        form.extend((question, part.points) for question in fit)
    return form
