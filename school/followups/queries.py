"""Reading cases inside somebody's scope, the county's calendar, and what a case is judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from school import clock
from school.access import Member, Role
from school.accounts.models import Account, GrantedRole
from school.errors import NotFound
from school.followups import case as rules
from school.followups import facts
from school.followups.facts import Facts
from school.followups.models import CalendarDay, Case
from school.followups.workdays import Calendar, working_days_late
from school.quizzes import drawing_queries
from school.quizzes.drawn import Drawn
from school.quizzes.models import Round
from school.results import queries as results
from school.results.figures import Month, UnitMonth
from school.results.models import MonthResult
from school.roster import queries as roster
from school.roster.models import Person, Unit

SEES_CASES = (Role.OFFICER, Role.CLERK, Role.COMMITTEE)
#: months offered for opening cases
MONTHS = 24
SHOWN = {"open": "正在办理", "overdue": "已过期限", "closed": "已办结", "all": "全部"}


def calendar(db: Session) -> Calendar:
    """The working days as the county keeps them."""
    return Calendar({row.day: row.working for row in db.scalars(select(CalendarDay))})


def calendar_days(db: Session, year: int) -> list[CalendarDay]:
    """The county's own entries for a year."""
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(db.scalars(select(CalendarDay).where(within).order_by(CalendarDay.day)))


@dataclass(frozen=True)
class Line:
    """A case as the ledger shows it. late: working days past the due day; known: whether that year's holidays are."""

    case: Case
    facts: Facts
    late: int
    known: bool

    @property
    def state(self) -> rules.State:
        """Where the case stands, in words."""
        return rules.STATES[self.case.state]

    def written(self, *moves: str) -> str:
        """What was last written with one of the moves; empty when none was taken."""
        return next((step.text for step in reversed(self.case.steps) if step.move in moves), "")


def line(case: Case, days: Calendar, today: date) -> Line:
    """A case with what its page and the ledger need to know."""
    known = case.due_on is None or days.knows(case.due_on.year)
    return Line(case, facts.from_data(case.facts), working_days_late(case.due_on, today, days), known)


def standing(case: Case) -> rules.Standing:
    """Where a case stands, told by its signed steps."""
    signed = [rules.Signed(step.move, _signer(step), step.was_due_on) for step in case.steps]
    return rules.standing(signed, case.due_on, case.facts["streak"])


def _signer(step) -> int | str:
    return step.signed_by if step.account_id is None else step.account_id


def case_(db: Session, case_id: int, by: Member, *, lock: bool = False) -> Case:
    """A case of the member's subtrees with its steps, else NotFound. lock: to be moved."""
    statement = _whole(select(Case).where(Case.id == case_id))
    found = db.scalars(statement.with_for_update(of=Case) if lock else statement).one_or_none()
    if found is None:
        raise NotFound
    by.must_cover(found.unit.path, *SEES_CASES)
    return found


def _whole(statement: Select) -> Select:
    return statement.options(
        joinedload(Case.unit, innerjoin=True), joinedload(Case.round, innerjoin=True), selectinload(Case.steps)
    )


def ledger(by: Member, show: str, today: date, days: Calendar, *roles: Role) -> Select:
    """Cases of the member's subtrees, the latest month first, within it in 建制顺序 and never by how late they are.

    show: a key of SHOWN.  roles: those whose subtrees are meant; all that see cases when none is named.
    """
    statement = (
        select(Case)
        .join(Case.unit)
        .join(Case.round)
        .where(roster.within(by.paths(*(roles or SEES_CASES))))
        .order_by(Round.month.desc(), Round.id.desc(), Unit.order_no, Unit.id)
    )
    return _whole(statement.where(_shown(show, today, days)))


def _shown(show: str, today: date, days: Calendar):
    if show == "all":
        return Case.id.is_not(None)
    if show == "closed":
        return Case.state == "closed"
    if show == "overdue":
        return and_(Case.state != "closed", Case.due_on < days.last_working(today))
    return Case.state != "closed"


def lines(db: Session, statement: Select, days: Calendar, today: date) -> list[Line]:
    """The cases of a statement as lines."""
    return [line(case, days, today) for case in db.scalars(statement)]


def cases_waiting_for(db: Session, member: Member, now: datetime) -> list[Line]:
    """Cases whose next step this member can take, the one due first at the head. Objections one might make are not in it."""
    days, today = calendar(db), clock.day(now)
    states = [name for name, state in rules.STATES.items() if state.turn and member.has(state.turn)]
    paths = member.paths(Role.OFFICER, Role.CLERK)
    statement = _whole(select(Case).join(Case.unit).where(Case.state.in_(states), roster.within(paths)))
    found = [
        case
        for case in db.scalars(statement.order_by(Case.due_on, Unit.order_no, Case.id))
        if _can(case, member, today, days)
    ]
    return [line(case, days, today) for case in found]


