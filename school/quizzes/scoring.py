"""Marking one answer against the frozen question. Pure, exact, never below zero and never above the full points.

Answers and keys are compared by option ids, never by text or letter (rules.md 17).

| kind   | rule         | right                    | else                                                          |
|--------|--------------|--------------------------|---------------------------------------------------------------|
| single |              | the one id of the key    | 0                                                             |
| judge  |              | the same truth           | 0                                                             |
| multi  | all          | exactly the key          | 0                                                             |
| multi  | half         | exactly the key          | some of the key and nothing wrong: half; anything wrong: 0    |
| multi  | proportional | exactly the key          | (right − wrong) / size of the key, not below 0                |
| fill   |              | every blank              | the share of the blanks that match an alternative             |
| short  |              | marked by a person       | 0 until then                                                  |

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
}
CENT = Decimal("0.01")


def points(kind: str, key: object, given: list, full: Decimal, multi_rule: str) -> Decimal:
    """Points earned by one answer.

    key and given as they are stored: lists of option ids; [True] or [False] for judge with a bool as key; lists of
    texts for fill with lists of alternatives as key. Raises ValueError for a kind or rule that is not in the table.
    """
    share = _share(kind, key, given, multi_rule)
    return (full * share.numerator / share.denominator).quantize(CENT, ROUND_HALF_UP)


def _share(kind: str, key: object, given: list, multi_rule: str) -> Fraction:
    if kind not in {"single", "judge", "multi", "fill", "short"}:
        raise ValueError(f"unknown kind of question: {kind}")
    if not given or kind == "short":
        return Fraction(0)
    if kind == "judge":
        return Fraction(given == [key])
    if kind == "single":
        return Fraction(given == key)
    if kind == "fill":
        return _blanks(key, given)
    return _several(set(key), set(given), multi_rule)


def _several(key: set, given: set, multi_rule: str) -> Fraction:
    right, wrong = len(given & key), len(given - key)
    if multi_rule == "all":
        return Fraction(given == key)
    if multi_rule == "half":
        return Fraction(0) if wrong else Fraction(1) if given == key else Fraction(1, 2)
    if multi_rule == "proportional":
        return Fraction(max(0, right - wrong), len(key))
    raise ValueError(f"unknown multi-choice rule: {multi_rule}")


def _blanks(key: list[list[str]], given: list[str]) -> Fraction:
    matched = sum(
        folded(text) in {folded(alternative) for alternative in blank} for blank, text in zip(key, given, strict=False)
    )
    return Fraction(matched, len(key))


def folded(text: str) -> str:
    """A text as blanks are compared: full and half width alike, case and blanks ignored."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
