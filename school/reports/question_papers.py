"""Personal question papers: name, form and terms at the head, the questions in the person's own order of options.

Everybody with a form reads the same stems; only the options change places, as they do on the phone. A question stands on one
page as long as it fits on one, its picture smaller where that saves the rest of a page. Body in 小四 (12 pt), in large print
小二 (18 pt). What was set once for a text is used again for everybody after, so that thousands of papers cost little more
than their bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from school import words
from school.quizzes.paper import KINDS
from school.reports import compose, shapes
from school.reports.compose import Line
from school.reports.fonts import Fonts
from school.reports.page import HEIGHT, WIDTH
from school.reports.paper_value import Asked, Sitter, Terms
from school.reports.shapes import GREY, INK, Image, Label, Rule, Shape, Words

LEFT, TOP, BOTTOM = 54.0, 54.0, HEIGHT - 58.0
BREADTH = WIDTH - 2 * LEFT
BODY, LARGE = 12.0, 18.0
#: leading as a multiple of the size
_LEADING = 1.5
MODES = {"open": "开卷", "onsite": "现场开卷", "closed": "现场闭卷"}
HOW = {
    "single": "每题只有一个正确答案",
    "multi": "每题至少有两个正确答案",
    "judge": "对的填√，错的填×",
    "fill": "把答案写在横线上",
    "short": "写出要点",
}
_NUMBERS = "一二三四五六七八九十"
#: a line to write on, in place of however a blank was typed
_BLANK = "＿" * 5
#: highest a picture is printed, in points, and how high it stays when the rest of a page is narrow
_PICTURE, _PICTURE_LEAST = 260.0, 140.0
#: lines below a short answer
_LINES = 5


class Row(NamedTuple):
    """A strip of a page: so many points high, its shapes with y from its upper edge and x on the page.

    spare: how much less high it may be made.
    """

    height: float
    shapes: tuple[Shape, ...]
    spare: float = 0.0


class Setter:
    """Sets papers in one size; remembers the lines of every text it has met. sizes: of the pictures by hash, in pixels."""

    def __init__(self, fonts: Fonts, terms: Terms, *, large: bool, sizes: Mapping[str, tuple[int, int]] | None = None):
        self._fonts, self._terms, self._size = fonts, terms, LARGE if large else BODY
        self._sizes = sizes or {}
        self._leading = self._size * _LEADING
        self._hang = self._size * 2.2
        self._known: dict[tuple, list[Line]] = {}

    def pages(self, questions: Sequence[Asked], sitter: Sitter) -> list[list[Shape]]:
        """One person's paper, page by page, with 第 1 页 共 2 页 at the foot."""
        pages: list[list[Shape]] = [[]]
        y = TOP
        for block in self._blocks(questions, sitter):
            over = y + sum(row.height for row in block) - BOTTOM
            if 0 < over <= sum(row.spare for row in block):
                block = _shrunk(block, over)
            together = sum(row.height for row in block) <= BOTTOM - TOP
            for n, row in enumerate(block):
                needed = sum(rest.height for rest in block[n:]) if together else row.height
                if y + needed > BOTTOM + 0.01 and pages[-1]:
                    pages.append([])
                    y = TOP
                pages[-1] += shapes.moved(row.shapes, 0, y)
                y += row.height
        margins = [self._foot(sitter, n, len(pages)) for n in range(1, len(pages) + 1)]
        for margin in margins[1:]:
            margin += self._whose(sitter)
        return [[*page, *margin] for page, margin in zip(pages, margins, strict=True)]

    def _whose(self, sitter: Sitter) -> list[Shape]:
        """Unit and name above the second page and those after it, never cut: leaves are dropped and mixed up."""
        text, measure = f"{sitter.unit}　{sitter.name}", self._fonts.regular.width
        size = next((size for size in (10.5, 9.0, 7.5) if measure(text, size) <= BREADTH), 6.0)
        lines = self._lines(text, BREADTH, size)
        top = TOP - 20 - size * (len(lines) - 1)
        return [Label(LEFT, top + size * 1.2 * n, line.text, size, colour=GREY) for n, line in enumerate(lines)]

    def _foot(self, sitter: Sitter, number: int, of: int) -> list[Shape]:
        return [
            Label(WIDTH / 2, HEIGHT - 34, f"第 {number} 页 共 {of} 页", 10.5, align="middle"),
            Label(LEFT, HEIGHT - 34, f"{sitter.form} 卷", 10.5, colour=GREY),
            Label(LEFT + BREADTH, HEIGHT - 34, f"工号 {sitter.staff_no}", 10.5, align="end", colour=GREY),
        ]

    def _blocks(self, questions: Sequence[Asked], sitter: Sitter) -> Iterator[list[Row]]:
        """What must not be parted: the head; each question, the first of a part with the part's own head."""
        yield self._head(sitter)
        texts = dict(zip((question.position for question in questions), sitter.options, strict=True))
        for n, (kind, group) in enumerate(groupby(questions, key=lambda question: question.kind)):
            part = list(group)
            head = self._part(_NUMBERS[n % len(_NUMBERS)], kind, part)
            for question in part:
                yield [*head, *self._question(question, texts[question.position])]
                head = []

    def _head(self, sitter: Sitter) -> list[Row]:
        terms, size = self._terms, self._size
        minutes = terms.minutes + sitter.extra
        facts = [
            MODES[terms.mode], f"{minutes} 分钟", f"满分 {words.points(terms.full)} 分",
            f"{words.points(terms.pass_mark)} 分合格",
        ]  # fmt: skip
        rows = self._centred(terms.title, size + 8, bold=True)
        rows += self._centred(f"{sitter.form} 卷", size + 4, bold=True)
        rows += self._centred("　".join(facts), size)
        rows.append(Row(8, ()))
        for name, text in (("单位", sitter.unit), ("姓名", sitter.name), ("工号", sitter.staff_no)):
            rows += self._hung(f"{name}：", text, 3.2 * size, bold=name == "姓名")
        rows.append(Row(8, (Rule(LEFT, 5, LEFT + BREADTH, 5, 0.8, INK),)))
        for n, note in enumerate(self._notes(), 1):
            rows += self._hung(f"{n}.", note, 1.6 * size)
        return [*rows, Row(6, (Rule(LEFT, 5, LEFT + BREADTH, 5, 0.8, INK),))]

    def _notes(self) -> list[str]:
        terms = self._terms
        notes = [
            "答案填在答题卡上。不便填涂的，可以直接写在本卷上，由工作人员照样录入。",
            "各人的题目和选项次序不同，请只按本卷作答。",
            f"作答时间以现场宣布的为准，在 {words.moment(terms.opens_at)} 至 {words.moment(terms.closes_at)} 之间。",
        ]
        return notes if terms.mode == "closed" else [*notes, "开卷作答，可以查阅资料，请独立完成。"]

    def _part(self, number: str, kind: str, part: Sequence[Asked]) -> list[Row]:
        each, total = part[0].points, sum((question.points for question in part), Decimal(0))
        said = [f"共 {len(part)} 题，每题 {words.points(each)} 分，共 {words.points(total)} 分", HOW[kind]]
        if kind == "multi":
            said.append(self._terms.multi_rule)
        text = f"{number}、{KINDS[kind]}（{'；'.join(said)}）"
        lines = self._lines(text, BREADTH, self._size, bold=True)
        return [Row(self._size * 0.6, ()), *(self._row(line, LEFT, bold=True) for line in lines)]

    def _question(self, question: Asked, options: Sequence[str]) -> list[Row]:
        rows = self._hung(f"{question.position}.", _stem(question), self._hang)
        rows += [self._picture(number, sha256) for number, sha256 in question.pictures]
        if options:
            rows += self._options(options)
        if question.kind == "short":
            line = (Rule(LEFT + self._hang, self._leading, LEFT + BREADTH, self._leading, 0.5, GREY),)
            rows += [Row(self._leading + 6, line)] * _LINES
        return [*rows, Row(self._size * 0.4, ())]

    def _picture(self, number: int, sha256: str) -> Row:
        """As large as on a screen of 96 dots to the inch, or as fits beside the margin; its number above it."""
        width, height = (side * 0.75 * self._size / BODY for side in self._sizes[sha256])
        scale = min(1.0, (BREADTH - self._hang) / width, _PICTURE / height)
        x, below = LEFT + self._hang, self._leading
        drawn = Image(x, below, width * scale, height * scale, sha256)
        label = Label(x, self._baseline(), f"图{number}", self._size)
        return Row(below + drawn.height + 6, (label, drawn), max(0.0, drawn.height - _PICTURE_LEAST))

    def _options(self, options: Sequence[str]) -> list[Row]:
        """Four or two beside each other where every one of them fits on a line, else one below the other."""
        room, letter = BREADTH - self._hang, self._size * 1.6
        longest = max(self._fonts.regular.width(text, self._size) for text in options)
        across = next((n for n in (4, 2) if longest <= room / n - letter - self._size), 1)
        if across == 1:
            labelled = zip("ABCDEFGH", options, strict=False)
            return [row for name, text in labelled for row in self._hung(f"{name}.", text, letter, self._hang)]
        placed = [
            [
                Label(LEFT + self._hang + room / across * n, self._baseline(), f"{name}.", self._size),
                Label(LEFT + self._hang + room / across * n + letter, self._baseline(), text, self._size),
            ]
            for place, (name, text) in enumerate(zip("ABCDEFGH", options, strict=False))
            if (n := place % across) >= 0
        ]
        starts = range(0, len(placed), across)
        return [Row(self._leading, tuple(s for one in placed[at : at + across] for s in one)) for at in starts]

    def _hung(self, label: str, text: str, hang: float, indent: float = 0.0, *, bold: bool = False) -> list[Row]:
        """A text that hangs behind a label; each line of a text with line ends begins anew."""
        x = LEFT + indent
        lines = [line for part in text.split("\n") for line in self._lines(part, BREADTH - indent - hang, self._size)]
        rows = [self._row(line, x + hang, bold=bold) for line in lines] or [Row(self._leading, ())]
        first = Label(x, self._baseline(), label, self._size)
        return [Row(rows[0].height, (first, *rows[0].shapes)), *rows[1:]]

    def _centred(self, text: str, size: float, *, bold: bool = False) -> list[Row]:
        lines = self._lines(text, BREADTH, size, bold=bold)
        leading = size * _LEADING
        return [
            Row(leading, (Words(LEFT + (BREADTH - line.width) / 2, leading * 0.75, line, size, bold=bold),))
            for line in lines
        ]

    def _row(self, line: Line, x: float, *, bold: bool = False) -> Row:
        return Row(self._leading, (Words(x, self._baseline(), line, self._size, bold=bold),))

    def _baseline(self) -> float:
        return self._leading * 0.75

    def _lines(self, text: str, width: float, size: float, *, bold: bool = False) -> list[Line]:
        key = (text, width, size, bold)
        if key not in self._known:
            font = self._fonts.bold if bold else self._fonts.regular
            self._known[key] = compose.lines(text, width, size, lambda part: font.width(part, size))
        return self._known[key]


def _shrunk(block: Sequence[Row], by: float) -> list[Row]:
    """The block made so many points less high, each of its pictures by the same share of what it can spare."""
    share = by / sum(row.spare for row in block)
    return [_smaller(row, row.spare * share) if row.spare else row for row in block]


def _smaller(row: Row, by: float) -> Row:
    label, image = row.shapes
    ratio = 1 - by / image.height
    image = image._replace(width=image.width * ratio, height=image.height * ratio)
    return Row(row.height - by, (label, image))


def _stem(question: Asked) -> str:
    """The stem with lines for its blanks; a judge item ends with a bracket to write in."""
    stem = re.sub(r"[_＿]{2,}", _BLANK, question.stem)
    if question.kind == "judge" and not re.search(r"（[\s　]*）[。．]?$", stem):
        stem += "（　　）"
    return stem
