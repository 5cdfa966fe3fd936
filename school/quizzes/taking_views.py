"""Pages of the person who answers, with or without JavaScript. One address per question, one save per answer.

A save answers only after its commit: as a page (303 to the next question) or, asked for JSON, as
{"saved_at": "20:14:07", "sequence": 12, "newer": false}.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange

from school import clock
from school.access import Role
from school.errors import Refused
from school.quizzes import actions, paper, queries, scoring, taking_actions, timing
from school.quizzes.models import PaperQuestion, Round
from school.quizzes.queries import Sitting
from school.quizzes.saving_actions import Desk
from school.quizzes.taking_actions import Sending
from school.web.forms import Confirm, Form, stripped
from school.web.guard import me, needs
from school.web.pages import wants_json
from school.web.transaction import forget, reading, writing

bp = Blueprint("quiz", __name__, url_prefix="/quiz")

TRUTHS = {"true": True, "false": False}
#: a sequence number larger than any attempt needs would shut out every later save
MOST_CHANGES = 1_000_000


class AnswerForm(Form):
    """One answer under way. `given` is read from the request: its shape is the question's."""

    sequence = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_CHANGES)])
    packet = HiddenField(validators=[InputRequired(), Length(max=40)])


def _grace() -> int:
    return current_app.extensions["settings"].network_grace


@bp.record
def _set_up(state) -> None:
    """The desk of this process, where all saves are handed over."""
    house = state.app.extensions
    house["desk"] = Desk(house["engine"], house["settings"].network_grace)


def _desk() -> Desk:
    return current_app.extensions["desk"]


def _sitting(round_id: int) -> Sitting:
    """One's own place in a round; an attempt whose time is over is handed in on the way (rules.md 4)."""
    found, now = queries.sitting(reading(), round_id, me().person_id), clock.now()
    attempt = found.attempt
    if attempt.handed_in_at is None and timing.is_over(attempt.deadline_at, now, _grace()):
        with writing() as db:
            locked = queries.sitting(db, round_id, me().person_id, lock=True)
            taking_actions.hand_in(db, locked, how="deadline", by=taking_actions.CLOCKWORK, now=now)
        found = queries.sitting(reading(), round_id, me().person_id)
    return found


def _reveals_at(round_: Round) -> datetime:
    longest = queries.longest_extension(reading(), round_.id)
    return timing.reveals_at(round_.closes_at, longest, _grace())


@bp.get("/")
@needs(Role.LEARNER)
def mine():
    """All rounds one is called to: open now first."""
    now = clock.now()
    found = queries.sittings_of(reading(), me().person_id)
    return render_template("quiz/mine.html", sittings=found, now=now, may_begin=timing.may_begin)


@bp.get("/<int:round_id>")
@needs(Role.LEARNER)
def cover(round_id: int):
    """The terms before the start, with the deadline as clock time; afterwards the way on."""
    sitting, now = _sitting(round_id), clock.now()
    if sitting.attempt.handed_in_at:
        return redirect(url_for("quiz.result", round_id=round_id))
    if sitting.attempt.started_at:
        return redirect(url_for("quiz.question", round_id=round_id, position=_first_open(sitting)))
    round_, extension = sitting.round, sitting.candidate.extension
    context = {
        "until": timing.deadline(now, round_.minutes, round_.closes_at, extension),
        "may_begin": timing.may_begin(round_.opens_at, round_.closes_at, extension, now),
        "parts": actions.parts_of(round_),
        "full_mark": paper.full_mark(actions.parts_of(round_)),
        "rule": scoring.MULTI_RULES[round_.multi_rule],
        "kinds": paper.KINDS,
    }
    return render_template("quiz/cover.html", sitting=sitting, confirm=Confirm(), now=now, grace=_grace(), **context)


def _first_open(sitting: Sitting) -> int:
    """The first question without an answer; the first of all when none is open."""
    return next((row.position for row in queries.grid(reading(), sitting) if not row.given), 1)


@bp.post("/<int:round_id>/begin")
@needs(Role.LEARNER)
def begin(round_id: int):
    """Start the clock."""
    if Confirm().submitted():
        with writing() as db:
            sitting = queries.sitting(db, round_id, me().person_id, lock=True)
            taking_actions.begin(db, sitting, by=me(), now=clock.now())
    return redirect(url_for("quiz.cover", round_id=round_id))


@bp.get("/<int:round_id>/<int:position>")
@needs(Role.LEARNER)
def question(round_id: int, position: int):
    """One question with its answer so far and the grid of all."""
    sitting = _sitting(round_id)
    if not sitting.attempt.started_at or sitting.attempt.handed_in_at:
        return redirect(url_for("quiz.cover", round_id=round_id))
    return _question_page(sitting, position)


def _question_page(sitting: Sitting, position: int, problem: str = ""):
    grid = queries.grid(reading(), sitting)
    position = min(max(position, 1), len(grid))
    here, asked = grid[position - 1], queries.question_at(reading(), sitting.candidate.paper_id, position)
    context = {
        "question": asked,
        "options": _options(sitting, asked),
        "given": here.given or [],
        "grid": [(row.position, bool(row.given)) for row in grid],
        "saved_at": here.saved_at,
        "sequence": max(row.sequence or 0 for row in grid),
        "packet": secrets.token_hex(8),
        "problem": problem,
        "kind": paper.KINDS[asked.kind],
        "rule": scoring.MULTI_RULES[sitting.round.multi_rule] if asked.kind == "multi" else "",
    }
    return render_template("quiz/question.html", sitting=sitting, position=position, now=clock.now(), **context)


