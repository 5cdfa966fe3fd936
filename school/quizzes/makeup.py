"""补考: who may take one, and which of a person's results then counts. Pure.

Which result counts is laid down with the round and printed wherever results are. Two are never added (rules.md 29), and
a make-up somebody did not sit replaces nothing.

| in the round | in the make-up | first  | best    | last    |
|--------------|----------------|--------|---------|---------|
| 50           | 70             | 50     | 70      | 70      |
| 50           | 40             | 50     | 50      | 40      |
| 50           | 50             | the 50 of the round | the round's | the make-up's |
| absent       | 70             | absent | 70      | 70      |
| 50           | absent         | 50     | 50      | 50      |
| absent       | absent         | absent | absent  | absent  |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

RULES = {
    "first": "以原测结果为准，补考合格另列，不改变原测的合格率和平均分",
    "best": "以两次中较好的一次为准，两次成绩都保留，不相加",
    "last": "以最后一次参加的结果为准，两次成绩都保留，不相加",
}
WHOM = {"both": "缺考和不合格的人员", "absent": "缺考的人员", "below": "不合格的人员"}
#: groups that a make-up for somebody holds
HOLDS = {"both": {"absent", "below"}, "absent": {"absent"}, "below": {"below"}}


@dataclass(frozen=True)
class Standing:
    """A candidate of a round as a make-up of it sees them.

    score: reached in the round, None without a result.  later: one entry for every make-up they were called to and not
    excused from, None without a result.  waiting: one of these is not over.  on_roster: they still count today.
    """

    exempt: bool
    score: Decimal | None
    later: tuple[Decimal | None, ...] = ()
    waiting: bool = False
    on_roster: bool = True


def group(of: Standing, pass_mark: Decimal) -> str:
    """Where somebody stands after all results so far: exempt, passed, below (of those with a result) or absent."""
    if of.exempt:
        return "exempt"
    scores = [score for score in (of.score, *of.later) if score is not None]
    if not scores:
        return "absent"
    return "passed" if max(scores) >= pass_mark else "below"


def barred(of: Standing, makeups: int) -> str:
    """Why somebody absent or below may not take a make-up, in words; empty where they may. makeups: allowed per person.

    | called before | allowed | on the roster | may they                  |
    |---------------|---------|---------------|---------------------------|
    | 0             | 1       | yes           | yes                       |
    | 0             | 1       | no            | no: 已不在花名册          |
    | 1             | 1       | yes           | no: 补考机会已用          |
    | 1, not over   | 2       | yes           | no: 另一场还没有结束      |
    | 1             | 2       | yes           | yes                       |
    """
    if not of.on_roster:
        return "已不在花名册应考人员里"
    if len(of.later) >= makeups:
        return f"{makeups} 次补考机会已用"
    return "已列入另一场补考，那一场还没有结束" if of.waiting else ""


def counted(scores: Sequence[Decimal | None], rule: str) -> int:
    """Which result counts, as a place in `scores`: the round's own first, then the make-ups in order. See the table above."""
    sat = [place for place, score in enumerate(scores) if score is not None]
    if rule == "first" or not sat:
        return 0
    if rule == "last":
        return sat[-1]
    return max(sat, key=lambda place: (scores[place], -place))


def title(of: str, earlier: int) -> str:
    """What a make-up is called: the round's title and how many make-ups came before, within the length of a title."""
    ending = "补考" if not earlier else f"第{earlier + 1}次补考"
    return of[: 120 - len(ending)] + ending


def said(kind: str, makeups: int, rule: str) -> str:
    """What somebody who answers is told before and after; empty where there are no make-ups. kind: the round's repeats_kind."""
    if kind == "makeup":
        return f"这是补考，{RULES[rule]}。"
    return f"没有参加或者没有合格的，可以补考 {makeups} 次；{RULES[rule]}。" if makeups and not kind else ""
