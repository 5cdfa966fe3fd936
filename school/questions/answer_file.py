"""Answers in a file of their own: read as text, and put below the questions as an answer table (1-5 ABCDA, 1.B 2.C …)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from school import files
from school.errors import BadFile
from school.questions import docx, headings, layout
from school.questions.draft import Heading, Place, Reading
from school.questions.matching import Mirror

#: what places in that file are called
NAME = "答案文件"
_HEADING = "参考答案"
_UNKNOWN = "“{}”读不出答案。请用文本、Word 或表格写成“1-5 ABCDA”或者每行“题号 答案”的样子。"
_HEADER = re.compile(r"\s*(?:题号|序号)\s+(?:参考|正确|标准)?答案\s*$")


def text(content: bytes, file_name: str) -> str:
    """The answers of a text, a Word file or a table of numbers and answers. Raises BadFile for anything else."""
    kind = files.kind(content)
    if kind == "docx":
        found = docx.text(content)
    elif kind == "text":
        found = files.text(content)
    elif kind in ("xlsx", "xls", "ods"):
        found = "\n".join(_line(row) for table in files.tables(content) for row in table.rows)
    else:
        raise BadFile(_UNKNOWN.format(file_name))
    if not found.strip():
        raise BadFile(_UNKNOWN.format(file_name))
    return found


def _line(row: list[str]) -> str:
    line = " ".join(re.sub(r"(?<=\d)\.0$", "", cell.strip()) for cell in row if cell.strip())
    return "" if _HEADER.match(line) else line


def below(read: Callable[[str], Reading], key: str) -> Callable[[str], Reading]:
    """The reader of papers that finds the answers of `key` below whatever it reads."""
    lines = key.splitlines()
    title = next((at for at, line in enumerate(lines) if _begins(Mirror(line).norm)), 0)
    headed = headings.is_key(Mirror(lines[title]).norm)
    table = lines[title:] if headed else [_HEADING, *lines[title:]]
    above = tuple(
        Heading(Place((number,), NAME), "title", line.strip())
        for number, line in enumerate(lines[:title], 1)
        if line.strip()
    )

    def together(text: str) -> Reading:
        paper = text.splitlines()
        reading = _placed(read("\n".join([*paper, *table])), len(paper), title, not headed)
        return replace(reading, headings=(*reading.headings, *above))

    return together


def _begins(norm: str) -> bool:
    """Whether answers begin at a line."""
    return bool(headings.is_key(norm) or headings.section(norm) or layout.is_key_entry(norm))


def _placed(reading: Reading, last: int, before: int, added: bool) -> Reading:
    """A reading whose lines behind `last` are lines of the answer file, `before` of which came not along.

    added: the first of them is a heading of ours.
    """

    def moved(part):
        own = tuple(line for line in part.where.lines if line <= last)
        theirs = tuple(line - last - added + before for line in part.where.lines if line > last + added)
        return replace(part, where=Place(theirs, NAME) if theirs and not own else replace(part.where, lines=own))

    parts = {name: tuple(map(moved, getattr(reading, name))) for name in Reading.__match_args__}
    parts["headings"] = tuple(part for part in parts["headings"] if part.where.lines)
    return Reading(**parts)
