"""Tables of an upload whose columns the header does not explain, and what somebody said they are."""

from __future__ import annotations

from collections.abc import Mapping as Known
from collections.abc import Sequence
from dataclasses import dataclass

from school import files
from school.errors import BadFile
from school.files import Table
from school.questions import bank_text, columns, intake, sheet
from school.questions.columns import Mapping
from school.questions.draft import Reading, join

#: roles as the clerk chooses them
ROLE_WORDS = {
    "stem": "题干",
    "kind": "题型",
    "option": "选项（一列一个）",
    "options": "选项（都写在一格里）",
    "answer": "答案",
    "blank": "填空答案（一空一列）",
    "correct": "是否正确项（一行一个选项）",
    "explanation": "解析",
    "citation": "依据",
    "topic": "专题",
    "point": "知识点",
    "difficulty": "难度",
    "audience": "对象",
    "score": "分值",
    "code": "编号",
    "author": "编写",
    "checker": "复核",
    "material": "材料",
    "ignore": "不用这一列",
}
#: rows of a table that are shown to whoever says what its columns are
SHOWN_ROWS = 6
#: characters of a cell that are shown
LONGEST = 60


@dataclass(frozen=True)
class Unclear:
    """A table to be asked about. place: among the file's tables; first_row: the number of its first row on the sheet.
    header: index of the row taken for one.

    unknown: header cells without a meaning.  complete: whether questions can be read all the same.
    """

    place: int
    name: str
    first_row: int
    header: int
    roles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]
    complete: bool


def read(
    content: bytes, file_name: str, told: Sequence[Mapping | None], key: str = "", found: Sequence[Table] = ()
) -> Reading:
    """Read an upload; told: per table what somebody said its columns are, None where the header is to be believed.
    key: answers that came in a file of their own.  found: the upload's tables, where they are at hand."""
    if not any(told):
        whole = found and not key and files.kind(content) != "text"
        return sheet.read(found) if whole else intake.read(content, file_name, key=key)
    tables = found or files.tables(content)
    return join([sheet.read([table], said) for table, said in zip(tables, told, strict=True)])


def tables(content: bytes) -> list[Table]:
    """The tables of an upload; none where it holds text or anything else."""
    kind = files.kind(content)
    if kind in ("xlsx", "xls", "ods"):
        return files.tables(content)
    if kind != "text" or bank_text.fits(files.text(content)):
        return []
    try:
        return [table for table in files.tables(content) if _is_wide(table)]
    except BadFile:
        return []


def _is_wide(table: Table) -> bool:
    """Whether a text is a table: nearly every line has the same number of cells, three at least."""
    widths = [len(row) for row in table.rows if any(row)]
    usual = max(set(widths), key=widths.count, default=0)
    return usual >= 3 and widths.count(usual) * 5 >= len(widths) * 4


def signatures(table: Table) -> dict[str, int]:
    """The signature of each row that might be the header, with its index."""
    width = max((len(row) for row in table.rows), default=0)
    first = list(enumerate(table.rows[: columns.DEEPEST_HEADER]))
    rows = [(at, row) for at, row in first if sum(bool(cell.strip()) for cell in row) > 1]
    return {columns.signature(table, Mapping(at, ("",) * width)): at for at, _ in reversed(rows)}


def recalled(table: Table, known: Known[str, tuple[str, ...]]) -> Mapping | None:
    """What was said of a header like this table's. known: roles by signature."""
    return next((Mapping(at, known[said]) for said, at in signatures(table).items() if said in known), None)


def unclear(found: Sequence[Table], told: Sequence[Mapping | None]) -> list[Unclear]:
    """The tables nobody has spoken of whose columns are not all understood."""
    asked = []
    for place, (table, said) in enumerate(zip(found, told, strict=True)):
        guessed = columns.guess_columns(table)
        unknown = sheet.unknown_columns(table, guessed) if guessed.header >= 0 else []
        if said is None and (unknown or (not guessed.complete and _is_wide(table))):
            asked.append(_asked(place, table, guessed, tuple(name for _, name in unknown)))
    return asked


def _asked(place: int, table: Table, guessed: Mapping, unknown: tuple[str, ...]) -> Unclear:
    header = guessed.header if guessed.header >= 0 else _likely_header(table)
    width = max(len(row) for row in table.rows)
    row = [*table.rows[header], *[""] * width][:width]
    roles = tuple(columns.role(cell) or "" for cell in row)
    shown = table.rows[: header + SHOWN_ROWS]
    rows = tuple(tuple(cell.strip()[:LONGEST] for cell in [*cells, *[""] * width][:width]) for cells in shown)
    return Unclear(place, table.name, table.first_row, header, roles, rows, unknown, guessed.complete)


def _likely_header(table: Table) -> int:
    """The first row that is as wide as the table is at its widest."""
    widths = [sum(bool(cell.strip()) for cell in row) for row in table.rows[: columns.DEEPEST_HEADER]]
    return widths.index(max(widths))
