"""Options that speak of the other options, and which of a question's options therefore keep their printed places. Pure.

| what the options hold                                                   | what keeps its place            |
|-------------------------------------------------------------------------|---------------------------------|
| nothing that speaks of other options                                    | nothing                         |
| at the end one or more of 以上都对, 上述均不是, 都不对, 三者都是, 没有正确答案 | these, at the end               |
| one of these before the end: 以上 means those printed before it         | everything                      |
| letters: A和B, AB都对, 选项A, 除C以外, A、C项, or nothing but a letter     | everything                      |
| circled numbers: ①②, ①和③都对                                            | everything                      |

A letter counts only where it stands for one of the question's own options: A级, AED, B超 and 5A say nothing of options.
Whoever is unsure keeps the printed order: a question that is not shuffled is still right, one that is shuffled may not be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from school.questions.draft import LETTERS
from school.questions.matching import Mirror

_MANY = "[两二三四五六几]"
_ALL = "(?:都|均|皆|全|俱)"
#: the whole of an option, or its beginning, that means all or none of the others
_SWEEPING = re.compile(
    rf"^(?:以上|上述|上列|上面|前面|前述|前{_MANY}(?:项|者|种|个|条))(?!级).{{0,6}}?(?:{_ALL}|选项|答案|无一|没有|各项)"
    rf"|^{_MANY}(?:项|者|种|个)(?:情形|说法|做法)?{_ALL}"
    rf"|^{_ALL}部?都?(?:不|没|是|对|正确|错|可|有|行|符合|属于|包括).{{0,3}}$"
    rf"|{_ALL}(?:不对|正确|不正确|错误|不是)$"
    r"|^(?:没有|无)(?:一个)?正确"
)
_CIRCLED = re.compile(r"^[①-⑳](?:[、,和与及或 ]*[①-⑳])*(?:(?:都|均|皆|全)?(?:是|对|正确|不对|错误?))?$")
_JOINED = "[、,和与及或/ ]*"
_LETTERED = re.compile(
    rf"^(?P<before>只有|仅有?|除了?|同|选项?|答案|既|不是)?(?P<named>[A-Z](?:{_JOINED}[A-Z])*)"
    r"(?P<after>(?:这?[两二三四五几]?[项者个]|选项|答案)?(?:以外|之外|外)?(?:都|均|皆|全)?(?:不|才)?(?:是|对|错|正确|错误|可以?|行|有)?)$"
)
_NAMED_INSIDE = re.compile(
    r"(?:选项|答案)([A-Z])(?![A-Za-z])|除([A-Z])(?=[、,和与或以之外]|$)|(?<![A-Za-z])([A-Z])(?:选?项|答案)(?!目)"
)


def sweeping(text: str) -> bool:
    """Whether an option means all or none of the others: 以上都对, 上述均不是, 都不对."""
    return bool(_SWEEPING.search(_bare(text)))


def kept(options: Sequence[str]) -> int:
    """How many of a question's options, counted from the last, keep their printed places; the others may be shuffled.

    options: their texts as printed.  0 … len(options), as the table of this file says.
    """
    return _kept(tuple(options))


@lru_cache(maxsize=4096)  # thousands open the same papers in the same minute
def _kept(options: tuple[str, ...]) -> int:
    if any(_names_others(_bare(text), len(options)) for text in options):
        return len(options)
    swept = [sweeping(text) for text in options]
    last = next((place for place, one in enumerate(reversed(swept)) if not one), len(swept))
    return last if sum(swept) == last else len(options)


def note(options: Sequence[str]) -> str:
    """What whoever checks a question is told of its order; empty where all options are shuffled."""
    if not (still := kept(options)):
        return ""
    if still == len(options):
        return "有选项提到别的选项：手机和纸质卷上都照这里的顺序排，不打乱。"
    return f"最后{'一个' if still == 1 else f' {still} 个'}选项说的是其余各项：它固定排在最后，其余选项照常打乱顺序。"


def _bare(text: str) -> str:
    return Mirror(text).norm.strip(" 。.;，,“”\"'")


def _names_others(text: str, many: int) -> bool:
    """Whether a text names options by letter, of which there are so many, or by circled number."""
    if _CIRCLED.match(text):
        return True
    own = LETTERS[:many]
    if any("".join(named) in own for named in _NAMED_INSIDE.findall(text)):
        return True
    found = _LETTERED.match(text.upper())
    return bool(found) and _are_options(found, own)


def _are_options(found: re.Match, own: str) -> bool:
    """Whether the letters are the question's own, each once; bare letters side by side only in their order (AED is none)."""
    letters = re.findall("[A-Z]", found["named"])
    ours = len(set(letters)) == len(letters) and set(letters) <= set(own)
    return ours and (found["named"] != "".join(letters) or letters == sorted(letters))
