"""The look at an uploaded file before it is taken in: read, compared with the bank, kept as a preview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace

from sqlalchemy.orm import Session

from school import audit, files
from school.access import Member
from school.errors import Refused
from school.files import Table, old_word
from school.questions import (
    actions,
    columns,
    picture_actions,
    preview,
    queries,
    search_queries,
    similar,
    template,
    told_columns,
)
from school.questions.columns import Mapping
from school.questions.content import content
from school.questions.draft import Draft, Reading
from school.questions.models import Bank, BankImport
from school.questions.preview import Standing
from school.questions.shelf_actions import Shelf, fate

#: parts of a look, for the progress bar
STEPS = 3
#: share of common 3-grams below which a new version is no version of the same question
UNLIKE = 0.2


@dataclass(frozen=True)
class Upload:
    """A file as it came. said: per table what somebody said of this very file, empty for nothing.
    key: its answers, where they came in a file of their own."""

    file_name: str
    content: bytes
    said: tuple[Mapping | None, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Look:
    """A file looked at. columns: what the tables' columns were taken for; preview, refused: as kept with the upload."""

    reading: Reading
    columns: list | None
    preview: dict
    refused: bytes


#: the reading looked at last in this process, at most one: a large file is mostly taken in right after
_fresh: list[tuple[tuple, Reading]] = []


def _of(upload: Upload, told: Sequence[Mapping | None]) -> tuple:
    """All that a reading depends on."""
    return upload.content, tuple(told) if any(told) else (), upload.key


