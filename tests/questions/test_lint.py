"""What a bank must keep as a whole."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from school.questions import bank_text
from school.questions.draft import Citation, Draft
from school.questions.lint import lint

CITED = Citation("农村土地承包法", "第二十一条", date(2018, 12, 29))
KINDS = ["single"] * 36 + ["multi"] * 16 + ["judge"] * 20 + ["fill"] * 8
WORDS = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    "金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇"
)


def item(place: int, kind: str) -> Draft:
    """One sound question of a bank that has nothing against it."""
    options = {"single": ("甲一", "乙二", "丙三", "丁四"), "multi": ("甲", "乙", "丙", "丁")}.get(kind, ())
    key = {"single": (place % 4,), "multi": (0, 1), "judge": place % 2 == 0, "fill": (("三十",),)}[kind]
    stem = "".join(WORDS[(place * step) % len(WORDS)] for step in (1, 3, 7, 11, 13, 17)) + str(place)
    return Draft(
        kind,
        stem + ("____" if kind == "fill" else ""),
        options,
        key,
        "见法条。",
        CITED,
        "农村土地",
        "承包期限",
        1,
        "farmer",
        f"TD-{place:03}",
        "编写员甲",
        "复核员乙",
    )


BANK = [item(place, kind) for place, kind in enumerate(KINDS)]


def with_first(**change):
    return [replace(BANK[0], **change), *BANK[1:]]


def test_a_sound_bank_has_no_findings():
    assert lint(BANK) == []


def test_an_empty_bank_has_no_findings():
    assert lint([]) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"explanation": ""}, "fields"),
        ({"citation": Citation("农村土地承包法", "第二十一条")}, "fields"),
        ({"difficulty": None}, "fields"),
        ({"audience": ""}, "fields"),
        ({"checker": "编写员甲"}, "fields"),
        ({"point": "十三个字的知识点实在太长了啊"}, "length"),
        ({"options": ("甲一", "乙二", "丙三"), "key": (0,)}, "options"),
        ({"options": ("甲一", "乙二", "丙三", "以上都对"), "key": (0,)}, "sweeping"),
        ({"code": "TD-001"}, "codes"),
        ({"stem": BANK[1].stem}, "doubles"),
        ({"key": (7,)}, "sound"),
    ],
)
def test_a_faulty_item_is_found(change, rule):
    assert rule in {finding.rule for finding in lint(with_first(**change))}


def test_another_basis_stands_for_a_law():
    assert lint(with_first(citation=Citation(basis="云岭县农发〔2025〕3号"))) == []


def changed(kind, change):
    """The bank with a change, made from each draft, to all items of one kind."""
    return [replace(draft, **change(draft)) if draft.kind == kind else draft for draft in BANK]


def longer(draft, *, often):
    """The right option made the longest in three of every four single-choice items, or in one."""
    if draft.key[0] >= often:
        return {}
    options = list(draft.options)
    options[draft.key[0]] += "很长"
    return {"options": tuple(options)}


@pytest.mark.parametrize(
    ("bank", "rules"),
    [
        (changed("single", lambda draft: {"key": (0,)}), ["letters"] * 4),
        (changed("judge", lambda draft: {"key": True}), ["judged"]),
        (BANK[:36], ["shares"] * 4),
        (changed("single", lambda draft: longer(draft, often=3)), ["longest"]),
        (changed("single", lambda draft: longer(draft, often=1)), []),
    ],
    ids=["one letter only", "all true", "one type only", "longest too often", "longest in a quarter"],
)
def test_the_bank_as_a_whole_is_weighed(bank, rules):
    assert [finding.rule for finding in lint(bank)] == rules


def test_shares_may_be_five_points_off():
    ten_less = BANK[4:]

    assert [finding.rule for finding in lint(ten_less)] == []


def test_the_shipped_banks_are_sound_item_by_item():
    drafts = [
        draft
        for path in sorted((Path(__file__).parents[2] / "question_banks").glob("*.txt"))
        for draft in bank_text.read(path.read_text(encoding="utf-8")).drafts
    ]

    assert [finding for finding in lint(drafts) if finding.rule in ("sound", "codes", "options")] == []
