from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.results import standard
from school.results.figures import Shortfall
from tests.figures_makers import make_counts, make_standard

COUNTY = make_standard()


def counted(expected, sat, passed, mean=90):
    return make_counts(
        on_roster=expected, expected=expected, exempt=0, absent=expected - sat, sat=sat, passed=passed, excellent=0,
        score_sum=Decimal(mean) * sat,
    )  # fmt: skip


def missed(counts, variance=0):
    return [(one.measure, one.by_chance) for one in standard.shortfalls(counts, COUNTY, variance=Fraction(variance))]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("0", "below"),
        ("59.99", "below"),
        ("60", "passed"),
        ("89.99", "passed"),
        ("90", "excellent"),
        ("100", "excellent"),
    ],
)
def test_a_score_on_the_edge_is_in_the_band(score, band):
    assert standard.band(Decimal(score), COUNTY) == band


@pytest.mark.parametrize(
    ("expected", "sat", "passed", "found"),
    [
        (9, 9, 1, []),
        (10, 0, 0, []),
        (10, 10, 9, []),
        (10, 10, 8, [("pass_rate", True)]),
        (24, 24, 20, [("pass_rate", True)]),
        (100, 100, 90, []),
        (100, 100, 89, [("pass_rate", True)]),
        (100, 100, 80, [("pass_rate", False)]),
    ],
    ids=[
        "too small to be judged", "nobody to count", "exactly the standard", "one below in ten", "twenty of twenty-four",
        "exactly the standard in a hundred", "one below in a hundred", "far below",
    ],
)  # fmt: skip
def test_the_pass_rate_is_missed_only_below_the_standard_and_never_in_a_small_unit(expected, sat, passed, found):
    """rules.md 31"""
    assert missed(counted(expected, sat, passed)) == found


def test_what_was_reached_is_an_exact_fraction_beside_what_was_asked():
    found = standard.shortfalls(counted(30, 30, 20, mean=Decimal("79.5")), COUNTY, variance=Fraction(100))

    assert found == (
        Shortfall("pass_rate", Fraction(2, 3), Decimal("0.9"), False),
        Shortfall("mean", Fraction(159, 2), Decimal(80), True),
    )
    assert [one.gap for one in found] == [Fraction(7, 30), Fraction(1, 2)]


def test_a_mean_that_rounds_to_the_standard_but_lies_below_it_is_missed():
    counts = make_counts(expected=300, sat=300, passed=300, score_sum=Decimal("23999.5"))

    assert missed(counts, variance=100) == [("mean", True)]


@pytest.mark.parametrize(
    ("passed", "sat", "by_chance"), [(8, 10, True), (7, 10, True), (6, 10, False), (20, 24, True), (80, 100, False)]
)
def test_chance_explains_a_pass_rate_seen_in_more_than_five_of_a_hundred_months(passed, sat, by_chance):
    assert standard.rate_by_chance(passed, sat, Decimal("0.9")) == by_chance


def test_a_probability_of_exactly_one_in_twenty_is_rare():
    """P(0 of 1) at an asked rate of 0.95 is 1/20, which is not more than five of a hundred."""
    assert standard.rate_by_chance(0, 1, Decimal("0.95")) is False
    assert standard.rate_by_chance(0, 1, Decimal("0.94")) is True


def test_chance_never_fails_anybody_where_all_must_pass():
    assert standard.rate_by_chance(99, 100, Decimal(1)) is False


@given(st.integers(1, 80), st.data())
def test_fewer_who_pass_are_never_easier_to_explain(sat, data):
    passed = data.draw(st.integers(1, sat))

    if standard.rate_by_chance(passed - 1, sat, Decimal("0.9")):
        assert standard.rate_by_chance(passed, sat, Decimal("0.9"))


@pytest.mark.parametrize(
    ("mean", "sat", "by_chance"), [("75", 12, True), ("74.99", 12, False), ("79", 300, True), ("78.99", 300, False)]
)
def test_chance_explains_a_mean_within_three_squared_deviations(mean, sat, by_chance):
    assert standard.mean_by_chance(Fraction(mean), sat, Decimal(80), Fraction(100)) == by_chance


def test_where_all_scores_are_alike_chance_explains_no_gap():
    assert standard.mean_by_chance(Fraction(79), 50, Decimal(80), Fraction(0)) is False


def test_the_spread_is_the_mean_squared_distance_from_the_mean():
    assert standard.variance([Decimal(60), Decimal(80), Decimal("82.5")]) == Fraction(1825, 18)
    assert standard.variance([]) == 0
