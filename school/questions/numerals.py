"""Chinese numerals as laws and headings write them: 二百八十 <-> 280."""

from __future__ import annotations

import re

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
#: a run of characters that may be a numeral
NUMERAL = r"[零〇一二两三四五六七八九十百千]+"


def number(text: str) -> int | None:
    """The value of "一百零三", "二〇二五" or "21" (full width too); None when it is no numeral below ten thousand."""
    text = text.strip()
    if re.fullmatch(r"\d{1,6}", text):
        return int(text)
    if not re.fullmatch(NUMERAL, text):
        return None
    if not set(text) & set(_TENS):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _TENS:
            total += (1 if digit is None else digit) * _TENS[char]
            digit = None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def spoken(value: int) -> str:
    """1 … 9999 in the way laws number their articles: 10 十, 15 十五, 103 一百零三, 280 二百八十."""
    if not 0 < value < 10_000:
        raise ValueError("numerals run from 1 to 9999")
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            words += ("零" if gap else "") + "零一二三四五六七八九"[digit] + name
        gap = bool(words) and not digit
    return words.removeprefix("一") if words.startswith("一十") else words