def _can(case: Case, member: Member, today: date, days: Calendar) -> bool:
    state = rules.STATES[case.state]
    open_now = rules.open_to(standing(case), rules.hats(member, case.unit.path), _own(member), today, days)
    return state.turn in rules.hats(member, case.unit.path) and bool(set(state.asks) & set(open_now))


def _own(member: Member) -> int | str:
    return member.name if member.account_id is None else member.account_id


def open_to(case: Case, member: Member, today: date, days: Calendar) -> tuple[str, ...]:
    """Moves this member may make on a case now."""
    return rules.open_to(standing(case), rules.hats(member, case.unit.path), _own(member), today, days)


def months(db: Session, by: Member) -> list[tuple[MonthResult, int]]:
    """Closed months of the units the member officers, the latest first, each with how many cases it opened."""
    counted = select(Case.round_id, func.count().label("cases")).group_by(Case.round_id).subquery()
    statement = (
        results.months(by)
        .where(Round.repeats_id.is_(None), roster.within(by.paths(Role.OFFICER)))
        .add_columns(func.coalesce(counted.c.cases, 0))
        .outerjoin(counted, counted.c.round_id == MonthResult.round_id)
    )
    return [(result, count) for result, count in db.execute(statement.limit(MONTHS))]


def cases_of_round(db: Session, round_id: int) -> dict[int, Case]:
    """Unit id -> the case a round has opened."""
    return {case.unit_id: case for case in db.scalars(select(Case).where(Case.round_id == round_id))}


def streaks(db: Session, result: MonthResult, unit_ids: Collection[int]) -> dict[int, int]:
    """Unit id -> closed months in a row up to this one in which the unit fell short (by more than chance)."""
    history = {unit_id: [True] for unit_id in unit_ids}
    going_on = set(unit_ids)
    for earlier in db.scalars(_before(result)).all():
        if not going_on:
            break
        short = {unit.unit_id for unit in results.month(earlier).units if facts.opens(unit)}
        for unit_id in going_on:
            history[unit_id].append(unit_id in short)
        going_on &= short
    return {unit_id: rules.streak(months) for unit_id, months in history.items()}


def _before(result: MonthResult) -> Select:
    """The last versions of the regular months before one, the nearest first; their values are read one by one."""
    same = and_(MonthResult.month == result.month, MonthResult.round_id < result.round_id)
    return results.latest_versions().where(
        Round.repeats_id.is_(None),
        Round.unit_id == result.round.unit_id,
        or_(MonthResult.month < result.month, same),
    )


def unit_in(month: Month, unit_id: int) -> UnitMonth | None:
    """One unit of a closed month; None when it is not in it."""
    return next((unit for unit in month.units if unit.unit_id == unit_id), None)


def retest_drawn(db: Session, case: Case, *, on: date) -> Drawn:
    """The papers of the retest a case asks for next, of questions its unit has not seen; drawn again, they are the same.

    on: the day it opens. No draft keeps a seed, so it comes from the round's and from where the case stands.
    """
    seed = f"{case.round.seed}/{case.id}/{len(case.steps)}"[:40]
    return drawing_queries.drawn_again(db, case.round, case.unit.path, seed=seed, on=on)


def retest_of(db: Session, case: Case) -> UnitMonth | None:
    """The unit's figures in the case's retest; None before that round is closed."""
    found = results.latest(db, case.retest_id) if case.retest_id else None
    return None if found is None else unit_in(results.month(found), case.unit_id)


@dataclass(frozen=True)
class Contact:
    """Somebody to remind: name and phone as they are in the roster (the phone may be empty)."""

    path: str
    role: Role
    name: str
    phone: str


def contacts(db: Session, on: date) -> list[Contact]:
    """Clerks and officers in office on a day, with their phones."""
    statement = (
        select(Unit.path, GrantedRole.role, Account.name, Person.phone)
        .join(GrantedRole.unit)
        .join(Account, Account.id == GrantedRole.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(
            GrantedRole.role.in_((Role.CLERK, Role.OFFICER)), GrantedRole.from_on <= on, Account.disabled_at.is_(None)
        )
        .where(or_(GrantedRole.until_on.is_(None), GrantedRole.until_on > on))
        .order_by(Account.name, Account.id)
    )
    return [Contact(path, Role(role), name, phone or "") for path, role, name, phone in db.execute(statement)]


def nearest(found: Iterable[Contact], role: Role, path: str) -> list[Contact]:
    """Those whose subtree is the smallest that contains the unit; officers must stand above it."""
    reach = rules.superior(path) if role is Role.OFFICER else path
    fitting = [contact for contact in found if contact.role is role and reach.startswith(contact.path)]
    longest = max((len(contact.path) for contact in fitting), default=0)
    return [contact for contact in fitting if len(contact.path) == longest]
