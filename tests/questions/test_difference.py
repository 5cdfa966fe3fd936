"""What changed between two versions, in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.questions.difference import Piece, between, between_versions, pieces
from school.questions.draft import Citation, Draft

OLD = Draft("single", "耕地的承包期为（ ）年。", ("十", "三十"), (1,), "见法条。", Citation("土地承包法"), difficulty=2)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "承包期为二十年",
            "承包期为三十年",
            [("same", "承包期为"), ("removed", "二"), ("added", "三"), ("same", "十年")],
        ),
        ("甲", "", [("removed", "甲")]),
        ("", "甲", [("added", "甲")]),
        ("甲乙", "甲乙", [("same", "甲乙")]),
        ("", "", []),
        ("一二三四", "五二六四", [("removed", "一二三"), ("added", "五二六"), ("same", "四")]),
    ],
    ids=["one word", "all gone", "all new", "nothing", "empty", "a crumb between two changes"],
)
def test_texts_are_told_apart_word_by_word(old, new, expected):
    assert pieces(old, new) == [Piece(*piece) for piece in expected]


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_old_and_the_new_can_be_read_out_of_the_pieces(old, new):
    found = pieces(old, new)

    assert "".join(piece.text for piece in found if piece.change != "added") == old
    assert "".join(piece.text for piece in found if piece.change != "removed") == new


def test_only_fields_that_changed_are_named_in_the_order_of_a_question():
    new = replace(OLD, options=("十", "三十", "五十"), key=(2,), difficulty=3, author="别人", checker="另一位")

    assert [name for name, _ in between(OLD, new)] == ["答案", "难度", "选项 C"]


def test_each_version_is_compared_with_the_one_before():
    third = replace(OLD, stem="草地的承包期为（ ）年。")

    assert [[name for name, _ in step] for step in between_versions([OLD, OLD, third])] == [[], ["题干"]]
    assert between_versions([OLD]) == []
