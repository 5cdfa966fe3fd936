"""GIFT, the text form of Moodle, in and out. Source: docs.moodle.org "GIFT format", read for its rules only.

Kinds: single and multi as weighted options, judge as {T}, fill as accepted answers, short as {} with the model answer
in the general feedback. What GIFT has no place for goes into tags of the comment above the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod

from school.questions import gift_answers, html_text, labels, losses, tags, weights
from school.questions.draft import Draft, Heading, Place, Reading, ReviewItem, check
from school.questions.gift_answers import masked, unescaped
from school.questions.keys import Doubtful
from school.questions.losses import Written
from school.questions.matching import Mirror

_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
_STRUCTURED = re.compile(r"[^{}]*\{\s*(?:[=~#]|(?:T|F|TRUE|FALSE)\s*[#}]).*\}[^{}]*", re.DOTALL)
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]")
_NOTE = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])*)\]")

Lines = list[tuple[int, str]]


def fits(text: str) -> bool:
    """Whether a text is GIFT: half of its blocks end in an answer block of GIFT, and no line is that of a paper."""
    if "{" not in text:
        return False
    blocks = ["\n".join(line for _, line in lines) for lines in _blocks(text)]
    asked = [block for block in blocks if block and not _CATEGORY.fullmatch(block)]
    hits = sum(bool(_STRUCTURED.fullmatch(masked(block))) or _titled(block) for block in asked)
    outside = re.sub(r"\{[^{}]*\}", "", masked(text))
    return hits > 0 and hits * 2 >= len(asked) and not any(map(_of_a_paper, outside.splitlines()))


def _titled(block: str) -> bool:
    return block.lstrip().startswith("::") and "{" in block and block.rstrip().endswith("}")


def _of_a_paper(line: str) -> bool:
    return "答" in line and any(label.field == "answer" for label in labels.of(Mirror(line).norm))


def read(text: str) -> Reading:
    """Read a whole text. Comments without a question and categories are headings."""
    drafts, review, headings, topic = [], [], [], ""
    for lines in _blocks(text, comments=True):
        notes = [(number, line) for number, line in lines if _is_comment(line)]
        rest = [(number, line) for number, line in lines if not _is_comment(line)]
        while rest and (found := _CATEGORY.match(rest[0][1])):
            topic = category_topic(found[1])
            headings.append(Heading(_place(rest[:1]), "chapter", rest[0][1].strip()))
            rest = rest[1:]
        if not rest:
            headings += [Heading(Place((number,)), "note", line.strip()) for number, line in notes]
            continue
        own = sorted(rest + notes)
        result = _question(rest, notes, topic, _place(own))
        if isinstance(result, Draft) and (complaints := check(result)):
            result = ReviewItem(_place(own), " ".join(complaints), "", result)
        if isinstance(result, ReviewItem):
            review.append(replace(result, original="\n".join(line for _, line in own)))
        else:
            drafts.append(result)
    headings.sort(key=lambda heading: heading.where.lines)
    return Reading(tuple(drafts), tuple(review), tuple(headings), weights.remarks(drafts))


def _place(lines: Lines) -> Place:
    return Place(tuple(number for number, _ in lines))


def _is_comment(line: str) -> bool:
    return line.lstrip("\ufeff \t").startswith("//")


def _blocks(text: str, comments: bool = False) -> list[Lines]:
    """Lines between blank ones; a block whose brace is open goes on when the next one closes it."""
    blocks: list[Lines] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and (comments or not _is_comment(line)):
            blocks[-1].append((number, line))
        elif not line.strip() and blocks[-1]:
            blocks.append([])
    joined: list[Lines] = []
    for block in filter(None, blocks):
        if joined and _open(joined[-1]) and _closes(block):
            joined[-1] += block
        else:
            joined.append(block)
    return joined


def _signs(lines: Lines) -> str:
    return masked("\n".join(line for _, line in lines if not _is_comment(line)))


def _open(lines: Lines) -> bool:
    signs = _signs(lines)
    return signs.count("{") == 1 and "}" not in signs


def _closes(lines: Lines) -> bool:
    signs = _signs(lines)
    return "{" not in signs and signs.count("}") == 1


def category_topic(path: str) -> str:
    """$course$/top/土地/承包 -> 土地/承包; a doubled stroke is a stroke within a name."""
    parts = re.split(r"(?<!/)/(?!/)", path.strip())
    names = [part.replace("//", "/").strip() for part in parts]
    return "/".join(name for name in names if name and name != "top" and not re.fullmatch(r"\$\w+\$", name))


def _question(rest: Lines, notes: Lines, topic: str, where: Place) -> Draft | ReviewItem:
    raw = "\n".join(line.lstrip("\ufeff").strip() for _, line in rest)
    signs = masked(raw)
    if signs.count("{") != 1 or signs.count("}") != 1 or signs.index("{") > signs.index("}"):
        reason = "GIFT 题目应有一对花括号写答案，这里没有、不成对或不止一对，请核对。"
        return ReviewItem(where, reason, "")
    begin, end = signs.index("{"), signs.index("}")
    title = _TITLE.match(signs[:begin])
    head = raw[title.end() if title else 0 : begin]
    named = unescaped(raw[title.start(1) : title.end(1)]).strip() if title else ""
    form = _FORMAT.match(head)
    told = tags.read([_unnoted(value) for kind, value in _noted(notes) if kind == "tag"])
    code = next((_unnoted(value) for kind, value in _noted(notes) if kind == "id"), "")
    plain = _Plain(form[1] if form else "moodle")
    material, stem = tags.split_material(plain(head[form.end() if form else 0 :]))
    tail = plain(raw[end + 1 :])
    draft = Draft("", stem, material=material, code=code, topic=topic, where=where, **told)
    try:
        draft = gift_answers.read(draft, tail, raw[begin + 1 : end], plain)
        if plain.others:
            raise Doubtful(html_text.unreadable(plain.others))
    except Doubtful as doubt:
        return ReviewItem(where, doubt.reason, "", replace(draft, kind=doubt.kind, key=doubt.key))
    return _with_title(draft, named)


def _with_title(draft: Draft, title: str) -> Draft:
    if not tags.title_tells(title, draft.stem) or title == draft.code:
        return draft
    return replace(draft, extras=(*draft.extras, ("标题", title)))


def _noted(notes: Lines) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for _, line in notes for found in _NOTE.finditer(line)]


def _unnoted(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


class _Plain:
    """Text of one question in the format it declares. others: what it held besides text."""

    def __init__(self, form: str):
        self.form, self.others = form, []

    def __call__(self, raw: str) -> str:
        own = _FORMAT.match(raw)
        form = own[1] if own else self.form
        text = unescaped(raw[own.end() if own else 0 :].strip())
        if form == "html" or (form != "plain" and html_text.looks_like(text)):
            text, others = html_text.plain(text)
            self.others += [name for name in others if name not in self.others]
        return text


def write(drafts: Sequence[Draft]) -> Written:
    """Drafts as a GIFT file, with remarks on what it cannot carry."""
    pieces, topic = [], ""
    for draft in drafts:
        written = _written(draft)
        if written and draft.topic != topic:
            pieces.append(f"$CATEGORY: {category_path(draft.topic)}")
            topic = draft.topic
        pieces += [written] if written else []
    content = "\n\n".join([*pieces, ""])
    return Written(content, losses.remarks(drafts, read(content), _back, "GIFT"))


def _back(draft: Draft) -> Reading | None:
    written = _written(draft)
    return read(f"$CATEGORY: {category_path(draft.topic)}\n\n{written}\n") if written else None


def category_path(topic: str) -> str:
    """The category of Moodle for a topic."""
    return f"$course$/{' '.join(topic.split()).replace('/', '//')}".rstrip("/")


def _written(draft: Draft) -> str:
    inside = None if check(draft) else _answers(draft)
    if inside is None:
        return ""
    feedback = [_safe(draft.explanation)] if draft.explanation else []
    if draft.kind == "short":
        feedback = [_safe(gift_answers.with_explanation(draft.key, draft.explanation))]
    lines = [*inside, *(f"####{text}" for text in feedback)]
    notes = [f"[id:{_note(draft.code)}]"] if draft.code else []
    notes += [f"[tag:{_note(tag)}]" for tag in tags.written(draft)]
    block = "{" + "\n".join(lines) + "}" if len(lines) < 2 else "{\n" + "\n".join(lines) + "\n}"
    return "\n".join([f"// {' '.join(notes)}"] * bool(notes) + [_safe(tags.with_material(draft)) + block])


def _answers(draft: Draft) -> list[str] | None:
    """The lines between the braces, None for more combinations than anybody would write."""
    if draft.kind == "judge":
        return ["T" if draft.key else "F"]
    if draft.kind == "single":
        return [
            f"{'=' if place in draft.key else '~'}{_option(text, place in draft.key)}"
            for place, text in enumerate(draft.options)
        ]
    if draft.kind == "multi":
        share = weights.even(len(draft.key))
        shares = [share if place in draft.key else "-100" for place in range(len(draft.options))]
        return [f"~%{share}%{_safe(text)}" for share, text in zip(shares, draft.options, strict=True)]
    if draft.kind == "fill":
        if prod(map(len, draft.key)) > gift_answers.MOST_WORDS:
            return None
        return [f"={_option(word, True)}" for word in map("|".join, product(*draft.key))]
    return []


def _option(text: str, right: bool) -> str:
    guard = ("%100%" if right else "%0%") if text.startswith("%") else ""
    return guard + _safe(text)


def _safe(text: str) -> str:
    """Text with its signs escaped, declared plain where it might be read as anything else."""
    escaped = re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", r"\n")
    form = "[plain]" if html_text.looks_like(text) or text.startswith(("[", "//")) else ""
    return form + escaped


def _note(text: str) -> str:
    return re.sub(r"([\\\]])", r"\\\1", text).replace("\n", r"\n")
