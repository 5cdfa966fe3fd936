"""Deeds of sign-in: accounts, slips, passwords, sign-ins, roles."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from school import audit
from school.access import Member, Role
from school.accounts import passwords
from school.accounts.models import Account, FailedSignIn, GrantedRole, SignIn
from school.errors import NotAllowed, Refused
from school.roster.models import Person, Unit


@dataclass(frozen=True)
class Lockout:
    """How many wrong passwords an account may give before it waits, and how long."""

    after: int
    wait: timedelta


@dataclass(frozen=True)
class NewSlip:
    """A first-login code as it is printed, once: the table keeps only its keyed hash."""

    person: Person
    code: str
    valid_until: datetime


def open_system_account(
    db: Session, login_name: str, name: str, password_hash: str, *, by: Member, now: datetime
) -> Account:
    """An account for somebody who is not in the roster (system administrator, auditor). Refused: a name in use."""
    if db.scalars(select(Account).where(Account.login_name == login_name)).first():
        raise Refused(f"登录名“{login_name}”已经有人使用，请换一个。")
    account = Account(login_name=login_name, name=name, password_hash=password_hash, changed_at=now)
    db.add(account)
    audit.record(db, by, "open_account", account, at=now, after={"login_name": login_name})
    return account


def issue_slips(
    db: Session, people: Sequence[Person], *, secret: str, days: int, by: Member, now: datetime
) -> list[NewSlip]:
    """A fresh first-login code for each person; an account is opened where there is none.

    The old password, the old code and every open sign-in of the person end with it.
    """
    accounts = _accounts_of(db, people)
    until = now + timedelta(days=days)
    slips = []
    for person in people:
        account = accounts.get(person.id) or _open_account(db, person)
        slip = NewSlip(person, passwords.new_code(), until)
        account.slip_hash, account.slip_until = passwords.code_hash(slip.code, secret), until
        account.password_hash, account.failures, account.locked_until = "", 0, None
        slips.append(slip)
    db.flush()
    ids = [account.id for account in _accounts_of(db, people).values()]
    for some in _batches(ids):
        db.execute(update(SignIn).where(SignIn.account_id.in_(some), SignIn.ended_at.is_(None)).values(ended_at=now))
    audit.record(db, by, "issue_slips", "account", at=now, after={"people": [p.staff_no for p in people]})
    return slips


def _open_account(db: Session, person: Person) -> Account:
    account = Account(login_name=person.staff_no, name=person.name, person_id=person.id)
    db.add(account)
    return account


def _accounts_of(db: Session, people: Sequence[Person]) -> dict[int, Account]:
    ids = [person.id for person in people]
    found = {}
    for some in _batches(ids):
        found |= {
            account.person_id: account for account in db.scalars(select(Account).where(Account.person_id.in_(some)))
        }
    return found


def _batches(ids: list[int], size: int = 500) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def sign_in(
    db: Session,
    account: Account,
    *,
    address: str,
    device: str,
    lasts: timedelta,
    must_change: bool,
    now: datetime,
) -> str:
    """Begin a sign-in after the password was right; returns the random token for the cookie, kept nowhere else."""
    token = secrets.token_urlsafe(32)
    account.failures, account.locked_until, account.must_change = 0, None, account.must_change or must_change
    if must_change:
        account.slip_hash, account.slip_until = "", None
    row = SignIn(
        token_hash=passwords.token_hash(token), account_id=account.id, began_at=now, seen_at=now,
        expires_at=now + lasts, address=address, device=device[:200],
    )  # fmt: skip
    db.add(row)
    audit.record(db, Member(account.id, account.person_id, account.name, address=address), "sign_in", account, at=now)
    return token


def end_every_sign_in(db: Session, *, now: datetime) -> None:
    """Sign everybody out; whoever calls it writes the audit line that says why."""
    db.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now))


def refuse_sign_in(
    db: Session, account: Account | None, given: str, *, address: str, lockout: Lockout, now: datetime
) -> None:
    """Write down a wrong password; the account waits after too many of them."""
    db.add(FailedSignIn(address=address, at=now))
    db.execute(delete(FailedSignIn).where(FailedSignIn.at < now - timedelta(days=1)))
    nobody = Member(None, None, "未登录", address=address)
    if account is None:
        audit.record(db, nobody, "refuse_sign_in", "account", at=now, after={"given": given[:40]})
        return
    account.failures += 1
    if account.failures >= lockout.after:
        account.locked_until, account.failures = now + lockout.wait, 0
    audit.record(db, nobody, "refuse_sign_in", account, at=now, after={"locked_until": account.locked_until})


def set_password(
    db: Session, account: Account, password_hash: str, *, keep_token: str, by: Member, now: datetime
) -> None:
    """A person's own new password. Every other browser of theirs is signed out."""
    account.password_hash, account.must_change, account.changed_at = password_hash, False, now
    account.slip_hash, account.slip_until = "", None
    others = SignIn.token_hash != passwords.token_hash(keep_token)
    end_sign_ins(db, account.id, now=now, where=others)
    audit.record(db, by, "set_password", account, at=now)


