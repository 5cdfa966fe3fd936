"""Quiet charts of a month: shares per unit, bands of scores, topics. Drawn for paper; results.drawings draws them for pages.

Every chart stands beside its table, so labels say figures in words as well. A unit with fewer than ten people
expected is written as counts and never drawn as a bar.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from school import words
from school.reports.shapes import GREY, HAIR, INK, RED, Box, Label, Rule, Shape
from school.results.figures import Counts, Standard, TopicShare, UnitMonth

BAR = "#6d7f8f"
TINTS = ("#3f5363", "#93a3b0", "#d6dce1")

_ROW, _BAR = 17.0, 9.0


class Chart(NamedTuple):
    """Shapes in a field of width × height points, and a title that says what they show."""

    title: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


def pass_rates(units: tuple[UnitMonth, ...], standard: Standard, width: float = 471) -> Chart:
    """合格率 of each unit in 建制顺序, the standard as a line; small units as counts."""
    field = _Field(width, [unit.short_name for unit in units], value_room=96)
    asked = float(standard.pass_rate)
    drawn = field.scale(len(units), beside=asked)
    for row, unit in enumerate(units):
        counts = unit.counts
        if counts.small:
            said = f"应考{counts.expected}人，实考{counts.sat}人，合格{counts.passed}人"
            drawn += field.words(row, unit.short_name, said)
        else:
            rate = counts.share("passed", "sat")
            said = f"{words.percent(rate)}（{counts.passed}／{counts.sat}）"
            drawn += field.bar(row, unit.short_name, rate, said)
    drawn += field.standard(f"标准{words.percent(standard.pass_rate)}", asked, len(units))
    return Chart("各单位合格率（按建制顺序）", width, field.height(len(units)), tuple(drawn))


def topics(shares: tuple[TopicShare, ...], *, counts_only: bool = False, width: float = 471) -> Chart:
    """答对率 per topic in the order of the paper; counts alone for a small unit."""
    field = _Field(width, [share.topic for share in shares], value_room=108)
    drawn = [] if counts_only else field.scale(len(shares))
    for row, share in enumerate(shares):
        counted = f"答对{share.right}／{share.asked}题次"
        if counts_only or not share.asked:
            drawn += field.words(row, share.topic, counted)
        else:
            rate = Fraction(share.right, share.asked)
            said = f"{words.percent(rate)}（{share.right}／{share.asked}）"
            drawn += field.bar(row, share.topic, rate, said)
    return Chart("各专题答对题次" if counts_only else "各专题答对率", width, field.height(len(shares)), tuple(drawn))


def bands(counts: Counts, width: float = 471) -> Chart:
    """优秀, 合格, 未合格 of those who sat, as one bar of three parts; counts alone for a small unit."""
    parts = (
        ("优秀", counts.excellent),
        ("合格（不含优秀）", counts.passed - counts.excellent),
        ("未合格", counts.sat - counts.passed),
    )
    title, drawn = f"成绩分布（实考{counts.sat}人）", []
    barred = counts.sat and not counts.small
    x = 0.0
    for (_, people), tint in zip(parts, TINTS, strict=True) if barred else ():
        part = width * people / counts.sat
        drawn.append(Box(x, 0, part, 14, tint))
        x += part
    y = 28.0 if barred else 10.0
    left, room = 0.0, 12 if barred else 0
    for (name, people), tint in zip(parts, TINTS, strict=True):
        share = f"，{words.percent(Fraction(people, counts.sat))}" if barred else ""
        said = f"{name}{people}人{share}"
        breadth = room + _breadth(said) * 9
        if left and left + breadth > width:
            left, y = 0.0, y + 15
        if barred:
            drawn.append(Box(left, y - 7.5, 8, 8, tint))
        drawn.append(Label(left + room, y, said, 9))
        left += breadth + 24
    return Chart(title, width, y + 4, tuple(drawn))


class _Field:
    """Rows of name, bar and words; bars share one scale from 0 to 100%."""

    def __init__(self, width: float, names: list[str], value_room: float):
        longest = max(map(_breadth, names), default=0) * 9 + 10
        self.left = min(longest, 160.0, width * 0.34)
        self.room = width - self.left - value_room
        self.name_room = self.left - 10
        self.top = 16.0

    def height(self, rows: int) -> float:
        return self.top + rows * _ROW + 2

    def scale(self, rows: int, beside: float | None = None) -> list[Shape]:
        """Lines at the quarters, with their shares except where the label of the standard will stand."""
        drawn: list[Shape] = []
        for share in (0, 0.25, 0.5, 0.75, 1):
            x = self.left + self.room * share
            width, colour = (0.6, GREY) if share == 0 else (0.3, HAIR)
            drawn.append(Rule(x, self.top, x, self.height(rows), width, colour))
            if beside is None or abs(share - beside) * self.room > 40:
                drawn.append(Label(x, self.top - 5, f"{share:.0%}", 7.5, align="middle", colour=GREY))
        return drawn

    def standard(self, said: str, at: float, rows: int) -> list[Shape]:
        """The line every bar is measured against, in the one accent."""
        x = self.left + self.room * at
        line = Rule(x, self.top - 2, x, self.height(rows), 0.9, RED)
        return [line, Label(x, self.top - 5, said, 7.5, align="middle", colour=RED)]

    def bar(self, row: int, name: str, rate: Fraction | None, said: str) -> list[Shape]:
        y = self.top + row * _ROW
        length = self.room * float(rate or 0)
        return [
            *self._name(row, name),
            Box(self.left, y + (_ROW - _BAR) / 2, length, _BAR, BAR),
            Label(self.left + self.room + 8, y + 11.5, said, 8.5),
        ]

    def words(self, row: int, name: str, said: str) -> list[Shape]:
        y = self.top + row * _ROW
        # White behind the words: the lines of the scale must not run through them.
        ground = Box(self.left + 4, y + 2.5, _breadth(said) * 8.5 + 4, _ROW - 5, "#ffffff")
        return [*self._name(row, name), ground, Label(self.left + 6, y + 11.5, said, 8.5, colour=GREY)]

    def _name(self, row: int, name: str) -> list[Shape]:
        y, size = self.top + row * _ROW, 9.0
        if _breadth(name) * size <= self.name_room:
            return [Label(self.left - 8, y + 11.5, name, size, align="end")]
        half = (len(name) + 1) // 2
        size = min(7.5, self.name_room / max(1, _breadth(name[:half])))
        return [
            Label(self.left - 8, y + _ROW / 2 - 0.5, name[:half], size, align="end"),
            Label(self.left - 8, y + _ROW / 2 + size - 0.5, name[half:], size, align="end", colour=INK),
        ]


def _breadth(text: str) -> float:
    # In characters: Latin letters and digits are about half as wide. A page measures with its own font anyway.
    return sum(0.6 if c.isascii() else 1.0 for c in text)
