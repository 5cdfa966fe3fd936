"""A question as it is put to one person, and answers in their words. Pure; no key is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from school.questions.draft import LETTERS
from school.quizzes import paper, scoring

#: how a judge item's options are sent
TRUTHS = {"true": True, "false": False}
JUDGE = [{"id": "true", "text": "对"}, {"id": "false", "text": "错"}]


@dataclass(frozen=True)
class Asked:
    """One question on one person's page.

    options: {"id", "text"} in this person's own order.  chosen: ids of the options ticked.  given: the answer so far.
    blanks: how many texts are asked for.  rule: how a multi-choice question is counted, else empty.  saved_at: None
    without an answer.  pictures: {"number", "sha256"} of those whose signs stand in the words.
    """

    position: int
    kind: str
    stem: str
    options: Sequence[dict]
    chosen: frozenset
    given: list
    blanks: int
    rule: str
    saved_at: datetime | None
    pictures: Sequence[dict] = ()

    @property
    def kind_name(self) -> str:
        """单选题, 多选题 …"""
        return paper.KINDS[self.kind]

    @property
    def answered(self) -> bool:
        """Whether there is an answer: one taken back is none."""
        return bool(self.given)

    def text(self, blank: int) -> str:
        """What was written into a blank, counted from 0."""
        return self.given[blank] if blank < len(self.given) else ""


def asked(row, *, seed: str, candidate_id: int, multi_rule: str) -> Asked:
    """A row of taking_queries.sheet as its person sees it."""
    given = row.given or []
    return Asked(
        position=row.position,
        kind=row.kind,
        stem=row.stem,
        options=options_of(row, seed=seed, candidate_id=candidate_id),
        chosen=frozenset(str(one).lower() if row.kind == "judge" else one for one in given),
        given=given,
        blanks=len(row.key) if row.kind == "fill" else int(row.kind == "short"),
        rule=scoring.MULTI_RULES[multi_rule] if row.kind == "multi" else "",
        saved_at=row.saved_at,
        pictures=row.pictures,
    )


def options_of(question, *, seed: str, candidate_id: int) -> list[dict]:
    """The options in this person's own order; judge items always read 对, 错. question: has id, kind, options."""
    if question.kind == "judge":
        return JUDGE
    return paper.shuffled(question.options, seed=seed, candidate_id=candidate_id, question_id=question.id)


def in_words(kind: str, options: Sequence[dict], chosen: Sequence) -> str:
    """Chosen options as letter and text, in the order they stand; texts of blanks as they are."""
    if kind in ("fill", "short"):
        return "；".join(" 或 ".join(one) if isinstance(one, list) else one for one in chosen)
    named = {TRUTHS.get(option["id"], option["id"]): option["text"] for option in options}
    if kind == "judge":
        return "".join(named[one] for one in chosen)
    letters = [f"{LETTERS[n]}. {option['text']}" for n, option in enumerate(options) if option["id"] in chosen]
    return "；".join(letters)


def key_in_words(kind: str, options: Sequence[dict], key: object) -> str:
    """A key as its people read it; that of a judge item is a truth, that of a short answer a text."""
    return in_words(kind, options, key if isinstance(key, list) else [key])
