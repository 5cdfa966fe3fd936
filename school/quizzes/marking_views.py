"""Pages of markers: the questions whose answers wait, and one question's answers one kind of text after the other."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from school import clock, words
from school.access import Role
from school.quizzes import (
    marking,
    marking_actions,
    marking_queries,
    paper,
    queries,
    running_actions,
    running_queries,
    scoring,
)
from school.quizzes.answering_views import grace
from school.quizzes.asked import JUDGE, in_words, key_in_words
from school.quizzes.marking_forms import AlikeForm, MarkForm
from school.quizzes.models import PaperQuestion, Round
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("marking", __name__, url_prefix="/<int:round_id>/marking")


@bp.get("")
@needs(Role.OFFICER)
def queue(round_id: int):
    """The questions of a round whose answers wait for a person; they open when nobody can be answering any more."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    lines = marking_queries.queue(reading(), found, me())
    until = running_queries.answering_until(reading(), found, grace(), clock.now())
    return render_template("quizzes/marking.html", round=found, lines=lines, until=until, kinds=paper.KINDS)


def _over(db: Session, round_id: int, *, lock: bool = False) -> Round:
    """A round of one's own that nobody can be answering any more: its keys are read here (rules.md 12)."""
    found = queries.own_round(db, round_id, me(), lock=lock)
    running_actions.must_be_over(db, found, "看参考答案、评阅", grace=grace(), now=clock.now())
    return found


@bp.get("/<int:question_id>")
@needs(Role.OFFICER)
def question(round_id: int, question_id: int):
    """The next text of a question to decide on, and the decisions one has made."""
    return _question_page(round_id, question_id, MarkForm())


def _question_page(round_id: int, question_id: int, form: MarkForm):
    found = _over(reading(), round_id)
    asked = marking_queries.question(reading(), round_id, question_id)
    waiting = marking_queries.waiting(reading(), round_id, question_id)
    groups = marking_queries.groups(waiting, found, me())
    own = marking_queries.marked_by(reading(), round_id, question_id, me())
    context = {
        "asked": asked,
        "key": key_in_words(asked.kind, _options(asked), asked.key),
        "kind": paper.KINDS[asked.kind],
        "groups": groups,
        "matched": _matched(asked, groups[0].given) if groups else [],
        "elsewhere": len(waiting) - sum(group.count for group in groups),
        "steps": marking.steps(asked.points),
        "own": marking_queries.decided(own, me()),
        "said": lambda given: in_words(asked.kind, _options(asked), given),
    }
    return render_template("quizzes/marking_question.html", round=found, form=form, **context)


@bp.post("/<int:question_id>")
@needs(Role.OFFICER)
def decide(round_id: int, question_id: int):
    """One decision for all who wrote the same; the next text follows."""
    form = MarkForm()
    if not form.submitted():
        return _question_page(round_id, question_id, form), 422
    chosen, third, points = form.alike.data, form.third.data, form.points.data
    with writing() as db:
        found = _over(db, round_id, lock=True)
        count = marking_actions.mark(db, found, question_id, chosen, points, third=third, by=me(), now=clock.now())
    said = f"已给 {words.points(points)} 分，共 {count} 份。" if count else "这种答案刚才已经评过了，请看下一种。"
    flash(said, "done")
    return redirect(url_for("quizzes.marking.question", round_id=round_id, question_id=question_id))


def _options(asked: PaperQuestion) -> list[dict]:
    return JUDGE if asked.kind == "judge" else asked.options


def _matched(asked: PaperQuestion, given: list) -> list[tuple[str, bool]]:
    """Of a fill-in, each blank's text and whether it is one of the key's."""
    if asked.kind != "fill":
        return []
    texts = [*given, *[""] * (len(asked.key) - len(given))]
    return list(zip(texts, scoring.matches(asked.key, given), strict=True))


@bp.post("/<int:question_id>/back")
@needs(Role.OFFICER)
def take_back(round_id: int, question_id: int):
    """Take one's own decision back, so that the answers wait again."""
    form = AlikeForm()
    queries.own_round(reading(), round_id, me(), lock=False)
    if form.submitted():
        with writing() as db:
            found = queries.own_round(db, round_id, me())
            count = marking_actions.take_back(db, found, question_id, form.alike.data, by=me(), now=clock.now())
        flash(f"已撤回 {count} 份的评分，请重新评。", "done")
    return redirect(url_for("quizzes.marking.question", round_id=round_id, question_id=question_id))
