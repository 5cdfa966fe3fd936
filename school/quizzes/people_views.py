"""Pages of a round's people for the officer and the unit clerk: the list, who is missing, exemptions, extensions."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for

from school import clock
from school.access import Role
from school.quizzes import queries, running_actions, running_queries
from school.quizzes.forms import ExtendForm, ReasonForm
from school.quizzes.models import Round
from school.quizzes.queries import CandidateRow
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("people", __name__)

STANDINGS = {"waiting": "未开始", "answering": "答题中", "handed_in": "已交卷", "exempt": "免考"}
#: after a round was called off nobody is answering
CALLED_OFF = STANDINGS | {"waiting": "没有开始", "answering": "没有答完"}
KEEPERS = (Role.OFFICER, Role.CLERK)


def standings_of(round_: Round) -> dict[str, str]:
    """Where people stand in a round, in words."""
    return CALLED_OFF if round_.state == "cancelled" else STANDINGS


@bp.get("/<int:round_id>/people")
@needs(*KEEPERS)
def listed(round_id: int):
    """Candidates of one's units, by standing, or whomever a name or a number means."""
    found = queries.round_(reading(), round_id, me())
    standing = request.args.get("standing", "")
    chosen = {
        "unit_id": pages.number_asked("unit"),
        "standing": standing if standing in STANDINGS else "",
        "words": request.args.get("words", "").strip()[:50],
    }
    paging, shown = pages.slice_of(queries.candidates(round_id, me().paths(*KEEPERS), **chosen))
    rows = [CandidateRow(*row) for row in reading().execute(shown)]
    return render_template(
        "quizzes/people.html", round=found, rows=rows, paging=paging, standings=standings_of(found), **chosen
    )


@bp.get("/<int:round_id>/missing")
@needs(*KEEPERS)
def missing(round_id: int):
    """Who has not begun, unit by unit with phone numbers: to be phoned from the screen or from paper."""
    found = queries.round_(reading(), round_id, me())
    paths = me().paths(*KEEPERS)
    rows = running_queries.missing(reading(), round_id, paths)
    answering = sum(line.counts["answering"] for line in running_queries.board(reading(), round_id, paths))
    units = [(name, list(people)) for (_, name), people in groupby(rows, lambda row: (row.unit_id, row.unit))]
    context = {"units": units, "count": len(rows), "answering": answering, "now": clock.now()}
    return render_template("quizzes/missing.html", round=found, **context)


@bp.get("/<int:round_id>/people/<int:candidate_id>")
@needs(*KEEPERS)
def candidate(round_id: int, candidate_id: int):
    """One candidate: exempt or extend."""
    return _candidate_page(round_id, candidate_id)


def _candidate_page(round_id: int, candidate_id: int, **forms):
    found, now = queries.round_(reading(), round_id, me()), clock.now()
    row = queries.candidate(reading(), round_id, candidate_id, me(), *KEEPERS)
    forms = {"exemption": ReasonForm(formdata=None), "extension": ExtendForm(formdata=None), **forms}
    officer = me().covers(row.unit.path, Role.OFFICER)
    context = {
        "round": found,
        "row": row,
        "standings": standings_of(found),
        "may_exempt": running_actions.may_exempt(found, officer, now),
        "may_extend": officer
        and found.state == "published"
        and now < running_queries.reveals_at(reading(), found, 0, now),
        "confirm": Confirm(),
    }
    return render_template("quizzes/candidate.html", **context, **forms)


@bp.post("/<int:round_id>/people/<int:candidate_id>/exempt")
@needs(*KEEPERS)
def exempt(round_id: int, candidate_id: int):
    """Excuse a candidate with a reason; the signer's name is kept with it."""
    form = ReasonForm()
    if not form.submitted():
        return _candidate_page(round_id, candidate_id, exemption=form), 422
    with writing() as db:
        row = queries.candidate(db, round_id, candidate_id, me(), *KEEPERS, lock=True)
        running_actions.exempt(db, row, form.reason.data, by=me(), now=clock.now())
    flash(f"已为{row.candidate.name}登记免考。", "done")
    return _back(round_id, candidate_id)


@bp.post("/<int:round_id>/people/<int:candidate_id>/unexempt")
@needs(*KEEPERS)
def unexempt(round_id: int, candidate_id: int):
    """Take an exemption back."""
    if Confirm().submitted():
        with writing() as db:
            row = queries.candidate(db, round_id, candidate_id, me(), *KEEPERS, lock=True)
            running_actions.unexempt(db, row, by=me(), now=clock.now())
        flash(f"已撤销{row.candidate.name}的免考。", "done")
    return _back(round_id, candidate_id)


@bp.post("/<int:round_id>/people/<int:candidate_id>/extend")
@needs(Role.OFFICER)
def extend(round_id: int, candidate_id: int):
    """Give one person more time, with a reason the person can read."""
    form = ExtendForm()
    if not form.submitted():
        return _candidate_page(round_id, candidate_id, extension=form), 422
    with writing() as db:
        found = queries.round_(db, round_id, me(), Role.OFFICER, lock=True)
        row = queries.candidate(db, round_id, candidate_id, me(), Role.OFFICER, lock=True)
        running_actions.extend(db, found, row, form.minutes.data, form.reason.data, by=me(), now=clock.now())
    flash(f"已为{row.candidate.name}共延长 {form.minutes.data} 分钟。", "done")
    return _back(round_id, candidate_id)


def _back(round_id: int, candidate_id: int):
    return redirect(url_for("quizzes.people.candidate", round_id=round_id, candidate_id=candidate_id))
