"""Deeds of the bank: keep an uploaded file, take its questions in as versions, review, settle what was left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.errors import NotAllowed, Refused
from school.questions import picture_actions
from school.questions.columns import Mapping
from school.questions.content import content, draft_of
from school.questions.draft import Citation, Draft, Reading, check
from school.questions.models import Bank, BankImport, ColumnMapping, QuestionVersion, ReviewEntry
from school.questions.shelf_actions import Shelf, make_findable, retire_older, supersede, take
from school.roster.models import Unit


def open_bank(db: Session, unit: Unit, title: str, *, by: Member, now: datetime) -> Bank:
    """The unit's bank of that title; made when there is none."""
    found = db.scalars(select(Bank).where(Bank.unit_id == unit.id, Bank.title == title)).one_or_none()
    if found is not None:
        return found
    bank = Bank(unit_id=unit.id, title=title[:120])
    db.add(bank)
    audit.record(db, by, "open_bank", bank, at=now, after={"title": title})
    return bank


def keep_upload(db: Session, bank: Bank, file_name: str, content: bytes, *, by: Member, now: datetime) -> BankImport:
    """Keep an uploaded file until somebody has looked and confirmed."""
    kept = BankImport(
        bank_id=bank.id, file_name=file_name[:200], content=content, uploaded_by_id=by.account_id, uploaded_at=now
    )
    db.add(kept)
    audit.record(db, by, "upload_questions", kept, at=now, after={"file": kept.file_name, "bytes": len(content)})
    return kept


def load_bank(
    db: Session,
    kept: BankImport,
    reading: Reading,
    *,
    trusted: bool,
    by: Member,
    now: datetime,
    leave: Collection[int] = (),
) -> dict[str, int]:
    """Take a reading into its bank: new questions, new versions of changed ones; the same file twice adds nothing.

    What was not fully understood becomes review entries. trusted: the file's own 编写 and 复核 are believed (the bank we
    ship, read by the command line); otherwise the loader is the author and somebody else must review.
    leave: indexes of drafts that somebody chose to leave out.
    Returns {"new", "changed", "same", "left", "review"}. Refused: a file already taken in.
    """
    if kept.written_at:
        raise Refused("这个文件已经收进题库了。")
    shelf = Shelf(db, kept.bank_id, reading.drafts)
    counts = Counter({"new": 0, "changed": 0, "same": 0, "left": 0, "review": len(reading.review)})
    for place, draft in enumerate(reading.drafts):
        counts["left" if place in leave else take(shelf, draft, trusted=trusted, by=by, now=now)] += 1
    shelf.write()
    db.add_all(
        ReviewEntry(bank_import_id=kept.id, place=str(item.where)[:120], reason=item.reason, original=item.original)
        for item in reading.review
    )
    kept.written_at, kept.counts = now, dict(counts)
    audit.record(db, by, "load_bank", kept, at=now, after=dict(counts))
    return dict(counts)


def told(counts: dict[str, int]) -> str:
    """What came of taking a file in, as a sentence."""
    left = f"，不收 {counts['left']} 道" if counts["left"] else ""
    review = f"另有 {counts['review']} 处待处理。" if counts["review"] else ""
    taken = f"新收 {counts['new']} 道，改版 {counts['changed']} 道，已有 {counts['same']} 道{left}。"
    return f"{taken}{review}请另一位管理员审核后抽用。"


def review(db: Session, versions: Iterable[QuestionVersion], *, by: Member, now: datetime) -> int:
    """Pass versions that wait for review; every earlier version of the same question is retired.

    Returns how many. NotAllowed: reviewing what one has written oneself.
    """
    passed = 0
    for version in versions:
        if version.state != "in_review":
            continue
        if version.author == by.name:
            raise NotAllowed("自己编写的题目要请另一个人审核。")
        retire_older(db, version)
        version.state, version.reviewer, version.reviewed_at, version.remark = "reviewed", by.name, now, ""
        audit.record(db, by, "review_question", version, at=now)
        passed += 1
    return passed


def submit(db: Session, version: QuestionVersion, *, by: Member, now: datetime) -> None:
    """Hand a draft in for review. Refused: it is no draft."""
    if version.state != "draft":
        raise Refused("这一版不是草稿，不用再提交。")
    version.state = "in_review"
    audit.record(db, by, "submit_question", version, at=now)


def send_back(db: Session, version: QuestionVersion, reason: str, *, by: Member, now: datetime) -> None:
    """Give a version that waits for review back to its author. Refused: it does not wait."""
    if version.state != "in_review":
        raise Refused("这一版不在待审核，不能退回。")
    version.state, version.remark = "draft", reason
    audit.record(db, by, "send_back_question", version, at=now, after={"reason": reason})


