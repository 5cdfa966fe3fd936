"""Questions from tables: one row per question, or one row per option, with whatever headers the clerk's file has."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from school.files import Table
from school.questions import (
    columns,
    headings,
    keys,
    options,
    plain_text,
    settling,
    sheet_pictures,
    template,
    vocabulary,
)
from school.questions.columns import Mapping
from school.questions.draft import LETTERS, Draft, Heading, Place, Reading, Remark, ReviewItem, join
from school.questions.matching import Mirror, normal
from school.questions.settling import Pieces

_NO_HEADER = "没有认出表头（要有题干和答案两列），请指定各列的含义。"
#: numbers in a 题型 column, as the exam systems that write them mean them
_KIND_NUMBERS = {"1": "single", "2": "multi", "3": "judge"}


def read(tables: list[Table], mapping: Mapping | None = None) -> Reading:
    """Read every table of a file. mapping: what the clerk said the columns are; else the header is guessed."""
    told = Reading(remarks=tuple(sheet_pictures.remark(table) for table in tables if table.pictures))
    return join([told, *(_read_table(table, mapping) for table in tables)])


def _read_table(table: Table, mapping: Mapping | None) -> Reading:
    if _one_column(table) and mapping is None:
        return _as_text(table)
    stretches = _stretches(table, mapping)
    if not stretches:
        rows = [at for at, row in enumerate(table.rows) if any(cell.strip() for cell in row)]
        return Reading(review=_whole(table, rows)) if rows else Reading()
    titles = [
        Heading(_place(table, at), "title", _line(table.rows[at])) for at in _filled(table, 0, stretches[0].begin)
    ]
    return join([Reading(headings=tuple(titles)), *(_Stretch(table, stretch).reading() for stretch in stretches)])


def _whole(table: Table, rows: list[int]) -> tuple[ReviewItem, ...]:
    where = Place(tuple(table.first_row + at for at in rows), table.name)
    return (ReviewItem(where, _NO_HEADER, "\n".join(_line(table.rows[at]) for at in rows)),)


def _line(row: list[str]) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())


def _place(table: Table, *rows: int) -> Place:
    return Place(tuple(table.first_row + at for at in rows), table.name)


def _filled(table: Table, begin: int, end: int) -> list[int]:
    return [at for at in range(begin, end) if any(cell.strip() for cell in table.rows[at])]


@dataclass(frozen=True)
class Span:
    """Rows begin … end − 1 under one mapping; the header is row `begin` where there is one."""

    begin: int
    end: int
    mapping: Mapping


def _stretches(table: Table, mapping: Mapping | None) -> list[Span]:
    """The tables on one sheet: a new one begins at each header row."""
    if mapping is not None:
        return [Span(max(mapping.header, 0), len(table.rows), mapping)]
    starts = []
    for at, row in enumerate(table.rows):
        if (starts or at < columns.DEEPEST_HEADER) and columns.is_header(row):
            found = columns.guess_columns(replace(table, rows=[row]))
            if found.complete:
                starts.append((at, replace(found, header=at)))
    begins = [at for at, _ in starts] + [len(table.rows)]
    return [Span(at, end, found) for (at, found), end in zip(starts, begins[1:], strict=True)]


def _one_column(table: Table) -> bool:
    return bool(table.rows) and all(sum(bool(cell.strip()) for cell in row) <= 1 for row in table.rows)


def _as_text(table: Table) -> Reading:
    """A sheet used as writing paper: its rows are lines."""
    reading = plain_text.read("\n".join(" ".join(_line(row).split("\n")) for row in table.rows))

    def moved(where: Place) -> Place:
        return Place(tuple(table.first_row + number - 1 for number in where.lines), table.name)

    return Reading(
        *(
            tuple(replace(part, where=moved(part.where)) for part in getattr(reading, name))
            for name in Reading.__match_args__
        )
    )


class _Stretch:
    """Reads the rows of one span."""

    def __init__(self, table: Table, span: Span):
        self.table, self.span, self.mapping = table, span, span.mapping
        self.header = table.rows[span.mapping.header] if span.mapping.header >= 0 else []
        self.numbered = columns.numbered_options(self.header)
        order = columns.option_order(self.header)
        told = self.mapping.where("option")
        self.option_columns = order if sorted(order) == list(told) else list(told)
        self.own_form = template.is_own(self.header)

    def reading(self) -> Reading:
        """Drafts, review items and the header row."""
        first = self.span.begin + (self.mapping.header >= 0)
        rows = _filled(self.table, first, self.span.end)
        headed = [self.span.begin] if self.mapping.header >= 0 else []
        found = [Heading(_place(self.table, at), "section", _line(self.table.rows[at])) for at in headed]
        if self.own_form:
            return join([Reading(headings=tuple(found)), self._own(rows)])
        groups = self._grouped(rows) if self.mapping.where("correct") else [[at] for at in rows]
        pieces = [self._pieces(group) for group in groups]
        pair = settling.judge_signs(pieces)
        drafts, review, remarks = _settled(pieces, pair)
        return Reading(tuple(drafts), tuple(review), tuple(found), tuple(remarks))

    def _cell(self, at: int, role: str) -> str:
        return next((self._at(at, place) for place in self.mapping.where(role) if self._at(at, place)), "")

    def _at(self, at: int, place: int) -> str:
        row = self.table.rows[at]
        return row[place].strip() if place < len(row) else ""

    def _pieces(self, group: list[int]) -> Pieces:
        at = group[0]
        where = _place(self.table, *group)
        rest, remarks = settling.rest(self._fields(at))
        original = "\n".join(_line(self.table.rows[row]) for row in group)
        pieces = Pieces(self._cell(at, "stem"), where, original, rest=rest, remarks=remarks)
        pieces.numbered_options = self.numbered
        self._kind(pieces, at)
        if self.mapping.where("correct"):
            self._options_by_row(pieces, group)
        else:
            self._options_by_column(pieces, at)
            pieces.said = [said] if (said := _whole_number(self._cell(at, "answer"))) else []
        self._blanks(pieces, at)
        if not pieces.options:
            _options_in_stem(pieces)
        if any(sheet_pictures.in_cells(self.table.rows[row]) for row in group):
            pieces.doubts.append(sheet_pictures.IN_CELL)
        _strip_judge_options(pieces)
        settling.tidy(pieces)
        return pieces

    def _fields(self, at: int) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        shapes = ("stem", "kind", "answer", "options", "option", "blank", "correct", "ignore")
        for place, role in enumerate(self.mapping.roles):
            text = self._at(at, place)
            if role not in shapes and text:
                label = self.header[place].strip() if place < len(self.header) else f"第 {place + 1} 列"
                found.setdefault(role, []).append((label, _whole_number(text) if role == "score" else text))
        return found

    def _kind(self, pieces: Pieces, at: int) -> None:
        said = _whole_number(self._cell(at, "kind"))
        if not said:
            pieces.kind = _kind_of_sheet(self.table.name)
            return
        pieces.kind = vocabulary.kind(said) or _KIND_NUMBERS.get(said)
        if pieces.kind is None:
            pieces.doubts.append(f"不认识题型“{said}”，请改为单选、多选、判断、填空或简答。")

    def _options_by_column(self, pieces: Pieces, at: int) -> None:
        cells = [_whole_number(self._at(at, place)) for place in self.option_columns]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            pieces.options = _unlettered(tuple(cells))
        elif cell := self._cell(at, "options"):
            try:
                pieces.options = options.in_cell(cell)
            except keys.Doubtful as doubt:
                pieces.doubts.append(doubt.reason)

    def _options_by_row(self, pieces: Pieces, group: list[int]) -> None:
        marks = [_whole_number(self._cell(at, "correct")) for at in group]
        texts = [
            self._cell(at, "options") or next((self._at(at, place) for place in self.option_columns), "")
            for at in group
        ]
        pieces.options = _unlettered(tuple(texts))
        right = [vocabulary.judgement(mark, {"1": True, "0": False, "y": True, "n": False}) for mark in marks]
        if None in right or len(texts) > len(LETTERS):
            pieces.doubts.append("“是否正确项”一列应写 1 或 0，请核对。")
        else:
            pieces.said = ["".join(LETTERS[place] for place, mark in enumerate(right) if mark)]

    def _blanks(self, pieces: Pieces, at: int) -> None:
        """Answers of blanks in columns of their own, or in the option columns of a fill-in row without an answer."""
        cells = [self._at(at, place) for place in self.mapping.where("blank")]
        cells = [cell for cell in cells if cell]
        if pieces.kind == "fill" and not cells and not pieces.said and pieces.options:
            cells, pieces.options = list(pieces.options), ()
        if not cells or pieces.said:
            return
        if len(cells) > 1 and any(re.search(r"[|｜;；\\\n]", cell) for cell in cells):
            pieces.doubts.append("每个空的答案里有分号或竖线，请确认它们是不是并列的答案。")
        pieces.kind = pieces.kind or "fill"
        pieces.said = ["|".join(cells)]

    def _grouped(self, rows: list[int]) -> list[list[int]]:
        """Rows of one question: a filled stem begins it, the rows below carry its further options."""
        groups: list[list[int]] = []
        for at in rows:
            if self._cell(at, "stem") or not groups:
                groups.append([at])
            else:
                groups[-1].append(at)
        return groups

    def _own(self, rows: list[int]) -> Reading:
        """Rows of our own template, read as exactly as our text form."""
        results = [self._own_row(at) for at in rows]
        drafts = [result for result in results if isinstance(result, Draft)]
        return Reading(tuple(drafts), tuple(result for result in results if isinstance(result, ReviewItem)))

    def _own_row(self, at: int) -> Draft | ReviewItem:
        row, where = self.table.rows[at], _place(self.table, at)
        result = template.read_row(self.header, row, where)
        pictured = isinstance(result, Draft) and sheet_pictures.in_cells(row)
        return ReviewItem(where, sheet_pictures.IN_CELL, _line(row), result) if pictured else result


def _settled(group: list[Pieces], pair: dict[str, bool]) -> tuple[list[Draft], list[ReviewItem], list[Remark]]:
    drafts, review, remarks = [], [], []
    for pieces in group:
        result, more = settling.settle(pieces, pair)
        (review if isinstance(result, ReviewItem) else drafts).append(result)
        remarks += more
    return drafts, review, remarks


def _kind_of_sheet(name: str) -> str | None:
    declared = headings.section(Mirror(name).norm)
    return vocabulary.kind(name) or (declared.kind if declared else None)


def _whole_number(cell: str) -> str:
    """A number that went through a float: 260.0 -> 260."""
    return cell[: cell.index(".")] if re.fullmatch(r"\d+\.0+", cell) else cell


def _unlettered(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without the letter that repeats their column's, where every filled cell has its own."""
    found = [(place, options.at_start(Mirror(cell).norm)) for place, cell in enumerate(cells) if cell]
    if all(label and label.place == place and label.sign != "blank" for place, label in found):
        return tuple(Mirror(cell).cut(options.at_start(Mirror(cell).norm).end) if cell else "" for cell in cells)
    return cells


def _options_in_stem(pieces: Pieces) -> None:
    """Stem and options in one cell, on lines of their own."""
    if "\n" not in pieces.stem:
        return
    one = plain_text.one(pieces.stem, pieces.where)
    if one and one.options:
        pieces.stem, pieces.options = one.stem, one.options
        pieces.said = pieces.said + one.said
        pieces.doubts += one.doubts


def _strip_judge_options(pieces: Pieces) -> None:
    """Option cells of a judge row that hold 正确 and 错误 stay; lone ones that repeat the answer's sign do not."""
    if (
        pieces.kind == "judge"
        and len(pieces.options) == 1
        and vocabulary.clear_judgement(pieces.options[0]) is not None
    ):
        pieces.options = ()


def unknown_columns(table: Table, mapping: Mapping) -> list[tuple[int, str]]:
    """(index, header) of filled columns no role was found for, for the page that asks the clerk."""
    header = table.rows[mapping.header] if mapping.header >= 0 else []
    names = [(place, header[place] if place < len(header) else "") for place in mapping.where("extra")]
    return [(place, name) for place, name in names if columns.role(name) is None and _used(table, place)]


def _used(table: Table, place: int) -> bool:
    return any(place < len(row) and normal(row[place]) for row in table.rows)
