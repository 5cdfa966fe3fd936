from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.quizzes import timing
from tests.makers import NOW, later

CLOSES = later(hours=2)


@pytest.mark.parametrize(
    ("start", "extension", "deadline"),
    [(0, 0, 30), (90, 0, 120), (110, 0, 120), (110, 15, 135), (0, 15, 45)],
    ids=["the own time ends first", "both end together", "the window ends first", "late with extension", "extension"],
)
def test_the_deadline_is_the_earlier_end_plus_the_extension(start, extension, deadline):
    """rules.md 1."""
    assert timing.deadline(later(minutes=start), 30, CLOSES, extension) == later(minutes=deadline)


@pytest.mark.parametrize(
    ("start", "closes", "deadline"),
    [(0, 130, 40), (110, 130, 130), (115, 130, 130)],
    ids=["the own time is longer by it", "the later end of the window", "the own time would end after it"],
)
def test_time_given_back_prolongs_the_own_time_inside_the_later_window(start, closes, deadline):
    """rules.md 1."""
    given_back = timing.deadline(later(minutes=start), 30, later(minutes=closes), 0, given_back=600)

    assert given_back == later(minutes=deadline)


@pytest.mark.parametrize(("seconds", "lost"), [(0, 0), (0.2, 1), (60, 60), (61.5, 62)])
def test_a_pause_is_counted_in_whole_seconds_in_favour_of_those_who_answer(seconds, lost):
    assert timing.lost(NOW, NOW + timedelta(seconds=seconds)) == lost
    assert timing.still_closes_at(CLOSES, NOW, NOW + timedelta(seconds=seconds)) == CLOSES + timedelta(seconds=lost)


def test_a_round_that_is_not_paused_ends_when_it_was_said():
    assert timing.still_closes_at(CLOSES, None, later(hours=9)) == CLOSES


@pytest.mark.parametrize(
    ("silent", "back", "closes"),
    [(12, 41, 71), (55, 70, 75), (-50, -40, 60), (65, 70, 65), (-200, 29, 60), (-200, 31, 61), (60, 65, 65)],
    ids=["the return and the working time", "what was left of the window", "time enough", "only extensions ran",
         "dark at night", "a minute of the working time would be missing", "it had just ended"],
)  # fmt: skip
def test_after_an_outage_the_window_stays_open_for_the_working_time_or_what_was_left(silent, back, closes):
    """Minutes after 20:00; the window was to end at 21:00, the working time is 30 minutes."""
    ends = timing.closes_after(later(minutes=60), 30, later(minutes=silent), later(minutes=back))

    assert ends == later(minutes=closes)


@given(
    start=st.integers(0, 200), minutes=st.integers(1, 120), window=st.integers(1, 240), extension=st.integers(0, 60),
    went=st.integers(0, 300), away=st.integers(1, 5000),
)  # fmt: skip
def test_after_an_outage_everybody_has_as_much_time_as_before_and_the_window_moves_by_no_more(
    start, minutes, window, extension, went, away
):
    """rules.md 1. Whoever was under way has what was left, to the minute; whoever had not begun has it or the whole."""
    closes, silent, back = later(minutes=window), later(minutes=went), later(minutes=went + away)
    then = timing.closes_after(closes, minutes, silent, back)

    assert closes <= then <= closes + timedelta(minutes=away)
    if timing.may_begin(NOW, closes, 0, silent):
        before = timing.deadline(silent, minutes, closes, extension) - silent
        assert timing.may_begin(NOW, then, 0, back)
        assert timing.deadline(back, minutes, then, extension) - back >= before
    else:
        assert not timing.may_begin(NOW, then, 0, back)
    started_at = later(minutes=start)
    deadline_at = timing.deadline(started_at, minutes, closes, extension)
    if start < min(window, went) and deadline_at > silent:
        again = timing.deadline(started_at, minutes, then, extension, away * 60)
        assert again - back == deadline_at - silent


@pytest.mark.parametrize(
    ("seconds", "silent"), [(-3600, 0), (0, 0), (59, 0), (60, 0), (60.5, 61), (61, 61), (86400, 86400)]
)
def test_a_beat_that_is_a_little_late_is_no_outage_and_a_clock_that_went_back_is_none(seconds, silent):
    assert timing.silence(NOW, later(seconds=seconds)) == silent
    assert timing.silence(None, NOW) == 0


@pytest.mark.parametrize(
    ("typed", "earliest", "since"), [(0, 37, 37), (0, 60, 0), (0, 0, 0), (60, 37, 60)],
    ids=["the minute of the opening", "a minute before it", "to the second", "after it"],
)  # fmt: skip
def test_a_pause_typed_to_the_minute_may_name_the_minute_in_which_it_first_could(typed, earliest, since):
    assert timing.stopped_at(later(seconds=typed), later(seconds=earliest)) == later(seconds=since)


@pytest.mark.parametrize(("seconds", "over"), [(0, False), (20, False), (21, True)])
def test_the_grace_of_the_network_ends_to_the_second(seconds, over):
    """rules.md 3."""
    assert timing.is_over(NOW, NOW + timedelta(seconds=seconds), grace=20) is over


@pytest.mark.parametrize(
    ("minutes", "extension", "may"),
    [(-1, 0, False), (0, 0, True), (119, 0, True), (120, 0, False), (120, 10, True), (130, 10, False)],
)
def test_one_may_begin_from_the_opening_until_just_before_the_end(minutes, extension, may):
    assert timing.may_begin(NOW, CLOSES, extension, later(minutes=minutes)) is may


def test_keys_stay_hidden_until_the_longest_extension_and_the_grace_are_over():
    """rules.md 12."""
    assert timing.reveals_at(CLOSES, 15, grace=20) == CLOSES + timedelta(minutes=15, seconds=20)


@pytest.mark.parametrize(("hours", "shown"), [(0, 15), (1, 60)], ids=["never earlier", "later when it was said so"])
def test_a_review_time_puts_the_showing_off_and_never_brings_it_forward(hours, shown):
    """rules.md 12."""
    reveals_at = timing.reveals_at(CLOSES, 15, 0, review_at=CLOSES + timedelta(hours=hours))

    assert reveals_at == CLOSES + timedelta(minutes=shown)


@pytest.mark.parametrize(
    ("study_from", "published", "on", "may"),
    [
        (None, False, 20, False), (None, True, 20, True), (None, True, 30, True), (5, False, 4, False),
        (5, False, 5, True), (5, True, 4, False), (5, True, 30, True),
    ],
)  # fmt: skip
def test_scope_and_clauses_are_read_from_the_study_day_or_publishing_until_the_months_end(
    study_from, published, on, may
):
    study_from = study_from and date(2026, 11, study_from)
    published_at = NOW if published else None

    assert timing.may_study(study_from, published_at, date(2026, 11, 1), CLOSES, date(2026, 11, on)) is may


def test_scope_and_clauses_stay_until_a_window_ends_that_runs_into_the_next_month():
    closes_at = later(days=15)

    assert timing.study_until(date(2026, 11, 1), closes_at) == date(2026, 12, 5)
    assert timing.study_until(date(2026, 11, 1), CLOSES) == date(2026, 11, 30)
    assert not timing.may_study(None, NOW, date(2026, 11, 1), CLOSES, date(2026, 12, 1))
