"""Charts of a month for pages, as SVG. Pure.

Lengths are percent of the page's width and em of its letters, so that a drawing fits any screen and grows with 长辈版;
what is printed has fixed paper and a font of its own (reports.charts). Colours are attributes, never style. Every row
says its figure with the denominator in words; a small unit has words only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape

from school import words
from school.results.figures import Counts, Standard, TopicShare, UnitMonth

INK, SOFT, GROUND, RED = "#2b2622", "#5d554c", "#e9e3d9", "#b3261e"
#: 优秀, 合格, 未合格
TINTS = ("#3f3a34", "#9c9184", "#ddd5c9")
#: characters of a name on one line; the largest letters on the narrowest phone leave room for no more
LINE = 10


def pass_rates(units: Sequence[UnitMonth], standard: Standard) -> str:
    """合格率 of each unit in 建制顺序, the standard as an upright red line on each bar."""
    asked = Fraction(standard.pass_rate)
    rows = [_unit_row(unit) for unit in units]
    return _rows(f"各单位合格率，红线为标准 {words.percent(asked)}", rows, mark=asked)


def _unit_row(unit: UnitMonth) -> tuple[str, str, Fraction | None]:
    counts = unit.counts
    rate = None if unit.small else counts.share("passed", "sat")
    if rate is None:
        return unit.short_name, f"实考 {counts.sat} 人，合格 {counts.passed} 人", None
    return unit.short_name, f"{counts.passed}/{counts.sat}，{words.percent(rate)}", rate


def topics(shares: Iterable[TopicShare], *, counts_only: bool = False) -> str:
    """答对率 of each topic in the order of the paper; counts alone for a small unit."""
    rows = []
    for share in shares:
        rate = None if counts_only else Fraction(share.right, share.asked)
        counted = f"{share.right}/{share.asked}"
        rows.append(
            (share.topic, f"答对 {counted} 题次" if rate is None else f"{counted}，{words.percent(rate)}", rate)
        )
    return _rows("各专题答对率", rows)


def bands(counts: Counts, *, counts_only: bool = False) -> str:
    """优秀, 合格, 未合格 of those who sat, as one bar of three parts; counts alone for a small unit."""
    parts = (
        ("优秀", counts.excellent),
        ("合格（不含优秀）", counts.passed - counts.excellent),
        ("未合格", counts.sat - counts.passed),
    )
    drawn, x, y = [], Fraction(0), 0.4 if counts_only else 2.2
    for (name, people), tint in zip(parts, TINTS, strict=True):
        share = Fraction(people, counts.sat) if counts.sat else Fraction(0)
        if not counts_only:
            drawn.append(_box(x, 0, share, 1.4, tint))
        said = f"{people} 人" if counts_only else f"{people}/{counts.sat}，{words.percent(share)}"
        drawn += [_swatch(y, tint), _text(y + 0.8, name, x="1.4em"), _text(y + 2.1, said, x="1.4em", colour=SOFT)]
        x, y = x + share, y + 3
    return _picture(f"成绩分布，实考 {counts.sat} 人", y, drawn)


def _rows(title: str, rows: Sequence[tuple[str, str, Fraction | None]], mark: Fraction | None = None) -> str:
    drawn, y = [], 0.0
    for name, said, share in rows:
        for start in range(0, len(name), LINE):
            y += 1.2
            drawn.append(_text(y, name[start : start + LINE]))
        drawn.append(_text(y + 1.3, said, colour=SOFT))
        if share is not None:
            drawn += [_box(0, y + 1.8, 1, 0.6, GROUND), _box(0, y + 1.8, share, 0.6, SOFT)]
            drawn += [] if mark is None else [_line(mark, y + 1.55, 1.1)]
        y += 3.1
    return _picture(title, y, drawn)


def _picture(title: str, height: float, drawn: Iterable[str]) -> str:
    inside = "".join(drawn)
    return f'<div><svg role="img" aria-label="{escape(title)}" width="100%" height="{height:g}em">{inside}</svg></div>'


def _text(y: float, said: str, *, x: str = "0", colour: str = INK) -> str:
    return f'<text x="{x}" y="{y:.4g}em" fill="{colour}">{escape(said)}</text>'


def _box(x: Fraction | int, y: float, width: Fraction | int, height: float, colour: str) -> str:
    return f'<rect x="{_percent(x)}" y="{y:.4g}em" width="{_percent(width)}" height="{height:g}em" fill="{colour}"/>'


def _swatch(y: float, colour: str) -> str:
    return f'<rect x="0" y="{y:.4g}em" width="1em" height="1em" fill="{colour}"/>'


def _line(x: Fraction, y: float, height: float) -> str:
    at = _percent(x)
    return f'<line x1="{at}" x2="{at}" y1="{y:.4g}em" y2="{y + height:.4g}em" stroke="{RED}" stroke-width="3"/>'


def _percent(share: Fraction | int) -> str:
    return f"{float(share) * 100:.6g}%"
