"""The text reader never crashes, loses no line, and asks rather than guesses."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.questions import intake, plain_text
from school.questions.draft import check

CORPUS = Path(__file__).parent / "corpus"
LINES = sorted(
    {
        line
        for path in CORPUS.glob("[abdemh]*.txt")
        for line in path.read_bytes().decode("utf-8", "replace").splitlines()
    }
)
#: signs that mean something to the reader, so that chance meets its rules more often
SIGNS = "ABCD1234.、（）()【】[]：:;|=_√×对错答案解析题一二单选判断参考材料 \t\u3000\u200b\n\r\x0b"


def lines_of(text):
    return Counter(("", number) for number, line in enumerate(text.splitlines(), 1) if line.strip())


@given(st.text())
def test_any_text_is_read_and_every_line_accounted_for_once(text):
    assert intake.read_text(text).accounted() == lines_of(text)


@given(st.text(alphabet=SIGNS, max_size=300))
def test_any_text_of_meaningful_signs_is_accounted_for_once(text):
    assert intake.read_text(text).accounted() == lines_of(text)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_any_shuffle_of_real_lines_is_accounted_for_once_and_accepted_questions_are_sound(lines):
    reading = intake.read_text("\n".join(lines))

    assert reading.accounted() == lines_of("\n".join(lines))
    assert [complaint for draft in reading.drafts for complaint in check(draft)] == []


def only(text):
    """The one review item of a text that gives no question."""
    reading = plain_text.read(text)
    assert reading.drafts == ()
    (item,) = reading.review
    return item


CHOICES = "A.十\nB.二十\nC.三十\nD.五十\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("一、单选题\n1.承包期为（ ）年。\n" + CHOICES, "没有答案"),
        ("一、单选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：\n", "没有答案"),
        ("一、单选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：G\n", "超出了选项范围"),
        ("一、单选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：CD\n", "单选题有不止一个答案"),
        ("一、多选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：CC\n", "重复的字母"),
        ("一、单选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：四十\n", "不是选项字母"),
        ("一、单选题\n1.承包期为（ ）年。\nA.十\nC.三十\nD.五十\n答案：C\n", "选项字母不连续"),
        ("一、单选题\n1.承包期为（ ）年。\nA.十\nB.\nC.三十\n答案：C\n", "选项 B 是空的"),
        ("一、单选题\n1.承包期为（ ）年。\nA.十\nB.十\nC.三十\n答案：C\n", "完全相同"),
        ("一、单选题\n1.承包期为（ ）年。\n答案：C\n", "没有选项"),
        ("一、单选题\n1.承包期为（ C ）年。\n" + CHOICES + "答案：B\n", "不一致"),
        ("一、单选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：B\n答案：C\n", "两个不同的答案"),
        ("一、单选题\n1.维生素（A）属于（ B ）。\nA.甲\nB.乙\n", "几处都像答案"),
        ("二、判断题\n1.承包期为三十年。\n答案：A\n", "看不出"),
        ("二、判断题\n1.承包期为三十年。\n答案：2\n", "看不出"),
        ("二、判断题\n1.承包期为三十年。（√）农药要登记。（×）\n", "不止一处"),
        ("1.承包期为三十年。\n答案：F\n", "像是选项字母"),
        ("1.什么是村务公开？\n答案：让村民知道。\n", "是不是简答题"),
        ("三、填空题\n1.承包期为____年。\n答案：三十/30\n", "几个答案"),
        ("三、填空题\n1.方针是____、____。\n答案：预防为主、防消结合\n", "请确认"),
        ("三、填空题\n1.承包期为____年，草地____年。\n答案：三十\n", "分不成 2 份"),
        ("三、填空题\n1.承包期为三十年。\n答案：三十\n", "没有空"),
        ("1.承包期为（ ）年。\n" + CHOICES + "解析：法律规定。\n2.年龄为（ ）\nA.一\nB.二\n", "没有答案"),
    ],
)
def test_what_is_doubtful_goes_to_review_with_its_reason(text, reason):
    reading = plain_text.read(text)

    assert reading.drafts == ()
    assert reason in reading.review[0].reason


def test_a_question_without_an_answer_does_not_borrow_the_next_ones():
    text = "承包期为（ ）年。\n" + CHOICES + "解析：法律规定。\n\n每日不超过（ ）小时。\nA.六\nB.八\n答案：B\n"

    item = only(text)

    assert item.where.lines == (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)


def test_list_items_and_figures_are_no_question_numbers():
    text = (
        "一、单选题\n1.下列说法正确的是（ ）。\n1.主送单位不规范。\n2.利率为 8.5 时\n8.5×(7%+4%)\n"
        "A.只有一项\nB.两项\n答案：B\n解析：理由如下。\n1.甲\n2.乙\n2.年满（ ）周岁。\nA.十六\nB.十八\n答案：B\n"
    )

    reading = plain_text.read(text)

    assert [draft.where.lines[0] for draft in reading.drafts] == [2, 12]
    assert reading.drafts[0].explanation == "理由如下。\n1.甲\n2.乙"


def test_a_misprinted_number_with_an_answer_of_its_own_is_a_question_with_a_remark():
    text = "".join(f"{number}.承包{number}期（ ）\n{CHOICES}答案：C\n" for number in (33, 24, 35))

    reading = plain_text.read(text)

    assert len(reading.drafts) == 3
    assert [remark.message for remark in reading.remarks] == ["题号 24 与前面的题号 33 接不上，请核对。"]


def test_a_multi_choice_item_with_one_letter_is_kept_with_a_remark():
    reading = plain_text.read("二、多选题\n1.承包期为（ ）年。\n" + CHOICES + "答案：C\n")

    assert [(draft.kind, draft.key) for draft in reading.drafts] == [("multi", (2,))]
    assert [remark.message for remark in reading.remarks] == ["多选题只有一个答案，请核对。"]


def test_a_heading_that_promises_another_number_of_questions_is_remarked():
    reading = plain_text.read("一、单选题（每题2分，共5题）\n1.承包期为（ ）年。\n" + CHOICES + "答案：C\n")

    assert [remark.message for remark in reading.remarks] == ["标题写着共 5 道题，实际找到 1 道，请核对。"]


def test_an_answer_table_that_does_not_fit_refuses_its_section_only():
    text = (
        "一、单选题\n1.甲（ ）\nA.一\nB.二\n2.乙（ ）\nA.一\nB.二\n二、判断题\n1.丙\n2.丁\n"
        "参考答案\n一、单选题\n1.A 2.B 3.A\n二、判断题\n1.√ 2.×\n"
    )

    reading = plain_text.read(text)

    assert [(draft.stem, draft.key) for draft in reading.drafts] == [("丙", True), ("丁", False)]
    assert [item.where.lines for item in reading.review] == [(2, 3, 4), (5, 6, 7), (13,)]


def test_the_learners_own_answer_is_not_kept():
    reading = plain_text.read("1.承包期为（ ）年。\n" + CHOICES + "我的答案：A\n正确答案：C\n")

    assert [draft.key for draft in reading.drafts] == [(2,)]
    assert reading.drafts[0].extras == ()


def test_a_gap_in_the_numbers_puts_the_question_before_it_on_the_review_list():
    text = "二、判断题\n1.甲一。\n答案：对\n2.甲二。\n答案：错\n4.甲四。\n答案：对\n"

    reading = plain_text.read(text)

    assert [draft.stem for draft in reading.drafts] == ["甲一。", "甲四。"]
    assert [item.where.lines for item in reading.review] == [(4, 5)]


@pytest.mark.parametrize(
    "last", ["D.五十 E.一百", "D.五十E 一百", "D.五十 难度：易", "D.五十【解析】见法条", "D.五十二、多选题"]
)
def test_an_option_that_has_swallowed_what_follows_it_is_never_accepted_whole(last):
    reading = plain_text.read(f"一、单选题\n1.承包期为（ ）年。\nA.十\nB.二十\nC.三十\n{last}\n答案：C\n")

    assert [draft.options[3] for draft in reading.drafts] in ([], ["五十"])
