"""Pages on which questions are taken away as a file: what was found in a bank, in one of the kinds of `exports`."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, request, send_file

from school import clock
from school.access import Role
from school.errors import NotFound, Refused
from school.questions import actions, queries, search_queries
from school.questions.content import draft_of
from school.questions.draft import AUDIENCE_WORDS, KIND_WORDS, Draft
from school.questions.exports import EXPORTS, POORER, Export
from school.questions.forms import wanted
from school.questions.search import Wanted
from school.questions.vocabulary import STATE_WORDS
from school.web.guard import me, needs
from school.web.transaction import reading, writing

bp = Blueprint("exports", __name__)

#: so many remarks on what a file cannot carry are shown
SHOWN = 200


@bp.get("/<int:bank_id>/export")
@needs(Role.OFFICER)
def choose(bank_id: int):
    """Choose a kind of file for what was looked for in a bank."""
    found, asked = queries.bank(reading(), bank_id, me()), wanted(request.args)
    context = {
        "count": search_queries.questions_matching(reading(), bank_id, asked),
        "said": _said(asked),
        "filters": {name: value for name, value in request.args.items() if value},
    }
    return render_template("questions/export.html", bank=found, exports=EXPORTS, poorer=POORER, **context)


def _said(asked: Wanted) -> list[str]:
    """What was looked for, in words."""
    told = (
        ("查找", asked.words), ("专题", asked.topic), ("题型", KIND_WORDS.get(asked.kind)), ("依据", asked.law),
        ("难度", asked.difficulty), ("对象", AUDIENCE_WORDS.get(asked.audience)), ("状态", STATE_WORDS.get(asked.state)),
    )  # fmt: skip
    return [f"{name}：{value}" for name, value in told if value]


@bp.get("/<int:bank_id>/export/<kind>")
@needs(Role.OFFICER)
def file(bank_id: int, kind: str):
    """The file itself."""
    found, export = queries.bank(reading(), bank_id, me()), _export(kind)
    drafts = _drafts(bank_id, export.most)
    content, _ = export.write(drafts, found.title)
    with writing() as db:
        actions.note_export(db, queries.bank(db, bank_id, me()), kind, len(drafts), by=me(), now=clock.now())
    name = " ".join(f"{found.title} {clock.day(clock.now())} {export.name}.{export.ending}".split())
    return send_file(io.BytesIO(content), export.mimetype, as_attachment=True, download_name=name)


@bp.get("/<int:bank_id>/export/<kind>/losses")
@needs(Role.OFFICER)
def losses(bank_id: int, kind: str):
    """What of which question a kind of file cannot carry."""
    found, export = queries.bank(reading(), bank_id, me()), _export(kind)
    drafts = _drafts(bank_id, export.most)
    _, remarks = export.write(drafts, found.title)
    context = {"remarks": remarks[:SHOWN], "lost": len(remarks), "count": len(drafts)}
    return render_template("questions/losses.html", bank=found, export=export, **context)


def _export(kind: str) -> Export:
    if kind not in EXPORTS:
        raise NotFound
    return EXPORTS[kind]


def _drafts(bank_id: int, most: int) -> list[Draft]:
    found = search_queries.newest_matching(reading(), bank_id, wanted(request.args), most=most + 1)
    if len(found) > most:
        raise Refused(f"这种文件一个最多放 {most} 道题。请先按专题或依据缩小范围，分几次导出。")
    pictures = queries.pictures(reading(), [version.id for version in found])
    return [draft_of(version, version.question.code, pictures.get(version.id, ())) for version in found]
