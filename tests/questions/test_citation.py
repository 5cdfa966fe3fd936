"""Citations taken apart and put together."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.questions import citation
from school.questions.citation import Article
from school.questions.draft import Citation
from school.questions.matching import Mirror
from school.questions.numerals import number, spoken


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "农村土地承包法 第二十一条第一款 2018-12-29",
            Citation("农村土地承包法", "第二十一条第一款", date(2018, 12, 29)),
        ),
        ("《土地管理法》第六十二条", Citation("土地管理法", "第六十二条")),
        ("《中华人民共和国土地管理法》（2019年修正）第62条第1款", Citation("土地管理法", "第六十二条第一款")),
        ("依据：《治安管理处罚法》 第二百八十条之一", Citation("治安管理处罚法", "第二百八十条之一")),
        (
            "民法典 第一百四十三条第（三）项 2020-05-28",
            Citation("民法典", "第一百四十三条第三项", date(2020, 5, 28)),
        ),
        ("法律援助法 第三十一条 2021-08-20", Citation("法律援助法", "第三十一条", date(2021, 8, 20))),
        ("法律：法律援助法 第三十一条", Citation("法律援助法", "第三十一条")),
        ("法律依据《劳动法》第三条", Citation("劳动法", "第三条")),
        (
            "四川省《农村土地承包法》实施办法 第二十一条第二款 2025-11-27",
            Citation("四川省《农村土地承包法》实施办法", "第二十一条第二款", date(2025, 11, 27)),
        ),
        (
            "《四川省〈中华人民共和国农村土地承包法〉实施办法》第六条",
            Citation("四川省《农村土地承包法》实施办法", "第六条"),
        ),
        ("四川省实施《中华人民共和国草原法》办法第五条", Citation("四川省实施《草原法》办法", "第五条")),
        ("《刑法》附件一", Citation("刑法", "附件一")),
        ("根据《劳动法》第三十六条。", Citation("劳动法", "第三十六条")),
        ("党章 总纲 2022-10-22", Citation("党章", "总纲", date(2022, 10, 22))),
        ("《乡村振兴促进法》", Citation("乡村振兴促进法")),
        ("云岭县农发〔2025〕3号", Citation(basis="云岭县农发〔2025〕3号")),
        ("《中华人民共和国法》第一条", Citation(basis="《中华人民共和国法》第一条")),
        ("《劳动法》第一条、《民法典》第二条", Citation(basis="《劳动法》第一条、《民法典》第二条")),
        (
            "《劳动法》第三十六条规定每日不超过八小时",
            Citation("劳动法", "第三十六条", None, "《劳动法》第三十六条规定每日不超过八小时"),
        ),
        ("", Citation()),
    ],
)
def test_a_citation_is_taken_apart(text, parts):
    assert citation.parse(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("第二十一条第一款", Article(21, 0, 1)),
        ("第21条之一第2款第（三）项", Article(21, 1, 2, 3)),
        ("第一千二百六十条", Article(1260)),
        ("第二十一章", None),
        ("第二十一条规定", None),
    ],
)
def test_an_article_is_read_in_numbers(text, parts):
    assert citation.article(text) == parts


@given(st.builds(Article, st.integers(1, 1300), st.integers(0, 9), st.integers(0, 20), st.integers(0, 30)))
def test_an_article_written_is_read_back(parts):
    assert citation.article(str(parts)) == parts


@given(st.text(max_size=80))
def test_any_citation_written_is_read_back_and_nothing_is_lost(text):
    found = citation.parse(text)

    assert citation.parse(citation.written(found)) == found
    assert bool(found.law or found.basis) or not Mirror(text).norm.strip(" 。.;:")


PIECES = [
    "四川省", "实施", "《", "》", "〈", "〉", "中华人民共和国", "农村土地承包法", "法律", "依据", "办法", "总纲",
    "第三条", "第二款", "第（一）项", "之一", "2018-12-29", "：", "。", " ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_what_looks_like_a_citation_is_read_back_as_well(text):
    found = citation.parse(text)

    assert citation.parse(citation.written(found)) == found


SHIPPED = sorted((Path(__file__).parents[2] / "question_banks").glob("*.txt"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_citation_we_ship_is_taken_apart_and_written_back_as_it_stands(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [line.removeprefix("依据：") for line in lines if line.startswith("依据：")]
    cited = [citation.parse(text) for text in texts]

    assert texts == [citation.written(one) for one in cited] != []
    assert [one for one in cited if one.basis or not (one.law and one.article and one.version_on)] == []


@given(st.integers(1, 9999))
def test_numerals_are_written_and_read_back(value):
    assert number(spoken(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("一百零三", 103),
        ("二百八十", 280),
        ("一千零一", 1001),
        ("二〇二五", 2025),
        ("21", 21),
        ("两百", 200),
        ("第一", None),
        ("", None),
    ],
)
def test_a_numeral_has_its_value(text, value):
    assert number(text) == value
