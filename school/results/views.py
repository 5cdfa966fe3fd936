"""Pages of closed months: the list, the closing, a month, a unit, and the people behind every number."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from school import clock
from school.access import Role
from school.errors import NotFound
from school.quizzes import correction_queries, marking_queries
from school.quizzes import queries as quizzes
from school.quizzes import running_queries as running
from school.results import actions, drawings, listing, queries, wording
from school.results.forms import CorrectForm
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("results", __name__, url_prefix="/results")

#: above this many units their chart is folded away; the table with its bars says the same in less room
CHARTED = 40


@bp.get("")
@needs(*queries.READERS)
def months():
    """Closed months, and the rounds that are over and wait to be closed."""
    waiting = queries.waiting(reading(), me(), clock.now())
    statement = queries.months(me())
    paging, shown = pages.slice_of(statement)
    closed = reading().scalars(shown).all()
    return render_template("results/months.html", waiting=waiting, closed=closed, paging=paging)


@bp.route("/rounds/<int:round_id>/close", methods=["GET", "POST"])
@needs(Role.OFFICER)
def close(round_id: int):
    """Ask once more, then close the month."""
    grace = current_app.extensions["settings"].network_grace
    if Confirm().submitted():
        with writing() as db:
            round_ = quizzes.own_round(db, round_id, me())
            result = actions.close_month(db, round_, grace=grace, by=me(), now=clock.now())
        flash("月结已完成，结果从现在起只能更正，不能改动。", "done")
        return redirect(url_for("results.month", result_id=result.id))
    round_, now = quizzes.own_round(reading(), round_id, me(), lock=False), clock.now()
    ends = running.ends_at(reading(), round_, grace, now)
    closing = queries.closing(reading(), round_id)
    over = now >= ends and round_.state in ("published", "closed")
    context = {"round": round_, "closing": closing, "ends": ends, "over": over, "form": Confirm()}
    unmarked = marking_queries.waiting_count(reading(), round_id)
    return render_template("results/close.html", unmarked=unmarked, **context)


@bp.get("/<int:result_id>")
@needs(*queries.READERS)
def month(result_id: int):
    """A closed month: counts, bands, topics, the standard, the nights, every unit."""
    shown = queries.beside(reading(), queries.seen(reading(), result_id, me()))
    seen, value = shown.seen, shown.seen.month
    versions = queries.versions(reading(), seen.result.round_id)
    context = {
        "seen": seen,
        "month": value,
        "beside": shown,
        "origin": queries.latest(reading(), seen.result.round.repeats_id) if seen.result.round.repeats_id else None,
        "versions": versions,
        "retests": queries.retests(reading(), seen.result.round_id, me()),
        "bands": Markup(drawings.bands(value.total, counts_only=value.small)),
        "topics": Markup(drawings.topics(value.topics, counts_only=value.small)),
        "rates": Markup(drawings.pass_rates(seen.units, value.standard)),
        "charted": len(seen.units) <= CHARTED,
        "rejudged": correction_queries.after(reading(), seen.result.round_id, versions[-1].closed_at),
        "may_change": me().covers(seen.result.round.unit.path, Role.OFFICER),
        "wording": wording,
    }
    return render_template("results/month.html", **context)


@bp.get("/<int:result_id>/units/<int:unit_id>")
@needs(*queries.READERS)
def unit(result_id: int, unit_id: int):
    """One unit's month."""
    beside = queries.beside(reading(), queries.seen(reading(), result_id, me()))
    seen, shown = beside.seen, beside.seen.unit(unit_id)
    context = {
        "seen": seen,
        "beside": beside,
        "month": seen.month,
        "unit": shown,
        "bands": Markup(drawings.bands(shown.counts, counts_only=shown.small)),
        "topics": Markup(drawings.topics(shown.topics, counts_only=shown.small)),
        "may_issue": unit_id in seen.officered,
        "wording": wording,
    }
    return render_template("results/unit.html", **context)


@bp.get("/<int:result_id>/people")
@needs(*queries.READERS)
def people(result_id: int):
    """The people behind a number: each in or out, with the reason."""
    beside = queries.beside(reading(), queries.seen(reading(), result_id, me()))
    seen = beside.seen
    unit_id, state, band = (
        pages.number_asked("unit"),
        request.args.get("state", ""),
        request.args.get("band", ""),
    )
    if state not in listing.STATES or band not in listing.BANDS:
        raise NotFound
    one = seen.unit(unit_id) if unit_id else None
    shown = [one] if one else seen.units
    rows = listing.listed(shown, state, band)
    paging = pages.paging(len(rows))
    context = {
        "seen": seen,
        "month": seen.month,
        "unit": one,
        "state": state,
        "band": band,
        "what": listing.BANDS[band] or listing.STATES[state],
        "counted": sum(row.counted for row in rows),
        "rows": rows[paging.offset : paging.offset + paging.rows],
        "paging": paging,
        "pointed": any(unit.unit_id in seen.pointed for unit in shown),
        "waiting": beside.waiting,
        "wording": wording,
        "of": listing.of(rows, state, band),
        "share": listing.SHARES.get(band or state, ""),
    }
    return render_template("results/people.html", **context)


@bp.route("/<int:result_id>/correct", methods=["GET", "POST"])
@needs(Role.OFFICER)
def correct(result_id: int):
    """Count a closed month anew as a numbered correction; what was issued before stays."""
    found = queries.own_result(reading(), result_id, me())
    makeups = [one for one in queries.makeups(reading(), found.round_id) if one.id > found.id]
    rejudged = [(one.state, one.reason) for one in correction_queries.after(reading(), found.round_id, found.closed_at)]
    reasons = (wording.makeup_reason([one.round.title for one in makeups]), wording.rejudged_reason(rejudged))
    form = CorrectForm(data={"reason": "；".join(reason for reason in reasons if reason)[:200]})
    if form.submitted():
        with writing() as db:
            result = queries.own_result(db, result_id, me())
            new = actions.correct_month(db, result, form.reason.data, by=me(), now=clock.now())
        flash(f"更正第 {new.number} 号已生成，原来的版本照样保留。", "done")
        return redirect(url_for("results.month", result_id=new.id))
    return render_template("results/correct.html", result=found, form=form)
