"""Excel workbooks (.xlsx, and .xlsm with its macros left aside). Source: ECMA-376 part 1, §18.

Read here and not by a library. calamine lays a sheet out as one full rectangle: two cells in opposite corners end
the whole process (tried with 0.9.1); it also has no word for error values and padded numbers. openpyxl finds nothing in
a Strict workbook, refuses a whole book for one odd font, and 12 KB of empty cells cost it 600 MB (tried with 3.1.5).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from datetime import datetime

from school.errors import BadFile
from school.files import drawings, numbers
from school.files.archive import BOMB, Archive
from school.files.grid import LIMIT_CELLS, Budget, Grid, Merged, Table

ROWS = 1_048_576
#: columns A to XFD
NAME = re.compile(r"[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D]")
#: a character XML cannot hold, written as _x000D_
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def tables(archive: Archive) -> list[Table]:
    """Every visible sheet that holds anything."""
    book = _Book(archive)
    strings = _shared_strings(archive, book.part("/sharedStrings"))
    shapes = _shapes(archive, book.part("/styles"))
    budget = Budget()
    found = [_Sheet(Grid(name, budget), strings, shapes, book.epoch) for name, _ in book.sheets]
    for sheet, (_, part) in zip(found, book.sheets, strict=True):
        archive.parse(part, sheet.start, sheet.end, sheet.characters)
    read = ((sheet.grid.table(), part) for sheet, (_, part) in zip(found, book.sheets, strict=True))
    return [replace(table, pictures=drawings.picture_rows(archive, part)) for table, part in read if table]


def _local(tag: str) -> str:
    """A name without its prefix: some writers put x: before everything."""
    return tag.rpartition(":")[2]


class _Book:
    """The workbook's visible sheets as (name, part), its other parts, and the day its dates count from."""

    def __init__(self, archive: Archive):
        self.epoch = numbers.EPOCH_1900
        self._listed: list[tuple[str, str]] = []
        self._relations: dict[str, tuple[str, str]] = {}
        archive.parse("xl/_rels/workbook.xml.rels", self._relation)
        archive.parse("xl/workbook.xml", self._start)
        self.sheets = [
            (name, target)
            for name, relation in self._listed
            for kind, target in [self._relations[relation]]
            if kind.endswith("/worksheet")
        ]

    def part(self, kind: str) -> str | None:
        """The one part of a kind, None when the workbook has none."""
        return next((target for named, target in self._relations.values() if named.endswith(kind)), None)

    def _relation(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            self._relations[attributes["Id"]] = attributes["Type"], target

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "sheet" if attributes.get("state", "visible") == "visible":
                relation = next(value for name, value in attributes.items() if name.endswith(":id"))
                self._listed.append((attributes["name"], relation))
            case "workbookPr" if attributes.get("date1904") in {"1", "true"}:
                self.epoch = numbers.EPOCH_1904


class _Text:
    """Collects what stands in the t and v elements of one item while XML goes by; reading aids (rPh) are left out."""

    def __init__(self):
        self._pieces: list[str] = []
        self._whole = ""
        self._aside = False
        #: expat calls this for all characters, those between elements too: hence the clearing in `begin`
        self.characters = self._pieces.append

    def clear(self) -> None:
        self._whole = ""

    def begin(self, tag: str) -> None:
        if tag == "rPh":
            self._aside = True
        self._pieces.clear()

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self._aside = False
        elif not self._aside:
            self._whole += "".join(self._pieces)

    def __str__(self) -> str:
        return self._whole


def _shared_strings(archive: Archive, part: str | None) -> list[str]:
    """The texts that cells point to, the runs of one text joined."""
    found: list[str] = []
    text = _Text()

    def start(tag: str, _: dict[str, str]) -> None:
        match tag if ":" not in tag else _local(tag):
            case "t" | "rPh" as named:
                text.begin(named)
            case "si":
                text.clear()

    def end(tag: str) -> None:
        match tag if ":" not in tag else _local(tag):
            case "t" | "rPh" as named:
                text.end(named)
            case "si":
                found.append(_unescaped(str(text)))
                if len(found) > LIMIT_CELLS:
                    raise BadFile(BOMB)

    if part in archive.names:
        archive.parse(part, start, end, text.characters)
    return found


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n")


def _shapes(archive: Archive, part: str | None) -> list[numbers.Shape]:
    """The shape of each cell style, in the order cells name them."""
    codes: dict[int, numbers.Shape] = dict(numbers.BUILT_IN)
    found: list[numbers.Shape] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        match _local(tag):
            case "numFmt" if "numFmtId" in attributes:
                codes[int(attributes["numFmtId"])] = numbers.shape(attributes.get("formatCode", ""))
            case "cellXfs":
                inside = True
            case "xf" if inside:
                found.append(codes.get(int(attributes.get("numFmtId", 0)), ""))

    def end(tag: str) -> None:
        nonlocal inside
        if _local(tag) == "cellXfs":
            inside = False

    if part in archive.names:
        archive.parse(part, start, end)
    return found


class _Sheet:
    """Puts the cells of one sheet into a grid while its XML goes by."""

    def __init__(self, grid: Grid, strings: list[str], shapes: list[numbers.Shape], epoch: datetime):
        self.grid = grid
        self._strings, self._shapes, self._epoch = strings, shapes, epoch
        self._row = self._column = -1
        self._kind = self._style = ""
        self._text = _Text()
        self.characters = self._text.characters
        self._columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag if ":" not in tag else _local(tag):
            case "c":
                self._begin_cell(attributes)
            case "v" | "t" | "rPh" as named:
                self._text.begin(named)
            case "row":
                self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
                self._column = -1
                if not 0 <= self._row < ROWS:
                    raise ValueError("a row that no sheet has")
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        match tag if ":" not in tag else _local(tag):
            case "c":
                self.grid.put(self._row, self._column, *self._cell())
            case "v" | "t" | "rPh" as named:
                self._text.end(named)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._text.clear()
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        if "r" in attributes:
            self._column = self._column_of(attributes["r"].rstrip("0123456789"))
        else:
            self._column += 1

    def _column_of(self, name: str) -> int:
        """ "A" -> 0, "AA" -> 26"""
        if name not in self._columns:
            if not NAME.fullmatch(name):
                raise ValueError("a column that no sheet has")
            column = 0
            for letter in name:
                column = column * 26 + ord(letter) - 64
            self._columns[name] = column - 1
        return self._columns[name]

    def _place(self, reference: str) -> tuple[int, int]:
        """ "B3" -> (2, 1)"""
        name = reference.rstrip("0123456789")
        return int(reference[len(name) :]) - 1, self._column_of(name)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last:
            self.grid.merged.append(Merged(*self._place(first), *self._place(last)))

    def _cell(self) -> tuple[str, bool]:
        """The cell's text and whether it lost digits; a formula that was never computed shows nothing."""
        text = str(self._text)
        match self._kind:
            case "s" if text:
                return self._strings[int(text)], False
            case "n" if text:
                style = int(self._style or 0)
                shape = self._shapes[style] if style < len(self._shapes) else ""
                return numbers.shown(float(text), shape, self._epoch)
            case "b":
                return ("TRUE" if text == "1" else "FALSE") if text else "", False
            case "d":
                return text.replace("T", " ").removesuffix(" 00:00:00"), False
        return _unescaped(text), False
