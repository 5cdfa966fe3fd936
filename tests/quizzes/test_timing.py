from __future__ import annotations

from datetime import date, timedelta

import pytest

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
