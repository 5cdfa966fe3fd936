"""Each seat's stretch of numbers."""

from __future__ import annotations

import pytest

from school.quizzes import seats


@pytest.mark.parametrize(
    ("seat", "highest", "following"),
    [(0, 0, 1), (0, 12, 13), (1, 12, 100_001), (1, 100_007, 100_008), (2, 100_007, 200_001)],
    ids=["the first change", "the next", "another device", "its next", "a third device"],
)
def test_a_seat_gives_out_numbers_above_all_before(seat, highest, following):
    assert seats.next_number(seat, highest) == following
    assert seats.seat_of(following) == seat
