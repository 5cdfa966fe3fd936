"""Reading banks, questions, imports and review lists inside one's scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from school import clock
from school.access import Member, Role
from school.errors import NotFound
from school.questions import changed_texts
from school.questions.changed_texts import Changed, Cited
from school.questions.models import (
    Bank,
    BankImport,
    ColumnMapping,
    PictureFile,
    Question,
    QuestionPicture,
    QuestionVersion,
    ReviewEntry,
)
from school.questions.pictures import Picture
from school.roster.models import Unit
from school.roster.queries import within

#: versions asked for in one statement
BATCH = 500
#: when a version was reviewed, where that tells the text it rests on (changed_texts)
SEEN_AT = case((QuestionVersion.version_on.is_(None), QuestionVersion.reviewed_at)).label("reviewed_at")


def bank(db: Session, bank_id: int, by: Member, *, lock: bool = False) -> Bank:
    """A bank of a unit the member officers, else NotFound."""
    found = db.get(Bank, bank_id, options=[joinedload(Bank.unit)], with_for_update={"of": Bank} if lock else None)
    if found is None:
        raise NotFound
    by.must_cover(found.unit.path, Role.OFFICER)
    return found


@dataclass(frozen=True)
class Shelf:
    """One line of the list of banks: how many questions stand in which state, and entries left to settle."""

    bank: Bank
    states: dict[str, int]
    unsettled: int


def shelves(db: Session, by: Member) -> list[Shelf]:
    """The banks of one's units with their counts."""
    paths = by.paths(Role.OFFICER)
    banks = db.scalars(
        select(Bank)
        .join(Bank.unit)
        .where(within(paths))
        .options(joinedload(Bank.unit))
        .order_by(Unit.order_no, Bank.id)
    ).all()
    counted = select(QuestionVersion.bank_id, QuestionVersion.state, func.count()).group_by(
        QuestionVersion.bank_id, QuestionVersion.state
    )
    states: dict[int, dict[str, int]] = {}
    for bank_id, state, count in db.execute(counted):
        states.setdefault(bank_id, {})[state] = count
    open_ = select(BankImport.bank_id, func.count()).join(ReviewEntry).where(ReviewEntry.settled_at.is_(None))
    unsettled = dict(db.execute(open_.group_by(BankImport.bank_id)).all())
    return [Shelf(found, states.get(found.id, {}), unsettled.get(found.id, 0)) for found in banks]


def question(db: Session, bank_id: int, question_id: int) -> Question:
    """A question of a bank (already fetched in scope) with all its versions, else NotFound."""
    found = db.get(Question, question_id, options=[selectinload(Question.versions)])
    if found is None or found.bank_id != bank_id:
        raise NotFound
    return found


def waiting(
    db: Session, bank_id: int, *, not_by: str = "", until: int | None = None, most: int | None = None
) -> list[QuestionVersion]:
    """Versions that wait for review and that `not_by` did not write, the oldest first; at most `most`, none after `until`."""
    statement = _waiting(bank_id, not_by).options(
        joinedload(QuestionVersion.question).selectinload(Question.versions), selectinload(QuestionVersion.pictures)
    )
    statement = statement.where(QuestionVersion.id <= until) if until else statement
    return list(db.scalars(statement.order_by(QuestionVersion.id).limit(most)))


def count_waiting(db: Session, bank_id: int, *, not_by: str = "") -> int:
    """How many versions wait for review that `not_by` did not write."""
    return db.scalar(select(func.count()).select_from(_waiting(bank_id, not_by).subquery()))


def _waiting(bank_id: int, not_by: str) -> Select:
    statement = select(QuestionVersion).where(QuestionVersion.bank_id == bank_id, QuestionVersion.state == "in_review")
    return statement.where(QuestionVersion.author != not_by)


def upload(db: Session, import_id: int) -> BankImport:
    """An uploaded file, with its bank locked against another's taking in; for work in the background."""
    kept = db.get_one(BankImport, import_id, with_for_update=True)
    db.get_one(Bank, kept.bank_id, with_for_update=True)
    return kept


