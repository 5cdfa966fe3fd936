"""The pictures of a paper's questions, for the person who has that paper before them."""

from __future__ import annotations

from flask import Blueprint

from school.access import Role
from school.quizzes import taking_queries
from school.web.guard import me, needs
from school.web.pictures import sent
from school.web.transaction import reading

bp = Blueprint("pictures", __name__)


@bp.get("/<int:round_id>/pictures/<int:position>/<int:number>")
@needs(Role.LEARNER)
def show(round_id: int, position: int, number: int):
    """A picture of a question on one's own paper, from the start of the quiz on."""
    return sent(taking_queries.picture(reading(), round_id, me().person_id, position, number))
