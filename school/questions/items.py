"""One block of lines taken apart: stem, options, what is said of the answer, labelled values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from school.questions import headings, labels, numbering, option_marks, options, stems, vocabulary
from school.questions.keys import Doubtful
from school.questions.layout import Block, has_answer
from school.questions.lines import Line, joined
from school.questions.matching import Mirror

#: below this many characters a line was not broken by the edge of the page
_SHORT_LINE = 14


@dataclass
class Item:
    """A question in pieces, in the file's own characters. said: every answer label's value, in order.

    fields: label field -> [(word, text)].  loose: lines that could belong to nothing.  doubts: Chinese sentences.
    """

    stem: str = ""
    options: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    fields: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    loose: list[Line] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read(block: Block, numbered: bool) -> Item:
    """Take a block apart. numbered: blocks begin at numbers, so that blank lines mean nothing."""
    walk = _Walk(numbered)
    for at, line in enumerate(block.lines):
        if at == 0:
            walk.first(line, block.begin)
        else:
            walk.take(line)
    return walk.item()


class _Walk:
    """Reads a block line by line; `state` is the piece that a line without label continues."""

    def __init__(self, numbered: bool):
        self.numbered, self.state = numbered, "stem"
        self.stem: list[tuple[str, Line]] = []
        self.choices: list[list[Line]] = []
        self.values: list[tuple[str, str, list[tuple[str, Line]]]] = []
        self.loose: list[Line] = []
        self.doubts: list[str] = []

    def first(self, line: Line, begin: int) -> None:
        """The line with the number."""
        rest = Mirror(line.mirror.cut(begin))
        told = labels.of(rest.norm)
        if told:
            self._labelled(line, rest, told)
        elif not self.numbered and options.at_start(rest.norm):
            self.take(line)
        elif rest.norm.strip():
            self.stem.append((rest.raw, line))

    def take(self, line: Line) -> None:
        """Any further line."""
        told = labels.of(line.norm)
        if labels.is_student_points(line.norm) and any(name == "mine" for name, _, _ in self.values):
            return
        if told and not self._is_prose(told):
            self._labelled(line, line.mirror, told)
        elif self.state == "stem":
            self._in_stem(line)
        elif self.state == "options":
            self._in_options(line)
        elif self.state == "answer":
            self._in_answer(line)
        elif self.state == "mine":
            self.loose.append(line)
        else:
            self.values[-1][2].append((line.raw, line))

    def _is_prose(self, told: list[labels.Labelled]) -> bool:
        """Words such as 问题： or 答： inside an explanation are no labels."""
        if self.state != "explanation":
            return told[0].field == "stem" and bool(self.stem)
        return told[0].field in ("stem", "options", "kind", "mine") or told[0].word == "答"

    def _labelled(self, line: Line, mirror: Mirror, told: list[labels.Labelled]) -> None:
        for label in told:
            text = mirror.cut(label.start, label.end)
            if label.field == "stem":
                self.state = "stem"
                self.stem += [(text, line)] if text else []
            elif label.field == "options":
                self.state = "options"
                self._labelled_options(line, text)
            else:
                self._value(label, text, line)

    def _labelled_options(self, line: Line, text: str) -> None:
        if text and options.at_start(Mirror(text).norm):
            self.choices.append([Line(line.number, Mirror(text))])
        elif text:
            self.doubts.append("“选项：”后面的内容分不开，请每个选项写一行。")

    def _value(self, label: labels.Labelled, text: str, line: Line) -> None:
        if label.field == "answer" and self._swallowed():
            self.doubts.append("一道题里像是有两道题连在了一起，请核对。")
        self.state = label.field
        self.values.append((label.field, label.word, [(text, line)] if text else []))

    def _swallowed(self) -> bool:
        """Whether an answer that begins here belongs to a next question: an explanation with an answer, options or
        (without numbers) a blank line stands before it."""
        explained = [lines for name, _, lines in self.values if name == "explanation"]
        inside = [line for lines in explained for _, line in lines[1:]]
        return bool(explained) and (
            any(name == "answer" for name, _, _ in self.values)
            or any(options.at_start(line.norm) or (line.gap and not self.numbered) for line in inside)
        )

    def _in_stem(self, line: Line) -> None:
        label = options.at_start(line.norm)
        if label and label.place == 0:
            self.state = "options"
            self.choices.append([line])
        elif not self._marks_answer(line):
            if label and label.sign != "blank":
                self.doubts.append(f"题干里夹着像选项的一行（第 {line.number} 行），请核对。")
            self.stem.append((line.raw, line))

    def _marks_answer(self, line: Line) -> bool:
        """（错误） alone below the stem."""
        if vocabulary.bracketed(line.norm) is None:
            return False
        self.values.append(("answer", "", [(line.raw.strip(" ()（）[]【】\t\u3000"), line)]))
        self.state = "answer"
        return True

    def _in_options(self, line: Line) -> None:
        label = options.at_start(line.norm)
        if label and (self.choices or label.place == 0):
            self.choices.append([line])
        elif not self.choices:
            self.doubts.append("选项没有字母，请补上 A、B、C、D。")
            self.stem.append((line.raw, line))
        elif self._marks_answer(line):
            return
        else:
            self._wrapped_option(line)

    def _wrapped_option(self, line: Line) -> None:
        before = self.choices[-1][-1]
        finished = re.search(r"[。;!?]\s*$", before.norm)
        if line.gap or finished or len(before.norm.strip()) < _SHORT_LINE or has_answer(line.norm) or "(" in line.norm:
            self.doubts.append(f"选项后面有一行看不懂（第 {line.number} 行），请核对。")
        self.choices[-1].append(line)

    def _in_answer(self, line: Line) -> None:
        label, pieces = options.at_start(line.norm), self.values[-1][2]
        if not self.choices and label and label.place == 0 and pieces:
            self.state = "options"
            self.choices.append([line])
        elif not pieces or self._open_answer(pieces):
            pieces.append((line.raw, line))
        else:
            self.loose.append(line)

    def _open_answer(self, pieces: list[tuple[str, Line]]) -> bool:
        """Whether an answer may go on in the next line: free text does, letters and judgements behind a label do not."""
        said = pieces[0][0]
        if vocabulary.clear_judgement(said) is not None or self.choices:
            return not labels.of(pieces[0][1].norm) and bool(self.choices)
        return True

    def item(self) -> Item:
        """The pieces as they were found."""
        found = Item("", self._unlettered(), [], {}, self.loose, self.doubts)
        found.stem = _text(self.stem)
        self._check_stem()
        for name, word, pieces in self.values:
            if name == "answer":
                found.said.append("\n".join(text for text, _ in pieces) if self.choices else _text(pieces))
            elif name != "mine":
                found.fields.setdefault(name, []).append((word, _text(pieces)))
        self._options(found)
        return found

    def _unlettered(self) -> tuple[str, ...]:
        """Lines of the stem that are options without letters, told by the marks on the right ones."""
        if self.choices or not self.stem or any(name == "answer" for name, _, _ in self.values):
            return ()
        found = option_marks.unlettered(self.stem[0][0], [text for text, _ in self.stem[1:]])
        if found:
            del self.stem[1:]
        return found

    def _check_stem(self) -> None:
        """Signs that a stem has swallowed what is not part of it."""
        after = [line for _, line in self.stem[1:]]
        if any(re.fullmatch(r"\s*\d+\s*", text) for text, _ in self.stem):
            self.doubts.append("题干里有一行只有数字，请核对题号。")
        if any(headings.is_key(line.norm) or labels.of(line.norm) for line in after):
            self.doubts.append("题干里夹着“题目”“答案”一类的字样，请核对。")
        if not self.numbered and any(line.gap for line in after):
            self.doubts.append("题干中间有空行，请核对题干从哪里开始。")
        if not self.choices:
            self._check_run_on(after)

    def _check_run_on(self, after: list[Line]) -> None:
        """Without options a further sentence, number or judge mark may be the next question."""
        finished = any(text.rstrip().endswith("。") for text, _ in self.stem[:-1])
        numbers = any((number := numbering.at_start(line.norm)) and number.style == "dot" for line in after)
        marks = any(stems.answers(text, 0, "judge") for text, _ in self.stem[:-1])
        if numbers or marks or (finished and not self.numbered):
            self.doubts.append("题干像是两道题连在了一起，请核对。")

    def _options(self, found: Item) -> None:
        mirrors = [Mirror(_option_text(group)) for group in self.choices]
        if not mirrors:
            return
        if found.said == []:
            mirrors[-1] = self._trailing(found, mirrors[-1])
        try:
            found.options = options.in_order(options.split(mirrors))
        except Doubtful as doubt:
            found.doubts.append(doubt.reason)

    def _trailing(self, found: Item, mirror: Mirror) -> Mirror:
        trailing = labels.trailing_key(mirror.norm)
        if not trailing:
            return mirror
        found.said.append(mirror.cut(trailing[1], trailing[2]))
        return Mirror(mirror.cut(0, trailing[0]))


def _option_text(group: list[Line]) -> str:
    """An option's lines as one text; a letter alone on its line keeps its distance from the text below."""
    label = options.at_start(group[0].norm)
    alone = len(group) > 1 and label and not group[0].norm[label.end :].strip()
    return f"{group[0].raw.strip()}\n{joined(group[1:])}" if alone else joined(group)


def _text(pieces: list[tuple[str, Line]]) -> str:
    if not pieces:
        return ""
    return joined([line for _, line in pieces], pieces[0][0])
