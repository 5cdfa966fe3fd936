"""台账 on paper and as a spreadsheet: the same rows as the page, never a form to fill in a second time. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from school import clock, words
from school.reports import fonts
from school.reports.page import Paper
from school.reports.tables import Column

HEAD = (
    "单位", "来源", "依据", "问题", "处理决定", "整改措施",
    "状态", "该谁办理", "期限", "已过工作日", "复测结果", "是否销号", "销号日期", "备注",
)  # fmt: skip
WIDTHS = (16, 24, 36, 36, 24, 40, 14, 12, 12, 10, 36, 10, 12, 20)
COLUMNS = (
    Column("序号", 12, "middle"),
    Column("单位", 24),
    Column("来源", 36),
    Column("问题", 56),
    Column("状态", 26),
    Column("期限", 36),
    Column("已过工作日", 26, "end"),
)
NOTES = (
    "期限按工作日计算，进入各环节时确定，不再变动；已过工作日自期限次日起计算。",
    "单位按建制顺序排列，不按快慢排列。本台账由系统从办理记录生成，不需要另行填报。",
)


@dataclass(frozen=True)
class Row:
    """A case as one line of the ledger, in the order of HEAD; texts as they are read, empty for none."""

    unit: str
    source: str
    basis: str
    problem: str
    decision: str
    measures: str
    state: str
    turn: str
    due: str
    late: int
    retest: str
    closed: str
    closed_on: str
    note: str


def sheet(title: str, rows: Sequence[Row], made_at: datetime) -> bytes:
    """The ledger as .xlsx: texts stay texts, whatever they look like. made_at: aware, as of when it stands."""
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(out, plain)
    book.set_properties({"title": title, "created": clock.local(made_at).replace(tzinfo=None)})
    page = book.add_worksheet("台账")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    page.write_string(1, 0, f"截至 {words.moment(made_at)}")
    page.write_row(2, 0, ("序号", *HEAD), book.add_format({"bold": True, "bottom": 1, "text_wrap": True}))
    page.repeat_rows(2)
    page.freeze_panes(3, 2)
    _fill(page, rows, book.add_format({"text_wrap": True, "valign": "top"}))
    book.close()
    return out.getvalue()


def _fill(page, rows: Sequence[Row], cell) -> None:
    page.set_column(0, 0, 6)
    for column, width in enumerate(WIDTHS, 1):
        page.set_column(column, column, width)
    for number, row in enumerate(rows, 1):
        page.write_number(number + 2, 0, number, cell)
        for column, value in enumerate(astuple(row), 1):
            if isinstance(value, int):
                page.write_number(number + 2, column, value, cell)
            else:
                page.write_string(number + 2, column, value, cell)


def paper(title: str, rows: Sequence[Row], made_at: datetime, *, county: str, folder: Path | None = None) -> bytes:
    """The ledger as PDF. folder: the county's own fonts. Equal rows and moment, equal bytes."""
    drawn = Paper(fonts.load(folder), title=title, subject="跟进台账", author=county, made_at=made_at)
    drawn.title((title,), (f"截至 {words.moment(made_at)}",))
    texts = [
        (str(n), row.unit, row.source, row.problem, row.state, row.due, str(row.late or ""))
        for n, row in enumerate(rows, 1)
    ]
    if texts:
        drawn.table(f"共 {len(texts)} 件", COLUMNS, texts)
    else:
        drawn.text("没有符合条件的跟进。")
    drawn.closing(NOTES)
    return drawn.finish()
