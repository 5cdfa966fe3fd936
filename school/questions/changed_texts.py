"""依据有变: which cited texts are no longer the ones in force, told by the register on a day.

Questions that rest on such a text are not drawn, without anybody having to do anything: somebody looks, and writes the
next version of the question on the text in force, with the same words or others.

| the citation names | and the register's law | then |
|---|---|---|
| a law and a date | has ended | stopped |
| | has a text of another date, in force | stopped |
| | has a text of another date, not yet in force | drawn until that day |
| | has the text of that date | drawn |
| a law without a date | has ended | stopped |
| | has a text that came into force after the question was reviewed | stopped |
| | has a text that was in force when the question was reviewed | drawn |
| a law the register does not know, or none | | not judged here; check-citations names it |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from school import clock
from school.questions.register import Entry, Register


class Resting(Protocol):
    """A version of a question, or a row with these of its columns."""

    law: str
    version_on: date | None
    reviewed_at: datetime | None


class Cited(NamedTuple):
    """A text that questions rest on. seen_on: the day of their review where no date tells the text, else None."""

    law: str
    version_on: date | None
    seen_on: date | None = None


@dataclass(frozen=True)
class Changed:
    """A text that `count` questions rest on and that has another version now, or has ended."""

    law: str
    version_on: date | None
    count: int
    entry: Entry
    ended: bool

    @property
    def seen_before(self) -> date | None:
        """Where no date tells the text: the day since which whoever reviewed had the present one to look at."""
        return None if self.version_on or self.ended else self.entry.in_force_on

    @property
    def reason(self) -> str:
        """What happened, as a sentence."""
        if self.ended:
            note = f"（{self.entry.note}）" if self.entry.note else ""
            return f"自 {self.entry.ended_on} 起失效{note}"
        if self.seen_before:
            return f"现行文本是 {self.entry.version_on}，自 {self.seen_before} 起施行；题目没有写文本日期，审核在那以前"
        return f"现行文本是 {self.entry.version_on}，题目写的是 {self.version_on}"


def cited(version: Resting) -> Cited:
    """What a version rests on."""
    seen = version.version_on is None and version.law and version.reviewed_at
    return Cited(version.law, version.version_on, clock.day(version.reviewed_at) if seen else None)


def changed(counted: Iterable[tuple[Cited, int]], register: Register, on: date) -> list[Changed]:
    """Of (cited text, how many questions) those whose text is not in force on a day, each law and date once."""
    counts: Counter[tuple[str, date | None]] = Counter()
    for text, count in counted:
        if _out(text, register, on):
            counts[text.law, text.version_on] += count
    found = ((law, version_on, count, register.find(law)) for (law, version_on), count in counts.items())
    return [Changed(*told, entry, _ended(entry, on)) for *told, entry in found]


def stale(texts: Iterable[Cited], register: Register, on: date) -> set[Cited]:
    """Of cited texts those that are not in force on a day: nothing that rests on them is drawn."""
    return {text for text in texts if _out(text, register, on)}


def _out(text: Cited, register: Register, on: date) -> bool:
    entry = register.find(text.law) if text.law else None
    if entry is None:
        return False
    if text.version_on is None:
        other = text.seen_on is not None and text.seen_on < entry.in_force_on
    else:
        other = text.version_on != entry.version_on
    return _ended(entry, on) or (other and entry.in_force_on <= on)


def _ended(entry: Entry, on: date) -> bool:
    return entry.ended_on is not None and entry.ended_on <= on
