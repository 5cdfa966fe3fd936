from __future__ import annotations

import pytest

from school.reports import county_report
from tests.figures_makers import make_counts, make_month, make_short_unit, make_small_unit, make_unit
from tests.reports import reading


def read(**given) -> str:
    return reading.squeezed(reading.by_pdfium(county_report.draw(make_month(**given))))


def test_units_stand_in_their_official_order_whatever_they_reached():
    shuffled = (make_small_unit(3), make_unit(1), make_short_unit(2))

    assert [unit.short_name for unit in county_report.in_order(make_month(shuffled))] == [
        "青石乡",
        "白水镇",
        "县档案馆",
    ]
    text = read(units=shuffled)
    assert text.index("1青石乡2524112321") < text.index("2白水镇2524102420") < text.index("3县档案馆6600")


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        (make_counts(expected=9, sat=9, passed=9), ("—", "—", "—")),
        (make_counts(expected=10, sat=10, passed=9, excellent=1, score_sum=805), ("80.50", "90.00%", "10.00%")),
        (make_counts(sat=0, passed=0, excellent=0, score_sum=0), ("—", "—", "—")),
        (make_counts(expected=260, sat=254, passed=240, excellent=0), ("7.45", "94.49%", "0.00%")),
    ],
    ids=["nine expected", "ten expected", "nobody sat", "240 of 254"],
)
def test_a_row_ends_with_mean_and_rates_or_dashes(counts, cells):
    row = county_report.unit_row("1", "青石乡", counts)

    assert row[-3:] == cells
    assert row[:3] == ("1", "青石乡", "25")


def test_the_total_stands_last_and_a_footnote_explains_the_dash():
    text = read()

    assert "合计56542153467714%"[:4] in text
    assert "合计5654215346" in text
    assert "应考或实考不足10人的单位只列人数" in text


def test_shortfalls_are_facts_with_standard_basis_and_chance():
    text = read()

    assert "白水镇合格率83.33%（20／24）90.00%6.67个百分点可以" in text
    assert "白水镇平均72.50分（实考24人）80分7.50分难以" in text
    assert "依据：云岭县委组织部《关于开展2026年度月度政策测试的通知》" in text
    assert "参加比较的2个单位中，1个单位有指标低于标准，其中1个单位的差距偶然难以解释" in text


def test_good_news_comes_before_gaps():
    text = read()

    assert text.index("做得好的方面") < text.index("需要补上的方面") < text.index("各单位情况")


def test_comings_and_goings_are_a_note():
    text = read(joined_after=("王䶮", "买买提·艾力"), left_after=("𠮷田",))

    assert "名单冻结后新到2人，不计入：王䶮、买买提·艾力。" in text
    assert "名单冻结后离开1人，仍按冻结时统计：𠮷田。" in text


@pytest.mark.parametrize("units", [0, 1, 60, 300])
def test_a_county_of_any_size_has_a_paper_with_every_unit(units):
    many = tuple(make_unit(n, short_name=f"单位{n:03d}") for n in range(1, units + 1))
    text = read(units=many)

    assert [f"{n}单位{n:03d}2524" in text for n in range(1, units + 1)] == [True] * units


def test_equal_value_gives_equal_bytes_and_every_font_is_embedded():
    pdf = county_report.draw(make_month())

    assert pdf == county_report.draw(make_month())
    assert reading.unembedded(pdf) == set()
    assert b"Helvetica" not in pdf


def test_no_unit_is_ranked():
    assert [word for word in ("排名", "名次", "第一名", "倒数", "红榜", "黑榜") if word in read()] == []
