"""The one place that reads the clock. Stored time is UTC; days and months are cut in Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


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
