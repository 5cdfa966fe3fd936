"""The trainer's session card: what is on it, until when it may be changed, what a roll-call leaves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from school import clock
from school.errors import Refused

#: how long whoever may fill in a card may also correct it; later only an officer may
CORRECTION = timedelta(days=7)


class Overtaken(Refused):
    """Somebody saved the same card after this one was opened."""


@dataclass(frozen=True)
class Card:
    """A filled-in card.

    began: the clock time at which the night really began, on its own day.  marks: person id -> attendance value, only
    for people who were marked.  complete: the trainer says the roll was called to its end.
    """

    began: time
    title: str
    marks: Mapping[int, str]
    complete: bool
    head_count: int | None
    outcome: str
    request: str


def called(card: Card, listed: Iterable[int], recorded: Iterable[int]) -> dict[int, str]:
    """The value of each person after the roll-call: person id -> value.

    Unmarked people become absent only when the roll was called to its end; else they are left out, or taken back to
    未登记 where something was recorded before (rules.md 35). Marks for people who are not listed are dropped.
    """
    before = set(recorded)
    otherwise = dict.fromkeys(listed, "absent" if card.complete else "unmarked")
    return {
        person: card.marks.get(person, value)
        for person, value in otherwise.items()
        if person in card.marks or person in before or value == "absent"
    }


def is_late_entry(starts_at: datetime, now: datetime) -> bool:
    """补录: written down after the night's own day was over."""
    return clock.day(now) > clock.day(starts_at)


def correctable(recorded_at: datetime | None, now: datetime) -> bool:
    """Whether the card is still open for whoever may fill it in; it always is before it was filled in."""
    return recorded_at is None or now < recorded_at + CORRECTION
