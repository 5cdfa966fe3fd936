"""What the command line shows: bars on the error output while something runs long, and aligned tables."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from tqdm import tqdm

from school.backup import Watch


def each(items: Sequence, words: str) -> Iterable:
    """The items with a bar on the terminal's error output; none where nobody looks."""
    return tqdm(items, desc=words, leave=False, disable=None, file=sys.stderr)


@contextmanager
def bar(words: str) -> Iterator[Watch]:
    """A bar to be told how far something is: watch(done, total)."""
    with tqdm(desc=words, leave=False, disable=None, file=sys.stderr) as shown:

        def watch(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield watch


@contextmanager
def busy(words: str) -> Iterator[None]:
    """The words and a clock while something of unknown length runs."""
    with tqdm(desc=words, leave=False, disable=None, file=sys.stderr, bar_format="{desc} {elapsed}"):
        yield


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned text, a Chinese character being two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)
