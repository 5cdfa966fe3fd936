"""First-login slips: eight to a page with lines to cut along, thousands in one file.

What is the same on every slip is drawn once, as a form that each page shows; a page adds one block of text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from school import words
from school.reports import compose, fonts, shapes
from school.reports.fonts import Fonts
from school.reports.page import HEIGHT, WIDTH, open_canvas
from school.reports.shapes import GREY, Box, Label, Rule, Shape, Words

ACROSS, DOWN = 2, 4
PER_PAGE = ACROSS * DOWN
_BREADTH, _HEIGHT = WIDTH / ACROSS, HEIGHT / DOWN
_LEFT, _RIGHT = 26.0, _BREADTH - 26.0
_VALUE = _LEFT + 34
_FIELDS = (("单位", 62.0), ("姓名", 80.0), ("工号", 98.0))


@dataclass(frozen=True)
class Slip:
    """One person's first login. code: the one-time code in the groups it is read in; valid_until: aware."""

    unit: str
    name: str
    staff_no: str
    code: str
    valid_until: datetime


def draw(slips: Sequence[Slip], *, county: str, address: str, folder: Path | None = None) -> bytes:
    """All slips in the order given, as PDF. address: what people type to sign in; folder: the county's fonts."""
    faces, out = fonts.load(folder), io.BytesIO()
    title = f"{county}夜校首次登录条"
    canvas = open_canvas(out, faces, title=title, subject="首次登录条", author=county)
    canvas.beginForm("sheet", 0, 0, WIDTH, HEIGHT)
    shapes.onto_canvas(canvas, _sheet(county, address, faces), faces, HEIGHT)
    canvas.endForm()
    for start in range(0, max(1, len(slips)), PER_PAGE):
        canvas.doForm("sheet")
        filled = [shape for n, slip in enumerate(slips[start : start + PER_PAGE]) for shape in _filled(slip, n, faces)]
        shapes.onto_canvas(canvas, filled, faces, HEIGHT)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheet(county: str, address: str, faces: Fonts) -> list[Shape]:
    """The lines to cut along and what every slip says."""
    cuts = [Rule(_BREADTH * n, 0, _BREADTH * n, HEIGHT, 0.4, GREY, True) for n in range(1, ACROSS)]
    cuts += [Rule(0, _HEIGHT * n, WIDTH, _HEIGHT * n, 0.4, GREY, True) for n in range(1, DOWN)]
    blank = _blank(county, address, faces)
    return cuts + [shape for n in range(PER_PAGE) for shape in shapes.moved(blank, *_corner(n))]


def _blank(county: str, address: str, faces: Fonts) -> list[Shape]:
    drawn: list[Shape] = [
        Label(_LEFT, 34, f"{county}夜校", 11, bold=True),
        Label(_RIGHT, 34, "首次登录条", 9, align="end", colour=GREY),
        Rule(_LEFT, 41, _RIGHT, 41, 0.6, GREY),
        Box(_LEFT, 108, _RIGHT - _LEFT, 38, "#f1f3f5"),
        Label(_LEFT + 8, 131, "登录码", 9, colour=GREY),
    ]
    drawn += [Label(_LEFT, y, name, 9, colour=GREY) for name, y in _FIELDS]
    how = f"用手机或电脑打开{address}，输入工号和登录码，再设定自己的密码。登录码只能用一次，请勿转交他人。"
    set_lines = compose.lines(how, _RIGHT - _LEFT, 8.5, lambda part: faces.regular.width(part, 8.5))
    return drawn + [Words(_LEFT, 162 + 13 * n, line, 8.5) for n, line in enumerate(set_lines)]


def _filled(slip: Slip, place: int, faces: Fonts) -> list[Shape]:
    """One person's words; a long text is set small on two lines, never cut."""
    drawn: list[Shape] = []
    for text, (_, y) in zip((slip.unit, slip.name, slip.staff_no), _FIELDS, strict=True):
        drawn += _fitted(text, y, faces)
    size = min(19.0, 19.0 * (_RIGHT - _VALUE - 14) / max(1.0, faces.bold.width(slip.code, 19)))
    drawn.append(Label(_RIGHT - 8, 134, slip.code, round(size, 2), bold=True, align="end"))
    until = f"{words.moment(slip.valid_until)}前有效"
    drawn.append(Label(_RIGHT, 98, until, 8.5, align="end", colour=GREY))
    return shapes.moved(drawn, *_corner(place))


def _fitted(text: str, y: float, faces: Fonts) -> list[Shape]:
    room = _RIGHT - _VALUE
    if faces.regular.width(text, 10.5) <= room:
        return [Label(_VALUE, y, text, 10.5)]
    set_lines = compose.lines(text, room, 7, lambda part: faces.regular.width(part, 7))
    top = y - 4.2 * (len(set_lines) - 1)
    return [Words(_VALUE, top + 8.4 * n, line, 7) for n, line in enumerate(set_lines)]


def _corner(place: int) -> tuple[float, float]:
    return _BREADTH * (place % ACROSS), _HEIGHT * (place // ACROSS)
