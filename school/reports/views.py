"""Pages of the papers that leave the house: issued reports, alone and in bulk, and first-login slips."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from wtforms.fields.choices import SelectChoice

from school import clock, jobs
from school.access import Role
from school.accounts.actions import issue_slips
from school.errors import NotFound, Refused
from school.reports import actions, paper_views, papers, queries
from school.reports import slips as slip_papers
from school.reports.forms import IssueForm, SlipsForm
from school.reports.slips import Slip
from school.results import queries as results
from school.results.figures import UnitMonth
from school.roster import queries as roster
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs, public
from school.web.transaction import reading, writing

bp = Blueprint("reports", __name__)
bp.register_blueprint(paper_views.bp)


ISSUERS_OF_SLIPS = (Role.OFFICER, Role.CLERK, Role.SYSADMIN)
#: names offered for another slip at a time; a longer list is narrowed by a word first
OFFERED = 60


def _settings():
    return current_app.extensions["settings"]


def _fonts() -> Path | None:
    return papers.fonts_folder(_settings().fonts_dir)


def _download(content, media_type: str, name: str):
    """A file to keep, under its Chinese name, and in nobody's cache."""
    answer = send_file(content, mimetype=media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/reports")
@needs(*results.READERS)
def issued():
    """Issued reports of one's units, the latest first."""
    result_id = pages.number_asked("result")
    statement = queries.issued(me(), result_id=result_id)
    paging, shown = pages.slice_of(statement)
    found = reading().scalars(shown).all()
    return render_template(
        "reports/issued.html", reports=found, paging=paging, result_id=result_id, formats=papers.FORMATS
    )


@bp.post("/reports/of/<int:result_id>")
@needs(Role.OFFICER)
def issue(result_id: int):
    """Issue one paper of a closed month, or find the one that was issued before."""
    seen, form = results.seen(reading(), result_id, me()), _asked()
    unit = seen.unit(form.unit.data) if form.unit.data else None
    _must_officer(seen, unit)
    report = queries.standing(reading(), seen.result, unit, form.format.data)
    if report is None:
        drawn = papers.draw(seen.month, unit, form.format.data, folder=_fonts())
        with writing() as db:
            result = results.result(db, result_id, me(), Role.OFFICER)
            report = actions.issue(db, result, seen.month, unit, form.format.data, drawn, by=me(), now=clock.now())
    flash(f"报告已签发，编号 {report.number}。", "done")
    return redirect(url_for("reports.issued", result=result_id))


def _asked() -> IssueForm:
    form = IssueForm()
    if not form.submitted():
        raise Refused("这一页打开得太久了，请返回月结的结果页再点一次。")
    return form


def _must_officer(seen: results.Seen, unit: UnitMonth | None) -> None:
    if unit is None or unit.unit_id not in seen.officered:
        me().must_cover(seen.result.round.unit.path, Role.OFFICER)


@bp.get("/reports/<int:report_id>/file")
@needs(*results.READERS)
def file(report_id: int):
    """The issued bytes."""
    report = queries.report(reading(), report_id, me())
    name = papers.file_name(report.number, report.title, report.format)
    content, kind = BytesIO(report.content), papers.FORMATS[report.format][1]
    with writing() as db:
        actions.note_taken(db, report, report.number, by=me(), now=clock.now())
    return _download(content, kind, name)


@bp.get("/check/<number>")
@public
def check(number: str):
    """What anybody may know of a paper in their hand: title, number, time and hash, no figures."""
    return render_template("reports/check.html", report=queries.by_number(reading(), number.strip()))


@bp.post("/reports/of/<int:result_id>/units")
@needs(Role.OFFICER)
def issue_all(result_id: int):
    """Ask for every unit's paper in the background."""
    seen, format = results.seen(reading(), result_id, me()), _asked().format.data
    actions.must_have_papers(seen.result)
    if not seen.officered:
        raise NotFound
    arguments = {
        "result_id": result_id,
        "unit_ids": sorted(seen.officered),
        "format": format,
        "folder": _settings().fonts_dir,
        "account_id": me().account_id,
        "name": me().name,
        "url": url_for("reports.bundle", result_id=result_id, format=format),
    }
    title = f"{seen.month.round_title}：全部单位报告（{papers.FORMATS[format][0]}）"[:120]
    with writing() as db:
        asked = jobs.ask(db, queries.ISSUE_ALL, title, arguments, by_id=me().account_id, now=clock.now())
    return redirect(url_for("reports.job", job_id=asked.id))


@bp.get("/reports/jobs/<int:job_id>")
@needs(Role.OFFICER)
def job(job_id: int):
    """How far a bulk issue is."""
    found = queries.job(reading(), job_id, me())
    return render_template("reports/job.html", job=found, form=Confirm())


@bp.post("/reports/jobs/<int:job_id>/cancel")
@needs(Role.OFFICER)
def cancel(job_id: int):
    """Stop a bulk issue."""
    if Confirm().submitted():
        with writing() as db:
            stopped = actions.cancel_job(db, queries.job(db, job_id, me()), by=me(), now=clock.now())
        flash(
            "已停止，已经签发的报告保留。" if stopped else "这项工作已经结束，不用停止。",
            "done" if stopped else "notice",
        )
    return redirect(url_for("reports.job", job_id=job_id))


@bp.get("/reports/of/<int:result_id>/units.<any(pdf, xlsx):format>.zip")
@needs(*results.READERS)
def bundle(result_id: int, format: str):
    """All issued unit reports of a closed month in one's units, as one file."""
    found = results.result(reading(), result_id, me())
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for report in reading().scalars(queries.bundle(me(), result_id, format).execution_options(yield_per=20)):
            name = papers.file_name(report.number, report.title, report.format)
            archive.writestr(ZipInfo(name, _stamp(report.issued_at)), report.content)
    packed.seek(0)
    name = papers.file_name(f"{found.month:%Y-%m}", f"{found.round.title} 单位报告", "zip")
    with writing() as db:
        actions.note_taken(db, found, name, by=me(), now=clock.now())
    return _download(packed, "application/zip", name)


def _stamp(moment: datetime) -> tuple[int, ...]:
    return clock.local(moment).timetuple()[:6]


@bp.route("/reports/slips/<int:unit_id>", methods=["GET", "POST"])
@needs(*ISSUERS_OF_SLIPS)
def slips(unit_id: int):
    """How many first-login slips of a unit will be printed and what ends with them; then the slips."""
    unit = roster.unit(reading(), unit_id, me(), *ISSUERS_OF_SLIPS)
    people = queries.slip_people(reading(), unit, me(), clock.day(clock.now()))
    words = request.args.get("words", "").strip()
    found = [one for one in people.old if words in one.person.name or one.person.staff_no.startswith(words)]
    form = SlipsForm(new=bool(people.new))
    form.people.choices = [
        SelectChoice(one.person.id, f"{one.person.name}（{one.person.staff_no}，{one.unit.short_name}）")
        for one in found[:OFFERED]
    ]
    if form.submitted() and (form.people.data or (form.new.data and people.new)):
        return _printed(unit_id, everybody_new=form.new.data, ids=set(form.people.data))
    if request.method == "POST":
        form.form_errors.append("没有选到人，请勾选要打印登录条的人。")
    context = {"unit": unit, "people": people, "found": len(found), "offered": OFFERED, "form": form, "words": words}
    return render_template("reports/slips.html", **context, days=_settings().slip_days)


def _printed(unit_id: int, *, everybody_new: bool, ids: set[int]):
    """Fresh codes for the people chosen and the PDF that is their only copy."""
    settings, now = _settings(), clock.now()
    with writing() as db:
        unit = roster.unit(db, unit_id, me(), *ISSUERS_OF_SLIPS)
        people = queries.slip_people(db, unit, me(), clock.day(now))
        chosen = [*(people.new if everybody_new else ()), *(one for one in people.old if one.person.id in ids)]
        codes = issue_slips(
            db, [one.person for one in chosen], secret=current_app.secret_key, days=settings.slip_days, by=me(), now=now
        )
    printed = [
        Slip(one.unit.short_name, one.person.name, one.person.staff_no, slip.code, slip.valid_until)
        for one, slip in zip(chosen, codes, strict=True)
    ]
    address = settings.public_url or request.host_url.rstrip("/")
    drawn = slip_papers.draw(printed, county=settings.county, address=address, folder=_fonts())
    return _download(BytesIO(drawn), "application/pdf", papers.file_name(unit.short_name, "首次登录条", "pdf"))
