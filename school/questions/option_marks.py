"""Right options that are told by a mark on them: 三十年√ · ★三十年 · 三十年（正确答案） · 三十年√ beside 五十年×."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from school.questions.draft import LETTERS
from school.questions.matching import Mirror

_RIGHT, _WRONG = "√✓✔☑★", "×✗✘☒"
_WORD = r"[(【\[]\s*(?:正确答案|正确选项|正确|答案|对|√|✓|✔)\s*[)】\]]"
_BACK = re.compile(rf"\s*(?:(?P<word>{_WORD})|(?P<sign>[{_RIGHT}{_WRONG}]))\s*[;。.]?\s*$")
_FRONT = re.compile(rf"\s*(?P<sign>[{_RIGHT}{_WRONG}])\s*(?=\S)")
#: a line without a letter that can still be an option
_LONGEST = 60
_STEM_ENDS = re.compile(r"(?:[。.?!:]|\)|_)\s*$")


@dataclass(frozen=True)
class Marked:
    """Options without their marks, and the letters of those marked as right."""

    options: tuple[str, ...]
    said: str


def read(options: Sequence[str]) -> Marked | None:
    """Options with marks taken off, None where marks do not tell: on none or all of them, of two kinds, or as words.

    Where every option has a sign, √ on some and × on the others tell.
    """
    found = [_taken(option) for option in options]
    signs = {sign for _, sign in found if sign}
    right = {sign for sign in signs if sign not in _WRONG}
    places = [place for place, (_, sign) in enumerate(found) if sign and sign not in _WRONG]
    texts = {text.strip() for text, _ in found}
    if len(right) != 1 or len(places) == len(options) or "" in texts or len(texts) < len(options):
        return None
    if signs != right and not all(sign for _, sign in found):
        return None
    return Marked(tuple(text for text, _ in found), "".join(LETTERS[place] for place in places))


def _taken(option: str) -> tuple[str, str]:
    """An option without its mark, and the mark."""
    mirror = Mirror(option)
    if back := _BACK.search(mirror.norm):
        return mirror.cut(0, back.start()), back["sign"] or "正确"
    if front := _FRONT.match(mirror.norm):
        return mirror.cut(front.end()), front["sign"]
    return option, ""


def unlettered(first: str, below: Sequence[str]) -> tuple[str, ...]:
    """The lines below a stem's first one as options without letters, where their marks show that they are options."""
    if len(below) < 2 or not _STEM_ENDS.search(Mirror(first).norm) or any(len(line) > _LONGEST for line in below):
        return ()
    return tuple(line.strip() for line in below) if read(below) else ()
