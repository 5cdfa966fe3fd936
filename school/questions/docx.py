"""Word documents in: paragraphs as lines for the reader of papers, question tables for the reader of sheets.

Lines are counted as they are read: one per paragraph or line break, empty ones included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from school import files
from school.errors import BadFile
from school.questions import columns, docx_marks, headings, markup, pictured, sheet
from school.questions.docx_text import PICTURE, Body, Line, Table
from school.questions.draft import Draft, Place, Reading, Remark, ReviewItem, join
from school.questions.matching import Mirror
from school.questions.pictures import Album, unmarked

_BROKEN = "Word 文档不完整或已损坏，请用 Word 或 WPS 打开，另存一份 .docx 后重新上传。"
_EMPTY = "这个 Word 文档里没有文字（也许是扫描的图片）。请换成有文字的文档，或把题目粘贴进来。"
_PICTURES = "题里有公式、嵌入的对象，或者裁剪过、不是 PNG、JPEG、GIF 的图片，读不进来，请改成文字或换一张图。"
_STRUCK = "题里有划掉的字，请确认去掉还是保留。"


@dataclass
class _Document:
    """What stands in a document: its lines, and the tables that hold a question per row."""

    lines: list[Line] = field(default_factory=list)
    tables: list[files.Table] = field(default_factory=list)


def read(content: bytes, read_text: Callable[[str], Reading]) -> Reading:
    """Read a .docx. read_text: the reader for its text. Raises BadFile for a broken or empty document."""
    try:
        album = Album()
        document = _document(Body(files.Archive(content), album))
    except (markup.Malformed, KeyError) as problem:
        raise BadFile(_BROKEN) from problem
    if not document.tables and not any(unmarked(line.text).strip(f" \t\u3000{PICTURE}") for line in document.lines):
        raise BadFile(_EMPTY)
    reading = _checked(join([_read_lines(document.lines, read_text), sheet.read(document.tables)]), document.lines)
    return pictured.settle(reading, album, lambda draft: _original(draft, document.lines))


def text(content: bytes) -> str:
    """The words of a .docx line by line, without pictures. Raises BadFile."""
    try:
        body = Body(files.Archive(content), Album())
    except (markup.Malformed, KeyError) as problem:
        raise BadFile(_BROKEN) from problem
    lines: list[Line] = []
    for block in body.blocks:
        lines += [line for row in block for line in _row_lines(row)] if isinstance(block, Table) else block
    return "\n".join(unmarked(line.text).replace(PICTURE, "") for line in lines)


def _document(body: Body) -> _Document:
    found = _Document()
    for block in body.blocks:
        if not isinstance(block, Table):
            found.lines += block
        elif (table := _question_table(block, found)) is not None:
            found.tables.append(table)
            found.lines.append(Line())
        else:
            found.lines += [line for row in block for line in _row_lines(row)]
    return found


def _question_table(rows: Table, found: _Document) -> files.Table | None:
    """A table whose header names stem and answer; it bears the type heading above it in its name."""
    cells = [["\n".join(line.text for line in cell).strip() for cell in row] for row in rows]
    width = max(map(len, cells), default=0)
    above = next((line.text.strip() for line in reversed(found.lines) if line.text.strip()), "")
    name = f"表格 {len(found.tables) + 1}"
    if headings.section(Mirror(above).norm):
        name = f"{above}（{name}）"
    table = files.Table(name, [row + [""] * (width - len(row)) for row in cells], 1)
    return table if width and columns.guess_columns(table).complete else None


def _row_lines(row: list[list[Line]]) -> list[Line]:
    """A row of short cells as one line with TABs; cells of several lines below each other."""
    filled = [[line for line in cell if line.text.strip()] for cell in row]
    filled = [cell for cell in filled if cell]
    if any(len(cell) > 1 for cell in filled):
        return [line for cell in filled for line in cell]
    whole = Line()
    for cell in filled:
        if whole.text:
            whole.add("\t")
        whole.join(cell[0])
    return [whole]


def _read_lines(lines: list[Line], read_text: Callable[[str], Reading]) -> Reading:
    """Read lines, with the answers that only their look gives put below the options."""
    told = docx_marks.answers(lines)
    texts, numbers = [], [0]
    for at, line in enumerate(lines):
        texts.append(line.text)
        numbers.append(at + 1)
        if at in told:
            texts.append(told[at])
            numbers.append(0)
    reading = read_text("\n".join(texts))

    def moved(part):
        if part.where.sheet:
            return part
        return replace(part, where=Place(tuple(filter(None, (numbers[line] for line in part.where.lines)))))

    parts = {name: tuple(map(moved, getattr(reading, name))) for name in Reading.__match_args__}
    parts["headings"] = tuple(part for part in parts["headings"] if part.where.lines)
    hidden = [
        Remark(Place((at,)), f"这一行有隐藏的文字，没有读入：{line.hidden[:50]}")
        for at, line in enumerate(lines, 1)
        if line.hidden.strip()
    ]
    return Reading(**parts | {"remarks": (*parts["remarks"], *hidden)})


def _checked(reading: Reading, lines: list[Line]) -> Reading:
    """Questions with pictures or struck words go from the drafts to the review list."""
    struck = {at for at, line in enumerate(lines, 1) if line.struck}
    drafts, review = [], []
    for draft in reading.drafts:
        drawn = PICTURE in "".join((draft.stem, *draft.options, draft.explanation, draft.material, str(draft.key)))
        crossed = not draft.where.sheet and not struck.isdisjoint(draft.where.lines)
        reasons = [_PICTURES] * drawn + [_STRUCK] * crossed
        if reasons:
            review.append(ReviewItem(draft.where, " ".join(reasons), _original(draft, lines), draft))
        else:
            drafts.append(draft)
    return replace(reading, drafts=tuple(drafts), review=(*reading.review, *review))


def _original(draft: Draft, lines: list[Line]) -> str:
    if draft.where.sheet:
        return " | ".join(filter(None, (draft.stem, *draft.options, str(draft.key))))
    return "\n".join(lines[number - 1].text for number in draft.where.lines)
