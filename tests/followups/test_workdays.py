from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.errors import Refused
from school.followups.workdays import Calendar, Due, Entry, add_working_days, read_entries, working_days_late

PUBLISHED = Calendar()
#: 2027 as a county might have typed it from the yearly notice
ENTERED = Calendar({
    date(2027, 1, 1): False, date(2027, 1, 2): False, date(2027, 1, 3): False, date(2027, 5, 1): False,
    date(2027, 10, 1): False, date(2027, 1, 10): True,
})  # fmt: skip

days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
unhurried = settings(deadline=None)
calendars = st.dictionaries(days, st.booleans(), max_size=20).map(Calendar)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 8), 2, date(2026, 10, 10)),
    ],
    ids=["from Friday to Monday", "three days over a weekend", "from a Saturday", "over the October holidays",
         "a Saturday worked in exchange counts"],
)  # fmt: skip
def test_a_due_day_is_counted_in_working_days_with_holidays_and_exchanged_days(start, count, due):
    assert add_working_days(start, count, PUBLISHED) == Due(due, known=True)


def test_a_year_nobody_has_published_is_counted_monday_to_friday_and_says_so():
    assert add_working_days(date(2026, 12, 31), 1, PUBLISHED) == Due(date(2027, 1, 1), known=False)


def test_the_county_s_own_entries_make_the_year_known():
    assert ENTERED.knows(2027)
    assert add_working_days(date(2026, 12, 31), 1, ENTERED) == Due(date(2027, 1, 4), known=True)


@pytest.mark.parametrize(
    "entered",
    [{}, {date(2027, 1, 1): False}, {date(2027, 1, 1): True, date(2027, 5, 1): False, date(2027, 10, 1): False}],
    ids=["nothing", "one holiday only", "new year's day entered as worked"],
)
def test_a_year_is_not_known_before_its_fixed_holidays_are_entered(entered):
    assert not Calendar(entered).knows(2027)


def test_a_county_entry_stands_above_the_published_calendar():
    assert PUBLISHED.works(date(2026, 11, 23))
    assert not Calendar({date(2026, 11, 23): False}).works(date(2026, 11, 23))
    assert add_working_days(date(2026, 11, 20), 1, Calendar({date(2026, 11, 22): True})).on == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("done", "late"),
    [(date(2026, 11, 19), 0), (date(2026, 11, 20), 0), (date(2026, 11, 22), 0), (date(2026, 11, 23), 1), (date(2026, 11, 30), 6)],
    ids=["a day early", "on the day", "on the Sunday after a Friday", "on Monday", "a week and a day later"],
)  # fmt: skip
def test_lateness_counts_working_days_after_the_due_day(done, late):
    assert working_days_late(date(2026, 11, 20), done, PUBLISHED) == late


def test_what_has_no_due_day_is_never_late():
    assert working_days_late(None, date(2026, 11, 20), PUBLISHED) == 0


@pytest.mark.parametrize("count", [0, -1])
def test_no_working_day_at_all_cannot_be_given(count):
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 11, 20), count, PUBLISHED)


@unhurried
@given(days, st.integers(1, 40), calendars)
def test_a_due_day_is_worked_and_has_exactly_so_many_working_days_behind_it(start, count, calendar):
    due = add_working_days(start, count, calendar).on

    assert calendar.works(due)
    assert sum(calendar.works(start + timedelta(n)) for n in range(1, (due - start).days + 1)) == count


@unhurried
@given(days, st.integers(1, 20), st.integers(1, 20), calendars)
def test_days_given_in_two_pieces_end_on_the_same_day(start, first, second, calendar):
    middle = add_working_days(start, first, calendar).on

    assert add_working_days(middle, second, calendar).on == add_working_days(start, first + second, calendar).on


@unhurried
@given(days, st.integers(1, 40), calendars)
def test_done_n_working_days_after_the_due_day_is_n_days_late(due, count, calendar):
    assert working_days_late(due, add_working_days(due, count, calendar).on, calendar) == count


@unhurried
@given(days, days, calendars)
def test_something_is_late_exactly_when_a_working_day_has_passed_since(due, today, calendar):
    assert (working_days_late(due, today, calendar) > 0) == (due < calendar.last_working(today))


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("2027-01-01 休 元旦", Entry(date(2027, 1, 1), False, "元旦")),
        ("2027/1/10 班", Entry(date(2027, 1, 10), True, "")),
        ("2027年2月6日 休 春节", Entry(date(2027, 2, 6), False, "春节")),
        ("  2027.10.1休国庆节  ", Entry(date(2027, 10, 1), False, "国庆节")),
    ],
)
def test_a_day_is_read_as_people_write_it(line, entry):
    assert read_entries(f"\n{line}\n") == [entry]


def test_lines_that_cannot_be_read_are_all_named_and_nothing_is_entered():
    with pytest.raises(Refused) as refused:
        read_entries("2027-01-01 休\n2027-02-30 休\n元旦\n2027-01-01 班")

    assert [part in refused.value.message for part in ("第 2 行", "第 3 行", "第 4 行", "第 1 行")] == [
        True,
        True,
        True,
        False,
    ]


@unhurried
@given(st.lists(st.tuples(days, st.booleans()), unique_by=lambda pair: pair[0]))
def test_every_written_list_is_read_back(entries):
    text = "\n".join(f"{day} {'班' if working else '休'} 备注" for day, working in entries)

    assert [(e.day, e.working, e.note) for e in read_entries(text)] == [
        (day, working, "备注") for day, working in entries
    ]