def look(
    db: Session,
    bank: Bank,
    upload: Upload,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Look:
    """Read an upload and compare it with its bank. Writes nothing. Raises BadFile."""
    found = told_columns.tables(upload.content)
    own = upload.said or (None,) * len(found)
    told = _told(db, bank.unit_id, own, found)
    progress(0, STEPS)
    reading = told_columns.read(upload.content, upload.file_name, told, upload.key, found)
    _fresh[:] = [(_of(upload, told), reading)]
    progress(1, STEPS)
    shelf = Shelf(db, bank.id, reading.drafts)
    clashing = _clashing(shelf, reading.drafts)
    became = fates(shelf, reading.drafts)
    alike = _alike(db, bank.id, reading.drafts, became) | clashing
    asked = told_columns.unclear(found, told) if _worth_asking(upload.content, reading) else []
    seen = preview.preview(reading, became, alike, asked, _notes(found, told, own))
    progress(2, STEPS)
    return Look(reading, _kept(told), seen, template.write_refused(reading.review))


def readable(upload: Upload) -> Upload:
    """The upload; a legacy Word document converted. Takes its time. Raises BadFile."""
    if files.kind(upload.content) != "doc":
        return upload
    return replace(upload, content=old_word.to_docx(upload.content))


def keep(db: Session, kept: BankImport, seen: Look) -> None:
    """Keep what was seen with its upload, and the pictures that its page shows."""
    shown = preview.pictures(seen.preview)
    found = {picture.sha256: picture for draft in seen.reading.drafts for picture in draft.pictures}
    picture_actions.keep(db, (found[one] for one in sorted(shown & found.keys())))
    kept.columns, kept.preview, kept.refused = seen.columns, seen.preview, seen.refused


def upload_of(kept: BankImport) -> Upload:
    """An upload as it is kept, with what its tables' columns are taken for."""
    said = tuple(one and Mapping(one[0], tuple(one[1])) for one in kept.columns or ())
    return Upload(kept.file_name, kept.content, said, kept.key_text)


def read_again(upload: Upload) -> Reading:
    """The reading that was looked at: the same file, its columns taken for the same."""
    for looked_at, reading in _fresh:
        if looked_at == _of(upload, upload.said):
            _fresh.clear()
            return reading
    return told_columns.read(upload.content, upload.file_name, upload.said, upload.key)


def with_said(upload: Upload, place: int, said: Mapping) -> Upload:
    """The upload once somebody has said what the columns of its table at `place` are."""
    count = len(told_columns.tables(upload.content))
    before = upload.said or (None,) * count
    return replace(upload, said=(*before[:place], said, *before[place + 1 :]))


def tell(db: Session, bank: Bank, kept: BankImport, upload: Upload, place: int, *, by: Member, now: datetime) -> None:
    """Keep what somebody said of a table with its file, and for the next file with the same header."""
    said = upload.said[place]
    kept.columns = _kept(upload.said)
    if said.header >= 0:
        table = told_columns.tables(upload.content)[place]
        actions.remember_columns(db, bank, columns.signature(table, said), said, by=by, now=now)


def add_key(db: Session, kept: BankImport, key: str, *, by: Member, now: datetime) -> None:
    """Keep the answers that came in a file of their own with the questions they are for. Refused: taken in already."""
    if kept.written_at:
        raise Refused("这个文件已经收进题库了。")
    kept.key_text = key
    audit.record(db, by, "add_key", kept, at=now, after={"bytes": len(key.encode())})


def _kept(told: Sequence[Mapping | None]) -> list | None:
    return [one and [one.header, list(one.roles)] for one in told] if any(told) else None


def _told(db: Session, unit_id: int, own: Sequence[Mapping | None], found: list[Table]) -> list[Mapping | None]:
    """Per table what somebody said of this file, else what is remembered of its header."""
    asked = {signature for table in found for signature in told_columns.signatures(table)}
    known = queries.column_mappings(db, unit_id, asked) if asked else {}
    return [one or told_columns.recalled(table, known) for one, table in zip(own, found, strict=True)]


def _worth_asking(content: bytes, reading: Reading) -> bool:
    """A text that reads well as text is no table."""
    return content.startswith((b"PK", b"\xd0\xcf")) or not reading.drafts


def _notes(found: list[Table], told: Sequence[Mapping | None], own: Sequence[Mapping | None]) -> list[str]:
    recalled = [table for table, one, before in zip(found, told, own, strict=True) if one and not before]
    return [f"“{table.name or '表格'}”的表头以前说明过各列的含义，这次照样读取。" for table in recalled]


def fates(shelf: Shelf, drafts: Sequence[Draft]) -> list[str]:
    """What will become of each draft, the earlier ones taken for taken in."""
    found = []
    for draft in drafts:
        values = content(shelf.pictured(draft))
        found.append(fate(shelf, draft, values))
        shelf.remember(draft.code, SimpleNamespace(id=None, **values))
    return found


def _alike(db: Session, bank_id: int, drafts: Sequence[Draft], became: list[str]) -> dict[int, list[Standing]]:
    """By index of a draft that is not there yet, the bank's questions that are very like it."""
    places = [place for place, one in enumerate(became) if one != "same"]
    standing = search_queries.stems(db, bank_id) if places else []
    pairs = similar.near([drafts[place].stem for place in places], [stem for _, _, stem in standing], preview.ALIKE)
    wanted = {standing[other][0] for _, other, _ in pairs[: preview.PAIRS]}
    versions = {version.id: version for version in search_queries.rows(db, sorted(wanted))}
    kept = queries.pictures(db, wanted)
    alike: dict[int, list[Standing]] = defaultdict(list)
    for place, other, _ in pairs[: preview.PAIRS]:
        version, draft = versions[standing[other][0]], drafts[places[place]]
        if version.question.code != draft.code:
            shown = preview.shown_version(version, version.question.code, kept.get(version.id, ()))
            alike[places[place]].append(shown)
    return alike


def _clashing(shelf: Shelf, drafts: Sequence[Draft]) -> dict[int, list[Standing]]:
    """Drafts that have the code of a question but nothing of its words: many files number their questions 1, 2, 3."""
    found = {}
    for place, draft in enumerate(drafts):
        version = shelf.standing(draft)
        if version and version.stem != draft.stem and not similar.near([version.stem], [draft.stem], UNLIKE):
            shown = preview.shown_version(version, draft.code)
            found[place] = [replace(shown, place=f"{shown.place}，编号相同，收下就成为它的新版本")]
    return found
