"""A round of the county that is over: twelve people of a township, one of another, each with an attempt of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from school.quizzes.models import Round
from school.results import actions
from school.results.models import MonthResult
from school.roster.models import Person
from tests import makers
from tests.makers import NOW

#: an hour after the last answer could arrive
OVER = NOW + timedelta(hours=3)


@dataclass
class County:
    """round: published over the cast's county.  people: twelve of 青杠镇, who answered 0…4 questions rightly in turn."""

    round: Round
    people: list[Person] = field(default_factory=list)

    def close(self, db, *, at: datetime = OVER) -> MonthResult:
        return actions.close_month(db, self.round, grace=20, by=makers.ROOT, now=at)


@pytest.fixture
def county(db, cast):
    people = [makers.make_person(db, f"学员{number:02}", cast.town) for number in range(12)]
    made = County(makers.make_round(db, cast.county), people)
    for number, person in enumerate(people):
        makers.make_attempt(db, made.round, person, number % 5)
    db.commit()
    return made
