from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from school.results import drawings
from school.results.figures import TopicShare
from tests.figures_makers import make_counts, make_short_unit, make_small_unit, make_standard, make_topics, make_unit


def said(drawing: str) -> list[str]:
    return [text.text for text in ElementTree.fromstring(drawing).iter("text")]


def bars(drawing: str) -> list[str]:
    return [box.get("width") for box in ElementTree.fromstring(drawing).iter("rect")]


def test_a_unit_has_a_bar_beside_its_figure_and_a_small_one_words_only():
    """rules.md 31"""
    drawing = drawings.pass_rates([make_short_unit(), make_small_unit()], make_standard())

    assert said(drawing) == ["白水镇", "20/24，83.33%", "县档案馆", "实考 6 人，合格 5 人"]
    assert bars(drawing) == ["100%", "83.3333%"]


def test_the_standard_stands_on_every_bar():
    drawing = drawings.pass_rates([make_unit(1), make_short_unit(), make_small_unit()], make_standard())

    assert [line.get("x1") for line in ElementTree.fromstring(drawing).iter("line")] == ["90%", "90%"]


def test_a_unit_in_which_nobody_sat_has_words_only():
    drawing = drawings.pass_rates(
        [make_unit(counts=make_counts(absent=24, sat=0, passed=0, excellent=0))], make_standard()
    )

    assert said(drawing)[1] == "实考 0 人，合格 0 人"
    assert bars(drawing) == []


def test_topics_stand_in_the_order_given_with_right_of_asked():
    shares = (TopicShare("防火", 1, 3), TopicShare("土地", 2, 2))

    assert said(drawings.topics(shares)) == ["防火", "1/3，33.33%", "土地", "2/2，100.00%"]
    assert said(drawings.topics(shares, counts_only=True)) == ["防火", "答对 1/3 题次", "土地", "答对 2/2 题次"]
    assert bars(drawings.topics(shares, counts_only=True)) == []


def test_the_three_bands_share_one_bar():
    drawing = drawings.bands(make_counts(sat=20, passed=15, excellent=5))

    assert [width for width in bars(drawing) if width.endswith("%")] == ["25%", "50%", "25%"]
    assert said(drawing) == [
        "优秀", "5/20，25.00%", "合格（不含优秀）", "10/20，50.00%", "未合格", "5/20，25.00%",
    ]  # fmt: skip
    assert said(drawings.bands(make_counts(sat=6, passed=5, excellent=1), counts_only=True))[1::2] == [
        "1 人",
        "4 人",
        "1 人",
    ]


@pytest.mark.parametrize("sat", [0, 1])
def test_a_round_that_nobody_sat_is_drawn_too(sat):
    assert len(said(drawings.bands(make_counts(sat=sat, passed=0, excellent=0)))) == 6


def test_a_long_name_goes_on_in_the_next_line_and_markup_stays_text():
    drawing = drawings.pass_rates([make_unit(short_name="云岭县自然资源和规划局<b>甲</b>&")], make_standard())

    assert said(drawing)[:3] == ["云岭县自然资源和规划", "局<b>甲</b>&", "21/23，91.30%"]


def test_drawings_carry_a_name_for_those_who_hear_them_and_no_style():
    """A strict content policy forbids style attributes."""
    for drawing in (
        drawings.pass_rates([make_unit()], make_standard()),
        drawings.topics(make_topics()),
        drawings.bands(make_counts()),
    ):
        assert re.search(r'role="img" aria-label="[^"]+"', drawing)
        assert "style" not in drawing
