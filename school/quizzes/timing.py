"""When an attempt ends, and what may still be done. Pure; times are aware.

Deadline = min(start + minutes + time given back, window end) + personal extension: computed when the attempt begins,
stored, and shown as clock time before starting (rules.md 1); computed anew from the same parts whenever the window or
the extension changes. A pause moves the window's end and gives its own length back to whoever was answering; an outage
of the server does so by itself (`closes_after`). The grace for a slow network comes after the deadline and is no bonus
(rules.md 3): an answer that arrives within it counts, the page never speaks of it as time.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from school import clock

#: seconds without a beat (Heartbeat) after which the server was silent: two looks of the watch and a slow third
SILENT_AFTER = 60


def deadline(started_at: datetime, minutes: int, closes_at: datetime, extension: int, given_back: int = 0) -> datetime:
    """When answers stop counting for somebody who started then. extension: minutes; given_back: seconds.

    | start | minutes | given back | window ends | extension | deadline |
    |-------|---------|------------|-------------|-----------|----------|
    | 19:00 | 30      | 0          | 21:00       | 0         | 19:30    |
    | 20:50 | 30      | 0          | 21:00       | 0         | 21:00    |
    | 20:50 | 30      | 0          | 21:00       | 15        | 21:15    |
    | 19:00 | 30      | 600        | 21:10       | 0         | 19:40    |
    | 20:50 | 30      | 600        | 21:10       | 15        | 21:25    |
    """
    own = started_at + timedelta(minutes=minutes, seconds=given_back)
    return min(own, closes_at) + timedelta(minutes=extension)


def is_over(deadline_at: datetime | None, now: datetime, grace: int, *, paused: bool = False) -> bool:
    """Whether an attempt's answers are closed: past the deadline and the grace (seconds) of the network; never in a pause."""
    return deadline_at is not None and not paused and now > deadline_at + timedelta(seconds=grace)


def may_begin(opens_at: datetime, closes_at: datetime, extension: int, now: datetime) -> bool:
    """Whether somebody may start now: inside the window, or inside their own extension of it."""
    return opens_at <= now < closes_at + timedelta(minutes=extension)


def ends_at(closes_at: datetime, longest_extension: int, grace: int) -> datetime:
    """From when nobody can be answering any more. While a round is paused its `closes_at` runs along: `still_closes_at`."""
    return closes_at + timedelta(minutes=longest_extension, seconds=grace)


def still_closes_at(closes_at: datetime, paused_at: datetime | None, now: datetime) -> datetime:
    """When the window would end if the round went on at this moment: a pause moves the end along with the clock."""
    return closes_at if paused_at is None else closes_at + timedelta(seconds=lost(paused_at, now))


def lost(paused_at: datetime, now: datetime) -> int:
    """Whole seconds that a pause has taken, rounded up in favour of those who answer."""
    return max(0, math.ceil((now - paused_at).total_seconds()))


def silence(beat_at: datetime | None, now: datetime) -> int:
    """Whole seconds for which the server was silent; 0 without a beat, within SILENT_AFTER, or where the clock went back."""
    gap = 0 if beat_at is None else lost(beat_at, now)
    return gap if gap > SILENT_AFTER else 0


def closes_after(closes_at: datetime, minutes: int, silent_from: datetime, back_at: datetime) -> datetime:
    """When a window ends after an outage: whoever had not begun has the whole working time, or what of it was left.

    It moves to the later of the announced end and the return plus the working minutes, never by more than the outage
    took: a window of three days does not move because the office was dark at night. Where the window was over before
    and only extensions ran, their deadlines move by the whole outage; the end lies in the past then as before.

    | closes | minutes | silent from | back  | closes then | because                               |
    |--------|---------|-------------|-------|-------------|---------------------------------------|
    | 21:00  | 30      | 20:12       | 20:41 | 21:11       | 20:41 and 30 minutes                  |
    | 21:00  | 30      | 20:55       | 21:10 | 21:15       | the five minutes that were left       |
    | 21:00  | 30      | 19:10       | 19:20 | 21:00       | there is time enough                  |
    | 21:00  | 30      | 21:05       | 21:10 | 21:05       | over before; an extension goes on     |
    """
    gap = timedelta(seconds=lost(silent_from, back_at))
    if closes_at <= silent_from:
        return closes_at + gap
    return min(closes_at + gap, max(closes_at, back_at + timedelta(minutes=minutes)))


def stopped_at(typed: datetime, earliest: datetime) -> datetime:
    """Since when a pause counts that was typed to the minute: within the minute of the earliest moment, that moment."""
    return earliest if timedelta() < earliest - typed < timedelta(minutes=1) else typed


def reveals_at(closes_at: datetime, longest_extension: int, grace: int, review_at: datetime | None = None) -> datetime:
    """When keys and explanations may leave the server: nobody can be answering any more, and never before `review_at`."""
    ends = ends_at(closes_at, longest_extension, grace)
    return ends if review_at is None else max(ends, review_at)


def study_until(month: date, closes_at: datetime) -> date:
    """The last day on which scope and clauses are there to be read: the month's last, or the day the window ends."""
    return max(clock.next_month(month) - timedelta(days=1), clock.day(closes_at))


def may_study(
    study_from: date | None, published_at: datetime | None, month: date, closes_at: datetime, on: date
) -> bool:
    """Whether scope and clauses may be read on a day.

    | study from | published | the day                 | may |
    |------------|-----------|-------------------------|-----|
    | none       | no        | any                     | no  |
    | none       | yes       | until the month's end   | yes |
    | 5th        | no        | before the 5th          | no  |
    | 5th        | no or yes | 5th to the month's end  | yes |
    | 5th        | yes       | before the 5th          | no  |
    | any        | any       | after the month's end and the window's | no |
    """
    begun = published_at is not None if study_from is None else study_from <= on
    return begun and on <= study_until(month, closes_at)
