"""Option labels: where options begin in a line and where one ends and the next begins.

A line is split only at the next expected letter and, where the lines around say so, with the same sign after it:
never at any capital letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from school.questions.draft import LETTERS
from school.questions.keys import Doubtful
from school.questions.matching import Mirror

_SIGN = r"\s*[.、:,)·]"
#: at the start of a line: A.  A、 A:  A,  A)  (A)  [A]  【A】  - A.  A␠
_START = re.compile(
    r"[\s\-*•]*(?:(?P<boxed>[\[(【]\s*(?P<in>[A-Za-z])\s*[\])】]\s*[.、:]?)"
    rf"|(?P<plain>[A-Za-z])(?P<sign>{_SIGN})|(?P<spaced>[A-Z])(?=\s|$))\s*"
)


@dataclass(frozen=True)
class Label:
    """An option letter in a line: its index, the sign that follows it, where the label starts and its text begins."""

    place: int
    sign: str
    start: int
    end: int


def at_start(norm: str) -> Label | None:
    """The option label a normalised line begins with."""
    found = _START.match(norm)
    if not found:
        return None
    letter = found["in"] or found["plain"] or found["spaced"]
    if letter.islower() and (found["sign"] or "").strip() not in (".", "、", ")"):
        return None
    sign = "boxed" if found["boxed"] else (found["sign"] or "").strip() or "blank"
    return Label(LETTERS.index(letter.upper()), sign, found.start(), found.end())


def _next(norm: str, place: int, sign: str, begin: int, apart: str = "") -> Label | None:
    """The label of option `place` later in a line; sign "" takes any sign but a bare blank.

    apart: a look-behind the label must satisfy besides.
    """
    found = _pattern(place, sign, apart).search(norm, begin)
    return Label(place, sign, found.start(), found.end()) if found else None


@cache
def _pattern(place: int, sign: str, apart: str) -> re.Pattern:
    letter = LETTERS[place]
    signs = {
        "boxed": rf"[\[(【]\s*{letter}\s*[\])】]\s*[.、:]?\s*",
        "blank": rf"(?<=\s){letter}\s+",
        "": rf"(?<![A-Za-z]){letter}{_SIGN}\s*",
    }
    return re.compile(apart + (signs.get(sign) or rf"(?<![A-Za-z]){letter}\s*{re.escape(sign)}\s*"))


def _run(norm: str, first: Label, upto: int | None, sign: str) -> list[Label]:
    """Labels that follow `first` on its line in the order of the letters, up to but not including `upto`."""
    labels = [first]
    while labels[-1].place + 1 < (len(LETTERS) if upto is None else upto):
        found = _next(norm, labels[-1].place + 1, sign, labels[-1].end)
        if not found:
            break
        labels.append(found)
    return labels


def _labels(norm: str, first: Label, upto: int | None) -> list[Label]:
    """All option labels of a line that begins with one. upto: the letter the next option line begins with."""
    if upto is not None and upto <= first.place + 1:
        return [first]
    labels = _run(norm, first, upto, first.sign)
    if (upto is not None and labels[-1].place + 1 != upto) or (upto is None and len(labels) == 1 and first.place == 0):
        loose = _run(norm, first, upto, "")
        return loose if len(loose) > len(labels) else labels
    return labels


def inline(mirror: Mirror) -> list[Label]:
    """Labels A, B … of options that share a line with what stands before them; empty when there are fewer than two.

    The A stands apart from the words before it, so that 维生素A、B is no list of options.
    """
    if "A" not in mirror.norm or "B" not in mirror.norm:
        return []
    for sign in (".", "、", "boxed", ":", ")", ",", "blank"):
        first = _next(mirror.norm, 0, sign, 0, r"(?<!\w)")
        while first:
            labels = _run(mirror.norm, first, None, sign)
            if len(labels) > 1:
                return labels
            first = _next(mirror.norm, 0, sign, first.end, r"(?<!\w)")
    return []


def texts(mirror: Mirror, labels: list[Label]) -> list[tuple[int, str]]:
    """(index, text) of each label of a line."""
    ends = [label.start for label in labels[1:]] + [len(mirror.norm)]
    return [(label.place, mirror.cut(label.end, end)) for label, end in zip(labels, ends, strict=True)]


def split(lines: list[Mirror]) -> list[tuple[int, str]]:
    """(index, text) of every option on lines that each begin with an option label, in the order written."""
    firsts = [at_start(line.norm) for line in lines]
    found = []
    for line, first, following in zip(lines, firsts, [*firsts[1:], None], strict=True):
        found += texts(line, _labels(line.norm, first, following.place if following else None))
    return found


def in_order(found: list[tuple[int, str]]) -> tuple[str, ...]:
    """Option texts from A on. Raises Doubtful when a letter is missing or comes twice."""
    places = sorted(place for place, _ in found)
    if places != list(range(len(places))):
        told = "、".join(LETTERS[place] for place, _ in found)
        raise Doubtful(f"选项字母不连续或有重复（{told}），请核对选项。")
    texts_in_order = tuple(text for _, text in sorted(found))
    if texts_in_order and len(texts_in_order) < len(LETTERS):
        following = rf"(?<![A-Za-z]){LETTERS[len(texts_in_order)]}(?:\s|{_SIGN})"
        if re.search(following, Mirror(texts_in_order[-1]).norm):
            raise Doubtful("最后一个选项里像是还有一个选项，请把它们分开。")
    return texts_in_order


def in_cell(text: str) -> tuple[str, ...]:
    """Options written into one cell: with letters in any of the usual ways, or one per line or | without letters.

    Raises Doubtful where neither is the case.
    """
    mirror = Mirror(text.strip())
    lines = [Mirror(line) for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(at_start(line.norm) for line in lines):
        return in_order(split(lines))
    labels = inline(mirror)
    if labels and not mirror.norm[: labels[0].start].strip():
        return in_order([(place, text.rstrip(" |;；\n")) for place, text in texts(mirror, labels)])
    parts = [part.strip() for part in (text.split("|") if "|" in text else text.splitlines()) if part.strip()]
    if len(parts) > 1 and not any(at_start(Mirror(part).norm) for part in parts):
        return tuple(parts)
    raise Doubtful("选项写在一个格子里，分不开，请每个选项写一行。")
