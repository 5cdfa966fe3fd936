"""Question numbers at the beginning of a line, in all the shapes people give them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from school.questions import vocabulary

_TYPE_TAG = r"(?:\*?\s*[\[【(][^\[\]【】()]{1,8}[\]】)]\s*)?"
_SHAPES = (
    ("dot", r"(\d{1,5})\s*[.、]\s*(?!\d)"),
    #: "12.2018年…": told from "8.5" only by its place in the sequence
    ("tight", r"(\d{1,5})\s*[.、]\s*(?=\d)"),
    ("word", r"(?:第\s*(\d{1,4})\s*题|题\s*(\d{1,4}))\s*[.、:]?\s*"),
    ("code", r"Q\s*(\d{1,4})(?![\w])\s*[.、:)]?\s*"),
    ("box", r"[\[【]\s*(\d{1,4})\s*[\]】]\s*[.、:]?\s*"),
    ("paren", r"\(\s*(\d{1,3})\s*\)\s*[.、]?\s*"),
    ("close", r"(\d{1,4})\s*\)\s*"),
    ("colon", r"(\d{1,4})\s*:\s*(?!\d)"),
    ("alone", r"(\d{1,4})\s*$"),
    ("blank", r"(\d{1,4})[\t ]+(?=[^\d\s.,、:;%+\-*/=<>)])"),
    ("glued", r"(\d{1,4})(?=[\u4e00-\u9fff《“\"(])(?![年月日天个项条款章元人次%万亿种类级小分周岁名户亩倍])"),
)
_PATTERNS = [
    (style, re.compile(rf"[\s#*]*(?P<tag>{_TYPE_TAG if style not in ('alone', 'glued', 'blank') else ''}){shape}"))
    for style, shape in _SHAPES
]
#: a jump this far is a misprint or a question taken out; further is another kind of number
TOLERATED_JUMP = 3


@dataclass(frozen=True)
class Number:
    """A number label: its value, shape, what type the tag before it names, and where in the line the stem begins."""

    value: int
    style: str
    tag: str
    end: int


def at_start(norm: str) -> Number | None:
    """The number a normalised line begins with."""
    if not re.match(r"[\s#*]*[\d(\[【第题Q*]", norm):
        return None
    for style, pattern in _PATTERNS:
        found = pattern.match(norm)
        if found and (not found["tag"].strip() or vocabulary.kind(found["tag"].strip(" *").split(",")[0])):
            digits = next(group for group in found.groups()[1:] if group)
            return Number(int(digits), style, found["tag"].strip(" *"), found.end())
    return None


def expected(number: Number, last: int) -> bool:
    """Whether a number is the next one after `last`, or a small jump ahead of it."""
    return last < number.value <= last + 1 + TOLERATED_JUMP
