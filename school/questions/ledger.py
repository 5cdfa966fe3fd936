"""The lines of a text given out once each, so that a reader of any markup can account for every one of them."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from school.questions.draft import Heading, Place


class Ledger:
    """Non-blank lines of a text that no question, heading or review item has taken yet."""

    def __init__(self, text: str):
        self._pieces = text.splitlines(keepends=True)
        self._free = {number for number, piece in enumerate(self._pieces, 1) if piece.strip()}
        self._starts = [0, *accumulate(len(piece) for piece in self._pieces)]

    @property
    def last(self) -> int:
        """The number of the last line."""
        return max(len(self._pieces), 1)

    def line(self, at: int) -> int:
        """The line number of a character position."""
        return min(bisect_right(self._starts, at), self.last)

    def take(self, first: int, last: int, name: str = "") -> Place:
        """The free ones of lines first … last. name: what to call the place when others have them all: 第 3 题."""
        lines = [number for number in range(first, last + 1) if number in self._free]
        self._free.difference_update(lines)
        return Place(tuple(lines)) if lines else Place((), name)

    def between(self, start: int, end: int, name: str = "") -> Place:
        """The free lines of the characters start … end − 1."""
        return self.take(self.line(start), self.line(max(start, end - 1)), name)

    def rest(self) -> tuple[Heading, ...]:
        """All lines that are still free, as one heading: brackets, comments and what else only holds a file together."""
        lines = sorted(self._free)
        self._free = set()
        text = "\n".join(self._pieces[number - 1].strip() for number in lines)
        return (Heading(Place(tuple(lines)), "note", text),) if lines else ()


def everything(text: str) -> Place:
    """All non-blank lines of a text."""
    return Place(tuple(number for number, line in enumerate(text.splitlines(), 1) if line.strip()))
