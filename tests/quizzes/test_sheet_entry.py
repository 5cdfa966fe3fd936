from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.errors import Refused
from school.quizzes import sheet_entry
from school.quizzes.sheet_entry import Place

#: on this person's paper A is the option c, B is a, C is d, D is b
OWN, FROZEN = ("c", "a", "d", "b"), ("a", "b", "c", "d")
SINGLE, MULTI = Place(1, "single", OWN, FROZEN, 0), Place(2, "multi", OWN, FROZEN, 0)
JUDGE, FILL, SHORT = Place(3, "judge", (), (), 0), Place(4, "fill", (), (), 2), Place(5, "short", (), (), 1)
ALL = [SINGLE, MULTI, JUDGE, FILL, SHORT]


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        (SINGLE, "B", ["a"]), (SINGLE, "b", ["a"]), (SINGLE, "Ｂ", ["a"]), (SINGLE, "2", ["a"]), (SINGLE, "-", []),
        (SINGLE, "－", []), (MULTI, "BD", ["a", "b"]), (MULTI, "d b", ["a", "b"]), (MULTI, "B、D", ["a", "b"]),
        (MULTI, "24", ["a", "b"]), (MULTI, "CA", ["c", "d"]), (MULTI, "-", []), (JUDGE, "√", [True]), (JUDGE, "v", [True]),
        (JUDGE, "1", [True]), (JUDGE, "对", [True]), (JUDGE, "正确", [True]), (JUDGE, "是", [True]), (JUDGE, "同意", [True]),
        (JUDGE, "T", [True]), (JUDGE, "×", [False]), (JUDGE, "x", [False]), (JUDGE, "2", [False]), (JUDGE, "0", [False]),
        (JUDGE, "错误", [False]), (JUDGE, "否", [False]), (JUDGE, "不同意", [False]), (JUDGE, "-", []),
    ],
)  # fmt: skip
def test_a_mark_is_kept_as_the_option_that_stood_at_its_place(place, typed, kept):
    """Letters follow position, what is kept follows option ids (rules.md 17); ways to say a truth (rules.md 20)."""
    assert sheet_entry.read(place, [typed]) == kept


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        (SINGLE, "", "没有录"), (MULTI, " ", "没有录"), (JUDGE, "", "没有录"), (SINGLE, "E", "只有 A 至 D"),
        (MULTI, "5", "只有 A 至 D"), (MULTI, "AE", "只有 A 至 D"), (MULTI, "BB", "打了两次"), (JUDGE, "3", "打 1（√）或 2（×）"),
        (JUDGE, "12", "打 1（√）或 2（×）"), (SINGLE, "BC", "只能有一个选项"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(place, typed, said):
    """Two marks on a single choice go to a person (rules.md 55)."""
    with pytest.raises(Refused, match=said):
        sheet_entry.read(place, [typed])


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        (FILL, ["三十", "30 "], ["三十", "30"]), (FILL, ["", "-"], ["", "-"]), (FILL, ["", " "], []), (SHORT, ["答 一"], ["答 一"]),
        (SHORT, [""], []), (SHORT, ["字" * 600], ["字" * 500]),
    ],
)  # fmt: skip
def test_a_text_is_kept_as_it_stands(place, typed, kept):
    """Raw text is kept (rules.md 20)."""
    assert sheet_entry.read(place, typed) == kept


@given(st.lists(st.sampled_from(FROZEN), unique=True), st.permutations(FROZEN))
def test_what_is_shown_again_reads_back_the_same(chosen, own):
    place = Place(1, "multi", tuple(own), FROZEN, 0)
    kept = [one for one in FROZEN if one in chosen]

    assert sheet_entry.read(place, sheet_entry.written(place, kept)) == kept


def test_a_whole_sheet_stands_on_one_line():
    assert sheet_entry.line(ALL, [["a"], ["a", "b"], [False], ["三十", ""], []]) == "1B 2BD 3× 4[三十|] 5[]"
    assert sheet_entry.line(ALL[:3], [[], [], []]) == "1- 2- 3-"


def test_two_typings_differ_by_options_and_not_by_the_width_of_a_figure():
    one = [["a"], ["a"], [True], ["３０", "五"], []]
    other = [["a"], ["a", "b"], [True], ["30", "六"], ["答"]]

    assert sheet_entry.differing(ALL, one, one) == []
    assert sheet_entry.differing(ALL, one, other) == [2, 4, 5]
    assert sheet_entry.differing(ALL, one, [["a"], ["a"], [True], ["30", "五"], []]) == []
