"""From what a file says the answer is to a key: the one place where a key is decided, for every format.

A key is given only when one reading is possible; everything else is a `Doubtful` with the reason for the person
who will look at it. The answer decides the type where no heading does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from school.questions import vocabulary
from school.questions.draft import KIND_WORDS, LETTERS, Key, blanks
from school.questions.matching import Mirror, normal


class Doubtful(Exception):
    """Not fully understood. `reason`: Chinese sentence; kind, key: what it may have meant, for the review page."""

    def __init__(self, reason: str, kind: str = "", key: Key | None = None):
        super().__init__(reason)
        self.reason, self.kind, self.key = reason, kind, key


@dataclass(frozen=True)
class Answer:
    """A decided key. remarks: Chinese sentences about what was accepted although it looks odd."""

    kind: str
    key: Key
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question before its answer. kind: KINDS, "choice", "case" or None; pair: the section's judge signs.

    numbered: the options are called 1, 2, 3 (columns 选项1 …), so that a number may name one.
    """

    kind: str | None
    stem: str
    options: tuple[str, ...] = ()
    pair: dict[str, bool] | None = None
    numbered: bool = False


_LETTERS_ONLY = re.compile(r"[A-Z](?:[\s,、/;|.和与&+]*[A-Z])*[\s,、/;|.。)]*", re.IGNORECASE)
_LETTER_AND_TEXT = re.compile(r"\(?([A-Z])\)?\s*(?:[.、:,)]\s*|\s)(\S.*)", re.IGNORECASE | re.DOTALL)


def decide(asked: Asked, said: str) -> Answer:
    """The key of a question. said: the answer as the file has it. Raises Doubtful."""
    if not normal(said).strip("()（）[]【】 "):
        raise Doubtful("没有答案，请补上答案。", _plain(asked.kind))
    if asked.options:
        return _decide_with_options(asked, said)
    if asked.kind == "judge":
        return Answer("judge", _judgement(asked, said))
    if asked.kind in ("single", "multi", "choice"):
        raise Doubtful("选择题没有选项，请补上选项。", _plain(asked.kind))
    if asked.kind == "short":
        return Answer("short", said.strip())
    if asked.kind == "fill":
        return Answer("fill", fill(asked.stem, said))
    return _decide_without_heading(asked, said)


def _plain(kind: str | None) -> str:
    return kind if kind in KIND_WORDS else ""


def _decide_without_heading(asked: Asked, said: str) -> Answer:
    right = _judged_by_itself(asked, said)
    if right is not None:
        return Answer("judge", right)
    if re.fullmatch(r"[A-Z\s,、/;]{1,12}|\d", normal(said), re.IGNORECASE) and not re.search("_{2}", asked.stem):
        raise Doubtful("答案像是选项字母或代号，但没有选项，请补上选项或改正答案。")
    if blanks(asked.stem):
        return Answer("fill", fill(asked.stem, said))
    if not asked.kind:
        raise Doubtful("没有写明题型，也没有选项和空，请确认是不是简答题。", "short", said.strip())
    return Answer("short", said.strip())


def _judged_by_itself(asked: Asked, said: str) -> bool | None:
    """Right or wrong where only the answer says that this is a judge item; a blank to be filled speaks against it."""
    norm = Mirror(asked.stem).norm.strip()
    ends = re.sub(r"^\(\s*\)|\(\s*\)\s*[。.]?$", "", norm)
    if not blanks(ends):
        return vocabulary.judgement(said, asked.pair or {})
    if vocabulary.clear_judgement(said) is not None and "__" not in norm:
        raise Doubtful("看不出是判断题还是填空题，请选择题型。")
    return None


def _decide_with_options(asked: Asked, said: str) -> Answer:
    two_words = _judge_options(asked.options)
    if asked.kind == "judge" or (asked.kind is None and two_words):
        return Answer("judge", _judge_by_options(asked, said, two_words))
    if asked.kind in ("fill", "short"):
        raise Doubtful(f"写明是{KIND_WORDS[asked.kind]}题，却有选项，请检查题型。", asked.kind)
    key = choice(asked, said)
    return _with_kind(asked.kind, key)


