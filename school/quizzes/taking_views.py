"""Pages of the person who is called to a round: the list, the cover, the start and the result. answering_views lies between."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from school import clock
from school.access import Role
from school.quizzes import (
    actions,
    answering_views,
    correction,
    correction_queries,
    judging_queries,
    makeup,
    makeup_views,
    paper,
    picture_views,
    queries,
    scoring,
    sheet_entry_queries,
    study_queries,
    study_views,
    taking_actions,
    timing,
)
from school.quizzes import running_queries as running
from school.quizzes.answering_views import grace, holder, onward, own_sitting
from school.quizzes.asked import in_words, key_in_words, options_of
from school.quizzes.models import Answer, KeyCorrection, PaperQuestion, Round
from school.quizzes.queries import Sitting
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("quiz", __name__, url_prefix="/quiz")
bp.register_blueprint(study_views.bp)
bp.register_blueprint(answering_views.bp)
bp.register_blueprint(picture_views.bp)


def _reveals_at(round_: Round) -> datetime:
    return running.reveals_at(reading(), round_, grace(), clock.now())


@bp.get("/")
@needs(Role.LEARNER)
def mine():
    """All rounds one is called to: open now first."""
    now = clock.now()
    found = queries.sittings_of(reading(), me().person_id)
    context = {"may_begin": timing.may_begin, "makeup_rules": makeup.RULES}
    context["studies"] = study_queries.open_to(reading(), me().person_id, clock.day(now))
    return render_template("quiz/mine.html", sittings=found, now=now, **context)


@bp.get("/<int:round_id>")
@needs(Role.LEARNER)
def cover(round_id: int):
    """The terms before the start, with the deadline as clock time; afterwards the way on."""
    sitting, now = own_sitting(round_id), clock.now()
    if sitting.attempt.handed_in_at:
        return redirect(url_for("quiz.result", round_id=round_id))
    if sitting.attempt.started_at:
        return redirect(url_for("quiz.answering.whole", round_id=round_id, _anchor=f"q{_first_open(sitting)}"))
    round_, extension = sitting.round, sitting.candidate.extension
    context = {
        "until": timing.deadline(now, round_.minutes, round_.closes_at, extension),
        "may_begin": timing.may_begin(round_.opens_at, round_.closes_at, extension, now),
        "parts": actions.parts_of(round_),
        "full_mark": paper.full_mark(actions.parts_of(round_)),
        "rule": scoring.MULTI_RULES[round_.multi_rule],
        "kinds": paper.KINDS,
        "study": study_queries.may_study(round_, clock.day(now)),
        "makeup": makeup.said(round_.repeats_kind, round_.makeups, round_.makeup_rule),
    }
    return render_template("quiz/cover.html", sitting=sitting, confirm=Confirm(), now=now, grace=grace(), **context)


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
            taking_actions.begin(db, sitting, holder=holder(), by=me(), now=clock.now())
    return redirect(onward(round_id))


@bp.get("/<int:round_id>/result")
@needs(Role.LEARNER)
def result(round_id: int):
    """The receipt at once; score, answers and explanations when nobody can be answering any more."""
    sitting = own_sitting(round_id)
    if not sitting.attempt.handed_in_at:
        return redirect(url_for("quiz.cover", round_id=round_id))
    paper_instead = sitting.attempt.handed_in_how == "paper"
    reveals_at = _reveals_at(sitting.round)
    revealed = clock.now() >= reveals_at
    lines = _lines(sitting) if revealed else []
    context = {"revealed": revealed, "lines": lines, "full_mark": paper.full_mark(actions.parts_of(sitting.round))}
    context |= {
        "unmarked": sum(line["waiting"] for line in lines),
        "instead": sheet_entry_queries.counted_instead(reading(), sitting.attempt.id) if paper_instead else None,
        "changes": correction_queries.own_changes(reading(), sitting.attempt.id) if revealed else [],
    }
    context |= {
        "both": makeup_views.own_results(sitting, lambda round_: clock.now() >= _reveals_at(round_))
        if revealed
        else [],
        "makeup": makeup.said(sitting.round.repeats_kind, sitting.round.makeups, sitting.round.makeup_rule),
    }
    return render_template(
        "quiz/result.html", sitting=sitting, reveals_at=reveals_at, name=current_user.name, **context
    )


def _lines(sitting: Sitting) -> list[dict]:
    """Per question: what was given, what was right, why, and which clause says so."""
    answers = queries.answers_of(reading(), sitting.attempt.id)
    questions = queries.questions_of(reading(), sitting.candidate.paper_id)
    corrected = {one.question_id: one for one in judging_queries.in_force(reading(), sitting.round.id)}
    return [_line(sitting, one, answers.get(one.id), corrected.get(one.question_id)) for one in questions]


def _line(sitting: Sitting, question: PaperQuestion, answer: Answer | None, corrected: KeyCorrection | None) -> dict:
    """corrected: the correction in force for the question; its key is the right one, the frozen one was."""
    options = options_of(question, seed=sitting.round.seed, candidate_id=sitting.candidate.id)
    given = answer.given if answer else []
    void = corrected.deed if corrected else ""
    points = question.points if void == "full" else answer.points if answer and answer.points is not None else 0
    key = corrected.key if void == "rekey" else question.key
    by_new = scoring.points(question.kind, key, given, question.points, sitting.round.multi_rule)
    return {
        "question": question,
        "options": options,
        "given": in_words(question.kind, options, given),
        "right": key_in_words(question.kind, options, key),
        "was_right": key_in_words(question.kind, options, question.key),
        "corrected": corrected,
        "told": correction.TOLD.get(void, ""),
        "waiting": answer is not None and answer.points is None and void != "removed",
        "points": points,
        "full": points == question.points,
        "by_old_key": void == "rekey" and by_new is not None and by_new < points,
    }
