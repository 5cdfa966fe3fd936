"""Values that GIFT and Moodle have no place for, carried as tags 难度:3 and as marks in the text."""

from __future__ import annotations

import re

from school.questions import bank_text, citation
from school.questions.draft import AUDIENCE_WORDS, Draft
from school.questions.matching import normal

_AUDIENCES = {word: name for name, word in AUDIENCE_WORDS.items()}
_READERS = {
    "对象": ("audience", _AUDIENCES.__getitem__),
    "依据": ("citation", citation.parse),
    "知识点": ("point", str),
    "难度": ("difficulty", bank_text.read_difficulty),
    "分值": ("score", bank_text.read_score),
    "编写": ("author", str),
    "复核": ("checker", str),
}
_MATERIAL = re.compile(r"【材料】(.*?)\n【题目】(.*)", re.DOTALL)


def written(draft: Draft, leave_out: tuple[str, ...] = ()) -> list[str]:
    """The tags of a draft."""
    values = bank_text.values(draft)
    named = [f"{name}:{values[name]}" for name in _READERS if values[name] and name not in leave_out]
    return named + [f"{label}:{text}" for label, text in draft.extras]


def read(tags: list[str]) -> dict:
    """Fields of a Draft from tags; those that are not ours become `extras`."""
    found, extras = {}, []
    for tag in filter(str.strip, tags):
        label, parted, value = tag.partition(":")
        name, reader = _READERS.get(label, ("", None))
        try:
            told = reader(value) if reader and name not in found else None
        except (bank_text.Wrong, KeyError):
            told = None
        if told is not None:
            found[name] = told
        else:
            extras.append((label, value) if parted and label else ("标签", tag))
    return found | {"extras": tuple(extras)}


def with_material(draft: Draft) -> str:
    """The stem with the text it shares with its neighbours above it."""
    return f"【材料】{draft.material}\n【题目】{draft.stem}" if draft.material else draft.stem


def split_material(text: str) -> tuple[str, str]:
    """(material, stem) of what `with_material` wrote; material is "" for any other text."""
    found = _MATERIAL.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def title_tells(title: str, stem: str) -> bool:
    """Whether a title says anything that the beginning of the stem does not."""
    said = normal(title).rstrip(".…").strip()
    return bool(said) and not normal(stem).startswith(said)
