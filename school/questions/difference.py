"""What changed between two versions of a question, field by field, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest

from school.questions import bank_text
from school.questions.draft import LETTERS, Draft

#: shorter runs of equal characters between changes are shown as changed too: a text in crumbs cannot be read
CRUMB = 2
#: who wrote and who checked belongs to a version, not to its words
_SIGNED = ("编号", "编写", "复核", "分值")


@dataclass(frozen=True)
class Piece:
    """A run of characters. change: "same", "removed" or "added"."""

    change: str
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """Two texts as one, with what was removed and what was added; without the added the old, without the removed the new."""
    found: list[Piece] = []
    for name, begin, end, start, stop in _steps(old, new):
        if name == "equal":
            found.append(Piece("same", old[begin:end]))
            continue
        found += [Piece("removed", old[begin:end])] if begin < end else []
        found += [Piece("added", new[start:stop])] if start < stop else []
    return found


def _steps(old: str, new: str) -> list[tuple]:
    """The steps from one text to the other, crumbs between two changes made part of them."""
    steps: list[tuple] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (name, begin, end, start, stop) in enumerate(opcodes):
        inside = 0 < at < len(opcodes) - 1
        if name == "equal" and not (inside and end - begin < CRUMB):
            steps.append((name, begin, end, start, stop))
        elif steps and steps[-1][0] == "change":
            steps[-1] = ("change", steps[-1][1], end, steps[-1][3], stop)
        else:
            steps.append(("change", begin, end, start, stop))
    return steps


def between(old: Draft, new: Draft) -> list[tuple[str, list[Piece]]]:
    """The fields of two versions that differ, by their Chinese names, options one by one."""
    before, after = _fields(old), _fields(new)
    names = list(dict.fromkeys([*before, *after]))
    return [
        (name, pieces(before.get(name, ""), after.get(name, "")))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _fields(draft: Draft) -> dict[str, str]:
    told = {name: value for name, value in bank_text.values(draft).items() if name not in _SIGNED}
    options = {f"选项 {letter}": text for letter, text in zip_longest(LETTERS, draft.options) if text is not None}
    return told | options


def between_versions(versions: Sequence[Draft]) -> list[list[tuple[str, list[Piece]]]]:
    """For each version after the first, what it changed of the one before."""
    return [between(old, new) for old, new in pairwise(versions)]
