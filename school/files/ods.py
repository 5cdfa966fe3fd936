"""OpenDocument spreadsheets (.ods). Source: OpenDocument 1.3 part 3, §9 and §19."""

from __future__ import annotations

from school.files import numbers
from school.files.archive import Archive
from school.files.grid import Budget, Grid, Merged, Table

NUMBER = {"float", "currency"}
COLUMNS = 16_384


def tables(archive: Archive) -> list[Table]:
    """Every visible sheet that holds anything."""
    document = _Document()
    archive.parse("content.xml", document.start, document.end, document.characters)
    return [table for grid in document.grids if (table := grid.table())]


class _Document:
    """Puts the cells of all sheets into grids while the XML goes by."""

    def __init__(self):
        self.grids: list[Grid] = []
        self._budget = Budget()
        self._hidden: set[str] = set()
        self._style = ""
        self._grid: Grid | None = None
        self._row = self._column = 0
        #: (column, text, lost digits) of the row that goes by, and what is said about it
        self._row_cells: list[tuple[int, str, bool]] = []
        self._row_attributes: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._pieces: list[str] | None = None
        #: inside a comment or a drawing on the cell, whose text is not the cell's
        self._aside = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "style:style":
                self._style = attributes.get("style:name", "")
            case "style:table-properties" if attributes.get("table:display") == "false":
                self._hidden.add(self._style)
            case "table:table":
                self._begin_table(attributes)
            case "table:table-row":
                self._column, self._row_cells, self._row_attributes = 0, [], attributes
            case "table:table-cell" | "table:covered-table-cell":
                self._attributes, self._pieces = attributes, []
            case "office:annotation" | "draw:frame":
                self._aside += 1
            case "text:p" | "text:line-break" if self._pieces:
                self.characters("\n")
            case "text:s":
                self.characters(" " * min(int(attributes.get("text:c", 1)), 1_000))
            case "text:tab":
                self.characters("\t")

    def end(self, tag: str) -> None:
        match tag:
            case "table:table":
                self._grid = None
            case "table:table-row" if self._grid:
                self._end_row()
            case "table:table-cell" | "table:covered-table-cell" if self._grid:
                self._end_cell()
            case "office:annotation" | "draw:frame":
                self._aside -= 1

    def characters(self, text: str) -> None:
        if self._pieces is not None and not self._aside:
            self._pieces.append(text)

    def _begin_table(self, attributes: dict[str, str]) -> None:
        self._row, self._grid = 0, None
        if attributes.get("table:style-name") not in self._hidden:
            self._grid = Grid(attributes.get("table:name", ""), self._budget)
            self.grids.append(self._grid)

    def _end_cell(self) -> None:
        text, damaged = self._cell("".join(self._pieces or ()))
        times = _times(self._attributes, "table:number-columns-repeated")
        if text:
            if self._column + times > COLUMNS:
                raise ValueError("a cell beyond the last column")
            self._row_cells += [(self._column + n, text, damaged) for n in range(times)]
        rows = _times(self._attributes, "table:number-rows-spanned")
        columns = _times(self._attributes, "table:number-columns-spanned")
        if rows * columns > 1:
            self._grid.merged.append(Merged(self._row, self._column, self._row + rows - 1, self._column + columns - 1))
        self._column += times
        self._pieces = None

    def _end_row(self) -> None:
        times = _times(self._row_attributes, "table:number-rows-repeated")
        if self._row_cells:
            for row in range(self._row, self._row + times):
                for column, text, damaged in self._row_cells:
                    self._grid.put(row, column, text, damaged)
        self._row += times

    def _cell(self, displayed: str) -> tuple[str, bool]:
        """The cell's text and whether it lost digits. Only numbers and dates are not shown as they were displayed."""
        kind = self._attributes.get("office:value-type", "")
        if self._attributes.get("calcext:value-type") == "error":
            return displayed, False
        if kind in NUMBER and "office:value" in self._attributes:
            text, damaged = numbers.plain(float(self._attributes["office:value"]))
            padded = displayed.isdigit() and displayed.lstrip("0") == text.lstrip("0")
            return (displayed if padded else text), damaged
        if kind == "date":
            return self._attributes.get("office:date-value", displayed).replace("T", " ").removesuffix(
                " 00:00:00"
            ), False
        if kind == "boolean":
            return self._attributes.get("office:boolean-value", displayed).upper(), False
        return displayed or self._attributes.get("office:string-value", ""), False


def _times(attributes: dict[str, str], name: str) -> int:
    return max(int(attributes.get(name, 1)), 1)
