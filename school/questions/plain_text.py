"""Questions from any text: the layouts of pasted papers, Word files and platform templates.

lines → parts at headings → one block per question → pieces → drafts. What stays unclear goes to the review list.
"""

from __future__ import annotations

from school.questions import blocks, headings, items, key_sections, layout, lines, settling
from school.questions.draft import Draft, Heading, Place, Reading, Remark, ReviewItem
from school.questions.layout import Block, Part
from school.questions.lines import Line, joined
from school.questions.settling import Pieces

_NOT_A_QUESTION = "这几行不像题目，也不像标题，请查看。"


def read(text: str) -> Reading:
    """Read a whole text. Every non-blank line comes back in exactly one draft, heading or review item."""
    kept, ornaments = lines.read(text)
    found = layout.read(kept)
    reading = _Reader(found.parts).reading()
    return Reading(
        tuple(reading.drafts),
        tuple(sorted(reading.review, key=lambda item: item.where.lines)),
        tuple(sorted((*ornaments, *found.headings, *reading.headings), key=lambda item: item.where.lines)),
        tuple(reading.remarks),
    )


class _Reader:
    """Walks over the parts of a text and gathers what becomes of each."""

    def __init__(self, parts: list[Part]):
        self.parts = parts
        self.drafts: list[Draft] = []
        self.review: list[ReviewItem] = []
        self.headings: list[Heading] = []
        self.remarks: list[Remark] = []

    def reading(self) -> Reading:
        """Cut, join answer tables, settle."""
        last = 0
        for part in self.parts:
            if not part.is_key:
                last = blocks.cut(part, last)
        self.any_blocks = any(part.blocks for part in self.parts)
        for region in _regions(self.parts):
            self._region([part for part in region if not part.is_key], [part for part in region if part.is_key])
        return Reading(tuple(self.drafts), tuple(self.review), tuple(self.headings), tuple(self.remarks))

    def _region(self, asked: list[Part], told: list[Part]) -> None:
        tables = [table for part in told for table in key_sections.tables(part)]
        joined_keys = key_sections.join(asked, tables) if tables else key_sections.Joined()
        for part in asked:
            self._loose(part)
            self._settle(part, joined_keys)
        left = {id(table) for table in joined_keys.left}
        for table in tables:
            self._table(table, id(table) in left)

    def _settle(self, part: Part, joined_keys: key_sections.Joined) -> None:
        group = [self._pieces(part, block, joined_keys) for block in part.blocks]
        pair = settling.judge_signs(group)
        if part.said and part.said.key is not None and any(pieces.doubts for pieces in group):
            for pieces in group:
                pieces.doubts.append("答案写在标题里，而这一部分有看不清的地方，请逐题核对。")
        for pieces in group:
            result, remarks = settling.settle(pieces, pair)
            (self.review if isinstance(result, ReviewItem) else self.drafts).append(result)
            self.remarks += remarks
        promised = part.said.count if part.said else None
        if promised is not None and part.blocks and promised != len(part.blocks) and not self._split(part):
            where = lines.place(part.blocks[0].lines[:1])
            self.remarks.append(Remark(where, f"标题写着共 {promised} 道题，实际找到 {len(part.blocks)} 道，请核对。"))

    def _split(self, part: Part) -> bool:
        """Whether chapters divide what one heading announces."""
        return sum(other.said is part.said for other in self.parts) > 1

    def _pieces(self, part: Part, block: Block, joined_keys: key_sections.Joined) -> Pieces:
        item = items.read(block, numbered=bool(block.number))
        loose = {line.number for line in item.loose}
        own = [line for line in block.lines if line.number not in loose]
        if item.loose:
            self._not_understood(item.loose)
        told = dict(item.fields)
        kind_words = told.pop("kind", [])
        entry = joined_keys.entries.get(id(block))
        if entry:
            item.said += [entry.said] if entry.said else []
            told = _with_entry(told, entry)
        rest, remarks = settling.rest(told)
        pieces = Pieces(
            item.stem, lines.place(own), lines.original(own), _kind(part, block, kind_words), item.options, item.said
        )
        pieces.rest, pieces.remarks = _context(part, block) | rest, block.remarks + remarks
        pieces.doubts = (
            item.doubts + block.doubts + [reason for reason in [joined_keys.refused.get(id(block))] if reason]
        )
        settling.tidy(pieces)
        _heading_key(part, pieces)
        return pieces

    def _loose(self, part: Part) -> None:
        """Lines before the first question of a part: notes to the candidate, a title, a shared text, or unclear."""
        for shared in part.materials:
            self.headings.append(Heading(lines.place(shared), "material", lines.original(shared)))
        at_top = part is self.parts[0]
        unclear = []
        for line in part.loose:
            if _is_note(line, part) or (at_top and self.any_blocks_below(part) and _is_title(line)):
                self.headings.append(Heading(lines.place([line]), "title" if at_top else "note", line.raw.strip()))
            else:
                unclear.append(line)
        for group in _together(unclear):
            self._not_understood(group)

    def any_blocks_below(self, part: Part) -> bool:
        """Whether questions follow, so that a text's first lines can be its title."""
        return self.any_blocks

    def _not_understood(self, group: list[Line]) -> None:
        self.review.append(ReviewItem(lines.place(group), _NOT_A_QUESTION, lines.original(group)))

    def _table(self, table: key_sections.Table, left: bool) -> None:
        unread = sorted({line.number: line for line in table.unread}.values(), key=lambda line: line.number)
        if unread:
            self._not_understood(unread)
        numbers = {line.number for line in unread}
        read = [line for line in table.lines if line.number not in numbers]
        if not read:
            return
        if left:
            reason = "这些答案没有和题目对上，请核对题号和题数。"
            self.review.append(ReviewItem(lines.place(read), reason, lines.original(read)))
        else:
            self.headings.append(Heading(lines.place(read), "key", lines.original(read)))


