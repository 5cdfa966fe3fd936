"""The paper while it is answered, with or without JavaScript: all questions on one page, or one to a page.

A save answers only after its commit: as a page (303 to the next question) or, asked for JSON, as
{"saved_at": "20:14:07", "sequence": 12, "newer": false, …}, with the "given" that stands where it is a newer one, and with
all that /time answers; a refusal as {"error": "…"}, with "reload": true where the page and not the answer is at fault.
"""

from __future__ import annotations

import re
import secrets

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from school import clock
from school.access import Role
from school.accounts.passwords import token_hash
from school.errors import Refused
from school.quizzes import deadline_actions, queries, seats, taking_actions, taking_queries, timing
from school.quizzes.asked import TRUTHS, Asked, asked
from school.quizzes.queries import Sitting
from school.quizzes.saving_actions import Desk
from school.quizzes.taking_actions import Saved, Sending, TooLate
from school.web.forms import Confirm, is_token, stripped
from school.web.guard import me, needs
from school.web.pages import wants_json
from school.web.transaction import forget, looking, reading, writing

bp = Blueprint("answering", __name__)

#: the largest sequence number a column keeps
MOST = 2**31 - 1
#: a stored truth -> how a page's fields name it
FIELDS = {truth: name for name, truth in TRUTHS.items()}


def grace() -> int:
    """Seconds a late answer may travel and still count."""
    return current_app.extensions["settings"].network_grace


@bp.record
def _set_up(state) -> None:
    """The desk of this process, where all saves are handed over."""
    house = state.app.extensions
    house["desk"] = Desk(house["engine"], house["settings"].network_grace)


def _desk() -> Desk:
    return current_app.extensions["desk"]


def holder() -> str:
    """What an attempt keeps of this browser's sign-in."""
    return token_hash(current_user.token)[:16]


def own_sitting(round_id: int) -> Sitting:
    """One's own place in a round; an attempt whose time is over is handed in on the way (rules.md 4).

    Where the round was called off, the request ends with the page that says why.
    """
    found, now = queries.sitting(reading(), round_id, me().person_id), clock.now()
    if found.round.state == "cancelled":
        abort(_called_off(found))
    attempt, paused = found.attempt, found.round.paused_at is not None
    if attempt.handed_in_at is None and timing.is_over(attempt.deadline_at, now, grace(), paused=paused):
        with writing() as db:
            deadline_actions.mend(db, now=now)
            locked = queries.sitting(db, round_id, me().person_id, lock=True)
            taking_actions.hand_in_if_over(db, locked, now=now, grace=grace())
        found = queries.sitting(reading(), round_id, me().person_id)
    return found


def _called_off(sitting: Sitting):
    page = render_template("quiz/cancelled.html", sitting=sitting)
    return current_app.make_response((page, 200 if request.method == "GET" else 409))


def _under_way(round_id: int) -> Sitting:
    """One's own open attempt in this browser; otherwise the request ends with the page that says what is."""
    sitting = own_sitting(round_id)
    if not sitting.attempt.started_at or sitting.attempt.handed_in_at:
        abort(redirect(url_for("quiz.cover", round_id=round_id)))
    if sitting.attempt.holder not in ("", holder()):
        abort(_elsewhere(sitting))
    return sitting


def _elsewhere(sitting: Sitting, saved: Saved | None = None):
    """Another device goes on with the attempt. saved: what became of an answer that this one still sent."""
    page = render_template("quiz/elsewhere.html", sitting=sitting, saved=saved, confirm=Confirm(formdata=None))
    return current_app.make_response(page)


@bp.post("/<int:round_id>/here")
@needs(Role.LEARNER)
def here(round_id: int):
    """Go on in this browser; the page on the other device is older from now on."""
    own_sitting(round_id)
    if Confirm().submitted():
        with writing() as db:
            sitting = queries.sitting(db, round_id, me().person_id, lock=True)
            taking_actions.take_over(db, sitting, holder(), by=me(), now=clock.now())
    return redirect(onward(round_id))


def onward(round_id: int):
    """Where a begun attempt is answered: the whole paper, or its first question where the browser runs no script."""
    if "one" in request.form:
        return url_for("quiz.answering.question", round_id=round_id, position=1)
    return url_for("quiz.answering.whole", round_id=round_id)


@bp.get("/<int:round_id>/paper")
@needs(Role.LEARNER)
def whole(round_id: int):
    """All questions with the answers so far. quiz.js shows one at a time; without it each has a button of its own."""
    sitting = _under_way(round_id)
    rows = taking_queries.sheet(reading(), sitting)
    context = {
        "questions": [_asked(sitting, row) for row in rows],
        "saved_at": max((row.saved_at for row in rows if row.saved_at), default=None),
        "grace": grace(),
        **_numbers(sitting, rows),
    }
    return render_template("quiz/paper.html", sitting=sitting, now=clock.now(), **context)


def _asked(sitting: Sitting, row) -> Asked:
    round_ = sitting.round
    return asked(row, seed=round_.seed, candidate_id=sitting.candidate.id, multi_rule=round_.multi_rule)


def _numbers(sitting: Sitting, rows) -> dict:
    """What the next save from this page is told apart by: a number above all answers so far, and a random packet."""
    highest = max((row.sequence or 0 for row in rows), default=0)
    return {"sequence": seats.next_number(sitting.attempt.seat, highest), "packet": secrets.token_hex(8)}


