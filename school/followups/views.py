"""Pages of follow-ups: the ledger, a case and its next step, opening cases from a month, reminders, the calendar."""

from __future__ import annotations

import io
from datetime import date, datetime, time

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from wtforms.fields.choices import SelectChoice

from school import clock, words
from school.access import Role
from school.errors import NotAllowed, NotFound, Refused
from school.followups import actions, facts, queries, workdays
from school.followups import case as rules
from school.followups import ledger as papers
from school.followups.forms import CalendarForm, MoveForm, RetestForm, SideForm, WaiveForm
from school.quizzes.drawn import Look, look
from school.reports import papers as reports
from school.results import queries as results
from school.results import wording
from school.results.figures import UnitMonth
from school.roster import queries as roster
from school.web import pages
from school.web.forms import Confirm, Form
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("followups", __name__, url_prefix="/followups")

KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}


@bp.get("")
@needs(*queries.SEES_CASES)
def ledger():
    """The ledger of one's subtrees."""
    show, days, today = _shown(), queries.calendar(reading()), clock.day(clock.now())
    statement = queries.ledger(me(), show, today, days)
    paging, shown = pages.slice_of(statement)
    lines = queries.lines(reading(), shown, days, today)
    context = {"lines": lines, "paging": paging, "show": show, "shown": queries.SHOWN, "rules": rules}
    return render_template("followups/ledger.html", **context, officer=me().has(Role.OFFICER))


def _shown() -> str:
    show = request.args.get("show", "open")
    return show if show in queries.SHOWN else "open"


@bp.get("/ledger.<any(xlsx, pdf):kind>")
@needs(*queries.SEES_CASES)
def ledger_file(kind: str):
    """The same rows as a spreadsheet or on paper."""
    show, days, now = _shown(), queries.calendar(reading()), clock.now()
    statement = queries.ledger(me(), show, clock.day(now), days)
    rows = [_row(line) for line in queries.lines(reading(), statement, days, clock.day(now))]
    settings = current_app.extensions["settings"]
    title = f"{settings.county}跟进台账（{queries.SHOWN[show]}）"
    if kind == "xlsx":
        content = papers.sheet(title, rows, now)
    else:
        folder = reports.fonts_folder(settings.fonts_dir)
        content = papers.paper(title, rows, now, county=settings.county, folder=folder)
    with writing() as db:
        actions.note_export(db, title, kind, by=me(), now=now)
    return send_file(io.BytesIO(content), KINDS[kind], as_attachment=True, download_name=f"{title}.{kind}")


def _row(line: queries.Line) -> papers.Row:
    case, basis = line.case, line.facts.month.standard.basis
    decision = next((step for step in reversed(case.steps) if step.move in rules.DECISIONS), None)
    return papers.Row(
        unit=case.unit.short_name,
        source=case.round.title,
        basis=f"{basis.title}（{basis.number}）",
        problem=line.facts.problem,
        decision=f"{rules.MOVES[decision.move].text}：{decision.text}" if decision else "",
        measures=line.written("plan"),
        state=line.state.text,
        turn=rules.TURNS.get(line.state.turn, ""),
        due=words.day(case.due_on) if case.due_on else "",
        late=line.late,
        retest=line.written("propose"),
        closed="是" if case.steps[-1].move == "close" else "否",
        closed_on=words.day(clock.day(case.closed_at)) if case.closed_at else "",
        note="" if line.known else workdays.UNKNOWN,
    )


@bp.route("/<int:case_id>", methods=["GET", "POST"])
@needs(*queries.SEES_CASES)
def case(case_id: int):
    """One case: facts, signed steps, and the one form for whoever looks at it."""
    form = MoveForm()
    if form.submitted():
        if form.move.data not in rules.ASKS:
            raise NotFound
        if _moved(case_id, form.move.data, form.text.data, form):
            return redirect(url_for("followups.case", case_id=case_id))
    return _case_page(case_id, form)


def _moved(case_id: int, move: str, text: str, form: Form, until: date | None = None) -> bool:
    """Whether the move was signed; else the reason stands on the form."""
    try:
        with writing() as db:
            row = queries.case_(db, case_id, me(), lock=True)
            days = queries.calendar(db)
            actions.move_case(db, row, move, text, by=me(), now=clock.now(), calendar=days, until=until)
            reached, due_on = rules.STATES[row.state].text, row.due_on
    except Refused as refused:
        form.form_errors.append(refused.message)
        return False
    _say(move, reached, due_on)
    return True


