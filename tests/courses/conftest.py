from __future__ import annotations

import pytest

from tests import makers


@pytest.fixture
def school(db, cast):
    """The township's own school."""
    return makers.make_school(db, cast.town, name="青杠镇干部夜校")


@pytest.fixture
def night(db, school):
    """A night planned for NOW."""
    return makers.make_night(db, school)