def end_sign_ins(db: Session, account_id: int, *, now: datetime, where=True) -> int:
    """End an account's open sign-ins (those that `where` names); returns how many."""
    mine = (SignIn.account_id == account_id) & SignIn.ended_at.is_(None)
    return db.execute(update(SignIn).where(mine, where).values(ended_at=now)).rowcount


def sign_out(db: Session, token: str, *, by: Member, now: datetime) -> None:
    """End the one sign-in this browser has; a second time changes nothing."""
    mine = (SignIn.token_hash == passwords.token_hash(token)) & SignIn.ended_at.is_(None)
    if db.execute(update(SignIn).where(mine).values(ended_at=now)).rowcount:
        audit.record(db, by, "sign_out", "account", at=now)


def grant(
    db: Session,
    account: Account,
    role: Role,
    unit: Unit,
    *,
    from_on: date,
    until_on: date | None,
    by: Member,
    now: datetime,
) -> GrantedRole:
    """Give a role on a unit's subtree. Refused: to oneself, and roles that must stay apart in one hand.

    A slip printed before ends: whoever printed it for a learner must not come to hold it for an officer.
    """
    if by.account_id == account.id:
        raise NotAllowed("不能给自己的账号授权，请由另一位系统管理员办理。")
    held = {Role(row.role) for row in account.granted if row.until_on is None or row.until_on > from_on}
    if Role.AUDITOR in held | {role} and (held | {role}) - {Role.AUDITOR, Role.LEARNER}:
        raise Refused("审计角色不能与其他管理角色由同一个账号担任。")
    account.slip_hash, account.slip_until = "", None
    row = GrantedRole(account_id=account.id, role=role, unit_id=unit.id, from_on=from_on, until_on=until_on)
    account.granted.append(row)
    after = {
        "account": account.login_name,
        "role": role,
        "unit": unit.code,
        "from": from_on,
        "until": until_on,
    }
    audit.record(db, by, "grant_role", row, at=now, after=after)
    return row


def revoke(db: Session, row: GrantedRole, *, on: date, by: Member, now: datetime) -> None:
    """End a role from a day on."""
    before = {"role": row.role, "until": row.until_on}
    row.until_on = max(on, row.from_on)
    audit.record(db, by, "revoke_role", row, at=now, before=before, after={"until": row.until_on})


def disable(db: Session, account: Account, *, by: Member, now: datetime) -> None:
    """Close an account and end its sign-ins; its name stays in what it signed."""
    if by.account_id == account.id:
        raise NotAllowed("不能停用自己的账号。")
    account.disabled_at = now
    end_sign_ins(db, account.id, now=now)
    audit.record(db, by, "disable_account", account, at=now)


def enable(db: Session, account: Account, *, by: Member, now: datetime) -> None:
    """Open a closed account again."""
    account.disabled_at = None
    audit.record(db, by, "enable_account", account, at=now)
