"""Options that speak of the other options keep their printed places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.questions import references

ALL_OR_NONE = [
    "以上都对", "以上均不对", "以上都不是", "以上都是。", "以上全部正确", "以上选项均正确", "以上皆可", "以上各项都包括", "上述都对",
    "上述情形均属于", "前三项都是", "前两者都对", "三者都是", "两种说法都对", "都不对", "都对", "均可", "均不正确", "全部正确", "全对",
    "都可以", "没有正确答案",
    "无正确选项", "以上三项都不正确", "以上说法都错误", "甲、乙的说法都正确", "以上都\u200b对", "以上 都对", "以上没有一项正确",
]  # fmt: skip
NAMING = [
    "A和B", "a和b",
    "A、B", "AB都对", "ABC", "AB", "A、B、C都对", "ＡＢ都对", "A和C都不对", "B与D", "A或B", "选项A", "A项和C项", "A选项正确",
    "除C以外", "除C外都对", "只有A正确", "A", "A对", "①②", "①和③都对", "①②③", "①", "答案B", "同A", "B、C两项都正确", "A项错误",
]  # fmt: skip
PLAIN = [
    "三十年", "A级", "AED", "B超", "5A级景区", "DNA", "C1驾驶证", "十八周岁以上都可以参加", "以上级文件为准", "上级机关", "都江堰",
    "全国人大", "均衡发展", "都安县", "以下都对", "A股市场", "维生素C", "①承包期三十年", "两年", "三者中的一个", "以上年度收入计算",
    "PPP项目",
    "APP", "CAD", "前置审批", "全额退款", "AB型血", "E", "A和Z", "除B超以外的检查", "所有权和使用权都不得转让",
]  # fmt: skip


@pytest.mark.parametrize("text", ALL_OR_NONE)
def test_all_or_none_of_the_others_stays_last_and_before_the_end_nothing_moves(text):
    assert references.kept(["甲一", "乙二", "丙三", text]) == 1
    assert references.kept(["甲一", "乙二", text, "丁四"]) == 4
    assert references.kept(["甲一", "乙二", text, text]) == 2


@pytest.mark.parametrize("text", NAMING)
def test_where_an_option_names_others_by_letter_nothing_moves(text):
    assert references.kept(["甲一", "乙二", "丙三", text]) == 4
    assert references.kept([text, "乙二", "丙三", "以上都对"]) == 4


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_and_letters_that_are_no_options_keep_nothing(text):
    assert references.kept(["甲一", text, "丙三", "丁四"]) == 0


def test_a_question_without_options_keeps_nothing_and_one_of_nothing_but_such_keeps_all():
    assert references.kept([]) == 0
    assert references.kept(["都对", "都不对"]) == 2


@given(st.lists(st.text(max_size=12) | st.sampled_from(ALL_OR_NONE + NAMING + PLAIN), max_size=8))
def test_whatever_is_written_as_many_are_kept_as_there_are_or_fewer(options):
    assert 0 <= references.kept(options) <= len(options)
