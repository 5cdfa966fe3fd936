"""Pages of typing paper answer sheets: whose is next, the sheet itself, two typings side by side, a correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for

from school import clock
from school.access import Role
from school.errors import Refused
from school.quizzes import paper, queries, sheet_entry, sheet_entry_actions, sheet_entry_queries
from school.quizzes.answering_views import grace
from school.quizzes.sheet_entry_forms import CorrectionForm, sheet_form
from school.quizzes.sheet_entry_queries import TYPISTS, Sheet, SheetRow
from school.roster.models import Unit
from school.web import pages
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("sheets", __name__)

#: people listed at a time; a longer list is narrowed by a unit or a word first
LISTED = 200


@bp.get("/<int:round_id>/sheets")
@needs(*TYPISTS)
def listed(round_id: int):
    """Units with how many sheets are typed; one unit's people; or whomever a scanned code or a typed word means."""
    found = queries.round_(reading(), round_id, me(), *TYPISTS)
    rows = sheet_entry_queries.sheets(reading(), found, me())
    unit_id, typed = pages.number_asked("unit"), request.args.get("find", "").strip()
    shown = [one for one in rows if unit_id in (None, one.row.unit.id)]
    if typed:
        shown = sheet_entry_queries.found(shown, typed, seed=found.seed)
        if len(shown) == 1 and shown[0].open_to(me()):
            return redirect(_address(round_id, shown[0]))
    unit = next((one.row.unit for one in rows if one.row.unit.id == unit_id), None)
    listing = shown[:LISTED] if unit_id or typed else []
    context = {"rows": listing, "found": len(shown), "unit": unit, "find": typed, "units": _units(rows)}
    context["forms"] = sheet_entry_queries.forms(reading(), round_id)
    links = [(one, _deed(round_id, one)) for one in listing]
    return render_template("quizzes/sheets.html", round=found, links=links, limit=LISTED, **context)


def _address(round_id: int, one: SheetRow) -> str:
    return url_for("quizzes.sheets.entry", round_id=round_id, candidate_id=one.row.candidate.id)


def _deed(round_id: int, one: SheetRow) -> tuple[str, str]:
    """What this member may do with a sheet, as words and address; empty for nothing."""
    at = {"round_id": round_id, "candidate_id": one.row.candidate.id}
    officer = me().covers(one.row.unit.path, Role.OFFICER)
    if one.open_to(me()) or (one.standing in ("answering", "overdue") and officer):
        return "录入", url_for("quizzes.sheets.entry", **at)
    if one.standing == "differs" and officer:
        return "核对两遍", url_for("quizzes.sheets.decide", **at)
    if one.standing == "typed" and officer:
        return "更正录入", url_for("quizzes.sheets.correct", **at)
    return "", ""


def _units(rows: Sequence[SheetRow]) -> list[tuple[Unit, Counter]]:
    """Per unit, in 建制顺序, how many sheets stand where."""
    board: dict[int, tuple[Unit, Counter]] = {}
    for one in rows:
        board.setdefault(one.row.unit.id, (one.row.unit, Counter()))[1][one.standing] += 1
    return list(board.values())


@bp.route("/<int:round_id>/sheets/<int:candidate_id>", methods=["GET", "POST"])
@needs(*TYPISTS)
def entry(round_id: int, candidate_id: int):
    """Type one sheet; saving brings the next person of the unit."""
    sheet = sheet_entry_queries.sheet(reading(), round_id, candidate_id, me(), *TYPISTS)
    form = sheet_form(sheet.places)
    if form.submitted():
        try:
            return _entered(round_id, candidate_id, form)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
            sheet = sheet_entry_queries.sheet(reading(), round_id, candidate_id, me(), *TYPISTS)
    rows = sheet_entry_queries.sheets(reading(), sheet.round, me(), unit_id=sheet.row.unit.id)
    of_unit = Counter(one.standing for one in rows)
    officer = me().covers(sheet.row.unit.path, Role.OFFICER)
    waiting = of_unit["waiting"] + of_unit["blank"] + of_unit["once"]
    context = {"done": of_unit["typed"], "waiting": waiting, "officer": officer}
    return _page("quizzes/sheet_entry.html", sheet, form, **context)


