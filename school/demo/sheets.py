"""The roster files of the demo county, as a county's office would send them: titles, merged cells, two sheets. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from itertools import groupby

import xlsxwriter

from school.demo.county import County, DemoPerson, DemoPost, DemoUnit

PEOPLE = ("序号", "上级单位", "单位", "工号", "姓名", "职务", "任职类型", "任职时间", "联系电话", "是否应考", "备注")
UNITS = ("单位编码", "单位全称", "简称", "上级单位", "类别", "建制顺序", "成立日期", "撤销日期", "并入单位")
WIDTHS = (6, 14, 24, 10, 40, 22, 10, 12, 12, 10, 16)
FOUNDED = date(2015, 1, 1)

#: one line of the people's sheet
Line = tuple[DemoPerson, DemoPost]


def roster(county: County, since: date) -> bytes:
    """花名册.xlsx: everybody, unit by unit, with the unit's name once in a merged cell. since: first day of all posts."""
    order = {(unit.name, unit.parent): unit.order_no for unit in county.units}
    lines = [(person, post) for person in county.people for post in person.posts]
    lines.sort(key=lambda line: (order[line[1].unit, line[1].parent], line[0].staff_no))
    units = [_unit(unit) for unit in county.units]
    return _workbook(f"云岭县干部花名册（{since.year}年{since.month}月）", lines, since, units)


def changes(county: County, on: date) -> bytes:
    """花名册变动.xlsx: only the units merged and the people moved on a day."""
    units = [(*_unit(old)[:-2], on.isoformat(), new.code) for old, new in county.merged]
    return _workbook(f"云岭县机构和人员变动表（{on.year}年{on.month}月{on.day}日）", list(county.moved), on, units)


def _unit(unit: DemoUnit) -> tuple:
    # 县委组织部 stays as it is: 委组织部 is no name.
    short = unit.name if unit.name.startswith("县委") else unit.name.removeprefix("县")
    return (unit.code, unit.name, short, unit.parent, unit.kind, unit.order_no, FOUNDED.isoformat(), "", "")


def _workbook(title: str, lines: Sequence[Line], since: date, units: Sequence[tuple]) -> bytes:
    out = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, settings) as book:
        styles = {
            "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
            "head": book.add_format({"bold": True, "border": 1, "align": "center"}),
            "cell": book.add_format({"border": 1, "valign": "vcenter"}),
            "date": book.add_format({"border": 1, "num_format": "yyyy-mm-dd"}),
        }
        _people_sheet(book.add_worksheet("人员"), styles, title, lines, since)
        _units_sheet(book.add_worksheet("单位"), styles, units)
    return out.getvalue()


def _people_sheet(page, styles: dict, title: str, lines: Sequence[Line], since: date) -> None:
    page.merge_range(0, 0, 0, len(PEOPLE) - 1, title, styles["title"])
    page.merge_range(1, 0, 1, len(PEOPLE) - 1, "填报单位：县委组织部（演示数据，人物均为虚构）")
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.write_row(2, 0, PEOPLE, styles["head"])
    page.freeze_panes(3, 0)
    row = 3
    for (parent, unit), group in groupby(lines, key=lambda line: (line[1].parent, line[1].unit)):
        some = list(group)
        for column, words in ((1, parent), (2, unit)):
            _tall(page, row, row + len(some) - 1, column, words, styles["cell"])
        for place, (person, post) in enumerate(some, row):
            _line(page, styles, place, person, post, since)
        row += len(some)
    page.write(row, 0, f"合计：{len(lines)} 行")


def _tall(page, first: int, last: int, column: int, words: str, style) -> None:
    if first == last:
        page.write_string(first, column, words, style)
    else:
        page.merge_range(first, column, last, column, words, style)


def _line(page, styles: dict, row: int, person: DemoPerson, post: DemoPost, since: date) -> None:
    page.write_number(row, 0, row - 2, styles["cell"])
    for column, words in ((3, person.staff_no), (4, person.name), (5, post.post), (6, post.kind), (8, person.phone)):
        page.write_string(row, column, words, styles["cell"])
    page.write_datetime(row, 7, since, styles["date"])
    page.write_string(row, 9, "是" if post.counts else "否", styles["cell"])
    page.write_string(row, 10, "", styles["cell"])


def _units_sheet(page, styles: dict, units: Sequence[tuple]) -> None:
    page.merge_range(0, 0, 0, len(UNITS) - 1, "单位名录", styles["title"])
    page.set_column(0, len(UNITS) - 1, 16)
    page.write_row(1, 0, UNITS, styles["head"])
    for row, unit in enumerate(units, 2):
        page.write_row(row, 0, unit, styles["cell"])
