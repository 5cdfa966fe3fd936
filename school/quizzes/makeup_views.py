"""Pages of a make-up: for the officer whom it would call, its window and publishing it; for who sat, both results."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, url_for

from school import clock, words
from school.access import Role
from school.errors import NotFound, Refused
from school.quizzes import actions, blueprint_views, makeup, makeup_actions, makeup_queries, queries
from school.quizzes.drawn import Look
from school.quizzes.forms import PublishForm
from school.quizzes.makeup_forms import MakeupForm, usual_values, values_of
from school.quizzes.models import Round
from school.quizzes.queries import Sitting
from school.web import pages
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("makeup", __name__)


def _grace() -> int:
    return current_app.extensions["settings"].network_grace


def _own_draft(db, round_id: int, *, lock: bool) -> Round:
    """A make-up that is not published yet, of a unit the member officers; NotFound for any other round."""
    found = queries.own_round(db, round_id, me(), lock=lock)
    if found.repeats_kind != "makeup":
        raise NotFound
    return found


def _shown(round_: Round, form: MakeupForm, draft: Round | None):
    """The page that shows whom a make-up would call, with its form."""
    calling = makeup_queries.calling(reading(), round_, now=clock.now())
    paging = pages.paging(len(calling.barred))
    context = {
        "round": round_,
        "draft": draft,
        "form": form,
        "calling": calling,
        "numbers": {whom: len(calling.called(whom)) for whom in makeup.WHOM},
        "barred": calling.barred[paging.offset : paging.offset + paging.rows],
        "paging": paging,
        "whom": makeup.WHOM,
        "rule": makeup.RULES[round_.makeup_rule],
    }
    return render_template("quizzes/makeup.html", **context)


@bp.route("/<int:round_id>/makeup", methods=["GET", "POST"])
@needs(Role.OFFICER)
def plan(round_id: int):
    """Who may take a make-up of a round that is over, and the plan of one."""
    found = queries.own_round(reading(), round_id, me(), lock=False)
    makeup_actions.must_allow(reading(), found, grace=_grace(), now=clock.now())
    form = MakeupForm(data=usual_values(found, clock.now()))
    if form.submitted():
        try:
            with writing() as db:
                row = queries.own_round(db, round_id, me())
                made = makeup_actions.plan_makeup(db, row, form.plan(), grace=_grace(), by=me(), now=clock.now())
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash("补考的草稿已保存。核对无误后再发布。", "done")
            return redirect(url_for("quizzes.round_", round_id=made.id))
    return _shown(found, form, None)


@bp.route("/<int:round_id>/makeup/change", methods=["GET", "POST"])
@needs(Role.OFFICER)
def change(round_id: int):
    """Change the draft of a make-up. round_id: the make-up's own."""
    draft = _own_draft(reading(), round_id, lock=False)
    if draft.state != "draft":
        raise Refused("这次补考已经发布，不能再改。")
    form = MakeupForm(data=values_of(draft))
    if form.submitted():
        try:
            with writing() as db:
                row = _own_draft(db, round_id, lock=True)
                makeup_actions.change_makeup(db, row, form.plan(), by=me(), now=clock.now())
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash("补考的草稿已修改。", "done")
            return redirect(url_for("quizzes.round_", round_id=round_id))
    return _shown(draft.repeats, form, draft)


@bp.route("/<int:round_id>/makeup/publish", methods=["GET", "POST"])
@needs(Role.OFFICER)
def publish(round_id: int):
    """Confirm, then draw unseen questions and freeze exactly those who may take it, as for a round. round_id: its own."""
    draft = _own_draft(reading(), round_id, lock=False)
    actions.must_be_draft(draft)
    form, seen = PublishForm(), Look()
    if form.submitted():
        seen = blueprint_views.looked(draft, form)
        if seen.ready:
            with writing() as db:
                row, now = _own_draft(db, round_id, lock=True), clock.now()
                count = makeup_actions.publish_makeup(db, row, drawn=seen.ready, grace=_grace(), by=me(), now=now)
            flash(f"已发布，{count} 人列入补考名单，试卷已经抽好，都是没有考过的题。", "done")
            return redirect(url_for("quizzes.round_", round_id=round_id))
    calling = makeup_queries.calling(reading(), draft.repeats, now=clock.now())
    context = {
        "people": len(calling.called(draft.repeats_whom)),
        "whom": makeup.WHOM[draft.repeats_whom],
        "barred": len(calling.barred),
        "rule": makeup.RULES[draft.makeup_rule],
        "look": seen,
    }
    page = render_template("quizzes/makeup_publish.html", round=draft, form=form, **context)
    return page, 409 if seen.refusal else 200


def own_results(sitting: Sitting, revealed: Callable[[Round], bool]) -> list[dict]:
    """A person's results in a round and its make-ups: round, what is said of it, and whether it counts.

    Empty where there is only one. counts: None until all can be seen.
    """
    found = makeup_queries.sittings_of(reading(), sitting.round, sitting.candidate.person_id)
    if len(found) < 2:
        return []
    settled, counted = all(revealed(one.round) for one in found), makeup_queries.counted(found)
    return [
        {"round": one.round, "said": _said(one, revealed(one.round)), "counts": one is counted if settled else None}
        for one in found
    ]


def _said(of: Sitting, revealed: bool) -> str:
    if of.candidate.exempt_reason:
        return "免考"
    if not revealed:
        return "还没有到看结果的时间"
    if of.attempt.score is None:
        return "没有参加"
    return f"{words.points(of.attempt.score)} 分，{'合格' if of.attempt.score >= of.round.pass_mark else '未合格'}"