def _say(move: str, reached: str, due_on: date | None) -> None:
    by_when = f"，期限 {words.day(due_on)}" if due_on else ""
    flash(f"“{rules.MOVES[move].text}”已签字登记。现在是：{reached}{by_when}。", "done")


def _case_page(case_id: int, form: MoveForm | RetestForm, seen: Look | None = None):
    now, row = clock.now(), queries.case_(reading(), case_id, me())
    days = queries.calendar(reading())
    line = queries.line(row, days, clock.day(now))
    moves = queries.open_to(row, me(), clock.day(now), days)
    awaited = rules.awaited(row.state, moves)
    if "retest" in awaited and not isinstance(form, RetestForm):
        problems, form = form.form_errors, _fresh_retest(days, clock.day(now))
        form.form_errors.extend(problems)
    again = queries.retest_of(reading(), row)
    if isinstance(form, MoveForm):
        _prepare(form, line, awaited, again)
    latest = results.latest(reading(), row.round_id)
    corrected = latest if latest.number > row.result.number else None
    context = {
        "line": line, "form": form, "awaited": awaited, "beside": [name for name in moves if name not in awaited],
        "corrected": corrected,
        "still_opens": corrected and facts.opens(queries.unit_in(results.month(corrected), row.unit_id)),
        "retest": again, "reaches": facts.reaches, "rules": rules, "unknown": workdays.UNKNOWN,
        "suggestion": rules.suggestion(line.facts.streak), "wording": wording, "look": seen or Look(),
    }  # fmt: skip
    refused = form.form_errors or context["look"].refusal
    return render_template("followups/case.html", **context), 409 if refused else 422 if form.errors else 200


def _prepare(form: MoveForm, line: queries.Line, awaited: tuple[str, ...], again: UnitMonth | None) -> None:
    """What the form offers, and words to begin with where there are any. again: the figures of the retest."""
    form.move.choices = [SelectChoice(name, rules.MOVES[name].text) for name in awaited]
    if len(awaited) == 1:
        form.move.data = awaited[0]
        form.text.label.text = rules.MOVES[awaited[0]].text
        form.text.description = rules.ASKS[awaited[0]]
    if request.method == "GET" and awaited == ("plan",):
        form.text.data = facts.plan_draft(line.facts)
    if request.method == "GET" and "propose" in awaited and again:
        form.move.data = "propose" if facts.reaches(again.counts, line.facts.missed) else "send_back"
        form.text.data = facts.evidence(line.facts, again.counts)


def _fresh_retest(days: workdays.Calendar, today: date) -> RetestForm:
    opens = workdays.add_working_days(today, 3, days).on
    closes = workdays.add_working_days(opens, 2, days).on
    return RetestForm(None, opens_at=datetime.combine(opens, time(9)), closes_at=datetime.combine(closes, time(18)))


@bp.post("/<int:case_id>/retest")
@needs(Role.OFFICER)
def retest(case_id: int):
    """Publish a retest for the case's unit."""
    form = RetestForm()
    if not form.submitted():
        return _case_page(case_id, form)
    asked = {name: _moment(getattr(form, name).data) for name in ("opens_at", "closes_at")}
    asked |= {"everyone": form.whom.data == "all", "by": me()}
    try:
        seen = _looked(case_id, asked, form.shown.data)
        if not seen.ready:
            return _case_page(case_id, form, seen)
        with writing() as db:
            row, days = queries.case_(db, case_id, me(), lock=True), queries.calendar(db)
            actions.plan_retest(db, row, form.text.data, drawn=seen.ready, **asked, now=clock.now(), calendar=days)
            reached, due_on = rules.STATES[row.state].text, row.due_on
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _case_page(case_id, form)
    _say("retest", reached, due_on)
    return redirect(url_for("followups.case", case_id=case_id))


def _looked(case_id: int, asked: dict, shown: str) -> Look:
    """What came of drawing the papers of a retest that may be held, before the transaction."""
    now, row, days = clock.now(), queries.case_(reading(), case_id, me()), queries.calendar(reading())
    actions.called_to_retest(reading(), row, **asked, now=now, calendar=days)
    on = clock.day(max(now, asked["opens_at"]))
    return look(lambda: queries.retest_drawn(reading(), row, on=on), shown)


def _moment(typed: datetime) -> datetime:
    return clock.at(typed.date(), typed.time())


