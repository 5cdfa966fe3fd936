"""What people are expected to earn with a question and on a paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from school.quizzes.forecast import Asked, Forecast, Measured, apart, expected, forecasts


@pytest.mark.parametrize(("level", "percent"), [(1, 90), (2, 80), (3, 70), (4, 60), (5, 50)])
def test_a_question_nobody_answered_is_as_hard_as_its_author_says(level, percent):
    assert expected(level, Measured()) == percent


@pytest.mark.parametrize(
    ("measured", "percent"),
    [
        (Measured(9, Decimal(9), Decimal(45)), "70"),
        (Measured(10, Decimal(10), Decimal(50)), "20"),
        (Measured(12, Decimal("20.5"), Decimal(60)), "34.17"),
        (Measured(10, Decimal(0), Decimal(50)), "0"),
        (Measured(10, Decimal(0), Decimal(0)), "70"),
    ],
    ids=["nine attempts", "ten attempts", "half up to hundredths", "nobody right", "worth nothing"],
)
def test_from_ten_first_attempts_on_what_people_did_counts(measured, percent):
    """rules.md 30."""
    assert expected(3, measured) == Decimal(percent)


def test_measures_of_several_rounds_add_up():
    assert Measured(6, Decimal(10), Decimal(30)) + Measured(5, Decimal(5), Decimal(25)) == Measured(
        11, Decimal(15), Decimal(55)
    )


def test_a_form_is_told_by_points_by_questions_and_by_what_it_shares():
    easy, hard = Asked(1, Decimal(3), Decimal(90), 12), Asked(2, Decimal(1), Decimal(50), 0)

    assert forecasts([("A", [easy, hard]), ("B", [easy]), ("C", [])]) == [
        Forecast("A", Decimal("80.00"), Decimal("70.00"), Decimal("20.00"), measured=1, shared=1),
        Forecast("B", Decimal("90.00"), Decimal("90.00"), Decimal("0.00"), measured=1, shared=1),
    ]


@pytest.mark.parametrize(
    ("values", "percent"), [([70, 72, 71], "2.82"), ([70], "0"), ([], "0"), ([0, 0], "0"), ([10, 30], "100")]
)
def test_how_far_forms_lie_apart_is_told_against_their_mean(values, percent):
    assert apart(map(Decimal, values)) == Decimal(percent)
