"""HTML comes in as text; what text cannot carry is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.questions import html_text


@pytest.mark.parametrize(
    ("markup", "text", "others"),
    [
        ("<p>一</p><p>二</p>", "一\n二", ()),
        ("一<br>二<br/>三", "一\n二\n三", ()),
        ("承包期（&nbsp;&nbsp;）年", "承包期（  ）年", ()),
        ("a &lt; b &amp; c", "a < b & c", ()),
        ("1 m<sup>2</sup>，H<sub>2</sub>O", "1 m²，H₂O", ()),
        ("x<sup>ab</sup>", "xab", ("上标或下标",)),
        ("期限<u>&nbsp;&nbsp;&nbsp;</u>年", "期限____年", ()),
        ("一行\n   断开", "一行断开", ()),
        ("one\n two", "one two", ()),
        ("<script>alert(1)</script>好<style>p{}</style>", "好", ()),
        ("图<img src=x onerror=alert(1)>", "图", ("图片或公式",)),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", "甲\t乙", ("表格",)),
        ("<s>旧</s>新", "旧新", ("划掉的字",)),
        ("<ul><li>甲</li><li>乙</li></ul>", "甲\n乙", ()),
    ],
)
def test_html_as_text(markup, text, others):
    assert html_text.plain(markup) == (text, others)


def test_what_cannot_be_read_in_is_one_sentence_besides_those_that_say_what_to_do():
    told = html_text.unreadable(["表格", "图片太大，请缩小。", "录音", "表格"])

    assert told == "图片太大，请缩小。 题里有表格、录音，读不进来，请改成文字。"
    assert html_text.unreadable(["图片太大，请缩小。"]) == "图片太大，请缩小。"


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("<b>粗</b>", True),
        ("a &nbsp; b", True),
        ("a < b > c", False),
        ("x<y", False),
        ("<解析>", False),
        ("A&B", False),
    ],
)
def test_only_known_tags_and_entities_make_a_text_html(text, is_html):
    assert html_text.looks_like(text) is is_html


@given(st.text(alphabet="<>/!-[]&;#bpimg sup\"'=一", max_size=200))
def test_any_markup_gives_text_without_tags_of_ours_running(markup):
    text, others = html_text.plain(markup)

    assert isinstance(text, str)
    assert all(others)