def rewrite(db: Session, old: QuestionVersion, draft: Draft, *, by: Member, now: datetime) -> QuestionVersion:
    """Write a question anew: a next version, a draft of `by`'s. Refused: faults, or nothing has changed."""
    if faults := check(draft):
        raise Refused(" ".join(faults))
    draft = picture_actions.with_those_of(db, draft, old)
    values = content(draft)
    if all(getattr(old, name) == value for name, value in values.items()):
        raise Refused("和现在的版本一模一样，没有要改的。")
    version = _next(db, old, draft, values, author=by.name, state="draft", written_at=now)
    audit.record(db, by, "rewrite_question", version, at=now, after={"number": version.number})
    return version


def add_picture(db: Session, old: QuestionVersion, picture: bytes, *, by: Member, now: datetime) -> QuestionVersion:
    """Put one more picture into a question: a next version, a draft of `by`'s. Refused: no picture, or too many."""
    draft = picture_actions.with_one_more(db, draft_of(old), old, picture)
    if faults := check(draft):
        raise Refused(" ".join(faults))
    version = _next(db, old, draft, content(draft), author=by.name, state="draft", written_at=now)
    audit.record(db, by, "add_picture", version, at=now, after={"number": version.number, "bytes": len(picture)})
    return version


def _next(db: Session, old: QuestionVersion, draft: Draft, values: dict, **standing) -> QuestionVersion:
    version = QuestionVersion(question=old.question, bank_id=old.bank_id, number=old.number + 1, **values, **standing)
    db.add(version)
    if draft.pictures:
        picture_actions.attach(db, version, draft.pictures)
    supersede(old)
    make_findable(db, version, draft)
    return version


def confirm_text(db: Session, old: QuestionVersion, version_on: date, *, by: Member, now: datetime) -> QuestionVersion:
    """The question holds under its law's present text as well: the same words with that text's date, reviewed by `by`.

    NotAllowed: confirming what one has written oneself. Refused: a retired version.
    """
    if old.author == by.name:
        raise NotAllowed("自己编写的题目要请另一个人对照新文本。")
    if old.state == "retired":
        raise Refused("这一版已经停用。")
    draft = replace(draft_of(old), citation=Citation(old.law, old.article, version_on, old.basis))
    draft = picture_actions.with_those_of(db, draft, old)
    standing = {"author": old.author, "reviewer": by.name, "state": "reviewed", "written_at": now, "reviewed_at": now}
    version = _next(db, old, draft, content(draft), **standing)
    retire_older(db, version)
    audit.record(
        db, by, "confirm_text", version, at=now, before={"version_on": old.version_on}, after={"version_on": version_on}
    )
    return version


def remember_columns(db: Session, bank: Bank, signature: str, said: Mapping, *, by: Member, now: datetime) -> None:
    """Keep what the columns under a header are for the next file of the bank's unit that has it."""
    where = (ColumnMapping.unit_id == bank.unit_id, ColumnMapping.signature == signature)
    kept = db.scalars(select(ColumnMapping).where(*where).with_for_update()).one_or_none()
    if kept is None:
        kept = ColumnMapping(unit_id=bank.unit_id, signature=signature)
        db.add(kept)
    kept.roles, kept.said_by, kept.said_at = list(said.roles), by.name, now
    audit.record(db, by, "remember_columns", kept, at=now, after={"roles": kept.roles})


def retire(db: Session, version: QuestionVersion, reason: str, *, by: Member, now: datetime) -> None:
    """Take a version out of drawing; papers that have it keep it."""
    before = {"state": version.state}
    version.state, version.remark = "retired", reason
    audit.record(db, by, "retire_question", version, at=now, before=before, after={"reason": reason})


def settle(db: Session, entry: ReviewEntry, bank: Bank, draft: Draft | None, *, by: Member, now: datetime) -> None:
    """Settle a review entry: as the question it was mended into, or as none at all. Refused twice and with faults."""
    if entry.settled_at:
        raise Refused("这一条已经处理过了。")
    if draft is not None:
        faults = check(draft)
        if faults:
            raise Refused(" ".join(faults))
        shelf = Shelf(db, bank.id, [draft])
        take(shelf, draft, trusted=False, by=by, now=now)
        shelf.write()
    entry.settled_at, entry.settled_as = now, "question" if draft else "dropped"
    audit.record(db, by, "settle_review", entry, at=now, after={"as": entry.settled_as})


def note_export(db: Session, bank: Bank, format: str, count: int, *, by: Member, now: datetime) -> None:
    """Write down that somebody took questions and their keys away as a file."""
    audit.record(db, by, "export_bank", bank, at=now, after={"format": format, "count": count})
