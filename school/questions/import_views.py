"""Pages of the import in three steps: choose a file or paste, look (and say what columns are), take in."""

from __future__ import annotations

import io
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import undefer

from school import clock, files, jobs
from school.access import Role
from school.errors import BadFile, NotFound, Refused
from school.files import old_word
from school.questions import actions, answer_file, intake, job_actions, look_actions, preview, queries, template
from school.questions.columns import Mapping
from school.questions.draft import KIND_WORDS
from school.questions.forms import KeyForm, UploadForm, columns_form
from school.questions.look_actions import Look, Upload
from school.questions.models import Bank, BankImport, PictureFile
from school.questions.preview import SHOWN
from school.web.forms import Confirm
from school.web.guard import me, needs
from school.web.pictures import sent
from school.web.transaction import reading, writing

bp = Blueprint("imports", __name__)

#: a file of more bytes is read in the background, and so is a container that unpacks to about as much
AT_ONCE, PACKED_AT_ONCE = 1024 * 1024, 256 * 1024
#: more questions are taken in in the background
TAKEN_AT_ONCE = 2000
#: characters of pasted text that are looked at while somebody types
LIVE = 100_000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/<int:bank_id>/import", methods=["GET", "POST"])
@needs(Role.OFFICER)
def choose(bank_id: int):
    """First step: a file or pasted text."""
    found = queries.bank(reading(), bank_id, me())
    form = UploadForm()
    if form.submitted():
        content, name = _uploaded(form)
        try:
            return redirect(_keep(found, content, name))
        except BadFile as problem:
            form.file.errors = [problem.message]
    context = {"bank": found, "form": form, "converts": old_word.converter() is not None}
    return render_template("questions/choose.html", **context), 422 if form.errors else 200


def _uploaded(form: UploadForm) -> tuple[bytes, str]:
    if form.file.data and form.file.data.filename:
        return form.file.data.read(files.LIMIT_BYTES + 1), form.file.data.filename
    return form.pasted.data.encode(), "粘贴的题目"


def _is_large(content: bytes) -> bool:
    """Whether a file is worked on in the background: a large one, and one that has to be converted first."""
    if files.kind(content) == "doc" and old_word.converter():
        return True
    return len(content) > (PACKED_AT_ONCE if content.startswith(b"PK") else AT_ONCE)


def _keep(bank: Bank, content: bytes, name: str) -> str:
    """Keep an upload that can be read, looked at now or in the background; the address of the next step."""
    if len(content) > files.LIMIT_BYTES:
        raise BadFile(f"文件超过 {files.LIMIT_BYTES >> 20} MB，请拆成几个文件后分别上传。")
    upload = Upload(name, content)
    seen = None if _is_large(content) else look_actions.look(reading(), bank, upload)
    with writing() as db:
        kept = actions.keep_upload(db, db.get_one(Bank, bank.id), name, content, by=me(), now=clock.now())
        return _looked_at(db, kept, seen)


def _looked_at(db, kept: BankImport, seen: Look | None) -> str:
    """Keep the look, or ask for one in the background; the address of the next step."""
    if seen:
        look_actions.keep(db, kept, seen)
        return _next(kept)
    address = url_for("questions.imports.look", bank_id=kept.bank_id, import_id=kept.id)
    arguments = {"bank_id": kept.bank_id, "import_id": kept.id, "url": address}
    return _queue(db, job_actions.READ, f"正在核对 {kept.file_name}"[:120], arguments)


def _queue(db, kind: str, title: str, arguments: dict) -> str:
    job = jobs.ask(db, kind, title, arguments, by_id=me().account_id, now=clock.now())
    return url_for("questions.imports.job", bank_id=arguments["bank_id"], job_id=job.id)


def _next(kept: BankImport) -> str:
    """The look, or before it the page that asks for columns without which nothing can be read."""
    needed = [table["place"] for table in kept.preview["unclear"] if not table["complete"]]
    if needed and not kept.preview["counts"]["accepted"]:
        return url_for("questions.imports.tell", bank_id=kept.bank_id, import_id=kept.id, place=needed[0])
    return url_for("questions.imports.look", bank_id=kept.bank_id, import_id=kept.id)


@bp.post("/<int:bank_id>/import/live")
@needs(Role.OFFICER)
def live(bank_id: int):
    """A fragment for the paste box: what would be understood of the text so far. Keeps nothing."""
    queries.bank(reading(), bank_id, me())
    form = UploadForm()
    if not form.submitted():
        return render_template("questions/_live.html", counts=None)
    read = intake.read_text(form.pasted.data[:LIVE])
    seen = preview.preview(read, ["new"] * len(read.drafts), {}, [], [])
    return render_template("questions/_live.html", **seen, kinds=KIND_WORDS, cut=len(form.pasted.data) > LIVE)


@bp.route("/<int:bank_id>/imports/<int:import_id>", methods=["GET", "POST"])
@needs(Role.OFFICER)
def look(bank_id: int, import_id: int):
    """Second step: what was understood and what was not. Third step: take it in, but for what was ticked."""
    found = queries.bank(reading(), bank_id, me())
    kept = queries.bank_import(reading(), bank_id, import_id)
    if kept.preview is None:
        raise NotFound
    form = Confirm()
    if form.submitted():
        return redirect(_take(kept, request.form.getlist("leave", type=int)))
    context = {"seen": kept.preview, "kinds": KIND_WORDS, "shown": SHOWN}
    context["key"] = KeyForm() if kept.preview["counts"]["review"] and intake.takes_key(kept.content) else None
    return render_template("questions/look.html", bank=found, kept=kept, form=form, **context)


