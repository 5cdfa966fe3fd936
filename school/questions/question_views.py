"""Pages of one question: as it is asked, its versions and what changed between them, and the way of its states."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from school import clock
from school.access import Role
from school.questions import actions, bank_text, difference, queries, shipped
from school.questions.changed_texts import Changed, changed, cited
from school.questions.content import draft_of
from school.questions.draft import AUDIENCE_WORDS, KIND_WORDS, LETTERS
from school.questions.forms import MendForm, PictureForm, ReasonForm
from school.questions.models import QuestionVersion
from school.questions.pictures import LIMIT_BYTES
from school.questions.vocabulary import STATE_WORDS
from school.web.forms import Confirm, Form
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("question", __name__)

WORDS = {"kinds": KIND_WORDS, "audiences": AUDIENCE_WORDS, "states": STATE_WORDS, "letters": LETTERS}


@bp.get("/<int:bank_id>/questions/<int:question_id>")
@needs(Role.OFFICER)
def show(bank_id: int, question_id: int):
    """One question: its newest version as it will be asked, all versions before, and what changed."""
    found = queries.bank(reading(), bank_id, me())
    asked = queries.question(reading(), bank_id, question_id)
    newest = asked.versions[-1]
    context = {
        "question": asked,
        "changed": _changed(newest),
        "version": newest,
        "key": bank_text.spoken_key(draft_of(newest)),
        "changes": difference.between_versions([draft_of(version) for version in asked.versions]),
        "own": newest.author == me().name,
        "confirm": Confirm(),
        "form": ReasonForm(),
        "picture": PictureForm(),
    }
    return render_template("questions/question.html", bank=found, **context, **WORDS)


def _changed(version: QuestionVersion) -> Changed | None:
    """What became of the text the version rests on, where that is not in force: then it is not drawn."""
    found = changed([(cited(version), 1)], shipped.texts(), clock.day(clock.now()))
    return found[0] if found and version.state != "retired" else None


def _deed(
    bank_id: int,
    question_id: int,
    form: Form,
    deed: Callable[[Session, QuestionVersion], str],
    missing: str = "没有办成：请填写理由，再办一次。",
):
    """Do something with the newest version and go back to its page. deed: returns the sentence that says so."""
    queries.bank(reading(), bank_id, me())
    if form.submitted():
        with writing() as db:
            queries.bank(db, bank_id, me(), lock=True)
            sentence = deed(db, queries.question(db, bank_id, question_id).versions[-1])
        flash(sentence, "done")
    else:
        flash(missing, "problem")
    return redirect(url_for("questions.question.show", bank_id=bank_id, question_id=question_id))


@bp.post("/<int:bank_id>/questions/<int:question_id>/submit")
@needs(Role.OFFICER)
def submit(bank_id: int, question_id: int):
    """Hand a draft in for review."""

    def deed(db, newest):
        actions.submit(db, newest, by=me(), now=clock.now())
        return "已提交，请另一位管理员审核。"

    return _deed(bank_id, question_id, Confirm(), deed)


@bp.post("/<int:bank_id>/questions/<int:question_id>/review")
@needs(Role.OFFICER)
def review(bank_id: int, question_id: int):
    """Pass one question that somebody else wrote."""

    def deed(db, newest):
        if not actions.review(db, [newest], by=me(), now=clock.now()):
            return "这一版不在待审核，没有改动。"
        return "已审核；依据有变，看过以前不会抽到。" if _changed(newest) else "已审核，可以抽用。"

    return _deed(bank_id, question_id, Confirm(), deed)


@bp.post("/<int:bank_id>/questions/<int:question_id>/send-back")
@needs(Role.OFFICER)
def send_back(bank_id: int, question_id: int):
    """Give a question back to its author, with a reason."""
    form = ReasonForm()

    def deed(db, newest):
        actions.send_back(db, newest, form.reason.data, by=me(), now=clock.now())
        return "已退回，理由写在题目页上。"

    return _deed(bank_id, question_id, form, deed)


@bp.post("/<int:bank_id>/questions/<int:question_id>/retire")
@needs(Role.OFFICER)
def retire(bank_id: int, question_id: int):
    """Take a question out of drawing, with a reason."""
    form = ReasonForm()

    def deed(db, newest):
        actions.retire(db, newest, form.reason.data, by=me(), now=clock.now())
        return "已停用，以后不再抽到这道题；用过它的试卷不变。"

    return _deed(bank_id, question_id, form, deed)


@bp.post("/<int:bank_id>/questions/<int:question_id>/picture")
@needs(Role.OFFICER)
def add_picture(bank_id: int, question_id: int):
    """Put a picture into a question: the next version, a draft."""
    form = PictureForm()

    def deed(db, newest):
        actions.add_picture(db, newest, form.file.data.read(LIMIT_BYTES + 1), by=me(), now=clock.now())
        return "图片放进了新的一版草稿。看过没有问题，再提交审核。"

    return _deed(bank_id, question_id, form, deed, "没有办成：请选择一张图片，再办一次。")


@bp.route("/<int:bank_id>/questions/<int:question_id>/rewrite", methods=["GET", "POST"])
@needs(Role.OFFICER)
def rewrite(bank_id: int, question_id: int):
    """Write a question anew in our text form: the next version, a draft."""
    found = queries.bank(reading(), bank_id, me())
    asked = queries.question(reading(), bank_id, question_id)
    draft = draft_of(asked.versions[-1], asked.code)
    form = MendForm(text=bank_text.write([draft]).strip())
    if form.submitted() and (written := form.draft()):
        with writing() as db:
            queries.bank(db, bank_id, me(), lock=True)
            newest = queries.question(db, bank_id, question_id).versions[-1]
            actions.rewrite(db, newest, written, by=me(), now=clock.now())
        flash("新的一版存成了草稿。看过没有问题，再提交审核。", "done")
        return redirect(url_for("questions.question.show", bank_id=bank_id, question_id=question_id))
    return render_template("questions/rewrite.html", bank=found, question=asked, form=form), 422 if form.errors else 200
