from __future__ import annotations

import pytest

from school.reports import paper_batch, sign_in_list
from school.reports.paper_value import Wanted
from tests.reports import reading
from tests.reports.paper_makers import make_batch, make_sitter

LISTS = Wanted(papers=False, sheets=False, lists=True)


def draw(*people) -> list[str]:
    return [reading.squeezed(text) for text in reading.pages_of(paper_batch.draw(make_batch(*people), LISTS))]


@pytest.mark.parametrize(
    ("people", "pages"), [(1, 1), (sign_in_list.PER_PAGE, 1), (sign_in_list.PER_PAGE + 1, 2), (60, 3)]
)
def test_a_unit_has_one_list_over_as_many_pages_as_it_needs(people, pages):
    texts = draw(*(make_sitter(n=n) for n in range(people)))

    assert [f"第{n}页共{pages}页" in text for n, text in enumerate(texts, 1)] == [True] * pages
    assert [f"{n + 1}人员{n:04}G{n:05}A" in "".join(texts) for n in range(people)] == [True] * people
    for text in texts:
        assert "青杠镇人民政府" in text
        assert "序号姓名工号卷别签名备注" in text


@pytest.mark.parametrize("name", ["王䶮", "买买提·艾力", "𠮷田", "阿卜杜·" * 12 + "力提"])
def test_a_name_is_never_cut(name):
    assert name in draw(make_sitter(name=name))[0]


def test_those_excused_are_named_and_counted():
    text = draw(make_sitter(n=1), make_sitter(n=2, exempt=True), make_sitter(n=3))[0]

    assert "本表3人，其中免考1人" in text
    assert "人员0002G00002A免考" in text


def test_every_unit_has_its_own_list():
    texts = draw(make_sitter(n=1), make_sitter(n=2, unit="雪松乡人民政府"))

    assert [("青杠镇" in text, "雪松乡" in text) for text in texts] == [(True, False), (False, True)]