def _with_kind(kind: str | None, key: tuple[int, ...]) -> Answer:
    if kind == "single" and len(key) > 1:
        raise Doubtful("单选题有不止一个答案，请确认是不是多选题。", "multi", key)
    if kind == "multi":
        return Answer("multi", key, ("多选题只有一个答案，请核对。",) if len(key) == 1 else ())
    return Answer("single" if len(key) == 1 else "multi", key)


def choice(asked: Asked, said: str) -> tuple[int, ...]:
    """Option indexes of a choice answer: letters, letter with text, option text, or number where options have one."""
    found = {_by_letter_and_text(asked.options, said), letters(said), _by_number(asked, said)}
    found = (found | _by_text(asked.options, said)) - {None}
    readings = {key for key in found if max(key) < len(asked.options) and len(set(key)) == len(key)} or found
    if len({tuple(sorted(key)) for key in readings}) > 1:
        raise Doubtful("答案有两种读法（字母或选项文字），请确认。", _plain(asked.kind))
    if not readings:
        raise Doubtful(f"答案“{_short(said)}”不是选项字母，也不是某个选项的文字，请核对。", _plain(asked.kind))
    key = readings.pop()
    if len(set(key)) < len(key):
        raise Doubtful(f"答案“{_short(said)}”里有重复的字母，请核对。", _plain(asked.kind))
    if max(key) >= len(asked.options):
        raise Doubtful(f"答案“{_short(said)}”超出了选项范围，请核对选项和答案。", _plain(asked.kind))
    return tuple(sorted(key))


