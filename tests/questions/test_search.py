"""Words and pinyin initials by which a question is found."""

import pytest
from hypothesis import given

from school.questions.draft import Citation, Draft
from school.questions.search import initials, line, needles
from tests.questions.strategies import TEXTS, drafts

DRAFT = Draft(
    "single", "耕地的承包期为（ ）年。", ("十", "三十 年"), (1,), citation=Citation("农村土地承包法", "第二十一条"), point="承包期限"
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("承包期限", "cbqx"),
        ("农村土地承包法", "nctdcbf"),
        ("啊座", "az"),
        ("赡养费abc1", "syfabc1"),
        ("王䶮", "w䶮"),
        ("囍", "囍"),
        ("", ""),
    ],
)
def test_initials_are_the_first_letters_of_the_common_characters(text, expected):
    assert initials(text) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "承包期",
        "耕地 三十年",
        "第二十一条",
        "农村土地",
        "td001",
        "TD-001",
        "cbqx",
        "CBQX",
        "（ ）年",
        "ＴＤ",
        "nctdcbf 承包",
    ],
)
def test_a_question_is_found_by_what_stands_in_it(typed):
    assert all(needle in line(DRAFT, "TD-001") for needle in needles(typed))


@pytest.mark.parametrize("typed", ["草地", "cqqq", "三十 草地"])
def test_a_question_is_not_found_by_what_does_not(typed):
    assert not all(needle in line(DRAFT, "TD-001") for needle in needles(typed))


@pytest.mark.parametrize("typed", ["", "　 ", "。，（）"])
def test_blanks_and_punctuation_alone_ask_for_nothing(typed):
    assert needles(typed) == []


@given(drafts(), TEXTS)
def test_whatever_is_typed_of_a_stem_finds_it(draft, more):
    assert all(needle in line(draft, "A") for needle in needles(draft.stem))
    assert all(" " not in needle for needle in needles(more))
