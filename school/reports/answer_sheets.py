"""Answer sheets: one page per person with corner marks, a QR code, bubbles and lines, all at the places sheet_geometry names.

What everybody with a form has alike is drawn once, as a form that each page shows; a page adds the person and the code.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics.barcode import qrencoder

from school.reports import compose
from school.reports import sheet_geometry as places
from school.reports.fonts import Fonts
from school.reports.paper_value import Asked, Sitter, Terms
from school.reports.shapes import GREY, INK, Box, Label, Rule, Shape, Words
from school.reports.sheet_geometry import Bubbles, Writing

#: points in a millimetre
MM = 72 / 25.4
#: what is meant to be read by people only; light enough for a reader of marks to look through
_PALE = "#8a8a8a"
_BLACK = "#000000"
#: any of the eight masks can be read; looking for the best of them takes six times as long as all the rest
_MASK = 2


def static(questions: Sequence[Asked], page: int, terms: Terms, fonts: Fonts) -> list[Shape]:
    """What a page of the sheet shows to everybody with the form."""
    side = places.MARK * MM
    drawn: list[Shape] = [Box(x * MM, y * MM, side, side, _BLACK) for x, y in places.corners()]
    drawn += _centred(terms.title, 89, 21, 130, 16, fonts, bold=True)
    drawn.append(Label(89 * MM, 34 * MM, "答题卡", 16, bold=True, align="middle"))
    drawn += _instructions(questions)
    for one in places.bubbles(questions):
        if one.page == page:
            drawn += _question(one, questions)
    for place in places.writings(questions):
        if place.page == page:
            drawn += _writing(place)
    of = places.pages(questions)
    drawn += [
        Label(24 * MM, 277 * MM, "考生签名：", 11),
        Rule(46 * MM, 278 * MM, 96 * MM, 278 * MM, 0.5, INK),
        Label(150 * MM, 277 * MM, f"第 {page} 页 共 {of} 页", 10.5, align="middle"),
    ]
    return drawn


def _instructions(questions: Sequence[Asked]) -> list[Shape]:
    """How to fill in, with one box filled; it stands where no bubble is looked for."""
    width, height = (side * MM for side in places.BUBBLE)
    several = [question.position for question in questions if question.kind == "multi"]
    drawn: list[Shape] = [
        Label(14 * MM, 70.5 * MM, "用黑色笔把方框涂满：", 9),
        Box(47 * MM, 67.8 * MM, width, height, _BLACK),
        Label(54 * MM, 70.5 * MM, "涂错的，在方框上画×，另涂一个。不要折叠，不要在四角黑块和二维码上书写。", 9),
    ]
    if several:
        told = f"第 {several[0]} 至 {several[-1]} 题是多选题。" if len(several) > 1 else f"第 {several[0]} 题是多选题。"
        drawn.append(Label(14 * MM, 76 * MM, told, 9))
    return drawn


def _question(one: Bubbles, questions: Sequence[Asked]) -> list[Shape]:
    kind = next(question.kind for question in questions if question.position == one.position)
    letters = "√×" if kind == "judge" else "ABCDEFGH"
    x, y = one.middles[0]
    drawn: list[Shape] = [Label((x - 4.6) * MM, (y + 1.3) * MM, str(one.position), 10, bold=True, align="end")]
    for letter, (x, y) in zip(letters, one.middles, strict=False):
        drawn += _frame(x - places.BUBBLE[0] / 2, y - places.BUBBLE[1] / 2, *places.BUBBLE)
        drawn.append(Label(x * MM, (y + 0.95) * MM, letter, 7.5, align="middle", colour=_PALE))
    return drawn


def _frame(x: float, y: float, width: float, height: float) -> list[Shape]:
    left, top, right, bottom = x * MM, y * MM, (x + width) * MM, (y + height) * MM
    ends = (
        (left, top, right, top),
        (right, top, right, bottom),
        (right, bottom, left, bottom),
        (left, bottom, left, top),
    )
    return [Rule(*end, 0.6, _PALE) for end in ends]


def _writing(place: Writing) -> list[Shape]:
    left, right = places.WRITTEN
    first = (place.top + 7) * MM
    drawn: list[Shape] = [Label((left + 8) * MM, first, f"{place.position}", 10, bold=True, align="end")]
    if place.kind == "fill":
        width = (right - left - 10) / place.lines
        starts = [left + 10 + n * width for n in range(place.lines)]
        return drawn + [Rule(x * MM, first + 3, (x + width - 3) * MM, first + 3, 0.6, INK) for x in starts]
    step = (place.height - 4) / place.lines
    ys = [(place.top + 4 + step * (n + 1)) * MM for n in range(place.lines)]
    return drawn + [Rule((left + 10) * MM, y, right * MM, y, 0.4, GREY) for y in ys]


def personal(sitter: Sitter, page: int, fonts: Fonts) -> list[Shape]:
    """Name, unit, number and form, and the code that says whose sheet this is."""
    drawn: list[Shape] = []
    fields = (
        ("单位", sitter.unit, 14, 42, 108),
        ("姓名", sitter.name, 14, 52, 108),
        ("工号", sitter.staff_no, 14, 62, 58),
    )
    for name, text, x, y, room in fields:
        drawn.append(Label(x * MM, y * MM, f"{name}：", 11))
        drawn += _fitted(text, (x + 13) * MM, y * MM, room * MM, fonts)
    drawn.append(Label(90 * MM, 62 * MM, "卷别：", 11))
    drawn.append(Label(104 * MM, 62.6 * MM, sitter.form, 16, bold=True))
    drawn += _qr(sitter.codes[page - 1])
    drawn.append(Label(179 * MM, 50 * MM, sitter.codes[page - 1], 6.5, align="middle"))
    return drawn


def modules(code: str) -> list[list[bool]]:
    """The QR code's squares, row by row, True where black."""
    qr = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    qr.addData(code)
    qr.version = qr.calculate_version()
    qr.makeImpl(False, _MASK)
    return [[bool(dark) for dark in row] for row in qr.modules]


def _qr(code: str) -> list[Shape]:
    """The black squares, those beside each other in one stroke, so that no white hair runs between them."""
    rows = modules(code)
    side = places.QR_SIDE * MM / len(rows)
    left, top = (at * MM for at in places.QR_AT)
    drawn: list[Shape] = []
    for y, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                drawn.append(Box(left + start * side, top + y * side, (end - start) * side, side + 0.05, _BLACK))
            start = end + 1
    return drawn


def _fitted(text: str, x: float, y: float, room: float, fonts: Fonts) -> list[Shape]:
    """On one line, or small on two or three, never cut."""
    size = 12.0 if fonts.regular.width(text, 12) <= room else 7.5
    set_lines = compose.lines(text, room, size, lambda part: fonts.regular.width(part, size))
    top = y - 4.2 * (len(set_lines) - 1)
    return [Words(x, top + 8.6 * n, line, size) for n, line in enumerate(set_lines)]


def _centred(
    text: str, middle: float, y: float, room: float, size: float, fonts: Fonts, *, bold: bool = False
) -> list[Shape]:
    font = fonts.bold if bold else fonts.regular
    size = size if font.width(text, size) <= room * MM else 10.0
    set_lines = compose.lines(text, room * MM, size, lambda part: font.width(part, size))
    return [
        Words(middle * MM - line.width / 2, y * MM + size * 1.25 * n, line, size, bold=bold)
        for n, line in enumerate(set_lines)
    ]
