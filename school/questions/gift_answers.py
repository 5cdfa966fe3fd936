"""What stands between the braces of a GIFT question, taken apart into kind, options and key."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product

from school.questions import weights
from school.questions.draft import LETTERS, Draft, blanks
from school.questions.keys import Doubtful

_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d*)?)%")
_JUDGE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(?P<feedback>.*))?", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\s*#\s*=?\s*(-?\d+(?:\.\d+)?)\s*(?::\s*0(?:\.0*)?\s*)?")
#: accepted answers of one fill-in item
MOST_WORDS = 50
_ANSWER, _REASON = "参考答案：", "解析："

Plain = Callable[[str], str]


def masked(text: str) -> str:
    """The text with every escaped sign blotted out, position by position."""
    return _ESCAPE.sub("\0\0", text)


def unescaped(text: str) -> str:
    """The text without the strokes of its escapes."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def read(draft: Draft, tail: str, inside: str, plain: Plain) -> Draft:
    """A draft with what its answer block says. tail: the text after the block. Raises Doubtful."""
    signs = masked(inside)
    cut = signs.find("####")
    answers, feedback = (inside, "") if cut < 0 else (inside[:cut], plain(inside[cut + 4 :]))
    signs = masked(answers)
    draft = replace(draft, explanation=feedback)
    if not signs.strip():
        return _short(_continued(draft, tail, "____"), feedback)
    if found := _JUDGE.fullmatch(signs):
        draft = _with_feedback(draft, _judge_feedback(answers, found, plain))
        return replace(_continued(draft, tail, "（  ）"), kind="judge", key=found[1].upper().startswith("T"))
    if signs.lstrip().startswith("#"):
        return _number(_continued(draft, tail, "____"), signs)
    return _entries(draft, tail, answers, plain)


def _continued(draft: Draft, tail: str, gap: str) -> Draft:
    """The stem with the text after the block, a gap between them."""
    return replace(draft, stem=f"{draft.stem}{gap}{tail}") if tail else draft


def _short(draft: Draft, feedback: str) -> Draft:
    if not feedback.startswith(_ANSWER):
        return replace(draft, kind="short", key="")
    key, _, reason = feedback.removeprefix(_ANSWER).partition(f"\n{_REASON}")
    return replace(draft, kind="short", key=key, explanation=reason)


def with_explanation(key: str, explanation: str) -> str:
    """The general feedback of a short-answer item."""
    return f"{_ANSWER}{key}\n{_REASON}{explanation}" if explanation else f"{_ANSWER}{key}"


def _judge_feedback(answers: str, found: re.Match, plain: Plain) -> list[tuple[str, str]]:
    if found["feedback"] is None:
        return []
    begin = found.start("feedback")
    signs = found["feedback"]
    cut = signs.find("#")
    wrong = answers[begin:] if cut < 0 else answers[begin : begin + cut]
    right = "" if cut < 0 else answers[begin + cut + 1 :]
    return [("答错反馈", plain(wrong)), ("答对反馈", plain(right))]


def _with_feedback(draft: Draft, feedback: list[tuple[str, str]]) -> Draft:
    return replace(draft, extras=(*draft.extras, *((label, text) for label, text in feedback if text)))


def _number(draft: Draft, signs: str) -> Draft:
    found = _NUMBER.fullmatch(signs)
    if not found:
        raise Doubtful("这是允许误差或范围的数值题，读不进来，请改成填空题。", "fill")
    return accepted(draft, [found[1]])


def _entries(draft: Draft, tail: str, answers: str, plain: Plain) -> Draft:
    signs = masked(answers)
    starts = [found.start() for found in re.finditer("[=~]", signs)]
    if not starts or signs[: starts[0]].strip():
        raise Doubtful("花括号里的写法看不懂（也许是别的题型），请核对。")
    ends = [*starts[1:], len(signs)]
    entries = [_entry(answers[start:end], plain) for start, end in zip(starts, ends, strict=True)]
    feedback = [
        (f"选项 {LETTERS[place]} 反馈", text) for place, (*_, text) in enumerate(entries[: len(LETTERS)]) if text
    ]
    draft = _with_feedback(draft, feedback)
    if all(sign == "=" for sign, *_ in entries):
        return _words(_continued(draft, tail, "____"), entries)
    draft = _continued(draft, tail, "（  ）")
    single = any(sign == "=" for sign, *_ in entries)
    draft = replace(draft, options=tuple(text for _, _, text, _ in entries))
    key = weights.key(single, [share for _, share, *_ in entries])
    return replace(draft, kind="single" if single else "multi", key=key)


def _entry(raw: str, plain: Plain) -> tuple[str, Decimal | None, str, str]:
    """(sign, share, text, feedback) of one answer."""
    signs = masked(raw)
    weight = _WEIGHT.match(signs, 1)
    share = weights.percent(weight[1]) if weight else weights.FULL if raw[0] == "=" else Decimal(0)
    begin = weight.end() if weight else 1
    cut = signs.find("#", begin)
    end = len(raw) if cut < 0 else cut
    return raw[0], share, plain(raw[begin:end]), plain(raw[end + 1 :])


def _words(draft: Draft, entries: list[tuple]) -> Draft:
    words = [text for _, _, text, _ in entries]
    if all("->" in word for word in words):
        raise Doubtful("这是连线题，读不进来，请改成选择题。")
    if any(share != weights.FULL for _, share, *_ in entries):
        raise Doubtful("有的答案只得部分分数，请核对哪些算对。", "fill", (tuple(words),))
    return accepted(draft, words)


def accepted(draft: Draft, words: list[str]) -> Draft:
    """A fill-in item: one blank with its alternatives, or several when every answer has a part a|b for each of them.

    Raises Doubtful.
    """
    count = blanks(draft.stem)
    draft = replace(draft, kind="fill", stem=draft.stem if count else f"{draft.stem}____")
    if count < 2:
        return replace(draft, key=(tuple(words),))
    parts = [tuple(word.split("|")) for word in words]
    if any(len(part) != count for part in parts):
        raise Doubtful(f"题干有 {count} 个空，答案分不成 {count} 份，请核对。", "fill")
    key = tuple(tuple(dict.fromkeys(column)) for column in zip(*parts, strict=True))
    if len(words) != len(set(parts)) or set(product(*key)) != set(parts):
        raise Doubtful("几个空的答案要成套才算对，读不进来，请拆成几道题。", "fill", key)
    return replace(draft, key=key)
