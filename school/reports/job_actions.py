"""Printing in bulk, in the background: every unit's report of a closed month, and papers for thousands of people."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine
from sqlalchemy.orm import Session, undefer

from school import clock
from school import db as ground
from school.access import EVERYWHERE, Member
from school.jobs import Progress
from school.quizzes import queries as quizzes
from school.quizzes.models import Round
from school.reports import actions, paper_actions, paper_batch, paper_queries, papers, queries
from school.reports.paper_value import Wanted
from school.results import queries as results
from school.results.models import MonthResult


def unit_reports(engine: Engine, arguments: Mapping, progress: Progress) -> tuple[str, str]:
    """Issue the papers of `unit_ids` of a result in one format; those issued before are passed over.

    arguments: result_id, unit_ids, format, folder (of the county's fonts, or empty), account_id and name of whoever
    asked, url of the finished bundle. Each paper is a transaction of its own, so that a second run goes on where the
    first ended. Returns what came of it and where it is.
    """
    by, format = Member(arguments["account_id"], None, arguments["name"]), arguments["format"]
    folder = papers.fonts_folder(arguments["folder"])
    with Session(engine, expire_on_commit=False) as db:
        result = db.get_one(MonthResult, arguments["result_id"], options=[undefer(MonthResult.value)])
        month = results.month(result)
    wanted = set(arguments["unit_ids"])
    units = [unit for unit in month.units if unit.unit_id in wanted]
    for done, unit in enumerate(units):
        progress(done, len(units))
        with Session(engine) as db:
            standing = queries.standing(db, result, unit, format)
        if standing is None:
            content = papers.draw(month, unit, format, folder=folder)
            with ground.writing(engine) as db:
                row = db.get_one(MonthResult, result.id)
                actions.issue(db, row, month, unit, format, content, by=by, now=clock.now())
    progress(len(units), len(units))
    return f"{len(units)} 个单位的报告都已签发。", arguments["url"]


def paper_print(engine: Engine, arguments: Mapping, progress: Progress) -> tuple[str, str]:
    """Draw question papers, answer sheets and sign-in lists of the candidates that were chosen and checked when asked for.

    arguments: round_id, candidate_ids, wanted (of paper_value.Wanted), ticket, account_id, county, folder (of the county's
    fonts, or empty), url of the file. Drawing writes nothing; the file is kept in one transaction at the end.
    """
    wanted, chosen = Wanted(**arguments["wanted"]), set(arguments["candidate_ids"])
    with Session(engine) as db:
        round_ = db.get_one(Round, arguments["round_id"])
        rows = [row for row in quizzes.candidate_rows(db, round_.id, (EVERYWHERE,)) if row.candidate.id in chosen]
        batch = paper_queries.batch(db, round_, rows, county=arguments["county"])
    folder = papers.fonts_folder(arguments["folder"])
    content = paper_batch.draw(batch, wanted, folder=folder, told=progress)
    kept = {name: arguments[name] for name in ("round_id", "ticket")}
    with ground.writing(engine) as db:
        paper_actions.keep(db, **kept, content=content, asked_by_id=arguments["account_id"], now=clock.now())
    return f"{len(rows)} 人的纸质材料已经生成。", arguments["url"]


#: kind of job -> its function, for the worker
JOBS = {queries.ISSUE_ALL: unit_reports, paper_queries.PRINT: paper_print}
