"""What a bank must keep as a whole, checked mechanically: shares, spread of the key, required fields, doubles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from school.questions import references
from school.questions.draft import KIND_WORDS, LETTERS, Draft, blanks, check
from school.questions.matching import normal
from school.questions.similar import near_duplicates

#: shares of types in percent, and how many points off is still right
SHARES = {"single": 45, "multi": 20, "judge": 25, "fill": 10}
TOLERANCE = 5
#: the right option may be the longest in at most this share of single-choice items, in percent
LONGEST = 30
#: 3-gram likeness from which two stems count as one question asked twice
LIKENESS = 0.8


@dataclass(frozen=True)
class Finding:
    """One fault. rule: short name; codes: the items concerned, empty for the bank as a whole; message: Chinese."""

    rule: str
    message: str
    codes: tuple[str, ...] = ()


def lint(drafts: Sequence[Draft]) -> list[Finding]:
    """Everything that speaks against a bank; items first, the bank as a whole after them."""
    rules: list[Callable] = [
        _sound,
        _fields,
        _lengths,
        _sweeping,
        _codes,
        _doubles,
        _shares,
        _letters,
        _longest,
        _judged,
    ]
    return [finding for rule in rules for finding in rule(drafts)] if drafts else []


def _sound(drafts: Sequence[Draft]) -> list[Finding]:
    return [Finding("sound", complaint, (draft.code,)) for draft in drafts for complaint in check(draft)]


def _fields(drafts: Sequence[Draft]) -> list[Finding]:
    names = {
        "编号": "code",
        "专题": "topic",
        "编写": "author",
        "解析": "explanation",
        "知识点": "point",
        "难度": "difficulty",
        "对象": "audience",
    }
    found = []
    for draft in drafts:
        missing = [word for word, name in names.items() if not getattr(draft, name)]
        cited = draft.citation
        if not cited.basis and not (cited.law and cited.article and cited.version_on):
            missing.append("依据（法名、条、文本日期）")
        if missing:
            found.append(Finding("fields", f"缺少：{'、'.join(missing)}。", (draft.code,)))
        if draft.author and draft.author == draft.checker:
            found.append(Finding("fields", "编写和复核不能是同一个人。", (draft.code,)))
    return found


def _lengths(drafts: Sequence[Draft]) -> list[Finding]:
    found = []
    for draft in drafts:
        if len(draft.topic) > 20:
            found.append(Finding("length", "专题不超过 20 字。", (draft.code,)))
        if len(draft.point) > 12:
            found.append(Finding("length", "知识点不超过 12 字。", (draft.code,)))
        if draft.kind == "single" and len(draft.options) != 4:
            found.append(Finding("options", "单选题应有 4 个选项。", (draft.code,)))
        if draft.kind == "multi" and not 4 <= len(draft.options) <= 6:
            found.append(Finding("options", "多选题应有 4 到 6 个选项。", (draft.code,)))
        if draft.kind == "multi" and isinstance(draft.key, tuple) and len(draft.key) < 2:
            found.append(Finding("options", "多选题应有两个以上的答案。", (draft.code,)))
        if draft.kind != "fill" and "__" in draft.stem and blanks(draft.stem):
            found.append(Finding("options", "只有填空题的题干才用 ____。", (draft.code,)))
    return found


def _sweeping(drafts: Sequence[Draft]) -> list[Finding]:
    return [
        Finding("sweeping", f"选项“{text}”一网打尽，请换成具体的选项。", (draft.code,))
        for draft in drafts
        for text in draft.options
        if references.sweeping(text)
    ]


def _codes(drafts: Sequence[Draft]) -> list[Finding]:
    often = Counter(draft.code for draft in drafts if draft.code)
    return [Finding("codes", f"编号 {code} 用了 {count} 次。", (code,)) for code, count in often.items() if count > 1]


def _doubles(drafts: Sequence[Draft]) -> list[Finding]:
    pairs = near_duplicates([draft.stem for draft in drafts], LIKENESS)
    return [
        Finding(
            "doubles", f"题干相似 {round(likeness * 100)}%，请删去或改写一道。", (drafts[one].code, drafts[other].code)
        )
        for one, other, likeness in pairs
    ]


def _off(rule: str, word: str, part: int, whole: int, asked: float) -> list[Finding]:
    share = 100 * part / whole
    if abs(share - asked) <= TOLERANCE:
        return []
    return [Finding(rule, f"{word}占 {share:.1f}%（{part}/{whole}），应为 {asked:g}% 上下 {TOLERANCE} 个百分点。")]


def _shares(drafts: Sequence[Draft]) -> list[Finding]:
    kinds = Counter(draft.kind for draft in drafts)
    return [
        finding
        for kind, asked in SHARES.items()
        for finding in _off("shares", f"{KIND_WORDS[kind]}题", kinds[kind], len(drafts), asked)
    ]


def _letters(drafts: Sequence[Draft]) -> list[Finding]:
    """Keys of four-option single-choice items: each letter 25 % ± 5 points."""
    single = [draft for draft in drafts if draft.kind == "single" and len(draft.options) == 4 and draft.key]
    often = Counter(draft.key[0] for draft in single)
    return [
        finding
        for place in range(4)
        if single
        for finding in _off("letters", f"单选题答案 {LETTERS[place]} ", often[place], len(single), 25)
    ]


def _longest(drafts: Sequence[Draft]) -> list[Finding]:
    single = [draft for draft in drafts if draft.kind == "single" and not check(draft)]
    hits = tuple(draft.code for draft in single if _is_longest(draft))
    if len(hits) * 100 <= LONGEST * len(single):
        return []
    share = 100 * len(hits) / len(single)
    message = f"正确选项是最长选项的单选题占 {share:.1f}%（{len(hits)}/{len(single)}），应不超过 {LONGEST}%。"
    return [Finding("longest", message, hits)]


def _is_longest(draft: Draft) -> bool:
    """Whether the right option is longer than every other; a tie gives nothing away."""
    lengths = [len(normal(text)) for text in draft.options]
    right = lengths[draft.key[0]]
    return all(length < right for place, length in enumerate(lengths) if place != draft.key[0])


def _judged(drafts: Sequence[Draft]) -> list[Finding]:
    judged = [draft for draft in drafts if draft.kind == "judge"]
    return (
        _off("judged", "判断题中答案为“对”的", sum(draft.key is True for draft in judged), len(judged), 50)
        if judged
        else []
    )
