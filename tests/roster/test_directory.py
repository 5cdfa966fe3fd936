from __future__ import annotations

from datetime import date

import pytest

from school.roster.cells import Unreadable
from school.roster.directory import Directory
from school.roster.known import KnownUnit

TODAY = date(2026, 11, 20)
UNITS = [
    KnownUnit("1", "云岭县", "云岭"),
    KnownUnit("11", "白沙镇人民政府", "白沙镇", parent="1"),
    KnownUnit("12", "青石乡人民政府", "青石乡", parent="1"),
    KnownUnit("111", "和平村村民委员会", "和平村", parent="11"),
    KnownUnit("121", "和平村村民委员会", "和平村", parent="12"),
    KnownUnit("122", "石门村", "石门村", parent="12"),
    KnownUnit("13", "黄泥乡", "黄泥乡", parent="1", closed_on=date(2026, 6, 1), successors=("11",)),
    KnownUnit("14", "财政局（国资局）", "财政局", parent="1", closed_on=date(2026, 11, 21)),
]


@pytest.mark.parametrize(
    ("written", "below", "code"),
    [
        ("11", "", "11"),
        ("白沙镇人民政府", "", "11"),
        ("白沙镇", "", "11"),
        (" 白沙　镇 ", "", "11"),
        ("财政局(国资局)", "", "14"),
        ("和平村", "白沙镇", "111"),
        ("和平村", "云岭县/青石乡", "121"),
        ("和平村", "12", "121"),
        ("白沙镇和平村", "", "111"),
        ("青石乡/和平村村民委员会", "", "121"),
        ("石门村", "云岭县", "122"),
    ],
)
def test_a_unit_is_found_by_what_people_write(written, below, code):
    assert Directory(UNITS, TODAY).find(written, below) == code


@pytest.mark.parametrize(
    ("written", "below", "words"),
    [
        ("和平村", "", ["有 2 个", "“白沙镇人民政府”之下、“青石乡人民政府”之下", "填写上级单位"]),
        ("石门村", "白沙镇", ["不在“白沙镇”之下，而在“青石乡人民政府”之下"]),
        ("黄泥乡", "", ["已于 2026-06-01 撤销", "并入“白沙镇人民政府”"]),
        ("白沙真", "", ["系统中没有单位“白沙真”", "是不是“白沙镇”"]),
        ("紫云实验学校", "", ["系统中没有单位“紫云实验学校”。请改正"]),
    ],
)
def test_a_unit_that_is_not_found_is_explained_with_a_remedy(written, below, words):
    with pytest.raises(Unreadable) as reason:
        Directory(UNITS, TODAY).find(written, below)

    assert [word for word in words if word not in str(reason.value)] == []


def test_an_open_unit_wins_over_a_closed_one_of_its_name():
    units = [*UNITS, KnownUnit("19", "黄泥乡", "黄泥乡", parent="1")]

    assert Directory(units, TODAY).find("黄泥乡") == "19"


def test_units_above_one_end_at_the_top_even_in_a_circle():
    circle = [KnownUnit("1", "甲", parent="2"), KnownUnit("2", "乙", parent="1")]

    assert [unit.code for unit in Directory(circle, TODAY).above("1")] == ["2"]
    assert [unit.code for unit in Directory(UNITS, TODAY).above("122")] == ["12", "1"]
