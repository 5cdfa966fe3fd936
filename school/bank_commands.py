"""Commands that look question banks over: `lint-bank`, `check-citations`, and `write-register` for what they rest on."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from school import clock, files
from school.app import folder
from school.errors import BadFile
from school.questions import intake, law_texts, register, shipped
from school.questions.citation_check import check_citations
from school.questions.draft import Draft
from school.questions.law_texts import LawText
from school.questions.lint import Finding, lint
from school.questions.register import Register

#: exit code of a command that found faults, the same as for a file that cannot be read
FAULTY = 6
#: of a finding that concerns many questions, so many are named
NAMED = 8

_FILES = click.argument(
    "paths", metavar="[FILES]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
_ON = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天的效力核对，默认今天。The day to check for; today."
)


def add_to(group: click.Group) -> None:
    """Hang the commands of this module into the command line."""
    for command in (lint_bank, check_citations_command, write_register):
        group.add_command(command)


@click.command("lint-bank")
@_FILES
@_ON
def lint_bank(paths: tuple[Path, ...], on: datetime | None) -> None:
    """检查题库：题型比例、答案分布、必填项、重复题、依据。不写文件名就检查自带题库；比例按给出的全部文件计算。

    Check question banks as a whole: shares, spread of the key, required fields, doubles, citations. Exit code 6 when
    anything is found.
    """
    files_read = read_files(paths or shipped_files())
    found = lint(files_read.drafts) + check_citations(files_read.drafts, shipped.texts(), on=_day(on))
    _report(files_read, found)


@click.command("check-citations")
@click.option(
    "--laws",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="法律文本文件夹（含 index.csv），连款和项一起核对。Folder of official texts with their index.csv.",
)
@_FILES
@_ON
def check_citations_command(laws: Path | None, paths: tuple[Path, ...], on: datetime | None) -> None:
    """核对依据：法名、效力、条号、文本日期；给出 --laws 时还核对款和项。不写文件名就核对自带题库。

    Check every citation: law known and in force, article there, version date right; with --laws also 款 and 项. Exit
    code 6 when anything is found.
    """
    files_read = read_files(paths or shipped_files())
    if laws is None:
        _report(files_read, check_citations(files_read.drafts, shipped.texts(), on=_day(on)))
        return
    official, texts = read_laws(laws)
    stale = _stale(shipped.texts(), official)
    _report(files_read, stale + check_citations(files_read.drafts, official, texts, on=_day(on)))


@click.command("write-register")
@click.argument("laws", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="写到哪里，默认自带登记册。Where to.")
def write_register(laws: Path, to: Path | None) -> None:
    """按法律文本文件夹重做登记册（只记事实，不抄条文）。

    Make the register of texts anew from a folder of official texts: facts only, no law's words.
    """
    official, _ = read_laws(laws)
    target = to or shipped.PATH
    target.write_text(register.write(official), encoding="utf-8", newline="")
    click.echo(f"登记册已写好：{target}，共 {len(official.entries)} 部。")


@dataclass(frozen=True)
class FilesRead:
    """Question files as read. where: by 编号, the files that have it; complaints: what could not be read."""

    drafts: list[Draft]
    where: dict[str, list[str]]
    complaints: list[str]
    count: int


def read_files(paths: Sequence[Path]) -> FilesRead:
    """Read question files of any kind; what waits for review in them is a complaint here."""
    drafts, where, complaints = [], defaultdict(list), []
    for path in paths:
        try:
            reading = intake.read(path.read_bytes(), path.name)
        except BadFile as bad:
            complaints.append(f"{_shown(path)}：{bad.message}")
            continue
        complaints += [f"{_shown(path)} {item.where}：{item.reason}" for item in reading.review]
        for draft in reading.drafts:
            where[draft.code].append(f"{_shown(path)} {draft.code or draft.where}")
        drafts += reading.drafts
    return FilesRead(drafts, where, complaints, len(paths))


def shipped_files() -> list[Path]:
    """The files of the bank that comes with the product."""
    return sorted(folder("question_banks").glob("*.txt"))


def read_laws(laws: Path) -> tuple[Register, dict[str, LawText]]:
    """The register that a folder's index.csv makes, and its texts by short name. Raises BadFile."""
    index = laws / "index.csv"
    if not index.exists():
        raise BadFile(f"“{laws}”里没有 index.csv，请给出法律文本的文件夹。")
    rows = list(csv.DictReader(io.StringIO(files.text(index.read_bytes()))))
    try:
        texts = {row["short_name"]: _law_text(laws / Path(row["file"]).name) for row in rows}
        return register.from_index(rows, {name: tuple(text.articles) for name, text in texts.items()}), texts
    except (KeyError, ValueError) as fault:
        raise BadFile(f"index.csv 缺一列，或有一格不是日期或数字（{fault}），请检查。") from None


def _law_text(path: Path) -> LawText:
    try:
        return law_texts.read(files.text(path.read_bytes()))
    except BadFile as bad:
        raise BadFile(f"{path.name}：{bad.message}") from None
    except FileNotFoundError:
        raise BadFile(f"index.csv 里有 {path.name}，文件夹里却没有，请补上。") from None


def _stale(own: Register, official: Register) -> list[Finding]:
    changed = [entry.short_name for entry in official.entries if entry != own.find(entry.short_name)]
    if not changed:
        return []
    return [
        Finding("register", f"自带登记册与这个文件夹不同：{_few(changed)}。请用 school write-register 重做登记册。")
    ]


def _day(on: datetime | None) -> date:
    return on.date() if on else clock.day(clock.now())


def _shown(path: Path) -> str:
    here = path.absolute()
    return str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here)


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等 {len(names)} 处" if len(names) > NAMED else "")


def _report(files_read: FilesRead, found: list[Finding]) -> None:
    lines = list(files_read.complaints)
    for finding in found:
        places = [place for code in finding.codes for place in files_read.where.get(code, [code])]
        lines.append(f"{_few(list(dict.fromkeys(places))) or '全部题目'}：{finding.message}")
    for line in lines:
        click.echo(line)
    counted = f"{files_read.count} 个文件、{len(files_read.drafts)} 道题"
    click.echo(f"{counted}：发现 {len(lines)} 处问题。" if lines else f"{counted}：没有发现问题。")
    if lines:
        raise SystemExit(FAULTY)
