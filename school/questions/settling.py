"""From the pieces of a question to a draft that is sure, or to a reason why not. The same for text and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from school.questions import citation, keys, labels, option_marks, options, stems, vocabulary
from school.questions.draft import Citation, Draft, Place, Remark, ReviewItem, check
from school.questions.keys import Asked, Doubtful
from school.questions.matching import Mirror

#: right or wrong in a bracket, or as a bare sign
_MARK = re.compile(r"\(\s*(?:对|错|正确|错误)\s*\)|[√×✓✗✔✘]")


@dataclass
class Pieces:
    """A question before its key is decided, in the file's own characters.

    kind: what heading, column or tag says, None for nothing.  said: every answer given, in any wording.
    rest: values for the other fields of a Draft.  doubts: what already speaks against it.
    """

    stem: str
    where: Place
    original: str
    kind: str | None = None
    options: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    rest: dict = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    numbered_options: bool = False


def tidy(pieces: Pieces) -> None:
    """Take notes, options and answers out of the stem, each where there is only one way to do so."""
    _notes(pieces)
    if not pieces.said and (trailing := labels.trailing_key(Mirror(pieces.stem).norm)):
        mirror = Mirror(pieces.stem)
        pieces.said.append(mirror.cut(trailing[1], trailing[2]))
        pieces.stem = mirror.cut(0, trailing[0])
    _inline_options(pieces)
    _marked_options(pieces)
    _stem_answer(pieces)


def _notes(pieces: Pieces) -> None:
    found = stems.notes(pieces.stem)
    pieces.stem = found.stem
    if found.kind and found.kind != pieces.kind:
        if pieces.kind in ("single", "multi", "judge", "fill", "short"):
            pieces.remarks.append("题内注明的题型与大标题不同，以题内注明的为准。")
        pieces.kind = found.kind
    pieces.said += [found.said] if found.said else []
    if found.score is not None:
        pieces.rest.setdefault("score", found.score)


def _inline_options(pieces: Pieces) -> None:
    mirror = Mirror(pieces.stem)
    found = options.inline(mirror)
    if not found or pieces.options or pieces.kind in ("fill", "short"):
        return
    texts = options.texts(mirror, found)
    judged = all(vocabulary.clear_judgement(text) is not None for _, text in texts)
    if pieces.kind != "judge" or judged:
        pieces.options = tuple(text for _, text in texts)
        pieces.stem = mirror.cut(0, found[0].start)


def _marked_options(pieces: Pieces) -> None:
    """A mark on an option answers; beside another answer it must say the same."""
    marked = option_marks.read(pieces.options) if pieces.kind not in ("judge", "fill", "short") else None
    if marked is None:
        return
    pieces.options = marked.options
    if pieces.said and {_meaning(pieces, said) for said in pieces.said} != {_meaning(pieces, marked.said)}:
        pieces.doubts.append("选项上的记号和写出的答案不一致，请核对。")
    elif not pieces.said:
        pieces.said = [marked.said]


def _stem_answer(pieces: Pieces) -> None:
    if not pieces.options and pieces.kind not in (None, "judge", "case"):
        return
    hits = stems.answers(pieces.stem, len(pieces.options), pieces.kind)
    marks = [] if pieces.options else _MARK.findall(Mirror(pieces.stem).norm)
    if len(marks) > 1 or (marks and not hits):
        pieces.doubts.append("题干里的对错记号不止一处，或者不在题干两头，请核对。")
    elif pieces.said:
        _agree(pieces, hits)
    elif len(hits) == 1:
        _take(pieces, hits[0])
    elif hits:
        pieces.doubts.append("题干里有几处都像答案，请核对。")


def _take(pieces: Pieces, hit: stems.Found) -> None:
    """One answer in the stem. A bracket of its own at the end goes away when another one is waiting to be filled."""
    pieces.said = [hit.said]
    if not stems.empty_brackets(pieces.stem):
        pieces.stem = hit.stem
    elif hit.without is not None:
        pieces.stem = hit.without
    elif stems.empty_brackets(hit.stem) == stems.empty_brackets(pieces.stem):
        pieces.stem = hit.stem
    else:
        pieces.doubts.append("题干里既有空括号，又有带字母的括号，请核对哪个是答案。")


def _agree(pieces: Pieces, hits: list[stems.Found]) -> None:
    """An answer in the stem beside one on its own line: the same is taken out, another is ordinary text or a doubt."""
    if stems.empty_brackets(pieces.stem) or not hits:
        return
    told = {_meaning(pieces, said) for said in pieces.said}
    if len(hits) == 1 and told == {_meaning(pieces, hits[0].said)}:
        pieces.stem = hits[0].stem
    else:
        pieces.doubts.append("题干括号里的答案和后面写的答案不一致，请核对。")


def _meaning(pieces: Pieces, said: str):
    """An answer reduced to what it means, so that two wordings can be compared."""
    try:
        return keys.decide(_asked(pieces, {}), said).key
    except Doubtful as doubt:
        return doubt.key if doubt.key is not None else said.strip()


def _asked(pieces: Pieces, pair: dict[str, bool]) -> Asked:
    return Asked(pieces.kind, pieces.stem, pieces.options, pair, pieces.numbered_options)


def judge_signs(group: list[Pieces]) -> dict[str, bool]:
    """The sign scale of the judge answers of one section or column: {"t": True, "f": False}, or {}."""
    declared = [said for pieces in group if pieces.kind == "judge" for said in pieces.said]
    if declared:
        return vocabulary.scale(declared)
    loose = [said for pieces in group if not pieces.options and pieces.kind is None for said in pieces.said]
    pair = vocabulary.scale(loose)
    return pair if set(pair) <= {said.strip().casefold() for said in loose} else {}


def settle(pieces: Pieces, pair: dict[str, bool]) -> tuple[Draft | ReviewItem, list[Remark]]:
    """A draft with its remarks when everything is understood, else a review item."""
    draft = Draft("", pieces.stem, pieces.options, where=pieces.where, **pieces.rest)
    reasons, remarks = list(pieces.doubts), list(pieces.remarks)
    if labels.hidden(Mirror("\n".join((*pieces.options, *pieces.said))).norm):
        reasons.append("选项或答案里夹着“解析：”“难度：”一类的字样，请把它们分开。")
    try:
        answer = _one_answer(pieces, pair)
        draft = replace(draft, kind=answer.kind, key=answer.key)
        draft = replace(draft, options=()) if answer.kind == "judge" else draft
        remarks += answer.remarks
        reasons += check(draft)
    except Doubtful as doubt:
        known = pieces.kind if pieces.kind not in (None, "choice", "case") else ""
        draft = replace(draft, kind=doubt.kind or known, key=doubt.key)
        reasons.append(doubt.reason)
        reasons += [] if pieces.stem else ["题干是空的，请补上题干。"]
    if reasons:
        return ReviewItem(pieces.where, " ".join(dict.fromkeys(reasons)), pieces.original, draft), []
    return draft, [Remark(pieces.where, remark) for remark in remarks]


def _one_answer(pieces: Pieces, pair: dict[str, bool]) -> keys.Answer:
    answers = [keys.decide(_asked(pieces, pair), said) for said in pieces.said or [""]]
    if any((answer.kind, answer.key) != (answers[0].kind, answers[0].key) for answer in answers):
        raise Doubtful("前后写了两个不同的答案，请核对。", answers[0].kind)
    return answers[0]


def rest(fields: dict[str, list[tuple[str, str]]]) -> tuple[dict, list[str]]:
    """Values of a Draft from labelled texts, and remarks on those that could not be used as they are.

    fields: explanation, citation, point, topic, difficulty, score, author, audience, … -> [(label as written, text)].
    """
    found, extras, remarks = {}, [], []
    for name, values in fields.items():
        values = [(word, text) for word, text in values if text.strip()]
        if not values:
            continue
        if name in ("explanation", "topic", "point", "author", "checker", "code", "material"):
            found[name] = ("\n" if name == "explanation" else "；").join(text.strip() for _, text in values)
        elif name == "citation":
            found[name] = _citation(values)
        else:
            _special(name, values, found, extras, remarks)
    if extras:
        found["extras"] = tuple(extras)
    return found, remarks


def _citation(values: list[tuple[str, str]]) -> Citation:
    texts = [text.strip() for _, text in values]
    return citation.parse(texts[0]) if len(texts) == 1 else Citation(basis="；".join(texts))


def _special(name: str, values: list[tuple[str, str]], found: dict, extras: list, remarks: list) -> None:
    text = values[0][1]
    value = {"difficulty": vocabulary.difficulty, "score": _points, "audience": vocabulary.audience}.get(name)
    known = value(text) if value and len(values) == 1 else None
    if known is not None:
        found[name] = known
        return
    extras += [(word, text.strip()) for word, text in values]
    if name == "difficulty":
        remarks.append(f"难度“{text.strip()}”不知道是几级中的哪一级，请自己选难度。")


def _points(text: str) -> Decimal | None:
    told = vocabulary.points(text)
    return Decimal(told) if told else None