def _regions(parts: list[Part]) -> list[list[Part]]:
    """Questions together with the answer table that follows them."""
    regions: list[list[Part]] = [[]]
    for before, part in zip([None, *parts], parts, strict=False):
        if before is not None and before.is_key and not part.is_key:
            regions.append([])
        regions[-1].append(part)
    return regions


def _with_entry(told: dict, entry: key_sections.Entry) -> dict:
    more = {"explanation": entry.explanation, "citation": entry.citation}
    return told | {name: [*told.get(name, []), (name, text)] for name, text in more.items() if text}


def _kind(part: Part, block: Block, words: list[tuple[str, str]]) -> str | None:
    """The type that is said closest to the question: its own 题型 line, the tag before its number, the heading."""
    told = [settling.vocabulary.kind(text) for _, text in words]
    tag = settling.stems.notes(f"{block.tag}。").kind or settling.vocabulary.kind(block.tag) if block.tag else None
    return next(filter(None, told), None) or tag or (part.said.kind if part.said else None)


def _context(part: Part, block: Block) -> dict:
    found = {}
    if part.said and part.said.score is not None:
        found["score"] = part.said.score
    if part.topic:
        found["topic"] = part.topic
    if block.material:
        found["material"] = joined(block.material)
    return found


def _heading_key(part: Part, pieces: Pieces) -> None:
    """判断题（错误）: the heading answers for every item below it."""
    if part.said and part.said.key is not None:
        pieces.said.append("对" if part.said.key else "错")


def _is_note(line: Line, part: Part) -> bool:
    """Instructions between a heading and its first question."""
    return part.said is not None and bool(
        headings.re.match(
            r"\s*\(?\s*(?:每|本|共|说明|请|下列各题|下列每|以下各题|答题|要求|注意|在每|正确的)", line.norm
        )
    )


def _is_title(line: Line) -> bool:
    return len(line.norm.strip()) <= 60 and not items.labels.of(line.norm) and not layout.has_answer(line.norm)


def _together(unclear: list[Line]) -> list[list[Line]]:
    """Lines that follow each other, as one."""
    groups: list[list[Line]] = []
    for line in unclear:
        if groups and line.number == groups[-1][-1].number + 1:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def one(text: str, where: Place) -> Pieces | None:
    """The pieces of a single question written into one cell with its options; None when the text is not just one."""
    kept, _ = lines.read(text)
    if not kept or any(headings.section(line.norm) for line in kept):
        return None
    item = items.read(Block(kept), numbered=True)
    return None if item.loose else Pieces(item.stem, where, text, None, item.options, item.said, doubts=item.doubts)
