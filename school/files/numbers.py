"""Numbers of a sheet as a person reads them: what a number format makes of a value."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

#: "" shows the number, "000" pads it, the rest turns it into what the name says
Shape = str
MOMENT = {"date", "time", "elapsed"}

#: formats that Excel knows by number; 27–36 and 50–58 are the dates of its Chinese edition
BUILT_IN: dict[int, Shape] = {
    9: "percent", 10: "percent",
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58), "date"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56), "time"),
    46: "elapsed",
}  # fmt: skip

#: text in quotes, an escaped character, a filler, and brackets except those of elapsed time
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
EXACT_DIGITS = 15
LAST_DAY = 2_958_465
EPOCH_1900, EPOCH_1904 = map(datetime.fromisoformat, ("1899-12-30", "1904-01-01"))


def shape(code: str) -> Shape:
    """What a number format shows: shape('yyyy"年"m"月"') -> "date", shape("00000") -> "00000"."""
    bare = LITERAL.sub("", code).split(";")[0].casefold()
    if "general" in bare or "@" in bare:
        return ""
    if "[" in bare:
        return "elapsed"
    if set(bare) & set("yd") or ("m" in bare and not set(bare) & set("hs")):
        return "date"
    if set(bare) & set("hs"):
        return "time"
    if "%" in bare:
        return "percent"
    return bare if len(bare) > 1 and set(bare) == {"0"} else ""


def shown(value: float, as_shape: Shape, epoch: datetime = EPOCH_1900) -> tuple[str, bool]:
    """A number in its shape, and whether it lost digits before it came here."""
    if as_shape in MOMENT and 0 <= value <= LAST_DAY:
        return _time(value, as_shape, epoch), False
    if as_shape == "percent":
        return f"{value * 100:.10g}%", False
    text, damaged = plain(value)
    return (text.zfill(len(as_shape)) if as_shape.startswith("0") else text), damaged


def plain(value: float) -> tuple[str, bool]:
    """A number without needless decimals, and whether it has more digits than a number in a sheet can hold."""
    if value.is_integer() and abs(value) < 10**20:
        return str(int(value)), abs(value) >= 10**EXACT_DIGITS
    text = format(value, f".{EXACT_DIGITS}g")
    return text, "e+" in text


def _time(value: float, as_shape: Shape, epoch: datetime) -> str:
    span = timedelta(seconds=round(value * 86_400))
    if as_shape == "elapsed":
        return hours(span)
    if as_shape == "time" and value < 1:
        return moment(EPOCH_1900 + span).partition(" ")[2] or "00:00"
    # Excel counts a 29 February 1900 that never was; days before it stand one further on.
    if epoch == EPOCH_1900 and value < 60:
        span += timedelta(days=1)
    return moment(epoch + span)


def moment(value: datetime) -> str:
    """2026-03-01, with the time where there is one: 2026-03-01 08:30."""
    if not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat(" ", "seconds").removesuffix(":00")


def hours(span: timedelta) -> str:
    """Elapsed time as hours and minutes: 1212:00."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