def _page(template: str, sheet: Sheet, form, **context):
    parts = [(kind, list(places)) for kind, places in groupby(sheet.places, key=lambda place: place.kind)]
    words = {"kinds": paper.KINDS, "row": sheet.row, "parts": parts}
    return render_template(template, round=sheet.round, sheet=sheet, form=form, **words, **context)


def _entered(round_id: int, candidate_id: int, form):
    """Keep it, say what became of it, and go on to the next sheet of the unit."""
    with writing() as db:
        sheet = sheet_entry_queries.sheet(db, round_id, candidate_id, me(), *TYPISTS, lock=True)
        became = sheet_entry_actions.enter(
            db, sheet, form.given(), reason=form.reason.data, grace=grace(), by=me(), now=clock.now()
        )
        name, receipt = sheet.row.candidate.name, sheet.row.attempt.receipt
    told = {
        "typed": f"{name}的答题卡已录好并交卷，回执号 {receipt}。",
        "once": f"{name}的答题卡已录一遍，第二遍请换一个人录。",
        "differs": f"{name}的答题卡两遍录得不一致，请管理员核对后确定。",
    }
    flash(told[became], "notice" if became == "differs" else "done")
    return redirect(_onward(sheet))


def _onward(sheet: Sheet) -> str:
    unit_id = sheet.row.unit.id
    rows = sheet_entry_queries.sheets(reading(), sheet.round, me(), unit_id=unit_id)
    following = sheet_entry_queries.next_open(rows, sheet.row.candidate.id, me())
    if following is not None:
        return _address(sheet.round.id, following)
    return url_for("quizzes.sheets.listed", round_id=sheet.round.id, unit=unit_id)


@bp.route("/<int:round_id>/sheets/<int:candidate_id>/decide", methods=["GET", "POST"])
@needs(Role.OFFICER)
def decide(round_id: int, candidate_id: int):
    """Two typings side by side with their differences; the officer types what the paper says."""
    sheet = sheet_entry_queries.sheet(reading(), round_id, candidate_id, me(), Role.OFFICER)
    if sheet.standing != "differs":
        raise Refused("这张答题卡没有等待确定的差异。")
    first, second = (_written(sheet, row.given) for row in sheet.entries)
    differing = sheet_entry.differing(sheet.places, *(row.given for row in sheet.entries))
    shown = [
        [""] * len(one) if place.position in differing else one for place, one in zip(sheet.places, first, strict=True)
    ]
    form = sheet_form(sheet.places, shown=shown)
    if form.submitted():
        with writing() as db:
            locked = sheet_entry_queries.sheet(db, round_id, candidate_id, me(), Role.OFFICER, lock=True)
            sheet_entry_actions.decide(
                db, locked, form.given(), reason=form.reason.data, grace=grace(), by=me(), now=clock.now()
            )
        flash(f"{sheet.row.candidate.name}的答题卡已确定并交卷。", "done")
        return redirect(url_for("quizzes.sheets.listed", round_id=round_id, unit=sheet.row.unit.id))
    both = list(zip(sheet.places, first, second, strict=True))
    return _page("quizzes/sheet_decide.html", sheet, form, both=both, differing=differing)


def _written(sheet: Sheet, given: Sequence[list]) -> list[list[str]]:
    return [sheet_entry.written(place, one) for place, one in zip(sheet.places, given, strict=True)]


@bp.route("/<int:round_id>/sheets/<int:candidate_id>/correct", methods=["GET", "POST"])
@needs(Role.OFFICER)
def correct(round_id: int, candidate_id: int):
    """Put a typing error right, with a reason."""
    sheet = sheet_entry_queries.sheet(reading(), round_id, candidate_id, me(), Role.OFFICER)
    if sheet.standing != "typed":
        raise Refused("这张答题卡还没有录好，不用更正。")
    stands = sheet_entry_queries.given(reading(), sheet)
    form = sheet_form(sheet.places, kind=CorrectionForm, shown=_written(sheet, stands))
    if form.submitted():
        with writing() as db:
            locked = sheet_entry_queries.sheet(db, round_id, candidate_id, me(), Role.OFFICER, lock=True)
            sheet_entry_actions.correct(db, locked, form.given(), form.reason.data, by=me(), now=clock.now())
        flash(f"{sheet.row.candidate.name}的录入已更正，回执号不变。", "done")
        return redirect(url_for("quizzes.sheets.listed", round_id=round_id, unit=sheet.row.unit.id))
    return _page("quizzes/sheet_correct.html", sheet, form)
