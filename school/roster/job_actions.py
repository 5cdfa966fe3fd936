"""A large roster file in the background: read it and keep what it would change, or write it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine

from school import clock
from school import db as ground
from school.access import Member
from school.jobs import Progress
from school.roster import actions, sheet
from school.roster.models import RosterImport


def read_job(engine: Engine, arguments: Mapping, progress: Progress) -> tuple[str, str]:
    """In the background: read a large file and keep its preview."""
    with ground.reading(engine) as db:
        kept = db.get_one(RosterImport, arguments["import_id"])
        content, name, path, on = kept.content, kept.file_name, kept.path, kept.effective_on
    progress(0, 3)
    read = sheet.read(content, name)
    progress(1, 3)
    with ground.reading(engine) as db:
        seen = actions.look(db, read, path=path, on=on)
    progress(2, 3)
    with ground.writing(engine) as db:
        db.get_one(RosterImport, arguments["import_id"]).preview = actions.preview(seen)
    return "核对完毕。", f"/roster/imports/{arguments['import_id']}"


def write_job(engine: Engine, arguments: Mapping, progress: Progress) -> tuple[str, str]:
    """In the background: write a large file in one transaction."""
    with ground.reading(engine) as db:
        kept = db.get_one(RosterImport, arguments["import_id"])
        read = sheet.read(kept.content, kept.file_name)
    by = Member(arguments["by"], None, arguments["name"])
    with ground.writing(engine) as db:
        kept = db.get_one(RosterImport, arguments["import_id"], with_for_update=True)
        actions.write_upload(db, kept, read, leaving=arguments["leaving"], by=by, now=clock.now())
    return "花名册已写入。", "/roster/"


#: kind of job -> its function, for the worker
JOBS = {"read_roster": read_job, "write_roster": write_job}
