"""How figures, days and moments are written for people, the same on pages and papers. Pure.

Shares are rounded half up to two decimals: 240 of 254 is 94.49 %. Days and hours are the county's own.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from school import clock

WEEKDAYS = "一二三四五六日"


def half_up(value: Fraction | Decimal | int, places: int = 2) -> Decimal:
    """Rounded half away from zero, exactly: 240/254 × 100 gives 94.49."""
    scaled = abs(Fraction(value)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def percent(share: Fraction | Decimal | None) -> str:
    """A share 0…1 as "94.49%"; "—" for nobody."""
    return "—" if share is None else f"{half_up(Fraction(share) * 100)}%"


def share(part: int, whole: int) -> str:
    """So many of so many as "94.49%"; "—" of nobody."""
    return percent(Fraction(part, whole) if whole else None)


def points(value: Decimal | Fraction | None) -> str:
    """Points without needless zeros: 85, 82.5, 79.33; "—" for nobody."""
    if value is None:
        return "—"
    return f"{half_up(value):f}".rstrip("0").rstrip(".") if half_up(value) else "0"


def day(on: date | None) -> str:
    """2026年11月22日; "—" for no day."""
    return "—" if on is None else f"{on.year}年{on.month}月{on.day}日"


def short_day(on: date) -> str:
    """11月22日（周日）"""
    return f"{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）"


def month(first: date) -> str:
    """2026年11月"""
    return f"{first.year}年{first.month}月"


def moment(at: datetime | None) -> str:
    """2026年11月22日 20:14 on the county's clock; "—" for none."""
    return "—" if at is None else f"{day(clock.day(at))} {clock_time(at)}"


def clock_time(at: datetime) -> str:
    """20:14"""
    return f"{clock.local(at):%H:%M}"


def stretch(since: datetime, until: datetime) -> str:
    """2026年11月22日 20:12 到 20:41; the second day is named where it is another."""
    same = clock.day(since) == clock.day(until)
    return f"{moment(since)} 到 {clock_time(until) if same else moment(until)}"


def span(seconds: int) -> str:
    """1 小时 5 分 20 秒, without the parts that are nothing; 0 秒 for none."""
    parts = ((seconds // 3600, "小时"), (seconds // 60 % 60, "分"), (seconds % 60, "秒"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 秒"


def hours(value: Decimal) -> str:
    """学时 without needless zeros: 2, 1.5."""
    return f"{Decimal(value).quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}"
