from __future__ import annotations

from decimal import Decimal

import pytest

from school.courses.attendance import VALUES, credited, tally


@pytest.mark.parametrize(
    ("key", "text", "came", "expected"),
    [
        ("present", "到", True, True),
        ("late", "迟到", True, True),
        ("left_early", "早退", True, True),
        ("leave", "请假", False, False),
        ("duty", "公差", False, False),
        ("absent", "缺席", False, True),
        ("off_roster", "不在册", False, False),
        ("unmarked", "未登记", False, False),
    ],
)
def test_one_table_says_what_counts_above_and_below_the_line(key, text, came, expected):
    """rules.md 36."""
    value = VALUES[key]

    assert (value.text, value.came, value.expected) == (text, came, expected)


def test_the_table_has_no_other_values():
    """rules.md 36."""
    assert len(VALUES) == 8


def test_whoever_came_was_expected():
    assert [value.key for value in VALUES.values() if value.came and not value.expected] == []


def test_the_tally_keeps_names_and_heads_apart():
    """rules.md 42."""
    night = tally(["present", "late", "left_early", "leave", "duty", "absent", "unmarked"], head_count=5)

    assert (night.came, night.expected, night.heads, night.attendances) == (3, 4, 5, 8)


def test_the_tally_of_a_night_counted_by_head_only():
    night = tally([], head_count=23)

    assert (night.attendances, night.expected, night.words) == (23, 0, "")


def test_unmarked_people_are_not_absent():
    """rules.md 35."""
    night = tally(["present", "unmarked", "unmarked"])

    assert (night.came, night.expected) == (1, 1)


def test_the_tally_names_its_values_in_the_order_of_the_table():
    assert tally(["absent", "present", "present", "leave"]).words == "到 2 人，请假 1 人，缺席 1 人"


def test_an_unknown_value_is_refused():
    with pytest.raises(KeyError):
        tally(["here"])


@pytest.mark.parametrize(
    ("value", "body", "number", "hours"),
    [
        ("present", "县委组织部", "云组通〔2026〕12号", Decimal("1.5")),
        ("late", "县委组织部", "云组通〔2026〕12号", Decimal("1.5")),
        ("absent", "县委组织部", "云组通〔2026〕12号", 0),
        ("leave", "县委组织部", "云组通〔2026〕12号", 0),
        ("present", "县委组织部", "", 0),
        ("present", "", "云组通〔2026〕12号", 0),
        ("present", "", "", 0),
    ],
)
def test_hours_are_credited_only_for_coming_to_a_recognised_night(value, body, number, hours):
    assert credited(Decimal("1.5"), value, body, number) == hours
