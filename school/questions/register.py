"""登记册: the texts that questions rest on, as facts only: version, articles, in force from when to when.

The project carries its own as question_banks/register.csv, made from the index of a folder of official texts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from school.errors import BadFile
from school.questions.citation import article, short_name
from school.questions.draft import Citation

COLUMNS = ("名称", "简称", "文本日期", "条数", "其他条目", "施行", "失效", "备注")
_REPEALED = re.compile(r"REPEALED (\d{4}-\d{2}-\d{2})(?: by (.+))?")


@dataclass(frozen=True)
class Entry:
    """One text in its current version.

    articles: the number of the last one.  others: labels outside that count (第十七条之一, 总纲).
    in_force_on: first day.  ended_on: first day without it, None while in force.  note: what to keep an eye on.
    """

    title: str
    short_name: str
    version_on: date
    articles: int
    others: tuple[str, ...]
    in_force_on: date
    ended_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Register:
    """All texts known, found by short name or by title."""

    entries: tuple[Entry, ...]

    @cached_property
    def _by_name(self) -> dict[str, Entry]:
        return {name: entry for entry in self.entries for name in (short_name(entry.title), entry.short_name)}

    def find(self, law: str) -> Entry | None:
        """The text of a short name or title, with or without 《》 and 中华人民共和国."""
        return self._by_name.get(short_name(law))

    def check(self, citation: Citation, on: date) -> list[str]:
        """What speaks against a citation on a day, as Chinese sentences; another basis than a law is not judged."""
        if not citation.law:
            return []
        entry = self.find(citation.law)
        if entry is None:
            return [self._unknown(citation.law)]
        return [*_check_force(entry, on), *_check_version(entry, citation.version_on), *_check_place(entry, citation)]

    def _unknown(self, law: str) -> str:
        near = get_close_matches(short_name(law), self._by_name, n=1, cutoff=0.5)
        return f"登记册里没有“{law}”，请核对法名" + (f"，是不是“{near[0]}”？" if near else "。")


def _check_force(entry: Entry, on: date) -> list[str]:
    if on < entry.in_force_on:
        return [f"“{entry.short_name}”自 {entry.in_force_on} 起施行，{on} 还不能引用。"]
    if entry.ended_on and entry.ended_on <= on:
        note = f"（{entry.note}）" if entry.note else ""
        return [f"“{entry.short_name}”自 {entry.ended_on} 起失效{note}，请换成现行的依据。"]
    return []


def _check_version(entry: Entry, version_on: date | None) -> list[str]:
    if version_on is None:
        return [f"没有写“{entry.short_name}”的文本日期，现行文本是 {entry.version_on}，请对照后补上。"]
    if version_on != entry.version_on:
        return [f"“{entry.short_name}”的现行文本是 {entry.version_on}，这里写的是 {version_on}，请对照新文本再看一遍。"]
    return []


def _check_place(entry: Entry, citation: Citation) -> list[str]:
    cited = article(citation.article)
    if not citation.article or citation.article in entry.others:
        return []
    if cited is None:
        return [f"登记册里“{entry.short_name}”没有“{citation.article}”，请写条号。"]
    if cited.inserted and cited.label not in entry.others:
        return [f"“{entry.short_name}”没有{cited.label}，请核对条号。"]
    if cited.article > entry.articles:
        return [f"“{entry.short_name}”只有 {entry.articles} 条，没有{cited.label}，请核对条号。"]
    return []


def from_index(rows: Iterable[Mapping[str, str]], labels: Mapping[str, Sequence[str]]) -> Register:
    """The register of a folder of texts: the rows of its index.csv, and by short name the labels of each text.

    Source: the column descriptions in the README of the folder; only facts are taken, never a law's words.
    """
    return Register(tuple(_entry(row, labels.get(row["short_name"], ())) for row in rows))


def _entry(row: Mapping[str, str], labels: Sequence[str]) -> Entry:
    repealed = _REPEALED.match(row["status_2026"])
    notes = [
        f"由{repealed[2]}废止" if repealed and repealed[2] else "",
        row["watch"],
        "施行日期待核实" if "confirm" in row["effective_basis"] else "",
    ]
    return Entry(
        title=row["title"],
        short_name=row["short_name"],
        version_on=date.fromisoformat(row["version_date"]),
        articles=int(row["last_article"]),
        others=tuple(label for label in labels if not (cited := article(label)) or cited.inserted),
        in_force_on=date.fromisoformat(row["effective_date"]),
        ended_on=date.fromisoformat(repealed[1]) if repealed else None,
        note="；".join(filter(None, notes)),
    )


def read(text: str) -> Register:
    """A register from its file. BadFile names the first row that is not right."""
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BadFile(f"登记册的第一行应是：{'、'.join(COLUMNS)}。")
    return Register(tuple(_read_row(row, rows.line_num) for row in rows))


def _read_row(row: Mapping[str, str], line: int) -> Entry:
    try:
        if None in row or None in row.values():
            raise ValueError("cells too many or too few")
        return Entry(
            title=row["名称"],
            short_name=row["简称"],
            version_on=date.fromisoformat(row["文本日期"]),
            articles=int(row["条数"]),
            others=tuple(row["其他条目"].split()),
            in_force_on=date.fromisoformat(row["施行"]),
            ended_on=date.fromisoformat(row["失效"]) if row["失效"] else None,
            note=row["备注"],
        )
    except ValueError:
        raise BadFile(f"登记册第 {line} 行读不懂：日期应像 2026-01-31，条数应是数字，一格也不能少。") from None


def write(register: Register) -> str:
    """A register as its file; `read` gives it back."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in register.entries:
        dates = (entry.in_force_on.isoformat(), entry.ended_on.isoformat() if entry.ended_on else "")
        named = (entry.title, entry.short_name, entry.version_on.isoformat(), entry.articles, " ".join(entry.others))
        table.writerow((*named, *dates, entry.note))
    return out.getvalue()
