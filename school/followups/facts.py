"""The facts a case rests on, frozen at opening: one unit's closed month without its people, and how many months in a row. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from school.results import figures, wording
from school.results.figures import Counts, Month, Shortfall, TopicShare, UnitMonth

#: how many weak topics a case names
WEAK = 3


@dataclass(frozen=True)
class Facts:
    """month: the closed month cut down to the one unit, nobody named.  streak: closed months in a row it fell short, this one
    included."""

    month: Month
    streak: int

    @property
    def unit(self) -> UnitMonth:
        """The unit the case is about."""
        return self.month.units[0]

    @property
    def missed(self) -> tuple[Shortfall, ...]:
        """The shortfalls chance does not explain: those the case is about."""
        return tuple(missed for missed in self.unit.shortfalls if not missed.by_chance)

    @property
    def strong(self) -> tuple[TopicShare, ...]:
        """The topic answered best, if any answer was right."""
        best = sorted((topic for topic in self.unit.topics if topic.right), key=_share, reverse=True)
        return tuple(best[:1])

    @property
    def weak(self) -> tuple[TopicShare, ...]:
        """Up to three topics answered worst, the worst first; one without a wrong answer is not weak, nor is the best."""
        worst = sorted((topic for topic in self.unit.topics if topic.right < topic.asked), key=_share)
        return tuple(topic for topic in worst if topic not in self.strong)[:WEAK]

    @property
    def problem(self) -> str:
        """What was reached and what is asked, in one line: 合格率83.33%（20／24），标准90.00%."""
        counts = self.unit.counts
        return "；".join(f"{wording.reached(counts, each)}，标准{wording.asked(each)}" for each in self.missed)


def _share(topic: TopicShare) -> Fraction:
    return Fraction(topic.right, topic.asked)


def opens(unit: UnitMonth) -> bool:
    """Whether a unit's month opens a case: large enough to be judged, and short in a way chance does not explain."""
    return not unit.small and any(not missed.by_chance for missed in unit.shortfalls)


def facts_of(month: Month, unit: UnitMonth, streak: int) -> Facts:
    """The facts of one unit of a closed month."""
    return Facts(replace(month, units=(replace(unit, people=()),), joined_after=(), left_after=()), streak)


def as_data(facts: Facts) -> dict:
    """Facts as JSON-able data."""
    return {"streak": facts.streak, "month": figures.as_data(facts.month)}


def from_data(data: dict) -> Facts:
    """The facts that `as_data` made the data of."""
    return Facts(figures.from_data(data["month"]), data["streak"])


def below_mark(unit: UnitMonth) -> list[int]:
    """Ids of the people who sat and stayed below the pass mark."""
    return [person.person_id for person in unit.people if person.band == "below"]


def reaches(counts: Counts, missed: tuple[Shortfall, ...]) -> bool:
    """Whether a retest reaches the standard in every measure that was missed. Everybody called must have sat."""
    if counts.absent or not counts.sat:
        return False
    reached = {"pass_rate": counts.share("passed", "sat"), "mean": counts.mean}
    return all(reached[each.measure] >= Fraction(each.asked) for each in missed)


def evidence(facts: Facts, retest: Counts) -> str:
    """Both figures side by side, never added, as they are written into the step that proposes closing."""
    standard = facts.month.standard
    first = wording.summary(facts.unit.counts, standard)
    return f"原测：{first}复测：{wording.summary(retest, standard)}两次分别列出，不相加。"


def plan_draft(facts: Facts) -> str:
    """Words to begin a unit's plan with: its weak topics, and what may be done about them."""
    topics = "、".join(topic.topic for topic in facts.weak) or "（请填写）"
    return (
        f"薄弱专题：{topics}。\n"
        "措施：1. 安排一次干部夜校，逐条学习上述专题的条款；2. 每人重看自己答错的题和依据。\n"
        "负责人：\n完成时间："
    )
