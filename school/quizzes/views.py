"""Pages of the officer and the unit clerk: rounds, publishing, who is missing, exemptions, extensions."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from wtforms.fields.choices import SelectChoice

from school import clock
from school.access import Role
from school.errors import NotFound, Refused
from school.questions import queries as banks
from school.questions.models import Question
from school.quizzes import actions, paper, queries, timing
from school.quizzes.forms import ExtendForm, ReasonForm, RoundForm, usual_values, values_of
from school.quizzes.models import Round
from school.quizzes.scoring import MULTI_RULES
from school.roster import queries as roster
from school.roster.models import Unit
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("quizzes", __name__, url_prefix="/rounds")

STANDINGS = {"waiting": "未开始", "answering": "答题中", "handed_in": "已交卷", "exempt": "免考"}


@bp.get("/")
@needs(Role.OFFICER, Role.CLERK, Role.COMMITTEE)
def rounds():
    """All rounds of one's units, the latest first."""
    statement = queries.rounds(reading(), me())
    paging, shown = pages.slice_of(statement)
    found = reading().scalars(shown).all()
    return render_template("quizzes/rounds.html", rounds=found, paging=paging, now=clock.now())


@bp.route("/new", methods=["GET", "POST"])
@needs(Role.OFFICER)
def plan():
    """Plan a round, starting from the last one's decisions."""
    unit = _own_unit()
    last = queries.last_round(reading(), unit.id)
    form = _round_form(unit, usual_values(last, clock.day(clock.now())))
    if form.submitted():
        try:
            with writing() as db:
                made = actions.plan_round(db, db.get_one(Unit, unit.id), form.plan(), by=me(), now=clock.now())
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash("草稿已保存。核对无误后再发布。", "done")
            return redirect(url_for("quizzes.round_", round_id=made.id))
    return render_template("quizzes/round_form.html", form=form, round=None, kinds=paper.KINDS)


def _own_unit() -> Unit:
    """The highest unit the officer answers for: rounds are set there."""
    paths = me().paths(Role.OFFICER)
    return reading().scalars(select(Unit).where(roster.within(paths)).order_by(func.length(Unit.path), Unit.id)).first()


def _round_form(unit: Unit, values: dict) -> RoundForm:
    form = RoundForm(data=values)
    form.topics.choices = [SelectChoice(topic, topic) for topic in queries.topics(reading(), unit.path)]
    return form


@bp.route("/<int:round_id>/change", methods=["GET", "POST"])
@needs(Role.OFFICER)
def change(round_id: int):
    """Change a draft."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    if found.state != "draft":
        raise Refused("这一轮已经发布，不能再改。")
    form = _round_form(found.unit, values_of(found))
    if form.submitted():
        try:
            with writing() as db:
                row = queries.own_round(db, round_id, me())
                actions.change_round(db, row, form.plan(), by=me(), now=clock.now())
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash("草稿已修改。", "done")
            return redirect(url_for("quizzes.round_", round_id=round_id))
    return render_template("quizzes/round_form.html", form=form, round=found, kinds=paper.KINDS)


@bp.get("/<int:round_id>")
@needs(Role.OFFICER, Role.CLERK, Role.COMMITTEE)
def round_(round_id: int):
    """One round: its terms, how far it is, and who is missing."""
    found = queries.round_(reading(), round_id, me())
    rows = queries.candidate_rows(reading(), round_id, me().paths(*queries.SEES_ROUNDS))
    longest = queries.longest_extension(reading(), round_id)
    context = {
        "round": found,
        "parts": actions.parts_of(found),
        "full_mark": paper.full_mark(actions.parts_of(found)),
        "kinds": paper.KINDS,
        "rule": MULTI_RULES[found.multi_rule],
        "board": _board(rows),
        "standing": Counter(row.standing for row in rows),
        "ends_at": timing.reveals_at(found.closes_at, longest, current_app.extensions["settings"].network_grace),
        "mine": me().covers(found.unit.path, Role.OFFICER),
        "retests": _retests(round_id),
    }
    return render_template("quizzes/round.html", **context, now=clock.now(), standings=STANDINGS)


def _board(rows: list[queries.CandidateRow]) -> list[tuple[Unit, Counter]]:
    """Per unit, in 建制顺序, how many stand where."""
    board: dict[int, tuple[Unit, Counter]] = {}
    for row in rows:
        board.setdefault(row.unit.id, (row.unit, Counter()))[1][row.standing] += 1
    return list(board.values())


def _retests(round_id: int) -> list[Round]:
    """Retests of the round that the member may see: which unit fell short is not for its neighbours."""
    return list(reading().scalars(queries.rounds(reading(), me()).where(Round.repeats_id == round_id)))


@bp.get("/<int:round_id>/people")
@needs(Role.OFFICER, Role.CLERK)
def people(round_id: int):
    """Candidates of one's units, by standing: the list to phone."""
    found = queries.round_(reading(), round_id, me())
    unit_id, standing = pages.number_asked("unit"), request.args.get("standing", "")
    paths = me().paths(Role.OFFICER, Role.CLERK)
    rows = queries.candidate_rows(reading(), round_id, paths, unit_id=unit_id)
    shown = [row for row in rows if not standing or row.standing == standing]
    paging = pages.paging(len(shown), rows=200)
    context = {"round": found, "rows": shown[paging.offset : paging.offset + paging.rows], "paging": paging}
    chosen = {"unit_id": unit_id, "standing": standing, "standings": STANDINGS}
    return render_template("quizzes/people.html", **context, **chosen)


