"""Who can sign in to the demo county: one known account or more for every role, made by the deeds real ones are made by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from school import access, clock
from school.access import Member, Role
from school.accounts import actions, queries
from school.accounts.models import Account
from school.accounts.passwords import Cost
from school.demo.county import CODE, TOWNS, County, DemoPerson, DemoUnit
from school.roster.models import Person, Unit

#: of every account; public, which is why a demo county is served on loopback only
PASSWORD = "Yunling2026"
MAKER = access.command_line("演示")


@dataclass(frozen=True)
class Login:
    """One line of the printed table. look: what this role does first."""

    role: str
    login_name: str
    name: str
    unit: str
    password: str
    look: str


@dataclass
class Cast:
    """Accounts by what they do. clerks: unit name -> account id."""

    officer: int = 0
    second_officer: int = 0
    learner: str = ""
    clerks: dict[str, int] = field(default_factory=dict)
    logins: list[Login] = field(default_factory=list)


def acting(db: Session, account_id: int, now: datetime) -> Member:
    """The member an account is at a moment, with the roles it really holds."""
    return queries.member(db, db.get_one(Account, account_id), clock.day(now))


def hire(
    db: Session, county: County, clerks: list[DemoUnit], *, cost: Cost, secret: str, since: date, now: datetime
) -> Cast:
    """Open the accounts and grant the roles. clerks: units whose 联络员 get an account."""
    hash_, cast = cost.hashed(PASSWORD), Cast()
    office = _Office(db, county, hash_, secret, since, now, cast)
    named = {unit.name: unit for unit in county.units}
    party, town = county.staff(named["县委组织部"]), named[TOWNS[0]]
    village = next(unit for unit in county.of("村") if unit.parent == town.name)
    cast.officer = office.give(party[1], Role.OFFICER, CODE, "月测、成绩、报告、跟进：全县都能看、能办")
    cast.second_officer = office.give(party[2], Role.OFFICER, CODE, "另一位县级管理员：销号要由不同的人签字")
    office.give(county.staff(village)[0], Role.TEACHER, village.code, "今晚的课次卡；有一次课等着补录")
    for unit in clerks:
        look = "本单位名册、应考情况、跟进" if unit != clerks[0] else "一件跟进等着说明情况"
        cast.clerks[unit.name] = office.give(_clerk_of(county, unit), Role.CLERK, unit.code, look)
    committee = county.staff(named["县委办公室"])[0]
    office.give(committee, Role.COMMITTEE, CODE, "上月报告；每个百分数都能点开名单")
    office.open_system("shenji", "审计员", Role.AUDITOR, "审计日志")
    office.open_system("xitong", "系统管理员", Role.SYSADMIN, "账号、角色、首次登录条")
    learner = learner_of(county)
    cast.learner = learner.staff_no
    office.give(learner, None, "", "本月测试正在开放，还没有作答；上月的成绩和解析")
    return cast


def learner_of(county: County) -> DemoPerson:
    """The cadre whose account is printed: somebody of the first town who has not begun this month's quiz."""
    return county.staff(next(unit for unit in county.units if unit.name == TOWNS[0]))[7]


def _clerk_of(county: County, unit: DemoUnit) -> DemoPerson:
    return county.staff(unit)[5 if unit.kind == "乡镇" else 2]


@dataclass
class _Office:
    db: Session
    county: County
    hash_: str
    secret: str
    since: date
    now: datetime
    cast: Cast

    def give(self, person: DemoPerson, role: Role | None, code: str, look: str) -> int:
        """An account for somebody of the roster, by slip and new password, with a role on a unit's subtree."""
        row = self.db.scalars(select(Person).where(Person.staff_no == person.staff_no)).one()
        actions.issue_slips(self.db, [row], secret=self.secret, days=30, by=MAKER, now=self.now)
        account = self.db.scalars(select(Account).where(Account.person_id == row.id)).one()
        own = Member(account.id, row.id, row.name, row.staff_no)
        actions.set_password(self.db, account, self.hash_, keep_token="", by=own, now=self.now)
        return self._finish(account, role, code, person.posts[0].unit, look)

    def open_system(self, login_name: str, name: str, role: Role, look: str) -> int:
        """An account for somebody outside the roster."""
        account = actions.open_system_account(self.db, login_name, name, self.hash_, by=MAKER, now=self.now)
        return self._finish(account, role, CODE, "", look)

    def _finish(self, account: Account, role: Role | None, code: str, unit: str, look: str) -> int:
        if role:
            row = self.db.scalars(select(Unit).where(Unit.code == code)).one()
            actions.grant(self.db, account, role, row, from_on=self.since, until_on=None, by=MAKER, now=self.now)
        text = (role or Role.LEARNER).text
        self.cast.logins.append(Login(text, account.login_name, account.name, unit, PASSWORD, look))
        return account.id
