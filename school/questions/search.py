"""Finding questions by their words, and by the pinyin initials of their words.

What is stored (`line`) and what is typed (`needles`) are brought to one form: no blanks, no punctuation, no case.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from school.questions.draft import Draft
from school.questions.matching import bare

#: the first character of each initial in GB 2312, whose 3,755 common characters stand in the order of their pinyin
_FIRSTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_INITIALS = "abcdefghjklmnopqrstwxyz"
_STARTS = [char.encode("gb2312") for char in _FIRSTS]
_LAST_COMMON = "座".encode("gb2312")


@dataclass(frozen=True)
class Wanted:
    """What is looked for in a bank; an empty field asks for nothing. state "": all but the retired ones."""

    words: str = ""
    topic: str = ""
    kind: str = ""
    law: str = ""
    difficulty: int | None = None
    audience: str = ""
    state: str = ""


def line(draft: Draft, code: str) -> str:
    """What a question is found by: stem, options, law, article, basis, point and code, then the initials of the first few."""
    cited = (draft.citation.law, draft.citation.article, draft.citation.basis)
    parts = [bare(text) for text in (code, draft.material, draft.stem, *draft.options, *cited, draft.point)]
    spelled = [initials(bare(text)) for text in (draft.stem, draft.citation.law, draft.point)]
    return " ".join(filter(None, (*parts, *spelled)))


def needles(typed: str) -> list[str]:
    """What must all stand in a line for it to be found: "承包 CBQX" -> ["承包", "cbqx"]."""
    return [needle for word in typed.split() if (needle := bare(word))]


def initials(text: str) -> str:
    """The first letter of each character's pinyin: 承包期限 -> cbqx. What is not among the common characters stays itself."""
    return "".join(map(_initial, text))


@cache
def _initial(char: str) -> str:
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return char
    common = _STARTS[0] <= code <= _LAST_COMMON
    return _INITIALS[bisect_right(_STARTS, code) - 1] if common else char
