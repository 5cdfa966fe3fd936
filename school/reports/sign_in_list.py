"""签到表: one list per unit, a row per person in roster order, with room to sign. Those excused are named as such."""

from __future__ import annotations

from collections.abc import Sequence

from school import words
from school.reports import compose
from school.reports.fonts import Fonts
from school.reports.page import HEIGHT, WIDTH
from school.reports.paper_value import Sitter, Terms
from school.reports.shapes import GREY, INK, Label, Rule, Shape, Words

LEFT, TOP, BOTTOM = 48.0, 54.0, HEIGHT - 92.0
BREADTH = WIDTH - 2 * LEFT
SIZE, ROW = 11.0, 27.0
#: column -> (share of the breadth, head)
COLUMNS = (
    (0.07, "序号"),
    (0.25, "姓名"),
    (0.17, "工号"),
    (0.08, "卷别"),
    (0.27, "签名"),
    (0.16, "备注"),
)
_HEAD = 101.0
PER_PAGE = int((BOTTOM - TOP - _HEAD) // ROW)


def pages(people: Sequence[Sitter], terms: Terms, fonts: Fonts) -> list[list[Shape]]:
    """One unit's list, page by page. people: of one unit, in the order they stand in."""
    starts = range(0, max(1, len(people)), PER_PAGE)
    return [_page(people, terms, fonts, start, n, len(starts)) for n, start in enumerate(starts, 1)]


def _page(people: Sequence[Sitter], terms: Terms, fonts: Fonts, start: int, number: int, of: int) -> list[Shape]:
    shown = people[start : start + PER_PAGE]
    drawn = _head(people, terms, fonts)
    top = TOP + _HEAD
    for n, sitter in enumerate(shown):
        drawn += _row(start + n + 1, sitter, top + n * ROW, fonts)
    drawn += _grid(top - ROW, top + len(shown) * ROW)
    foot = HEIGHT - 62
    drawn += [
        Label(LEFT + BREADTH * n / 3, foot, text, SIZE) for n, text in enumerate(("实到：　　　人", "主考：", "监考："))
    ]
    return [*drawn, Label(WIDTH / 2, HEIGHT - 34, f"第 {number} 页 共 {of} 页", 10.5, align="middle")]


def _head(people: Sequence[Sitter], terms: Terms, fonts: Fonts) -> list[Shape]:
    unit = people[0].unit if people else ""
    exempt = sum(sitter.exempt for sitter in people)
    facts = f"本表 {len(people)} 人，其中免考 {exempt} 人。{words.moment(terms.opens_at)} 至 {words.moment(terms.closes_at)}"
    drawn: list[Shape] = [Label(WIDTH / 2, TOP + 8, "签到表", 20, bold=True, align="middle")]
    drawn += _cell(terms.title, LEFT, BREADTH, TOP + 16, fonts, middle=True)
    drawn += _cell(unit, LEFT, BREADTH, TOP + 35, fonts)
    drawn.append(Label(LEFT, TOP + 67, facts, 9.5, colour=GREY))
    for x, width, (_, name) in _columns():
        drawn.append(Label(x + width / 2, TOP + _HEAD - ROW / 2 + 4, name, SIZE, bold=True, align="middle"))
    return drawn


def _row(number: int, sitter: Sitter, y: float, fonts: Fonts) -> list[Shape]:
    note = "免考" if sitter.exempt else ""
    texts = (str(number), sitter.name, sitter.staff_no, sitter.form, "", note)
    cells = zip(texts, _columns(), strict=True)
    return [shape for text, (x, width, _) in cells for shape in _cell(text, x + 3, width - 6, y, fonts)]


def _cell(text: str, x: float, width: float, y: float, fonts: Fonts, *, middle: bool = False) -> list[Shape]:
    """A text in a row's height: on one line, or small on as many as it takes, never cut."""
    for size in (SIZE, 9.5, 8.0, 6.0, 4.5):
        set_lines = compose.lines(text, width, size, lambda part, size=size: fonts.regular.width(part, size))
        if len(set_lines) * size * 1.15 <= ROW - 2:
            break
    leading = size * 1.15
    top = y + ROW / 2 - leading * len(set_lines) / 2 + size * 0.9
    shift = [(width - line.width) / 2 if middle else 0.0 for line in set_lines]
    return [Words(x + shift[n], top + leading * n, line, size) for n, line in enumerate(set_lines)]


def _columns() -> list[tuple[float, float, tuple[float, str]]]:
    """Left edge and width of each column, with the column itself."""
    found, x = [], LEFT
    for column in COLUMNS:
        found.append((x, BREADTH * column[0], column))
        x += BREADTH * column[0]
    return found


def _grid(top: float, bottom: float) -> list[Shape]:
    rows = round((bottom - top) / ROW)
    edges = [x for x, *_ in _columns()] + [LEFT + BREADTH]
    across = [Rule(LEFT, top + n * ROW, LEFT + BREADTH, top + n * ROW, 0.5, INK) for n in range(rows + 1)]
    return across + [Rule(x, top, x, bottom, 0.5, INK) for x in edges]
