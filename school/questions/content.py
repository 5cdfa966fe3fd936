"""A question as it comes in, as the columns of a version, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from school.questions import similar
from school.questions.draft import CHOICES, LETTERS, Citation, Draft, Key
from school.questions.pictures import Picture

UNKNOWN_TOPIC = "未分专题"
USUAL_DIFFICULTY = 2


class Version(Protocol):
    """The words of a question as the bank keeps them; see school.questions.models.QuestionVersion."""

    kind: str
    stem: str
    options: list
    key: object
    explanation: str
    law: str
    article: str
    version_on: date | None
    basis: str
    topic: str
    point: str
    difficulty: int
    audience: str
    author: str
    reviewer: str


def content(draft: Draft) -> dict:
    """A draft as the columns of a version. Option ids are letters in the order of writing and never change again."""
    ids = LETTERS.lower()[: len(draft.options)]
    key = draft.key
    if draft.kind in CHOICES:
        key = [ids[place] for place in draft.key]
    elif draft.kind == "fill":
        key = [list(blank) for blank in draft.key]
    return {
        "kind": draft.kind,
        "stem": f"{draft.material}\n{draft.stem}" if draft.material else draft.stem,
        "options": [{"id": one, "text": text} for one, text in zip(ids, draft.options, strict=True)],
        "key": key,
        "explanation": draft.explanation,
        "law": draft.citation.law[:80],
        "article": draft.citation.article[:60],
        "version_on": draft.citation.version_on,
        "basis": draft.citation.basis[:200],
        "topic": (draft.topic or UNKNOWN_TOPIC)[:40],
        "point": draft.point[:40],
        "difficulty": draft.difficulty or USUAL_DIFFICULTY,
        "audience": draft.audience or "both",
        "digest": similar.digest(draft),
    }


def draft_of(version: Version, code: str = "", pictures: Sequence[Picture] = ()) -> Draft:
    """A version as a draft, for exports and comparisons: content(draft_of(version)) gives its columns back.

    pictures: the version's, from `queries.pictures`; without them they are left out.  A shared stem has become part of
    the stem; points, which belong to a paper, are not there.
    """
    return Draft(
        kind=version.kind,
        stem=version.stem,
        options=tuple(option["text"] for option in version.options),
        key=_key(version),
        explanation=version.explanation,
        citation=Citation(version.law, version.article, version.version_on, version.basis),
        topic=version.topic,
        point=version.point,
        difficulty=version.difficulty,
        audience=version.audience,
        code=code,
        author=version.author,
        checker=version.reviewer,
        pictures=tuple(pictures),
    )


def _key(version: Version) -> Key:
    if version.kind in CHOICES:
        return tuple(place for place, option in enumerate(version.options) if option["id"] in version.key)
    return tuple(map(tuple, version.key)) if version.kind == "fill" else version.key
