"""The trainer's one-screen session card."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for

from school import clock
from school.access import Role
from school.courses import actions, queries
from school.courses.attendance import REMARKS, VALUES
from school.courses.card import Overtaken
from school.courses.card_forms import CardForm, card_form
from school.courses.models import CourseSession
from school.courses.queries import RollRow
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("card", __name__)


@bp.route("/courses/nights/<int:night_id>/card", methods=["GET", "POST"])
@needs(*queries.FILLERS, Role.LEARNER)
def card(night_id: int):
    """Fill in a night's card, or correct it."""
    night = queries.night(reading(), night_id, me())
    actions.check_card(night, by=me(), now=clock.now())
    rows = queries.roll(reading(), night)
    form = card_form(night, rows)
    if request.form.get("step") == "all":
        form.roll.data = dict.fromkeys((row.person.id for row in rows), "present") | form.roll.data
    elif form.submitted():
        return _save(night_id, form)
    return _page(night, rows, form)


def _save(night_id: int, form: CardForm):
    keys = {"client_key": form.client_key.data, "seen_key": form.seen_key.data}
    try:
        with writing() as db:
            night = queries.night(db, night_id, me(), lock=True)
            new = actions.record_card(db, night, form.card(), **keys, by=me(), now=clock.now())
    except Overtaken as refusal:
        return _overtaken(night_id, form, refusal.message), 409
    flash("课次卡已保存。" if new else "这张课次卡刚才已经保存过，没有重复登记。要修改，请点“更改课次卡”。", "done")
    return redirect(url_for("courses.night", night_id=night_id))


def _overtaken(night_id: int, form: CardForm, message: str) -> str:
    """The page again with what was typed; sent once more, it knows of the other card and goes over it."""
    night = queries.night(reading(), night_id, me())
    form.seen_key.data = night.client_key or ""
    form.form_errors = [f"{message}下面是您刚才填的，还没有保存；核对后再按一次“保存”，就以您填的为准。"]
    return _page(night, queries.roll(reading(), night), form)


def _page(night: CourseSession, rows: list[RollRow], form: CardForm) -> str:
    namesakes = {name for name, times in Counter(row.person.name for row in rows).items() if times > 1}
    return render_template(
        "courses/card.html", night=night, rows=rows, form=form, VALUES=VALUES, REMARKS=REMARKS,
        namesakes=namesakes, on=clock.day,
    )  # fmt: skip
