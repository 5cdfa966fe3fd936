"""What in a roster file lies outside the subtree its uploader answers for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from school.roster.difference import Plan
from school.roster.known import KnownPerson
from school.roster.plan import HOME
from school.roster.rows import Complaint, Sheet

OUTSIDE = "不在您的管理范围内，不能用这份文件改动。请删去这一行，或请上级管理员导入。"


ON_LOAN = "编制在您的管理范围以外，姓名和电话由原单位登记。请把这一行的姓名改成系统中的，联系电话留空。"


def beyond(
    sheet: Sheet, plan: Plan, paths: Mapping[str, str], path: str, people: Iterable[KnownPerson] = ()
) -> Iterator[Complaint]:
    """A complaint for everything the plan would touch outside `path`. paths: code -> path of every unit in the books.

    A new unit lies where the unit above it lies; the county itself may only be made or changed by the whole tree's officer.
    people: all of the books. Whoever is at home outside may be borrowed; name and phone are not the borrower's to change.
    """
    placed = dict(paths)
    for new in plan.units.new:
        placed[new.code] = placed.get(new.parent, "/") + "?/"
        if not placed[new.code].startswith(path):
            yield Complaint(new.row.sheet, new.row.line, "", new.row.name, f"单位“{new.row.name}”{OUTSIDE}")
    for unit in (*plan.units.changed, *plan.units.merged):
        if not placed[unit.code].startswith(path):
            yield Complaint("", 0, "", unit.name, f"单位“{unit.name}”{OUTSIDE}")
    lines = {row.staff_no.casefold(): row for row in sheet.rows}
    for staff_no, name, touched in _people(plan):
        if not all(placed[unit].startswith(path) for unit in touched):
            row = lines.get(staff_no.casefold())
            place = (row.sheet, row.line) if row else ("", 0)
            yield Complaint(*place, "", name, f"“{name}”所在或要离开的单位{OUTSIDE}")
    changed = {one.staff_no: one.new for one in plan.renamed} | {one.staff_no: one.name for one in plan.changed}
    for person in people if changed else ():
        homes = [placed[post.unit] for post in person.posts if post.kind in HOME]
        if person.staff_no in changed and homes and not all(home.startswith(path) for home in homes):
            row, name = lines[person.staff_no.casefold()], changed[person.staff_no]
            yield Complaint(row.sheet, row.line, "", name, f"“{name}”的{ON_LOAN}")


def _people(plan: Plan) -> Iterator[tuple[str, str, list[str]]]:
    """(staff number, name, units touched) of everybody the plan changes."""
    for new in plan.new:
        yield new.staff_no, new.name, [post.unit for post in new.posts]
    for move in plan.moved:
        yield move.staff_no, move.name, [post.unit for post in (*move.left, *move.joined)]
    for post in plan.changed_posts:
        yield post.staff_no, post.name, [post.unit]
    for left in plan.left:
        yield left.staff_no, left.name, [post.unit for post in left.posts]
