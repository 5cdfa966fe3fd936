"""A question on its way in: what a reader of any file format hands over, and what speaks against it.

A reader puts every non-blank line or row of a file in exactly one of three places: a `Draft` it is sure of,
a `Heading` that is no question, or a `ReviewItem` for a person. Nothing is dropped and nothing guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from school.questions.matching import Mirror, normal
from school.questions.pictures import LIMIT_PICTURES, Picture

KINDS = ("single", "multi", "judge", "fill", "short")
CHOICES = ("single", "multi")
KIND_WORDS = {"single": "单选", "multi": "多选", "judge": "判断", "fill": "填空", "short": "简答"}
AUDIENCE_WORDS = {"cadre": "干部", "farmer": "农民", "both": "通用"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: what a blank of a fill-in stem looks like, on a normalised copy of it
BLANK = re.compile(
    r"_{2,}(?:\d{1,2}_{2,})?|\(\s*\)|【\s*】|\[\s*\]|\{\s*\}|\[(?:填空|BlankArea)\s*\(?\d{0,2}\)?\]| {8,}",
    re.IGNORECASE,
)

Key = tuple[int, ...] | bool | tuple[tuple[str, ...], ...] | str


@dataclass(frozen=True)
class Place:
    """Where in a file: line numbers of a text, or row numbers of a sheet, counted from 1."""

    lines: tuple[int, ...]
    sheet: str = ""

    def __str__(self) -> str:
        if not self.lines:
            return self.sheet
        spoken = f"第 {self.lines[0]} 行"
        return f"{self.sheet} {spoken}" if self.sheet else spoken


@dataclass(frozen=True)
class Citation:
    """依据: law short name, article with 款/项, date of the text version; or in `basis` whatever else was written."""

    law: str = ""
    article: str = ""
    version_on: date | None = None
    basis: str = ""


@dataclass(frozen=True)
class Draft:
    """One question as understood, in the file's own characters.

    kind: one of KINDS, "" while unknown.  audience: "cadre", "farmer", "both" or "" for not said.
    key: option indexes in rising order (single, multi); True for right (judge); one tuple of accepted
    alternatives per blank (fill); the model answer (short); None only in a ReviewItem.
    difficulty: 1 (everybody) … 5 (specialists).  score: points.  material: the stem shared with its neighbours.
    extras: labelled values this product has no place for, as (label, value), kept so that nothing is lost.
    pictures: each stands where its sign, 【图1】, is in stem, material or options.
    """

    kind: str
    stem: str
    options: tuple[str, ...] = ()
    key: Key | None = None
    explanation: str = ""
    citation: Citation = Citation()
    topic: str = ""
    point: str = ""
    difficulty: int | None = None
    audience: str = ""
    code: str = ""
    author: str = ""
    checker: str = ""
    score: Decimal | None = None
    material: str = ""
    extras: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    where: Place = field(default=Place(()), compare=False)

    @property
    def asked(self) -> tuple[str, ...]:
        """The texts that are asked, where pictures can stand."""
        return (self.material, self.stem, *self.options)


@dataclass(frozen=True)
class Heading:
    """Lines that are no question. role: section, chapter, title, note, material, key (answer table), ornament."""

    where: Place
    role: str
    text: str


@dataclass(frozen=True)
class Remark:
    """Something a person should know about what was accepted; Chinese sentence."""

    where: Place
    message: str


@dataclass(frozen=True)
class ReviewItem:
    """Lines not fully understood: the reason as a Chinese sentence, the original text, and what could be made of it."""

    where: Place
    reason: str
    original: str
    partial: Draft | None = None


@dataclass(frozen=True)
class Reading:
    """All of a file: every non-blank line or row is in exactly one of drafts, review, headings."""

    drafts: tuple[Draft, ...] = ()
    review: tuple[ReviewItem, ...] = ()
    headings: tuple[Heading, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many questions were accepted, how many pieces wait for review, and the lines or rows behind each."""
        lines = {
            name: sum(len(part.where.lines) for part in getattr(self, name))
            for name in ("drafts", "review", "headings")
        }
        return {
            "accepted": len(self.drafts),
            "review": len(self.review),
            "lines": sum(lines.values()),
            "lines_accepted": lines["drafts"],
            "lines_review": lines["review"],
            "lines_headings": lines["headings"],
        }

    def accounted(self) -> Counter[tuple[str, int]]:
        """How often each (sheet, line) is accounted for; once each, or a reader is wrong."""
        parts = (*self.drafts, *self.review, *self.headings)
        return Counter((part.where.sheet, line) for part in parts for line in part.where.lines)


