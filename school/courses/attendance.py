"""What may be said of a person at a night, what of it counts, and a night's tally. Pure.

A person who came counts above and below the line of an attendance rate. Leave and official duty take a person out of
the rate; so does not having been on the roster that day, and nobody is absent by not being marked (rules.md 35, 36).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

#: number of this table of values; a change of what counts is a new number, and audit lines name the one they used
TABLE = 1


@dataclass(frozen=True)
class Value:
    """One thing that may be said of a person at a night.

    came: counts as an attendance, above the line of the rate.  expected: counts below the line.
    """

    key: str
    text: str
    came: bool
    expected: bool


VALUES = {
    value.key: value
    for value in (
        Value("present", "到", came=True, expected=True),
        Value("late", "迟到", came=True, expected=True),
        Value("left_early", "早退", came=True, expected=True),
        Value("leave", "请假", came=False, expected=False),
        Value("duty", "公差", came=False, expected=False),
        Value("absent", "缺席", came=False, expected=True),
        Value("off_roster", "不在册", came=False, expected=False),
        Value("unmarked", "未登记", came=False, expected=False),
    )
}

#: values that count as an attendance
CAME = tuple(value.key for value in VALUES.values() if value.came)

#: what a trainer may say of a person besides ticking them present
REMARKS = ("late", "left_early", "leave", "duty")


@dataclass(frozen=True)
class Tally:
    """A night's figures. came and expected are named people; heads were counted without names."""

    counts: dict[str, int]
    came: int
    expected: int
    heads: int

    @property
    def attendances(self) -> int:
        """人次: the named who came and the heads without names."""
        return self.came + self.heads

    @property
    def words(self) -> str:
        """The named people by value, in the table's order: 到 12 人，请假 1 人."""
        parts = (f"{value.text} {self.counts[key]} 人" for key, value in VALUES.items() if self.counts.get(key))
        return "，".join(parts)


def tally(values: Iterable[str], head_count: int | None = None) -> Tally:
    """Count the values of one night. An unknown value is a KeyError."""
    counts = Counter(VALUES[value].key for value in values)
    came = sum(number for key, number in counts.items() if VALUES[key].came)
    expected = sum(number for key, number in counts.items() if VALUES[key].expected)
    return Tally(dict(counts), came, expected, head_count or 0)


def credited(hours: Decimal, value: str, recognised_by: str, recognised_no: str) -> Decimal:
    """学时 a person is credited for a held night: none without a recognising body and its 文号 (domain.md §3)."""
    recognised = recognised_by and recognised_no
    return hours if recognised and VALUES[value].came else Decimal(0)
