"""A text cut into sections at its headings, and a section into one block of lines per question.

A number begins a question only when it is the next expected one; a number that goes back or far ahead does so only
with an answer of its own, and with a remark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from school.questions import headings, labels, numbering, options, stems, vocabulary
from school.questions.draft import Heading
from school.questions.lines import Line, place
from school.questions.numerals import NUMERAL

_LETTERS = r"(?:[A-Z](?:[\s,、]*[A-Z])*|[√×✓✗✔✘对错TF]|正确|错误)"
_KEY_ENTRY = re.compile(
    rf"\s*(?:\(?{NUMERAL}\)?\s*[、.]\s*(?=\d))?(?:题号|答案\s+{_LETTERS}|第?\d{{1,3}}\s*题?\s*[-~～—–至到]+\s*\d{{1,3}}\s*题?\s*[:.、]?\s*{_LETTERS}"
    rf"|[(【第]?\s*\d{{1,3}}\s*[)】题]?\s*[.、:)]?\s*(?:(?:参考|正确|标准)?答案\s*[:]|{_LETTERS}(?:$|\s|[,;。.、(【]|\d)))"
)


@dataclass
class Block:
    """The lines of one question. begin: where in the first line the stem starts; material: the shared text above it."""

    lines: list[Line]
    number: int = 0
    begin: int = 0
    tag: str = ""
    material: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass
class Part:
    """A stretch of lines under one heading. is_key: its lines are an answer table; topic: title of its chapter."""

    said: headings.Section | None = None
    topic: str = ""
    is_key: bool = False
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    materials: list[list[Line]] = field(default_factory=list)


@dataclass
class Layout:
    """All parts in their order, with the heading lines between them."""

    parts: list[Part]
    headings: list[Heading]


def read(lines: list[Line]) -> Layout:
    """Cut lines into parts. Every line goes into exactly one part or heading."""
    parts, found = [Part()], []
    for at, line in enumerate(lines):
        role, part = _opens(lines, at, parts)
        if part is None:
            parts[-1].lines.append(line)
            continue
        found.append(Heading(place([line]), role, line.raw.strip()))
        parts.append(part)
    return Layout(parts, found)


def _opens(lines: list[Line], at: int, parts: list[Part]) -> tuple[str, Part | None]:
    """The role of a heading line and the part it opens; (…, None) for any other line."""
    norm, last = lines[at].norm, parts[-1]
    if _waits_for_value(lines, at):
        return "", None
    declared = headings.section(norm)
    if declared and (not labels.of(norm) or _before_number(lines, at)):
        return "section", Part(declared, last.topic, last.is_key and _answers_section(lines, at, parts, declared))
    if headings.is_key(norm) and _opens_key(lines, at, last):
        return "key", Part(None, last.topic, True)
    topic = _topic(lines, at)
    if topic is not None:
        kept = None if norm.strip()[0] in "一二三四五六七八九十" else last.said
        return "chapter", Part(kept, topic or last.topic, last.is_key and _holds_keys(lines, at))
    return "", None


def _waits_for_value(lines: list[Line], at: int) -> bool:
    """Whether the line before is a label whose value is still to come."""
    told = labels.of(lines[at - 1].norm) if at else []
    return bool(told) and told[-1].field in ("stem", "explanation") and told[-1].start == told[-1].end


def _before_number(lines: list[Line], at: int) -> bool:
    """Whether a label line stands before a question and not in one."""
    if at + 1 >= len(lines):
        return False
    after = lines[at + 1].norm
    told = labels.of(after)
    if told and told[0].field in ("topic", "kind"):
        return _before_number(lines, at + 1)
    return numbering.at_start(after) is not None


def _topic(lines: list[Line], at: int) -> str | None:
    """The chapter title a line gives to what follows, None when it is no chapter line."""
    norm = lines[at].norm
    told = labels.of(norm)
    if told and told[0].field == "topic":
        return lines[at].mirror.cut(told[0].start, told[0].end) if _before_number(lines, at) else None
    title = headings.chapter(norm)
    if title is None or told or options.at_start(norm) or is_key_entry(title):
        return None
    if numbering.at_start(norm) and not headings.is_marker(norm):
        return None
    if headings.is_marker(norm) or (at + 1 < len(lines) and _begins_something(lines, at + 1)):
        return title
    return None


def _begins_something(lines: list[Line], at: int) -> bool:
    """Whether a line opens a section, or counts from one."""
    norm = lines[at].norm
    number = numbering.at_start(norm)
    if number:
        return number.value == 1 and number.style != "paren"
    if headings.section(norm) or headings.is_key(norm):
        return True
    return headings.chapter(norm) is not None and at + 1 < len(lines) and _begins_something(lines, at + 1)


def is_key_entry(norm: str) -> bool:
    """Whether a line reads like answers by number: 1-5 BCADA · 1.B 2.C · 7、参考答案：C · 题号 1 2 3."""
    return bool(_KEY_ENTRY.match(norm))


def _holds_keys(lines: list[Line], at: int) -> bool:
    """Whether what follows a heading inside an answer table still is one."""
    if headings.section(lines[at].norm) and is_key_entry(_behind_heading(lines[at].norm)):
        return True
    for ahead in range(at + 1, min(at + 4, len(lines))):
        norm = lines[ahead].norm
        number = numbering.at_start(norm)
        if is_key_entry(norm):
            return True
        if headings.section(norm) or (headings.chapter(norm) is not None and not number):
            continue
        return bool(number) and not _question_like(lines, ahead) and not _another_key(lines, ahead)
    return False


def _answers_section(lines: list[Line], at: int, parts: list[Part], declared: headings.Section) -> bool:
    """Whether a type heading inside an answer table heads answers: its type was asked and is not answered yet."""
    if parts[-1].said is None and not parts[-1].lines:
        return True
    first_key = len(parts)
    while first_key and parts[first_key - 1].is_key:
        first_key -= 1
    begin = max((place + 1 for place in range(first_key) if parts[place].is_key), default=0)
    asked = [part.said.kind for part in parts[begin:first_key] if part.said]
    told = [part.said.kind for part in parts[first_key:] if part.said]
    if told and asked.count(declared.kind) > told.count(declared.kind):
        return True
    return _holds_keys(lines, at)


def _another_key(lines: list[Line], at: int) -> bool:
    """Whether a further 参考答案 follows, so that what stands here must be questions again."""
    return any(headings.is_key(line.norm) for line in lines[at:])


def _question_like(lines: list[Line], at: int) -> bool:
    return any(options.at_start(line.norm) for line in lines[at + 1 : at + 3]) or "(" in lines[at].norm


def _behind_heading(norm: str) -> str:
    return norm.partition("题")[2].lstrip(": )】")


def _opens_key(lines: list[Line], at: int, last: Part) -> bool:
    """Whether 参考答案 alone on a line heads an answer table rather than the answer of the question above."""
    ahead = [line.norm for line in lines[at + 1 : at + 3]]
    if not ahead:
        return False
    if is_key_entry(ahead[0]) or (headings.section(ahead[0]) and len(ahead) > 1):
        return True
    if headings.chapter(ahead[0]) is not None and len(ahead) > 1 and is_key_entry(ahead[1]):
        return True
    answered = sum(has_answer(line.norm) for line in last.lines)
    return numbering.at_start(ahead[0]) is not None and not answered


def has_answer(norm: str) -> bool:
    """Whether a line carries an answer: a label, a mark at its end, or letters in a bracket."""
    told = labels.of(norm)
    if any(label.field == "answer" for label in told):
        return True
    if told:
        return False
    return bool(
        labels.trailing_key(norm)
        or vocabulary.bracketed(norm) is not None
        or stems.answers(norm, 26, None)
        or _marked(norm)
    )


def _marked(norm: str) -> bool:
    return bool(stems.answers(norm, 0, "judge"))
