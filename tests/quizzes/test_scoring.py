"""What answers earn: ids not texts, exact halves, the printed multi-choice rule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.quizzes import scoring

FIVE = Decimal(5)


@pytest.mark.parametrize(
    ("kind", "key", "answer", "rule", "points"),
    [
        ("single", ["a"], ["a"], "half", "5"),
        ("single", ["a"], ["b"], "half", "0"),
        ("single", ["a"], [], "half", "0"),
        ("judge", True, [True], "half", "5"),
        ("judge", False, [False], "half", "5"),
        ("judge", False, [True], "half", "0"),
        ("judge", False, [], "half", "0"),
        ("multi", ["a", "b", "d"], ["a", "b", "d"], "half", "5"),
        ("multi", ["a", "b", "d"], ["d", "a", "b"], "half", "5"),
        ("multi", ["a", "b", "d"], ["a"], "half", "2.5"),
        ("multi", ["a", "b", "d"], ["a", "c"], "half", "0"),
        ("multi", ["a", "b", "d"], ["a", "b"], "all", "0"),
        ("multi", ["a", "b", "d"], ["a", "b", "d"], "all", "5"),
        ("multi", ["a", "b", "d"], ["a", "b"], "proportional", "3.33"),
        ("multi", ["a", "b", "d"], ["a", "b", "c"], "proportional", "1.67"),
        ("multi", ["a", "b"], ["c", "d", "a"], "proportional", "0"),
        ("fill", [["三十", "30"]], [" ３０ "], "half", "5"),
        ("fill", [["三十"], ["一户一宅"]], ["三十", ""], "half", "2.5"),
        ("fill", [["三十"], ["一户一宅"]], ["三十"], "half", "2.5"),
        ("fill", [["三十"], ["一户一宅"]], ["", ""], "half", "0"),
        ("multi", ["a", "b", "d"], ["a", "b", "d"], "hand", "5"),
        ("multi", ["a", "b", "d"], ["c"], "hand", "0"),
        ("multi", ["a", "b", "d"], [], "hand", "0"),
        ("short", "略", [], "half", "0"),
        ("short", "略", ["　"], "half", "0"),
    ],
)
def test_an_answer_earns_what_the_table_says(kind, key, answer, rule, points):
    """rules.md 17, 18, 19, 20: ids and not letters, exact halves, the printed multi-choice rule, alternatives and widths."""
    assert scoring.points(kind, key, answer, FIVE, rule) == Decimal(points)


@pytest.mark.parametrize(
    ("kind", "key", "answer", "rule"),
    [
        ("fill", [["三十"]], ["二十"], "half"),
        ("fill", [["三十"], ["一户一宅"]], ["三十", "两宅"], "half"),
        ("fill", [["三十"], ["一户一宅"]], ["", "两宅"], "half"),
        ("short", "略", ["写了很多"], "half"),
        ("multi", ["a", "b", "d"], ["a", "c"], "hand"),
        ("multi", ["a", "b", "d"], ["a"], "hand"),
    ],
)
def test_what_is_neither_right_nor_wrong_waits_for_a_person(kind, key, answer, rule):
    assert scoring.points(kind, key, answer, FIVE, rule) is None


@pytest.mark.parametrize(("kind", "rule"), [("essay", "half"), ("multi", "lottery")])
def test_what_is_not_in_the_table_is_refused(kind, rule):
    with pytest.raises(ValueError, match="unknown"):
        scoring.points(kind, ["a"], ["a"], FIVE, rule)


letters = st.lists(st.sampled_from("abcdef"), unique=True)


@given(
    letters.filter(bool), letters, st.sampled_from(["all", "half", "proportional"]), st.decimals("0.5", "10", places=1)
)
def test_no_answer_earns_less_than_nothing_or_more_than_everything(key, answer, rule, full):
    """rules.md 18, 19: 0 ≤ points ≤ full."""
    earned = scoring.points("multi", key, answer, full, rule)

    assert 0 <= earned <= full
    assert (earned == full) == (set(answer) == set(key))
