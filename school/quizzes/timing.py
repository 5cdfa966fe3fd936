"""When an attempt ends, and what may still be done. Pure; times are aware.

Deadline = min(start + minutes, window end) + personal extension: computed once when the attempt begins, stored, and
shown as clock time before starting (rules.md 1). The grace for a slow network comes after it and is no bonus
(rules.md 3): an answer that arrives within it counts, the page never speaks of it as time.
"""

from __future__ import annotations

from datetime import datetime, timedelta


def deadline(started_at: datetime, minutes: int, closes_at: datetime, extension: int) -> datetime:
    """When answers stop counting for somebody who starts now.

    | start | minutes | window ends | extension | deadline |
    |-------|---------|-------------|-----------|----------|
    | 19:00 | 30      | 21:00       | 0         | 19:30    |
    | 20:50 | 30      | 21:00       | 0         | 21:00    |
    | 20:50 | 30      | 21:00       | 15        | 21:15    |
    """
    return min(started_at + timedelta(minutes=minutes), closes_at) + timedelta(minutes=extension)


def is_over(deadline_at: datetime | None, now: datetime, grace: int) -> bool:
    """Whether an attempt's answers are closed: past the deadline and the grace (seconds) of the network."""
    return deadline_at is not None and now > deadline_at + timedelta(seconds=grace)


def may_begin(opens_at: datetime, closes_at: datetime, extension: int, now: datetime) -> bool:
    """Whether somebody may start now: inside the window, or inside their own extension of it."""
    return opens_at <= now < closes_at + timedelta(minutes=extension)


def reveals_at(closes_at: datetime, longest_extension: int, grace: int) -> datetime:
    """When keys and explanations may leave the server: nobody can be answering any more."""
    return closes_at + timedelta(minutes=longest_extension, seconds=grace)
