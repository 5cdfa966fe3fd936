"""Text as it is compared, never as it is stored.

NFKC, blanks of all kinds to one kind, invisible characters away, CJK radicals to the ideographs they imitate.
A `Mirror` keeps the normal form beside the raw text, so that a pattern found in one can be cut out of the other.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: zero-width, directional and byte-order marks: they show nothing and split words
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)

#: radicals that PDF writers put in the place of ideographs and that NFKC leaves alone
_RADICALS = dict(
    zip(
        "⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
#: ①…⑳ are option and list marks; NFKC would make them plain digits
_KEPT = {*map(chr, range(0x2460, 0x2474))}


class _OneToOne(dict):
    """Translation table filled as characters are met: each becomes one character or stays."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = _RADICALS.get(char) or (char if char in _KEPT else unicodedata.normalize("NFKC", char))
        self[code] = " " if plain.isspace() else plain if len(plain) == 1 else char
        return self[code]


_ONE_TO_ONE = _OneToOne()


class _WordsOnly(dict):
    """Translation table filled as characters are met: letters, digits and signs stay, all else goes."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        self[code] = code if char.isalnum() or unicodedata.category(char)[0] == "S" else None
        return self[code]


_WORDS_ONLY = _WordsOnly()


class Mirror:
    """Raw text and its normal form. Positions are those of `norm`; `cut` gives the raw text between two of them."""

    __slots__ = ("_at", "norm", "raw")

    def __init__(self, raw: str):
        self.raw = raw
        self._at = None
        seen = raw
        if INVISIBLE.search(raw):
            self._at = [place for place, char in enumerate(raw) if not INVISIBLE.match(char)]
            seen = "".join(raw[place] for place in self._at)
            self._at.append(len(raw))
        self.norm = seen.translate(_ONE_TO_ONE)

    def cut(self, start: int, end: int | None = None) -> str:
        """The raw text whose normal form is norm[start:end], without blanks at its ends."""
        end = len(self.norm) if end is None else end
        if self._at is None:
            return self.raw[start:end].strip()
        return INVISIBLE.sub("", self.raw[self._at[start] : self._at[end]]).strip()


@lru_cache(maxsize=2**15)
def normal(text: str) -> str:
    """The form in which two texts are compared: full NFKC, no invisible characters, runs of blanks as one blank."""
    seen = INVISIBLE.sub("", text).translate(_ONE_TO_ONE)
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def bare(text: str) -> str:
    """`normal` without blanks, punctuation and case: what is left of a text when only its words count."""
    return normal(text).casefold().translate(_WORDS_ONLY)
