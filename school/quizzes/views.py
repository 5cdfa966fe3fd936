"""Pages of the officer and the unit clerk: rounds, planning and publishing one, its terms and its board."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from wtforms.fields.choices import SelectChoice

from school import clock
from school.access import Role
from school.errors import NotFound, Refused
from school.questions import queries as banks
from school.questions.models import Question
from school.quizzes import (
    actions,
    blueprint_views,
    correction_queries,
    correction_views,
    makeup,
    makeup_views,
    marking_queries,
    marking_views,
    paper,
    people_views,
    queries,
    running_queries,
    running_views,
    sheet_entry_views,
)
from school.quizzes.drawn import Look
from school.quizzes.forms import MODES, PublishForm, RoundForm, usual_values, values_of
from school.quizzes.models import Round
from school.quizzes.scoring import MULTI_RULES
from school.roster import queries as roster
from school.roster.models import Unit
from school.web import pages
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("quizzes", __name__, url_prefix="/rounds")
for below in (
    blueprint_views,
    makeup_views,
    people_views,
    running_views,
    marking_views,
    correction_views,
    sheet_entry_views,
):
    bp.register_blueprint(below.bp)

REPEATS = {"makeup": "补考", "retest": "复测"}


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
                own, wanted = db.get_one(Unit, unit.id, with_for_update=True), form.plan(last)
                made = queries.draft_like(db, own.id, wanted.columns())
                made = made or actions.plan_round(db, own, wanted, by=me(), now=clock.now())
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
    if found.repeats_kind == "makeup":
        return redirect(url_for("quizzes.makeup.change", round_id=round_id))
    form = _round_form(found.unit, values_of(found))
    if form.submitted():
        try:
            with writing() as db:
                row = queries.own_round(db, round_id, me())
                actions.change_round(db, row, form.plan(row), by=me(), now=clock.now())
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
    context = {
        **running_views.board_of(found),
        **blueprint_views.shown(found, mine=me().covers(found.unit.path, Role.OFFICER)),
        "parts": actions.parts_of(found),
        "full_mark": paper.full_mark(actions.parts_of(found)),
        "kinds": paper.KINDS,
        "rule": MULTI_RULES[found.multi_rule],
        "mode": MODES[found.mode],
        "moves": _moves(found),
        "standstills": running_queries.standstills(reading(), round_id),
        "unmarked": marking_queries.waiting_count(reading(), round_id),
        "proposed": sum(one.state == "proposed" for one in correction_queries.corrections(reading(), round_id)),
        "mine": me().covers(found.unit.path, Role.OFFICER),
        "repeats": _repeats(round_id),
        "repeat_names": REPEATS,
        "whom": makeup.WHOM,
        "makeup_rule": makeup.RULES[found.makeup_rule],
    }
    return render_template("quizzes/round.html", **context)


def _moves(round_: Round) -> tuple[int, int]:
    """How many joined and how many left the member's units since the candidates were frozen; a closed month has its own note."""
    if round_.state != "published":
        return 0, 0
    paths, today = me().paths(*queries.SEES_ROUNDS), clock.day(clock.now())
    joined, left = running_queries.moves(reading(), round_, today, paths)
    return len(joined), len(left)


def _repeats(round_id: int) -> list[Round]:
    """Make-ups and retests of the round that the member may see: which unit fell short is not for its neighbours."""
    return list(reading().scalars(queries.rounds(reading(), me()).where(Round.repeats_id == round_id)))


@bp.route("/<int:round_id>/publish", methods=["GET", "POST"])
@needs(Role.OFFICER)
def publish(round_id: int):
    """Confirm, then draw the papers and freeze the candidates; papers that are not equally hard are shown before that."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    if found.repeats_kind == "makeup":
        return redirect(url_for("quizzes.makeup.publish", round_id=round_id))
    actions.must_be_draft(found)
    form, seen = PublishForm(), Look()
    if form.submitted():
        seen = blueprint_views.looked(found, form)
        if seen.ready:
            with writing() as db:
                row = queries.own_round(db, round_id, me())
                count = actions.publish(db, row, drawn=seen.ready, by=me(), now=clock.now())
            flash(f"已发布，{count} 人列入应考名单，试卷已经抽好。", "done")
            return redirect(url_for("quizzes.round_", round_id=round_id))
    called = roster.counted_on(reading(), found.unit.path, clock.day(clock.now()))
    context = {"people": len(called), "units": len({assignment.unit_id for assignment in called}), "look": seen}
    return render_template("quizzes/publish.html", round=found, form=form, **context), 409 if seen.refusal else 200


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
