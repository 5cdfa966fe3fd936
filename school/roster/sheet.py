"""Reads a roster file into rows and complaints. Pure: nothing is written, nothing is looked up.

All complaints are collected, each with sheet, line, column, reason and remedy. A line with a complaint gives no row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from school import files
from school.files import Table, letters
from school.roster import cells, columns, contradictions, names
from school.roster.cells import Unreadable
from school.roster.columns import Header
from school.roster.rows import Complaint, Row, Sheet, UnitRow

Read = TypeVar("Read")

#: rows below the people: sums, remarks, who drew up the sheet
REMARK = re.compile(
    r"(?:合计|总计|小计|共计|说明|注|备注|(?:制表|填表|填报|审核|复核|审批|打印)(?:人|日期|时间|单位)?|(?:单位|主要)?负责人|联系人)"
    r"(?:[:：(（\d共].*)?|共\d+人.*",
    re.DOTALL,
)
HAN = re.compile(f"[{names.HAN}]")
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
UNIT_LIST = re.compile(r"[、；;,，]")

NO_STAFF_NO = "缺少工号。每人都要有单位统一编的工号，请填写。"
NO_UNIT = "缺少单位。请填写单位全称、简称或编码。"
FROM_CSV = "CSV 不保存合并单元格，原表的单位列如果是合并的，请直接上传原来的 Excel 文件。"

UNIT_NAME, SHORT_NAME, UNIT_KIND, CODE = map(cells.at_most, (120, 60, 20, 40))
POST, NOTE = cells.at_most(80), cells.at_most(500)


def read(content: bytes, file_name: str) -> Sheet:
    """Everything a roster file says: people, units, and every complaint. BadFile when it cannot be read at all."""
    readings = [_Reading(table) for table in files.tables(content)]
    anything = any(reading.usable for reading in readings)
    for reading in readings:
        reading.run(header_required=not anything)
    complaints = [complaint for reading in readings for complaint in reading.complaints]
    people = [row for reading in readings for row in reading.rows]
    units = [unit for reading in readings for unit in reading.units]
    places = {reading.table.name: reading.header.places for reading in readings if reading.usable}
    for row, field, value, reason in (*contradictions.of_people(people), *contradictions.of_units(units)):
        complaints.append(Complaint(row.sheet, row.line, letters(places[row.sheet][field]), value, reason))
    if not (people or units or complaints):
        complaints.append(Complaint("", 0, "", "", "表头下面没有任何人员或单位。请检查是否选对了文件。"))
    order = {reading.table.name: number for number, reading in enumerate(readings)}
    complaints.sort(key=lambda c: (order.get(c.sheet, -1), c.line, len(c.column), c.column))
    wrong = {(complaint.sheet, complaint.line) for complaint in complaints}
    return Sheet(
        rows=tuple(row for row in people if (row.sheet, row.line) not in wrong),
        complaints=tuple(complaints),
        sheet_name="、".join(reading.table.name for reading in readings if reading.usable),
        columns_found=tuple(found for reading in readings for found in reading.columns_found),
        units=tuple(unit for unit in units if (unit.sheet, unit.line) not in wrong),
        notes=tuple(note for reading in readings for note in reading.notes),
        file_name=file_name,
    )


def _name(given: str) -> str:
    name = names.tidy(given)
    if reason := names.trouble(name):
        raise Unreadable(reason)
    return name


def _until(line: _Line) -> date | None:
    """The first day on which the assignment no longer holds: the day of leaving, or the one after the last day."""
    return line.read("until_on", cells.day, None) or line.read("last_on", cells.day_after, None)


class _Reading:
    """One table on its way into rows, units, complaints and notes."""

    def __init__(self, table: Table):
        self.table = table
        self.rows: list[Row] = []
        self.units: list[UnitRow] = []
        self.complaints: list[Complaint] = []
        self.notes: list[str] = []
        self._filled = table.filled() if table.merged else table.rows
        self.header = columns.find(self._filled)
        self.columns_found = columns.found(table, self.header) if self.header else ()
        self._wide = {(block.top, block.left) for block in table.merged if block.right > block.left}

    @property
    def usable(self) -> bool:
        """Whether the table has a header with all columns that are needed."""
        return self.header is not None and not self.header.missing

    def run(self, *, header_required: bool) -> None:
        """Read every line. A table without any header is only worth a note when another one has one."""
        if self.header is None and not header_required:
            self._note("没有工号、姓名、单位这样的表头，没有读取。")
        elif not self.usable:
            self._complain_of_header()
        else:
            self._note_ignored()
            for line in self._lines(self.header):
                self._unit(line) if self.header.of_units else self._person(line)

    def _lines(self, header: Header) -> Iterator[_Line]:
        for index in range(header.at + 1, len(self.table.rows)):
            given = [cell for cell in self.table.rows[index] if cell and not cell.isspace()]
            if not given or columns.repeats(self._filled[index], header):
                continue
            if self._is_remark(index, given, header):
                shown = " ".join(given)[:40]
                self._note(f"第 {self.table.first_row + index} 行“{cells.masked(shown)}”是说明文字，没有当作数据读取。")
            else:
                yield _Line(self.table, header, index, self._filled[index], self.complaints)

    def _is_remark(self, index: int, given: list[str], header: Header) -> bool:
        """Sums, remarks and signatures, and lone headings: one wide cell, or words where a number should stand."""
        if REMARK.fullmatch("".join(given[0].split())):
            return True
        if len(given) > 1 or not HAN.search(given[0]):
            return False
        column = self.table.rows[index].index(given[0])
        told = {header.places.get("name"), header.places.get("unit"), header.places.get("parent")}
        return (index, column) in self._wide or column not in told

    def _note(self, text: str) -> None:
        self.notes.append(f"工作表“{self.table.name}”：{text}" if self.table.name else text)

    def _note_ignored(self) -> None:
        identity, others = columns.ignored(self.table, self.header)
        if identity:
            self._note(f"“{'、'.join(identity)}”列没有读取，也不会保存：本系统不需要身份证号。")
        if others:
            self._note("没有用到的列：" + "、".join(others)[:200] + "。")

    def _complain_of_header(self) -> None:
        """Say which columns are needed and what was found in their place."""
        rows = self.table.rows[: columns.HEADER_WITHIN]
        at = self.header.at if self.header else max(range(len(rows)), key=lambda n: (sum(map(bool, rows[n])), -n))
        found = "、".join(cells.masked(cell.strip()) for cell in rows[at] if cell.strip())[:200]
        needed = columns.NEEDED_OF_UNITS if self.header and self.header.of_units else columns.NEEDED_OF_PEOPLE
        missing = self.header.missing if self.header else tuple(needed.values())
        reason = (
            f"表头缺少“{'”“'.join(missing)}”列，这张表没有读取。"
            f"需要：{'、'.join(needed.values())}；找到的是：{found}。请补上缺少的列，或改正列名后重新上传。"
        )
        self.complaints.append(Complaint(self.table.name, self.table.first_row + at, "", found, reason))

    def _person(self, line: _Line) -> None:
        self.rows.append(
            Row(
                sheet=self.table.name,
                line=line.number,
                staff_no=line.needed(
                    "staff_no", lambda given: cells.staff_no(given, line.damaged("staff_no")), NO_STAFF_NO
                ),
                name=line.needed("name", _name, "缺少姓名。请填写；如果这一行不是人员，请删除。"),
                unit=line.needed("unit", UNIT_NAME, NO_UNIT if self.table.name else NO_UNIT + FROM_CSV),
                parent=line.read("parent", UNIT_NAME, ""),
                post=line.read("post", POST, ""),
                kind=line.read("kind", cells.kind, cells.DEFAULT_KIND),
                from_on=line.read("from_on", cells.day, None),
                until_on=_until(line),
                phone=line.read("phone", lambda given: cells.phone(given, line.damaged("phone")), ""),
                counts=line.read("counts", cells.counts, True),
                note=line.read("note", NOTE, ""),
                former_name=names.tidy(line.text("former_name")),
                stated=line.stated,
            )
        )
        line.check_order(
            self.rows[-1].from_on, self.rows[-1].until_on, ("until_on", "last_on"), "离任（截止）日期早于任职日期。"
        )

    def _unit(self, line: _Line) -> None:
        unit = UnitRow(
            sheet=self.table.name,
            line=line.number,
            code=line.needed("code", CODE, "缺少单位编码。请给每个单位一个固定不变的编码。"),
            name=line.needed("name", UNIT_NAME, "缺少单位全称。请填写；如果这一行不是单位，请删除。"),
            short_name=line.read("short_name", SHORT_NAME, ""),
            parent=line.read("parent", UNIT_NAME, ""),
            kind=line.read("kind", UNIT_KIND, ""),
            order_no=line.read("order_no", cells.order_no, None),
            opened_on=line.read("opened_on", cells.day, None),
            closed_on=line.read("closed_on", cells.day, None),
            merged_into=tuple(filter(None, map(UNIT_NAME, UNIT_LIST.split(line.text("merged_into"))))),
            note=line.read("note", NOTE, ""),
        )
        line.check_order(unit.opened_on, unit.closed_on, ("closed_on",), "撤销日期早于成立日期。")
        if unit.merged_into and not unit.closed_on and not line.text("closed_on"):
            line.complain("merged_into", "填了并入单位，却没有撤销日期。请补上从哪一天起撤销。")
        self.units.append(unit)


class _Line:
    """One line of a sheet: reads its fields by name and complains about those that cannot be read."""

    def __init__(self, table: Table, header: Header, index: int, row: list[str], complaints: list[Complaint]):
        self._table, self._index, self._complaints = table, index, complaints
        self._places = header.places
        self._given = {
            field: text for field, column in header.places.items() if (text := row[column]) and (text := text.strip())
        }
        self.number = table.first_row + index

    @property
    def stated(self) -> frozenset[str]:
        """The fields whose cell says something."""
        return frozenset(self._given)

    def text(self, field: str) -> str:
        """The cell without blanks around it; "" when there is no such column."""
        return self._given.get(field, "")

    def damaged(self, field: str) -> bool:
        return (self._index, self._places.get(field)) in self._table.damaged

    def read(self, field: str, reader: Callable[[str], Read], default: Read) -> Read:
        """What the cell says, the default when it is empty or cannot be read, which is complained about."""
        given = self.text(field)
        if not given:
            return default
        try:
            if given in FORMULA_ERRORS:
                raise Unreadable("这一格是公式错误。请改成实际内容，或把公式粘贴为数值。")
            return reader(given)
        except Unreadable as reason:
            self.complain(field, str(reason))
            return default

    def needed(self, field: str, reader: Callable[[str], str], missing: str) -> str:
        if not self.text(field):
            self.complain(field, missing)
        return self.read(field, reader, "")

    def complain(self, field: str, reason: str) -> None:
        column = letters(self._places[field])
        value = cells.masked(self.text(field))
        self._complaints.append(Complaint(self._table.name, self.number, column, value, reason))

    def check_order(self, first: date | None, end: date | None, fields: tuple[str, ...], reason: str) -> None:
        """Complain at the first of the fields that says something when the end does not come after the first day."""
        if first and end and end <= first:
            self.complain(next(field for field in fields if self.text(field)), reason + "请改正其中一个。")
