"""Pages of the roster: the unit tree, a unit's people, and the import in three steps: choose, look, write."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from sqlalchemy import select

from school import clock, files, jobs
from school.errors import BadFile, NotFound, Refused
from school.roster import actions, queries, sheet, template
from school.roster.forms import UploadForm, WriteForm
from school.roster.models import RosterImport, Unit
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("roster", __name__, url_prefix="/roster")

KEEPS = queries.KEEPS
#: a larger file is read in the background
AT_ONCE = 1024 * 1024


@bp.get("/")
@needs(*KEEPS)
def units():
    """One's units in 建制顺序 with how many people each has."""
    on, paths = clock.day(clock.now()), me().paths(*KEEPS)
    found = queries.units(reading(), paths, on)
    return render_template("roster/units.html", units=found, heads=queries.heads(reading(), paths, on), on=on)


@bp.get("/units/<int:unit_id>")
@needs(*KEEPS)
def unit(unit_id: int):
    """One unit: its people today, what it came from and went into."""
    on = clock.day(clock.now())
    found = queries.unit(reading(), unit_id, me(), *KEEPS)
    context = {"people": queries.people_of(reading(), unit_id, on), "history": _history(unit_id), "on": on}
    return render_template("roster/unit.html", unit=found, **context)


def _history(unit_id: int) -> list[tuple]:
    """(day, old unit, new unit) of each handing over."""
    found = queries.successions(reading(), unit_id)
    ids = {one for row in found for one in (row.old_unit_id, row.new_unit_id)}
    named = {unit.id: unit for unit in reading().scalars(select(Unit).where(Unit.id.in_(ids)))}
    return [(row.happened_on, named[row.old_unit_id], named[row.new_unit_id]) for row in found]


@bp.get("/people/<int:person_id>")
@needs(*KEEPS)
def person(person_id: int):
    """One person: all assignments with their days."""
    found = queries.person(reading(), person_id, me(), clock.day(clock.now()), *KEEPS)
    return render_template("roster/person.html", person=found)


@bp.get("/template.xlsx")
@needs(*KEEPS)
def blank():
    """An empty roster file with the headings that are always understood, and one line as an example."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return send_file(io.BytesIO(template.workbook()), kind, as_attachment=True, download_name="花名册模板.xlsx")


@bp.route("/import", methods=["GET", "POST"])
@needs(*KEEPS)
def choose():
    """First step: choose a file."""
    form = UploadForm(on=clock.day(clock.now()))
    if form.submitted():
        content, name = form.file.data.read(files.LIMIT_BYTES + 1), form.file.data.filename or ""
        try:
            return redirect(_take(content, name, form))
        except BadFile as problem:
            form.file.errors = [problem.message]
    return render_template("roster/choose.html", form=form), 422 if form.errors else 200


def _take(content: bytes, name: str, form: UploadForm) -> str:
    """Keep the file, look at once or in the background; the address of the next step."""
    small = len(content) <= AT_ONCE
    read = sheet.read(content, name) if small else None
    with writing() as db:
        kept = actions.keep_upload(db, name, content, path=_path(), on=form.on.data, by=me(), now=clock.now())
        if small:
            kept.preview = actions.preview(actions.look(db, read, path=kept.path, on=kept.effective_on))
            return url_for("roster.look", import_id=kept.id)
        job = jobs.ask(
            db,
            "read_roster",
            f"正在核对 {kept.file_name}",
            {"import_id": kept.id},
            by_id=me().account_id,
            now=clock.now(),
        )
        return url_for("roster.job", job_id=job.id)


def _path() -> str:
    """The widest subtree the uploader answers for."""
    return min(me().paths(*KEEPS), key=len)


@bp.route("/imports/<int:import_id>", methods=["GET", "POST"])
@needs(*KEEPS)
def look(import_id: int):
    """Second step: what must be mended, or what would change. Third step: write it."""
    kept = queries.roster_import(reading(), import_id, me())
    form = WriteForm()
    if form.submitted():
        return redirect(_write(kept, form.leaving.data))
    names = dict(reading().execute(select(Unit.code, Unit.short_name)).all())
    return render_template(
        "roster/look.html", kept=kept, seen=kept.preview, form=form, names=names, shown=actions.SHOWN
    )


def _write(kept: RosterImport, leaving: bool) -> str:
    if kept.written_at:
        raise Refused("这份花名册已经写入过了。")
    if len(kept.content) > AT_ONCE:
        arguments = {"import_id": kept.id, "leaving": leaving, "by": me().account_id, "name": me().name}
        with writing() as db:
            title = f"正在写入 {kept.file_name}"
            job = jobs.ask(db, "write_roster", title, arguments, by_id=me().account_id, now=clock.now())
        return url_for("roster.job", job_id=job.id)
    read = sheet.read(kept.content, kept.file_name)
    with writing() as db:
        row = db.get_one(RosterImport, kept.id, with_for_update=True)
        actions.write_upload(db, row, read, leaving=leaving, by=me(), now=clock.now())
    flash("花名册已写入。", "done")
    return url_for("roster.units")


@bp.get("/jobs/<int:job_id>")
@needs(*KEEPS)
def job(job_id: int):
    """How far a large file is."""
    found = reading().get(jobs.Job, job_id)
    if found is None or found.started_by_id != me().account_id:
        raise NotFound
    if found.state == "done":
        flash(found.message, "done")
        return redirect(found.result_url)
    return render_template("roster/job.html", job=found, confirm=Confirm())
