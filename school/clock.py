"""The one place that reads the clock. Stored time is UTC; days and months are cut in Asia/Shanghai.

Deadlines hang on it, and the clock of an office PC is set by hand or by a time server gone wrong. So a running house goes
by its own time: the clock as it stood at the start, and the machine's ticks since then, which nobody can set. Small
corrections of the clock are followed at once; a larger one only when nobody can be answering (serving.py), and the system
administrator reads of it until then. A start takes the clock as it stands.
"""

import os
import time as machine
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
#: seconds by which the clock may be corrected without anybody asking why
STEP = 60
#: where a server's processes find the time of the one that started them
HANDED_OVER = "SCHOOL_CLOCK"

_wall = machine.time


def _ticks() -> float:
    """Seconds that pass whatever the clock says, sleep included where the system counts it."""
    return machine.clock_gettime(machine.CLOCK_BOOTTIME) if hasattr(machine, "CLOCK_BOOTTIME") else machine.monotonic()


#: our time less the ticks
_offset = float(os.environ.get(HANDED_OVER) or _wall() - _ticks())


def now() -> datetime:
    """The present moment, aware, in UTC."""
    global _offset
    ticks = _ticks()
    if abs(off := _wall() - ticks - _offset) < STEP:
        _offset += off
    return datetime.fromtimestamp(ticks + _offset, UTC)


def off_by() -> timedelta:
    """How far the machine's clock was set ahead of ours (behind it: negative); zero while we follow it."""
    now()
    off = _wall() - _ticks() - _offset
    return timedelta(seconds=round(off)) if abs(off) >= STEP else timedelta()


def follow() -> None:
    """Take the machine's clock as it stands now."""
    global _offset
    _offset = _wall() - _ticks()


def hand_over() -> None:
    """Give our time to the processes that are started from here."""
    os.environ[HANDED_OVER] = repr(_offset)


def local(moment: datetime) -> datetime:
    """An aware moment on the county's clock. A naive one is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ZONE)


def day(moment: datetime) -> date:
    """The county's calendar day of a moment."""
    return local(moment).date()


def at(on: date, clock_time: time) -> datetime:
    """The moment of a day and time on the county's clock, in UTC."""
    return datetime.combine(on, clock_time, tzinfo=ZONE).astimezone(UTC)


def month(on: date) -> date:
    """The first day of the month a day lies in; months are named by it."""
    return on.replace(day=1)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_bounds(first: date) -> tuple[datetime, datetime]:
    """When a month begins and when the next one begins, in UTC: from ≤ moment < until."""
    return at(first, time()), at(next_month(first), time())
