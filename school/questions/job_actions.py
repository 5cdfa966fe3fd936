"""Large question files in the background: read and compared, then taken in, each in one transaction at its end."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine
from sqlalchemy.orm import undefer

from school import clock
from school import db as ground
from school.access import Member
from school.jobs import Progress
from school.questions import actions, look_actions, queries
from school.questions.models import Bank, BankImport

READ, LOAD = "read_questions", "load_questions"


def read_questions(engine: Engine, arguments: Mapping, progress: Progress) -> tuple[str, str]:
    """Look at an upload and keep its preview. arguments: import_id, url of the look."""
    with ground.reading(engine) as db:
        kept = db.get_one(BankImport, arguments["import_id"], options=[undefer(BankImport.content)])
        came = look_actions.upload_of(kept)
        upload = look_actions.readable(came)
        seen = look_actions.look(db, db.get_one(Bank, kept.bank_id), upload, progress)
    with ground.writing(engine) as db:
        kept = db.get_one(BankImport, arguments["import_id"])
        if upload is not came:
            kept.content = upload.content
        look_actions.keep(db, kept, seen)
    progress(look_actions.STEPS, look_actions.STEPS)
    return "核对完毕。", arguments["url"]


def load_questions(engine: Engine, arguments: Mapping, progress: Progress) -> tuple[str, str]:
    """Take an upload in. arguments: import_id, leave, account_id and name of whoever asked, url of the bank."""
    progress(0, look_actions.STEPS)
    with ground.reading(engine) as db:
        kept = db.get_one(BankImport, arguments["import_id"], options=[undefer(BankImport.content)])
        reading = look_actions.read_again(look_actions.upload_of(kept))
    progress(1, look_actions.STEPS)
    by = Member(arguments["account_id"], None, arguments["name"])
    with ground.writing(engine) as db:
        kept = queries.upload(db, arguments["import_id"])
        counts = actions.load_bank(
            db, kept, reading, trusted=False, by=by, now=clock.now(), leave=set(arguments["leave"])
        )
    progress(look_actions.STEPS, look_actions.STEPS)
    return actions.told(counts), arguments["url"]


#: kind of job -> its function, for the worker
JOBS = {READ: read_questions, LOAD: load_questions}
