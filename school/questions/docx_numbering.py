"""The numbers Word draws before paragraphs and keeps out of their text. Source: ECMA-376 part 1, §17.9."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from school.questions import markup
from school.questions.markup import Node
from school.questions.numerals import spoken

_HAN = ("chinese", "japanese", "taiwanese", "ideograph", "korean")
LEVELS = 9


@dataclass(frozen=True)
class Level:
    """One level of a list: where it starts, how its number looks ("%1.", "%1、"), which style carries it."""

    start: int = 1
    form: str = "decimal"
    pattern: str = "%1."
    style: str = ""
    restarts: bool = True


@dataclass
class _List:
    """A list in the document: its levels, and counters shared by all that continue it; None before the first."""

    levels: dict[int, Level] = field(default_factory=dict)
    counters: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


class Numbering:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, content: bytes | None):
        self._lists: dict[str, _List] = {}
        self._of_number: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        if content:
            self._read(markup.parse(content))

    def _read(self, root: Node) -> None:
        for node in root.iterfind("abstractNum"):
            levels = {whole(level.get("ilvl")): _level(level) for level in node.iterfind("lvl")}
            self._lists[node.get("abstractNumId", "")] = _List(levels)
        for node in root.iterfind("num"):
            number = node.get("numId", "")
            self._of_number[number] = _value(node.find("abstractNumId"))
            self._starts[number] = {}
            for override in node.iterfind("lvlOverride"):
                at = whole(override.get("ilvl"))
                if (start := override.find("startOverride")) is not None:
                    self._starts[number][at] = whole(_value(start))
                if (level := override.find("lvl")) is not None and self._of_number[number] in self._lists:
                    self._lists[self._of_number[number]].levels[at] = _level(level)

    def level_of_style(self, number: str, style: str) -> int:
        """The level a list keeps for a paragraph style, 0 where it does not say."""
        found = self._lists.get(self._of_number.get(number, ""), _List()).levels
        return next((at for at, level in found.items() if level.style == style), 0)

    def label(self, number: str, at: int) -> str:
        """The number of the next paragraph of a list, as Word draws it; "" for bullets and for no list."""
        found = self._lists.get(self._of_number.get(number, ""))
        if found is None or at not in found.levels:
            return ""
        level, counters = found.levels[at], found.counters
        fresh = self._starts.get(number, {}).pop(at, None)
        before = counters[at]
        counters[at] = fresh if fresh is not None else level.start if before is None else before + 1
        for deeper in range(at + 1, LEVELS):
            if found.levels.get(deeper, level).restarts:
                counters[deeper] = None
        return "" if level.form in ("bullet", "none") else _drawn(found, level)


def _drawn(found: _List, level: Level) -> str:
    def number(match: re.Match) -> str:
        at = int(match[1]) - 1
        told = found.levels.get(at, Level())
        return written(found.counters[at] if found.counters[at] is not None else told.start, told.form)

    return re.sub(r"%([1-9])", number, level.pattern)


def _level(node: Node) -> Level:
    start = node.find("start")
    return Level(
        1 if start is None else whole(_value(start)),
        _value(node.find("numFmt")) or "decimal",
        _value(node.find("lvlText")),
        _value(node.find("pStyle")),
        _value(node.find("lvlRestart")) != "0",
    )


def _value(node: Node | None) -> str:
    return "" if node is None else node.get("val", "")


def whole(said: str | None) -> int:
    """A number of up to four digits, 0 for anything else."""
    return int(said) if said and re.fullmatch(r"\d{1,4}", said) else 0


def written(number: int, form: str) -> str:
    """A number in one of Word's number formats: (3, "upperLetter") -> C, (12, "chineseCounting") -> 十二."""
    if form in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form.startswith(_HAN) and 0 < number < 10_000:
        return spoken(number)
    if form == "decimalEnclosedCircle" and 0 < number <= 20:
        return chr(0x245F + number)
    if form in ("upperRoman", "lowerRoman") and 0 < number < 400:
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return str(number)


def _roman(number: int) -> str:
    found = ""
    for value, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            found, number = found + sign, number - value
    return found
