"""Labelled lines of a question: 答案, 解析, 依据, 知识点, 难度 … and the value behind the label."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIELDS = {
    "answer": "正确答案 参考答案 标准答案 正确选项 本题答案 答案",
    "explanation": "解析 答案解析 试题解析 题目解析 参考解析 答案详解 解释 详解 解题思路 答题解析 分析",
    "citation": "依据 法条依据 法律依据 政策依据 法规依据 出处 来源 试题来源 题目来源",
    "point": "考点 知识点 考查点 所属知识点",
    "topic": "分类 专题 类别 题目分类",
    "kind": "题型 题目类型 试题类型 类型",
    "difficulty": "难度 难易度 难易程度 难度等级 难度系数",
    "score": "分数 分值 本题分值",
    "stem": "题目 题干 试题 问题",
    "options": "选项 备选项 备选答案",
    "author": "命题单位 命题人 出题人 出题单位",
    "extra": "页码 标签 关键词 能力水平 备注 章节",
    "mine": "我的答案 学生答案 你的答案 考生答案",
}
FIELD_BY_WORD = {word: name for name, words in _FIELDS.items() for word in words.split()}
_ANY = "|".join(sorted(FIELD_BY_WORD, key=len, reverse=True))
_BOXED = rf"[【\[<(]\s*(?P<boxed>{_ANY})\s*[】\]>)]\s*[:]?"
_PLAIN = rf"(?P<plain>{_ANY})\s*[:]"
_LABEL = re.compile(rf"[\s*#]*(?:{_BOXED}|{_PLAIN})\s*")
_REPLY = re.compile(r"\s*答\s*[:]\s*")
#: 参考答案B, 答案 √: no colon, but nothing else than a key behind the words
_GLUED = re.compile(
    r"\s*(?P<word>(?:正确|参考|标准)?答案)\s*(?:是|为)?\s*(?=(?:[A-Z](?:[\s,、]*[A-Z])*|[√×✓✗对错]|正确|错误)\s*[。.]?\s*$)"
)
#: further labels on the same line count only where they cannot be words of a sentence
_FURTHER = re.compile(rf"[【\[<]\s*(?P<boxed>{_ANY})\s*[】\]>]\s*[:]?\s*|(?P<plain>{_ANY})\s*[:]\s*|</解析>")
#: a key at the very end of a stem or option line
#: characters at the end of a line within which "答案：ABD" stands
LONGEST_KEY = 200
_TRAILING_KEY = re.compile(
    r"[\s(\[【]*(?:正确答案|参考答案|标准答案|答案)\s*[】\]]?\s*[:]\s*(?P<key>[A-Z](?:[\s,、]*[A-Z])*|[√×✓✗对错]|正确|错误)\s*[)\]】]?\s*[。.]?\s*$"
)
_HIDDEN = re.compile(
    r"(?:答案|解析|难度|难度系数|分值|知识点|考点|题型)\s*:|[【<](?:答案|解析|参考答案|答案解析)[】>]|[一二三四五六七八九十][、.]\s*(?:单|多|判断|填空|简答|不定项)"
)
_STUDENT_POINTS = re.compile(r"\s*\d{1,3}(?:\.\d+)?\s*分\s*$")


@dataclass(frozen=True)
class Labelled:
    """One label of a line: its field, its word, and where in the line its value begins and ends."""

    field: str
    word: str
    start: int
    end: int


def of(norm: str) -> list[Labelled]:
    """The labels of a line that begins with one, each with its value; empty for any other line."""
    first = _first(norm)
    if not first:
        return []
    name, word, begin = first
    if name in ("stem", "options"):
        return [Labelled(name, word, begin, len(norm))]
    found = [(name, word, begin, begin)]
    for further in _FURTHER.finditer(norm, begin):
        word = further["boxed"] or further["plain"] or ""
        if _counts(norm, found[-1], further, word):
            found.append((FIELD_BY_WORD.get(word, ""), word, further.start(), further.end()))
    ends = [start for _, _, start, _ in found[1:]] + [len(norm)]
    parts = zip(found, ends, strict=True)
    return [Labelled(name, word, begin, end) for (name, word, _, begin), end in parts if word]


def _counts(norm: str, last: tuple[str, str, int, int], further: re.Match, word: str) -> bool:
    """Whether a label inside a line is one: an answer does not hide in an explanation, nor a label in a word."""
    if not word:
        return True
    field = FIELD_BY_WORD[word]
    if field in ("stem", "options", "kind", "mine") or (field == "answer" and last[0] == "explanation"):
        return False
    apart = further["boxed"] or not norm[further.start() - 1].isalnum()
    return bool(apart) or (last[0] in ("answer", "mine") and further.start() - last[3] <= 8)


def _first(norm: str) -> tuple[str, str, int] | None:
    if found := _LABEL.match(norm):
        word = found["boxed"] or found["plain"]
        return FIELD_BY_WORD[word], word, found.end()
    if found := _REPLY.match(norm):
        return "answer", "答", found.end()
    if found := _GLUED.match(norm):
        return "answer", found["word"], found.end()
    return None


def trailing_key(norm: str) -> tuple[int, int, int] | None:
    """Where "答案：C" at the end of a stem or option line starts, and where its key starts and ends."""
    # Only the end is searched: the pattern takes quadratic time, and a hostile line may be megabytes long.
    found = _TRAILING_KEY.search(norm, max(0, len(norm) - LONGEST_KEY))
    return (found.start(), found.start("key"), found.end("key")) if found and found.start() > 0 else None


def is_student_points(norm: str) -> bool:
    """0.0分 alone: what a learner got, no part of the question."""
    return bool(_STUDENT_POINTS.match(norm))


def hidden(norm: str) -> bool:
    """Whether an option or a key has swallowed a label that should have begun a line."""
    return bool(_HIDDEN.search(norm))
