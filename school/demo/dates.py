"""When everything in the demo county happened, counted from the day it is made. Pure.

Last month's quiz, its closing, the cases and their retests all fit into last month, whatever day of the month it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from school import clock


@dataclass(frozen=True)
class Dates:
    """now: the moment the county is made, aware."""

    now: datetime

    @property
    def today(self) -> date:
        return clock.day(self.now)

    @property
    def this_month(self) -> date:
        return clock.month(self.today)

    @property
    def last_month(self) -> date:
        return clock.month(self.this_month - timedelta(days=1))

    @property
    def roster_on(self) -> date:
        """The day the roster counts from: the first of the month before last."""
        return clock.month(self.last_month - timedelta(days=1))

    @property
    def changed_on(self) -> date:
        """The day of mergers and transfers, between last month's freeze and its closing."""
        return self.last_month + timedelta(days=9)

    def last(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of a day of last month on the county's clock."""
        return clock.at(self.last_month + timedelta(days=day - 1), time(hour, minute))

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment so many days before today (after it, when negative) on the county's clock."""
        return clock.at(self.today - timedelta(days=days), time(hour, minute))