@bp.get("/<int:round_id>/<int:position>")
@needs(Role.LEARNER)
def question(round_id: int, position: int):
    """One question with its answer so far and the grid of all."""
    return _question_page(_under_way(round_id), position)


def _question_page(sitting: Sitting, position: int, problem: str = ""):
    rows = taking_queries.sheet(reading(), sitting)
    position = min(max(position, 1), len(rows))
    context = {
        "question": _asked(sitting, rows[position - 1]),
        "grid": [(row.position, bool(row.given)) for row in rows],
        "problem": problem,
        **_numbers(sitting, rows),
    }
    return render_template("quiz/question.html", sitting=sitting, position=position, now=clock.now(), **context)


@bp.post("/<int:round_id>/<int:position>")
@needs(Role.LEARNER)
def save(round_id: int, position: int):
    """Keep one answer and go on. Answered after the commit, never before."""
    packet, at = _packet(), clock.now()
    if packet is None:
        problem = "这一页放得太久了，请刷新后再答这道题，已保存的答案都在。"
        if wants_json():
            return jsonify(error=problem, reload=True), 409
        raise Refused(problem)
    forget()  # no connection is held while waiting for the commit
    saved = _kept(Sending(round_id, current_user.person_id, position, _given(), *packet, at))
    return _told(saved) if wants_json() else _after(round_id, saved)


def _kept(sending: Sending) -> Saved:
    """Save at the desk; what comes too late may have been kept away by an outage whose time is not given back yet."""
    try:
        return _desk().save(sending)
    except TooLate:
        with writing() as db:
            deadline_actions.mend(db, now=sending.at)
        return _desk().save(sending)


def _told(saved: Saved):
    at = f"{clock.local(saved.saved_at):%H:%M:%S}"
    stands = {"given": [FIELDS.get(one, one) for one in saved.given]} if saved.newer else {}
    return jsonify(saved_at=at, sequence=saved.sequence, newer=saved.newer, **stands, **_standing(saved.place))


def _standing(place) -> dict:
    """How an attempt stands, as an open page follows it. place: a row of queries.place or taking_queries.time_of."""
    return {
        "deadline_at": place.deadline_at.isoformat() if place.deadline_at else None,
        "now": clock.now().isoformat(),
        "paused": place.paused_at is not None,
        "handed_in": place.handed_in_at is not None,
        "cancelled": place.state == "cancelled",
        "seat": place.seat,
        "extension": place.extension,
        "extension_reason": place.extension_reason,
    }


def _after(round_id: int, saved: Saved):
    """The page after a save that a button sent."""
    if saved.taken_over:
        return _elsewhere(own_sitting(round_id), saved)
    if saved.newer:
        problem = "这道题刚才在另一个页面上改过，这里显示的是那一次的答案；要改请再选一次。"
        return _question_page(_under_way(round_id), saved.position, problem)
    return redirect(_next(round_id, saved.position))


def _packet() -> tuple[int, str] | None:
    """Number and key of what was sent; None where one of them or the page's token is not right.

    Read by hand: a form of WTForms costs as much as all the rest that a save does before it writes.
    """
    sequence, key = request.form.get("sequence", 0, type=int), stripped(request.form.get("packet", ""))
    return (
        (sequence, key)
        if is_token(request.form.get("csrf_token")) and 0 < sequence <= MOST and 0 < len(key) <= 40
        else None
    )


def _given() -> list:
    """The answer in the request: option ids, a truth, or texts."""
    values = [stripped(value) for value in request.form.getlist("given")]
    return [TRUTHS.get(value, value) for value in values if value or len(values) > 1]


def _next(round_id: int, position: int) -> str:
    """Where the pressed button leads: a question, the whole paper, or handing in."""
    go = request.form.get("go", "")
    if go == "hand-in":
        return url_for("quiz.answering.hand_in", round_id=round_id)
    if go == "paper":
        return url_for("quiz.answering.whole", round_id=round_id, _anchor=f"q{position}")
    chosen = int(go) if re.fullmatch("[0-9]{1,3}", go) else position + 1
    return url_for("quiz.answering.question", round_id=round_id, position=chosen)


@bp.get("/<int:round_id>/time")
@needs(Role.LEARNER)
def time(round_id: int):
    """The time as it stands, for open pages: an extension, a pause, another device reach them within half a minute."""
    with looking() as connection:
        return _standing(taking_queries.time_of(connection, round_id, current_user.person_id))


@bp.route("/<int:round_id>/hand-in", methods=["GET", "POST"])
@needs(Role.LEARNER)
def hand_in(round_id: int):
    """Name what is unanswered, then close the attempt; a repeat shows the same receipt."""
    form = Confirm()
    if form.submitted():
        sitting = own_sitting(round_id)
        if not sitting.attempt.handed_in_at and sitting.attempt.holder not in ("", holder()):
            return _elsewhere(sitting)
        with writing() as db:
            sitting = queries.sitting(db, round_id, me().person_id, lock=True)
            taking_actions.hand_in(db, sitting, how="self", by=me(), now=clock.now())
        flash("已交卷。", "done")
        return redirect(url_for("quiz.result", round_id=round_id))
    sitting = _under_way(round_id)
    grid = queries.grid(reading(), sitting)
    context = {"unanswered": [row.position for row in grid if not row.given], "count": len(grid), "confirm": form}
    return render_template("quiz/hand_in.html", sitting=sitting, now=clock.now(), **context)
