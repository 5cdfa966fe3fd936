"""Pages of corrections: the questions of a round, what a correction would change, and its way from proposal to undoing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for

from school import clock
from school.access import Role
from school.errors import Refused
from school.quizzes import (
    correction,
    correction_actions,
    correction_queries,
    judging_queries,
    paper,
    queries,
    rejudging_queries,
    running_actions,
    running_queries,
)
from school.quizzes.answering_views import grace
from school.quizzes.asked import JUDGE, in_words, key_in_words
from school.quizzes.correction_forms import CorrectionForm
from school.quizzes.correction_queries import Item
from school.quizzes.forms import ReasonForm
from school.quizzes.models import PaperQuestion, Round
from school.quizzes.rejudging_queries import Preview
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("corrections", __name__, url_prefix="/<int:round_id>/corrections")

#: people of a preview on one page
ROWS = 200
STATES = {
    "proposed": ("待批准", "open"),
    "approved": ("已生效", "done"),
    "rejected": ("已驳回", "off"),
    "undone": ("已撤销", "off"),
}
WORDS = {"deeds": correction.DEEDS, "told": correction.TOLD}


@bp.get("")
@needs(Role.OFFICER)
def listed(round_id: int):
    """The corrections of a round; once nobody can be answering, its questions with their figures, to choose one.

    Officers answer, too: until then no word of a question leaves the server.
    """
    found = queries.own_round(reading(), round_id, me(), lock=False)
    items = correction_queries.items(reading(), round_id)
    made = correction_queries.corrections(reading(), round_id)
    until = running_queries.answering_until(reading(), found, grace(), clock.now())
    context = {"places": {item.question.question_id: item.places for item in items}, "kinds": paper.KINDS}
    context |= {"until": until, "items": [] if until else items}
    return render_template("quizzes/corrections.html", round=found, made=made, states=STATES, **context, **WORDS)


@bp.get("/questions/<int:question_id>")
@needs(Role.OFFICER)
def question(round_id: int, question_id: int):
    """One question: what people answered, and the form; filled in, what it would change. Nothing is written."""
    looked = "reason" in request.args
    form = CorrectionForm(request.args, meta={"csrf": False}) if looked else CorrectionForm()
    found, item = _asked(round_id, question_id, form)
    preview = None
    if looked and form.validate():
        remedy = form.proposal(item.question).remedy
        try:
            correction_actions.check(reading(), found, question_id, remedy)
            preview = rejudging_queries.preview(reading(), found, question_id, remedy)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
    return _question_page(found, item, form, preview)


def _asked(round_id: int, question_id: int, form: CorrectionForm) -> tuple[Round, Item]:
    """The round, the question, and the form with the question's choices."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    _must_be_over(found)
    item = correction_queries.item(reading(), round_id, question_id)
    form.offer(item.question)
    return found, item


def _must_be_over(round_: Round) -> None:
    """Keys are read here, so nobody may be answering any more (rules.md 12)."""
    running_actions.must_be_over(reading(), round_, "看答案、改判", grace=grace(), now=clock.now())


def _question_page(found: Round, item: Item, form: CorrectionForm, preview: Preview | None = None):
    asked = item.question
    context = {
        "chosen": correction_queries.chosen(reading(), found.id, asked.question_id),
        "live": correction_queries.live(reading(), found.id, asked.question_id),
        "kind": paper.KINDS[asked.kind],
        "sentence": Confirm(formdata=None),
    }
    context |= {**_words(asked), **_shown(preview), **WORDS}
    return render_template("quizzes/correction_question.html", round=found, item=item, form=form, **context)


@bp.post("/questions/<int:question_id>")
@needs(Role.OFFICER)
def propose(round_id: int, question_id: int):
    """Propose what was looked at."""
    form = CorrectionForm()
    found, item = _asked(round_id, question_id, form)
    if not form.submitted():
        return _question_page(found, item, form), 422
    with writing() as db:
        round_ = queries.own_round(db, round_id, me())
        made = correction_actions.propose(db, round_, form.proposal(item.question), by=me(), now=clock.now())
    flash("改判已提出，等另一位管理员批准。批准以前，谁的得分都不变。", "done")
    return redirect(url_for("quizzes.corrections.one", round_id=round_id, correction_id=made.id))


def _words(question: PaperQuestion) -> dict:
    """How a page says keys and answers of a question."""
    options = JUDGE if question.kind == "judge" else question.options
    return {
        "key_said": lambda key: key_in_words(question.kind, options, key),
        "said": lambda given: in_words(question.kind, options, given),
    }


def _shown(preview: Preview | None) -> dict:
    """A page of a preview's people."""
    paging = pages.paging(len(preview.people) if preview else 0, rows=ROWS)
    people = preview.people[paging.offset : paging.offset + paging.rows] if preview else ()
    return {"preview": preview, "people": people, "paging": paging}


@bp.get("/<int:correction_id>")
@needs(Role.OFFICER)
def one(round_id: int, correction_id: int):
    """A correction: what it would change, or did change, and what may be done with it."""
    made = correction_queries.correction_of(reading(), round_id, correction_id, me())
    _must_be_over(made.round)
    item = correction_queries.item(reading(), round_id, made.question_id)
    preview = None
    if made.state == "proposed":
        remedy = judging_queries.remedy(made)
        preview = rejudging_queries.preview(reading(), made.round, made.question_id, remedy)
    elif made.state != "rejected":
        preview = rejudging_queries.kept(reading(), made)
    own = made.proposed_by_id is not None and made.proposed_by_id == me().account_id
    context = {"made": made, "round": made.round, "item": item, "own": own, "state": STATES[made.state]}
    forms = {"confirm": Confirm(formdata=None), "form": ReasonForm(formdata=None)}
    return render_template(
        "quizzes/correction.html", **context, **forms, **_words(item.question), **_shown(preview), **WORDS
    )


@bp.post("/<int:correction_id>/approve")
@needs(Role.OFFICER)
def approve(round_id: int, correction_id: int):
    """Let a proposal take force."""
    if Confirm().submitted():
        with writing() as db:
            made = correction_queries.correction_of(db, round_id, correction_id, me(), lock=True)
            count = correction_actions.approve(db, made, by=me(), now=clock.now())
        flash(f"改判已生效，{count} 份答卷有变化。", "done")
    return redirect(url_for("quizzes.corrections.one", round_id=round_id, correction_id=correction_id))


@bp.route("/<int:correction_id>/<any(reject, undo):deed>", methods=["GET", "POST"])
@needs(Role.OFFICER)
def put_off(round_id: int, correction_id: int, deed: str):
    """Turn a proposal down, or take a correction out of force; either with a reason."""
    form = ReasonForm()
    if form.submitted():
        act = {"reject": correction_actions.reject, "undo": correction_actions.undo}[deed]
        with writing() as db:
            made = correction_queries.correction_of(db, round_id, correction_id, me(), lock=True)
            act(db, made, form.reason.data, by=me(), now=clock.now())
        flash("改判已驳回。" if deed == "reject" else "改判已撤销，得分已恢复。", "done")
        return redirect(url_for("quizzes.corrections.one", round_id=round_id, correction_id=correction_id))
    made = correction_queries.correction_of(reading(), round_id, correction_id, me())
    return render_template("quizzes/correction_off.html", made=made, round=made.round, form=form, deed=deed)
