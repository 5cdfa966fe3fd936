"""What a roster file says once it has been read: people, units, and what must be mended. Plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from school.roster.columns import Found


@dataclass(frozen=True)
class Complaint:
    """Something a person must mend in the file.

    line, column: as Excel shows them ("C"); line 0 for the whole file, column "" for the whole line.
    value: what stands there, identity numbers masked.  reason: what is wrong and what to do.
    """

    sheet: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One person at one unit.

    unit: full name, short name or code; parent: that of a unit above it, or "".
    from_on: first day;  until_on: first day on which it no longer holds (a 截止日期 in the file is the day before).
    counts: 计入应考.  stated: the fields whose cell said something; the others hold defaults.
    """

    sheet: str
    line: int
    staff_no: str
    name: str
    unit: str
    parent: str = ""
    post: str = ""
    kind: str = "任职"
    from_on: date | None = None
    until_on: date | None = None
    phone: str = ""
    counts: bool = True
    note: str = ""
    former_name: str = ""
    stated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class UnitRow:
    """One unit. closed_on: first day on which it no longer exists; merged_into: its successors by name or code."""

    sheet: str
    line: int
    code: str
    name: str
    short_name: str = ""
    parent: str = ""
    kind: str = ""
    order_no: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    merged_into: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """What a roster file says.

    notes: what was left aside and why, for the preview.  file_name: as uploaded, only ever shown.
    """

    rows: tuple[Row, ...]
    complaints: tuple[Complaint, ...]
    sheet_name: str
    columns_found: tuple[Found, ...]
    units: tuple[UnitRow, ...] = ()
    notes: tuple[str, ...] = ()
    file_name: str = ""
