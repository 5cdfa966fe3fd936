from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.reports import compose, fonts

SIZE = 10.0
HAN = st.text(alphabet="本月测试通报农民夜校干部学习参加合格标准依据单位平均", min_size=1, max_size=9)
NUMBER = st.sampled_from(["9,800", "98.2%", "2026", "A4", "24／24", "https://a.cn", "3862.5"])
MARK = st.sampled_from([*"，。、；：？！", "……", "——", "·", "～", " ", "。）", "”，"])
QUOTED = st.tuples(st.sampled_from(["《%s》", "（%s）", "“%s。”", "〔%s〕", "（《%s》）", "‘%s’，"]), HAN).map(
    lambda pair: pair[0] % pair[1]
)
#: a mark never stands first, and not more than two together, as in any text that people write
SENTENCE = st.lists(
    st.tuples(st.one_of(HAN, HAN, NUMBER, QUOTED), st.one_of(st.just(""), MARK)), min_size=1, max_size=40
)
PARAGRAPH = SENTENCE.map(lambda parts: "".join(word + mark for word, mark in parts))
WIDTH = st.floats(min_value=160, max_value=480)


def em(text: str) -> float:
    """Han characters one em wide, Latin ones half."""
    return sum(SIZE / 2 if c.isascii() else SIZE for c in text)


def noto(text: str) -> float:
    return fonts.load().regular.width(text, SIZE)


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("measure", [em, noto], ids=["simple face", "built-in face"])
@settings(deadline=None)
@given(text=PARAGRAPH, width=WIDTH)
def test_no_line_begins_or_ends_wrongly_or_sticks_out_and_nothing_is_lost(measure, text, width):
    found = compose.lines(text, width, SIZE, measure, indent=2 * SIZE)

    assert solid("".join(line.text for line in found)) == solid(text)
    assert [line.text for line in found[1:] if line.text[0] in compose.CLOSING] == []
    assert [line.text for line in found[:-1] if line.text[-1] in compose.OPENING] == []
    assert [line for line in found if line.width > width + 0.1] == []


@settings(deadline=None)
@given(text=PARAGRAPH, width=WIDTH)
def test_every_line_but_the_last_reaches_the_margin_or_is_openly_ragged(text, width):
    for line in compose.lines(text, width, SIZE, em)[:-1]:
        short = width - line.width
        assert short < 0.1 or short > SIZE / 4 * (len(compose._ATOM.findall(line.text)) - 1)


@settings(deadline=None)
@given(text=PARAGRAPH, width=WIDTH)
def test_pieces_stand_from_left_to_right_and_only_marks_overlap(text, width):
    for line in compose.lines(text, width, SIZE, em):
        for left, right in zip(line.pieces, line.pieces[1:], strict=False):
            overlap = left.x + em(left.text) - right.x
            assert overlap <= 0.01 or left.text[-1] in compose._WHITE_AFTER or right.text[0] in compose._WHITE_BEFORE


@settings(deadline=None)
@given(text=PARAGRAPH, width=WIDTH)
def test_words_and_numbers_stay_whole(text, width):
    found = {word for line in compose.lines(text, width, SIZE, em) for word in compose._ATOM.findall(line.text)}
    # A word is cut only when it is wider than a line together with the marks that stay with it.
    words = {word for word in compose._ATOM.findall(text) if em(word) <= width - 4 * SIZE and word != " "}

    assert words <= found


@settings(deadline=None)
@given(text=st.text(max_size=200), width=WIDTH)
def test_any_text_at_all_stays_inside_the_margin(text, width):
    assert all(line.width <= width + 0.1 for line in compose.lines(text, width, SIZE, em))


def test_a_word_longer_than_a_line_is_cut_rather_than_let_out():
    found = compose.lines("甲" + "W" * 90, 100, SIZE, em)

    assert "".join(line.text for line in found) == "甲" + "W" * 90
    assert max(line.width for line in found) <= 100


@pytest.mark.parametrize(
    ("text", "width"),
    [("（甲）", 25), ("），", 10), ("》（", 15), ("（《", 15), ("甲，", 15), ("甲乙", 20)],
    ids=["a bracket", "close and close", "close and open", "open and open", "end of line", "no mark"],
)
def test_white_between_neighbouring_marks_is_halved(text, width):
    assert compose.lines(text, 200, SIZE, em)[0].width == width


def test_nothing_gives_no_line():
    assert compose.lines(" \n ", 100, SIZE, em) == []


def test_a_full_width_blank_is_kept():
    assert compose.lines("王　明", 100, SIZE, em)[0].text == "王　明"


@pytest.mark.parametrize("bracket", ["（　　）", "（ ）", "(  )"])
@pytest.mark.parametrize("before", range(10, 19))
def test_a_bracket_to_write_in_is_not_parted(bracket, before):
    found = [line.text for line in compose.lines("字" * before + bracket, 16 * SIZE, SIZE, em)]

    assert [("（" in text or "(" in text) == ("）" in text or ")" in text) for text in found] == [True] * len(found)
