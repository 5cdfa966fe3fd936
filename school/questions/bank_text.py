"""Our own text form of a bank, read exactly and written back: question_banks/README.md describes it.

A value that needs more than one line goes on in lines that begin with two blanks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from school.questions import citation
from school.questions.draft import (
    AUDIENCE_WORDS,
    CHOICES,
    KIND_WORDS,
    LETTERS,
    Draft,
    Heading,
    Key,
    Place,
    Reading,
    ReviewItem,
    check,
)

KEYS = {
    "编号": "code",
    "题型": "kind",
    "对象": "audience",
    "材料": "material",
    "题干": "stem",
    "答案": "key",
    "解析": "explanation",
    "依据": "citation",
    "专题": "topic",
    "知识点": "point",
    "难度": "difficulty",
    "分值": "score",
    "编写": "author",
    "复核": "checker",
}
_HEAD = ("专题", "编写", "复核")
_PAIR = re.compile(r"([^\s:：#]{1,6})[:：][ \t\u3000]*(.*)")
_OPTION = re.compile(r"([A-Z])\. ?(.*)")
_KINDS = {word: kind for kind, word in KIND_WORDS.items()}
_AUDIENCES = {word: name for name, word in AUDIENCE_WORDS.items()}


class Wrong(ValueError):
    """A value that our form does not allow; the message is a Chinese sentence."""


def fits(text: str) -> bool:
    """Whether a text is in our form: an item that begins with 编号 and has 题型, 题干 and 答案 lines."""
    begun = {found[1] for line in text.splitlines() if (found := _PAIR.match(line.lstrip("\ufeff")))}
    return {"编号", "题型", "题干", "答案"} <= begun


def read_key(kind: str, said: str, options: int) -> Key:
    """A key from its written form: C · ABD · 对 · 三十;30|五 · free text. Raises Wrong."""
    if kind in CHOICES:
        if not re.fullmatch("[A-Z]+", said) or len(set(said)) < len(said):
            raise Wrong(f"答案应写选项字母，例如 C 或 ABD，现在是“{said}”。")
        if max(said) > LETTERS[options - 1] or not options:
            raise Wrong(f"答案“{said}”超出了选项范围。")
        return tuple(sorted(LETTERS.index(char) for char in said))
    if kind == "judge":
        if said not in ("对", "错"):
            raise Wrong(f"判断题的答案应写“对”或“错”，现在是“{said}”。")
        return said == "对"
    if kind == "fill":
        if re.search("[；｜]", said):
            raise Wrong("填空答案请用半角的 | 分开各空，用半角的 ; 分开同一空的几种答案。")
        return tuple(tuple(word.strip() for word in blank.split(";")) for blank in said.split("|"))
    return said


def written_key(draft: Draft) -> str:
    """A key in the form `read_key` takes; "" for none."""
    if draft.key is None:
        return ""
    if draft.kind in CHOICES:
        return "".join(LETTERS[place] for place in draft.key)
    if draft.kind == "judge":
        return "对" if draft.key else "错"
    if draft.kind == "fill":
        return "|".join(";".join(blank) for blank in draft.key)
    return draft.key


def spoken_key(draft: Draft) -> str:
    """A key in words for a page: as `written_key`, blanks with 或 and ；."""
    if draft.kind == "fill" and draft.key is not None:
        return "；".join(" 或 ".join(blank) for blank in draft.key)
    return written_key(draft)


@dataclass(frozen=True)
class _Row:
    """One 键：值 or option line with its continuation lines."""

    name: str
    value: str
    lines: tuple[int, ...]


def read(text: str) -> Reading:
    """Read a bank file. Remarks and the head are headings; an item with any fault goes to review."""
    head: dict[str, str] = {}
    drafts, review, headings = [], [], []
    for group in _groups(text):
        remarks = [(number, line) for number, line in group if line.startswith("#")]
        headings += [Heading(Place((number,)), "note", line) for number, line in remarks]
        rest = [(number, line) for number, line in group if not line.startswith("#")]
        if not rest:
            continue
        rows = _rows(rest)
        if not drafts and not review and all(row.name in _HEAD for row in rows):
            head |= {KEYS[row.name]: row.value for row in rows}
            headings += [Heading(Place((number,)), "section", line) for number, line in rest]
            continue
        result = _item(rows, rest, head)
        (review if isinstance(result, ReviewItem) else drafts).append(result)
    return Reading(tuple(drafts), tuple(review), tuple(headings))


def _groups(text: str) -> list[list[tuple[int, str]]]:
    groups: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            groups[-1].append((number, line.lstrip("\ufeff") or line))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _rows(group: list[tuple[int, str]]) -> list[_Row]:
    rows: list[_Row] = []
    for number, line in group:
        found = _OPTION.fullmatch(line) or _PAIR.fullmatch(line)
        if line.startswith("  ") and rows:
            rows[-1] = replace(rows[-1], value=f"{rows[-1].value}\n{line.strip()}", lines=(*rows[-1].lines, number))
        elif found:
            rows.append(_Row(found[1], found[2].strip(), (number,)))
        else:
            rows.append(_Row("", line, (number,)))
    return rows


def _item(rows: list[_Row], group: list[tuple[int, str]], head: dict[str, str]) -> Draft | ReviewItem:
    where, faults = Place(tuple(number for number, _ in group)), []
    values, choices = dict(head), []
    seen = set()
    for row in rows:
        if row.name in seen:
            faults.append(f"“{row.name}”写了两次。")
        seen.add(row.name)
        if len(row.name) == 1 and row.name in LETTERS:
            faults += [] if row.name == LETTERS[len(choices)] else [f"选项 {row.name} 不连续。"]
            choices.append(row.value)
        elif row.name in KEYS:
            values[KEYS[row.name]] = row.value
        else:
            faults.append(f"第 {row.lines[0]} 行不认识：“{row.name or row.value[:20]}”。")
    draft = read_values(values, tuple(choices), where, faults)
    faults += check(draft) if not faults else []
    original = "\n".join(line for _, line in group)
    return ReviewItem(where, " ".join(faults), original, draft) if faults else draft


def read_values(values: dict[str, str], choices: tuple[str, ...], where: Place, faults: list[str]) -> Draft:
    """A draft from values by field name, each in the form of this file; what is wrong with them is added to faults."""

    def take(name, read, empty):
        try:
            return read(values[name]) if values.get(name) else empty
        except Wrong as wrong:
            faults.append(str(wrong))
            return empty

    kind = take("kind", lambda word: _known(word, _KINDS, "题型"), "")
    plain = ("stem", "explanation", "topic", "point", "code", "author", "checker", "material")
    return Draft(
        kind=kind,
        options=choices,
        key=take("key", lambda said: read_key(kind, said, len(choices)), None),
        citation=take("citation", citation.parse, citation.Citation()),
        difficulty=take("difficulty", read_difficulty, None),
        audience=take("audience", lambda word: _known(word, _AUDIENCES, "对象"), ""),
        score=take("score", read_score, None),
        where=where,
        **{name: values.get(name, "") for name in plain},
    )


def _known(word: str, words: dict[str, str], name: str) -> str:
    if word not in words:
        raise Wrong(f"{name}“{word}”不认识，请写{'、'.join(words)}。")
    return words[word]


def read_difficulty(said: str) -> int:
    """1 … 5. Raises Wrong."""
    if said not in tuple("12345"):
        raise Wrong(f"难度应写 1 到 5，现在是“{said}”。")
    return int(said)


def read_score(said: str) -> Decimal:
    """Points. Raises Wrong."""
    try:
        value = Decimal(said)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        raise Wrong(f"分值应写数字，现在是“{said}”。")
    return value


def values(draft: Draft) -> dict[str, str]:
    """A draft's values by the keys of our form, options left out; "" for what it does not have."""
    plain = {name: getattr(draft, field) for name, field in KEYS.items()}
    return plain | {
        "题型": KIND_WORDS.get(draft.kind, ""),
        "对象": AUDIENCE_WORDS.get(draft.audience, ""),
        "答案": written_key(draft),
        "依据": citation.written(draft.citation),
        "难度": str(draft.difficulty or ""),
        "分值": "" if draft.score is None else f"{draft.score:f}",
    }


def write(drafts: list[Draft], topic: str = "") -> str:
    """Drafts as a file of our form. topic: put in the head and left out of the items that have it.

    `extras` have no place in it. Blank lines inside a value are left out.
    """
    head = [f"专题：{topic}", ""] if topic else []
    return "\n".join([*head, *("\n".join([*_written(draft, topic), ""]) for draft in drafts)])


def _written(draft: Draft, topic: str) -> list[str]:
    told = values(draft)
    if draft.topic == topic:
        told["专题"] = ""
    lines = []
    for name, value in told.items():
        if value or name == "编号":
            lines.append(f"{name}：{_wrapped(value)}")
        if name == "题干":
            lines += [f"{LETTERS[place]}. {_wrapped(text)}" for place, text in enumerate(draft.options)]
    return lines


def _wrapped(value: str) -> str:
    return "\n  ".join(line.strip() for line in value.splitlines() if line.strip())
