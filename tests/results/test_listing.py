from __future__ import annotations

import pytest

from school.results import listing, tally
from tests.figures_makers import make_month, make_person, make_unit

PEOPLE = (
    make_person(0, name="免", reason="产假"),
    make_person(1, name="缺", reason="没有参加"),
    make_person(2, name="低", band="below"),
    make_person(3, name="合", band="passed"),
    make_person(4, name="优", band="excellent"),
)


@pytest.mark.parametrize(
    ("state", "band", "counted"),
    [
        ("", "", "免缺低合优"),
        ("expected", "", "缺低合优"),
        ("absent", "", "缺"),
        ("exempt", "", "免"),
        ("sat", "", "低合优"),
        ("sat", "passed", "合优"),
        ("sat", "excellent", "优"),
        ("sat", "below", "低"),
    ],
)
def test_a_list_holds_everybody_first_those_counted_then_the_others(state, band, counted):
    rows = listing.listed([make_unit(people=PEOPLE)], state, band)

    assert "".join(row.person.name for row in rows if row.counted) == counted
    assert [row.counted for row in rows] == sorted((row.counted for row in rows), reverse=True)
    assert sorted(row.person.name for row in rows) == sorted("免缺低合优")


def test_each_is_in_or_out_with_the_reason():
    assert [listing.why(person) for person in PEOPLE] == [
        "免考：产假", "缺考：没有参加", "实考，未合格", "实考，合格", "实考，优秀",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "state", "band"),
    [
        ("on_roster", "", ""), ("expected", "expected", ""), ("exempt", "exempt", ""), ("absent", "absent", ""),
        ("sat", "sat", ""), ("passed", "sat", "passed"), ("excellent", "sat", "excellent"),
    ],
)  # fmt: skip
def test_a_number_and_its_list_agree(field, state, band):
    people = PEOPLE + tuple(make_person(n, band="passed") for n in range(5, 20))
    unit = make_unit(people=people, counts=tally.counts(people))
    month = make_month((unit,))

    rows = listing.listed(month.units, state, band)

    assert sum(row.counted for row in rows) == getattr(unit.counts, field)


@pytest.mark.parametrize(
    ("state", "band", "whole"),
    [("sat", "passed", ("实考", 3)), ("sat", "", ("应考", 4)), ("absent", "", None), ("", "", None)],
)
def test_a_share_names_what_it_is_a_share_of(state, band, whole):
    rows = listing.listed([make_unit(people=PEOPLE)], state, band)

    assert listing.of(rows, state, band) == whole
