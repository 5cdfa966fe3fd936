from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school import words


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (240, 254, "94.49%"),
        (950, 983, "96.64%"),
        (5, 6, "83.33%"),
        (0, 7, "0.00%"),
        (7, 7, "100.00%"),
        (1, 20_000, "0.01%"),
        (1, 20_001, "0.00%"),
    ],
    ids=["240 of 254", "950 of 983", "5 of 6", "none", "all", "half goes up", "below half goes down"],
)
def test_a_share_is_said_with_two_decimals_rounded_half_up(part, whole, said):
    assert words.percent(Fraction(part, whole)) == said


@settings(deadline=None)
@given(st.fractions(min_value=-1000, max_value=1000), st.integers(min_value=0, max_value=6))
def test_rounding_never_moves_a_number_by_more_than_half_a_step(number, places):
    rounded = words.half_up(number, places)

    assert abs(Fraction(rounded) - number) <= Fraction(1, 2 * 10**places)
    assert -rounded == words.half_up(-number, places)
    assert rounded.as_tuple().exponent == -places


def test_nothing_to_divide_is_a_dash():
    assert (words.percent(None), words.points(None)) == ("—", "—")


@pytest.mark.parametrize(("number", "said"), [("80.00", "80"), ("4.50", "4.5"), ("100", "100"), ("0.0", "0")])
def test_an_exact_number_has_no_idle_zeros(number, said):
    assert words.points(Decimal(number)) == said


def test_a_moment_is_said_on_the_countys_clock():
    assert words.moment(datetime(2026, 12, 31, 16, 5, tzinfo=UTC)) == "2027年1月1日 00:05"


@pytest.mark.parametrize(("seconds", "said"), [(0, "0 秒"), (45, "45 秒"), (600, "10 分"), (3725, "1 小时 2 分 5 秒")])
def test_a_span_is_said_without_the_parts_that_are_nothing(seconds, said):
    assert words.span(seconds) == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [(3, "2026年11月20日 20:00 到 23:00"), (4, "2026年11月20日 20:00 到 2026年11月21日 00:00")],
    ids=["the same day", "the next day begins"],
)
def test_a_stretch_names_the_second_day_only_where_it_is_another(hours, said):
    since = datetime(2026, 11, 20, 12, tzinfo=UTC)

    assert words.stretch(since, since + timedelta(hours=hours)) == said