@bp.route("/<int:case_id>/<any(object, waive, reopen, propose, send_back):move>", methods=["GET", "POST"])
@needs(Role.OFFICER, Role.CLERK)
def beside(case_id: int, move: str):
    """A step beside the usual way, on a page of its own."""
    form = WaiveForm() if move == "waive" else SideForm()
    if form.submitted() and _moved(case_id, move, _words(form), form, _until(form)):
        return redirect(url_for("followups.case", case_id=case_id))
    row = queries.case_(reading(), case_id, me())
    days, today = queries.calendar(reading()), clock.day(clock.now())
    if request.method == "GET" and move not in queries.open_to(row, me(), today, days):
        raise NotFound("这件跟进现在不能这样办理，或者它不由您办理。请回到跟进台账查看。")
    form.text.label.text, form.text.description = rules.MOVES[move].text, rules.ASKS[move]
    context = {"line": queries.line(row, days, today), "form": form, "move": move, "rules": rules}
    return render_template("followups/beside.html", **context), 409 if form.form_errors else 422 if form.errors else 200


def _words(form: SideForm) -> str:
    if isinstance(form, WaiveForm):
        return f"{form.text.data}\n负责人：{form.owner.data}；暂缓至 {words.day(form.until.data)}。"
    return form.text.data


def _until(form: SideForm) -> date | None:
    return form.until.data if isinstance(form, WaiveForm) else None


@bp.get("/months")
@needs(Role.OFFICER)
def months():
    """Closed months from which cases may be opened."""
    return render_template("followups/months.html", months=queries.months(reading(), me()))


@bp.route("/months/<int:result_id>", methods=["GET", "POST"])
@needs(Role.OFFICER)
def month(result_id: int):
    """Which units a closed month opens a case for, and which it does not and why."""
    if Confirm().submitted():
        with writing() as db:
            opened = actions.open_cases(db, results.own_result(db, result_id, me()), by=me(), now=clock.now())
        flash(f"新立 {len(opened)} 件跟进。" if opened else "没有需要新立的跟进。", "done")
        return redirect(url_for("followups.month", result_id=result_id))
    result = results.own_result(reading(), result_id, me())
    value = results.month(result)
    known = queries.cases_of_round(reading(), result.round_id)
    opening = [unit for unit in value.units if facts.opens(unit)]
    context = {
        "result": result, "month": value, "cases": known, "opening": opening, "rules": rules, "form": Confirm(),
        "fresh": [unit for unit in opening if unit.unit_id not in known],
        "by_chance": [unit for unit in value.units if unit.shortfalls and not facts.opens(unit) and not unit.small],
        "small": [unit for unit in value.units if unit.small], "facts_of": facts.facts_of, "wording": wording,
    }  # fmt: skip
    return render_template("followups/month.html", **context)


@bp.get("/reminders")
@needs(Role.OFFICER)
def reminders():
    """催办单: whose turn is past its day, with the phones of those in charge; printed, never sent."""
    days, now = queries.calendar(reading()), clock.now()
    statement = queries.ledger(me(), "overdue", clock.day(now), days, Role.OFFICER)
    lines = queries.lines(reading(), statement, days, clock.day(now))
    contacts = queries.contacts(reading(), clock.day(now))
    rows = [(line, queries.nearest(contacts, line.state.turn, line.case.unit.path)) for line in lines]
    return render_template("followups/reminders.html", rows=rows, rules=rules, now=now)


@bp.route("/calendar", methods=["GET", "POST"])
@needs(Role.OFFICER)
def calendar():
    """The county's working days: which years are known, and entering a year's holidays."""
    form, county = CalendarForm(), roster.root(reading())
    may_enter = county is not None and me().covers(county.path, Role.OFFICER)
    if form.submitted():
        if not may_enter:
            raise NotAllowed("工作日安排由县级管理员录入。")
        if _entered(form):
            return redirect(url_for("followups.calendar"))
    return _calendar_page(form, may_enter)


def _entered(form: CalendarForm) -> bool:
    try:
        entries = workdays.read_entries(form.days.data)
    except Refused as refused:
        form.days.errors = [refused.message]
        return False
    with writing() as db:
        changed = actions.enter_days(db, entries, by=me(), now=clock.now())
    flash(f"已录入 {changed} 天。已经确定的期限不变，以后的期限按新的安排计算。", "done")
    return True


def _calendar_page(form: CalendarForm, may_enter: bool):
    this_year = clock.day(clock.now()).year
    year = min(max(request.args.get("year", this_year, type=int), workdays.PUBLISHED_FROM), this_year + 5)
    days = queries.calendar(reading())
    context = {
        "form": form, "may_enter": may_enter, "year": year, "years": range(this_year - 1, this_year + 3), "calendar": days,
        "published_to": workdays.PUBLISHED_TO, "entered": queries.calendar_days(reading(), year),
    }  # fmt: skip
    return render_template("followups/calendar.html", **context), 422 if form.errors else 200
