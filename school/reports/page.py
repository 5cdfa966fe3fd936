"""The A4 page of a report: headings, text, figures, tables, charts, notes, signatures, page numbers.

A paper is laid out as shapes, page by page, and drawn in one go when the number of pages is known. Every text
is plain text: whatever looks like markup comes out as it was written. Equal content gives equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import BinaryIO, NamedTuple

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from school import clock
from school.reports import compose, shapes, tables
from school.reports.charts import Chart
from school.reports.fonts import Fonts
from school.reports.shapes import GREY, HAIR, RED, Label, Rule, Shape, Words
from school.reports.tables import Column

# Streams as they are, not wrapped in ASCII letters: one sixth smaller.
rl_config.useA85 = 0

WIDTH, HEIGHT = 595.28, 841.89
LEFT, TOP, BOTTOM = 62.0, 68.0, HEIGHT - 72.0
BREADTH = WIDTH - 2 * LEFT
TEXT, LEADING = 10.5, 18.0
NOTE, NOTE_LEADING = 8.5, 13.0


class Figure(NamedTuple):
    """One figure of a strip: what it counts, the number with its unit, and its denominator below."""

    name: str
    number: str
    unit: str = ""
    below: str = ""


class _Mark(NamedTuple):
    page: int
    title: str
    y: float
    level: int


class Paper:
    """A report under way. Widths and heights are points; y runs downwards from the top of the page."""

    def __init__(self, fonts: Fonts, *, title: str, subject: str, author: str, made_at: datetime):
        self._fonts = fonts
        self._title, self._subject, self._author, self._made_at = title, subject, author, made_at
        self._pages: list[list[Shape]] = [[]]
        self._marks = [_Mark(0, title, 0, 0)]
        self._seen: set[str] = set()
        self._y = TOP

    def title(self, rows: Sequence[str], below: Sequence[str] = (), flag: str = "") -> None:
        """The head of the first page: title rows, small lines beneath the red rule, and a flag (更正) if any."""
        if flag:
            self._put(Label(LEFT + BREADTH, self._y - 14, flag, 10.5, bold=True, align="end"))
        for row in rows:
            for line in self._composed(row, BREADTH, 20, bold=True):
                self._y += 30
                self._put(Words(LEFT + (BREADTH - line.width) / 2, self._y - 8, line, 20, bold=True))
        self._y += 8
        self._put(Rule(LEFT, self._y, LEFT + BREADTH, self._y, 1.1, RED))
        self._y += 5
        for row in below:
            for line in self._composed(row, BREADTH, NOTE):
                self._y += NOTE_LEADING + 1
                self._put(Words(LEFT + (BREADTH - line.width) / 2, self._y - 2, line, NOTE, colour=GREY))
        self._y += 8

    def heading(self, text: str, keep: float = 3 * LEADING) -> None:
        """A heading in the outline, never left alone: at least keep points of what follows stay with it."""
        self._need(36 + keep)
        self._y += 12 if self._pages[-1] else 0
        self._marks.append(_Mark(len(self._pages) - 1, text, self._y, 1))
        self._y += 20
        self._put(Label(LEFT, self._y - 5, text, 12, bold=True))
        self._y += 4

    def text(self, text: str, *, label: str = "") -> None:
        """A justified paragraph of plain text, two characters in; or hanging behind a label such as 1."""
        hang = max(2 * TEXT, self._fonts.regular.width(label, TEXT) + 5) if label else 0.0
        set_lines = self._composed(text, BREADTH - hang, TEXT, indent=0 if label else 2 * TEXT)
        for n, line in enumerate(set_lines):
            self._need(LEADING * _together(n, len(set_lines)))
            self._y += LEADING
            if label and not n:
                self._put(Label(LEFT, self._y - 5, label, TEXT))
            self._put(Words(LEFT + hang, self._y - 5, line, TEXT))
        self._y += 2

    def figures(self, strip: Sequence[Figure]) -> None:
        """A strip of figures: the number large, its name above, its denominator below."""
        height = 54.0 if any(figure.below for figure in strip) else 42.0
        self._need(height + 4)
        self._see(*(text for figure in strip for text in figure))
        top, each = self._y + 6, BREADTH / len(strip)
        self._put(Rule(LEFT, top, LEFT + BREADTH, top, 0.5, GREY))
        for n, figure in enumerate(strip):
            middle = LEFT + each * (n + 0.5)
            beside = middle + self._fonts.bold.width(figure.number, 16) / 2 + 2
            self._put(Label(middle, top + 14, figure.name, 9, align="middle", colour=GREY))
            self._put(Label(middle, top + 34, figure.number, 16, bold=True, align="middle"))
            self._put(Label(beside, top + 34, figure.unit, 8, colour=GREY))
            self._put(Label(middle, top + 47, figure.below, 8, align="middle", colour=GREY))
            if n:
                self._put(Rule(LEFT + each * n, top + 7, LEFT + each * n, top + height - 7))
        self._put(Rule(LEFT, top + height, LEFT + BREADTH, top + height, 0.5, GREY))
        self._y = top + height + 4

    def chart(self, chart: Chart) -> None:
        """A chart under its title."""
        self._need(chart.height + 30)
        self._y += 20
        self._put(Label(LEFT, self._y - 6, chart.title, 9.5, bold=True))
        self._put(*shapes.moved(chart.shapes, LEFT, self._y))
        self._y += chart.height + 6

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        units: str = "",
        total: Sequence[str] = (),
    ) -> None:
        """A table over as many pages as it needs, its head on each; units stands right of the caption.

        rows: texts per column; total: the last row, in bold, never parted from the row before it.
        """
        self._see(caption, units, *(column.title for column in columns))
        laid = tables.lay_out(columns, [*rows, total] if total else rows, BREADTH, self._fonts, bold_last=bool(total))
        self._see(*laid.texts)
        above = 30 + laid.head_height
        counts = tables.rows_per_page(laid.heights, BOTTOM - self._y - above, BOTTOM - TOP - above)
        edges = [0, *accumulate(counts)]
        for n, (start, end) in enumerate(pairwise(edges)):
            if n or self._y + above + sum(laid.heights[start:end]) > BOTTOM:
                self._turn()
            self._y += 20
            self._put(Label(LEFT, self._y - 7, caption if not n else f"{caption}（续）", 9.5, bold=True))
            self._put(Label(LEFT + BREADTH, self._y - 7, units, NOTE, align="end", colour=GREY))
            drawn, height = laid.part(start, end)
            self._put(*shapes.moved(drawn, LEFT, self._y))
            self._y += height + 8

    def closing(self, notes: Sequence[str]) -> None:
        """Notes and the line of 制表, 审核, 日期, always on one page together, with what no font could draw."""
        self._see(*notes)
        if missing := self._fonts.missing(self._seen):
            codes = "、".join(f"U+{ord(c):04X}" for c in missing)
            notes = [*notes, f"现有字体没有收录{codes}，文中以〔〕内的编码代替；请管理员补充字体后重新生成。"]
        composed = [self._composed(note, BREADTH - 30, NOTE) for note in notes]
        self._need(min(sum(map(len, composed)) * NOTE_LEADING + 70, BOTTOM - TOP))
        self._y += 12
        for n, note in enumerate(composed):
            self._need(len(note) * NOTE_LEADING)
            self._put(Label(LEFT, self._y + 9, "注：" if not n else "", NOTE, colour=GREY))
            self._put(Label(LEFT + 26, self._y + 9, f"{n + 1}.", NOTE, align="end", colour=GREY))
            for line in note:
                self._put(Words(LEFT + 30, self._y + 9, line, NOTE, colour=GREY))
                self._y += NOTE_LEADING
        self._need(34)
        self._y += 30
        for n, name in enumerate(("制表：", "审核：", "日期：")):
            left = LEFT + BREADTH * n / 3
            self._put(Label(left, self._y, name, TEXT))
            self._put(Rule(left + 33, self._y + 3, left + BREADTH / 3 - 16, self._y + 3, 0.5, GREY))

    def finish(self) -> bytes:
        """Draw all pages with 第 n 页 共 m 页, outline and metadata."""
        out = io.BytesIO()
        canvas = open_canvas(
            out, self._fonts, title=self._title, subject=self._subject, author=self._author, made_at=self._made_at
        )
        for number, page in enumerate(self._pages):
            for n, mark in enumerate(self._marks):
                if mark.page == number:
                    canvas.bookmarkHorizontal(f"m{n}", 0, HEIGHT - mark.y + 10)
                    canvas.addOutlineEntry(mark.title, f"m{n}", mark.level)
            shapes.onto_canvas(canvas, [*page, *self._furniture(number)], self._fonts, HEIGHT)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def _furniture(self, number: int) -> list[Shape]:
        foot = Label(
            WIDTH / 2, HEIGHT - 40, f"第 {number + 1} 页 共 {len(self._pages)} 页", 9, align="middle", colour=GREY
        )
        if not number:
            return [foot]
        head = self._fitted(self._title, 8.5, BREADTH)
        return [foot, Label(LEFT, 48, head, 8.5, colour=GREY), Rule(LEFT, 54, LEFT + BREADTH, 54, 0.4, HAIR)]

    def _fitted(self, text: str, size: float, width: float) -> str:
        while self._fonts.regular.width(text, size) > width:
            text = text[:-2] + "…"
        return text

    def _composed(self, text: str, width: float, size: float, *, bold: bool = False, indent: float = 0):
        self._see(text)
        font = self._fonts.bold if bold else self._fonts.regular
        return compose.lines(text, width, size, lambda part: font.width(part, size), indent=indent)

    def _put(self, *drawn: Shape) -> None:
        self._pages[-1].extend(drawn)

    def _see(self, *texts: str) -> None:
        self._seen.update(*texts)

    def _need(self, height: float) -> None:
        if self._y + height > BOTTOM:
            self._turn()

    def _turn(self) -> None:
        if self._pages[-1]:
            self._pages.append([])
        self._y = TOP


def _together(done: int, of: int) -> int:
    """Lines of a paragraph that must find room at once: no first or last line of one stands alone on a page."""
    if of <= 3:
        return of - done
    return 2 if done in (0, of - 2) else 1


def open_canvas(
    out: BinaryIO, fonts: Fonts, *, title: str, subject: str, author: str, made_at: datetime | None = None
) -> Canvas:
    """A canvas for A4 whose bytes depend on nothing but what is drawn; made_at is the date written in the file."""
    font = fonts.regular.fontName
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=font, lang="zh-CN")
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor(author)
    canvas.setCreator("夜校")
    canvas.setProducer("夜校")
    if made_at:
        stamp = f"D:{clock.local(made_at):%Y%m%d%H%M%S}+08'00'"
        canvas.setDateFormatter(lambda *_: stamp)
    return canvas
