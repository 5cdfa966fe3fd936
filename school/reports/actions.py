"""Issuing a report: its bytes are kept once, under a number, and never change."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.errors import Refused
from school.jobs import Job
from school.reports import papers, queries
from school.reports.models import Report
from school.results.figures import Month, UnitMonth
from school.results.models import MonthResult

#: how often a number that somebody else took at the same moment is replaced by the next
TRIES = 20


def issue(
    db: Session,
    result: MonthResult,
    month: Month,
    unit: UnitMonth | None,
    format: str,
    content: bytes,
    *,
    by: Member,
    now: datetime,
) -> Report:
    """Keep a drawn paper under the next free number of its month; what was issued before is returned instead.

    month: the result's frozen value.  unit: None for the paper of the whole round.  content: `papers.draw` of these.
    Refused for a make-up.
    """
    must_have_papers(result)
    kind, unit_id = queries.place(result, unit)
    for _ in range(TRIES):
        if standing := queries.standing(db, result, unit, format):
            return standing
        report = Report(
            result_id=result.id, unit_id=unit_id, kind=kind, format=format, title=papers.title(month, unit)[:200],
            number=f"{result.month:%Y-%m}-{queries.last_number(db, result.month) + 1:03}", issued_at=now,
            issued_by=by.name, sha256=hashlib.sha256(content).hexdigest(), content=content,
        )  # fmt: skip
        if _added(db, report):
            after = {"number": report.number, "title": report.title, "format": format, "sha256": report.sha256}
            audit.record(db, by, "issue_report", report, at=now, after=after)
            return report
    raise Refused("同时签发的人太多，没有取到编号，请再点一次。")


def must_have_papers(result: MonthResult) -> None:
    """Refuse papers of a make-up's own result: they would judge people who are no unit."""
    if result.round.repeats_kind == "makeup":
        raise Refused("补考不单独出报告：补考合格的人数印在原轮次的报告里。请到原轮次的结果页，办理更正后签发。")


def _added(db: Session, report: Report) -> bool:
    """Whether the row could be written; not when somebody else took the number or issued the same a moment ago."""
    try:
        with db.begin_nested():
            db.add(report)
    except IntegrityError:
        return False
    return True


def cancel_job(db: Session, job: Job, *, by: Member, now: datetime) -> bool:
    """Stop a job that has not ended; what it has issued so far stays issued. False when it was already over."""
    open_job = update(Job).where(Job.id == job.id, Job.state.in_(("waiting", "running")))
    if not db.execute(open_job.values(state="cancelled", finished_at=now)).rowcount:
        return False
    audit.record(db, by, "cancel_job", job, at=now)
    return True


def note_taken(db: Session, about: Report | MonthResult, name: str, *, by: Member, now: datetime) -> None:
    """Write down that somebody took an issued report, or all of a month's, away as a file."""
    audit.record(db, by, "take_report", about, at=now, after={"name": name})
