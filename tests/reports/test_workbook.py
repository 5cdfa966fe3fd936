from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from school.reports import county_report, workbook
from tests.figures_makers import make_month, make_person, make_short_unit, make_small_unit, make_unit


def sheet(content: bytes, name: str) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def test_the_countys_sheet_holds_real_numbers_in_official_order_and_the_total():
    rows = sheet(workbook.county(make_month((make_short_unit(2), make_small_unit(3), make_unit(1)))), "单位")

    assert rows[2] == [
        "序号",
        "单位代码",
        "单位",
        "在册",
        "应考",
        "免考",
        "缺考",
        "实考",
        "合格",
        "优秀",
        "平均分",
        "合格率",
        "优秀率",
    ]
    assert rows[3] == [1, "513299001", "云岭县青石乡人民政府", 25, 24, 1, 1, 23, 21, 8, 82.33, 0.913, 0.3478]
    assert rows[5] == [3, "513299003", "云岭县档案馆", 6, 6, 0, 0, 6, 5, 1, "—", "—", "—"]
    assert rows[6][2:10] == ["合计", 56, 54, 2, 1, 53, 46, 13]


def test_the_sheets_carry_the_same_shortfalls_as_the_paper():
    month = make_month()

    rows = sheet(workbook.county(month), "低于标准的指标")[3:]

    assert [tuple(row) for row in rows] == county_report.shortfall_rows(month.units)


@pytest.mark.parametrize("name", ["=1+1", "+86", "@SUM(A1)", "https://a.cn", "007", "王䶮", "<b>甲</b>&", "𠮷"])
def test_a_name_stays_a_text_whatever_it_looks_like(name):
    unit = make_unit(people=(make_person(2, name=name),))
    content = workbook.unit(make_month((unit,)), unit)

    assert sheet(content, "名单")[3][1] == name
    assert "<f>" not in part(content, "xl/worksheets/sheet2.xml")
    assert not [
        part for part in zipfile.ZipFile(io.BytesIO(content)).namelist() if part.endswith(".rels") and "sheets" in part
    ]


def test_the_units_book_lists_people_in_roster_order_without_scores():
    unit = make_unit(
        people=(make_person(0, name="甲"), make_person(1, name="乙"), make_person(2, name="丙", band="passed"))
    )
    rows = sheet(workbook.unit(make_month((unit,)), unit), "名单")

    assert rows[2] == ["序号", "姓名", "职务", "参加情况", "档次"]
    assert [(row[1], row[3], row[4]) for row in rows[3:]] == [
        ("甲", "免考（产假）", "—"),
        ("乙", "缺考", "—"),
        ("丙", "实考", "合格"),
    ]


def test_a_sheet_is_frozen_below_its_head_and_prints_on_a4_across():
    text = part(workbook.county(make_month()), "xl/worksheets/sheet1.xml")

    assert 'ySplit="3"' in text
    assert 'paperSize="9"' in text
    assert 'orientation="landscape"' in text


def test_equal_value_gives_equal_bytes_and_the_date_is_that_of_the_close():
    month = make_month()
    content = workbook.county(month)

    assert content == workbook.county(month)
    assert "2026-11-01T09:05:00Z" in part(content, "docProps/core.xml")


def test_a_correction_is_named_on_every_sheet():
    content = workbook.county(make_month(number=1, corrections=("第12题答案更正。",)))
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names

    assert names == ["单位", "低于标准的指标", "专题", "夜校", "说明"]
    assert all(sheet(content, name)[0][0].endswith("（更正第1号）") for name in names)
    assert "第12题答案更正。" in sheet(content, "说明")[3][0]
