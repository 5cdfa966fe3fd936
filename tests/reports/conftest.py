"""A closed month of the county over the cast's four units, with figures as the makers give them."""

from __future__ import annotations

import pytest

from school.results import queries
from tests import figures_makers, makers
from tests.makers import later


def unit_month(unit, **given):
    named = {"code": unit.code, "name": unit.name, "short_name": unit.short_name, "order_no": unit.order_no}
    return figures_makers.make_unit(unit.id, **{**named, **given})


@pytest.fixture
def result(db, cast):
    """The month's result; its units are the county's own office, 青杠镇 and 雪松乡."""
    round_ = makers.make_round(db, cast.county, questions=0, published=False)
    units = [unit_month(cast.county), makers.make_short(cast.town), unit_month(cast.other_town)]
    made = makers.make_result(db, round_, *units, at=later(days=1))
    db.commit()
    return made


@pytest.fixture
def month(result):
    return queries.month(result)
