"""What the form of a round fills in and tidies before an officer's word counts."""

from __future__ import annotations

from datetime import date

import pytest

from school.quizzes.forms import unmarked, usual_values


@pytest.mark.parametrize(
    ("today", "evening"),
    [
        (date(2026, 11, 20), "2026-11-27T19:00"),
        (date(2026, 11, 21), "2026-11-30T19:00"),
        (date(2026, 11, 22), "2026-11-30T19:00"),
        (date(2026, 11, 23), "2026-11-30T19:00"),
    ],
)
def test_a_new_round_opens_on_an_evening_a_week_ahead_and_at_no_weekend(today, evening):
    assert usual_values(None, today)["opens_at"].isoformat(timespec="minutes") == evening


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("《关于学习的通知》", "关于学习的通知"),
        ("关于学习的通知", "关于学习的通知"),
        ("关于印发《办法》的通知", "关于印发《办法》的通知"),
        ("《办法》和《细则》", "《办法》和《细则》"),
        ("", ""),
        (None, None),
    ],
)
def test_a_title_copied_with_book_marks_is_kept_without_them(typed, kept):
    assert unmarked(typed) == kept
