from __future__ import annotations

from datetime import date

import pytest

from school.roster import unit_plan
from school.roster.difference import Change, MergedUnit
from school.roster.known import KnownUnit
from school.roster.rows import UnitRow

TODAY = date(2026, 11, 20)
COUNTY = KnownUnit("1", "云岭县", "云岭县", kind="县")
TOWN = KnownUnit("11", "白沙镇", "白沙镇", parent="1", kind="乡镇", order_no=3)
OTHER = KnownUnit("12", "青石乡", "青石乡", parent="1", kind="乡镇", order_no=4)
BOOKS = [COUNTY, TOWN, OTHER]


def row(code: str, name: str, line: int = 2, **values) -> UnitRow:
    return UnitRow("单位", line, code, name, **values)


def plan(rows, units=BOOKS):
    complaints = []
    planned, _ = unit_plan.plan(
        rows, units, TODAY, lambda row, field, reason: complaints.append((row.line, field, reason))
    )
    return planned, complaints


def test_new_units_stand_after_the_unit_above_them_wherever_the_file_has_them():
    planned, complaints = plan([row("211", "和平村", parent="黄泥镇"), row("21", "黄泥镇", parent="云岭县")])

    assert complaints == []
    assert [(unit.code, unit.parent) for unit in planned.new] == [("21", "1"), ("211", "21")]


def test_the_first_roster_brings_the_county_and_all_below_it():
    planned, complaints = plan(
        [row("1", "云岭县"), row("11", "白沙镇", parent="1"), row("12", "青石乡", parent="云岭县")], []
    )

    assert complaints == []
    assert [(unit.code, unit.parent) for unit in planned.new] == [("1", ""), ("11", "1"), ("12", "1")]


def test_only_what_a_row_states_is_changed():
    planned, _ = plan([row("11", "白沙街道", kind="街道"), row("12", "青石乡", order_no=4, parent="云岭县")])

    [changed] = planned.changed
    assert changed.changes == (Change("name", "白沙镇", "白沙街道"), Change("kind", "乡镇", "街道"))
    assert planned.unchanged == 1


def test_a_merger_names_its_successors_and_its_day_and_nothing_else_changes():
    planned, complaints = plan([row("12", "青石乡", closed_on=date(2026, 11, 1), merged_into=("白沙镇",))])

    assert (planned.changed, complaints) == ((), [])
    assert planned.merged == (MergedUnit("12", "青石乡", ("11",), date(2026, 11, 1)),)


def test_a_merger_the_books_know_is_unchanged():
    merged = KnownUnit("12", "青石乡", parent="1", closed_on=date(2026, 11, 1), successors=("11",))
    planned, _ = plan([row("12", "青石乡", closed_on=date(2026, 11, 1), merged_into=("11",))], [COUNTY, TOWN, merged])

    assert (planned.merged, planned.unchanged) == ((), 1)


@pytest.mark.parametrize(
    ("rows", "field", "words"),
    [
        ([row("99", "白沙镇", parent="云岭县")], "code", "“白沙镇”的编码是 11"),
        ([row("21", "黄泥镇", parent="云林县")], "parent", "没有单位“云林县”。是不是“云岭县”"),
        ([row("21", "黄泥镇")], "parent", "只有“云岭县”可以没有上级"),
        ([row("12", "青石乡", closed_on=TODAY, merged_into=("青石乡",))], "merged_into", "不能并入自己"),
        ([row("12", "青石乡", closed_on=TODAY, merged_into=("无名乡",))], "merged_into", "没有单位“无名乡”"),
        ([row("1", "云岭县", parent="白沙镇")], "parent", "最终又是它自己"),
    ],
)
def test_what_cannot_be_is_complained_of_at_its_field(rows, field, words):
    _, [(line, complained, reason)] = plan(rows)

    assert (line, complained) == (2, field)
    assert words in reason


def test_a_unit_may_be_refounded_under_its_old_name_in_one_file():
    rows = [
        row("12", "青石乡", closed_on=date(2026, 11, 1), merged_into=("22",)),
        row("22", "青石乡", 3, parent="云岭县", opened_on=date(2026, 11, 1)),
    ]
    planned, complaints = plan(rows)

    assert complaints == []
    assert ([unit.code for unit in planned.new], planned.merged[0].into) == (["22"], ("22",))
