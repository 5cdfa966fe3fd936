"""依据有变: which cited texts are no longer the ones in force, told by the register on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from school.questions.register import Entry, Register


@dataclass(frozen=True)
class Changed:
    """A text that `count` questions rest on and that has another version now, or has ended."""

    law: str
    version_on: date | None
    count: int
    entry: Entry
    ended: bool

    @property
    def reason(self) -> str:
        """What happened, as a sentence."""
        if self.ended:
            note = f"（{self.entry.note}）" if self.entry.note else ""
            return f"自 {self.entry.ended_on} 起失效{note}"
        return f"现行文本是 {self.entry.version_on}，题目写的是 {self.version_on}"


def changed(cited: Iterable[tuple[str, date | None, int]], register: Register, on: date) -> list[Changed]:
    """Of (law, date of the cited text, how many questions) those whose text is not in force on a day.

    A law the register does not know, and a citation without a date, are not judged here; check-citations names them.
    """
    found = []
    for law, version_on, count in cited:
        entry = register.find(law) if law else None
        if entry is None:
            continue
        ended = entry.ended_on is not None and entry.ended_on <= on
        other = version_on is not None and version_on != entry.version_on and entry.in_force_on <= on
        if ended or other:
            found.append(Changed(law, version_on, count, entry, ended))
    return found
