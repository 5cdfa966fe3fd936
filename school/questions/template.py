"""Our own spreadsheet of questions: written, and read back without loss.

Values are in the form of `bank_text`; all cells are text, so that nothing in them is ever a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import xlsxwriter

from school.questions import bank_text
from school.questions.draft import AUDIENCE_WORDS, KIND_WORDS, LETTERS, Draft, Place, ReviewItem, check

_OPTIONS = tuple(f"选项{letter}" for letter in LETTERS)
_ASKED = ("编号", "题型", "对象", "专题", "材料", "题干")
_REST = ("答案", "解析", "依据", "知识点", "难度", "分值", "编写", "复核")
#: an empty form has columns for so many options; a question with more has more
USUAL_OPTIONS = 10
HEADER = (*_ASKED, *_OPTIONS[:USUAL_OPTIONS], *_REST)
REFUSED = ("原因", "位置", "原文")
_WIDTHS = {"题干": 50, "材料": 30, "解析": 40, "依据": 30, "原因": 40, "原文": 50}


def write(drafts: Sequence[Draft]) -> bytes:
    """An .xlsx with one row per draft; `extras` become columns of their own at the right."""
    extras = list(dict.fromkeys(label for draft in drafts for label, _ in draft.extras))
    rows = [_cells(draft) | dict(draft.extras) for draft in drafts]
    return _workbook("题目", (*_header(drafts), *extras), rows)


def write_refused(review: Sequence[ReviewItem]) -> bytes:
    """An .xlsx of what was not accepted: reason, place and original first, then what was understood, to be mended."""
    rows = []
    for item in review:
        told = dict(zip(REFUSED, (item.reason, str(item.where), item.original), strict=True))
        rows.append(told | (_cells(item.partial) if item.partial else {}))
    return _workbook("未收下的题目", (*REFUSED, *_header([item.partial for item in review if item.partial])), rows)


def _header(drafts: Iterable[Draft]) -> tuple[str, ...]:
    most = max((len(draft.options) for draft in drafts), default=0)
    return (*_ASKED, *_OPTIONS[: max(USUAL_OPTIONS, most)], *_REST)


def _cells(draft: Draft) -> dict[str, str]:
    return bank_text.values(draft) | dict(zip(_OPTIONS, draft.options, strict=False))


def _workbook(title: str, header: Sequence[str], rows: Iterable[dict[str, str]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - same questions, same bytes
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, name in enumerate(header):
        sheet.set_column(place, place, _WIDTHS.get(name, 12), plain)
        sheet.write_string(0, place, name, bold)
    for at, row in enumerate(rows, 1):
        for place, name in enumerate(header):
            if row.get(name):
                sheet.write_string(at, place, row[name], plain)
    sheet.freeze_panes(1, 0)
    _lists(sheet, list(header))
    book.close()
    return out.getvalue()


def _lists(sheet, header: list[str]) -> None:
    """Drop-down lists where only a few words are allowed."""
    allowed = {"题型": list(KIND_WORDS.values()), "对象": list(AUDIENCE_WORDS.values()), "难度": list("12345")}
    for name, words in allowed.items():
        place = header.index(name)
        sheet.data_validation(1, place, 20_000, place, {"validate": "list", "source": words, "ignore_blank": True})


def is_own(header: list[str]) -> bool:
    """Whether a header is that of our own template, with or without columns before and after."""
    cells = [cell.strip() for cell in header]
    at = cells.index(HEADER[0]) if HEADER[0] in cells else 0
    options = sum(cell in _OPTIONS for cell in cells)
    own = (*_ASKED, *_OPTIONS[: max(USUAL_OPTIONS, options)], *_REST)
    return tuple(cells[at : at + len(own)]) == own


def read_row(header: list[str], row: list[str], where: Place) -> Draft | ReviewItem:
    """One row under our own header, read as exactly as our text form."""
    cells = [cell.strip() for cell in row] + [""] * len(header)
    told = {name.strip(): cells[place] for place, name in enumerate(header)}
    for name in ("难度", "分值"):
        told[name] = re.sub(r"\.0+$", "", told[name])
    texts = [told.get(name, "") for name in _OPTIONS]
    while texts and not texts[-1]:
        texts.pop()
    faults: list[str] = []
    values = {name: told[word] for word, name in bank_text.KEYS.items()}
    draft = bank_text.read_values(values, tuple(texts), where, faults)
    known = {*HEADER, *_OPTIONS, *REFUSED, ""}
    draft = replace(draft, extras=tuple((name, text) for name, text in told.items() if name not in known and text))
    faults += check(draft) if not faults else []
    original = " | ".join(cell for cell in cells if cell)
    return ReviewItem(where, " ".join(faults), original, draft) if faults else draft
