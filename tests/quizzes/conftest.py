"""What the tests of rounds begin with; a file whose round is another makes its own."""

from __future__ import annotations

import pytest

from tests import makers


@pytest.fixture
def round_(db, cast):
    """The county's round of this month, open now."""
    made = makers.make_round(db, cast.county)
    db.commit()
    return made


@pytest.fixture
def learner(client, cast, round_):
    """The browser of somebody who has begun."""
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")
    return browser
