"""The demo county as it is thought out: sizes, awkward cases, sameness, and times that fit any day of the year."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school import clock
from school.demo import county, names, sheets
from school.demo.county import FULL, SMALL
from school.demo.dates import Dates
from school.roster import sheet
from tests.makers import NOW


def kinds(made) -> Counter:
    """Units by kind after the mergers."""
    return Counter(unit.kind for unit in made.of("县", "乡镇", "村", "社区", "县级部门"))


def test_the_same_seed_gives_the_same_county_and_another_seed_other_names():
    once, again, other = county.county(SMALL, 1), county.county(SMALL, 1), county.county(SMALL, 2)

    assert once == again
    assert [person.name for person in once.people] != [person.name for person in other.people]


def test_the_small_county_has_fifteen_units_and_about_two_hundred_people():
    made = county.county(SMALL)

    assert kinds(made) == {"县": 1, "县级部门": 7, "乡镇": 3, "村": 4}
    assert 190 <= len(made.people) <= 215


def test_the_full_county_has_the_units_of_a_real_one():
    made = county.county(FULL)

    assert kinds(made) == {"县": 1, "县级部门": 58, "乡镇": 12, "村": 96, "社区": 6}
    assert 3500 <= len(made.people) <= 3900
    assert len({unit.code for unit in made.units}) == len({unit.name for unit in made.units}) == len(made.units)


@pytest.mark.parametrize("size", [SMALL, FULL])
def test_the_awkward_cases_are_all_there(size):
    made = county.county(size)
    kinds_of_posts = Counter(post.kind for person in made.people for post in person.posts[1:])

    assert set(names.AWKWARD) <= {person.name for person in made.people}
    assert max(len(name) for name in names.AWKWARD) == 20
    assert len(made.merged) == 2
    assert len(made.moved) - sum(len(made.staff(old)) for old, _new in made.merged) == 5
    assert kinds_of_posts == {"兼任": 3, "挂职": 1, "借调": 1, "驻村": size.posted_to_villages}
    assert made.on_leave in {person.staff_no for person in made.people}
    assert all(sum(post.counts for post in person.posts) == 1 for person in made.people)


@pytest.mark.parametrize("size", [SMALL, FULL])
def test_both_files_are_read_by_the_importer_without_a_complaint(size):
    made = county.county(size)
    whole = sheet.read(sheets.roster(made, date(2026, 9, 1)), "花名册.xlsx")
    changed = sheet.read(sheets.changes(made, date(2026, 10, 10)), "花名册变动.xlsx")

    assert (whole.complaints, changed.complaints) == ((), ())
    assert {(row.staff_no, row.name) for row in whole.rows} == {(p.staff_no, p.name) for p in made.people}
    assert len(whole.units) == len(made.units)
    assert len(changed.rows) == len(made.moved)
    assert [unit.merged_into for unit in changed.units] == [(new.code,) for _old, new in made.merged]


@given(st.integers(0, 4 * 366 * 24 * 60))
def test_whatever_the_minute_the_past_is_past_and_in_order(minutes):
    dates = Dates(NOW + timedelta(minutes=minutes))

    assert dates.roster_on < dates.last_month < dates.changed_on < dates.this_month <= dates.today
    assert dates.last(1) < dates.last(24, 15) < dates.now
    assert clock.day(dates.last(24)) == dates.last_month + timedelta(days=23)
    assert dates.ago(1, 8) < dates.now < dates.ago(-14, 22)
