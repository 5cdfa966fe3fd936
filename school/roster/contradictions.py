"""What the lines of a roster file say against each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from school.roster.rows import Row, UnitRow

#: the line that comes second, the field to mend, what stands there, reason and remedy
Contradiction = tuple[Row | UnitRow, str, str, str]


def of_people(rows: Iterable[Row]) -> Iterator[Contradiction]:
    """Staff numbers of two people, and people who stand twice at one unit.

    One person may have several rows at different units (double post, secondment). Staff numbers that differ only in
    capitals are the same (rules.md 54). Rows with gaps take part as far as they go.
    """
    first: dict[str, Row] = {}
    at_unit: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        number = row.staff_no.casefold()
        if not (number and row.name):
            continue
        known = first.setdefault(number, row)
        if known.name != row.name:
            yield row, "staff_no", row.staff_no, _two_people(row, known)
        elif row.unit and (same := at_unit.setdefault((number, row.unit, row.parent), row)) is not row:
            yield row, "unit", row.unit, twice_at_unit(row, same)


def of_units(units: Iterable[UnitRow]) -> Iterator[Contradiction]:
    """Codes that stand twice, and names that stand twice below the same unit."""
    by_code: dict[str, UnitRow] = {}
    by_name: dict[tuple[str, str], UnitRow] = {}
    for unit in units:
        if unit.code and (same := by_code.setdefault(unit.code.casefold(), unit)) is not unit:
            reason = f"单位编码 {unit.code} 已用于{where(same)}的“{same.name}”。请改正编码，或删除重复的一行。"
            yield unit, "code", unit.code, reason
        elif unit.name and (same := by_name.setdefault((unit.name, unit.parent), unit)) is not unit:
            reason = f"同一上级下已有“{unit.name}”，在{where(same)}。请改正名称，或删除重复的一行。"
            yield unit, "name", unit.name, reason


def twice_at_unit(row: Row, same: Row) -> str:
    """Why a person's second row at one unit cannot stand."""
    return f"“{row.name}”在“{row.unit}”出现了两次，另一次在{where(same)}。请合并为一行，几个职务写在一起。"


def where(row: Row | UnitRow) -> str:
    """The line in words: 工作表“白沙镇”第 5 行."""
    return f"工作表“{row.sheet}”第 {row.line} 行" if row.sheet else f"第 {row.line} 行"


def _two_people(row: Row, known: Row) -> str:
    return (
        f"工号 {row.staff_no} 已用于{where(known)}的“{known.name}”，这里是“{row.name}”。"
        "请核对：是两个人就给其中一人换工号，是同一人就统一姓名。"
    )
