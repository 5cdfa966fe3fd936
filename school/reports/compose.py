"""Sets Chinese text into justified lines.

A line never begins with a closing mark nor ends with an opening one (避头尾), a Latin word or a number is never
broken, ……, —— and the bracket to write in, （　　）, stay whole. When the next piece does not fit, the full-width
marks of the line are squeezed by up to a quarter of a character each to pull it in; otherwise it goes to the next
line, and the rest of the line is shared out between its pieces. Of two full-width marks side by side the white
between them is always halved. Only a piece that is wider than a whole line is broken inside, so that no line ever
sticks out of the margin.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

CLOSING = "，。、；：？！）》〉」』】〕〗｝”’…—～·‧－–％‰℃々,.;:?!)]}%"
OPENING = "（《〈「『【〔〖｛“‘([{￥¥＄$№"

#: full-width marks whose white half is after them, and before them
_WHITE_AFTER = set("，。、；：？！）》〉」』】〕〗｝”’")
_WHITE_BEFORE = set("（《〈「『【〔〖｛“‘")

_ATOM = re.compile(
    r"[（(]\s+[）)]|…+|—+|[0-9A-Za-z\u00c0-\u024f][0-9A-Za-z\u00c0-\u024f.,:/／%+_@#&'’-]*|\s|.", re.DOTALL
)
#: share of a mark's white half that squeezing may take; more makes a line look cramped
_GIVE = 0.5
#: a line's rest above this share of a character per gap is left as a ragged edge
_WIDEST_GAP = 0.25

Measure = Callable[[str], float]


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is drawn at once: x points from the left edge, with no space added inside."""

    text: str
    x: float


@dataclass(frozen=True)
class Line:
    """One line; width in points from the left edge to the end of its last piece, its white half left out."""

    pieces: tuple[Piece, ...]
    width: float

    @property
    def text(self) -> str:
        """What stands on the line."""
        return "".join(piece.text for piece in self.pieces)


@dataclass
class _Atom:
    text: str
    width: float
    before: float = 0.0  # white in front that may be squeezed, in points
    after: float = 0.0  # and behind
    shift: float = 0.0  # white in front that was taken away for good


def lines(
    text: str, width: float, size: float, measure: Measure, *, indent: float = 0.0, justified: bool = True
) -> list[Line]:
    """Set one paragraph of plain text. width, size, indent in points; measure gives the width of a text in points."""
    flowing = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
    clusters = _clusters(_atoms(_ATOM.findall(flowing), size, measure))
    fitting = [part for one in clusters for part in _fitting(one, width - indent, size, measure)]
    rows = _rows(fitting, width, indent)
    return [
        _line(
            row,
            width - (indent if not n else 0),
            size,
            indent if not n else 0.0,
            ragged=n == len(rows) - 1 or not justified,
        )
        for n, row in enumerate(rows)
    ]


def _atoms(words: list[str], size: float, measure: Measure) -> list[_Atom]:
    atoms = [_Atom(word, measure(word)) for word in words]
    for atom in atoms:
        white = size / 2 if atom.width > size * 0.9 else 0.0
        atom.before, atom.after = white * (atom.text[0] in _WHITE_BEFORE), white * (atom.text[-1] in _WHITE_AFTER)
    for left, right in pairwise(atoms):
        if left.after and (right.after or right.before):
            left.width, left.after = left.width - left.after, 0.0
        elif left.before and right.before:
            right.width, right.shift, right.before = right.width - right.before, right.before, 0.0
    return atoms


def _fitting(cluster: list[_Atom], width: float, size: float, measure: Measure) -> list[list[_Atom]]:
    """The cluster itself; or, when it is wider than a line, smaller ones with its long words cut."""
    if sum(map(_narrowest, cluster)) - _hanging(cluster) <= width:
        return [cluster]
    # Half a line at most, so that the last part has room for the marks that must stay with it.
    return _clusters(_atoms([part for atom in cluster for part in _cut(atom.text, width / 2, measure)], size, measure))


