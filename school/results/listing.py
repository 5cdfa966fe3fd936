"""The people behind a number: each in it or not, with the reason. Pure.

A number is opened by state (在册 when empty, expected, sat, absent, exempt; of make-ups called, makeup_absent, makeup_sat
and made_up) and, among those who sat, by band (passed with 优秀 in it, excellent, below). Nobody of the units looked at is
left out of the list. Never in order of scores.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from school.results import wording
from school.results.figures import PersonLine, UnitMonth
from school.results.makeup import PASSED

MAKEUP = {"called": "应补考", "makeup_absent": "补考缺考", "makeup_sat": "补考实考", "made_up": "补考合格"}
STATES = {"": "在册", "expected": "应考", "sat": "实考", "absent": "缺考", "exempt": "免考", **MAKEUP}
BANDS = {"": "", "passed": "合格", "excellent": "优秀", "below": "未合格"}
#: which bands a number of a band holds
HOLDS = {"passed": {"passed", "excellent"}, "excellent": {"excellent"}, "below": {"below"}}
#: number -> the share it is the upper part of
SHARES = {"sat": "参考率", "passed": "合格率", "excellent": "优秀率", "below": "未合格率"}


@dataclass(frozen=True)
class Listed:
    """One person beside a number. counted: whether they are in it.  why: the reason, in words."""

    unit: UnitMonth
    person: PersonLine
    counted: bool
    why: str


def listed(units: Iterable[UnitMonth], state: str, band: str) -> list[Listed]:
    """Everybody of the units: first those in the number, then those who are not, both in 建制顺序 and roster order."""
    rows = [
        Listed(unit, person, is_counted(person, state, band), why(person)) for unit in units for person in unit.people
    ]
    return sorted(rows, key=lambda row: not row.counted)


def of(rows: Iterable[Listed], state: str, band: str) -> tuple[str, int] | None:
    """What a number is a share of, with its people: a band of those who sat, those who sat of those expected."""
    whole = "sat" if band else "expected" if state == "sat" else None
    if whole is None:
        return None
    return STATES[whole], sum(is_counted(row.person, whole, "") for row in rows)


def is_counted(person: PersonLine, state: str, band: str) -> bool:
    """Whether a person is in the number of a state and band."""
    if band:
        return person.band in HOLDS[band]
    if state == "expected":
        return person.state != "exempt"
    return _made_up(person, state) if state in MAKEUP else state in ("", person.state)


def _made_up(person: PersonLine, state: str) -> bool:
    later = person.tries[1:]
    sat = any(one.score is not None for one in later)
    if state == "made_up":
        return any(one.band in PASSED for one in later)
    return {"called": bool(later), "makeup_absent": bool(later) and not sat, "makeup_sat": sat}[state]


def why(person: PersonLine) -> str:
    """实考，合格 or 缺考：没有参加 or 免考：产假; after a make-up also which result counts: 实考，合格；以补考为准，原测未合格."""
    said = STATES[person.state]
    if person.state == "sat":
        said = f"实考，{BANDS[person.band]}"
    elif person.reason:
        said = f"{said}：{person.reason}"
    return "；".join(filter(None, (said, wording.which(person))))
