"""Pages of a round while it runs: the board, its window, pausing and going on, more time for many, calling it off."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from school import clock, words
from school.access import Role
from school.errors import Refused
from school.quizzes import queries, running_actions, running_queries
from school.quizzes.forms import ExtendAllForm, PauseForm, ReasonForm, WindowForm
from school.quizzes.models import Candidate, Round
from school.quizzes.people_views import standings_of
from school.roster.models import Unit
from school.roster.queries import within
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("running", __name__)

#: seconds between two looks at the board
EVERY = 20


@bp.get("/<int:round_id>/board")
@needs(*queries.SEES_ROUNDS)
def board(round_id: int):
    """The board alone, as the round's page reads it again by itself."""
    found = queries.round_(reading(), round_id, me())
    return render_template("quizzes/_board.html", **board_of(found))


def board_of(round_: Round) -> dict:
    """What the board shows: units of the member, how many stand where, and whether to look again by itself."""
    lines, now = running_queries.board(reading(), round_.id, me().paths(*queries.SEES_ROUNDS)), clock.now()
    totals = Counter()
    for line in lines:
        totals.update(line.counts)
    ends_at = running_queries.ends_at(reading(), round_, _grace(), now)
    return {
        "round": round_,
        "board": lines,
        "standing": totals,
        "standings": standings_of(round_),
        "ends_at": ends_at,
        "every": EVERY if round_.state == "published" and round_.opens_at <= now < ends_at else 0,
        "now": now,
    }


def _grace() -> int:
    return current_app.extensions["settings"].network_grace


@bp.get("/<int:round_id>/moves")
@needs(*queries.SEES_ROUNDS)
def moves(round_id: int):
    """Who joined and who left one's units since the candidates were frozen."""
    found = queries.round_(reading(), round_id, me())
    if found.published_at is None:
        raise Refused("这一轮还没有发布，应考名单还没有定。")
    today = clock.day(clock.now())
    joined, left = running_queries.moves(reading(), found, today, me().paths(*queries.SEES_ROUNDS))
    return render_template("quizzes/moves.html", round=found, joined=joined, left=left, today=today)


@bp.route("/<int:round_id>/window", methods=["GET", "POST"])
@needs(Role.OFFICER)
def window(round_id: int):
    """Move the window: first shown whom it touches, then done."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    form = WindowForm(data={"opens_at": clock.local(found.opens_at), "closes_at": clock.local(found.closes_at)})
    touched = None
    if form.submitted():
        opens_at, closes_at = form.window(found)
        try:
            if form.sure.data == form.named:
                return _moved(round_id, form)
            running_actions.must_be_movable(reading(), found, opens_at, closes_at, clock.now())
            touched = running_queries.touched(reading(), found, closes_at, clock.now())
        except Refused as refusal:
            form.form_errors.append(refusal.message)
    form.sure.data = form.named if touched else ""
    return render_template("quizzes/window.html", round=found, form=form, touched=touched)


def _moved(round_id: int, form: WindowForm):
    with writing() as db:
        found, now = queries.own_round(db, round_id, me()), clock.now()
        opens_at, closes_at = form.window(found)
        running_actions.move_window(db, found, opens_at, closes_at, form.reason.data, grace=_grace(), by=me(), now=now)
    flash(f"开放时间已改为 {words.moment(opens_at)} 至 {words.moment(closes_at)}。", "done")
    return _back(round_id)


def _back(round_id: int):
    return redirect(url_for("quizzes.round_", round_id=round_id))


@bp.route("/<int:round_id>/pause", methods=["GET", "POST"])
@needs(Role.OFFICER)
def pause(round_id: int):
    """Stop the clock in an emergency, with a reason, from now or from when it came."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    form = PauseForm()
    if form.submitted():
        try:
            return _paused(round_id, form)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
    answering = sum(line.counts["answering"] for line in running_queries.board(reading(), round_id, ("/",)))
    return render_template("quizzes/pause.html", round=found, form=form, answering=answering, now=clock.now())


def _paused(round_id: int, form: PauseForm):
    with writing() as db:
        row = queries.own_round(db, round_id, me())
        running_actions.pause(db, row, form.reason.data, since=form.stopped_at, by=me(), now=clock.now())
        since = row.paused_at
    flash(f"已暂停，从 {words.moment(since)} 起算。恢复以后，停了多久就补多久。", "done")
    return _back(round_id)


@bp.route("/<int:round_id>/resume", methods=["GET", "POST"])
@needs(Role.OFFICER)
def resume(round_id: int):
    """Let the clock run again, with the time given back."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    form = Confirm()
    if form.submitted():
        with writing() as db:
            row = queries.own_round(db, round_id, me())
            seconds = running_actions.resume(db, row, by=me(), now=clock.now())
        said = "这一轮没有暂停着。" if seconds is None else f"已恢复，补回 {words.span(seconds)}。"
        flash(said, "done")
        return _back(round_id)
    return render_template("quizzes/resume.html", round=found, form=form, now=clock.now())


@bp.route("/<int:round_id>/extend", methods=["GET", "POST"])
@needs(Role.OFFICER)
def extend(round_id: int):
    """Give a unit or everybody more minutes, with a reason that each of them can read."""
    found = queries.round_(reading(), round_id, me(), Role.OFFICER)
    units = _units(round_id)
    form = ExtendAllForm()
    form.unit.choices = [SelectChoice(0, "全部应考人员" if _whole(found) else "我管的全部应考人员")]
    form.unit.choices += [SelectChoice(unit.id, unit.name) for unit in units]
    if form.submitted():
        chosen = next((unit for unit in units if unit.id == form.unit.data), None)
        with writing() as db:
            row = queries.round_(db, round_id, me(), Role.OFFICER, lock=True)
            count = running_actions.extend_all(
                db, row, chosen, form.minutes.data, form.reason.data, by=me(), now=clock.now()
            )
        flash(f"已为 {count} 人延长到共 {form.minutes.data} 分钟。已经交卷和延长得更多的人不变。", "done")
        return _back(round_id)
    return render_template("quizzes/extend.html", round=found, form=form)


def _units(round_id: int) -> list[Unit]:
    """Units of the member with candidates in the round, in 建制顺序."""
    called = select(Candidate.unit_id).where(Candidate.round_id == round_id)
    statement = select(Unit).where(Unit.id.in_(called), within(me().paths(Role.OFFICER)))
    return list(reading().scalars(statement.order_by(Unit.order_no, Unit.id)))


def _whole(round_: Round) -> bool:
    return me().covers(round_.unit.path, Role.OFFICER)


@bp.route("/<int:round_id>/cancel", methods=["GET", "POST"])
@needs(Role.OFFICER)
def cancel(round_id: int):
    """Call a round off, with a reason."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    form = ReasonForm()
    if form.submitted():
        with writing() as db:
            row = queries.own_round(db, round_id, me())
            running_actions.cancel(db, row, form.reason.data, by=me(), now=clock.now())
        flash("这一轮已取消。", "done")
        return _back(round_id)
    return render_template("quizzes/cancel.html", round=found, form=form)
