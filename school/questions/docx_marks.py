"""Answers that a Word document gives by the look of an option alone: red, bold, underlined, highlighted.

A look counts only where it singles out options in most of the questions of the document; then it is put into words
as an answer line below the options. A question it does not single out clearly stays without an answer.
"""

from __future__ import annotations

from collections import Counter

from school.questions import options
from school.questions.docx_text import Line
from school.questions.draft import LETTERS
from school.questions.matching import Mirror

Group = list[tuple[int, Line]]


def answers(lines: list[Line]) -> dict[int, str]:
    """Answer lines to be read after a line, by its index: {7: "答案：C"}."""
    if not any(any(line.marks) for line in lines):
        return {}
    groups = _groups(lines)
    found = [_singled(group) for group in groups]
    counted = Counter(mark for marked in found for mark in marked)
    if not counted or max(counted.values()) * 2 <= len(groups):
        return {}
    chosen = {mark for mark, count in counted.items() if count * 2 > len(groups)}
    told = {}
    for group, marked in zip(groups, found, strict=True):
        keys = {marked[mark] for mark in chosen if mark in marked}
        if len(keys) == 1:
            told[group[-1][0]] = "答案：" + "".join(LETTERS[place] for place in sorted(keys.pop()))
    return told


def _groups(lines: list[Line]) -> list[Group]:
    """The option lines of each question, lines an option runs on to included."""
    filled = [(at, line) for at, line in enumerate(lines) if line.text.strip()]
    labels = [options.at_start(Mirror(line.text).norm) for _, line in filled]
    groups: list[Group] = []
    last = -1
    for place, (at, line) in enumerate(filled):
        label = labels[place]
        if label and label.place == 0:
            groups.append([(at, line)])
            last = 0
        elif label and last >= 0 and label.place > last:
            groups[-1].append((at, line))
            last = label.place
        elif (
            last >= 0
            and not label
            and place + 1 < len(labels)
            and labels[place + 1]
            and labels[place + 1].place == last + 1
        ):
            groups[-1].append((at, line))
        else:
            last = -1
    return groups


def _singled(group: Group) -> dict[str, frozenset[int]]:
    """The options each look covers wholly, where it covers some but not all, and none in part."""
    firsts = [line for _, line in group if options.at_start(Mirror(line.text).norm)]
    found = options.split([Mirror(line.text) for line in firsts])
    spans = _spans([line for _, line in group], found)
    if spans is None or len(spans) < 2:
        return {}
    every = set().union(*(mark for span in spans.values() for mark in span))
    told = {}
    for mark in every:
        whole = {place for place, span in spans.items() if all(mark in marks for marks in span)}
        touched = {place for place, span in spans.items() if any(mark in marks for marks in span)}
        if whole == touched and len(whole) < len(spans):
            told[mark] = frozenset(whole)
    return told


def _spans(lines: list[Line], found: list[tuple[int, str]]) -> dict[int, list[frozenset[str]]] | None:
    """The looks of every visible character of each option; None where an option's text cannot be found again."""
    spans, at, begin = {}, 0, 0
    for place, text in found:
        if not text or place in spans:
            return None
        while at < len(lines) and (start := lines[at].text.find(text, begin)) < 0:
            at, begin = at + 1, 0
        if at == len(lines):
            return None
        begin = start + len(text)
        shown = range(start, begin)
        spans[place] = [lines[at].marks[char] for char in shown if lines[at].text[char].strip()]
    return spans
