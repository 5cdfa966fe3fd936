"""Single cells of a roster: dates, phones, kinds, yes and no. Pure. `Unreadable` carries reason and remedy."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

#: kinds of assignment (domain.md §5.2)
KINDS = ("任职", "编制", "兼任", "挂职", "借调", "驻村", "党组织关系")
DEFAULT_KIND = "任职"
KIND_SYNONYMS = {
    "任职": "任职 在职 在岗 现任 主职 本职 本任 在任",
    "编制": "编制 编制所在 在编 编制内 人事关系 行政编制 事业编制",
    "兼任": "兼任 兼职 兼",
    "挂职": "挂职 挂任",
    "借调": "借调 抽调 借用 跟班学习",
    "驻村": "驻村 驻村干部 驻村帮扶 第一书记 驻村工作队",
    "党组织关系": "党组织关系 组织关系",
}
KIND_OF = {word: kind for kind, words in KIND_SYNONYMS.items() for word in words.split()}

YES = frozenset(["是", "计入", "参加", "应考", "√", "✓", "✔", "1", "y", "yes", "true", "对"])
NO = frozenset(["否", "不计入", "不参加", "不应考", "免考", "×", "✗", "✘", "x", "0", "n", "no", "false", "不"])
NO_PHONE = frozenset(["无", "/", "-", "—", "--", "暂无"])
NO_END = frozenset(["至今", "长期", "无", "-", "—", "/", "现在", "今", "不限"])

DAY = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?: \d{1,2}:\d{2}(?::\d{2})?)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})月?")
YEARS = range(1900, 2101)

#: a mobile, a landline with its area code, a landline without, a short number inside the county's network
PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|\d{5,6}")
STAFF_NO = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-./]{0,39}")
FRACTION = re.compile(r"\d+\.\d+")
IDENTITY_NO = re.compile(r"[1-9]\d{16}[\dX]")
LOOKS_LIKE_IDENTITY = re.compile(r"\d{15}|\d{17}[\dXx]")
IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

LOST_DIGITS = "数字在表格中丢失了位数（科学计数或小数）。请把这一列设为“文本”格式，重新填写完整号码。"
WRITE_DAYS = "请写成 2026-03-01 的样子。"


class Unreadable(Exception):
    """A cell that says nothing certain. The message is the Chinese reason with its remedy."""


def plain(given: str) -> str:
    """Codes and words for comparison: half-width, without blanks around, without the apostrophe Excel users type."""
    return unicodedata.normalize("NFKC", given).strip().lstrip("'")


def staff_no(given: str, damaged: bool) -> str:
    """A staff number in half-width characters, otherwise as it was written."""
    number = plain(given)
    if damaged or FRACTION.fullmatch(number):
        raise Unreadable("工号" + LOST_DIGITS)
    if is_identity_no(number):
        raise Unreadable("这像是身份证号。本系统不使用身份证号，请改填单位统一的工号。")
    if not STAFF_NO.fullmatch(number):
        raise Unreadable("工号只能由字母、数字和 - _ . / 组成，最多 40 位，中间没有空格。请改正。")
    return number


def is_identity_no(number: str) -> bool:
    """Whether a number is built like a citizen's identity number (GB 11643), check digit included."""
    if not IDENTITY_NO.fullmatch(number.upper()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], IDENTITY_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def masked(value: str) -> str:
    """A value as it may be shown: of what looks like an identity number the first three and last four characters."""
    number = plain(value)
    return f"{number[:3]}***********{number[-4:]}" if LOOKS_LIKE_IDENTITY.fullmatch(number) else value


def day(given: str, *, last: bool = False) -> date | None:
    """A day; of a month alone the first day, or the last when `last`. None for 至今, 长期, 无 and nothing."""
    written = re.sub(r"\s*([年月日])\s*", r"\1", plain(given))
    if not written or written in NO_END:
        return None
    if found := DAY.fullmatch(written) or COMPACT_DAY.fullmatch(written):
        return _day(*map(int, found.groups()))
    if found := MONTH.fullmatch(written):
        if written.endswith(".1"):
            raise Unreadable(f"“{written}”分不清是 1 月还是 10 月。请写成 {found[1]}-01 或 {found[1]}-10。")
        year, month = int(found[1]), int(found[2])
        first = _day(year, month, 1)
        return first.replace(day=calendar.monthrange(year, month)[1]) if last else first
    raise Unreadable("认不出这个日期。" + WRITE_DAYS)


def day_after(given: str) -> date | None:
    """The day after a last day: from then on a thing no longer holds."""
    last = day(given, last=True)
    return last + timedelta(days=1) if last else None


def _day(year: int, month: int, number: int) -> date:
    if year not in YEARS:
        raise Unreadable(f"年份 {year} 不合理。" + WRITE_DAYS)
    try:
        return date(year, month, number)
    except ValueError:
        raise Unreadable(f"没有 {year} 年 {month} 月 {number} 日这一天。" + WRITE_DAYS) from None


def phone(given: str, damaged: bool) -> str:
    """A phone number as digits, without +86 and separators; "" for 无."""
    if damaged:
        raise Unreadable("电话" + LOST_DIGITS)
    if plain(given) in NO_PHONE:
        return ""
    digits = re.sub(r"[\s\-()]", "", plain(given)).removeprefix("+86")
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if not PHONE.fullmatch(digits):
        raise Unreadable("电话号码不对。请填一个 11 位手机号，或带区号的座机号；没有电话就留空。")
    return digits


def kind(given: str) -> str:
    """One of KINDS."""
    if found := KIND_OF.get(re.sub(r"\s", "", plain(given))):
        return found
    raise Unreadable("认不出这种任职类型。请填：" + "、".join(KINDS) + "；留空按“任职”。")


def counts(given: str) -> bool:
    """是 or 否."""
    word = plain(given).casefold()
    if word in YES | NO:
        return word in YES
    raise Unreadable("“计入应考”只能填“是”或“否”；留空按“是”。")


def order_no(given: str) -> int:
    """A whole number from 0."""
    number = plain(given)
    if not re.fullmatch(r"\d{1,7}", number):
        raise Unreadable("建制顺序要填整数，如 1、2、3。")
    return int(number)


def at_most(characters: int) -> Callable[[str], str]:
    """A reader of words that are kept as they stand, up to a length."""

    def words(given: str) -> str:
        text = " ".join(given.split())
        if len(text) > characters:
            raise Unreadable(f"内容有 {len(text)} 个字，最多 {characters} 个字。请缩短。")
        return text

    return words
