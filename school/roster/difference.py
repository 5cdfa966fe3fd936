"""What a roster file would change in the books, as plain frozen values. Nothing here is computed; see plan.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from school.roster.rows import Complaint, UnitRow

#: a value of the books that the file states otherwise
Value = str | int | bool | date | None


@dataclass(frozen=True)
class Change:
    """One field of a unit, person or post, as it is and as the file has it. parent is a unit's code."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True)
class NewUnit:
    """A unit the books do not have. parent: code of the unit above, known or new, "" for the county itself."""

    code: str
    parent: str
    row: UnitRow


@dataclass(frozen=True)
class ChangedUnit:
    code: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class MergedUnit:
    """A unit that is handed over to others, known or new; `on` is the first day on which it no longer exists."""

    code: str
    name: str
    into: tuple[str, ...]
    on: date


@dataclass(frozen=True)
class Post:
    """An assignment to begin. from_on None: the file does not say, so from the day of planning."""

    unit: str
    kind: str
    post: str
    counts: bool
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class EndedPost:
    """An assignment to end: unit, kind and first day tell which; until_on is the first day it no longer holds."""

    unit: str
    kind: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class NewPerson:
    staff_no: str
    name: str
    phone: str
    posts: tuple[Post, ...]


@dataclass(frozen=True)
class Renamed:
    staff_no: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedPerson:
    staff_no: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ChangedPost:
    """A post that stays at its unit; kind and from_on are those of the books and tell which."""

    staff_no: str
    name: str
    unit: str
    kind: str
    from_on: date
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Moved:
    """A person whose units change: left and joined both filled for a transfer, one of them for a post more or fewer."""

    staff_no: str
    name: str
    left: tuple[EndedPost, ...]
    joined: tuple[Post, ...]


@dataclass(frozen=True)
class Left:
    """A person the file no longer has at units it covers: a proposal that somebody must confirm."""

    staff_no: str
    name: str
    posts: tuple[EndedPost, ...]


@dataclass(frozen=True)
class UnitPlan:
    """What changes among the units; new ones stand after the unit above them."""

    new: tuple[NewUnit, ...] = ()
    changed: tuple[ChangedUnit, ...] = ()
    merged: tuple[MergedUnit, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True)
class Plan:
    """The whole difference. With complaints nothing may be written."""

    units: UnitPlan = UnitPlan()
    new: tuple[NewPerson, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    changed: tuple[ChangedPerson, ...] = ()
    changed_posts: tuple[ChangedPost, ...] = ()
    moved: tuple[Moved, ...] = ()
    left: tuple[Left, ...] = ()
    unchanged: int = 0
    complaints: tuple[Complaint, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether writing it would change nothing."""
        units = self.units.new or self.units.changed or self.units.merged
        people = self.new or self.renamed or self.changed or self.changed_posts or self.moved or self.left
        return not (units or people)