def _options(sitting: Sitting, asked: PaperQuestion) -> list[dict]:
    """The options in this person's own order; judge items always read 对, 错."""
    if asked.kind == "judge":
        return [{"id": "true", "text": "对"}, {"id": "false", "text": "错"}]
    return paper.shuffled(
        asked.options, seed=sitting.round.seed, candidate_id=sitting.candidate.id, question_id=asked.id
    )


@bp.post("/<int:round_id>/<int:position>")
@needs(Role.LEARNER)
def save(round_id: int, position: int):
    """Keep one answer and go on. Answered after the commit, never before."""
    form = AnswerForm()
    if not form.submitted():
        raise Refused("这一页放得太久了，请刷新后再答这道题，已保存的答案都在。")
    forget()  # no connection is held while waiting for the commit
    packet = form.sequence.data, form.packet.data
    saved = _desk().save(Sending(round_id, current_user.person_id, position, _given(), *packet, clock.now()))
    if wants_json():
        return jsonify(saved_at=f"{clock.local(saved.saved_at):%H:%M:%S}", sequence=saved.sequence, newer=saved.newer)
    if saved.newer:
        problem = "这道题刚才在另一个页面上改过，这里显示的是那一次的答案；要改请再选一次。"
        return _question_page(_sitting(round_id), position, problem)
    return redirect(_onward(round_id, position))


def _given() -> list:
    """The answer in the request: option ids, a truth, or texts."""
    values = [stripped(value) for value in request.form.getlist("given")]
    return [TRUTHS.get(value, value) for value in values if value or len(values) > 1]


def _onward(round_id: int, position: int) -> str:
    """Where the pressed button leads: a question, or handing in."""
    go = request.form.get("go", "")
    if go == "hand-in":
        return url_for("quiz.hand_in", round_id=round_id)
    chosen = int(go) if re.fullmatch("[0-9]{1,3}", go) else position + 1
    return url_for("quiz.question", round_id=round_id, position=chosen)


@bp.get("/<int:round_id>/time")
@needs(Role.LEARNER)
def time(round_id: int):
    """The deadline as it stands, for open pages: an extension reaches them within half a minute."""
    attempt = queries.sitting(reading(), round_id, current_user.person_id).attempt
    deadline_at = attempt.deadline_at.isoformat() if attempt.deadline_at else None
    return jsonify(deadline_at=deadline_at, now=clock.now().isoformat(), handed_in=bool(attempt.handed_in_at))


@bp.route("/<int:round_id>/hand-in", methods=["GET", "POST"])
@needs(Role.LEARNER)
def hand_in(round_id: int):
    """Name what is unanswered, then close the attempt; a repeat shows the same receipt."""
    form = Confirm()
    if form.submitted():
        with writing() as db:
            sitting = queries.sitting(db, round_id, me().person_id, lock=True)
            taking_actions.hand_in(db, sitting, how="self", by=me(), now=clock.now())
        flash("已交卷。", "done")
        return redirect(url_for("quiz.result", round_id=round_id))
    sitting = _sitting(round_id)
    if not sitting.attempt.started_at or sitting.attempt.handed_in_at:
        return redirect(url_for("quiz.cover", round_id=round_id))
    grid = queries.grid(reading(), sitting)
    context = {"unanswered": [row.position for row in grid if not row.given], "count": len(grid), "confirm": form}
    return render_template("quiz/hand_in.html", sitting=sitting, now=clock.now(), **context)


@bp.get("/<int:round_id>/result")
@needs(Role.LEARNER)
def result(round_id: int):
    """The receipt at once; score, answers and explanations when nobody can be answering any more."""
    sitting = _sitting(round_id)
    if not sitting.attempt.handed_in_at:
        return redirect(url_for("quiz.cover", round_id=round_id))
    reveals_at = _reveals_at(sitting.round)
    revealed = clock.now() >= reveals_at
    lines = _lines(sitting) if revealed else []
    context = {"revealed": revealed, "lines": lines, "full_mark": paper.full_mark(actions.parts_of(sitting.round))}
    return render_template(
        "quiz/result.html", sitting=sitting, reveals_at=reveals_at, name=current_user.name, **context
    )


def _lines(sitting: Sitting) -> list[dict]:
    """Per question: what was given, what was right, why, and which clause says so."""
    answers = queries.answers_of(reading(), sitting.attempt.id)
    questions = queries.questions_of(reading(), sitting.candidate.paper_id)
    return [_line(sitting, question, answers.get(question.id)) for question in questions]


def _line(sitting: Sitting, question: PaperQuestion, answer) -> dict:
    options = _options(sitting, question)
    given = answer.given if answer else []
    points = answer.points if answer and answer.points is not None else 0
    return {
        "question": question,
        "options": options,
        "given": _words(question, options, given),
        "right": _words(question, options, [question.key] if question.kind == "judge" else question.key),
        "points": points,
        "full": points == question.points,
    }


def _words(question: PaperQuestion, options: list[dict], chosen: list) -> str:
    """Chosen options as letter and text, in the order they stand; texts of blanks as they are."""
    if question.kind == "fill":
        return "；".join(" 或 ".join(one) if isinstance(one, list) else one for one in chosen)
    named = {TRUTHS.get(option["id"], option["id"]): option["text"] for option in options}
    if question.kind == "judge":
        return "".join(named[one] for one in chosen)
    letters = [f"{'ABCDEFGH'[n]}. {o['text']}" for n, o in enumerate(options) if o["id"] in chosen]
    return "；".join(letters)
