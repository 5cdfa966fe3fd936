"""Last month's make-up in the demo county: those absent or below the mark sit again, and most of them pass.

It is closed, but the month is not corrected yet: its page proposes it.
"""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from school import db as ground
from school.demo import quiz
from school.demo.cast import Cast, acting
from school.demo.dates import Dates
from school.demo.quiz import Ability, Watch
from school.quizzes import actions, drawing_queries, makeup_actions
from school.quizzes.makeup_actions import MakeupPlan
from school.quizzes.models import Candidate, Round
from school.results import actions as results

#: seconds a late answer may travel
GRACE = 20
ABLE = Ability(share=0.82)


def hold(engine: Engine, round_id: int, cast: Cast, dates: Dates, *, seed: int, watch: Watch) -> None:
    """Plan, publish, answer and close the make-up of a round that is closed. One in eight does not come."""
    opens, closes = dates.last(17, 8), dates.last(18, 22)
    with ground.writing(engine) as db:
        now = dates.last(15, 9)
        by, round_ = acting(db, cast.officer, now), db.get_one(Round, round_id)
        plan = MakeupPlan(opens, closes, round_.minutes, "both")
        made = makeup_actions.plan_makeup(db, round_, plan, grace=GRACE, by=by, now=now)
        db.flush()
        published_at = dates.last(15, 10)
        drawn = drawing_queries.drawn(db, made, on=actions.day_asked(made, published_at))
        makeup_actions.publish_makeup(db, made, drawn=drawn, grace=GRACE, by=by, now=published_at)
        makeup_id = made.id
    dice = random.Random(f"{seed}/make-up")
    sat = [person for person in _called(engine, makeup_id) if dice.random() < 7 / 8]
    starts = quiz.starts_between(sat, opens, closes - timedelta(hours=1), dice)
    quiz.answer(engine, makeup_id, starts, lambda _row: ABLE, seed=seed, watch=watch, words="补考")
    with ground.writing(engine) as db:
        now = dates.last(19, 9)
        by = acting(db, cast.officer, now)
        results.close_month(db, db.get_one(Round, makeup_id), grace=GRACE, by=by, now=now)


def _called(engine: Engine, round_id: int) -> list[int]:
    with Session(engine) as db:
        statement = select(Candidate.person_id).where(Candidate.round_id == round_id).order_by(Candidate.id)
        return list(db.scalars(statement))
