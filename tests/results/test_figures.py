from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from school.results import figures
from school.results.figures import (
    Basis,
    Counts,
    MakeupCounts,
    Month,
    NightFigures,
    PersonLine,
    Shortfall,
    Standard,
    TopicShare,
    Try,
    UnitMonth,
)
from tests import figures_makers

numbers = st.integers(0, 5000)
texts = st.text(max_size=12)
exact = st.decimals(0, 100_000, places=2, allow_nan=False, allow_infinity=False)
moments = st.datetimes(timezones=st.just(UTC))
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
counts = st.builds(Counts, *[numbers] * 7, exact)
nights = st.builds(NightFigures, *[numbers] * 5, exact)
topics = st.lists(st.builds(TopicShare, texts, numbers, numbers), max_size=3).map(tuple)
missed = st.builds(Shortfall, st.sampled_from(["pass_rate", "mean"]), st.fractions(0, 100), exact, st.booleans())
tries = st.lists(st.builds(Try, st.none() | exact, texts, st.booleans()), max_size=3).map(tuple)
people = st.builds(PersonLine, numbers, texts, texts, texts, texts, texts, st.none() | exact, texts, tries)
makeups = st.none() | st.builds(MakeupCounts, *[numbers] * 4)
units = st.builds(
    UnitMonth, numbers, texts, texts, texts, numbers, counts, topics, st.lists(missed, max_size=2).map(tuple),
    st.lists(people, max_size=3).map(tuple), nights, makeups,
)  # fmt: skip
names = st.lists(texts, max_size=3).map(tuple)
basis = st.builds(Basis, texts, texts, texts, days)
standards = st.builds(Standard, *[exact] * 5, basis)
months = st.builds(
    Month, texts, days, numbers, texts, moments, moments, moments, moments, texts, standards,
    st.lists(units, max_size=2).map(tuple), counts, topics, nights, names, names, names, makeups, texts,
)  # fmt: skip


@given(months)
def test_a_month_comes_back_from_json_as_it_was(month):
    assert figures.from_data(json.loads(json.dumps(figures.as_data(month)))) == month


@given(months)
def test_a_month_and_its_copy_from_data_have_one_digest(month):
    assert figures.digest(figures.from_data(figures.as_data(month))) == figures.digest(month)


def test_equal_months_have_equal_data_however_their_numbers_and_zones_were_written():
    month = figures_makers.make_month()
    shanghai = timezone(timedelta(hours=8))
    same = replace(
        month,
        opens_at=month.opens_at.astimezone(shanghai),
        standard=replace(month.standard, mean=Decimal("80.00"), pass_rate=Decimal("0.90")),
    )

    assert same == month
    assert figures.as_data(same) == figures.as_data(month)
    assert figures.digest(same) == figures.digest(month)


def test_any_other_figure_gives_another_digest():
    month = figures_makers.make_month()

    assert figures.digest(replace(month, number=1)) != figures.digest(month)


def test_a_month_kept_before_a_field_was_thought_of_takes_its_default():
    data = figures.as_data(figures_makers.make_month(corrections=("更正第1号：补登",)))
    del data["corrections"]

    assert figures.from_data(data) == figures_makers.make_month()


def test_a_whole_number_of_thousands_is_kept_in_plain_digits():
    month = figures_makers.make_month(total=figures_makers.make_counts(score_sum=Decimal(190000)))

    assert figures.as_data(month)["total"]["score_sum"] == "190000"
