"""What the bank keeps of a question, and what comes out of it again."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given

from school.questions.content import content, draft_of
from school.questions.draft import Citation, Draft
from tests.questions.strategies import drafts

DRAFT = Draft(
    "multi", "有（ ）。", ("甲", "乙", "丙"), (0, 2), "解析", Citation("土地管理法", "第六十二条"), "农村土地", "宅基地", 3, "farmer",
    "TD-001", "编写员", "复核员",
)  # fmt: skip


def kept(draft: Draft) -> SimpleNamespace:
    return SimpleNamespace(**content(draft), author=draft.author, reviewer=draft.checker)


def test_a_question_comes_out_of_the_bank_as_it_went_in():
    assert draft_of(kept(DRAFT), "TD-001") == DRAFT


@given(drafts())
def test_what_comes_out_goes_in_again_as_the_same_version(draft):
    assert content(draft_of(kept(draft))) == content(draft)


@given(drafts())
def test_only_what_a_version_has_no_place_for_stays_behind(draft):
    usual = replace(
        draft,
        stem=f"{draft.material}\n{draft.stem}" if draft.material else draft.stem,
        topic=draft.topic or "未分专题",
        difficulty=draft.difficulty or 2,
        audience=draft.audience or "both",
        point=draft.point[:40],
        material="",
        score=None,
        extras=(),
    )

    assert draft_of(kept(draft), draft.code) == usual


@pytest.mark.parametrize(
    ("field", "long", "characters"), [("topic", "专" * 41, 40), ("point", "点" * 50, 40)], ids=["topic", "point"]
)
def test_a_text_too_long_for_its_column_is_cut(field, long, characters):
    assert content(replace(DRAFT, **{field: long}))[field] == long[:characters]
