from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school import clock
from school.courses.calendar import Slot, clashes, weekly
from tests.makers import NOW


def slot(minutes=0, *, hours="2", school=1, path="/1/5/", place="会议室", teacher="teacher 1", name="") -> Slot:
    return Slot(NOW + timedelta(minutes=minutes), Decimal(hours), school, path, place, teacher, name)


OTHER = {"school": 2, "path": "/1/6/", "place": "礼堂", "teacher": "teacher 2"}


def test_a_weekly_series_keeps_its_weekday_and_crosses_the_year():
    """rules.md 43."""
    assert weekly(date(2026, 12, 23), 3) == (date(2026, 12, 23), date(2026, 12, 30), date(2027, 1, 6))


def test_a_weekly_series_keeps_its_clock_time_when_the_clocks_change():
    """rules.md 43: the zone had summer time from 17 April 1988; adding seconds would begin an hour late."""
    starts = [clock.at(day, time(19, 30)) for day in weekly(date(1988, 4, 13), 2)]

    assert [clock.local(start).time() for start in starts] == [time(19, 30), time(19, 30)]
    assert starts[1] - starts[0] == timedelta(days=7, hours=-1)


@given(st.dates(date(2020, 1, 1), date(2099, 1, 1)), st.integers(1, 26))
def test_a_series_has_so_many_nights_of_one_weekday(first, weeks):
    days = weekly(first, weeks)

    assert (days[0], len(set(days)), {day.weekday() for day in days}) == (first, weeks, {first.weekday()})


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (slot(30, **{**OTHER, "teacher": "teacher 1"}), ("教师",)),
        (slot(30, **{**OTHER, "school": 1, "path": "/1/5/"}), ("夜校",)),
        (slot(30, **{**OTHER, "path": "/1/5/8/", "place": "会 议室"}), ("地点",)),
        (slot(30, **{**OTHER, "path": "/1/", "place": "会议室"}), ("地点",)),
        (slot(30), ("教师", "夜校", "地点")),
    ],
)
def test_a_clash_names_what_is_shared(other, shared):
    assert [clash.shared for clash in clashes(slot(), [other])] == [shared]


@pytest.mark.parametrize(
    "other",
    [
        slot(30, **OTHER),
        slot(30, **{**OTHER, "place": "会议室"}),
        slot(120),
        slot(-120),
        slot(-60, hours="1"),
        slot(30, **{**OTHER, "place": "", "teacher": ""}),
    ],
    ids=["nothing in common", "same words, other village", "right after", "right before", "short before", "unnamed"],
)
def test_what_does_not_clash(other):
    assert clashes(slot(), [other]) == ()


def test_two_nights_without_teacher_and_place_share_neither():
    assert clashes(slot(teacher="", place=""), [slot(school=2, teacher="", place="")]) == ()


@pytest.mark.parametrize("minutes", [-119, -1, 0, 119])
def test_an_overlap_of_a_minute_is_a_clash(minutes):
    assert len(clashes(slot(), [slot(minutes)])) == 1


def test_only_a_clash_of_teachers_cannot_be_overruled():
    others = [slot(0, school=2, place="礼堂"), slot(30, teacher="teacher 2")]

    assert [clash.forbids for clash in clashes(slot(), others)] == [True, False]


slots = st.builds(
    slot,
    st.integers(-600, 600),
    hours=st.sampled_from(["0.5", "1.5", "2", "12"]),
    school=st.integers(1, 2),
    path=st.sampled_from(["/1/", "/1/5/", "/1/5/8/", "/1/6/"]),
    place=st.sampled_from(["", "会议室", "礼堂"]),
    teacher=st.sampled_from(["", "teacher 1", "person 1"]),
)


@given(slots, slots)
def test_a_clash_is_mutual(one, other):
    found, back = clashes(one, [other]), clashes(other, [one])

    assert [clash.shared for clash in found] == [clash.shared for clash in back]