def _short(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= 30 else said[:30] + "…"


def letters(said: str) -> tuple[int, ...] | None:
    """Indexes of a run of letters with any of the usual separators, in the order written: "A、C" -> (0, 2)."""
    text = normal(said).strip("()[]【】 ")
    if not _LETTERS_ONLY.fullmatch(text):
        return None
    return tuple(LETTERS.index(char) for char in text.upper() if char in LETTERS)


def _same(text: str) -> str:
    """An option text as it is compared with an answer: signs and points inside it count, those at its ends do not."""
    return normal(text).casefold().replace(" ", "").strip("。.;,、")


def _by_text(options: tuple[str, ...], said: str) -> set[tuple[int, ...]]:
    words = [_same(text) for text in options]
    norm = Mirror(said).norm
    ways = [[said], said.splitlines(), *(norm.split(sign) for sign in ";|,、/" if sign in norm)]
    found = set()
    for way in ways:
        parts = [_same(part) for part in way if _same(part)]
        if parts and all(words.count(part) == 1 for part in parts):
            found.add(tuple(words.index(part) for part in parts))
    return found


def _by_letter_and_text(options: tuple[str, ...], said: str) -> tuple[int, ...] | None:
    """Letter and option text together, one per line: both must name the same option."""
    key = []
    for line in filter(normal, said.splitlines()):
        found = _LETTER_AND_TEXT.fullmatch(normal(line))
        place = LETTERS.index(found[1].upper()) if found else len(options)
        if place >= len(options) or _same(options[place]) != _same(found[2]):
            return None
        key.append(place)
    return tuple(key) or None


def _by_number(asked: Asked, said: str) -> tuple[int, ...] | None:
    if not asked.numbered or not re.fullmatch(r"[1-9](?:[\s,、;|/]*[1-9])*", normal(said)):
        return None
    return tuple(int(char) - 1 for char in normal(said) if char.isdigit())


def _judge_options(options: tuple[str, ...]) -> tuple[bool, bool] | None:
    meanings = tuple(vocabulary.clear_judgement(text) for text in options)
    return meanings if sorted(map(str, meanings)) == ["False", "True"] else None


def _judge_by_options(asked: Asked, said: str, two_words: tuple[bool, bool] | None) -> bool:
    if not two_words:
        raise Doubtful("判断题的选项不是“正确”和“错误”，请检查题型。", "judge")
    clear = vocabulary.clear_judgement(said)
    if clear is not None:
        return clear
    place = letters(said)
    if place and len(place) == 1 and place[0] < 2:
        return two_words[place[0]]
    return _judgement(asked, said)


def _judgement(asked: Asked, said: str) -> bool:
    right = vocabulary.judgement(said, asked.pair or {})
    if right is None:
        raise Doubtful(f"看不出“{_short(said)}”是对还是错，请核对。", "judge")
    return right


_SURE = (r"[|｜]", r"[;；]", r"\\", r"\n")
_DANGEROUS = (r"、", r"[,，]", r"\s{2,}|\t", r"\s+")
_MARKS = (r"\(\s*(\d{1,2})\s*\)", r"([①-⑳])", r"(?<!\d)(\d{1,2})\s*[.、](?!\d)")


def fill(stem: str, said: str) -> tuple[tuple[str, ...], ...]:
    """One tuple of alternatives per blank of the stem. Raises Doubtful wherever a separator may belong to the answer."""
    count, said = blanks(stem), said.strip()
    if not count:
        raise Doubtful("填空题的题干里没有空，请用 ____ 标出。", "fill")
    marked = _marked(said, count)
    if marked:
        return tuple((part,) for part in marked)
    if count == 1:
        return _one_blank(said)
    for separators, sure in ((_SURE, True), (_DANGEROUS, False)):
        for separator in separators:
            parts = tuple((part.strip(),) for part in re.split(separator, said))
            if len(parts) == count and all(map(normal, (part[0] for part in parts))):
                return _confirmed(parts, sure)
    raise Doubtful(f"题干有 {count} 个空，答案“{_short(said)}”分不成 {count} 份，请用 | 分开各空的答案。", "fill")


def _confirmed(parts: tuple[tuple[str, ...], ...], sure: bool) -> tuple[tuple[str, ...], ...]:
    found = tuple(_alternatives(part[0]) for part in parts)
    if not sure or any(re.search(r"[/;；|｜]", word) for words in found for word in words):
        raise Doubtful("各空的答案是按顿号、逗号、斜线或空格分开的，请确认。", "fill", parts)
    return found


def _alternatives(said: str) -> tuple[str, ...]:
    """What a slash between blanks parts: "三十 / 30". One without them may belong to the answer: 元/吨."""
    return tuple(re.split(r"[ \u3000]+[/／][ \u3000]+", said))


def _one_blank(said: str) -> tuple[tuple[str, ...], ...]:
    words = _alternatives(said)
    if any(re.search(r"[;；|｜/\\\n]", word) for word in words):
        parts = tuple(part.strip() for part in re.split(r"[;；|｜/\\\n]", said) if part.strip())
        raise Doubtful("一个空写了几个答案，请确认它们是不是并列的答案。", "fill", (parts,))
    return (tuple(word.rstrip("。").strip() or word for word in words),)


def _marked(said: str, count: int) -> list[str] | None:
    """Parts of "(1)甲 (2)乙", "①甲②乙" or "1.甲 2.乙" when the marks run from 1 to count."""
    mirror = Mirror(said)
    for pattern in _MARKS:
        marks = list(re.finditer(pattern, mirror.norm))
        values = [int(unicodedata.normalize("NFKC", mark[1])) for mark in marks]
        if not marks or values != list(range(1, count + 1)) or mirror.norm[: marks[0].start()].strip():
            continue
        ends = [mark.start() for mark in marks[1:]] + [len(mirror.norm)]
        parts = [mirror.cut(mark.end(), end).strip("；;，,、。 \n") for mark, end in zip(marks, ends, strict=True)]
        if all(parts) and not any(re.search(r"[/;；|｜\n]", part) for part in parts):
            return parts
    return None
