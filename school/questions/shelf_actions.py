"""Putting drafts on a bank's shelf: as a new question, as a new version of one, or not at all because it is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, joinedload

from school.access import Member
from school.questions import picture_actions, queries, search
from school.questions.content import content
from school.questions.draft import Draft
from school.questions.models import Question, QuestionVersion, SearchLine
from school.questions.pictures import carried, signs

#: codes asked for in one statement
BATCH = 500


class Shelf:
    """What a bank has that bears on some drafts, read once: all codes and digests, newest versions under their codes.

    New questions are put aside and written together by `write`: ten thousand one by one take three times as long.
    """

    def __init__(self, db: Session, bank_id: int, drafts: Iterable[Draft]):
        self.db, self.bank_id = db, bank_id
        self.codes = set(db.scalars(select(Question.code).where(Question.bank_id == bank_id)))
        # of every version: a file from before a correction must not bring the uncorrected question back
        self.digests = set(db.scalars(select(QuestionVersion.digest).where(QuestionVersion.bank_id == bank_id)))
        drafts = list(drafts)
        self.newest = _newest(db, bank_id, sorted({draft.code for draft in drafts} & self.codes))
        signed = {draft.code for draft in drafts if not draft.pictures and signs(draft.asked)} & self.newest.keys()
        self._pictures = queries.pictures(db, [self.newest[code].id for code in signed])
        #: code -> (draft, columns of its first version)
        self._new: dict[str, tuple[Draft, dict]] = {}

    def standing(self, draft: Draft) -> QuestionVersion | None:
        """The newest version of the question that has the draft's code."""
        return self.newest.get(draft.code)

    def pictured(self, draft: Draft) -> Draft:
        """The draft; where its file could carry no pictures, with those the question has under the same signs."""
        standing = self.standing(draft)
        if draft.pictures or standing is None or not self._pictures:
            return draft
        return replace(draft, pictures=carried(self._pictures.get(standing.id, ()), draft.asked))

    def has(self, values: dict) -> bool:
        """Whether the bank has had the same words, options and key."""
        return values["digest"] in self.digests

    def put(self, code: str, draft: Draft, columns: dict) -> None:
        """Take a new question's first version, for `write` to write."""
        self._new[code] = draft, columns
        self.remember(code, SimpleNamespace(id=None, **columns))

    def written(self, code: str) -> QuestionVersion | None:
        """The newest version of the question that has a code, written now if it still waits for that."""
        if code in self._new:
            self.write()
            self.newest.update(_newest(self.db, self.bank_id, [code]))
        return self.newest.get(code)

    def write(self) -> None:
        """Write the new questions with their first versions."""
        if not self._new:
            return
        of_bank = {"bank_id": self.bank_id}
        question_ids = _inserted(self.db, Question, "code", [{**of_bank, "code": code} for code in self._new])
        rows = [{**columns, "question_id": question_ids[code]} for code, (_, columns) in self._new.items()]
        version_ids = _inserted(self.db, QuestionVersion, "question_id", rows)
        lines, pictured = [], []
        for code, (draft, _) in self._new.items():
            version_id = version_ids[question_ids[code]]
            lines.append({**of_bank, "version_id": version_id, "words": search.line(draft, code)})
            pictured += [(version_id, picture) for picture in draft.pictures]
        self.db.execute(insert(SearchLine.__table__), lines)
        picture_actions.attach_all(self.db, pictured)
        self._new = {}

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


def _inserted(db: Session, table: type, by: str, rows: list[dict]) -> dict:
    """Insert rows; their ids by a column that is different in each."""
    columns = table.__table__.c
    return dict(db.execute(insert(table.__table__).returning(columns[by], columns.id), rows).all())


def fate(shelf: Shelf, draft: Draft, values: dict) -> str:
    """What becomes of a draft: "new", "changed" (a new version of the question with its code) or "same" (已有)."""
    standing = shelf.standing(draft)
    if standing is None:
        return "same" if shelf.has(values) else "new"
    return "same" if all(getattr(standing, name) == value for name, value in values.items()) else "changed"


def take(shelf: Shelf, draft: Draft, *, trusted: bool, by: Member, now: datetime) -> str:
    """Put a draft on the shelf unless it stands there; returns its `fate`. What is new waits for `Shelf.write`.

    trusted: the draft's own author and checker are believed; otherwise `by` is the author and somebody else reviews.
    """
    draft = shelf.pictured(draft)
    values = content(draft)
    became = fate(shelf, draft, values)
    columns = {"bank_id": shelf.bank_id, "written_at": now, "remark": "", **values, **_signed(draft, trusted, by, now)}
    if became == "new":
        shelf.put(draft.code or shelf.new_code(), draft, {"number": 1, **columns})
    elif became == "changed":
        _take_changed(shelf, draft, columns)
    return became


def _take_changed(shelf: Shelf, draft: Draft, columns: dict) -> None:
    standing = shelf.written(draft.code)
    version = QuestionVersion(question=standing.question, number=standing.number + 1, **columns)
    shelf.db.add(version)
    shelf.remember(draft.code, version)
    if draft.pictures:
        picture_actions.attach(shelf.db, version, draft.pictures)
    supersede(standing)
    make_findable(shelf.db, version, draft)
    if version.state == "reviewed":
        retire_older(shelf.db, version)


def make_findable(db: Session, version: QuestionVersion, draft: Draft) -> None:
    """Write down what a new version is found by."""
    db.add(SearchLine(version=version, bank_id=version.bank_id, words=search.line(draft, version.question.code)))


def _signed(draft: Draft, trusted: bool, by: Member, now: datetime) -> dict:
    if trusted and draft.author and draft.checker and draft.author != draft.checker:
        return {"author": draft.author, "reviewer": draft.checker, "state": "reviewed", "reviewed_at": now}
    author = draft.author if trusted and draft.author else by.name
    return {"author": author, "reviewer": "", "state": "in_review", "reviewed_at": None}


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
