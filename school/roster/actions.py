"""Deeds of the roster: keep an uploaded file, look at what it would change, write it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.errors import Refused
from school.roster import plan as planning
from school.roster import queries
from school.roster.difference import EndedPost, NewUnit, Plan, Post
from school.roster.models import Assignment, Person, RosterImport, Succession, Unit
from school.roster.reach import beyond
from school.roster.rows import Complaint, Sheet

#: rows written in one statement
BATCH = 1000
#: so many lines of each kind are shown; the rest is counted
SHOWN = 200


@dataclass(frozen=True)
class Look:
    """A file read and compared: what it would change, everything to mend, and a digest of the change."""

    sheet: Sheet
    plan: Plan
    complaints: tuple[Complaint, ...]

    @property
    def digest(self) -> str:
        """Same file, same books, same day: same digest."""
        return hashlib.sha256(repr(self.plan).encode("utf-8", "backslashreplace")).hexdigest()


def keep_upload(
    db: Session, file_name: str, content: bytes, *, path: str, on: date, by: Member, now: datetime
) -> RosterImport:
    """Keep an uploaded file until somebody has looked and confirmed."""
    kept = RosterImport(
        file_name=file_name[:200], content=content, path=path, uploaded_by_id=by.account_id, uploaded_at=now,
        effective_on=on,
    )  # fmt: skip
    db.add(kept)
    audit.record(db, by, "upload_roster", kept, at=now, after={"file": kept.file_name, "bytes": len(content)})
    return kept


def look(db: Session, sheet: Sheet, *, path: str, on: date) -> Look:
    """Compare a file that has been read with the books; whatever lies outside `path` is a complaint."""
    units = queries.known_units(db)
    people = queries.known_people(db, on)
    plan = planning.plan(sheet, on, units, people)
    paths = dict(db.execute(select(Unit.code, Unit.path)).all())
    complaints = (*sheet.complaints, *plan.complaints, *beyond(sheet, plan, paths, path, people))
    return Look(sheet, plan, complaints)


def write(db: Session, seen: Look, *, on: date, leaving: bool, by: Member, now: datetime) -> None:
    """Write a plan in one go. leaving: also end the posts of those the file no longer names (they were shown).

    Refused with any complaint: a roster with errors writes nothing.
    """
    if seen.complaints:
        raise Refused(f"文件里还有 {len(seen.complaints)} 处要改，什么都没有写入。请改好后重新上传。")
    plan = seen.plan
    _write_units(db, plan, on)
    units = dict(db.execute(select(Unit.code, Unit.id)).all())
    people = dict(db.execute(select(Person.staff_no, Person.id)).all())
    people |= _write_new_people(db, plan)
    joined = [(p.staff_no, post) for p in plan.new for post in p.posts]
    joined += [(move.staff_no, post) for move in plan.moved for post in move.joined]
    ended = [(move.staff_no, post) for move in plan.moved for post in move.left]
    ended += [(left.staff_no, post) for left in plan.left for post in left.posts] if leaving else []
    _end_posts(db, ended, people, units)
    _begin_posts(db, joined, people, units, on)
    _change_people(db, plan, people, units)
    audit.record(db, by, "write_roster", "roster", at=now, after=counts(plan, leaving=leaving))


def counts(plan: Plan, *, leaving: bool = True) -> dict[str, int]:
    """How many of what a plan changes, for the preview and the audit line."""
    return {
        "new_units": len(plan.units.new),
        "changed_units": len(plan.units.changed),
        "merged_units": len(plan.units.merged),
        "new": len(plan.new),
        "moved": len(plan.moved),
        "renamed": len(plan.renamed),
        "changed": len(plan.changed) + len(plan.changed_posts),
        "left": len(plan.left) if leaving else 0,
        "unchanged": plan.unchanged,
    }


def preview(seen: Look) -> dict:
    """What the second step shows, as kept with the upload."""
    plan = seen.plan
    return {
        "digest": seen.digest,
        "counts": counts(plan),
        "notes": [*seen.sheet.notes, *plan.notes][:SHOWN],
        "complaint_count": len(seen.complaints),
        "complaints": [[c.sheet, c.line, c.column, c.value, c.reason] for c in seen.complaints[:SHOWN]],
        "new_units": [[u.row.name, u.code] for u in plan.units.new[:SHOWN]],
        "merged_units": [[u.name, "、".join(u.into), str(u.on)] for u in plan.units.merged[:SHOWN]],
        "new": [[p.staff_no, p.name, "、".join(post.unit for post in p.posts)] for p in plan.new[:SHOWN]],
        "moved": [
            [m.staff_no, m.name, "、".join(p.unit for p in m.left) or "—", "、".join(p.unit for p in m.joined) or "—"]
            for m in plan.moved[:SHOWN]
        ],
        "renamed": [[r.staff_no, r.old, r.new] for r in plan.renamed[:SHOWN]],
        "left": [[p.staff_no, p.name, "、".join(post.unit for post in p.posts)] for p in plan.left[:SHOWN]],
    }


def write_upload(db: Session, kept: RosterImport, read: Sheet, *, leaving: bool, by: Member, now: datetime) -> None:
    """Write what was looked at, and only that. Refused: written before, or the books have changed since the look."""
    if kept.written_at:
        raise Refused("这份花名册已经写入过了。")
    seen = look(db, read, path=kept.path, on=kept.effective_on)
    if kept.preview is None or seen.digest != kept.preview["digest"]:
        raise Refused("您核对之后，花名册又有了别的改动。请重新上传，再核对一遍。")
    write(db, seen, on=kept.effective_on, leaving=leaving, by=by, now=now)
    kept.written_at = now


def _write_units(db: Session, plan: Plan, on: date) -> None:
    known = {unit.code: unit for unit in db.scalars(select(Unit))}
    last = max((unit.order_no for unit in known.values()), default=0)
    for number, new in enumerate(plan.units.new, 1):
        known[new.code] = _new_unit(db, new, known.get(new.parent), last + number, on)
    for changed in plan.units.changed:
        unit = known[changed.code]
        for change in changed.changes:
            if change.field == "parent":
                unit.parent = known.get(change.new)
            else:
                setattr(unit, change.field, change.new)
    db.flush()
    _renew_paths(known.values())
    for merged in plan.units.merged:
        known[merged.code].closed_on = merged.on
        _add_successors(db, known, merged.code, merged.into, merged.on)
    db.flush()


def _new_unit(db: Session, new: NewUnit, parent: Unit | None, order_no: int, on: date) -> Unit:
    row = new.row
    unit = Unit(
        code=new.code, name=row.name, short_name=row.short_name or row.name, kind=row.kind or "单位", parent=parent,
        path="", order_no=row.order_no or order_no, opened_on=row.opened_on or on, closed_on=row.closed_on,
    )  # fmt: skip
    db.add(unit)
    db.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def _renew_paths(units: Iterable[Unit]) -> None:
    """A unit that moved takes everything below it along."""
    for unit in sorted(units, key=lambda one: one.path.count("/")):
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.id}/"


def _add_successors(db: Session, known: dict[str, Unit], old: str, into: tuple[str, ...], on: date) -> None:
    statement = select(Succession.new_unit_id).where(Succession.old_unit_id == known[old].id)
    there = set(db.scalars(statement))
    for code in into:
        if known[code].id not in there:
            db.add(Succession(old_unit_id=known[old].id, new_unit_id=known[code].id, happened_on=on))


def _write_new_people(db: Session, plan: Plan) -> dict[str, int]:
    made: dict[str, int] = {}
    for start in range(0, len(plan.new), BATCH):
        some = plan.new[start : start + BATCH]
        rows = [{"staff_no": p.staff_no, "name": p.name, "phone": p.phone} for p in some]
        returned = db.execute(insert(Person).returning(Person.staff_no, Person.id), rows)
        made.update(returned.all())
    return made


def _begin_posts(db: Session, joined: list[tuple[str, Post]], people: dict, units: dict, on: date) -> None:
    rows = [
        {
            "person_id": people[staff_no], "unit_id": units[post.unit], "kind": post.kind, "post": post.post,
            "counts": post.counts, "from_on": post.from_on or on, "until_on": post.until_on,
        }
        for staff_no, post in joined
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        db.execute(insert(Assignment), rows[start : start + BATCH])


def _which(people: dict, units: dict, staff_no: str, unit: str, kind: str, from_on: date):
    return (
        (Assignment.person_id == people[staff_no])
        & (Assignment.unit_id == units[unit])
        & (Assignment.kind == kind)
        & (Assignment.from_on == from_on)
    )


def _end_posts(db: Session, ended: list[tuple[str, EndedPost]], people: dict, units: dict) -> None:
    for staff_no, post in ended:
        where = _which(people, units, staff_no, post.unit, post.kind, post.from_on)
        db.execute(update(Assignment).where(where).values(until_on=post.until_on))


def _change_people(db: Session, plan: Plan, people: dict, units: dict) -> None:
    for renamed in plan.renamed:
        db.execute(update(Person).where(Person.id == people[renamed.staff_no]).values(name=renamed.new))
    for changed in plan.changed:
        values = {change.field: change.new for change in changed.changes}
        db.execute(update(Person).where(Person.id == people[changed.staff_no]).values(**values))
    for post in plan.changed_posts:
        values = {change.field: change.new for change in post.changes}
        where = _which(people, units, post.staff_no, post.unit, post.kind, post.from_on)
        db.execute(update(Assignment).where(where).values(**values))
