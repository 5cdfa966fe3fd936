"""What this month's round is about: scope and clauses, readable from the study day until the month is over."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, render_template

from school import clock
from school.access import Role
from school.errors import NotFound
from school.quizzes import queries, study_queries, timing
from school.quizzes.models import Round
from school.web.guard import me, needs
from school.web.transaction import reading

bp = Blueprint("study", __name__)


@bp.get("/<int:round_id>/study")
@needs(Role.LEARNER, *queries.SEES_ROUNDS)
def study(round_id: int):
    """Scope and clauses, for those who are called; officers and clerks see beforehand what their people will see."""
    now = clock.now()
    found = _round(round_id)
    context = {"round": found, "until": timing.study_until(found.month, found.closes_at)}
    return render_template("quiz/study.html", topics=study_queries.clauses(reading(), found, now), **context)


def _round(round_id: int) -> Round:
    if me().has(*queries.SEES_ROUNDS):
        with suppress(NotFound):
            return queries.round_(reading(), round_id, me())
    return study_queries.round_(reading(), round_id, me().person_id, clock.day(clock.now()))
