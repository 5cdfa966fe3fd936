"""Papers before they are published: whether somebody has to see them first, and where the bank leaves little choice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.quizzes.assembly import Undrawable
from school.quizzes.blueprint import Demand
from school.quizzes.drawn import Drawn, Look, look
from school.quizzes.forecast import Apart
from tests.quizzes.drawables import FIVE, drawable


def drawn(*forms: tuple, seed: str = "s", **values) -> Drawn:
    """Papers whose questions people are expected to answer to so many percent."""
    return Drawn({}, seed, [[(drawable(expected=Decimal(n)), FIVE) for n in form] for form in forms], **values)


EVEN, UNEVEN = drawn((80, 60), (60, 80)), drawn((80, 80), (60, 60))


@pytest.mark.parametrize(
    ("papers", "shown", "found"),
    [
        (EVEN, "", Look(ready=EVEN)),
        (UNEVEN, "", Look(asks=UNEVEN)),
        (UNEVEN, UNEVEN.digest, Look(ready=UNEVEN)),
        (UNEVEN, EVEN.digest, Look(asks=UNEVEN, changed=True)),
        (EVEN, UNEVEN.digest, Look(asks=EVEN, changed=True)),
        (EVEN, "made up", Look(asks=EVEN, changed=True)),
    ],
    ids=["even", "uneven", "agreed", "other uneven ones", "other even ones", "no digest at all"],
)
def test_papers_are_published_at_once_or_as_they_were_shown_and_shown_otherwise(papers, shown, found):
    assert look(lambda: papers, shown) == found


def test_why_none_could_be_drawn_is_for_the_page():
    refusal = Undrawable("题库不够")

    def draw():
        raise refusal

    assert look(draw, "") == Look(refusal=refusal)


@pytest.mark.parametrize(
    ("shares", "means", "spreads", "even"),
    [
        ("1.00", "1.00", "5.00", True), ("1.01", "0", "0", False), ("0", "1.01", "0", False), ("0", "0", "5.01", False),
        ("0", "0", "0", True),
    ],
)  # fmt: skip
def test_forms_are_equally_hard_within_one_percent_by_mean_and_five_by_spread(shares, means, spreads, even):
    assert Apart(Decimal(shares), Decimal(means), Decimal(spreads)).even is even


def test_one_form_alone_lies_nowhere_apart():
    assert drawn((80, 30)).apart() == Apart(Decimal(0), Decimal(0), Decimal(0))


def test_points_count_too_where_they_differ():
    easy, hard = drawable(expected=Decimal(90)), drawable("multi", expected=Decimal(50))
    forms = [[(easy, Decimal(5)), (hard, Decimal(5))], [(easy, Decimal(4)), (hard, Decimal(6))]]

    apart = Drawn({}, "s", forms).apart()

    assert (apart.means, apart.spreads, apart.shares > 1, apart.even) == (0, 0, True, False)


@given(st.permutations(range(4)))
def test_the_digest_tells_every_order_of_questions_apart(order):
    questions = [(drawable(version_id=n, question_id=n), FIVE) for n in range(4)]

    shuffled = Drawn({}, "s", [[questions[n] for n in order]])

    assert (shuffled.digest == Drawn({}, "s", [questions]).digest) is (list(order) == sorted(order))


def test_the_digest_tells_another_forecast_and_another_seed_apart():
    question = drawable(version_id=1, question_id=1, expected=Decimal(70))
    harder = drawable(version_id=1, question_id=1, expected=Decimal("69.99"))
    digests = {Drawn({}, seed, [[(one, FIVE)]]).digest for one in (question, harder) for seed in "st"}

    assert len(digests) == 4


def test_rows_with_less_than_twice_the_questions_wanted_are_named_the_tightest_first():
    rows = [Demand("single", "", 0, 2), Demand("judge", "", 0, 1), Demand("multi", "反诈", 3, 1)]

    papers = drawn((70,), (70,), stock=tuple(zip(rows, (8, 3, 2), strict=True)))

    assert papers.tight() == [(rows[2], 2, 2), (rows[1], 2, 3)]