def cited(db: Session, bank_id: int) -> list[tuple[Cited, int]]:
    """The texts that questions in use of a bank cite, with how many do, by name."""
    columns = (QuestionVersion.law, QuestionVersion.version_on, SEEN_AT)
    statement = (
        select(*columns, func.count().label("times"))
        .where(QuestionVersion.bank_id == bank_id, QuestionVersion.state != "retired", QuestionVersion.law != "")
        .group_by(*columns)
        .order_by(QuestionVersion.law, QuestionVersion.version_on)
    )
    counts: Counter[Cited] = Counter()
    for row in db.execute(statement):
        counts[changed_texts.cited(row)] += row.times
    return list(counts.items())


def resting_in(db: Session, bank_id: int, text: Changed) -> Select:
    """Versions in use of a bank that rest on a text that has changed, as a statement to page through."""
    statement = select(QuestionVersion).where(
        QuestionVersion.bank_id == bank_id,
        QuestionVersion.law == text.law,
        QuestionVersion.version_on == text.version_on,
    )
    if text.seen_before:
        statement = statement.where(QuestionVersion.reviewed_at < clock.at(text.seen_before, time()))
    used = statement.where(QuestionVersion.state != "retired").options(
        joinedload(QuestionVersion.question), selectinload(QuestionVersion.pictures)
    )
    return used.order_by(QuestionVersion.question_id, QuestionVersion.number)


def pictures(db: Session, version_ids: Collection[int]) -> dict[int, list[Picture]]:
    """The pictures of versions with their bytes, in the order of their numbers; versions without any are not in it."""
    columns = (QuestionPicture.version_id, QuestionPicture.number, PictureFile.media_type, PictureFile.content)
    joined = select(*columns).join(PictureFile, PictureFile.sha256 == QuestionPicture.sha256)
    found: dict[int, list[Picture]] = {}
    ids = sorted(version_ids)
    for start in range(0, len(ids), BATCH):
        here = QuestionPicture.version_id.in_(ids[start : start + BATCH])
        statement = joined.where(here).order_by(*columns[:2])
        for version_id, *told in db.execute(statement):
            found.setdefault(version_id, []).append(Picture(*told))
    return found


def picture(db: Session, bank_id: int, version_id: int, number: int) -> PictureFile:
    """One picture of a version of a bank (already fetched in scope), else NotFound."""
    statement = (
        select(PictureFile)
        .join(QuestionPicture, QuestionPicture.sha256 == PictureFile.sha256)
        .join(QuestionVersion, QuestionVersion.id == QuestionPicture.version_id)
        .where(QuestionVersion.bank_id == bank_id, QuestionVersion.id == version_id, QuestionPicture.number == number)
    )
    found = db.scalars(statement.options(undefer(PictureFile.content))).one_or_none()
    if found is None:
        raise NotFound
    return found


def bank_import(db: Session, bank_id: int, import_id: int) -> BankImport:
    """An uploaded file of a bank (already fetched in scope), else NotFound."""
    found = db.get(BankImport, import_id)
    if found is None or found.bank_id != bank_id:
        raise NotFound
    return found


def entries(db: Session, bank_id: int) -> Select:
    """Review entries of a bank that nobody has settled, the oldest first."""
    statement = select(ReviewEntry).join(BankImport, BankImport.id == ReviewEntry.bank_import_id)
    return statement.where(BankImport.bank_id == bank_id, ReviewEntry.settled_at.is_(None)).order_by(ReviewEntry.id)


def count_entries(db: Session, bank_id: int) -> int:
    """How many review entries of a bank nobody has settled."""
    return db.scalar(select(func.count()).select_from(entries(db, bank_id).order_by(None).subquery()))


def entry(db: Session, bank_id: int, entry_id: int) -> ReviewEntry:
    """A review entry of a bank (already fetched in scope), else NotFound."""
    found = db.get(ReviewEntry, entry_id)
    if found is None or db.get_one(BankImport, found.bank_import_id).bank_id != bank_id:
        raise NotFound
    return found


def column_mappings(db: Session, unit_id: int, signatures: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Roles of the columns under known headers of a unit, by the header's signature."""
    statement = select(ColumnMapping.signature, ColumnMapping.roles).where(ColumnMapping.unit_id == unit_id)
    known = db.execute(statement.where(ColumnMapping.signature.in_(signatures)))
    return {signature: tuple(roles) for signature, roles in known}
