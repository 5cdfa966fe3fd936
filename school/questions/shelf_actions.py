"""Putting drafts on a bank's shelf: as a new question, as a new version of one, or not at all because it is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from school.access import Member
from school.questions import search
from school.questions.content import content
from school.questions.draft import Draft
from school.questions.models import Question, QuestionVersion, SearchLine

#: codes asked for in one statement
BATCH = 500


class Shelf:
    """What a bank has that bears on some drafts, read once: all codes and digests, newest versions under their codes."""

    def __init__(self, db: Session, bank_id: int, drafts: Iterable[Draft]):
        self.db, self.bank_id = db, bank_id
        self.codes = set(db.scalars(select(Question.code).where(Question.bank_id == bank_id)))
        # of every version: a file from before a correction must not bring the uncorrected question back
        self.digests = set(db.scalars(select(QuestionVersion.digest).where(QuestionVersion.bank_id == bank_id)))
        self.newest = _newest(db, bank_id, sorted({draft.code for draft in drafts} & self.codes))

    def standing(self, draft: Draft) -> QuestionVersion | None:
        """The newest version of the question that has the draft's code."""
        return self.newest.get(draft.code)

    def has(self, values: dict) -> bool:
        """Whether the bank has had the same words, options and key."""
        return values["digest"] in self.digests

    def put(self, version: QuestionVersion) -> None:
        """Add a version to the bank."""
        self.db.add(version)
        self.remember(version.question.code, version)

    def remember(self, code: str, version) -> None:
        """Take a version, or what has its columns, for there."""
        self.digests.add(version.digest)
        if code:
            self.codes.add(code)
            self.newest[code] = version

    def new_code(self) -> str:
        """A code nothing in the bank has."""
        number = len(self.codes) + 1
        while f"T{number:05}" in self.codes:
            number += 1
        return f"T{number:05}"


def _newest(db: Session, bank_id: int, codes: list[str]) -> dict[str, QuestionVersion]:
    found = {}
    for start in range(0, len(codes), BATCH):
        statement = (
            select(QuestionVersion)
            .join(QuestionVersion.question)
            .where(Question.bank_id == bank_id, Question.code.in_(codes[start : start + BATCH]))
            .options(joinedload(QuestionVersion.question))
            .order_by(QuestionVersion.number)
        )
        found.update((version.question.code, version) for version in db.scalars(statement))
    return found


def fate(shelf: Shelf, draft: Draft, values: dict) -> str:
    """What becomes of a draft: "new", "changed" (a new version of the question with its code) or "same" (已有)."""
    standing = shelf.standing(draft)
    if standing is None:
        return "same" if shelf.has(values) else "new"
    return "same" if all(getattr(standing, name) == value for name, value in values.items()) else "changed"


def take(shelf: Shelf, draft: Draft, *, trusted: bool, by: Member, now: datetime) -> str:
    """Put a draft on the shelf unless it stands there; returns its `fate`.

    trusted: the draft's own author and checker are believed; otherwise `by` is the author and somebody else reviews.
    """
    values = content(draft)
    became, standing = fate(shelf, draft, values), shelf.standing(draft)
    if became == "same":
        return became
    code = draft.code or shelf.new_code()
    question = standing.question if standing else Question(bank_id=shelf.bank_id, code=code)
    version = QuestionVersion(
        question=question,
        bank_id=shelf.bank_id,
        number=standing.number + 1 if standing else 1,
        written_at=now,
        **values,
        **_signed(draft, trusted, by, now),
    )
    shelf.put(version)
    if standing:
        supersede(standing)
    make_findable(shelf.db, version, draft)
    if standing and version.state == "reviewed":
        retire_older(shelf.db, version)
    return became


def make_findable(db: Session, version: QuestionVersion, draft: Draft) -> None:
    """Write down what a new version is found by."""
    db.add(SearchLine(version=version, bank_id=version.bank_id, words=search.line(draft, version.question.code)))


def _signed(draft: Draft, trusted: bool, by: Member, now: datetime) -> dict:
    if trusted and draft.author and draft.checker and draft.author != draft.checker:
        return {"author": draft.author, "reviewer": draft.checker, "state": "reviewed", "reviewed_at": now}
    return {"author": draft.author if trusted and draft.author else by.name, "state": "in_review"}


def supersede(old: QuestionVersion) -> None:
    """A newer version has been written: one that only waited is waited for no longer; one in use stays until that passes."""
    if old.state in ("draft", "in_review"):
        old.state, old.remark = "retired", "有了新的一版。"


def retire_older(db: Session, version: QuestionVersion) -> None:
    """A version that is drawn ends all earlier ones of its question."""
    # Those that wait too: passed later on, an older version would drive out the newer one.
    db.flush()
    older = (QuestionVersion.question_id == version.question_id) & (QuestionVersion.number < version.number)
    db.execute(update(QuestionVersion).where(older, QuestionVersion.state != "retired").values(state="retired"))
