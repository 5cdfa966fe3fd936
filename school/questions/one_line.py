"""Banks with one question per line: 题目：…^*^答案：… and 题干|选项|选项=答案."""

from __future__ import annotations

import re

from school.questions import labels, settling
from school.questions.draft import Place, Reading, ReviewItem
from school.questions.matching import Mirror
from school.questions.settling import Pieces

_STARRED = re.compile(r"[^\s].*\^\*\^.+")
_PIPED = re.compile(r"[^|=]+(?:\|[^|=]+)+=[^=|]+")


def fits(text: str) -> bool:
    """Whether most lines of a text are whole questions of one of these forms."""
    filled = [line for line in text.splitlines() if line.strip()]
    hits = sum(bool(_STARRED.fullmatch(line.strip()) or _PIPED.fullmatch(line.strip())) for line in filled)
    return hits > 0 and hits * 10 >= len(filled) * 6


def read(text: str) -> Reading:
    """Read a text line by line; a line of another form goes to review."""
    found = [_pieces(line.strip(), number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    understood = [pieces for pieces in found if isinstance(pieces, Pieces)]
    pair = settling.judge_signs(understood)
    drafts, review, remarks = [], [piece for piece in found if isinstance(piece, ReviewItem)], []
    for pieces in understood:
        result, more = settling.settle(pieces, pair)
        (review if isinstance(result, ReviewItem) else drafts).append(result)
        remarks += more
    return Reading(tuple(drafts), tuple(sorted(review, key=lambda item: item.where.lines)), (), tuple(remarks))


def _pieces(line: str, number: int) -> Pieces | ReviewItem:
    where = Place((number,))
    if _STARRED.fullmatch(line):
        return _starred(line, where)
    if not _PIPED.fullmatch(line):
        return ReviewItem(where, "这一行和别的行写法不同，请查看。", line)
    asked, _, said = line.rpartition("=")
    stem, *choices = [part.strip() for part in asked.split("|")]
    pieces = Pieces(stem, where, line, None, tuple(choices), [said.strip()])
    settling.tidy(pieces)
    return pieces


def _starred(line: str, where: Place) -> Pieces | ReviewItem:
    fields, said, stem = {}, [], ""
    for part in line.split("^*^"):
        mirror = Mirror(part)
        told = labels.of(mirror.norm)
        if not told and stem:
            return ReviewItem(where, "这一行里有一段没有写明是什么，请查看。", line)
        stem = stem if told else part.strip()
        for label in told:
            text = mirror.cut(label.start, label.end)
            if label.field == "stem":
                stem = text
            elif label.field == "answer":
                said.append(text)
            else:
                fields.setdefault(label.field, []).append((label.word, text))
    kind = next((settling.vocabulary.kind(text) for _, text in fields.pop("kind", [])), None)
    choices = fields.pop("options", [])
    rest, remarks = settling.rest(fields)
    pieces = Pieces(stem, where, line, kind, (), said, rest, [], remarks)
    if choices:
        _put_options(pieces, choices[0][1])
    settling.tidy(pieces)
    return pieces


def _put_options(pieces: Pieces, text: str) -> None:
    try:
        pieces.options = settling.options.in_cell(text)
    except settling.Doubtful as doubt:
        pieces.doubts.append(doubt.reason)
