"""Where everything stands on a paper answer sheet: one table, for the printer now and for the reader of scans later.

Millimetres from the upper left corner of an A4 page (210 × 297), x to the right, y downwards.

| what            | where                                                                                             |
|-----------------|---------------------------------------------------------------------------------------------------|
| corner marks    | black squares of 6 mm; outer corners 10 mm from the edges of the page                             |
| QR code         | square of 26 mm with its upper left corner at (166, 20); white for 2 mm around it                 |
| bubbles         | boxes of 4.6 × 3.4 mm; the middle of the first at (27, 82)                                        |
| letters         | A B C … from left to right, 6 mm from middle to middle; a judge item has √ first and × second     |
| questions       | 6.5 mm from middle to middle downwards, in blocks of 5                                            |
| blocks          | three side by side, 61 mm from block to block; the next three 37 mm below                         |
| rows of blocks  | at most 5 on a page: 75 questions; what does not fit stands on the next page, from the same place |
| written answers | below the last row of blocks, down to y = 262, in the breadth from x = 14 to x = 196              |
| a fill-in       | a row of 11 mm; its blanks are lines of equal length side by side                                 |
| a short answer  | 46 mm: the number and six lines                                                                   |
| signature       | below y = 266                                                                                     |

Questions answered by bubbles (single, multi, judge) are counted in the order of the paper, the others likewise; the number
that is printed beside a place is the question's position on the paper. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from school.reports.paper_value import Asked

PAGE = (210.0, 297.0)
MARK, MARGIN = 6.0, 10.0
QR_AT, QR_SIDE = (166.0, 20.0), 26.0
FIRST = (27.0, 82.0)
BUBBLE = (4.6, 3.4)
ACROSS, DOWN = 6.0, 6.5
BLOCK, BLOCKS_ACROSS, BLOCK_ACROSS, BLOCK_DOWN = 5, 3, 61.0, 37.0
ROWS_OF_BLOCKS = 5
PER_PAGE = BLOCK * BLOCKS_ACROSS * ROWS_OF_BLOCKS
WRITTEN, BOTTOM = (14.0, 196.0), 262.0
FILL, SHORT, SHORT_LINES = 11.0, 46.0, 6
#: kinds that are answered by filling bubbles
BUBBLED = ("single", "multi", "judge")


@dataclass(frozen=True)
class Bubbles:
    """The places of one question: page from 1, middles of its bubbles in the order of letters."""

    position: int
    page: int
    middles: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Writing:
    """The place for a written answer: page from 1, from y = top down for so many mm; lines: how many to draw."""

    position: int
    kind: str
    page: int
    top: float
    height: float
    lines: int


def corners() -> tuple[tuple[float, float], ...]:
    """The upper left corners of the four marks: upper left, upper right, lower left, lower right."""
    right, below = PAGE[0] - MARGIN - MARK, PAGE[1] - MARGIN - MARK
    return ((MARGIN, MARGIN), (right, MARGIN), (MARGIN, below), (right, below))


def bubbles(questions: Sequence[Asked]) -> list[Bubbles]:
    """The places of all questions that are answered by bubbles."""
    asked = [question for question in questions if question.kind in BUBBLED]
    return [_bubbles(number, question) for number, question in enumerate(asked)]


def _bubbles(number: int, question: Asked) -> Bubbles:
    page, place = divmod(number, PER_PAGE)
    block, row = divmod(place, BLOCK)
    down, across = divmod(block, BLOCKS_ACROSS)
    x, y = FIRST[0] + across * BLOCK_ACROSS, FIRST[1] + down * BLOCK_DOWN + row * DOWN
    letters = 2 if question.kind == "judge" else question.options
    return Bubbles(question.position, page + 1, tuple((x + n * ACROSS, y) for n in range(letters)))


def writings(questions: Sequence[Asked]) -> list[Writing]:
    """The places for all written answers, below the bubbles and then over as many pages as they need."""
    page, y = _below_bubbles(questions)
    places = []
    for question in questions:
        if question.kind in BUBBLED:
            continue
        fill = question.kind == "fill"
        height = FILL if fill else SHORT
        if y + height > BOTTOM:
            page, y = page + 1, FIRST[1] - DOWN
        places.append(
            Writing(question.position, question.kind, page, y, height, question.blanks if fill else SHORT_LINES)
        )
        y += height
    return places


def _below_bubbles(questions: Sequence[Asked]) -> tuple[int, float]:
    count = sum(question.kind in BUBBLED for question in questions)
    if not count:
        return 1, FIRST[1] - DOWN
    page, place = divmod(count - 1, PER_PAGE)
    rows = place // (BLOCK * BLOCKS_ACROSS) + 1
    return page + 1, FIRST[1] + rows * BLOCK_DOWN - DOWN


def pages(questions: Sequence[Asked]) -> int:
    """How many pages a sheet has; one for any usual paper."""
    placed = [*bubbles(questions), *writings(questions)]
    return max((place.page for place in placed), default=1)
