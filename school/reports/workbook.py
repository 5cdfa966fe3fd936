"""The figures of a closed month as Excel: real numbers, texts that stay texts, ready to print on A4 across.

Rates and means are the rounded figures of the paper, as numbers; the cell of a small unit holds a dash.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import xlsxwriter

from school import clock, words
from school.reports import county_report, unit_report
from school.results import wording
from school.results.figures import Counts, MakeupCounts, Month, TopicShare, UnitMonth

_SIX_AND_RATES = (*(name for name, _ in wording.SIX), "优秀", "平均分", "合格率", "优秀率")


class _Share(NamedTuple):
    """A rate in a cell, or a dash where there is none."""

    of: Fraction | None


class _Mean(NamedTuple):
    """A mean score in a cell, or a dash where there is none."""

    of: Fraction | None


_Cell = str | int | Decimal | _Share | _Mean


def county(month: Month) -> bytes:
    """The county's month: units, shortfalls, topics, nights, notes."""
    book = _Book(f"{month.county}{words.month(month.first)}测试情况", month)
    units = county_report.in_order(month)
    rows = [
        (n, unit.code, unit.name, *_figures(unit.counts), *_made_up(month, unit.makeup))
        for n, unit in enumerate(units, 1)
    ]
    rows.append(("", "", "合计", *_figures(month.total), *_made_up(month, month.makeup)))
    heads = _heads(month)
    book.sheet("单位", ("序号", "单位代码", "单位", *heads), rows, (6, 12, 34, *(9,) * len(heads)), total=True)
    book.sheet(
        "低于标准的指标",
        ("单位", "达到", "标准", "相差", "偶然能否解释"),
        county_report.shortfall_rows(units),
        (24, 34, 12, 18, 14),
    )
    _topics(book, month.topics, month.total)
    nights = [(n, unit.name, *_nights(unit)) for n, unit in enumerate(units, 1)]
    nights.append(("", "全县", *_nights(month)))
    heads = ("序号", "单位（含下属单位）", "计划期数", "举办期数", "取消期数", "到课人次", "登记人数", "学时")
    book.sheet("夜校", heads, nights, (6, 34, *(11,) * 6), total=True)
    return book.finish((*_notes(month, month.makeup), *county_report.comings_and_goings(month)))


def unit(month: Month, of: UnitMonth) -> bytes:
    """One unit's month: figures, name list in roster order, topics, notes."""
    book = _Book(f"{of.name}{words.month(month.first)}测试情况", month)
    row, figures = (of.name, *_figures(of.counts), *_made_up(month, of.makeup)), _heads(month)
    book.sheet("情况", ("单位", *figures), [row], (34, *(9,) * len(figures)))
    people = [(int(n), *texts) for n, *texts in unit_report.people_rows(of.people)]
    book.sheet("名单", ("序号", "姓名", "职务", "参加情况", "档次"), people, (6, 24, 30, 24, 10))
    _topics(book, of.topics, of.counts)
    heads = ("计划期数", "举办期数", "取消期数", "到课人次", "登记人数", "学时")
    book.sheet("夜校", heads, [_nights(of)], (11,) * 6)
    gaps = [wording.shortfall(of.counts, missed) for missed in of.shortfalls]
    return book.finish((*gaps, *_notes(month, of.makeup)))


def _heads(month: Month) -> tuple[str, ...]:
    return (*_SIX_AND_RATES, "应补考", "补考合格") if month.makeup else _SIX_AND_RATES


def _made_up(month: Month, of: MakeupCounts | None) -> tuple[_Cell, ...]:
    """The cells of the make-ups, where the month has had any."""
    return ((of.called, of.passed) if of else (0, 0)) if month.makeup else ()


def _notes(month: Month, of: MakeupCounts | None) -> tuple[str, ...]:
    said = (wording.makeup(of, month.makeup_rule),) if of else ()
    return (*said, *unit_report.notes(month))


def _figures(counts: Counts) -> tuple[_Cell, ...]:
    few = counts.small
    return (
        *(getattr(counts, field) for _, field in wording.SIX),
        counts.excellent,
        _Mean(None if few else counts.mean),
        _Share(None if few else counts.share("passed", "sat")),
        _Share(None if few else counts.share("excellent", "sat")),
    )


