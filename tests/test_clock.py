"""Days and months are the county's, wherever the server stands."""

from __future__ import annotations

import time as machine
from datetime import UTC, date, datetime, time

import pytest

from school import clock


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati", "UTC"])
def elsewhere(request, monkeypatch):
    """The server's own zone is another one."""
    if not hasattr(machine, "tzset"):
        pytest.skip("the zone of a process cannot be set here")
    monkeypatch.setenv("TZ", request.param)
    machine.tzset()
    yield request.param
    monkeypatch.undo()
    machine.tzset()


@pytest.mark.parametrize(
    ("hour", "minute", "day"), [(15, 59, date(2026, 10, 31)), (16, 0, date(2026, 11, 1))], ids=["23:59", "midnight"]
)
def test_day_and_month_change_at_midnight_in_the_county(elsewhere, hour, minute, day):
    """rules.md 7."""
    moment = datetime(2026, 10, 31, hour, minute, tzinfo=UTC)

    assert clock.day(moment) == day
    assert clock.month(clock.day(moment)) == day.replace(day=1)


def test_a_time_of_the_day_is_the_countys_and_is_kept_in_utc(elsewhere):
    """rules.md 7."""
    assert clock.at(date(2026, 11, 1), time(0, 30)) == datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    assert clock.local(datetime(2026, 10, 31, 16, 30, tzinfo=UTC)).time() == time(0, 30)
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)).total_seconds() < clock.STEP
