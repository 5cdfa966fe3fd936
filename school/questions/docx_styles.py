"""How the words of a Word document look: run properties, through the styles they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from school.questions import markup
from school.questions.docx_numbering import LEVELS, whole
from school.questions.markup import Node

_OFF = ("0", "false", "none", "off")
_SWITCHES = {
    "b": "bold", "em": "em", "vanish": "hidden", "webHidden": "hidden", "strike": "struck", "dstrike": "struck",
    "u": "underline", "highlight": "highlight",
}  # fmt: skip
#: brightest minus darkest part of a colour that is neither black nor grey
_COLOURFUL = 0x60

Looks = dict[str, str]


@dataclass(frozen=True)
class Style:
    """A style's own looks, what it is based on, and the list it belongs to."""

    looks: tuple[tuple[str, str], ...]
    parent: str = ""
    number: str = ""
    level: int | None = None


class Styles:
    """The styles of one document by their ids."""

    def __init__(self, content: bytes | None):
        nodes = markup.parse(content).iterfind("style") if content else ()
        self._found = {node.get("styleId", ""): _style(node) for node in nodes}

    def looks(self, name: str) -> Looks:
        """What a style does to words, with all it is based on."""
        found: Looks = {}
        for style in reversed(self._line(name)):
            found |= dict(style.looks)
        return found

    def numbered(self, name: str) -> tuple[str, int | None]:
        """(list, level) of a paragraph style; ("", None) for none."""
        return next(((style.number, style.level) for style in self._line(name) if style.number), ("", None))

    def _line(self, name: str) -> list[Style]:
        """A style and its ancestors; a ring of styles ends where it closes."""
        found, seen = [], set()
        while name in self._found and name not in seen:
            seen.add(name)
            found.append(self._found[name])
            name = self._found[name].parent
        return found


def _style(node: Node) -> Style:
    parent, number, level = node.find("basedOn"), node.find("pPr/numPr/numId"), node.find("pPr/numPr/ilvl")
    return Style(
        tuple(looks(node.find("rPr")).items()),
        "" if parent is None else parent.get("val", ""),
        "" if number is None else number.get("val", ""),
        None if level is None else whole(level.get("val")) % LEVELS,
    )


def looks(properties: Node | None) -> Looks:
    """What run properties say: name -> value, "" for switched off."""
    found: Looks = {}
    for node in properties if properties is not None else ():
        value = node.get("val", "")
        if node.tag in _SWITCHES:
            found[_SWITCHES[node.tag]] = "" if value in _OFF else value or "on"
        elif node.tag == "color":
            found["colour"] = value.upper() if _colourful(value) else ""
        elif node.tag == "shd":
            found["shade"] = node.get("fill", "") if _colourful(node.get("fill", "")) else ""
        elif node.tag == "rFonts":
            found["font"] = node.get("ascii", "") or node.get("hAnsi", "")
    return found


def _colourful(value: str) -> bool:
    if not re.fullmatch("[0-9A-Fa-f]{6}", value):
        return False
    parts = [int(value[at : at + 2], 16) for at in (0, 2, 4)]
    return max(parts) - min(parts) >= _COLOURFUL


def marks(told: Looks) -> frozenset[str]:
    """The looks that may single out an answer, each under one name: {"bold", "colour FF0000"}."""
    plain = {name for name in ("bold", "underline", "em") if told.get(name)}
    coloured = {f"{name} {told[name]}" for name in ("colour", "highlight", "shade") if told.get(name)}
    return frozenset(plain | coloured)
