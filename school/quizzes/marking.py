"""评阅: what waits for a person, who marks what, and when a mark stands. Pure.

One marker: the first mark stands. Two markers, who do not see each other's points:

| first | second | third | stands | who is next                          |
|-------|--------|-------|--------|--------------------------------------|
| —     |        |       | no     | anybody, as the first                |
| 3     | —      |       | no     | anybody but the first, as the second |
| 3     | 3      |       | 3      |                                      |
| 3     | 4      | —     | no     | anybody but these two, as the third  |
| 3     | 4      | 3.5   | 3.5    |                                      |
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from school.quizzes.scoring import folded

#: points are given in steps of a half
STEP = Decimal("0.5")


@dataclass(frozen=True)
class Given:
    """One mark. number: 1 or 2, or 3 for who decides between them. marker_id: None for the command line."""

    number: int
    points: Decimal
    marker_id: int | None


def standing(marks: Sequence[Given], two_markers: bool) -> Decimal | None:
    """The points that stand; None while another marker is needed."""
    by_number = {mark.number: mark.points for mark in marks}
    if not two_markers or 3 in by_number:
        return by_number.get(3, by_number.get(1))
    return by_number.get(1) if by_number.get(1) == by_number.get(2) else None


def next_number(marks: Sequence[Given], two_markers: bool, marker_id: int | None) -> int | None:
    """As which marker somebody may mark now; None when they have marked it already or nobody is needed."""
    if standing(marks, two_markers) is not None or marker_id in {mark.marker_id for mark in marks}:
        return None
    return len(marks) + 1


def disputed(marks: Sequence[Given]) -> bool:
    """Whether two markers differ and a third must decide."""
    return len(marks) == 2 and marks[0].points != marks[1].points


def alike(kind: str, given: Sequence) -> str:
    """The same text for answers that are to be marked alike: texts folded, options in one order."""
    parts = sorted(map(str, given)) if kind == "multi" else [folded(str(text)) for text in given]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


def steps(full: Decimal) -> list[Decimal]:
    """What may be given: 0 to the full points in halves, and the full points themselves."""
    halves = [STEP * n for n in range(int(full / STEP) + 1)]
    return halves if halves[-1] == full else [*halves, full]