def _cut(word: str, width: float, measure: Measure) -> list[str]:
    parts = []
    while len(word) > 1 and measure(word) > width:
        fits = max(1, bisect_right(range(1, len(word)), width, key=lambda count: measure(word[:count])))
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word]


def _rows(clusters: list[list[_Atom]], width: float, indent: float) -> list[list[_Atom]]:
    rows: list[list[_Atom]] = [[]]
    used = indent
    for cluster in clusters:
        need = sum(map(_narrowest, cluster))
        if used + need - _hanging(cluster) <= width + 0.01 or cluster[0].text == " ":
            rows[-1] += cluster
            used += need
        elif need - _hanging(cluster) <= width and rows[-1]:
            rows.append(cluster)
            used = need
        else:
            used = _spread(cluster, rows, used, width)
    return [trimmed for row in rows if (trimmed := _without_edge_blanks(row))]


def _clusters(atoms: list[_Atom]) -> list[list[_Atom]]:
    """Atoms that no line end may part, put together; a blank parts only what may be parted."""
    clusters: list[list[_Atom]] = []
    solid = [atom for atom in atoms if atom.text != " "]
    at = 0  # how many solid atoms stand before this one
    for atom in atoms:
        if clusters and 0 < at < len(solid) and _inseparable(solid[at - 1].text, solid[at].text):
            clusters[-1].append(atom)
        else:
            clusters.append([atom])
        at += atom.text != " "
    return clusters


def _inseparable(left: str, right: str) -> bool:
    return right[0] in CLOSING or left[-1] in OPENING


def _spread(cluster: list[_Atom], rows: list[list[_Atom]], used: float, width: float) -> float:
    # Wider than a line: break it wherever the margin comes.
    for atom in cluster:
        if rows[-1] and used + _narrowest(atom) - _hanging([atom]) > width + 0.01:
            rows.append([])
            used = 0.0
        rows[-1].append(atom)
        used += _narrowest(atom)
    return used


def _narrowest(atom: _Atom) -> float:
    return atom.width - (atom.before + atom.after) * _GIVE


def _hanging(cluster: list[_Atom]) -> float:
    # The white of a mark at the end of a line needs no room at all.
    return cluster[-1].after * (1 - _GIVE)


def _without_edge_blanks(row: list[_Atom]) -> list[_Atom]:
    start, end = 0, len(row)
    while start < end and row[start].text == " ":
        start += 1
    while end > start and row[end - 1].text == " ":
        end -= 1
    return row[start:end]


def _line(row: list[_Atom], room: float, size: float, indent: float, *, ragged: bool) -> Line:
    hanging = row[-1].after
    natural = sum(atom.width for atom in row) - hanging
    squeezable = sum(atom.before + atom.after for atom in row) - hanging
    squeeze = min(_GIVE, max(0.0, natural - room) / squeezable) if squeezable else 0.0
    rest = room - natural
    gap = rest / (len(row) - 1) if rest > 0 and not ragged and len(row) > 1 else 0.0
    if gap > size * _WIDEST_GAP:
        gap = 0.0
    pieces, x = [], indent
    for atom in row:
        pieces.append(Piece(atom.text, x - atom.shift - atom.before * squeeze))
        x += atom.width - (atom.before + atom.after) * squeeze + gap
    end = x - gap - row[-1].after * (1 - squeeze)
    return Line(_joined(pieces, row, squeeze, gap), end)


def _joined(pieces: list[Piece], row: list[_Atom], squeeze: float, gap: float) -> tuple[Piece, ...]:
    # Without gaps and squeezing, neighbours are one piece: shorter files, and cleaner text when copied.
    if gap or squeeze or any(_halved(atom) for atom in row):
        return tuple(pieces)
    return (Piece("".join(atom.text for atom in row), pieces[0].x),)


def _halved(atom: _Atom) -> bool:
    return bool(atom.shift) or (atom.text[-1] in _WHITE_AFTER and not atom.after)
