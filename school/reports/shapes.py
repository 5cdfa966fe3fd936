"""The few shapes that charts and papers are made of, and how they are drawn onto a PDF page.

Coordinates are points from the upper left corner, y downwards; the y of a text is its baseline.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from school.reports.compose import Line
from school.reports.fonts import Fonts

INK = "#1c1c1c"
GREY = "#666666"
HAIR = "#c9cdd1"
#: the one accent: what a page is measured against
RED = "#b3261e"


class Label(NamedTuple):
    """A short text; align: "start", "middle" or "end" of it stands at x."""

    x: float
    y: float
    text: str
    size: float = 9
    bold: bool = False
    align: str = "start"
    colour: str = INK


class Words(NamedTuple):
    """A line as the composer set it, its left edge at x."""

    x: float
    y: float
    line: Line
    size: float
    bold: bool = False
    colour: str = INK


class Box(NamedTuple):
    """A filled rectangle; x, y is its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Rule(NamedTuple):
    """A straight stroke."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float = 0.4
    colour: str = HAIR
    dashed: bool = False


class Image(NamedTuple):
    """A picture by its hash; x, y is its upper left corner. Only a paper that holds pictures draws it."""

    x: float
    y: float
    width: float
    height: float
    sha256: str


Shape = Label | Words | Box | Rule | Image


def moved(shapes: Iterable[Shape], x: float, y: float) -> list[Shape]:
    """The same shapes further right and down."""
    return [
        shape._replace(x=shape.x + x, y=shape.y + y, to_x=shape.to_x + x, to_y=shape.to_y + y)
        if isinstance(shape, Rule)
        else shape._replace(x=shape.x + x, y=shape.y + y)
        for shape in shapes
    ]


def onto_canvas(canvas: Canvas, shapes: Iterable[Shape], fonts: Fonts, height: float) -> None:
    """Draw onto the canvas's page or form of that height, as one block of PDF operators."""
    canvas.addLiteral("\n".join(operators(shape, fonts, canvas._doc, height) for shape in shapes))


def operators(shape: Shape, fonts: Fonts, document, height: float) -> str:
    """One shape as PDF operators: the same for the same shape in the same document."""
    if isinstance(shape, Label):
        return _label(shape, fonts, document, height)
    if isinstance(shape, Words):
        return _words(shape, fonts, document, height)
    if isinstance(shape, Box):
        box = _numbers(shape.x, height - shape.y - shape.height, shape.width, shape.height)
        return f"{_rgb(shape.colour)} rg {box} re f"
    return _stroke(shape, height)


def _label(shape: Label, fonts: Fonts, document, height: float) -> str:
    font = fonts.bold if shape.bold else fonts.regular
    x = shape.x
    if shape.align != "start":
        x -= font.width(shape.text, shape.size) / (2 if shape.align == "middle" else 1)
    show = [
        f"{font.getSubsetInternalName(face, document)} {shape.size:g} Tf <{codes.hex()}> Tj"
        for face, codes in font.encode(shape.text, document)
    ]
    return f"BT {_rgb(shape.colour)} rg 1 0 0 1 {_numbers(x, height - shape.y)} Tm {' '.join(show)} ET"


def _words(shape: Words, fonts: Fonts, document, height: float) -> str:
    """The pieces in arrays with the space between them as adjustments, so that the line stays one text."""
    font = fonts.bold if shape.bold else fonts.regular
    at = start = shape.line.pieces[0].x
    runs: list[tuple[int, list[str]]] = []
    for piece in shape.line.pieces:
        if abs(piece.x - at) > 0.001:
            runs[-1][1].append(f"{(at - piece.x) * 1000 / shape.size:.1f}")
        for face, codes in font.encode(piece.text, document):
            if not runs or runs[-1][0] != face:
                runs.append((face, []))
            runs[-1][1].append(f"<{codes.hex()}>")
        at = piece.x + font.width(piece.text, shape.size)
    show = " ".join(
        f"{font.getSubsetInternalName(face, document)} {shape.size:g} Tf [{''.join(array)}] TJ" for face, array in runs
    )
    return f"BT {_rgb(shape.colour)} rg 1 0 0 1 {_numbers(shape.x + start, height - shape.y)} Tm {show} ET"


def _stroke(shape: Rule, height: float) -> str:
    start, end = _numbers(shape.x, height - shape.y), _numbers(shape.to_x, height - shape.to_y)
    dash = "[3 2] 0 d" if shape.dashed else "[] 0 d"
    return f"{_rgb(shape.colour)} RG {shape.width:g} w {dash} {start} m {end} l S"


@cache
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[n : n + 2], 16) / 255:.3g}" for n in (1, 3, 5))


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in values)
