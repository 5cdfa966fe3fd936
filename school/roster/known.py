"""The part of the books a roster file is compared with: plain values, so that planning needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class KnownUnit:
    """A unit, closed ones included. parent: its code, "" for the county itself.

    closed_on: first day on which it no longer exists; successors: codes of the units it went into.
    """

    code: str
    name: str
    short_name: str = ""
    parent: str = ""
    kind: str = ""
    order_no: int = 0
    opened_on: date | None = None
    closed_on: date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownPost:
    """An assignment that holds or will hold: those that ended by the day of planning are left out.

    unit: its code.  until_on: first day on which it no longer holds.
    """

    unit: str
    kind: str
    from_on: date
    until_on: date | None = None
    post: str = ""
    counts: bool = True


@dataclass(frozen=True)
class KnownPerson:
    """A person with the posts that hold or will hold; those who left have none."""

    staff_no: str
    name: str
    phone: str = ""
    posts: tuple[KnownPost, ...] = ()
