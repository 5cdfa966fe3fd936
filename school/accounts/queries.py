"""Reading accounts, sign-ins, roles and the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from school.access import Grant, Member, Role
from school.accounts import audit_words
from school.accounts.models import Account, FailedSignIn, GrantedRole, SignIn
from school.accounts.passwords import token_hash
from school.audit import AuditLine
from school.errors import NotFound
from school.prepared import Prepared
from school.roster.models import Assignment, Person, Unit
from school.roster.queries import holds_on, root, within


def account_for_login(db: Session, given: str) -> Account | None:
    """The account of a staff number, or of a phone number that only one person has."""
    account = db.scalars(select(Account).where(Account.login_name == given)).one_or_none()
    if account or not given.isdigit() or len(given) < 7:
        return account
    by_phone = db.scalars(select(Account).join(Account.person).where(Person.phone == given).limit(2)).all()
    return by_phone[0] if len(by_phone) == 1 else None


def failures_from(db: Session, address: str, since: datetime) -> int:
    """Wrong passwords given from an address since a moment."""
    where = (FailedSignIn.address == address) & (FailedSignIn.at >= since)
    return db.scalar(select(func.count()).select_from(FailedSignIn).where(where))


def _open_sign_in() -> Select:
    sign_in, account = SignIn.__table__, Account.__table__
    columns = (
        sign_in.c.id.label("sign_in_id"), sign_in.c.seen_at, account.c.id, account.c.person_id, account.c.name,
        account.c.login_name, account.c.must_change, account.c.elder, account.c.letter_size,
        select(GrantedRole.id).where(GrantedRole.account_id == account.c.id).exists().label("has_roles"),
    )  # fmt: skip
    still = sign_in.c.ended_at.is_(None) & (sign_in.c.expires_at > bindparam("now")) & account.c.disabled_at.is_(None)
    return select(*columns).join_from(sign_in, account).where(sign_in.c.token_hash == bindparam("hash"), still)


#: built once: every request of everybody begins with it
OPEN_SIGN_IN = Prepared(_open_sign_in())


def open_sign_in(db: Connection, token: str, now: datetime) -> tuple | None:
    """What a browser's token stands for, unless the sign-in has ended or run out or the account is closed.

    sign_in_id, seen_at; of the account id, person_id, name, login_name, must_change, elder, letter_size; has_roles:
    whether it was ever granted any.
    """
    return OPEN_SIGN_IN.one(db, {"hash": token_hash(token), "now": now})


HELD = (
    select(GrantedRole.role, Unit.path)
    .join(GrantedRole.unit)
    .where(GrantedRole.account_id == bindparam("account_id"), GrantedRole.from_on <= bindparam("on"))
    .where(or_(GrantedRole.until_on.is_(None), GrantedRole.until_on > bindparam("on")))
    .order_by(GrantedRole.id)
)


def member(db: Session, account: Account | Row, on: date, address: str = "") -> Member:
    """An account (or the row of its open sign-in) with the roles it holds on a day."""
    may_hold = getattr(account, "has_roles", True)
    held = db.execute(HELD, {"account_id": account.id, "on": on}) if may_hold else ()
    grants = tuple(Grant(Role(role), path) for role, path in held)
    return Member(account.id, account.person_id, account.name, account.login_name, grants, address)


@dataclass(frozen=True)
class MemberRow:
    """One line of the list of accounts: a person of the roster with or without an account."""

    person: Person
    unit: Unit
    post: str
    account: Account | None


def members(db: Session, paths: tuple[str, ...], on: date, *, words: str = "", unit_id: int | None = None) -> Select:
    """People now in the subtrees with their accounts, in 建制顺序, as a statement to page through."""
    statement = (
        select(Person, Unit, Assignment.post, Account)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(holds_on(on), within(paths))
        .order_by(Unit.order_no, Unit.id, Person.staff_no)
    )
    if words:
        named = Person.name.contains(words, autoescape=True), Person.staff_no.startswith(words, autoescape=True)
        statement = statement.where(or_(*named))
    return statement.where(Unit.id == unit_id) if unit_id else statement


def administers(db: Session, by: Member, path: str = "/") -> bool:
    """Whether the member is the system administrator of the unit at `path`. The county's administers whatever there is."""
    top = root(db)
    return by.covers(top.path if top else path, Role.SYSADMIN) or by.covers(path, Role.SYSADMIN)


def account(db: Session, account_id: int, by: Member, on: date, *roles: Role) -> Account:
    """An account within reach: of a person in one's subtrees; the county's system administrator reaches all. Else 404.

    roles: those in which it is to be reached; all that look after people when none is named.
    """
    found = db.get(Account, account_id)
    if found is None:
        raise NotFound
    if administers(db, by):
        return found
    paths = by.paths(*(roles or (Role.SYSADMIN, Role.OFFICER, Role.CLERK)))
    within = members(db, paths, on).with_only_columns(Person.id).order_by(None)
    if found.person_id is None or found.person_id not in set(db.scalars(within)):
        raise NotFound
    return found


def roles_of(db: Session, account_id: int) -> list[GrantedRole]:
    """All grants of an account, past and present, with their units."""
    statement = select(GrantedRole).where(GrantedRole.account_id == account_id).options(joinedload(GrantedRole.unit))
    return list(db.scalars(statement.order_by(GrantedRole.from_on, GrantedRole.id)))


def sign_ins_of(db: Session, account_id: int, now: datetime) -> list[SignIn]:
    """Browsers in which an account is signed in, the latest first."""
    where = (SignIn.account_id == account_id) & SignIn.ended_at.is_(None) & (SignIn.expires_at > now)
    return list(db.scalars(select(SignIn).where(where).order_by(SignIn.seen_at.desc())))


def audit_lines(*, words: str = "") -> Select:
    """Audit lines, the latest first; `words` looks in the actor, and in the deed and the thing as the page words them."""
    statement = select(AuditLine).order_by(AuditLine.id.desc())
    if words:
        keys = audit_words.keys_saying(words)
        columns = (AuditLine.actor, AuditLine.deed, AuditLine.about_kind)
        found = [column.contains(words, autoescape=True) for column in columns]
        statement = statement.where(or_(*found, AuditLine.deed.in_(keys), AuditLine.about_kind.in_(keys)))
    return statement
