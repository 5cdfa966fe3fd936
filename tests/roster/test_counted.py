"""Who counts where on a day."""

from datetime import date

import pytest

from school.roster import queries
from tests import makers
from tests.makers import TODAY

EARLY, LATE = date(2020, 1, 1), date(2024, 1, 1)


@pytest.fixture
def units(db):
    county = makers.make_unit(db, "云岭县")
    return [makers.make_unit(db, name, county) for name in ("青杠镇", "雪松乡")]


@pytest.mark.parametrize(
    ("there", "here", "counts_at"),
    [
        ({"from_on": EARLY}, {"from_on": LATE}, "雪松乡"),
        ({"from_on": EARLY, "kind": "借调"}, {"from_on": LATE}, "青杠镇"),
        ({"from_on": EARLY, "kind": "借调"}, {"from_on": LATE, "kind": "编制"}, "青杠镇"),
        ({"from_on": EARLY, "kind": "借调"}, {"from_on": LATE, "counts": False}, "雪松乡"),
        ({"from_on": LATE, "kind": "驻村"}, {"from_on": EARLY, "kind": "借调"}, "青杠镇"),
    ],
)
def test_a_person_counts_once_and_at_home_unless_home_does_not_count(db, units, there, here, counts_at):
    """rules.md 28."""
    home, elsewhere = units
    person = makers.make_person(db, "买买提·艾力")
    makers.make_assignment(db, person, elsewhere, **there)
    makers.make_assignment(db, person, home, **here)

    counted = queries.counted_on(db, "/", TODAY)

    assert [(a.person.name, a.unit.name) for a in counted] == [("买买提·艾力", counts_at)]


def test_people_come_in_the_order_of_units_and_then_of_staff_numbers(db, units):
    for number, unit in (("G3", units[1]), ("G2", units[0]), ("G1", units[1])):
        makers.make_person(db, number, unit, staff_no=number)

    assert [a.person.staff_no for a in queries.counted_on(db, "/", TODAY)] == ["G2", "G1", "G3"]
