"""How papers come out: twenty of twenty questions from a bank of 5,000, beside dealing a random draw out in a snake.

    python -m benchmarks.assembly [questions] [forms]

Prints, for both on the same bank: seconds of this process's processor, questions on more than one paper, near-duplicates
on one paper, questions asked before, rows of the blueprint that are not met, and how far the papers' mean and spread of
expected difficulty lie apart in percent. No database.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from itertools import combinations
from statistics import mean, pstdev
from time import process_time

from school.questions.similar import near_duplicates
from school.quizzes import blueprint
from school.quizzes.assembly import assemble
from school.quizzes.blueprint import Demand
from tests.quizzes.drawables import PARTS, county_bank

DEMANDS = (
    Demand("single", "农村土地", 0, 3), Demand("single", "", 3, 4), Demand("single", "森林防火", 2, 1),
    Demand("judge", "党建", 0, 2), Demand("multi", "", 5, 1),
)  # fmt: skip


def snake(bank, forms: int):
    """Least asked first, then by level A B C … C B A: how papers were drawn before."""
    dice, papers = random.Random("s"), [[] for _ in range(forms)]
    for part in PARTS:
        fit = [question for question in bank if question.kind == part.kind]
        dice.shuffle(fit)
        chosen = sorted(sorted(fit, key=lambda q: q.asked)[: part.count * forms], key=lambda q: q.difficulty)
        for place, question in enumerate(chosen):
            row, seat = divmod(place, forms)
            papers[seat if row % 2 == 0 else forms - 1 - seat].append(question)
    return papers


def told(name: str, papers, seconds: float) -> str:
    """One line of the table."""
    times = Counter(question.question_id for paper in papers for question in paper)
    rows = blueprint.rows(PARTS, DEMANDS)
    shares = [[float(question.expected) for question in paper] for paper in papers]
    figures = (
        f"{seconds:.2f}",
        sum(many > 1 for many in times.values()),
        sum(len(near_duplicates([question.words for question in paper])) for paper in papers),
        sum(question.asked > 0 for paper in papers for question in paper),
        sum(sum(row.fits(q) for q in paper) != row.count for paper in papers for row in rows),
        f"{apart([mean(one) for one in shares]):.2f}",
        f"{apart([pstdev(one) for one in shares]):.2f}",
    )
    return f"{name:<12}" + "".join(f"{figure:>12}" for figure in figures)


def apart(values) -> float:
    """How far values lie apart, in percent of their mean."""
    return 100 * max(abs(one - other) for one, other in combinations(values, 2)) / mean(values)


def main() -> None:
    """Print both."""
    size, forms = int(sys.argv[1]) if sys.argv[1:] else 5000, int(sys.argv[2]) if sys.argv[2:] else 20
    bank = county_bank(size)
    heads = ("seconds", "shared", "alike", "seen", "rows missed", "mean %", "spread %")
    print(f"{forms} papers of 20 from {size}".ljust(12))
    print(" " * 12 + "".join(f"{head:>12}" for head in heads))
    for name, draw in (
        ("snake", lambda: snake(bank, forms)),
        ("assembly", lambda: [[q for q, _ in form] for form in assemble(PARTS, DEMANDS, bank, forms=forms, seed="s")]),
    ):
        began = process_time()
        papers = draw()
        print(told(name, papers, process_time() - began))


if __name__ == "__main__":
    main()
