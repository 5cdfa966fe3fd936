"""The lines of one section cut into one block per question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from school.questions import headings, labels, numbering, options, vocabulary
from school.questions.layout import Block, Part, has_answer
from school.questions.lines import Line
from school.questions.matching import Mirror

#: shapes that are as often something else: they number questions only in a row of two or with an answer
_WEAK = ("paren", "close", "colon", "alone", "blank", "glued")
_ONE_SHAPE = {"tight": "dot"}


@dataclass
class _Facts:
    """What is known of each line of a section before it is cut."""

    lines: list[Line]
    answers: list[bool]
    labelled: list[bool]
    choices: list[bool]
    numbers: list[numbering.Number | None] = field(default_factory=list)

    def item(self, begin: int, end: int) -> bool:
        """Whether lines begin … end − 1 hold an answer or options."""
        return any(self.answers[begin:end]) or any(self.choices[begin:end])

    def answered(self, begin: int, end: int) -> bool:
        """Whether they hold a labelled answer, or options and an answer in a bracket."""
        return any(self.labelled[begin:end]) or (any(self.choices[begin:end]) and any(self.answers[begin:end]))


def cut(part: Part, last: int) -> int:
    """Fill part.blocks and part.loose from part.lines; gives the last question number. last: that of the part before."""
    facts = _facts(part.lines)
    shape = _shape(facts, last)
    if shape:
        return _cut_numbered(part, facts, shape, last)
    if any(facts.answers) or any(map(_starts_unnumbered, part.lines)):
        _cut_unnumbered(part, facts)
    else:
        part.loose = list(part.lines)
    return last


def _facts(lines: list[Line]) -> _Facts:
    told = [labels.of(line.norm) for line in lines]
    return _Facts(
        lines,
        [has_answer(line.norm) for line in lines],
        [any(label.field == "answer" for label in group) for group in told],
        [
            bool(((label := options.at_start(line.norm)) and label.place == 0) or options.inline(line.mirror))
            for line in lines
        ],
        [None if group else numbering.at_start(line.norm) for group, line in zip(told, lines, strict=True)],
    )


def _style(number: numbering.Number) -> str:
    return _ONE_SHAPE.get(number.style, number.style)


def _shape(facts: _Facts, last: int) -> str | None:
    """The shape of number that counts furthest through the section."""
    runs: dict[str, tuple[int, int]] = {}
    for number in filter(None, facts.numbers):
        length, value = runs.get(_style(number), (0, 0))
        begins = length == 0 and (number.value in (1, last + 1) or _style(number) not in _WEAK)
        if begins or (length and number.value == value + 1):
            runs[_style(number)] = (length + 1, number.value)
    strong = {style: run for style, run in runs.items() if style not in _WEAK or run[0] > 1 or _lone(facts)}
    return max(strong, key=lambda style: strong[style][0], default=None)


def _lone(facts: _Facts) -> bool:
    """Whether a section is one question that begins with its number."""
    return bool(facts.numbers and facts.numbers[0] and any(facts.labelled))


class _Numbered:
    """Walks through a numbered section and says which lines begin a question."""

    def __init__(self, facts: _Facts, shape: str, last: int):
        self.facts, self.last, self.first, self.begin = facts, last, True, 0
        self.at = [place for place, number in enumerate(facts.numbers) if number and _style(number) == shape]
        self.answers_inline = any(facts.answers)
        self.choices_inline = any(facts.choices)
        self.later: dict[int, int | None] = {}
        self.ahead: dict[int, int] = {}
        self._look_ahead()

    def _look_ahead(self) -> None:
        """For each candidate: the next line with the same number, and where a question beginning here would end."""
        seen: dict[int, int] = {}
        for place in reversed(self.at):
            value = self.facts.numbers[place].value
            ends = [seen[near] for near in (1, *range(value, value + 5)) if near in seen]
            self.ahead[place] = min(ends, default=len(self.facts.lines))
            self.later[place] = seen.get(value)
            seen[value] = place

    def complete(self, here: int) -> bool:
        """Whether the question being read has all that the others of its section have."""
        if self.first:
            return True
        if self.answers_inline and any(self.facts.answers[self.begin : here]):
            return True
        if self.answers_inline:
            return False
        return not self.choices_inline or any(self.facts.choices[self.begin : here])

    def starts(self, here: int) -> list[str] | None:
        """None when the line begins no question; else remarks on its number."""
        number = self.facts.numbers[here]
        if self.first:
            return [] if self._first_fits(here, number) else None
        if not numbering.expected(number, self.last):
            return self._misprint(here, number)
        if number.style == "tight" and number.value != self.last + 1:
            return None
        later = self.later[here]
        if later is not None and not (self.complete(here) and self.facts.item(here, later)):
            return None
        if number.value == self.last + 1:
            return []
        enough = self.facts.item(here, self.ahead[here]) and self.complete(here)
        return [f"题号从 {self.last} 跳到 {number.value}，请核对是否缺题。"] if enough else None

    def _first_fits(self, here: int, number: numbering.Number) -> bool:
        later = self.later[here]
        between = any(here < place < later for place in self.at) if later is not None else False
        if between and (self.answers_inline or self.choices_inline):
            return self.facts.item(here, later)
        return number.value in (1, self.last + 1) or self.facts.item(here, self.ahead[here])

    def _misprint(self, here: int, number: numbering.Number) -> list[str] | None:
        following = next((place for place in self.at if place > here), len(self.facts.lines))
        if self.complete(here) and self.facts.answered(here, following) and number.style != "tight":
            return [] if number.value == 1 else [f"题号 {number.value} 与前面的题号 {self.last} 接不上，请核对。"]
        return None

    def take(self, here: int) -> None:
        """Note that a question begins here."""
        value, fits = self.facts.numbers[here].value, numbering.expected(self.facts.numbers[here], self.last)
        self.last = value if self.first or fits or value == 1 else self.last + (value != self.last)
        self.first, self.begin = False, here


def _cut_numbered(part: Part, facts: _Facts, shape: str, last: int) -> int:
    walk, shared = _Numbered(facts, shape, last), _Shared()
    candidates = set(walk.at)
    for here, line in enumerate(part.lines):
        remarks = walk.starts(here) if here in candidates else None
        number = facts.numbers[here]
        if remarks is not None:
            if not walk.first and walk.last + 1 < number.value and part.blocks:
                # What is left of the missing question, its answer above all, may stand in the one before.
                part.blocks[-1].doubts.append(
                    f"题号从 {walk.last} 跳到 {number.value}，请核对这道题有没有混进缺的那道题。"
                )
            walk.take(here)
            shared.close(part)
            material = shared.of(number.value)
            part.blocks.append(Block([line], number.value, number.end, number.tag, material, remarks))
        elif shared.opens(line, walk.complete(here)) or shared.open:
            shared.add(line)
        elif part.blocks:
            part.blocks[-1].lines.append(line)
        else:
            part.loose.append(line)
    part.loose += shared.left_over()
    return walk.last


class _Shared:
    """The text that the questions after it share, while it is read and while it holds."""

    def __init__(self):
        self.open, self.lines, self.held, self.range = False, [], [], None

    def opens(self, line: Line, complete: bool) -> bool:
        """Whether a line begins a new shared text."""
        if self.open or not complete or not headings.is_material(line.norm):
            return False
        self.open, self.lines = True, []
        return True

    def add(self, line: Line) -> None:
        """One more line of the shared text."""
        self.lines.append(line)

    def close(self, part: Part) -> None:
        """A question begins: the text is whole."""
        if self.open:
            self.open, self.held = False, self.lines
            self.range = headings.material_range(Mirror("".join(line.raw for line in self.lines)).norm)
            part.materials.append(self.lines)

    def of(self, number: int) -> list[Line]:
        """The shared text that holds for a question number."""
        inside = self.range is None or self.range[0] <= number <= self.range[1]
        return self.held if inside else []

    def left_over(self) -> list[Line]:
        """Lines of a text that no question followed."""
        return self.lines if self.open else []


def _starts_unnumbered(line: Line) -> bool:
    """A line that begins a question by itself: 题目：… or [单选]…"""
    return has_stem(line) or bool(_tag(line.norm))


def _tag(norm: str) -> str:
    """The type tag a line begins with when more follows it: [单选][B]耕地… -> [单选]."""
    found = re.match(r"\s*\*?\s*[\[【(]\s*([^\[\]【】()]{2,8})\s*[\]】)]\s*(?=\S)", norm)
    return found.group().strip() if found and vocabulary.kind(found[1]) else ""


def _cut_unnumbered(part: Part, facts: _Facts) -> None:
    """Questions without numbers: each begins after the answer of the one before, at a blank line, tag or 题目 label."""
    begin = 0
    for here, line in enumerate(part.lines):
        if not part.blocks or _begins_anew(facts, begin, here):
            part.blocks.append(Block([line]))
            begin = here
        else:
            part.blocks[-1].lines.append(line)


def _begins_anew(facts: _Facts, begin: int, here: int) -> bool:
    line, told = facts.lines[here], labels.of(facts.lines[here].norm)
    answered = any(facts.answers[begin:here])
    if line.cut or _tag(line.norm):
        return True
    if told and told[0].field == "stem":
        return any(not labels.of(before.norm) or has_stem(before) for before in facts.lines[begin:here])
    if told and told[0].field in ("kind", "topic"):
        return answered and line.gap
    if not answered or told or options.at_start(line.norm) or vocabulary.bracketed(line.norm) is not None:
        return False
    before = labels.of(facts.lines[here - 1].norm)
    return line.gap or not before or (before[-1].field == "answer" and before[-1].start < before[-1].end)


def has_stem(line: Line) -> bool:
    """Whether a line is a 题目 label."""
    told = labels.of(line.norm)
    return bool(told) and told[0].field == "stem"
