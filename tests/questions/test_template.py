"""Our own spreadsheet goes out and comes in again without loss."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school import files
from school.questions import bank_text, intake, sheet, template
from school.questions.draft import Citation, Draft, Place, ReviewItem
from tests.questions.strategies import LINES, PLAIN, drafts

DRAFTS = (
    Draft(
        "single",
        "耕地的承包期为（ ）年。\n请选择。",
        ("A. 十", "=1+1", "三十", "-五十"),
        (2,),
        "届满后再延长三十年。",
        Citation("农村土地承包法", "第二十一条第一款", date(2018, 12, 29)),
        "农村土地",
        "承包期限",
        1,
        "farmer",
        "TD-001",
        "编写员甲",
        "复核员乙",
        Decimal("2.5"),
        "材料：张某外出务工。",
        (("批次", "春季"),),
    ),
    Draft("multi", "有（ ）。", ("甲", "乙", "丙"), (0, 2), code="0012"),
    Draft("judge", "三十年。", (), False, citation=Citation(basis="云岭县农发〔2025〕3号")),
    Draft("fill", "耕地____年，草地____年。", (), (("三十", "30"), ("三十至五十",)), extras=(("页码", "7"),)),
    Draft("short", "为什么？", (), "@因为<b>甲</b>&。"),
)


def test_what_is_written_is_read_back_unchanged():
    reading = intake.read(template.write(DRAFTS), "题库.xlsx")

    assert reading.drafts == DRAFTS
    assert reading.review == ()
    assert [str(draft.where) for draft in reading.drafts][:2] == ["题目 第 2 行", "题目 第 3 行"]


@pytest.mark.parametrize("count", [10, 11, 26])
def test_every_option_goes_out_and_comes_in_again(count):
    draft = Draft("multi", "选（ ）。", tuple(f"第{place}项" for place in range(count)), (0, count - 1), code="T-1")

    assert intake.read(template.write([DRAFTS[0], draft]), "题库.xlsx").drafts[1] == draft


def test_refused_questions_keep_their_options_too():
    draft = Draft("multi", "选（ ）。", tuple(f"第{place}项" for place in range(13)), None)
    (table,) = files.tables(template.write_refused([ReviewItem(Place((1,)), "没有答案。", "原文", draft)]))

    assert table.rows[1][table.rows[0].index("选项M")] == "第12项"


def test_the_same_questions_give_the_same_bytes():
    assert template.write(DRAFTS) == template.write(DRAFTS)


def test_refused_questions_go_out_with_their_reason_and_come_back_once_mended():
    broken = replace(DRAFTS[0], key=None, extras=())
    refused = ReviewItem(Place((12, 13)), "没有答案，请补上答案。", "1、耕地的承包期", broken)

    content = template.write_refused([refused, ReviewItem(Place((20,)), "看不懂。", "乱码")])

    (table,) = files.tables(content)
    assert table.rows[1][:3] == ["没有答案，请补上答案。", "第 12 行", "1、耕地的承包期"]
    reading = intake.read(content, "未收下.xlsx")
    assert [(item.where.lines, item.reason) for item in reading.review] == [
        ((2,), "没有答案，请补上答案。"),
        ((3,), "题干是空的，请补上题干。 题型不明，请选择单选、多选、判断、填空或简答。"),
    ]
    mended = [list(row) for row in table.rows]
    mended[1][mended[0].index("答案")] = "C"
    again = sheet.read([files.Table(table.name, mended, 1)])
    assert again.drafts == (replace(DRAFTS[0], extras=()),)


def test_the_empty_template_reads_as_no_questions():
    reading = intake.read(template.write([]), "模板.xlsx")

    assert (reading.drafts, reading.review) == ((), ())


def test_text_form_and_template_hold_the_same_values():
    plain = [replace(draft, extras=()) for draft in DRAFTS]

    assert bank_text.read(bank_text.write(plain)).drafts == tuple(plain)


@settings(max_examples=40, deadline=None)
@given(st.lists(drafts(PLAIN), min_size=1, max_size=4))
def test_any_sound_questions_go_out_and_come_in_again(asked):
    asked = tuple(replace(draft, extras=()) for draft in asked)

    reading = intake.read(template.write(asked), "题库.xlsx")

    assert (reading.drafts, reading.review) == (asked, ())


@settings(max_examples=40, deadline=None)
@given(st.lists(drafts(LINES), min_size=1, max_size=4))
def test_signs_that_mean_something_elsewhere_are_only_words_here(asked):
    asked = tuple(replace(draft, extras=()) for draft in asked)

    assert intake.read(template.write(asked), "题库.xlsx").drafts == asked
