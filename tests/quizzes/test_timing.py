from __future__ import annotations

from datetime import timedelta

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
    """Rule 1."""
    assert timing.deadline(later(minutes=start), 30, CLOSES, extension) == later(minutes=deadline)


@pytest.mark.parametrize(("seconds", "over"), [(0, False), (20, False), (21, True)])
def test_the_grace_of_the_network_ends_to_the_second(seconds, over):
    """Rule 3."""
    assert timing.is_over(NOW, NOW + timedelta(seconds=seconds), grace=20) is over


@pytest.mark.parametrize(
    ("minutes", "extension", "may"),
    [(-1, 0, False), (0, 0, True), (119, 0, True), (120, 0, False), (120, 10, True), (130, 10, False)],
)
def test_one_may_begin_from_the_opening_until_just_before_the_end(minutes, extension, may):
    assert timing.may_begin(NOW, CLOSES, extension, later(minutes=minutes)) is may


def test_keys_stay_hidden_until_the_longest_extension_and_the_grace_are_over():
    assert timing.reveals_at(CLOSES, 15, grace=20) == CLOSES + timedelta(minutes=15, seconds=20)
