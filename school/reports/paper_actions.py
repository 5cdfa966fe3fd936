"""Printing for people who answer on paper: checked, noted in the audit log, and kept when it is large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from school import audit
from school.access import Member, Role
from school.errors import Refused
from school.quizzes.models import Round
from school.quizzes.queries import CandidateRow
from school.reports import paper_queries, paper_secrecy
from school.reports.models import PaperPrint
from school.reports.paper_value import Wanted


def kept_back(db: Session, round_: Round, *, by: Member, now: datetime) -> str:
    """Why this member may not print question papers of the round now; empty when they may."""
    return paper_secrecy.kept_back(
        chief=by.covers(round_.unit.path, Role.OFFICER),
        still_to_answer=paper_queries.still_to_answer(db, round_, by),
        opens_at=round_.opens_at,
        now=now,
    )


def note_printing(
    db: Session, round_: Round, rows: Sequence[CandidateRow], wanted: Wanted, *, by: Member, now: datetime
) -> None:
    """Write down who prints what for how many people. Refused: nothing to print, a round that is over, secret questions."""
    if round_.state != "published":
        raise Refused("只有已发布、还没有结束的轮次才能打印纸质材料。")
    if not rows:
        raise Refused("没有可以打印的人：所选的人都已开始答题或交卷。")
    if not (wanted.papers or wanted.sheets or wanted.lists):
        raise Refused("请至少选一样：试卷、答题卡或签到表。")
    if wanted.papers and (why := kept_back(db, round_, by=by, now=now)):
        raise Refused(why)
    units = list(dict.fromkeys(row.unit.code for row in rows))
    after = {"count": len(rows), "unit": units if len(units) <= 20 else f"{len(units)} 个单位", **asdict(wanted)}
    if len(rows) <= 20:
        after["people"] = [row.person.staff_no for row in rows]
    audit.record(db, by, "print_papers", round_, at=now, after=after)


def keep(
    db: Session, *, round_id: int, ticket: str, content: bytes, asked_by_id: int | None, now: datetime
) -> PaperPrint:
    """Keep a printing for whoever asked; whatever has waited too long, and an earlier run of the same, goes."""
    old = or_(PaperPrint.ticket == ticket, PaperPrint.made_at <= now - paper_queries.KEPT)
    db.execute(delete(PaperPrint).where(old))
    row = PaperPrint(round_id=round_id, ticket=ticket, asked_by_id=asked_by_id, made_at=now, content=content)
    db.add(row)
    db.flush()
    return row
