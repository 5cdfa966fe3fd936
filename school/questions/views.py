"""Pages of the bank: the shelves and one bank searched. Other pages of the room hang below."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import func, select

from school import clock
from school.access import Role
from school.questions import (
    actions,
    changed_texts,
    entry_views,
    export_views,
    import_views,
    law_views,
    picture_views,
    queries,
    question_views,
    review_views,
    search_queries,
    shipped,
)
from school.questions.draft import AUDIENCE_WORDS, KIND_WORDS
from school.questions.forms import BankForm, wanted
from school.questions.vocabulary import STATE_WORDS
from school.roster.models import Unit
from school.roster.queries import within
from school.web import pages
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("questions", __name__, url_prefix="/banks")
for below in (question_views, review_views, import_views, entry_views, export_views, law_views, picture_views):
    bp.register_blueprint(below.bp)

WORDS = {"kinds": KIND_WORDS, "audiences": AUDIENCE_WORDS, "states": STATE_WORDS}


@bp.route("/", methods=["GET", "POST"])
@needs(Role.OFFICER)
def banks():
    """One's banks with their counts; a new one is opened here."""
    form = BankForm()
    if form.submitted():
        with writing() as db:
            bank = actions.open_bank(db, _own_unit(db), form.title.data, by=me(), now=clock.now())
        return redirect(url_for("questions.bank", bank_id=bank.id))
    shelves = queries.shelves(reading(), me())
    return render_template("questions/banks.html", shelves=shelves, form=form, states=STATE_WORDS)


def _own_unit(db) -> Unit:
    """The highest unit the officer answers for: banks are opened there."""
    own = select(Unit).where(within(me().paths(Role.OFFICER)))
    return db.scalars(own.order_by(func.length(Unit.path), Unit.id).limit(1)).one()


@bp.get("/<int:bank_id>")
@needs(Role.OFFICER)
def bank(bank_id: int):
    """The questions of a bank, found by words or initials, topic, type, law, difficulty, audience and state."""
    found, asked = queries.bank(reading(), bank_id, me()), wanted(request.args)
    ids = search_queries.found(reading(), bank_id, asked)
    paging = pages.paging(min(len(ids), search_queries.FINDABLE))
    states = search_queries.states(reading(), bank_id)
    on = clock.day(clock.now())
    changed = changed_texts.changed(queries.cited(reading(), bank_id), shipped.texts(), on)
    versions = search_queries.rows(reading(), ids[paging.offset : paging.offset + paging.rows][: paging.total])
    context = {
        "versions": versions,
        "stale": changed_texts.stale(map(changed_texts.cited, versions), shipped.texts(), on),
        "cited": changed_texts.cited,
        "stopped": sum(text.count for text in changed),
        "more": len(ids) > search_queries.FINDABLE,
        "topics": search_queries.topics(reading(), bank_id),
        "laws": search_queries.laws(reading(), bank_id),
        "counted": states,
        "unsettled": queries.count_entries(reading(), bank_id),
    }
    filters = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "questions/bank.html", bank=found, asked=asked, filters=filters, paging=paging, **context, **WORDS
    )