def _nights(of: Month | UnitMonth) -> tuple[_Cell, ...]:
    nights = of.nights
    return nights.planned, nights.held, nights.cancelled, nights.attendances, nights.people, nights.hours


def _topics(book: _Book, topics: tuple[TopicShare, ...], counts: Counts) -> None:
    few = counts.small
    rows = [
        (
            n,
            each.topic,
            each.right,
            each.asked,
            _Share(Fraction(each.right, each.asked) if each.asked and not few else None),
        )
        for n, each in enumerate(topics, 1)
    ]
    book.sheet("专题", ("序号", "专题", "答对题次", "作答题次", "答对率"), rows, (6, 34, 12, 12, 12))


class _Book:
    """A workbook under way; every sheet is headed like the paper and frozen below its head."""

    def __init__(self, title: str, month: Month):
        self._out, self._title, self._month = io.BytesIO(), title, month
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(self._out, options)
        made_at = clock.local(month.closed_at).replace(tzinfo=None)
        properties = {"title": title, "subject": month.round_title, "author": month.county, "company": month.county}
        self._book.set_properties({**properties, "created": made_at})
        line = {"font_size": 10.5, "valign": "vcenter", "bottom": 4, "bottom_color": "#999999"}
        self._formats = {
            (kind, bold): self._book.add_format({**line, **look, "bold": bold})
            for bold in (False, True)
            for kind, look in _LOOKS.items()
        }
        self._head = self._book.add_format(
            {**line, "bold": True, "text_wrap": True, "align": "center", "top": 2, "bottom": 1}
        )
        self._large = self._book.add_format({"bold": True, "font_size": 15})
        self._small = self._book.add_format({"font_size": 9, "font_color": "#666666"})
        self._wrapped = self._book.add_format({"font_size": 10.5, "text_wrap": True, "valign": "top"})

    def sheet(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[_Cell]], widths: Sequence[float], *, total=False
    ) -> None:
        """One sheet: title, period, head, rows; the last row in bold when it is the total."""
        sheet = self._book.add_worksheet(name)
        self._furnish(sheet, name)
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, head, self._head)
        for n, row in enumerate(rows):
            bold = total and n == len(rows) - 1
            for column, cell in enumerate(row):
                self._write(sheet, n + 3, column, cell, bold)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)

    def finish(self, notes: Sequence[str]) -> bytes:
        """Add the sheet of notes and give the bytes."""
        sheet = self._book.add_worksheet("说明")
        self._furnish(sheet, "说明")
        sheet.set_column(0, 0, 110)
        said = (wording.asked_of_units(self._month.standard), *self._month.corrections, *notes)
        for n, note in enumerate(said):
            sheet.write_string(n + 2, 0, f"{n + 1}. {note}", self._wrapped)
        self._book.close()
        return self._out.getvalue()

    def _furnish(self, sheet, name: str) -> None:
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        correction = wording.correction(self._month)
        sheet.write_string(0, 0, f"{self._title}：{name}" + (f"（{correction}）" if correction else ""), self._large)
        sheet.write_string(1, 0, "；".join((self._month.round_title, *wording.period(self._month))), self._small)
        sheet.set_row(0, 24)

    def _write(self, sheet, row: int, column: int, cell: _Cell, bold: bool) -> None:
        if isinstance(cell, _Share | _Mean) and cell.of is None:
            sheet.write_string(row, column, wording.NONE, self._formats["none", bold])
        elif isinstance(cell, _Share):
            sheet.write_number(row, column, words.half_up(cell.of, 4), self._formats["share", bold])
        elif isinstance(cell, _Mean):
            sheet.write_number(row, column, words.half_up(cell.of), self._formats["mean", bold])
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell, self._formats["text", bold])
        else:
            sheet.write_number(row, column, cell, self._formats["number", bold])


_LOOKS = {
    "text": {"text_wrap": True},
    "none": {"align": "right"},
    "number": {},
    "share": {"num_format": "0.00%"},
    "mean": {"num_format": "0.00"},
}
