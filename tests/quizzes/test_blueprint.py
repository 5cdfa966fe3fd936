"""What a blueprint asks, and the contradictions that no bank could serve."""

from __future__ import annotations

from decimal import Decimal

import pytest

from school.quizzes.blueprint import Demand, contradictions
from school.quizzes.paper import Part
from tests.quizzes.drawables import drawable

PARTS = [Part("single", 10, Decimal(5)), Part("judge", 5, Decimal(5))]


def single(topic="", difficulty=0, count=1) -> Demand:
    return Demand("single", topic, difficulty, count)


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        (single("农村土地", 3), True),
        (single("", 3), True),
        (single("农村土地"), True),
        (single("党建", 3), False),
        (single("农村土地", 2), False),
        (Demand("judge", "农村土地", 3, 1), False),
    ],
)
def test_a_row_counts_questions_of_its_kind_topic_and_difficulty(row, fits):
    assert row.fits(drawable("single", topic="农村土地", difficulty=3)) is fits


@pytest.mark.parametrize(
    "demands",
    [
        [],
        [single("党建", 0, 10)],
        [single("党建", 0, 4), single("反诈", 0, 6)],
        [single("党建", 0, 4), single("", 3, 8)],
        [single("党建", 0, 4), single("党建", 3, 4)],
        [single("", level, 2) for level in range(1, 6)],
        [single("党建", 3, 5), single("反诈", 3, 5), single("", 3, 10)],
    ],
)
def test_rows_that_can_be_kept_together_are_not_complained_about(demands):
    assert contradictions(PARTS, demands) == []


@pytest.mark.parametrize(
    ("demands", "said"),
    [
        ([single("党建", 3, 1), single("党建", 3, 2)], ["“单选题·党建·难度3级”写了两行，请合成一行。"]),
        ([Demand("multi", "党建", 0, 1)], ["“多选题·党建”：题量里没有多选题，请先填题数。"]),
        ([single("党建", 0, 11)], ["单选题只有 10 道，细分却要单选题·党建 11 道。"]),
        (
            [single("党建", 0, 6), single("反诈", 0, 5)],
            ["单选题只有 10 道，细分却要单选题·党建 6 道、单选题·反诈 5 道，合计 11 道。"],
        ),
        (
            [single("党建", 0, 6), single("反诈", 2, 5)],
            ["单选题只有 10 道，细分却要单选题·党建 6 道、单选题·反诈·难度2级 5 道，合计 11 道。"],
        ),
        ([single("党建", 0, 2), single("党建", 3, 3)], ["单选题·党建只有 2 道，细分却要单选题·党建·难度3级 3 道。"]),
        ([single("", 3, 2), single("党建", 3, 3)], ["单选题·难度3级只有 2 道，细分却要单选题·党建·难度3级 3 道。"]),
        (
            [single("", level, 1) for level in range(1, 6)],
            [
                "单选题要 10 道，各项都细分了却只有单选题·难度1级 1 道、单选题·难度2级 1 道、单选题·难度3级 1 道、"
                "单选题·难度4级 1 道、单选题·难度5级 1 道，合计 5 道。"
            ],
        ),
    ],
)
def test_rows_against_each_other_are_named(demands, said):
    assert contradictions(PARTS, demands) == said


def test_rows_of_topics_the_round_does_not_draw_from_are_named():
    assert contradictions(PARTS, [single("反诈", 0, 1)], ["党建"]) == [
        "“单选题·反诈”：这一轮的专题里没有“反诈”，请修改专题或这一行。"
    ]


def test_all_topics_of_the_round_together_have_to_fill_the_part():
    said = "单选题要 10 道，各项都细分了却只有单选题·党建 4 道、单选题·反诈 5 道，合计 9 道。"

    assert contradictions(PARTS, [single("党建", 0, 4), single("反诈", 0, 5)], ["党建", "反诈"]) == [said]
