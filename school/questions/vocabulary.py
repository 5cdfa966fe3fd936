"""The words question files use for types, right and wrong, difficulty and audience, as values of our own.

All functions take any spelling (full width, blanks, brackets) and give None for what they do not know.
"""

from __future__ import annotations

import re

from school.questions.draft import AUDIENCE_WORDS
from school.questions.matching import normal

#: "choice": single or multi, the answer decides; "case": shared stem or short answer, the answer decides
_KINDS = {
    "single": "单项选择题 单项选择 单选题 单选 单项题 选一项 single singlechoice radio",
    "multi": "多项选择题 多项选择 多选题 多选 多项题 不定项选择题 不定项选择 不定项 multi multiple multiplechoice"
    " checkbox",
    "judge": "判断题 判断 是非题 对错题 正误题 判断改错题 判断辨析题 判断正误题 judge judgement truefalse true/false tf",
    "fill": "填空题 填空 客观填空题 主观填空题 fill blank fillblank fillintheblank",
    "short": "简答题 简答 问答题 问答 名词解释 名词解释题 论述题 辨析题 主观题 short shortanswer essay",
    "choice": "选择题 选择 客观题",
    "case": "计算题 案例分析题 案例题 案例分析 材料分析题 材料题 实务题 综合题 综合分析题 共用题干题",
}
KIND_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_RIGHT = "√ ✓ ✔ ☑ ✅ 对 正确 是 对的 同意 right true yes"
_WRONG = "× ✗ ✘ ❌ ☒ ╳ ✕ 错 错误 否 错的 不对 不正确 不同意 非 wrong false no"
#: words that mean the same in every file
CLEAR = dict.fromkeys(_RIGHT.split(), True) | dict.fromkeys(_WRONG.split(), False)
#: signs that mean a judgement only where the whole section speaks so
SCALES = ({"t": True, "f": False}, {"y": True, "n": False}, {"1": True, "0": False}, {"v": True, "x": False})

_DIFFICULTY = {
    1: "非常简单 非常容易 很简单 很容易 极易 最易",
    2: "易 简单 容易 较易 较容易 较简单 easy 低",
    3: "中 一般 中等 适中 普通 medium normal",
    4: "难 困难 较难 较困难 hard difficult 高",
    5: "非常困难 非常难 很难 很困难 极难 最难",
}
DIFFICULTY_BY_WORD = {word: level for level, words in _DIFFICULTY.items() for word in words.split()}

#: the states of a version, in the order of their way
STATE_WORDS = {"draft": "草稿", "in_review": "待审核", "reviewed": "已审核", "retired": "已停用"}

_AUDIENCES = {
    "干部": "cadre",
    "机关干部": "cadre",
    "农民": "farmer",
    "群众": "farmer",
    "村民": "farmer",
    "全体": "both",
}
AUDIENCE_BY_WORD = _AUDIENCES | {word: name for name, word in AUDIENCE_WORDS.items()}


def _word(text: str) -> str:
    return normal(text).casefold().replace(" ", "").strip("()[]【】<>《》{}:。.;,、*#=-")


def kind(text: str) -> str | None:
    """single, multi, judge, fill, short, choice or case for a type word alone: "（多选题）" -> "multi"."""
    return KIND_BY_WORD.get(_word(text))


def clear_judgement(text: str) -> bool | None:
    """True or False for 正确, √, 错 …, whose meaning hangs on nothing; None for T, 1, A and all else."""
    return CLEAR.get(_word(text))


def scale(said: list[str]) -> dict[str, bool]:
    """The sign scale that all judge answers of one section share beside the clear words, or none.

    ["T", "F", "对"] -> {"t": True, "f": False}; ["1", "2"] -> {}: not to be told from the answers.
    """
    signs = {_word(text) for text in said} - CLEAR.keys() - {""}
    return next((pair for pair in SCALES if signs and signs <= pair.keys()), {})


def judgement(text: str, pair: dict[str, bool]) -> bool | None:
    """True or False for a judge answer, with the section's sign scale at hand."""
    word = _word(text)
    return CLEAR.get(word, pair.get(word))


def difficulty(text: str) -> int | None:
    """1 … 5 for a word of difficulty; None for bare numbers, whose scale only the file's author knows."""
    return DIFFICULTY_BY_WORD.get(_word(text))


def audience(text: str) -> str | None:
    """cadre, farmer or both."""
    return AUDIENCE_BY_WORD.get(_word(text))


def points(text: str) -> str | None:
    """The number in "2", "2分", "1.50 分"; None for anything else."""
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,2})?)\s*分?", normal(text).strip("()[]【】 "))
    return found[1] if found else None


def bracketed(text: str) -> bool | None:
    """True or False for （错误）, √ and the like alone; a word without bracket says nothing."""
    plain = normal(text)
    return clear_judgement(plain) if re.fullmatch(r"[(\[【].{1,4}[)\]】]|[√×✓✗✔✘❌]", plain) else None
