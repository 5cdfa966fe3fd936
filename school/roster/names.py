"""Names of people as they come from files: what is tidied, and what a person must look at. Pure.

Every character is kept. There is no Unicode normalisation: NFC alone would rewrite nine ideographs that GB 18030
has (domain.md §5.3). Only the separator dot and the blanks of display padding are touched.
"""

from __future__ import annotations

import re
import unicodedata

#: characters a name may have (民委发〔2016〕33号 asks for at least 25 汉字)
LONGEST = 50

#: 汉字: 〇, extension A, the basic block, compatibility ideographs, and the planes of extensions B to I and later
HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
DOT = "\u00b7"
#: · and what people type in its place
DOTS = f"{DOT}•・‧．∙⋅･●"

#: \s without U+001C–U+001F, which are control characters and no blanks
BLANKS = re.compile(r"[ \t\n\r\u00a0\u2000-\u200a\u202f\u3000]+")
SEPARATED = re.compile(rf"(?<=[{HAN}]) ?[{DOTS}] ?(?=[{HAN}])")
#: characters set apart one by one, as lists do to make short names as wide as long ones
PADDED = re.compile(rf"[{HAN}](?: [{HAN}])+")
PARTED = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
#: letters that show nothing although Unicode counts them as letters
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
#: what isprintable() lets pass; it stops more than it should: characters newer than Python's tables are no mistake
UNPRINTABLE = BLANK_LETTERS | {"\ufffd"}


def tidy(given: str) -> str:
    """The name without display padding and with U+00B7 between Han characters: "张　三" -> "张三".

    Blanks inside names in other letters stay, one at a time. Tidying twice changes nothing.
    """
    name = SEPARATED.sub(DOT, BLANKS.sub(" ", given).strip())
    return name.replace(" ", "") if PADDED.fullmatch(name) else name


def trouble(name: str) -> str | None:
    """Why a tidied name cannot be taken as it stands, with the remedy; None when nothing is wrong."""
    if not name.isprintable() or not UNPRINTABLE.isdisjoint(name):
        for character in name:
            if reason := _unreadable(character):
                return reason
    if PARTED.search(name):
        return "姓名中间有空格，分不清是一个人还是两个人。一人一行，去掉姓名中的空格。"
    if len(name) > LONGEST:
        return f"姓名有 {len(name)} 个字，最多 {LONGEST} 个字。请检查是否把其他内容填进了姓名列。"
    return None


def _unreadable(character: str) -> str | None:
    match unicodedata.category(character):
        case "Co":
            return (
                f"姓名中有旧系统的自造字（U+{ord(character):04X}），在别的电脑上会变成空白或别的字。"
                "请用支持 GB 18030 的输入法重新输入这个字。"
            )
        case "Cc" | "Cf" | "Cs" | "Zl" | "Zp":
            return f"姓名中有看不见的字符（U+{ord(character):04X}）。请删除整个姓名，重新手工输入。"
    if character in BLANK_LETTERS:
        return f"姓名中有看不见的字符（U+{ord(character):04X}）。请删除整个姓名，重新手工输入。"
    if character == "\ufffd":
        return "姓名中有已损坏的字（�）。请对照原始花名册重新输入。"
    return None
