"""The key of a choice item from the share of the points each option earns, as GIFT and Moodle give it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from school.questions.draft import Draft, Remark
from school.questions.keys import Doubtful

FULL = Decimal(100)


def percent(said: str) -> Decimal | None:
    """A weight in percent, None for what is no number."""
    try:
        value = Decimal(said.strip() or "0")
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) <= FULL else None


def key(single: bool, shares: list[Decimal | None]) -> tuple[int, ...]:
    """Indexes of the right options. shares: percent per option. Raises Doubtful for half points and uneven shares."""
    if None in shares:
        raise Doubtful("选项的得分比例看不懂，请核对答案。")
    right = tuple(place for place, share in enumerate(shares) if share > 0)
    if not right:
        raise Doubtful("没有一个选项得分，请补上答案。")
    if single:
        if len(right) > 1 or shares[right[0]] != FULL:
            raise Doubtful("单选题应只有一个选项得满分，现在有别的得分，请核对答案。", "single")
        return right
    even = FULL / len(right)
    if any(abs(shares[place] - even) > 1 for place in right):
        raise Doubtful("多选题各个正确选项的得分不均等，请核对答案。", "multi", right)
    return right


def even(count: int) -> str:
    """The share of each of `count` right options, as Moodle writes it: 3 -> 33.33333."""
    share = (FULL / count).quantize(Decimal("0.00001"))
    return f"{share.normalize():f}"


def remarks(drafts: Sequence[Draft]) -> tuple[Remark, ...]:
    """Multi-choice items with one right option, which are accepted but may be meant otherwise."""
    found = [draft for draft in drafts if draft.kind == "multi" and len(draft.key) == 1]
    return tuple(Remark(draft.where, "多选题只有一个答案，请核对。") for draft in found)
