"""Answer tables apart from their questions: read, and joined to them by section and number.

A section whose table does not fit it exactly, number for number, is refused as a whole; its neighbours are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from school.questions import headings, labels, numbering, vocabulary
from school.questions.layout import Part
from school.questions.lines import Line
from school.questions.matching import Mirror
from school.questions.numerals import NUMERAL, number

_SIGN = r"(?:[A-Z](?:[ 、,]?[A-Z])*(?![A-Za-z])|[√×✓✗✔✘对错]|正确|错误|[TF](?![A-Za-z]))"
_RANGE = re.compile(
    r"\s*[(【第]?\s*(\d{1,3})\s*题?\s*[-~–—至到]+\s*(\d{1,3})\s*[)】题]?\s*[:.、]?\s*((?:[A-Z√×✓✗✔✘对错]|正确|错误|[\s,、;])+)"
)
_ENTRY = re.compile(
    rf"\s*[(【第]?\s*(\d{{1,3}})\s*[)】题]?\s*[.、:)]?\s*({_SIGN})\s*[,;。、.]?(?=\s|\d|[(【第一二三四五六七八九十]|$)"
)
_OPENING = re.compile(rf"\s*[;。]?\s*\(?({NUMERAL})\)?\s*[、.]\s*([^\d\s:;]{{2,8}}?题?)?\s*[:]?\s*(?=\d|第|\()")
_KIND = re.compile(r"\s*([^\d\s:;.、]{2,8})\s*[:]\s*(?=\d|第|\()")


@dataclass
class Entry:
    """The answer of one number: its words and, where the table gives one, the explanation."""

    number: int
    said: str
    explanation: str = ""
    citation: str = ""


@dataclass
class Table:
    """Answers of one section. kind, ordinal: how the table names the section; None and 0 when it does not."""

    kind: str | None = None
    ordinal: int = 0
    entries: list[Entry] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    unread: list[Line] = field(default_factory=list)


def tables(part: Part) -> list[Table]:
    """The tables in the lines of an answer part."""
    said = part.said
    found = [Table(said.kind if said else None, said.ordinal if said else 0)]
    lines = list(part.lines)
    for at, line in enumerate(lines):
        if _numbers_row(lines, at):
            continue
        if at and _numbers_row(lines, at - 1) and _answers_row(found[-1], lines[at - 1], line):
            continue
        if not _runs(found, line):
            _entry(found[-1], line)
    return [table for table in found if table.entries or table.lines or table.unread]


def _numbers_row(lines: list[Line], at: int) -> bool:
    """题号 1 2 3 above 答案 A B C."""
    below = lines[at + 1].norm if at + 1 < len(lines) else ""
    return bool(re.match(r"\s*题号[\s:|]", lines[at].norm) and re.match(r"\s*答案[\s:|]", below))


def _answers_row(table: Table, above: Line, line: Line) -> bool:
    numbers = re.findall(r"\d+", above.norm)
    words = re.split(r"[\s|]+", re.sub(r"^\s*答案[\s:|]*", "", line.norm).strip(" |"))
    table.lines += [above, line]
    if len(numbers) != len(words):
        table.unread += [above, line]
        return True
    table.entries += [Entry(int(value), word) for value, word in zip(numbers, words, strict=True)]
    return True


def _runs(found: list[Table], line: Line) -> bool:
    """Read 1-5 BCADA, 1.B 2.C 3.ABD and 一、1.A；二、1.AB from a line that holds nothing else."""
    at, fresh, entries = 0, [], []
    while line.norm[at:].strip(" ,;。、."):
        opening = _OPENING.match(line.norm, at) or _KIND.match(line.norm, at)
        if opening:
            table, at = _named(opening), opening.end()
            if table is None:
                return False
            fresh.append((table, len(entries)))
            continue
        found_entries, at = _answers(line.norm, at)
        if not found_entries:
            return False
        entries += found_entries
    if entries:
        _deal(found, fresh, entries, line)
    return bool(entries)


def _named(opening: re.Match) -> Table | None:
    """The table that 二、多选题： opens within a line; None when the words are no type."""
    word = opening.groups()[-1] or ""
    kind = vocabulary.kind(word)
    if word and kind is None:
        return None
    return Table(kind, number(opening[1]) or 0 if opening.re is _OPENING else 0)


def _answers(norm: str, at: int) -> tuple[list[Entry], int]:
    if spread := _RANGE.match(norm, at):
        return _spread(spread), spread.end()
    if one := _ENTRY.match(norm, at):
        return [Entry(int(one[1]), one[2])], one.end()
    return [], at


def _deal(found: list[Table], fresh: list[tuple[Table, int]], entries: list[Entry], line: Line) -> None:
    begins = [begin for _, begin in fresh]
    found[-1].entries += entries[: begins[0] if begins else None]
    holder = fresh[0][0] if begins and begins[0] == 0 else found[-1]
    holder.lines.append(line)
    for (table, begin), end in zip(fresh, [*begins[1:], len(entries)][: len(fresh)], strict=True):
        table.entries += entries[begin:end]
        found.append(table)


def _spread(found: re.Match) -> list[Entry]:
    """1-5 BCADA as five entries; none when the count does not fit."""
    first, last = int(found[1]), int(found[2])
    grouped = [group for group in re.split(r"[\s,、;]+", found[3].strip()) if group]
    signs = re.findall(r"正确|错误|[A-Z√×✓✗✔✘对错]", found[3])
    for words in (grouped, signs):
        if len(words) == last - first + 1 and (words is signs or all(re.fullmatch(_SIGN, word) for word in words)):
            return [Entry(first + step, word) for step, word in enumerate(words)]
    return []


def _entry(table: Table, line: Line) -> None:
    """One answer per line with free words, its explanation on the line or below."""
    label = numbering.at_start(line.norm)
    if not label:
        _below(table, line)
        return
    table.lines.append(line)
    rest = Mirror(line.mirror.cut(label.end))
    told = labels.of(rest.norm)
    entry = Entry(label.value, "" if told else rest.raw)
    for part in told:
        _put(entry, part.field, rest.cut(part.start, part.end))
    table.entries.append(entry)


def _below(table: Table, line: Line) -> None:
    told = labels.of(line.norm)
    if not table.entries or not (told or table.entries[-1].explanation):
        table.unread.append(line)
        return
    table.lines.append(line)
    if not told:
        table.entries[-1].explanation += "\n" + line.raw.strip()
    for part in told:
        _put(table.entries[-1], part.field, line.mirror.cut(part.start, part.end))


def _put(entry: Entry, name: str, text: str) -> None:
    if name == "answer":
        entry.said = text
    elif name == "citation":
        entry.citation = text
    else:
        entry.explanation = "\n".join(filter(None, (entry.explanation, text)))


@dataclass
class Joined:
    """Which entry answers which block (by id), why some blocks got none, and the tables nobody took."""

    entries: dict[int, Entry] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    left: list[Table] = field(default_factory=list)


def join(parts: list[Part], found: list[Table]) -> Joined:
    """Give the tables of one key section to the question parts before it."""
    asked = _groups(parts)
    result = Joined()
    if len(asked) == 1 and len(found) == 1:
        _match(result, asked[0][1], found[0])
        return result
    if len(found) == 1 and found[0].kind is None and not found[0].ordinal:
        _match(result, [block for _, blocks in asked for block in blocks], found[0])
        return result
    taken: set[int] = set()
    for said, blocks in asked:
        table = _table_for(said, asked, found, taken)
        if table is None:
            result.refused |= {id(block): "答案部分没有和这一部分对得上的答案。" for block in blocks}
        else:
            taken.add(id(table))
            _match(result, blocks, table)
    result.left += [table for table in found if id(table) not in taken]
    return result


def _groups(parts: list[Part]) -> list[tuple[headings.Section | None, list]]:
    """Questions by the heading they stand under; chapters below one heading belong together."""
    groups: list[tuple[headings.Section | None, list]] = []
    for part in parts:
        if groups and groups[-1][0] is part.said:
            groups[-1][1].extend(part.blocks)
        elif part.blocks:
            groups.append((part.said, list(part.blocks)))
    return groups


def _table_for(said: headings.Section | None, asked: list, found: list[Table], taken: set[int]) -> Table | None:
    """The one table that fits a section: same kind in the same order, or same ordinal where tables name no kind."""
    if said is None:
        return None
    rivals = [other for other, _ in asked if other is not None and other.kind == said.kind]
    same_kind = [table for table in found if table.kind == said.kind]
    if same_kind:
        place = [id(other) for other in rivals].index(id(said))
        return same_kind[place] if len(same_kind) == len(rivals) else None
    by_ordinal = [table for table in found if table.kind is None and table.ordinal and table.ordinal == said.ordinal]
    return by_ordinal[0] if len(by_ordinal) == 1 and id(by_ordinal[0]) not in taken else None


def _match(result: Joined, blocks: list, table: Table) -> None:
    asked, told = [block.number for block in blocks], [entry.number for entry in table.entries]
    if sorted(asked) != sorted(told) or len(set(told)) < len(told):
        reason = f"这一部分有 {len(asked)} 道题，答案部分有 {len(told)} 个答案，题号对不上，请核对。"
        result.refused |= {id(block): reason for block in blocks}
        result.left.append(table)
        return
    by_number = {entry.number: entry for entry in table.entries}
    result.entries |= {id(block): by_number[block.number] for block in blocks}
