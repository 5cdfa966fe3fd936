"""Pages of the blueprint: narrowing it down on a draft, what is expected of the papers, and drawing them before a deed."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, url_for

from school import clock
from school.access import Role
from school.errors import Refused
from school.quizzes import blueprint, blueprint_actions, drawing_queries, forecast, queries
from school.quizzes.actions import day_asked
from school.quizzes.blueprint import Demand
from school.quizzes.blueprint_forms import blueprint_form
from school.quizzes.drawn import Look, look
from school.quizzes.forms import PublishForm
from school.quizzes.models import Round
from school.quizzes.paper import KINDS
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("blueprint", __name__)


@bp.route("/<int:round_id>/blueprint", methods=["GET", "POST"])
@needs(Role.OFFICER)
def demands(round_id: int):
    """Narrow a draft's parts down by topic and difficulty, beside what the bank holds."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    blueprint_actions.must_be_open(found)
    parts, saved = blueprint.parts_of(found.blueprint), blueprint.demands_of(found.blueprint)
    held = drawing_queries.held(reading(), found, on=day_asked(found, clock.now()))
    topics = sorted({cell.topic for cell in held} | {row.topic for row in saved if row.topic})
    form = blueprint_form(parts, saved, topics)
    if form.submitted():
        try:
            with writing() as db:
                row = queries.own_round(db, round_id, me())
                blueprint_actions.set_demands(db, row, form.demands(), by=me(), now=clock.now())
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash("细化蓝图已保存。", "done")
            return redirect(url_for("quizzes.blueprint.demands", round_id=round_id))
    context = {"round": found, "form": form, "parts": parts, "kinds": {part.kind: KINDS[part.kind] for part in parts}}
    stock = [_stock(row.form.demand(), held) if row.form.count.data else None for row in form.rows]
    return render_template("quizzes/blueprint.html", **context, stock=stock, table_rows=_by_topic(held))


def _stock(row: Demand, held: Counter[Demand]) -> int:
    """How many questions the bank holds for a row."""
    return sum(times for cell, times in held.items() if row.holds(cell))


def _by_topic(held: Counter[Demand]) -> list[tuple[str, Counter[str]]]:
    """Per topic how many questions of each kind the bank holds."""
    by_topic: dict[str, Counter[str]] = {}
    for cell, times in held.items():
        by_topic.setdefault(cell.topic, Counter())[cell.kind] += times
    return sorted(by_topic.items())


def shown(round_: Round, *, mine: bool) -> dict:
    """What the page of a round says of its blueprint and, to its officer, of the papers made from it."""
    kept = round_.blueprint
    saved = blueprint.demands_of(kept)
    expected = drawing_queries.forecasts(reading(), round_.id) if mine and round_.published_at else []
    return {
        "demands": saved,
        "contradictions": blueprint.contradictions(blueprint.parts_of(kept), saved, kept["topics"]),
        "forecasts": expected,
        "apart": forecast.between(expected),
    }


def looked(round_: Round, form: PublishForm) -> Look:
    """What came of drawing a draft's papers, before the transaction: while that takes its time, nobody's answer has to wait."""
    on = day_asked(round_, clock.now())
    return look(lambda: drawing_queries.drawn(reading(), round_, on=on), form.shown.data)
