"""Sign-in: accounts, the roles granted to them, and server-side sessions that really end."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.roster.models import Person, Unit


class Account(Base):
    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("login_name"), UniqueConstraint("person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the staff number; a system administrator without a place in the roster has a name of their own
    login_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(50))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    #: argon2id; empty until the first sign-in with a slip
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    #: keyed hash of the one-time code on the first-login slip; empty once used
    slip_hash: Mapped[str] = mapped_column(String(64), default="")
    slip_until: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    #: wrong passwords since the last right one, and until when the account waits
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    #: 长辈版 and the size of letters in px
    elder: Mapped[bool] = mapped_column(default=False)
    letter_size: Mapped[int] = mapped_column(default=18)

    person: Mapped[Person | None] = relationship()
    granted: Mapped[list[GrantedRole]] = relationship(back_populates="account", foreign_keys="GrantedRole.account_id")


class GrantedRole(Base):
    """A role on a unit's subtree for a time."""

    __tablename__ = "granted_role"
    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until_after_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    from_on: Mapped[date]
    #: first day on which it no longer holds
    until_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="granted", foreign_keys=[account_id])
    unit: Mapped[Unit] = relationship()


class SignIn(Base):
    """One browser signed in. The cookie carries a random token, the table its SHA-256; ending the row ends it."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))

    account: Mapped[Account] = relationship()


class FailedSignIn(Base):
    """A wrong password from an address; kept as long as the lock-out looks back."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index(None, "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
