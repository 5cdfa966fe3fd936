"""What a typist types from a paper answer sheet, read into the form answers are kept in. Pure.

A letter stands for a place on this person's own paper; what is kept is the option that stood there (rules.md 17).

| kind         | typed                                                      | kept                                           |
|--------------|------------------------------------------------------------|------------------------------------------------|
| single       | B, b, Ｂ, or 2 (second place)                              | the one option's id                            |
| single       | BC                                                         | refused: two marks are for a person to look at |
| multi        | BD, d b, B、D, 24                                          | the options' ids, in the paper's frozen order  |
| multi        | BB                                                         | refused: typed twice                           |
| judge        | √ v T Y 对 正确 是 同意 1                                  | true                                           |
| judge        | × x F N 错 错误 否 不同意 2 0                              | false                                          |
| these three  | -                                                          | nothing: left unanswered                       |
| these three  | nothing typed, a letter that is not there                  | refused                                        |
| fill, short  | any text; nothing                                          | the texts; nothing when all of them are empty  |

Figures do the same as letters, so that the number pad serves, and no input method of a Chinese keyboard is in the way. An
unanswered question is typed as a hyphen: a question that was merely skipped is then noticed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from school.errors import Refused
from school.quizzes import asked, scoring
from school.quizzes.asked import LETTERS

UNANSWERED = "-"
_TRUE = {"√", "✓", "V", "T", "Y", "对", "正确", "是", "同意", "1"}
_FALSE = {"×", "✗", "X", "F", "N", "错", "错误", "否", "不同意", "2", "0"}
_BETWEEN = str.maketrans("", "", " 、,，.;；/　")
#: longest text kept of a blank, as on the phone
_LONGEST = 500


@dataclass(frozen=True)
class Place:
    """One question on one person's sheet. options: ids in this person's own order; frozen: in the paper's; blanks: texts."""

    position: int
    kind: str
    options: tuple[str, ...]
    frozen: tuple[str, ...]
    blanks: int

    @property
    def letters(self) -> str:
        """The letters there are: ABCD."""
        return LETTERS[: len(self.options)]


def places(questions: Sequence, *, seed: str, candidate_id: int) -> list[Place]:
    """The places of a person's sheet. questions: of the paper, in order, each with id, position, kind, options, key."""
    return [
        _place(question, asked.options_of(question, seed=seed, candidate_id=candidate_id)) for question in questions
    ]


def _place(question, ordered: Sequence[dict]) -> Place:
    ids = [] if question.kind == "judge" else [option["id"] for option in ordered]
    blanks = len(question.key) if question.kind == "fill" else int(question.kind == "short")
    frozen = tuple(option["id"] for option in question.options)
    return Place(question.position, question.kind, tuple(ids), frozen, blanks)


def read(place: Place, typed: Sequence[str]) -> list:
    """What was typed for one question, as Answer.given holds it. Refused with a sentence on what to do."""
    if place.blanks:
        texts = [text.strip()[:_LONGEST] for text in typed]
        return texts if any(texts) else []
    mark = unicodedata.normalize("NFKC", "".join(typed)).upper().translate(_BETWEEN)
    if mark == UNANSWERED:
        return []
    if not mark:
        raise Refused("没有录。没答的请打减号（-）。")
    return _truth(mark) if place.kind == "judge" else _chosen(place, mark)


def _truth(mark: str) -> list[bool]:
    if mark in _TRUE | _FALSE:
        return [mark in _TRUE]
    raise Refused("判断题请打 1（√）或 2（×），没答的打减号（-）。")


def _chosen(place: Place, mark: str) -> list[str]:
    letters = [LETTERS[int(one) - 1] if one in "12345678" else one for one in mark]
    if any(letter not in place.letters for letter in letters):
        raise Refused(f"这道题只有 {place.letters[0]} 至 {place.letters[-1]}，没答的打减号（-）。")
    if place.kind == "single" and len(letters) > 1:
        raise Refused("单选题只能有一个选项。答题卡上涂了两个的，看不清以哪个为准时按没答录，打减号（-）。")
    if len(set(letters)) < len(letters):
        raise Refused("同一个选项打了两次，请再看一眼答题卡。")
    ids = {place.options[LETTERS.index(letter)] for letter in letters}
    return [one for one in place.frozen if one in ids]


def written(place: Place, given: Sequence) -> list[str]:
    """The opposite of `read`: what would have to be typed, one text per field."""
    if place.blanks:
        return [*given, *[""] * (place.blanks - len(given))]
    if not given:
        return [UNANSWERED]
    if place.kind == "judge":
        return ["√" if given[0] else "×"]
    return ["".join(letter for letter, one in zip(LETTERS, place.options, strict=False) if one in given)]


def alike(place: Place, one: Sequence, other: Sequence) -> bool:
    """Whether two typists read the same: options exactly, texts as blanks are compared (full and half width alike)."""
    if not place.blanks:
        return list(one) == list(other)
    return [scoring.folded(text) for text in written(place, one)] == [
        scoring.folded(text) for text in written(place, other)
    ]


def differing(all_places: Sequence[Place], one: Sequence, other: Sequence) -> list[int]:
    """Positions on which two typists differ."""
    read_twice = zip(all_places, one, other, strict=True)
    return [place.position for place, first, second in read_twice if not alike(place, first, second)]


def line(all_places: Sequence[Place], given: Sequence) -> str:
    """A whole sheet on one line, for the audit log: 1A 2BD 3√ 4- 5[三十|五]."""
    return " ".join(_told(place, one) for place, one in zip(all_places, given, strict=True))


def _told(place: Place, given: Sequence) -> str:
    texts = "|".join(written(place, given))
    return f"{place.position}[{texts}]" if place.blanks else f"{place.position}{texts}"
