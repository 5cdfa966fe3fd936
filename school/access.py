"""Who may touch which unit. Pure: grants in, answers out.

A grant gives a role on a unit and everything below it. Units carry a path such as "/1/5/23/"; a grant on "/1/5/"
covers every path that begins with it. Separation of duties: no role implies another; the auditor reads the audit log
and nothing else, the system administrator manages accounts and neither sees scores nor the bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from school.errors import NotFound


class Role(StrEnum):
    """The seven roles. LEARNER is not granted: everybody in the roster has it for themselves."""

    OFFICER = "officer"
    CLERK = "clerk"
    TEACHER = "teacher"
    LEARNER = "learner"
    COMMITTEE = "committee"
    AUDITOR = "auditor"
    SYSADMIN = "sysadmin"

    @property
    def text(self) -> str:
        """The role's name on pages."""
        return ROLE_NAMES[self]


ROLE_NAMES = {
    Role.OFFICER: "县级管理员",
    Role.CLERK: "单位联络员",
    Role.TEACHER: "教师",
    Role.LEARNER: "学员",
    Role.COMMITTEE: "审阅",
    Role.AUDITOR: "审计",
    Role.SYSADMIN: "系统管理",
}

#: the whole tree
EVERYWHERE = "/"


@dataclass(frozen=True)
class Grant:
    """A role on the subtree at `path`, valid on the day the member was loaded."""

    role: Role
    path: str


@dataclass(frozen=True)
class Member:
    """Whoever acts: a signed-in account, or the command line (account_id None). Written into every audit line."""

    account_id: int | None
    person_id: int | None
    name: str
    staff_no: str = ""
    grants: tuple[Grant, ...] = ()
    address: str = ""

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is held anywhere."""
        held = {grant.role for grant in self.grants}
        if self.person_id is not None:
            held.add(Role.LEARNER)
        return bool(held & set(roles))

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """The subtrees on which any of the roles is held, the widest only, in order."""
        held = sorted({grant.path for grant in self.grants if grant.role in roles})
        return tuple(path for path in held if not any(path != wide and path.startswith(wide) for wide in held))

    def covers(self, path: str, *roles: Role) -> bool:
        """Whether any of the roles is held on a subtree that contains `path`."""
        return any(path.startswith(held) for held in self.paths(*roles))

    def must_cover(self, path: str, *roles: Role) -> None:
        """Raise NotFound when `path` lies outside: what is not theirs looks as if it were not there."""
        if not self.covers(path, *roles):
            raise NotFound


def command_line(name: str) -> Member:
    """The person at the server's own command line, who may do every deed."""
    everything = tuple(Grant(role, EVERYWHERE) for role in Role if role is not Role.LEARNER)
    return Member(account_id=None, person_id=None, name=f"命令行 {name}", grants=everything)
