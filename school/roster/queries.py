"""Reading units and people: who belonged where on which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from school.access import Member, Role
from school.errors import NotFound
from school.prepared import Prepared
from school.roster.known import KnownPerson, KnownPost, KnownUnit
from school.roster.models import Assignment, Person, RosterImport, Succession, Unit
from school.roster.plan import HOME

#: who keeps the roster: the system administrator brings the first one in
KEEPS = (Role.OFFICER, Role.CLERK, Role.SYSADMIN)


def within(paths: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a unit lies in one of the subtrees; with none, nothing does."""
    return or_(False, *(Unit.path.startswith(path) for path in paths))


def at_or_above(paths: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a unit is one of those the paths lead to, or lies above one, up to the county."""
    return Unit.path.in_(sorted({path[: end + 1] for path in paths for end, sign in enumerate(path) if sign == "/"}))


def on_the_line(paths: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a unit lies in one of the subtrees or above it."""
    return or_(within(paths), at_or_above(paths))


def open_on(on: date) -> ColumnElement[bool]:
    """The condition that a unit exists on a day."""
    return and_(Unit.opened_on <= on, or_(Unit.closed_on.is_(None), Unit.closed_on > on))


def holds_on(on: date | BindParameter) -> ColumnElement[bool]:
    """The condition that an assignment holds on a day."""
    return and_(Assignment.from_on <= on, or_(Assignment.until_on.is_(None), Assignment.until_on > on))


def root(db: Session) -> Unit | None:
    """The county itself; None before the first roster."""
    return db.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).one_or_none()


def unit(db: Session, unit_id: int, by: Member, *roles: Role) -> Unit:
    """A unit inside the member's subtrees for the roles, else NotFound."""
    found = db.get(Unit, unit_id)
    if found is None:
        raise NotFound
    by.must_cover(found.path, *roles)
    return found


def unit_named(db: Session, given: str, on: date) -> Unit | None:
    """The one unit of a code, full name or short name that exists on a day; None when there is none or several."""
    named = or_(Unit.code == given.strip(), Unit.name == given.strip(), Unit.short_name == given.strip())
    found = db.scalars(select(Unit).where(named, open_on(on)).limit(2)).all()
    return found[0] if len(found) == 1 else None


#: built once: every page of somebody signed in asks it
UNIT_NAME = Prepared(
    select(Unit.short_name)
    .join(Assignment, Assignment.unit_id == Unit.id)
    .where(Assignment.person_id == bindparam("person_id"), holds_on(bindparam("on")))
    .order_by(Assignment.counts.desc(), Assignment.from_on, Assignment.id)
    .limit(1)
)


def unit_name_of(db: Session, person_id: int | None, on: date) -> str:
    """Short name of the unit a person counts in on a day (any of theirs if none counts); empty without one."""
    found = UNIT_NAME.one(db.connection(), {"person_id": person_id, "on": on}) if person_id else None
    return found.short_name if found else ""


def units(db: Session, paths: tuple[str, ...], on: date) -> list[Unit]:
    """Units of the subtrees that exist on a day, in 建制顺序."""
    return list(db.scalars(select(Unit).where(within(paths), open_on(on)).order_by(Unit.order_no, Unit.id)))


def heads(db: Session, paths: tuple[str, ...], on: date) -> dict[int, int]:
    """People per unit on a day: unit id -> distinct people with any assignment there."""
    statement = (
        select(Assignment.unit_id, func.count(Assignment.person_id.distinct()))
        .join(Assignment.unit)
        .where(within(paths), holds_on(on))
        .group_by(Assignment.unit_id)
    )
    return dict(db.execute(statement).all())


def people_of(db: Session, unit_id: int, on: date) -> list[Assignment]:
    """Assignments of one unit on a day with their people, by staff number."""
    statement = select(Assignment).where(Assignment.unit_id == unit_id, holds_on(on)).join(Assignment.person)
    return list(db.scalars(statement.options(joinedload(Assignment.person)).order_by(Person.staff_no, Assignment.id)))


def counted_on(db: Session, path: str, on: date) -> list[Assignment]:
    """Who counted where on a day, below `path`: one counting assignment per person, with person and unit.

    Where several count, 任职 and 编制 win over a secondment, whatever date that was given; then the earliest.
    """
    statement = (
        select(Assignment)
        .join(Assignment.unit)
        .join(Assignment.person)
        .where(Unit.path.startswith(path), holds_on(on), Assignment.counts)
        .options(joinedload(Assignment.person), joinedload(Assignment.unit))
    )
    first: dict[int, Assignment] = {}
    for assignment in sorted(db.scalars(statement), key=lambda a: (a.kind not in HOME, a.from_on, a.id)):
        first.setdefault(assignment.person_id, assignment)
    return sorted(first.values(), key=lambda a: (a.unit.order_no, a.unit_id, a.person.staff_no))


def person(db: Session, person_id: int, by: Member, on: date, *roles: Role) -> Person:
    """A person with an assignment (past or present) inside the member's subtrees, else NotFound."""
    statement = (
        select(Person).where(Person.id == person_id).options(joinedload(Person.assignments).joinedload(Assignment.unit))
    )
    found = db.scalars(statement).unique().one_or_none()
    if found is None or not any(by.covers(a.unit.path, *roles) for a in found.assignments):
        raise NotFound
    return found


def successions(db: Session, unit_id: int) -> list[Succession]:
    """What a unit came from and went into."""
    either = or_(Succession.old_unit_id == unit_id, Succession.new_unit_id == unit_id)
    return list(db.scalars(select(Succession).where(either).order_by(Succession.happened_on)))


def roster_import(db: Session, import_id: int, by: Member) -> RosterImport:
    """An uploaded roster of a subtree the member officers, else NotFound."""
    found = db.get(RosterImport, import_id)
    if found is None:
        raise NotFound
    by.must_cover(found.path, *KEEPS)
    return found


def known_units(db: Session) -> list[KnownUnit]:
    """All units as planning compares them, closed ones included."""
    units = {unit.id: unit for unit in db.scalars(select(Unit).order_by(Unit.order_no, Unit.id))}
    successors: dict[int, list[str]] = {}
    for old, new in db.execute(select(Succession.old_unit_id, Succession.new_unit_id).order_by(Succession.id)):
        successors.setdefault(old, []).append(units[new].code)
    return [
        KnownUnit(
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            parent=units[unit.parent_id].code if unit.parent_id else "",
            kind=unit.kind,
            order_no=unit.order_no,
            opened_on=unit.opened_on,
            closed_on=unit.closed_on,
            successors=tuple(successors.get(unit.id, ())),
        )
        for unit in units.values()
    ]


def known_people(db: Session, on: date) -> list[KnownPerson]:
    """All people with the assignments that hold on a day or will hold later."""
    posts: dict[int, list[KnownPost]] = {}
    statement = (
        select(
            Assignment.person_id, Unit.code, Assignment.kind, Assignment.from_on, Assignment.until_on, Assignment.post,
            Assignment.counts,
        )
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(or_(Assignment.until_on.is_(None), Assignment.until_on > on))
        .order_by(Assignment.id)
    )  # fmt: skip
    for person_id, *values in db.execute(statement):
        posts.setdefault(person_id, []).append(KnownPost(*values))
    people = db.execute(select(Person.id, Person.staff_no, Person.name, Person.phone))
    return [KnownPerson(staff_no, name, phone, tuple(posts.get(one, ()))) for one, staff_no, name, phone in people]
