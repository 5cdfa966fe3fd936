"""Keeping the pictures of questions: each file once, and with every version the ones that stand in its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school.errors import Refused
from school.questions import pictures as fit
from school.questions import queries
from school.questions.draft import Draft
from school.questions.models import PictureFile, QuestionPicture, QuestionVersion
from school.questions.pictures import Picture, Unfit, carried, signs

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def keep(db: Session, pictures: Iterable[Picture]) -> None:
    """Keep the files of pictures; one that is there already stays."""
    rows = [
        {"sha256": picture.sha256, "media_type": picture.media_type, "content": picture.content} for picture in pictures
    ]
    if rows:
        db.execute(_INSERT[db.get_bind().dialect.name](PictureFile.__table__).on_conflict_do_nothing(), rows)


def attach(db: Session, version: QuestionVersion, pictures: Iterable[Picture]) -> None:
    """Give a new version its pictures."""
    pictures = tuple(pictures)
    keep(db, pictures)
    version.pictures = [QuestionPicture(number=picture.number, sha256=picture.sha256) for picture in pictures]


def attach_all(db: Session, pictured: Collection[tuple[int, Picture]]) -> None:
    """Give new versions their pictures. pictured: (id of the version, picture)."""
    keep(db, [picture for _, picture in pictured])
    if pictured:
        rows = [{"version_id": id_, "number": one.number, "sha256": one.sha256} for id_, one in pictured]
        db.execute(insert(QuestionPicture.__table__), rows)


def with_those_of(db: Session, draft: Draft, old: QuestionVersion) -> Draft:
    """A draft written anew from an older version, with those of that one's pictures whose signs it still has."""
    if draft.pictures:
        return draft
    return replace(draft, pictures=carried(queries.pictures(db, [old.id]).get(old.id, ()), draft.asked))


def with_one_more(db: Session, draft: Draft, old: QuestionVersion, content: bytes) -> Draft:
    """A draft of an older version with that one's pictures and another: at the first sign without one, else behind the stem.

    Refused: bytes that are no picture we keep.
    """
    try:
        told = fit.media_type(content)
    except Unfit as problem:
        raise Refused(str(problem)) from problem
    draft = with_those_of(db, draft, old)
    said, having = signs(draft.asked), {picture.number for picture in draft.pictures}
    number = next((one for one in said if one not in having), None)
    if number is None:
        number = max(said, default=0) + 1
        draft = replace(draft, stem=f"{draft.stem}【图{number}】")
    return replace(draft, pictures=(*draft.pictures, Picture(number, told, content)))