def _take(kept: BankImport, leave: list[int]) -> str:
    """Take an upload in, now or in the background; the address of the next step."""
    if kept.written_at:
        raise Refused("这个文件已经收进题库了。")
    bank_id, import_id = kept.bank_id, kept.id
    address = url_for("questions.bank", bank_id=bank_id)
    if kept.preview["counts"]["accepted"] > TAKEN_AT_ONCE or _is_large(kept.content):
        arguments = {"bank_id": bank_id, "import_id": import_id, "leave": leave, "url": address}
        signed = {"account_id": me().account_id, "name": me().name}
        with writing() as db:
            return _queue(db, job_actions.LOAD, f"正在收题 {kept.file_name}"[:120], arguments | signed)
    read = look_actions.read_again(look_actions.upload_of(kept))
    with writing() as db:
        queries.bank(db, bank_id, me(), lock=True)
        row = queries.bank_import(db, bank_id, import_id)
        counts = actions.load_bank(db, row, read, trusted=False, by=me(), now=clock.now(), leave=set(leave))
    flash(actions.told(counts), "done")
    return url_for("questions.entries.entries", bank_id=bank_id) if counts["review"] else address


@bp.route("/<int:bank_id>/imports/<int:import_id>/columns/<int:place>", methods=["GET", "POST"])
@needs(Role.OFFICER)
def tell(bank_id: int, import_id: int, place: int):
    """Say what the columns of a table are; remembered by its header."""
    found = queries.bank(reading(), bank_id, me())
    kept = queries.bank_import(reading(), bank_id, import_id)
    asked = next((one for one in (kept.preview or {}).get("unclear", []) if one["place"] == place), None)
    if asked is None or kept.written_at:
        raise NotFound
    form = columns_form(asked)
    if form.submitted() and form.complete():
        return redirect(_told(found, kept, place, form.said()))
    code = 422 if form.errors else 200
    return render_template("questions/columns.html", bank=found, kept=kept, form=form, asked=asked), code


def _told(bank: Bank, kept: BankImport, place: int, said: Mapping) -> str:
    """Keep what the columns are and look at the file again."""
    upload = look_actions.with_said(look_actions.upload_of(kept), place, said)
    seen = None if _is_large(upload.content) else look_actions.look(reading(), bank, upload)
    with writing() as db:
        row = queries.bank(db, bank.id, me(), lock=True)
        kept = queries.bank_import(db, bank.id, kept.id)
        look_actions.tell(db, row, kept, upload, place, by=me(), now=clock.now())
        address = _looked_at(db, kept, seen)
    flash("已按您说的列读取。下次传同样表头的表格，不用再说。", "done")
    return address


@bp.post("/<int:bank_id>/imports/<int:import_id>/key")
@needs(Role.OFFICER)
def key(bank_id: int, import_id: int):
    """The answers of a paper come in a file of their own: look at the paper again with them."""
    found = queries.bank(reading(), bank_id, me())
    kept = queries.bank_import(reading(), bank_id, import_id)
    form = KeyForm()
    if not form.submitted():
        flash("请选择写着答案的文件，或者粘贴答案。", "problem")
        return redirect(url_for("questions.imports.look", bank_id=bank_id, import_id=import_id))
    content, name = _uploaded(form)
    return redirect(_with_key(found, kept, answer_file.text(content[: files.LIMIT_BYTES], name)))


def _with_key(bank: Bank, kept: BankImport, said: str) -> str:
    """Keep the answers and look at the file again; the address of the next step."""
    upload = replace(look_actions.upload_of(kept), key=said)
    seen = None if _is_large(upload.content) else look_actions.look(reading(), bank, upload)
    with writing() as db:
        queries.bank(db, bank.id, me(), lock=True)
        kept = queries.bank_import(db, bank.id, kept.id)
        look_actions.add_key(db, kept, said, by=me(), now=clock.now())
        return _looked_at(db, kept, seen)


@bp.get("/<int:bank_id>/jobs/<int:job_id>")
@needs(Role.OFFICER)
def job(bank_id: int, job_id: int):
    """How far a large file is."""
    found = queries.bank(reading(), bank_id, me())
    asked = reading().get(jobs.Job, job_id)
    if asked is None or asked.started_by_id != me().account_id or asked.arguments.get("bank_id") != bank_id:
        raise NotFound
    if asked.state == "done":
        flash(asked.message, "done")
        return redirect(asked.result_url)
    return render_template("questions/job.html", bank=found, job=asked, steps=look_actions.STEPS)


@bp.get("/<int:bank_id>/imports/<int:import_id>/refused.xlsx")
@needs(Role.OFFICER)
def refused(bank_id: int, import_id: int):
    """What was not understood, in our own template, to be mended and brought back."""
    queries.bank(reading(), bank_id, me())
    kept = queries.bank_import(reading(), bank_id, import_id)
    if kept.refused is None:
        raise NotFound
    return send_file(io.BytesIO(kept.refused), EXCEL, as_attachment=True, download_name="未收下的题目.xlsx")


@bp.get("/<int:bank_id>/imports/<int:import_id>/pictures/<sha256>")
@needs(Role.OFFICER)
def picture(bank_id: int, import_id: int, sha256: str):
    """A picture that the look shows."""
    queries.bank(reading(), bank_id, me())
    kept = queries.bank_import(reading(), bank_id, import_id)
    if sha256 not in preview.pictures(kept.preview or {}):
        raise NotFound
    return sent(reading().get_one(PictureFile, sha256, options=[undefer(PictureFile.content)]))


@bp.get("/template.xlsx")
@needs(Role.OFFICER)
def blank():
    """The empty spreadsheet form."""
    return send_file(io.BytesIO(template.write([])), EXCEL, as_attachment=True, download_name="题库模板.xlsx")
