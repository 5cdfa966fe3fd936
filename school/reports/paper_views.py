"""Pages of printing for people who answer on paper: question papers, answer sheets, sign-in lists."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from wtforms.fields.choices import SelectChoice

from school import clock, jobs
from school.quizzes import queries as quizzes
from school.quizzes.models import Round
from school.quizzes.queries import CandidateRow
from school.reports import actions, paper_actions, paper_batch, paper_queries, papers
from school.reports.paper_forms import PaperForm
from school.reports.paper_value import Wanted
from school.roster.models import Unit
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("papers", __name__, url_prefix="/rounds/<int:round_id>/paper")

#: people printed while the browser waits; more go into the background
AT_ONCE = 100
USUAL = {"papers": True, "sheets": True, "lists": True, "duplex": True}


@bp.route("/", methods=["GET", "POST"])
@needs(*paper_queries.PRINTERS)
def choose(round_id: int):
    """Choose units, people and what to print; then the file, or the page of the work in the background."""
    found = quizzes.round_(reading(), round_id, me(), *paper_queries.PRINTERS)
    rows = paper_queries.printable(reading(), found, me())
    why = paper_actions.kept_back(reading(), found, by=me(), now=clock.now())
    form = PaperForm(data={**USUAL, "papers": not why, "unit": pages.number_asked("unit")})
    of_unit = [row for row in rows if row.unit.id == form.unit.data]
    form.people.choices = [SelectChoice(row.candidate.id, _named(row)) for row in of_unit]
    if form.submitted():
        return _printed(round_id, form)
    context = {"round": found, "units": _units(rows), "unit": of_unit[0].unit if of_unit else None, "kept_back": why}
    counts = {"waiting": sum(row.standing == "waiting" for row in of_unit or rows), "people": len(of_unit or rows)}
    return render_template("reports/papers.html", form=form, now=clock.now(), at_once=AT_ONCE, **context, **counts)


def _named(row: CandidateRow) -> str:
    return f"{row.candidate.name}（{row.person.staff_no}{'，免考' if row.standing == 'exempt' else ''}）"


def _units(rows: Sequence[CandidateRow]) -> list[tuple[Unit, int]]:
    """Units that somebody can be printed for, in 建制顺序, each with how many people."""
    units = {row.unit.id: row.unit for row in rows}
    counts = Counter(row.unit.id for row in rows)
    return [(unit, counts[unit.id]) for unit in units.values()]


def _printed(round_id: int, form: PaperForm):
    """Note the printing, then draw it at once or ask for it."""
    wanted, now = form.wanted(), clock.now()
    with writing() as db:
        found = quizzes.round_(db, round_id, me(), *paper_queries.PRINTERS, lock=True)
        rows = [row for row in paper_queries.printable(db, found, me()) if _chosen(row, form)]
        large = len(rows) > AT_ONCE
        asked = paper_queries.under_way(db, _told(found, rows, wanted), me()) if large else None
        if asked is None:
            paper_actions.note_printing(db, found, rows, wanted, by=me(), now=now)
        if large:
            asked = asked or _ask(db, found, rows, wanted)
            return redirect(url_for("reports.papers.job", round_id=round_id, job_id=asked.id))
        batch = paper_queries.batch(db, found, rows, county=_settings().county)
    content = paper_batch.draw(batch, wanted, folder=papers.fonts_folder(_settings().fonts_dir))
    unit = rows[0].unit.short_name if form.unit.data else ""
    return _download(content, f"{batch.terms.title} {unit}")


def _chosen(row: CandidateRow, form: PaperForm) -> bool:
    in_unit = not form.unit.data or row.unit.id == form.unit.data
    return in_unit and (not form.people.data or row.candidate.id in form.people.data)


def _settings():
    return current_app.extensions["settings"]


def _told(found: Round, rows: Sequence[CandidateRow], wanted: Wanted) -> dict:
    """What of which round is printed for whom, as a job keeps it."""
    return {"round_id": found.id, "candidate_ids": [row.candidate.id for row in rows], "wanted": asdict(wanted)}


def _ask(db, found: Round, rows: Sequence[CandidateRow], wanted: Wanted) -> jobs.Job:
    ticket = secrets.token_hex(16)
    arguments = _told(found, rows, wanted) | {
        "ticket": ticket, "account_id": me().account_id, "county": _settings().county, "folder": _settings().fonts_dir,
        "url": url_for("reports.papers.file", round_id=found.id, ticket=ticket),
    }  # fmt: skip
    title = f"{found.title}：纸质材料（{len(rows)} 人）"[-120:]
    return jobs.ask(db, paper_queries.PRINT, title, arguments, by_id=me().account_id, now=clock.now())


def _download(content: bytes, name: str):
    title = papers.file_name(name.strip(), "纸质材料", "pdf")
    answer = send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=title)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/jobs/<int:job_id>")
@needs(*paper_queries.PRINTERS)
def job(round_id: int, job_id: int):
    """How far a large printing is."""
    found = quizzes.round_(reading(), round_id, me(), *paper_queries.PRINTERS)
    asked = paper_queries.print_job(reading(), job_id, me())
    return render_template(
        "reports/paper_job.html", round=found, job=asked, form=Confirm(), days=paper_queries.KEPT.days
    )


@bp.post("/jobs/<int:job_id>/cancel")
@needs(*paper_queries.PRINTERS)
def cancel(round_id: int, job_id: int):
    """Stop a large printing."""
    if Confirm().submitted():
        with writing() as db:
            asked = paper_queries.print_job(db, job_id, me())
            stopped = actions.cancel_job(db, asked, by=me(), now=clock.now())
        flash("已停止。" if stopped else "这项工作已经结束，不用停止。", "done" if stopped else "notice")
    return redirect(url_for("reports.papers.job", round_id=round_id, job_id=job_id))


@bp.get("/files/<ticket>.pdf")
@needs(*paper_queries.PRINTERS)
def file(round_id: int, ticket: str):
    """A finished printing, for whoever asked for it."""
    found = quizzes.round_(reading(), round_id, me(), *paper_queries.PRINTERS)
    kept = paper_queries.printed(reading(), ticket, me(), clock.now())
    return _download(kept.content, found.title)