@bp.route("/<int:round_id>/publish", methods=["GET", "POST"])
@needs(Role.OFFICER)
def publish(round_id: int):
    """Confirm, then draw the papers and freeze the candidates."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    form = Confirm()
    if form.submitted():
        with writing() as db:
            count = actions.publish(db, queries.own_round(db, round_id, me()), by=me(), now=clock.now())
        flash(f"已发布，{count} 人列入应考名单，试卷已经抽好。", "done")
        return redirect(url_for("quizzes.round_", round_id=round_id))
    called = roster.counted_on(reading(), found.unit.path, clock.day(clock.now()))
    context = {"people": len(called), "units": len({assignment.unit_id for assignment in called})}
    return render_template("quizzes/publish.html", round=found, form=form, **context)


@bp.route("/<int:round_id>/cancel", methods=["GET", "POST"])
@needs(Role.OFFICER)
def cancel(round_id: int):
    """Call a round off, with a reason."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    form = ReasonForm()
    if form.submitted():
        with writing() as db:
            actions.cancel(db, queries.own_round(db, round_id, me()), form.reason.data, by=me(), now=clock.now())
        flash("这一轮已取消。", "done")
        return redirect(url_for("quizzes.round_", round_id=round_id))
    return render_template("quizzes/cancel.html", round=found, form=form)


@bp.get("/<int:round_id>/people/<int:candidate_id>")
@needs(Role.OFFICER, Role.CLERK)
def candidate(round_id: int, candidate_id: int):
    """One candidate: exempt or extend."""
    return _candidate_page(round_id, candidate_id)


def _candidate_page(round_id: int, candidate_id: int, **forms):
    found = queries.round_(reading(), round_id, me())
    row = queries.candidate(reading(), round_id, candidate_id, me(), Role.OFFICER, Role.CLERK)
    forms = {"exemption": ReasonForm(formdata=None), "extension": ExtendForm(formdata=None), **forms}
    officer = me().covers(row.unit.path, Role.OFFICER)
    context = {"round": found, "row": row, "standings": STANDINGS, "officer": officer, "confirm": Confirm()}
    return render_template("quizzes/candidate.html", **context, **forms)


@bp.post("/<int:round_id>/people/<int:candidate_id>/exempt")
@needs(Role.OFFICER, Role.CLERK)
def exempt(round_id: int, candidate_id: int):
    """Excuse a candidate with a reason; the signer's name is kept with it."""
    form = ReasonForm()
    if not form.submitted():
        return _candidate_page(round_id, candidate_id, exemption=form), 422
    with writing() as db:
        row = queries.candidate(db, round_id, candidate_id, me(), Role.OFFICER, Role.CLERK)
        actions.exempt(db, row, form.reason.data, by=me(), now=clock.now())
    flash(f"已为{row.candidate.name}登记免考。", "done")
    return redirect(url_for("quizzes.candidate", round_id=round_id, candidate_id=candidate_id))


@bp.post("/<int:round_id>/people/<int:candidate_id>/unexempt")
@needs(Role.OFFICER, Role.CLERK)
def unexempt(round_id: int, candidate_id: int):
    """Take an exemption back."""
    if Confirm().submitted():
        with writing() as db:
            row = queries.candidate(db, round_id, candidate_id, me(), Role.OFFICER, Role.CLERK)
            actions.unexempt(db, row, by=me(), now=clock.now())
        flash(f"已撤销{row.candidate.name}的免考。", "done")
    return redirect(url_for("quizzes.candidate", round_id=round_id, candidate_id=candidate_id))


@bp.post("/<int:round_id>/people/<int:candidate_id>/extend")
@needs(Role.OFFICER)
def extend(round_id: int, candidate_id: int):
    """Give one person more time, with a reason the person can read."""
    form = ExtendForm()
    if not form.submitted():
        return _candidate_page(round_id, candidate_id, extension=form), 422
    with writing() as db:
        found = queries.round_(db, round_id, me(), Role.OFFICER)
        row = queries.candidate(db, round_id, candidate_id, me(), Role.OFFICER)
        actions.extend(db, found, row, form.minutes.data, form.reason.data, by=me(), now=clock.now())
    flash(f"已为{row.candidate.name}共延长 {form.minutes.data} 分钟。", "done")
    return redirect(url_for("quizzes.candidate", round_id=round_id, candidate_id=candidate_id))


@bp.get("/uses/<int:question_id>")
@needs(Role.OFFICER)
def uses(question_id: int):
    """Where a question of one's bank was asked: rounds and forms. Its banks' units are those of the rounds or above them."""
    question = reading().get(Question, question_id)
    if question is None:
        raise NotFound
    bank = banks.bank(reading(), question.bank_id, me())
    found = queries.uses_of(reading(), question_id)
    return render_template("quizzes/uses.html", question=question, bank=bank, uses=found, now=clock.now())
