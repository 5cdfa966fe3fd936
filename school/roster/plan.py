"""Compares a roster file with the books: who is new, moved, left; what must be mended first. Pure.

The same file, the same books and the same day give the same plan, and once it is written, an empty one. An empty
cell says nothing: what the books know stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from school.roster import contradictions, unit_plan
from school.roster.cells import Unreadable
from school.roster.difference import (
    Change,
    ChangedPerson,
    ChangedPost,
    EndedPost,
    Left,
    Moved,
    NewPerson,
    Plan,
    Post,
    Renamed,
)
from school.roster.directory import Directory
from school.roster.known import KnownPerson, KnownPost, KnownUnit
from school.roster.rows import Complaint, Row, Sheet, UnitRow

#: kinds of which a person has one at a time: a new one in another unit takes the place of the old one
HOME = frozenset({"任职", "编制"})


def plan(
    sheet: Sheet,
    today: date,
    units: Iterable[KnownUnit],
    people: Iterable[KnownPerson],
    *,
    leaving: Literal["marked", "ignored"] = "marked",
) -> Plan:
    """What writing the file on `today` would change.

    units: all of them, closed ones too.  people: all of them, so that a returning one keeps the number.
    leaving: whether people missing from units the file covers are marked as having left, as proposals to confirm.
    Nobody is marked while there is a complaint: the file may not be whole.
    """
    draft = _Draft(sheet, today)
    planned, draft.directory = unit_plan.plan(sheet.units, units, today, draft.complain)
    known = {person.staff_no.casefold(): person for person in people}
    by_person = draft.rows_by_person()
    draft.cover_merged()
    for number, rows in by_person.items():
        draft.compare(rows, known.get(number))
    if leaving == "marked" and not (sheet.complaints or draft.complaints):
        draft.left = [
            left for number, person in sorted(known.items()) if number not in by_person for left in draft.leave(person)
        ]
    return Plan(
        units=planned,
        new=tuple(draft.new),
        renamed=tuple(draft.renamed),
        changed=tuple(draft.changed),
        changed_posts=tuple(draft.changed_posts),
        moved=tuple(draft.moved),
        left=tuple(draft.left),
        unchanged=draft.unchanged,
        complaints=tuple(draft.complaints),
        notes=tuple(draft.notes),
    )


@dataclass
class _Draft:
    """A plan under construction."""

    sheet: Sheet
    today: date
    directory: Directory | None = None
    #: line in the file -> code of the unit it names
    unit_of: dict[tuple[str, int], str] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)
    new: list[NewPerson] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    changed: list[ChangedPerson] = field(default_factory=list)
    changed_posts: list[ChangedPost] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    unchanged: int = 0
    complaints: list[Complaint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._letters = {(found.sheet, found.meaning): found.column for found in self.sheet.columns_found}

    def complain(self, row: Row | UnitRow, about: str, reason: str) -> None:
        value = getattr(row, about)
        shown = "、".join(value) if isinstance(value, tuple) else str(value)
        column = self._letters.get((row.sheet, about), "")
        self.complaints.append(Complaint(row.sheet, row.line, column, shown, reason))

    def rows_by_person(self) -> dict[str, list[Row]]:
        """The file's rows by staff number, in the file's order; notes which units the file covers."""
        by_person: dict[str, list[Row]] = defaultdict(list)
        for row in self.sheet.rows:
            by_person[row.staff_no.casefold()].append(row)
            try:
                code = self.directory.find(row.unit, row.parent)
            except Unreadable as reason:
                self.complain(row, "unit", str(reason))
            else:
                self.unit_of[row.sheet, row.line] = code
                self.covered.add(code)
        return by_person

    def cover_merged(self) -> None:
        """A unit that went into covered ones is covered: nobody shall be left behind in it."""
        for unit in self.directory.units.values():
            if unit.closed_on and unit.closed_on <= self.today and unit.successors:
                self.covered |= {unit.code} if self.covered.issuperset(unit.successors) else set()

    def compare(self, rows: list[Row], known: KnownPerson | None) -> None:
        """Take one person's rows into the plan; somebody with a complaint is left out of it."""
        placed = self._placed(rows)
        if placed is None:
            return
        if known is None:
            self._add(rows, placed)
            return
        if not self._same_person(rows, known):
            return
        before = len(self.renamed), len(self.changed), len(self.changed_posts), len(self.moved)
        self._compare_person(rows, known)
        self._compare_posts(placed, known)
        after = len(self.renamed), len(self.changed), len(self.changed_posts), len(self.moved)
        self.unchanged += before == after

    def leave(self, person: KnownPerson) -> list[Left]:
        """The posts of somebody the file does not name, at units it covers; an end already set is left as it is."""
        ended = [self._ended(post, self.today) for post in _open_posts(person) if post.unit in self.covered]
        return [Left(person.staff_no, person.name, tuple(ended))] if ended else []

    def _placed(self, rows: list[Row]) -> dict[str, Row] | None:
        """The person's rows by unit; None when one of them has no unit or two have the same, which is complained about."""
        placed: dict[str, Row] = {}
        whole = True
        for row in rows:
            code = self.unit_of.get((row.sheet, row.line))
            if code is None:
                whole = False
            elif placed.setdefault(code, row) is not row:
                self.complain(row, "unit", contradictions.twice_at_unit(row, placed[code]))
                whole = False
        return placed if whole else None

    def _add(self, rows: list[Row], placed: dict[str, Row]) -> None:
        posts = tuple(_post(code, row) for code, row in placed.items() if not self._is_over(row))
        if posts:
            self.new.append(NewPerson(rows[0].staff_no, rows[0].name, _phone(rows), posts))
        else:
            self.notes.append(f"{contradictions.where(rows[0])}“{rows[0].name}”的任职已经结束，没有新增此人。")

    def _same_person(self, rows: list[Row], known: KnownPerson) -> bool:
        named = rows[0].name
        if named == known.name or _alike(named, known.name) or any(row.former_name == known.name for row in rows):
            return True
        self.complain(
            rows[0],
            "staff_no",
            f"系统中工号 {known.staff_no} 是“{known.name}”，文件里是“{named}”。是另一个人就换一个工号；"
            f"是同一人改了名，就在表中加一列“曾用名”，填“{known.name}”。",
        )
        return False

    def _compare_person(self, rows: list[Row], known: KnownPerson) -> None:
        if rows[0].name != known.name:
            self.renamed.append(Renamed(known.staff_no, known.name, rows[0].name))
        if (phone := _phone(rows)) and phone != known.phone:
            changes = (Change("phone", known.phone, phone),)
            self.changed.append(ChangedPerson(known.staff_no, rows[0].name, changes))

    def _compare_posts(self, placed: dict[str, Row], known: KnownPerson) -> None:
        held: dict[str, list[KnownPost]] = defaultdict(list)
        for post in known.posts:
            held[post.unit].append(post)
        joined, left = [], []
        for code, row in placed.items():
            same = min(held.get(code, ()), key=lambda post: (post.kind != row.kind, post.from_on), default=None)
            if same is None and not self._is_over(row):
                joined.append(_post(code, row))
            elif same and self._is_over(row) and same.until_on != max(row.until_on, same.from_on):
                left.append(self._ended(same, row.until_on))
            elif same and not self._is_over(row):
                self._compare_post(row, same, known)
        homes = [post.from_on or self.today for post in joined if post.kind in HOME]
        for post in _open_posts(known):
            if post.unit not in placed and (post.unit in self.covered or (homes and post.kind in HOME)):
                left.append(self._ended(post, min(homes, default=self.today)))
        if joined or left:
            name = next(iter(placed.values())).name
            self.moved.append(Moved(known.staff_no, name, tuple(left), tuple(joined)))

    def _compare_post(self, row: Row, same: KnownPost, known: KnownPerson) -> None:
        changes = _changes(row, same)
        now = {"from_on": same.from_on, "until_on": same.until_on} | {change.field: change.new for change in changes}
        if now["from_on"] is None:
            changes = tuple(change for change in changes if change.field != "from_on")
        elif now["until_on"] and now["until_on"] <= now["from_on"]:
            self.complain(row, "from_on", f"任职日期不早于系统中的离任日期 {now['until_on']}。请同时填写新的离任日期。")
            return
        if changes:
            about = known.staff_no, row.name, same.unit, same.kind, same.from_on
            self.changed_posts.append(ChangedPost(*about, changes))

    def _is_over(self, row: Row) -> bool:
        return row.until_on is not None and row.until_on <= self.today

    def _ended(self, post: KnownPost, on: date) -> EndedPost:
        """Nothing ends before it began, whatever the file says about the post that follows."""
        return EndedPost(post.unit, post.kind, post.from_on, max(on, post.from_on))


def _open_posts(person: KnownPerson) -> list[KnownPost]:
    """Posts without an end. One that has an end is left to it: this keeps a second run from ending it again."""
    return [post for post in person.posts if post.until_on is None]


def _post(code: str, row: Row) -> Post:
    return Post(code, row.kind, row.post, row.counts, row.from_on, row.until_on)


def _phone(rows: list[Row]) -> str:
    return next((row.phone for row in rows if row.phone), "")


def _changes(row: Row, known: KnownPost) -> tuple[Change, ...]:
    """What the row states otherwise than the books."""
    stated = row.stated | ({"until_on"} if "last_on" in row.stated else set())
    return tuple(
        Change(name, old, new)
        for name in ("kind", "post", "counts", "from_on", "until_on")
        if name in stated and (new := getattr(row, name)) != (old := getattr(known, name))
    )


def _alike(one: str, other: str) -> bool:
    """Whether more than half of the longer name's characters are shared: a corrected character, not another person."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared > max(len(one), len(other))
