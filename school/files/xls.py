"""Old Excel workbooks (.xls, from Excel 5 on). Source: [MS-XLS].

Read here and not by a library, as they believe the sizes a file states: one wrong count ends the whole process of
calamine (tried with 0.9.1). xlrd refuses such a file, and one in which a record seam parts a rare character, and lays
empty formatted cells out: 900 KB of them cost it 17 seconds (tried with 2.0.2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from school.files import biff, numbers, ole
from school.files.grid import Budget, Grid, Merged, Table

EXCEL_97 = 0x0600
VISIBLE = WORKSHEET = 0
#: the code page of mainland China, as Python calls its superset
CHINESE = "gb18030"
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip

#: row, column, text, whether it lost digits
Cell = tuple[int, int, str, bool]


def stream_of(compound: ole.Compound) -> str | None:
    """The name of the workbook's stream, None when it holds none."""
    return next((name for name in compound.streams if name.casefold() in {"workbook", "book"}), None)


def locked(stream: bytes) -> bool:
    """Whether a password is needed: the mark stands among the first records."""
    return any(kind == biff.FILEPASS for (kind, _), _ in zip(biff.records(stream), range(40), strict=False))


def tables(content: bytes) -> list[Table]:
    """Every visible sheet that holds anything."""
    compound = ole.Compound(content)
    stream = compound.read(stream_of(compound))
    book = _Book(stream)
    budget = Budget()
    grids = [_grid(stream, start, Grid(name, budget), book) for name, start in book.sheets]
    return [table for grid in grids if (table := grid.table())]


class _Book:
    """What stands before the sheets: (name, start) of the visible ones, texts, styles and how to read them.

    encoding: of the texts in files before Excel 97; None where each text says its own.
    """

    def __init__(self, stream: bytes):
        self.encoding: str | None = None
        self.epoch = numbers.EPOCH_1900
        self.sheets: list[tuple[str, int]] = []
        self._shapes: dict[int, numbers.Shape] = dict(numbers.BUILT_IN)
        self._styles: list[int] = []
        shared: list[bytes] = []
        before = None
        for kind, body in biff.records(stream):
            if kind == biff.EOF:
                break
            before = before if kind == biff.CONTINUE else kind
            if before == biff.SST:
                shared.append(body)
            elif kind != biff.CONTINUE:
                self._take(kind, body)
        self.strings = biff.shared_strings(shared)

    def shape(self, style: int) -> numbers.Shape:
        """The shape of a cell style."""
        return self._shapes.get(self._styles[style], "") if style < len(self._styles) else ""

    def string(self, body: bytes, at: int) -> str:
        """A cell's text."""
        return biff.string(body, at, "H", self.encoding).replace("\r\n", "\n")

    def _take(self, kind: int, body: bytes) -> None:
        match kind:
            case biff.BOF if struct.unpack_from("<H", body)[0] < EXCEL_97:
                self.encoding = CHINESE
            case biff.CODEPAGE if self.encoding:
                (page,) = struct.unpack_from("<H", body)
                self.encoding = CHINESE if page in (936, 1200) else f"cp{page}"
            case biff.DATEMODE if body[:1] == b"\x01":
                self.epoch = numbers.EPOCH_1904
            case biff.FORMAT:
                code = biff.string(body, 2, "B" if self.encoding else "H", self.encoding)
                self._shapes[struct.unpack_from("<H", body)[0]] = numbers.shape(code)
            case biff.XF:
                self._styles.append(struct.unpack_from("<H", body, 2)[0])
            case biff.BOUNDSHEET:
                start, state, sort = struct.unpack_from("<IBB", body)
                if state & 3 == VISIBLE and sort == WORKSHEET:
                    self.sheets.append((biff.string(body, 6, "B", self.encoding), start))


def _grid(stream: bytes, start: int, grid: Grid, book: _Book) -> Grid:
    """The cells of the sheet that begins at `start`, without those of a chart on it (a BOF and EOF of its own)."""
    depth = 0
    pending: tuple[int, int] | None = None
    for kind, body in biff.records(stream, start):
        depth += (kind == biff.BOF) - (kind == biff.EOF)
        if depth <= 0:
            break
        if depth > 1:
            continue
        match kind:
            case biff.FORMULA if body[12:14] == b"\xff\xff" and body[6] == 0:
                pending = struct.unpack_from("<HH", body)
            case biff.STRING if pending:
                grid.put(*pending, book.string(body, 0))
                pending = None
            case biff.MERGEDCELLS:
                grid.merged += _merged(body)
            case _:
                for cell in _cells(kind, body, book):
                    grid.put(*cell)
    return grid


def _merged(body: bytes) -> list[Merged]:
    whole = body[2 : 2 + (len(body) - 2) // 8 * 8]
    return [Merged(top, left, bottom, right) for top, bottom, left, right in struct.iter_unpack("<4H", whole)]


def _cells(kind: int, body: bytes, book: _Book) -> Iterator[Cell]:
    """The cells of one record; none for a record that holds no cell."""
    match kind:
        case biff.LABELSST:
            row, column, _, number = struct.unpack_from("<HHHI", body)
            yield row, column, book.strings[number].replace("\r\n", "\n"), False
        case biff.NUMBER:
            yield _number(*struct.unpack_from("<HHHd", body), book)
        case biff.RK:
            row, column, style, packed = struct.unpack_from("<HHHI", body)
            yield _number(row, column, style, _unpacked(packed), book)
        case biff.MULRK:
            row, column = struct.unpack_from("<HH", body)
            whole = body[4 : 4 + (len(body) - 6) // 6 * 6]
            for further, (style, packed) in enumerate(struct.iter_unpack("<HI", whole)):
                yield _number(row, column + further, style, _unpacked(packed), book)
        case biff.LABEL | biff.RSTRING:
            yield *struct.unpack_from("<HH", body), book.string(body, 6), False
        case biff.BOOLERR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
            yield row, column, _word(value, is_error), False
        case biff.FORMULA if body[12:14] != b"\xff\xff":
            yield _number(*struct.unpack_from("<HHHd", body), book)
        # 1 is a truth, 2 an error, 3 a formula that was never computed
        case biff.FORMULA if body[6] in (1, 2):
            yield *struct.unpack_from("<HH", body), _word(body[8], body[6] == 2), False


def _number(row: int, column: int, style: int, value: float, book: _Book) -> Cell:
    return row, column, *numbers.shown(value, book.shape(style), book.epoch)


def _word(value: int, is_error: bool | int) -> str:
    if is_error:
        return ERRORS.get(value, "#N/A")
    return "TRUE" if value else "FALSE"


def _unpacked(packed: int) -> float:
    """A number in four bytes: the upper thirty bits of a double or a whole number, perhaps in hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed >> 31 else 0))
    else:
        (value,) = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))
    return value / 100 if packed & 1 else value
