"""What speaks against a question."""

from dataclasses import replace

import pytest

from school.questions.draft import Draft, Place, blanks, check

SINGLE = Draft("single", "期限为（ ）年。", ("十", "二十"), (1,))


@pytest.mark.parametrize(
    "draft",
    [
        SINGLE,
        Draft("multi", "有（ ）。", ("甲", "乙", "丙"), (0, 2)),
        Draft("multi", "不定项（ ）。", ("甲", "乙"), (0,)),
        Draft("judge", "三十年。", (), False),
        Draft("fill", "甲____乙____", (), (("三十", "30"), ("五",))),
        Draft("short", "为什么？", (), "因为。"),
    ],
)
def test_a_sound_question_has_nothing_against_it(draft):
    assert check(draft) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"stem": " "}, "题干是空的，请补上题干。"),
        ({"kind": ""}, "题型不明，请选择单选、多选、判断、填空或简答。"),
        ({"key": (2,)}, "答案不在选项之中，请检查答案和选项。"),
        ({"key": (-1,)}, "答案不在选项之中，请检查答案和选项。"),
        ({"key": (True,)}, "答案不在选项之中，请检查答案和选项。"),
        ({"key": (0, 1)}, "单选题有不止一个答案，请确认是不是多选题。"),
        ({"key": (1, 0)}, "答案字母重复，请检查。"),
        ({"key": None}, "没有答案，请补上答案。"),
        ({"key": ()}, "没有答案，请补上答案。"),
        ({"options": ("十", "十 ")}, "有两个选项完全相同，请检查。"),
        ({"options": ("十", "二十", "")}, "选项 C 是空的（也许原来是图片），请补上。"),
        ({"options": ("十", "二十", "\u200b")}, "选项 C 是空的（也许原来是图片），请补上。"),
        ({"difficulty": 6}, "难度应为 1 到 5。"),
        ({"kind": "judge", "key": True}, "判断题不应有选项，请检查题型。"),
        ({"kind": "judge", "key": None, "options": ()}, "判断题的答案应为对或错。"),
        ({"kind": "fill", "key": (("十",), ("五",)), "options": ()}, "题干有 1 个空，答案有 2 个，请核对。"),
        ({"kind": "fill", "key": (("",),), "options": ()}, "有一个空没有答案，请补上。"),
        ({"kind": "fill", "key": (("十；五",),), "options": ()}, "填空答案里不能有分号、竖线或换行，请改写。"),
        ({"kind": "short", "key": "", "options": ()}, "没有参考答案，请补上。"),
    ],
)
def test_each_fault_has_its_sentence(change, complaint):
    assert check(replace(SINGLE, **change)) == [complaint]


@pytest.mark.parametrize(
    ("stem", "count"),
    [
        ("甲____乙", 1),
        ("甲＿＿乙", 1),
        ("甲（  ）乙(　)", 2),
        ("甲【 】乙{}", 2),
        ("甲[填空(1)]乙[BlankArea2]", 2),
        ("甲___1___乙___2___", 2),
        ("甲        乙", 1),
        ("甲_乙（丙）", 0),
    ],
)
def test_blanks_are_counted_in_all_their_shapes(stem, count):
    assert blanks(stem) == count


@pytest.mark.parametrize(
    ("place", "spoken"), [(Place((12, 13)), "第 12 行"), (Place((5,), "单选"), "单选 第 5 行"), (Place((), "表"), "表")]
)
def test_a_place_is_spoken_by_its_first_line(place, spoken):
    assert str(place) == spoken
