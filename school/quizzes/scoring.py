"""Marking one answer against the frozen question. Pure, exact, never below zero and never above the full points.

Answers and keys are compared by option ids, never by text or letter (rules.md 17).

| kind   | rule         | right                    | else                                                            |
|--------|--------------|--------------------------|-----------------------------------------------------------------|
| single |              | the one id of the key    | 0                                                               |
| judge  |              | the same truth           | 0                                                               |
| multi  | all          | exactly the key          | 0                                                               |
| multi  | half         | exactly the key          | some of the key and nothing wrong: half; anything wrong: 0      |
| multi  | proportional | exactly the key          | (right − wrong) / size of the key, not below 0                  |
| multi  | hand         | exactly the key          | nothing of the key: 0; anything between: a person decides       |
| fill   |              | every blank              | blanks left empty earn nothing, the rest match: their share;    |
|        |              |                          | a text that matches no alternative: a person decides            |
| short  |              |                          | a person decides                                                |

Points are rounded half up to hundredths. Nothing given earns nothing.
"""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

#: rule -> how it is printed on the paper
MULTI_RULES = {
    "all": "多选题全部选对才得分",
    "half": "多选题少选得一半分，错选不得分",
    "proportional": "多选题按选对的比例得分，错选倒扣，最低零分",
    "hand": "多选题全部选对得满分，全部选错不得分，其余由人工评分",
}
CENT = Decimal("0.01")


def points(kind: str, key: object, given: list, full: Decimal, multi_rule: str) -> Decimal | None:
    """Points earned by one answer; None where a person has to decide.

    key and given as they are stored: lists of option ids; [True] or [False] for judge with a bool as key; lists of
    texts for fill with lists of alternatives as key. Raises ValueError for a kind or rule that is not in the table.
    """
    share = _share(kind, key, given, multi_rule)
    return None if share is None else (full * share.numerator / share.denominator).quantize(CENT, ROUND_HALF_UP)


def _share(kind: str, key: object, given: list, multi_rule: str) -> Fraction | None:
    if kind not in {"single", "judge", "multi", "fill", "short"}:
        raise ValueError(f"unknown kind of question: {kind}")
    if not given:
        return Fraction(0)
    if kind == "short":
        return None if folded(given[0]) else Fraction(0)
    if kind == "judge":
        return Fraction(given == [key])
    if kind == "single":
        return Fraction(given == key)
    if kind == "fill":
        return _blanks(key, given)
    return _several(set(key), set(given), multi_rule)


def _several(key: set, given: set, multi_rule: str) -> Fraction | None:
    right, wrong = len(given & key), len(given - key)
    if multi_rule == "all":
        return Fraction(given == key)
    if multi_rule == "half":
        return Fraction(0) if wrong else Fraction(1) if given == key else Fraction(1, 2)
    if multi_rule == "proportional":
        return Fraction(max(0, right - wrong), len(key))
    if multi_rule == "hand":
        return Fraction(1) if given == key else None if right else Fraction(0)
    raise ValueError(f"unknown multi-choice rule: {multi_rule}")


def _blanks(key: list[list[str]], given: list[str]) -> Fraction | None:
    matched = matches(key, given)
    if any(folded(text) and not match for text, match in zip(given, matched, strict=False)):
        return None
    return Fraction(sum(matched), len(key))


def matches(key: list[list[str]], given: list[str]) -> list[bool]:
    """Of each blank whether what was written there is one of its alternatives."""
    texts = [*given, *[""] * (len(key) - len(given))]
    return [folded(text) in {folded(one) for one in blank} for blank, text in zip(key, texts, strict=False)]


def folded(text: str) -> str:
    """A text as blanks are compared: full and half width alike, case and blanks ignored."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
