"""The figures of night schools: 期, 人次, 人数 and 学时 are four different numbers (design.md §3). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class NightCount:
    """A month's figures of some schools, the nights taken by the day they were planned for.

    planned 计划: all nights of the month, whatever became of them.  held 期.  cancelled: called off with a reason.
    attendances 人次: named attendances that count as present and heads without names.  people 人数: distinct named
    people.  hours 学时: of the nights held.
    """

    planned: int = 0
    held: int = 0
    cancelled: int = 0
    attendances: int = 0
    people: int = 0
    hours: Decimal = Decimal(0)
