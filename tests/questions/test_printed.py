"""Word papers: what is printed with its key is read back as the same questions."""

from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from school.questions import intake, printed
from school.questions.draft import Citation, Draft

BANK = [
    Draft("single", "耕地的承包期为（　　）年。", ("十", "二十", "三十", "五十"), (2,), "承包期为三十年。",
          Citation("农村土地承包法", "第二十一条")),
    Draft("multi", "妇女与男子平等享有（　　）。", ("承包土地经营的权利", "免除全部税费的权利", "使用宅基地的权利"), (0, 2)),
    Draft("judge", "工资可以用实物抵付。", key=False, explanation="应当以货币支付。"),
    Draft("fill", "每日不超过____小时，每周不超过____小时。", key=(("八", "8"), ("四十四",))),
    Draft("fill", "承包期为____年。", key=(("三十", "30"),)),
    Draft("short", "什么是村务公开？", key="把村里的事告诉村民。"),
]  # fmt: skip


def lines(content):
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def test_what_is_printed_with_its_key_comes_back():
    reading = intake.read(printed.paper(BANK, "二〇二六年十一月测试", with_key=True), "试卷.docx")

    assert reading.drafts == tuple(BANK)
    assert reading.review == ()


def test_a_paper_without_key_tells_nothing():
    text = "\n".join(lines(printed.paper(BANK, "测试", with_key=False)))

    assert "答案" not in text
    assert "解析" not in text
    assert "单位：" in text


def test_sections_are_numbered_counted_and_scored():
    scored = [Draft("judge", f"甲{number}。", key=True, score=Decimal(2)) for number in range(3)]

    text = lines(printed.paper([BANK[0], *scored], "测试", with_key=True))

    assert text[0] == "测试"
    assert "一、单项选择题（共1题）" in text
    assert "二、判断题（每题2分，共3题）" in text


def test_questions_that_share_a_text_stand_below_it():
    shared = [Draft("judge", f"甲{number}。", key=True, material="老王没有领到工资。") for number in range(2)]

    text = lines(printed.paper(shared, "测试", with_key=False))

    assert text[text.index("老王没有领到工资。") - 1] == "阅读下列材料，回答第1～2题。"
    assert text.count("老王没有领到工资。") == 1


@pytest.mark.parametrize(
    ("options", "across"),
    [
        (["十", "二十", "三十", "五十"], [4]),
        (["承包土地经营的权利", "免除全部税费的权利", "使用宅基地的权利"], [2, 1]),
        (["很长" * 20, "短"], [1, 1]),
        (["两\n行", "短"], [1, 1]),
        ([], []),
    ],
)
def test_options_share_a_row_as_far_as_they_fit(options, across):
    assert [len(row) for row in printed.rows(options)] == across


@pytest.mark.parametrize(("key", "spoken"), [((("三十", "30"), ("五",)), "三十 / 30；五"), ((("八",),), "八")])
def test_accepted_answers_are_spoken(key, spoken):
    assert printed.spoken_key(Draft("fill", "____", key=key)) == spoken


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
def test_any_words_can_be_printed(words):
    assert printed.paper([Draft("short", words, key=words)], words[:20], with_key=True)[:2] == b"PK"


def test_the_same_questions_give_the_same_bytes():
    assert printed.paper(BANK, "测试", with_key=True) == printed.paper(BANK, "测试", with_key=True)
