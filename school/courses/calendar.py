"""When nights take place: the dates of a weekly series, and what a planned night clashes with. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

#: the longest series that can be planned at once: half a year
MOST_WEEKS = 26


@dataclass(frozen=True)
class Outline:
    """What is planned, the same for every night of a series. hours are 学时; on the calendar each takes an hour."""

    school_id: int
    title: str
    kind: str
    place: str
    hours: Decimal
    course_id: int | None = None
    teacher_id: int | None = None


@dataclass(frozen=True)
class Slot:
    """One night as the calendar sees it.

    starts_at: aware.  path: of the school's unit.  teacher: who teaches, "" while nobody is named; a person who stands
    in two pools is one teacher.  name: how a sentence names the night.
    """

    starts_at: datetime
    hours: Decimal
    school_id: int
    path: str
    place: str
    teacher: str
    name: str

    @property
    def ends_at(self) -> datetime:
        """When it is over; a night that begins at this moment does not overlap."""
        return self.starts_at + timedelta(hours=float(self.hours))


@dataclass(frozen=True)
class Clash:
    """Another night at an overlapping time, and what the two share: any of 教师, 夜校, 地点."""

    other: Slot
    shared: tuple[str, ...]

    @property
    def forbids(self) -> bool:
        """Whether it cannot be overruled: nobody teaches in two places at once."""
        return "教师" in self.shared


def weekly(first: date, weeks: int) -> tuple[date, ...]:
    """The same weekday for so many weeks, counted on the calendar and never in seconds (rules.md 43)."""
    return tuple(first + timedelta(weeks=number) for number in range(weeks))


def clashes(night: Slot, others: Iterable[Slot]) -> tuple[Clash, ...]:
    """The other nights this one cannot share its time with, the earliest first."""
    found = (
        Clash(other, shared)
        for other in others
        if night.starts_at < other.ends_at and other.starts_at < night.ends_at and (shared := _shared(night, other))
    )
    return tuple(sorted(found, key=lambda clash: (clash.other.starts_at, clash.other.name)))


def _shared(one: Slot, other: Slot) -> tuple[str, ...]:
    shared = {
        "教师": bool(one.teacher) and one.teacher == other.teacher,
        "夜校": one.school_id == other.school_id,
        "地点": _same_place(one, other),
    }
    return tuple(word for word, same in shared.items() if same)


def _same_place(one: Slot, other: Slot) -> bool:
    """The same words mean the same room only up and down one line of units: every village has its 村活动室."""
    in_line = one.path.startswith(other.path) or other.path.startswith(one.path)
    place = "".join(one.place.split())
    return in_line and bool(place) and place == "".join(other.place.split())
