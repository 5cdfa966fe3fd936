"""Official texts and what a citation may name in them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.errors import BadFile
from school.questions import citation, law_texts
from school.questions.law_texts import LawText, check_against

HEAD = "# 中华人民共和国夜校法\n# short: 夜校法\n# version: 2026-01-31\n# status: 试\n"
TEXT = (
    HEAD
    + "序言\t灯下读书。\n## 第一章 总则\n第一条\t为了读书。\n"
    + "第二条\t分三种：¶（一）早读；¶（二）午读；¶（十一）晚读。¶另有规定的除外。\n"
    + "第二条之一\t先后如下：¶（一）识字；¶后来：¶（一）算数；¶（二）唱歌。\n"
)


def cite(article: str):
    return citation.parse(f"夜校法 {article} 2026-01-31")


def test_a_text_is_its_articles_with_their_paragraphs_and_items():
    assert law_texts.read(TEXT) == LawText(
        "夜校法",
        date(2026, 1, 31),
        {"序言": ((),), "第一条": ((),), "第二条": ((1, 2, 11), ()), "第二条之一": ((1,), (1, 2))},
    )


def test_numbers_in_digits_name_the_same_article():
    assert list(law_texts.read(HEAD + "第12条\t为了读书。\n").articles) == ["第十二条"]


@pytest.mark.parametrize(
    "article",
    [
        "序言",
        "第一条",
        "第一条第一款",
        "第二条第二款",
        "第二条第二项",
        "第二条第一款第十一项",
        "第二条之一第二款第一项",
        "第二条之一第二项",
    ],
)
def test_what_stands_in_the_text_may_be_cited(article):
    assert check_against(cite(article), law_texts.read(TEXT)) == []


@pytest.mark.parametrize(
    ("article", "complaint"),
    [
        ("总纲", "“夜校法”的文本里没有总纲，请核对条号。"),
        ("第三条", "“夜校法”的文本里没有第三条，请核对条号。"),
        ("第二条之二第一款", "“夜校法”的文本里没有第二条之二，请核对条号。"),
        ("第二条第三款", "“夜校法”第二条只有 2 款，没有第三款，请核对。"),
        ("第二条第三项", "“夜校法”第二条没有第三项，请核对。"),
        ("第二条第二款第一项", "“夜校法”第二条第二款没有第一项，请核对。"),
        ("第一条第一项", "“夜校法”第一条没有第一项，请核对。"),
        ("第二条之一第一项", "“夜校法”第二条之一有 2 款都有第一项，请写明是第几款。"),
    ],
)
def test_what_does_not_is_complained_of(article, complaint):
    assert check_against(cite(article), law_texts.read(TEXT)) == [complaint]


def test_a_law_cited_as_a_whole_is_not_looked_up():
    assert check_against(citation.parse("《夜校法》"), law_texts.read(TEXT)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT + "没有制表符的一行", "第 10 行"),
        (TEXT.replace("# short: 夜校法\n", ""), "# short:"),
        (TEXT.replace("2026-01-31", "2026年"), "# version:"),
        ("", "# short:"),
    ],
    ids=["a stray line", "no short name", "no date", "nothing"],
)
def test_a_file_of_another_form_is_refused(text, message):
    with pytest.raises(BadFile) as refused:
        law_texts.read(text)

    assert message in refused.value.message


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_every_paragraph_and_item_of_any_article_is_counted(items):
    words = "¶".join("¶".join(["先说", *(f"（{n + 1}）再说" for n in range(count))]) for count in items)

    assert law_texts.read(f"{HEAD}第一条\t{words}\n").articles == {
        "第一条": tuple(tuple(range(1, count + 1)) for count in items)
    }
