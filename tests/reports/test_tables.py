from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.reports import fonts, tables
from school.reports.tables import Column, rows_per_page

ROOM = st.floats(min_value=0, max_value=600)


@pytest.mark.parametrize(
    ("rows", "first", "later", "parts"),
    [
        (1, 100, 300, [1]),
        (10, 100, 300, [10]),
        (11, 100, 300, [8, 3]),
        (12, 100, 300, [9, 3]),
        (41, 100, 300, [10, 28, 3]),
        (12, 20, 300, [12]),
        (2, 20, 300, [2]),
        (2, 10, 300, [2]),
        (5, 30, 300, [5]),
        (6, 30, 300, [3, 3]),
        (0, 100, 300, []),
    ],
    ids=[
        "one row",
        "exactly the page",
        "one row over",
        "two rows over",
        "three pages",
        "no room to begin",
        "a short table fits",
        "a short table moves whole",
        "five rows cannot be parted",
        "six rows can",
        "no rows",
    ],
)
def test_rows_are_dealt_so_that_no_page_holds_a_lonely_row(rows, first, later, parts):
    assert rows_per_page([10.0] * rows, first, later) == parts


@settings(deadline=None)
@given(heights=st.lists(st.floats(min_value=10, max_value=40), max_size=120), first=ROOM)
def test_every_row_is_dealt_once_and_no_page_overflows(heights, first):
    parts = rows_per_page(heights, first, 600)

    assert sum(parts) == len(heights)
    assert all(part >= min(3, len(heights)) for part in parts)
    edge = 0
    for part in parts:
        assert sum(heights[edge : edge + part]) <= 600
        edge += part


def test_a_text_too_wide_for_its_column_takes_more_lines_and_loses_nothing():
    name = "阿卜杜·" * 12 + "力提"
    laid = tables.lay_out((Column("姓名", 1), Column("职务", 3)), [(name, "乡长")], 400, fonts.load())

    assert "".join(line.text for line in laid.rows[0][0].lines) == name
    assert laid.heights[0] > laid.head_height


def test_numbers_end_at_the_same_edge():
    laid = tables.lay_out((Column("人数", 1, "end"),), [("9",), ("1234",)], 100, fonts.load())
    ends = [cell.xs[0] + cell.lines[0].width for row in laid.rows for cell in row]

    assert ends == pytest.approx([100 - tables.GUTTER] * 2)
