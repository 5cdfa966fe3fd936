"""The page 依据有变: questions whose law has another text now or has ended; none is drawn before it was looked at."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import func, select

from school import clock
from school.access import Role
from school.errors import NotFound, Refused
from school.questions import actions, bank_text, queries, shipped
from school.questions.changed_texts import Changed, changed, cited
from school.questions.content import draft_of
from school.questions.draft import LETTERS
from school.questions.vocabulary import STATE_WORDS
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("laws", __name__)


def _changed(bank_id: int) -> list[Changed]:
    return changed(queries.cited(reading(), bank_id), shipped.texts(), clock.day(clock.now()))


def _one(bank_id: int, law: str, version_on: str) -> Changed:
    """The changed text an address names, else NotFound. version_on: an ISO date, or "-" for none."""
    named = (law, None if version_on == "-" else version_on)
    for text in _changed(bank_id):
        if (text.law, text.version_on and text.version_on.isoformat()) == named:
            return text
    raise NotFound


@bp.get("/<int:bank_id>/laws")
@needs(Role.OFFICER)
def texts(bank_id: int):
    """The texts that have changed or ended, with how many questions rest on each."""
    found = queries.bank(reading(), bank_id, me())
    return render_template("questions/laws.html", bank=found, texts=_changed(bank_id))


@bp.get("/<int:bank_id>/laws/<law>/<version_on>")
@needs(Role.OFFICER)
def text(bank_id: int, law: str, version_on: str):
    """The questions that rest on one such text."""
    found, named = queries.bank(reading(), bank_id, me()), _one(bank_id, law, version_on)
    statement = queries.resting_in(reading(), bank_id, named)
    paging = pages.paging(reading().scalar(select(func.count()).select_from(statement.order_by(None).subquery())))
    rows = reading().scalars(statement.limit(paging.rows).offset(paging.offset)).all()
    shown = [(version, bank_text.spoken_key(draft_of(version))) for version in rows]
    context = {"named": named, "version_on": version_on, "shown": shown, "paging": paging, "confirm": Confirm()}
    return render_template("questions/law.html", bank=found, letters=LETTERS, states=STATE_WORDS, **context)


@bp.post("/<int:bank_id>/laws/<law>/<version_on>/<int:question_id>")
@needs(Role.OFFICER)
def confirm(bank_id: int, law: str, version_on: str, question_id: int):
    """One question has been held against the present text and stands: draw it again."""
    if Confirm().submitted():
        queries.bank(reading(), bank_id, me())
        named = _one(bank_id, law, version_on)
        if named.ended:
            raise Refused("这部法规已经失效，题目要换成现行的依据，或者停用。")
        _confirm(bank_id, question_id, named, named.entry.version_on)
        flash("已对照新文本，可以抽用。", "done")
    left = [one for one in _changed(bank_id) if one.law == law and str(one.version_on or "-") == version_on]
    address = {"endpoint": "questions.laws.text", "law": law, "version_on": version_on} if left else {}
    return redirect(url_for(**{"endpoint": "questions.laws.texts", **address}, bank_id=bank_id))


def _confirm(bank_id: int, question_id: int, named: Changed, version_on: date) -> None:
    with writing() as db:
        queries.bank(db, bank_id, me(), lock=True)
        newest = queries.question(db, bank_id, question_id).versions[-1]
        same = (newest.law, newest.version_on) == (named.law, named.version_on)
        if not same or not changed([(cited(newest), 1)], shipped.texts(), clock.day(clock.now())):
            raise Refused("这道题已经有了新的一版，请刷新后再看。")
        actions.confirm_text(db, newest, version_on, by=me(), now=clock.now())
