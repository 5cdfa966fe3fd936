"""Reading issued reports, jobs and the people slips are printed for, each inside somebody's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from school.access import Member, Role
from school.accounts.models import Account, GrantedRole
from school.accounts.queries import members
from school.errors import NotFound
from school.jobs import Job
from school.reports.models import Report
from school.results.figures import UnitMonth
from school.results.models import MonthResult
from school.results.queries import READERS
from school.roster.models import Assignment, Person, Unit
from school.roster.plan import HOME
from school.roster.queries import within

ISSUE_ALL = "unit_reports"


def issued(by: Member, *, result_id: int | None = None) -> Select:
    """Reports on units of the member's subtrees, the latest first. The county's own lies in the county's subtree."""
    statement = (
        select(Report)
        .join(Report.unit)
        .where(within(by.paths(*READERS)))
        .options(joinedload(Report.unit), joinedload(Report.result).joinedload(MonthResult.round))
        .order_by(Report.issued_at.desc(), Report.id.desc())
    )
    return statement.where(Report.result_id == result_id) if result_id else statement


def report(db: Session, report_id: int, by: Member) -> Report:
    """One issued report with its bytes, inside the member's subtrees, else NotFound."""
    statement = select(Report).join(Report.unit).where(Report.id == report_id, within(by.paths(*READERS)))
    found = db.scalars(statement.options(undefer(Report.content))).one_or_none()
    if found is None:
        raise NotFound
    return found


def place(result: MonthResult, unit: UnitMonth | None) -> tuple[str, int]:
    """Kind and unit id under which a paper of a result is kept; without a unit, the round's own."""
    return ("unit", unit.unit_id) if unit else ("county", result.round.unit_id)


def standing(db: Session, result: MonthResult, unit: UnitMonth | None, format: str) -> Report | None:
    """The report already issued for this, if there is one."""
    kind, unit_id = place(result, unit)
    where = (Report.result_id == result.id) & (Report.kind == kind) & (Report.unit_id == unit_id)
    return db.scalars(select(Report).where(where, Report.format == format)).one_or_none()


def by_number(db: Session, number: str) -> Report:
    """The report of a number, for anybody who holds the paper; else NotFound."""
    found = db.scalars(select(Report).where(Report.number == number)).one_or_none()
    if found is None:
        raise NotFound("没有这个编号的报告，请核对编号，例如 2026-10-003。")
    return found


def last_number(db: Session, month: date) -> int:
    """The highest number given in a month; 0 before the first."""
    prefix = f"{month:%Y-%m}-"
    statement = select(Report.number).where(Report.number.startswith(prefix))
    last = db.scalars(statement.order_by(func.length(Report.number).desc(), Report.number.desc()).limit(1)).first()
    return int(last.removeprefix(prefix)) if last else 0


def bundle(by: Member, result_id: int, format: str) -> Select:
    """Unit reports of a result in one format with their bytes, in 建制顺序."""
    statement = issued(by, result_id=result_id).where(Report.kind == "unit", Report.format == format)
    return statement.options(undefer(Report.content)).order_by(None).order_by(Unit.order_no, Unit.id)


def job(db: Session, job_id: int, by: Member) -> Job:
    """A job of bulk reports: for whoever asked for it and for officers of the round's unit, else NotFound."""
    found = db.get(Job, job_id)
    if found is None or found.kind != ISSUE_ALL:
        raise NotFound
    if found.started_by_id is None or found.started_by_id != by.account_id:
        result = db.get_one(MonthResult, found.arguments["result_id"])
        by.must_cover(result.round.unit.path, Role.OFFICER)
    return found


@dataclass(frozen=True)
class SlipPeople:
    """People of a unit's subtree as slips see them, in 建制顺序 and roster order, each once.

    new: they have no password yet.  old: they sign in already.  kept: holders of a role, whose slips only the system
    administrator prints.  away: here on loan; whoever keeps their home unit prints. For a slip opens the account to
    whoever holds it.
    """

    new: tuple[SlipPerson, ...]
    old: tuple[SlipPerson, ...]
    kept: tuple[SlipPerson, ...]
    away: tuple[SlipPerson, ...]


class SlipPerson(NamedTuple):
    person: Person
    unit: Unit


def slip_people(db: Session, unit: Unit, by: Member, on: date) -> SlipPeople:
    """Who in a unit's subtree may get a first-login slip from this member today. Closed accounts get none."""
    administered = within(by.paths(Role.SYSADMIN))
    held = select(GrantedRole.account_id).join(GrantedRole.unit).where(~administered)
    holders = set(db.scalars(held.where(or_(GrantedRole.until_on.is_(None), GrantedRole.until_on > on))))
    groups: dict[str, dict[int, SlipPerson]] = {"new": {}, "old": {}, "kept": {}, "away": {}}
    for person, home, _, account, away in db.execute(
        members(db, (unit.path,), on).add_columns(_at_home_elsewhere(by, on))
    ):
        if account is None or not account.disabled_at:
            name = "away" if away else _group(account, holders)
            groups[name].setdefault(person.id, SlipPerson(person, home))
    return SlipPeople(*(tuple(groups[name].values()) for name in ("new", "old", "kept", "away")))


def _at_home_elsewhere(by: Member, on: date) -> ColumnElement[bool]:
    """The condition that a person's home post lies outside the member's subtrees."""
    post, home = aliased(Assignment), aliased(Unit)
    ours = or_(False, *(home.path.startswith(path) for path in by.paths(Role.OFFICER, Role.CLERK, Role.SYSADMIN)))
    holds = (post.from_on <= on) & or_(post.until_on.is_(None), post.until_on > on)
    posts = select(post.id).join(home, home.id == post.unit_id).where(post.person_id == Person.id, post.kind.in_(HOME))
    return posts.where(holds, ~ours).correlate(Person).exists()


def _group(account: Account | None, holders: set[int]) -> str:
    if account is not None and account.id in holders:
        return "kept"
    return "old" if account is not None and account.password_hash else "new"