def blanks(stem: str) -> int:
    """How many blanks a fill-in stem has."""
    return len(BLANK.findall(Mirror(stem).norm))


def join(readings: list[Reading]) -> Reading:
    """Readings of the parts of one file as one."""
    return Reading(
        *(tuple(part for reading in readings for part in getattr(reading, name)) for name in Reading.__match_args__)
    )


def check(draft: Draft) -> list[str]:
    """What speaks against a question, as Chinese sentences; empty for a sound one."""
    complaints = [] if draft.stem.strip() else ["题干是空的，请补上题干。"]
    if draft.kind not in KINDS:
        return [*complaints, "题型不明，请选择单选、多选、判断、填空或简答。"]
    if draft.difficulty is not None and draft.difficulty not in range(1, 6):
        complaints.append("难度应为 1 到 5。")
    if len(draft.pictures) > LIMIT_PICTURES:
        complaints.append(f"图片多于 {LIMIT_PICTURES} 张，请减少。")
    if draft.kind in CHOICES:
        return complaints + _check_choice(draft)
    if draft.options:
        complaints.append(f"{KIND_WORDS[draft.kind]}题不应有选项，请检查题型。")
    return complaints + {"judge": _check_judge, "fill": _check_fill, "short": _check_short}[draft.kind](draft)


def _check_choice(draft: Draft) -> list[str]:
    found = []
    if len(draft.options) < 2:
        found.append("选项少于两个，请补上选项。")
    if len(draft.options) > len(LETTERS):
        found.append("选项多于 26 个，请检查。")
    empty = [LETTERS[place] for place, text in enumerate(draft.options[:26]) if not normal(text)]
    if empty:
        found.append(f"选项 {'、'.join(empty)} 是空的（也许原来是图片），请补上。")
    if len({normal(text) for text in draft.options if normal(text)}) + len(empty) < len(draft.options):
        found.append("有两个选项完全相同，请检查。")
    return found + _check_letters(draft)


def _check_letters(draft: Draft) -> list[str]:
    if not isinstance(draft.key, tuple) or not draft.key:
        return ["没有答案，请补上答案。"]
    if any(type(place) is not int or place not in range(len(draft.options)) for place in draft.key):
        return ["答案不在选项之中，请检查答案和选项。"]
    if list(draft.key) != sorted(set(draft.key)):
        return ["答案字母重复，请检查。"]
    if draft.kind == "single" and len(draft.key) > 1:
        return ["单选题有不止一个答案，请确认是不是多选题。"]
    return []


def _check_judge(draft: Draft) -> list[str]:
    return [] if isinstance(draft.key, bool) else ["判断题的答案应为对或错。"]


def _check_fill(draft: Draft) -> list[str]:
    if not isinstance(draft.key, tuple) or not draft.key:
        return ["没有答案，请补上答案。"]
    if not all(isinstance(blank, tuple) and blank and all(map(_filled, blank)) for blank in draft.key):
        return ["有一个空没有答案，请补上。"]
    if blanks(draft.stem) != len(draft.key):
        return [f"题干有 {blanks(draft.stem)} 个空，答案有 {len(draft.key)} 个，请核对。"]
    if any(re.search(r"[;；|｜\n]", word) for blank in draft.key for word in blank):
        return ["填空答案里不能有分号、竖线或换行，请改写。"]
    return []


def _filled(word: str) -> bool:
    return isinstance(word, str) and bool(normal(word))


def _check_short(draft: Draft) -> list[str]:
    return [] if isinstance(draft.key, str) and normal(draft.key) else ["没有参考答案，请补上。"]
