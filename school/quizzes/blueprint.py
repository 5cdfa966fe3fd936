"""What every paper of a round must hold, and whether that can be had at all before any bank is looked at. Pure.

A blueprint has parts (so many questions of a kind, each worth so much) and demands that narrow them down: exactly so many
questions of a kind with a topic, a difficulty or both stand on every paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from school.quizzes.paper import KINDS, Drawable, Part

DIFFICULTIES = range(1, 6)


@dataclass(frozen=True)
class Demand:
    """Exactly `count` questions of a kind on every paper. topic: "" for any.  difficulty: 1 … 5, 0 for any."""

    kind: str
    topic: str
    difficulty: int
    count: int

    def fits(self, question: Drawable) -> bool:
        """Whether a question is one of those counted."""
        return (
            question.kind == self.kind
            and self.topic in ("", question.topic)
            and self.difficulty in (0, question.difficulty)
        )

    def holds(self, other: Demand) -> bool:
        """Whether everything `other` counts is counted here too."""
        return self.kind == other.kind and self.topic in ("", other.topic) and self.difficulty in (0, other.difficulty)

    def apart(self, other: Demand) -> bool:
        """Whether no question is counted by both."""
        return (
            self.kind != other.kind
            or (bool(self.topic and other.topic) and self.topic != other.topic)
            or (bool(self.difficulty and other.difficulty) and self.difficulty != other.difficulty)
        )

    @property
    def kind_name(self) -> str:
        """单选题"""
        return KINDS[self.kind]

    @property
    def name(self) -> str:
        """单选题·农村土地·难度3级"""
        said = [KINDS[self.kind], self.topic, f"难度{self.difficulty}级" if self.difficulty else ""]
        return "·".join(filter(None, said))

    @property
    def said(self) -> str:
        """单选题·农村土地·难度3级 2 道"""
        return f"{self.name} {self.count} 道"


def parts_of(blueprint: dict) -> list[Part]:
    """The parts of a stored blueprint."""
    return [Part(part["kind"], part["count"], Decimal(part["points"])) for part in blueprint["parts"]]


def demands_of(blueprint: dict) -> list[Demand]:
    """The demands of a stored blueprint."""
    return [Demand(**row) for row in blueprint["demands"]]


def rows(parts: Iterable[Part], demands: Iterable[Demand]) -> list[Demand]:
    """All that is counted on a paper: the parts, as demands for any topic and difficulty, and then the demands."""
    return [*(Demand(part.kind, "", 0, part.count) for part in parts), *demands]


def contradictions(parts: Sequence[Part], demands: Sequence[Demand], topics: Sequence[str] = ()) -> list[str]:
    """Why no bank whatever could serve the blueprint, one sentence each; empty when nothing speaks against it.

    topics: those the round draws from, empty for all.

    | what is asked                                                        | why it cannot be                            |
    |----------------------------------------------------------------------|---------------------------------------------|
    | two rows with the same kind, topic and difficulty                    | which of the two is meant?                  |
    | a kind that is no part; a topic that the round does not draw from    | there is none on the paper                  |
    | rows of several topics, or of several difficulties, together more    | the row or part around them has fewer       |
    | rows of all five difficulties, or of all topics, together fewer      | the row or part around them has more        |
    """
    kinds = {part.kind for part in parts}
    found = [f"“{row.name}”写了两行，请合成一行。" for row, times in Counter(map(_cell, demands)).items() if times > 1]
    found += [f"“{row.name}”：题量里没有{KINDS[row.kind]}，请先填题数。" for row in demands if row.kind not in kinds]
    found += [
        f"“{row.name}”：这一轮的专题里没有“{row.topic}”，请修改专题或这一行。"
        for row in demands
        if topics and row.topic and row.topic not in topics
    ]
    return found or [said for whole in rows(parts, demands) for said in _torn(whole, demands, topics)]


def _cell(row: Demand) -> Demand:
    return Demand(row.kind, row.topic, row.difficulty, 0)


def _torn(whole: Demand, demands: Sequence[Demand], topics: Sequence[str]) -> list[str]:
    """Where the rows inside one row, taken by topic or by difficulty, ask more or less than that row allows."""
    inside = [row for row in demands if whole.holds(row) and _cell(row) != _cell(whole)]
    by_topic = [row for row in inside if row.difficulty == whole.difficulty]
    by_level = [row for row in inside if row.topic == whole.topic]
    cells = [row for row in inside if row not in by_topic and row not in by_level]
    found = [_too_many(whole, shares + _beside(shares, cells)) for shares in (by_topic, by_level)]
    if {row.topic for row in by_topic} == set(topics):
        found.append(_too_few(whole, by_topic))
    if {row.difficulty for row in by_level} == set(DIFFICULTIES):
        found.append(_too_few(whole, by_level))
    return list(dict.fromkeys(filter(None, found)))


def _beside(shares: Sequence[Demand], cells: Sequence[Demand]) -> list[Demand]:
    return [cell for cell in cells if all(cell.apart(share) for share in shares)]


def _too_many(whole: Demand, shares: Sequence[Demand]) -> str:
    asked = sum(row.count for row in shares)
    return f"{whole.name}只有 {whole.count} 道，细分却要{_listed(shares)}。" if asked > whole.count else ""


def _too_few(whole: Demand, shares: Sequence[Demand]) -> str:
    asked = sum(row.count for row in shares)
    return f"{whole.name}要 {whole.count} 道，各项都细分了却只有{_listed(shares)}。" if 0 < asked < whole.count else ""


def _listed(shares: Sequence[Demand]) -> str:
    said = "、".join(row.said for row in shares)
    return f"{said}，合计 {sum(row.count for row in shares)} 道" if len(shares) > 1 else said
