"""A table as rows of text, and the budget within which one is built."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from school.errors import BadFile

#: cells one file may hold, counted as rows × columns up to the last filled one; 60,000 people × 30 columns fit
LIMIT_CELLS = 2_000_000
#: rows one file may hold, empty ones between filled ones included
LIMIT_ROWS = 200_000

#: what is left of a long number once a program has shown it as 1.23457E+11
SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+\d+")


@dataclass(frozen=True)
class Merged:
    """A merged block of cells, as indices into Table.rows; both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Table:
    """One visible sheet, or the one table of a CSV file.

    rows: all of equal length, cells as text the way a person reads them; column 0 is column A.
    first_row: the line number of rows[0] as the person sees it in Excel, from 1.
    damaged: (row, column) indices of numbers that lost digits on their way into the file.
    merged: merged blocks; only the top left cell of one holds its text. A CSV file cannot tell and has none.
    pictures: of each picture on the sheet of an .xlsx the row it lies in, as the person sees it; 0 where it has none.
    """

    name: str
    rows: list[list[str]]
    first_row: int
    damaged: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[Merged, ...] = ()
    pictures: tuple[int, ...] = ()

    def filled(self) -> list[list[str]]:
        """The rows with the text of each merged block written down its first column."""
        rows = [row.copy() for row in self.rows]
        for block in self.merged:
            for row in rows[block.top + 1 : block.bottom + 1]:
                row[block.left] = rows[block.top][block.left]
        return rows


@dataclass
class Budget:
    """Rows and cells that one file may still use; `check` raises BadFile once there are none left."""

    rows: int = LIMIT_ROWS
    cells: int = LIMIT_CELLS

    def check(self, line: int) -> None:
        if self.rows < 0 or self.cells < 0:
            raise BadFile(
                f"表格太大：读到第 {line} 行时已超过 {LIMIT_ROWS:,} 行或 {LIMIT_CELLS:,} 个单元格。"
                "请删除数据区以外的行和列（可能有误填在远处的内容），或拆成几个文件后重新上传。"
            )


@dataclass
class Grid:
    """A sheet under construction: cells are put where they stand, in rising rows or not, within the file's budget."""

    name: str
    budget: Budget
    rows: list[list[str]] = field(default_factory=list)
    damaged: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)

    def put(self, row: int, column: int, text: str, damaged: bool = False) -> None:
        """Place a cell (both from 0). Empty text takes no room, so formatted empty rows cost nothing."""
        if not text:
            return
        rows, budget = self.rows, self.budget
        if row >= len(rows):
            budget.rows -= row + 1 - len(rows)
            budget.check(row + 1)
            rows.extend([] for _ in range(row + 1 - len(rows)))
        cells = rows[row]
        missing = column + 1 - len(cells)
        if missing > 0:
            budget.cells -= missing
            budget.check(row + 1)
            cells.extend([""] * missing)
        cells[column] = text
        if damaged or ("+" in text and SCIENTIFIC.fullmatch(text)):
            self.damaged.add((row, column))

    def table(self) -> Table | None:
        """The finished table without empty rows above, None when nothing stands in it."""
        width = max(map(len, self.rows), default=0)
        if not width:
            return None
        above = next(number for number, row in enumerate(self.rows) if row)
        del self.rows[:above]
        self.budget.cells -= width * len(self.rows) - sum(map(len, self.rows))
        self.budget.check(above + len(self.rows))
        for row in self.rows:
            row.extend([""] * (width - len(row)))
        return Table(
            name=self.name,
            rows=self.rows,
            first_row=above + 1,
            damaged=frozenset((row - above, column) for row, column in self.damaged),
            merged=self._merged(above, width),
        )

    def _merged(self, above: int, width: int) -> tuple[Merged, ...]:
        """The merged blocks that begin inside the table, cut to its size."""
        last = len(self.rows) - 1
        return tuple(
            Merged(block.top - above, block.left, min(block.bottom - above, last), min(block.right, width - 1))
            for block in self.merged
            if 0 <= block.top - above <= last and 0 <= block.left < width
        )


def letters(column: int) -> str:
    """The column's name in Excel: 0 -> "A", 26 -> "AA"."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
