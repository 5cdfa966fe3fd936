"""题库: questions with immutable versions, each with its citation, and what an import left for review."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from school.db import Base
from school.questions import references
from school.roster.models import Unit


class Bank(Base):
    """A bank belongs to a unit; whoever officers a unit above it may use it."""

    __tablename__ = "bank"
    __table_args__ = (UniqueConstraint("unit_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    title: Mapped[str] = mapped_column(String(120))

    unit: Mapped[Unit] = relationship()


class Question(Base):
    """One question through all its versions. Of these, at most one is reviewed and drawn."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), index=True)
    #: stable key of the item, e.g. "TD-001"
    code: Mapped[str] = mapped_column(String(40))

    bank: Mapped[Bank] = relationship()
    versions: Mapped[list[QuestionVersion]] = relationship(back_populates="question", order_by="QuestionVersion.number")


class QuestionVersion(Base):
    """The words of a question, never changed once written; only its state moves on."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("kind IN ('single', 'multi', 'judge', 'fill', 'short')", name="kind_known"),
        CheckConstraint("state IN ('draft', 'in_review', 'reviewed', 'retired')", name="state_known"),
        CheckConstraint("reviewer = '' OR reviewer <> author", name="author_is_not_reviewer"),
        Index(None, "state", "topic", "kind"),
        # a bank of 50,000: pages in order, counts per state, and the lists to choose from, each read from an index alone
        Index(None, "bank_id", "id"),
        Index(None, "bank_id", "state", "id"),
        Index(None, "bank_id", "topic"),
        Index(None, "bank_id", "law", "version_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id), index=True)
    #: that of its question, for finding without a join
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    stem: Mapped[str] = mapped_column(Text)
    #: [{"id": "a", "text": "…"}, …]; ids are stable, letters follow the place on the paper
    options: Mapped[list] = mapped_column(JSON)
    #: option ids; true or false; list of blanks, each a list of alternatives; model answer
    key: Mapped[object] = mapped_column(JSON)
    explanation: Mapped[str] = mapped_column(Text, default="")
    #: 依据: law short name, article as written, date of the text version; or another document in `basis`
    law: Mapped[str] = mapped_column(String(80), default="", index=True)
    article: Mapped[str] = mapped_column(String(60), default="")
    version_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[str] = mapped_column(String(40))
    point: Mapped[str] = mapped_column(String(40), default="")
    difficulty: Mapped[int]
    #: "cadre", "farmer" or "both"
    audience: Mapped[str] = mapped_column(String(10))
    #: same words, same options, same key: same digest
    digest: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10))
    author: Mapped[str] = mapped_column(String(50))
    reviewer: Mapped[str] = mapped_column(String(50), default="")
    #: why it was sent back or retired
    remark: Mapped[str] = mapped_column(String(200), default="")
    written_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(back_populates="versions")
    pictures: Mapped[list[QuestionPicture]] = relationship(order_by="QuestionPicture.number")

    @property
    def order_note(self) -> str:
        """What its reviewer is told of the order of its options; mostly nothing."""
        return references.note([option["text"] for option in self.options])


class PictureFile(Base):
    """A picture's bytes, kept once however many versions and imports show it. What it is was told by its content."""

    __tablename__ = "picture_file"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/png', 'image/jpeg', 'image/gif')", name="media_type_known"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class QuestionPicture(Base):
    """A picture of a version, standing where the sign 【图1】 with its number is in the words."""

    __tablename__ = "question_picture"

    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(ForeignKey(PictureFile.sha256), index=True)


class SearchLine(Base):
    """What a version is found by. Apart from the version, and beside its bank's others on the disk: it is read through."""

    __tablename__ = "search_line"
    __table_args__: ClassVar = {"sqlite_with_rowid": False}

    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id), primary_key=True, autoincrement=False)
    #: words and pinyin initials, as `search.line` writes them
    words: Mapped[str] = mapped_column(Text)

    version: Mapped[QuestionVersion] = relationship()


class BankImport(Base):
    """An uploaded question file between preview and the one write, and afterwards its record."""

    __tablename__ = "bank_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None]
    uploaded_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    #: the answers, where they came in a file of their own
    key_text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    #: per table of the file [header row, [role, …]] where somebody said what the columns are, else null
    columns: Mapped[list | None] = mapped_column(JSON)
    #: what the look shows (school.questions.preview), kept so that a large file is read once
    preview: Mapped[dict | None] = mapped_column(JSON, deferred=True)
    #: what was not accepted, as a workbook to be mended
    refused: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: {"new": n, "changed": n, "same": n, "review": n, "left": n} at writing
    counts: Mapped[dict | None] = mapped_column(JSON)


class ColumnMapping(Base):
    """What somebody said the columns under a header are; applied to the next file with that header."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("unit_id", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the bank's unit
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    #: of the header row, as `columns.signature` gives it
    signature: Mapped[str] = mapped_column(String(16))
    #: one role of school.questions.columns per column
    roles: Mapped[list] = mapped_column(JSON)
    said_by: Mapped[str] = mapped_column(String(50))
    said_at: Mapped[datetime]


class ReviewEntry(Base):
    """Something in a file that was not fully understood: kept with its place and words until somebody settles it."""

    __tablename__ = "review_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_import_id: Mapped[int] = mapped_column(ForeignKey(BankImport.id), index=True)
    #: "第 12 行" or "Sheet1 第 12 行"
    place: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    original: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    settled_as: Mapped[str] = mapped_column(String(20), default="")
