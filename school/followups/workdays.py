"""Working days (工作日) with 调休. Pure.

The county's own entries stand first, then the published calendar of holidays that `chinesecalendar` carries (2004–2026),
then Monday to Friday. For a year of the last kind every answer says so (`known=False`) and the page prints UNKNOWN.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from chinese_calendar.constants import holidays, workdays

from school.errors import Refused

PUBLISHED_FROM, PUBLISHED_TO = min(holidays).year, max(holidays).year
#: holidays that every year has on the same day; a year is entered once the county has entered these
FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1))
#: what is printed beside a day counted without them
UNKNOWN = "该年度节假日安排未录入"
DAY = timedelta(days=1)
LINE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*(休|班)\s*(.*)")


@dataclass(frozen=True)
class Calendar:
    """What is known of working days. entered: the county's own days, day -> whether it is worked."""

    entered: Mapping[date, bool] = field(default_factory=dict)

    def works(self, on: date) -> bool:
        """Whether a day is a working day, as far as is known."""
        if on in self.entered:
            return self.entered[on]
        if PUBLISHED_FROM <= on.year <= PUBLISHED_TO:
            return on in workdays or (on.weekday() < 5 and on not in holidays)
        return on.weekday() < 5

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are published or entered, and not just Monday to Friday."""
        if PUBLISHED_FROM <= year <= PUBLISHED_TO:
            return True
        return all(self.entered.get(date(year, month, day)) is False for month, day in FIXED_HOLIDAYS)

    def last_working(self, on: date) -> date:
        """The latest working day that is not after `on`."""
        while not self.works(on):
            on -= DAY
        return on


@dataclass(frozen=True)
class Due:
    """The day by whose end something is due. known: whether every year it was counted through is known."""

    on: date
    known: bool


def add_working_days(start: date, days: int, calendar: Calendar) -> Due:
    """The day `days` working days after `start`, which itself does not count. days ≥ 1, else ValueError."""
    if days < 1:
        raise ValueError("at least one working day must be given")
    on, left = start, days
    while left:
        on += DAY
        left -= calendar.works(on)
    return Due(on, all(calendar.knows(year) for year in range(start.year, on.year + 1)))


def working_days_late(due: date | None, done: date, calendar: Calendar) -> int:
    """Working days after the due day up to and including the day it was done; 0 when in time or without a due day."""
    if due is None:
        return 0
    return sum(calendar.works(due + DAY * n) for n in range(1, (done - due).days + 1))


@dataclass(frozen=True)
class Entry:
    """One day of the county's calendar as it was typed."""

    day: date
    working: bool
    note: str


def read_entries(text: str) -> list[Entry]:
    """The days of a pasted list, one "2027-01-01 休 元旦" per line; 休 is a day off, 班 a working day.

    Refused, with every line that cannot be read or contradicts another by its number; then nothing is entered.
    """
    found: dict[date, Entry] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        entry = _entry(line.strip())
        if entry is None:
            problems.append(f"第 {number} 行“{line.strip()[:40]}”无法识别")
        elif found.setdefault(entry.day, entry).working != entry.working:
            problems.append(f"第 {number} 行 {entry.day} 与前面写的休、班不一致")
    if problems:
        raise Refused("；".join(problems[:10]) + "。请按“2027-01-01 休 元旦”的样子改好，再整段提交。")
    return list(found.values())


def _entry(line: str) -> Entry | None:
    parts = LINE.fullmatch(line)
    if parts is None:
        return None
    try:
        day = date(*(int(parts[n]) for n in (1, 2, 3)))
    except ValueError:
        return None
    return Entry(day, parts[4] == "班", parts[5].strip()[:60])
