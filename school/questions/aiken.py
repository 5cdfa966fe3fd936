"""Aiken: single choice as plain lines, in and out. Source: docs.moodle.org "Aiken format", read for its rules only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from school.questions import labels, losses
from school.questions.draft import LETTERS, Draft, Place, Reading, ReviewItem, check
from school.questions.losses import Written
from school.questions.matching import Mirror

_OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(\S.*)?", re.IGNORECASE)


@dataclass
class _Item:
    """The lines of one question so far."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    gap: bool = False


def fits(text: str) -> bool:
    """Whether a text is Aiken: ANSWER lines with letters, options above them, and no answer label of a paper."""
    lines = [line.strip() for line in text.splitlines()]
    answers = sum(bool(re.fullmatch(r"ANSWER\s*:\s*[A-Z]", line)) for line in lines)
    starts = sum(bool(re.match(r"A[.)]\s", line)) for line in lines)
    return answers > 0 and starts > 0 and not any(map(_of_a_paper, lines))


def _of_a_paper(line: str) -> bool:
    return "答" in line and any(label.field == "answer" for label in labels.of(Mirror(line).norm))


def read(text: str) -> Reading:
    """Read a whole text; an item with any line out of place goes to review."""
    drafts, review, item = [], [], _Item()
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip().strip("\ufeff").strip()
        if not line.strip():
            item.gap = bool(item.lines)
            continue
        if item.gap and item.options and not _ANSWER.fullmatch(plain) and not _OPTION.fullmatch(plain):
            # the question above has no ANSWER line; what follows is not made to pay for it
            _put(item, "", drafts, review)
            item = _Item()
        item.lines.append((number, line))
        found = _ANSWER.fullmatch(plain)
        if found:
            _put(item, found[1] or "", drafts, review)
            item = _Item()
        else:
            _take(item, number, plain)
    if item.lines:
        _put(item, "", drafts, review)
    return Reading(tuple(drafts), tuple(review))


def _take(item: _Item, number: int, line: str) -> None:
    option = _OPTION.fullmatch(line)
    if option and (item.options or option[1] == "A"):
        if len(item.options) >= len(LETTERS) or option[1] != LETTERS[len(item.options)]:
            item.faults.append(f"第 {number} 行的选项字母 {option[1]} 接不上。")
        item.options.append(option[2])
    elif item.options:
        item.faults.append(f"第 {number} 行不是选项，也不是 ANSWER 行。")
    elif option or (item.stem and item.gap):
        item.faults.append(f"第 {number} 行像是另一道题的，或者缺了选项 A。")
        item.stem.append(line)
    else:
        item.stem.append(line)
    item.gap = False


def _put(item: _Item, said: str, drafts: list[Draft], review: list[ReviewItem]) -> None:
    where = Place(tuple(number for number, _ in item.lines))
    draft = Draft("single", "\n".join(item.stem), tuple(item.options), where=where)
    if re.fullmatch("[A-Z]", said) and LETTERS.index(said) < len(item.options):
        draft = replace(draft, key=(LETTERS.index(said),))
    elif said:
        item.faults.append(f"答案“{said[:20]}”不是选项中的一个字母（Aiken 只有单选题）。")
    faults = item.faults or check(draft)
    if faults:
        review.append(ReviewItem(where, " ".join(faults), "\n".join(line for _, line in item.lines), draft))
    else:
        drafts.append(draft)


def write(drafts: Sequence[Draft]) -> Written:
    """The single-choice drafts as an Aiken file, with remarks on all that stays behind."""
    pieces = [_written(draft) for draft in drafts]
    content = "\n".join(filter(None, pieces))
    return Written(content, losses.remarks(drafts, read(content), _back, "Aiken"))


def _back(draft: Draft) -> Reading | None:
    written = _written(draft)
    return read(written) if written else None


def _written(draft: Draft) -> str:
    if draft.kind != "single" or check(draft):
        return ""
    options = [f"{LETTERS[place]}) {_one_line(text)}" for place, text in enumerate(draft.options)]
    return "\n".join([_one_line(draft.stem), *options, f"ANSWER: {LETTERS[draft.key[0]]}", ""])


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
