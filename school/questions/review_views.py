"""The page on which questions that wait are read and passed together."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for

from school import clock
from school.access import Role
from school.questions import actions, bank_text, queries
from school.questions.content import draft_of
from school.questions.draft import KIND_WORDS, LETTERS
from school.questions.forms import ReviewForm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("review", __name__)

#: so many are shown, and passed, at once
SHOWN = 100


@bp.route("/<int:bank_id>/review", methods=["GET", "POST"])
@needs(Role.OFFICER)
def review_all(bank_id: int):
    """Pass what was shown on this page and somebody else wrote, after having read it."""
    found = queries.bank(reading(), bank_id, me())
    form = ReviewForm()
    if form.submitted():
        with writing() as db:
            queries.bank(db, bank_id, me(), lock=True)
            shown = queries.waiting(db, bank_id, not_by=me().name, until=form.until.data, most=SHOWN)
            count = actions.review(db, shown, by=me(), now=clock.now())
        flash(f"已审核 {count} 道题。", "done")
        left = queries.count_waiting(reading(), bank_id, not_by=me().name)
        where = "questions.review.review_all" if left else "questions.bank"
        return redirect(url_for(where, bank_id=bank_id))
    waiting = queries.waiting(reading(), bank_id, not_by=me().name, most=SHOWN)
    count = queries.count_waiting(reading(), bank_id, not_by=me().name)
    form.until.data = waiting[-1].id if waiting else None
    shown = [(version, bank_text.spoken_key(draft_of(version))) for version in waiting]
    context = {"shown": shown, "count": count, "own": queries.count_waiting(reading(), bank_id) - count}
    return render_template("questions/review.html", bank=found, form=form, letters=LETTERS, kinds=KIND_WORDS, **context)
