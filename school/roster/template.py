"""The empty roster file a county may start from: two sheets with the headings that are always understood. Pure."""

from __future__ import annotations

import io

import xlsxwriter

PEOPLE = ("工号", "姓名", "单位", "职务", "任职类型", "任职日期", "联系电话", "计入应考", "备注")
PERSON = ("Y0001", "（示例，导入前删去这一行）", "青杠镇", "党委书记", "任职", "2026-01-01", "", "是", "")
UNITS = ("单位编码", "单位全称", "简称", "上级单位", "类别", "建制顺序", "成立日期", "撤销日期", "并入单位")
UNIT = ("513299100", "（示例，导入前删去这一行）", "青杠镇", "云岭县", "乡镇", "10", "2020-01-01", "", "")


def workbook() -> bytes:
    """The file as .xlsx bytes; every column is text, so that numbers keep their leading zeros."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        for name, headings, example in (("人员", PEOPLE, PERSON), ("单位", UNITS, UNIT)):
            page = book.add_worksheet(name)
            page.set_column(0, len(headings) - 1, 16, text)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, headings, head)
            page.write_row(1, 0, example, text)
    return out.getvalue()
