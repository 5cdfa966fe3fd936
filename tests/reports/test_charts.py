from __future__ import annotations

import pytest

from school.reports import charts
from school.reports.shapes import RED, Box, Label, Rule
from tests.figures_makers import make_counts, make_month, make_small_unit, make_unit

MONTH = make_month()


def words(chart: charts.Chart) -> list[str]:
    return [shape.text for shape in chart.shapes if isinstance(shape, Label)]


def bars(chart: charts.Chart) -> list[Box]:
    return [shape for shape in chart.shapes if isinstance(shape, Box) and shape.colour == charts.BAR]


def test_units_stand_in_the_order_given_with_figures_in_words():
    found = words(charts.pass_rates(MONTH.units, MONTH.standard))

    assert [word for word in found if word in ("青石乡", "白水镇", "县档案馆")] == ["青石乡", "白水镇", "县档案馆"]
    assert "91.30%（21／23）" in found
    assert "标准90.00%" in found


def test_the_standard_is_the_only_red_thing():
    red = [shape for shape in charts.pass_rates(MONTH.units, MONTH.standard).shapes if shape.colour == RED]

    assert [type(shape) for shape in red] == [Rule, Label]


@pytest.mark.parametrize(("expected", "drawn"), [(9, 0), (10, 1)], ids=["nine people", "ten people"])
def test_a_small_unit_is_counts_and_never_a_bar(expected, drawn):
    unit = make_unit(counts=make_counts(expected=expected, sat=expected, passed=7))
    chart = charts.pass_rates((unit,), MONTH.standard)

    assert len(bars(chart)) == drawn
    assert (f"应考{expected}人，实考{expected}人，合格7人" in words(chart)) is not bool(drawn)


def test_a_small_unit_has_no_bar_in_topics_and_bands_either():
    unit = make_small_unit()
    pictures = [charts.topics(unit.topics, counts_only=True), charts.bands(unit.counts)]

    assert [bars(chart) for chart in pictures] == [[], []]
    assert "%" not in "".join(word for chart in pictures for word in words(chart))


def test_bands_share_the_whole_breadth():
    boxes = [shape for shape in charts.bands(make_counts()).shapes if isinstance(shape, Box) and shape.height == 14]

    assert sum(box.width for box in boxes) == pytest.approx(471)
    assert boxes[0].width == pytest.approx(471 * 8 / 23)


@pytest.mark.parametrize("width", [300, 340, 471])
def test_nothing_leaves_the_field(width):
    long = make_unit(short_name="云岭县综合行政执法局" * 4)
    for chart in (charts.pass_rates((long,), MONTH.standard, width), charts.bands(make_counts(), width)):
        assert all(0 <= shape.x <= width and 0 <= shape.y <= chart.height for shape in chart.shapes)


def test_the_legend_of_bands_takes_two_rows_on_a_phone():
    rows = {shape.y for shape in charts.bands(make_counts(), 300).shapes if isinstance(shape, Label)}

    assert len(rows) == 2
