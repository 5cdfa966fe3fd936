"""Which papers a closed month gives, what they are called, and how each is drawn from the frozen value. Pure."""

from __future__ import annotations

from pathlib import Path

from school import words
from school.reports import county_report, unit_report, workbook
from school.results import wording
from school.results.figures import Month, UnitMonth

#: format -> (words, media type)
FORMATS = {
    "pdf": ("PDF", "application/pdf"),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
#: what no file name may hold on one system or another, nor a header that names it (a line break)
_UNSAFE = str.maketrans(dict.fromkeys([*'\\/:*?"<>|', *map(chr, range(32))], "_"))


def draw(month: Month, unit: UnitMonth | None, format: str, *, folder: Path | None = None) -> bytes:
    """The paper of a unit, or of the whole round where there is none. Same value, same bytes."""
    if format == "pdf":
        return unit_report.draw(month, unit, folder=folder) if unit else county_report.draw(month, folder=folder)
    return workbook.unit(month, unit) if unit else workbook.county(month)


def fonts_folder(setting: str) -> Path | None:
    """The folder with the county's own fonts; None where the setting is empty."""
    return Path(setting) if setting else None


def title(month: Month, unit: UnitMonth | None) -> str:
    """云岭县2026年10月测试情况（更正第1号）, as the paper says itself."""
    name = f"{unit.name if unit else month.county}{words.month(month.first)}测试情况"
    return f"{name}（{wording.correction(month)}）" if month.number else name


def file_name(number: str, title: str, format: str) -> str:
    """The name under which a paper is saved: number, title, ending."""
    return f"{number} {title}.{format}".translate(_UNSAFE)
