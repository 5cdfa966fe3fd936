"""Compares the units of a roster file with those of the books. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from school.roster.cells import Unreadable
from school.roster.difference import Change, ChangedUnit, MergedUnit, NewUnit, UnitPlan
from school.roster.directory import Directory
from school.roster.known import KnownUnit
from school.roster.rows import UnitRow

#: fields a file may change; an empty cell says nothing about its field
FIELDS = ("name", "short_name", "kind", "order_no", "opened_on", "closed_on")

#: complain(row, field, reason)
Complain = Callable[[UnitRow, str, str], None]


def plan(
    rows: Iterable[UnitRow], units: Iterable[KnownUnit], today: date, complain: Complain
) -> tuple[UnitPlan, Directory]:
    """The units to write, and the directory of all units as it would then be."""
    known = {unit.code.casefold(): unit for unit in units}
    rows = list(rows)
    closing = {row.code.casefold() for row in rows if row.closed_on}
    standing = {number: unit for number, unit in known.items() if number not in closing and not unit.closed_on}
    rows = [row for row in rows if row.code.casefold() in known or _may_stand(row, standing, complain)]
    after = {unit.code: unit for unit in known.values()}
    for row in rows:
        after[_code(row, known)] = _stated(row, known.get(row.code.casefold()))
    _place(rows, known, after, today, complain)
    _check_tops(rows, known, after, complain)
    return _difference(rows, known, after), Directory(after.values(), today)


def _code(row: UnitRow, known: dict[str, KnownUnit]) -> str:
    """The unit's code as the books write it, as the file does for a new one."""
    same = known.get(row.code.casefold())
    return same.code if same else row.code


def _may_stand(row: UnitRow, standing: dict[str, KnownUnit], complain: Complain) -> bool:
    """Refuse a second code for a unit the books have: its people would be split between the two."""
    same = next((unit for unit in standing.values() if unit.name == row.name), None)
    if same is None or (row.parent and same.parent and not _names(row.parent, standing.get(same.parent.casefold()))):
        return True
    complain(
        row, "code", f"系统中“{row.name}”的编码是 {same.code}。请改用这个编码；确实是另一个单位的，请改用不同的名称。"
    )
    return False


def _names(written: str, unit: KnownUnit | None) -> bool:
    return unit is not None and written in (unit.code, unit.name, unit.short_name)


def _stated(row: UnitRow, known: KnownUnit | None) -> KnownUnit:
    """The unit with everything the row states, its parent and successors aside."""
    before = known or KnownUnit(code=row.code, name=row.name, short_name=row.name)
    stated = {field: getattr(row, field) for field in FIELDS if getattr(row, field) not in ("", None)}
    return replace(before, **stated)


def _place(rows, known, after: dict[str, KnownUnit], today: date, complain: Complain) -> None:
    """Fill in parents and successors, which may be units of the same file, found by the names they have there."""
    standing = Directory(after.values(), today)
    ever = Directory([replace(unit, closed_on=None) for unit in after.values()], today)
    for row in rows:
        code = _code(row, known)
        try:
            if row.parent:
                after[code] = replace(after[code], parent=(ever if row.closed_on else standing).find(row.parent))
        except Unreadable as reason:
            complain(row, "parent", str(reason))
        try:
            if row.merged_into:
                after[code] = replace(after[code], successors=tuple(map(ever.find, row.merged_into)))
        except Unreadable as reason:
            complain(row, "merged_into", str(reason))
        if code in after[code].successors:
            complain(row, "merged_into", "单位不能并入自己。请改正。")
            after[code] = replace(after[code], successors=())
    for row in rows:
        if _runs_in_circle(_code(row, known), after):
            complain(row, "parent", f"“{row.name}”的上级单位最终又是它自己。请改正上级单位。")


def _runs_in_circle(code: str, after: dict[str, KnownUnit]) -> bool:
    at, seen = after[code].parent, set()
    while at in after and at not in seen:
        if at == code:
            return True
        seen.add(at)
        at = after[at].parent
    return False


def _check_tops(rows: list[UnitRow], known, after: dict[str, KnownUnit], complain: Complain) -> None:
    """Only the county itself stands below nothing; a unit with an unknown parent has its complaint already."""
    tops = [code for code, unit in after.items() if not unit.parent]
    for row in rows:
        if not row.parent and _code(row, known) in tops[1:]:
            reason = f"缺少上级单位。只有“{after[tops[0]].name}”可以没有上级，请填写。"
            complain(row, "parent", reason)


def _difference(rows: list[UnitRow], known, after: dict[str, KnownUnit]) -> UnitPlan:
    new, changed, merged, unchanged = {}, [], [], 0
    for row in rows:
        before, now = known.get(row.code.casefold()), after[_code(row, known)]
        if before is None:
            new[now.code] = NewUnit(now.code, now.parent, row)
        if now.successors and now.closed_on and (before is None or _handed_over(before) != _handed_over(now)):
            merged.append(MergedUnit(now.code, now.name, now.successors, now.closed_on))
        elif before and before == now:
            unchanged += 1
        if before and (changes := _changes(before, now)):
            changed.append(ChangedUnit(now.code, now.name, changes))
    return UnitPlan(_parents_first(new), tuple(changed), tuple(merged), unchanged)


def _handed_over(unit: KnownUnit) -> tuple[date | None, frozenset[str]]:
    return unit.closed_on, frozenset(unit.successors)


def _changes(before: KnownUnit, now: KnownUnit) -> tuple[Change, ...]:
    """Changed fields; the closing day of a merged unit belongs to the merger."""
    fields = [*FIELDS, "parent"]
    if now.successors and now.closed_on:
        fields.remove("closed_on")
    return tuple(
        Change(field, old, new) for field in fields if (old := getattr(before, field)) != (new := getattr(now, field))
    )


def _parents_first(new: dict[str, NewUnit]) -> tuple[NewUnit, ...]:
    """New units in the file's order, each after the one above it."""
    placed: dict[str, NewUnit] = {}
    for unit in new.values():
        line: list[NewUnit] = []
        while unit and unit.code not in placed and unit not in line:
            line.append(unit)
            unit = new.get(unit.parent)
        placed.update((above.code, above) for above in reversed(line))
    return tuple(placed.values())
