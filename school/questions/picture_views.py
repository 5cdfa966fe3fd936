"""The pictures of questions as files: one address per version and number, for whoever may see the bank."""

from __future__ import annotations

from flask import Blueprint

from school.access import Role
from school.questions import queries
from school.web.guard import me, needs
from school.web.pictures import sent
from school.web.transaction import reading

bp = Blueprint("pictures", __name__)


@bp.get("/<int:bank_id>/pictures/<int:version_id>/<int:number>")
@needs(Role.OFFICER)
def show(bank_id: int, version_id: int, number: int):
    """A picture of a version of one's bank."""
    queries.bank(reading(), bank_id, me())
    return sent(queries.picture(reading(), bank_id, version_id, number))
