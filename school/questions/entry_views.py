"""Pages of what an import left over: settled one by one, as a question or as none."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import func, select

from school import clock
from school.access import Role
from school.errors import Refused
from school.questions import actions, queries
from school.questions.draft import Draft
from school.questions.forms import MendForm
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("entries", __name__)


@bp.get("/<int:bank_id>/entries")
@needs(Role.OFFICER)
def entries(bank_id: int):
    """What imports left over."""
    found = queries.bank(reading(), bank_id, me())
    statement = queries.entries(reading(), bank_id)
    paging = pages.paging(reading().scalar(select(func.count()).select_from(statement.order_by(None).subquery())))
    rows = reading().scalars(statement.limit(paging.rows).offset(paging.offset)).all()
    return render_template("questions/entries.html", bank=found, rows=rows, paging=paging)


@bp.route("/<int:bank_id>/entries/<int:entry_id>", methods=["GET", "POST"])
@needs(Role.OFFICER)
def entry(bank_id: int, entry_id: int):
    """Mend one entry into a question, or say that it is none."""
    found = queries.bank(reading(), bank_id, me())
    row = queries.entry(reading(), bank_id, entry_id)
    form = MendForm(text=row.original)
    if form.submitted():
        draft = form.draft()
        if draft:
            return _settle(bank_id, entry_id, draft, "已收进题库，待审核。")
    return render_template("questions/entry.html", bank=found, row=row, form=form, confirm=Confirm())


@bp.post("/<int:bank_id>/entries/<int:entry_id>/drop")
@needs(Role.OFFICER)
def drop(bank_id: int, entry_id: int):
    """This was no question."""
    if not Confirm().submitted():
        raise Refused("这一页打开得太久了，请刷新后再办。")
    return _settle(bank_id, entry_id, None, "已标为不是题目。")


def _settle(bank_id: int, entry_id: int, draft: Draft | None, sentence: str):
    with writing() as db:
        bank = queries.bank(db, bank_id, me(), lock=True)
        actions.settle(db, queries.entry(db, bank_id, entry_id), bank, draft, by=me(), now=clock.now())
    flash(sentence, "done")
    return redirect(url_for("questions.entries.entries", bank_id=bank_id))
