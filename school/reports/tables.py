"""Tables: how wide, how high, how many rows on which page, and their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from school.reports import compose
from school.reports.compose import Line, Piece
from school.reports.fonts import Fonts, Stack
from school.reports.shapes import GREY, HAIR, INK, Rule, Shape, Words

SIZE, LINE, PAD = 9.0, 12.5, 3.5
#: white between the edge of a cell and its text
GUTTER = 4.0
#: fewest rows that may stand alone on a table's last page
LEAST = 3


class Column(NamedTuple):
    """A column: its head, its share of the breadth, and where its texts stand."""

    title: str
    share: float
    align: str = "start"


class _Cell(NamedTuple):
    lines: tuple[Line, ...]
    xs: tuple[float, ...]


@dataclass(frozen=True)
class Laid:
    """A table with every cell broken into lines; heights of its rows in points."""

    head: list[_Cell]
    rows: list[list[_Cell]]
    heights: list[float]
    head_height: float
    breadth: float
    bold_last: bool

    @property
    def texts(self) -> list[str]:
        """Everything that stands in the rows."""
        return [line.text for row in self.rows for cell in row for line in cell.lines]

    def part(self, start: int, end: int) -> tuple[list[Shape], float]:
        """Shapes of the head and rows start…end, and their height; origin at the table's upper left corner."""
        drawn: list[Shape] = [Rule(0, 0, self.breadth, 0, 0.9, INK)]
        drawn += _texts(self.head, 0.0, self.head_height, bold=True)
        y = self.head_height
        drawn.append(Rule(0, y, self.breadth, y, 0.5, INK))
        for n in range(start, end):
            last = n == len(self.rows) - 1
            drawn += _texts(self.rows[n], y, self.heights[n], bold=last and self.bold_last)
            if n > start:
                strong = last and self.bold_last
                drawn.append(Rule(0, y, self.breadth, y, 0.5 if strong else 0.3, GREY if strong else HAIR))
            y += self.heights[n]
        drawn.append(Rule(0, y, self.breadth, y, 0.9, INK))
        return drawn, y


def lay_out(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], breadth: float, fonts: Fonts, *, bold_last: bool = False
) -> Laid:
    """Break every cell to its column; a text too wide for its column takes as many lines as it needs."""
    whole = sum(column.share for column in columns)
    widths = [breadth * column.share / whole for column in columns]
    lefts = [sum(widths[:n]) for n in range(len(widths))]
    head = [
        _cell(column.title, left, width, column.align, fonts.bold)
        for column, left, width in zip(columns, lefts, widths, strict=True)
    ]
    laid = [
        [
            _cell(text, left, width, column.align, fonts.bold if bold_last and n == len(rows) - 1 else fonts.regular)
            for text, column, left, width in zip(row, columns, lefts, widths, strict=True)
        ]
        for n, row in enumerate(rows)
    ]
    return Laid(head, laid, [_height(row) for row in laid], _height(head), breadth, bold_last)


def rows_per_page(heights: Sequence[float], first: float, later: float, least: int = LEAST) -> list[int]:
    """How many rows stand on each page, given the room on the first and on the later ones, in points.

    No part has fewer than `least` rows unless the table itself has: a table that could only begin with less
    begins on the next page, and so does one too short to be parted; a short last part takes rows from the part before it.
    """
    counts: list[int] = []
    room, done = first, 0
    begun = least if len(heights) >= 2 * least else len(heights)
    while done < len(heights):
        taken, height = 0, 0.0
        while done + taken < len(heights) and height + heights[done + taken] <= room:
            height += heights[done + taken]
            taken += 1
        if not counts and taken < begun and room < later:
            room = later
            continue
        taken = max(taken, 1)
        counts.append(taken)
        done, room = done + taken, later
    while len(counts) > 1 and counts[-1] < least < counts[-2]:
        counts[-2:] = [counts[-2] - 1, counts[-1] + 1]
    return counts


def _cell(text: str, left: float, width: float, align: str, font: Stack) -> _Cell:
    room, natural = width - 2 * GUTTER, font.width(text, SIZE)
    lines = [Line((Piece(text, 0.0),), natural)]
    if natural > room:
        broken = compose.lines(text, room, SIZE, lambda part: font.width(part, SIZE), justified=False)
        lines = broken or [Line((Piece("", 0.0),), 0.0)]
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[align]
    return _Cell(tuple(lines), tuple(left + GUTTER + (room - line.width) * share for line in lines))


def _height(row: Sequence[_Cell]) -> float:
    return max(len(cell.lines) for cell in row) * LINE + 2 * PAD - 1


def _texts(row: Sequence[_Cell], top: float, height: float, *, bold: bool) -> list[Shape]:
    drawn: list[Shape] = []
    for cell in row:
        y = top + (height - len(cell.lines) * LINE) / 2 + 9.4
        drawn += [
            Words(x, y + n * LINE, line, SIZE, bold)
            for n, (line, x) in enumerate(zip(cell.lines, cell.xs, strict=True))
        ]
    return drawn
