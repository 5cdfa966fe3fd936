"""The demo county's quizzes: rounds planned and published, and people who answer them, each as well as they can."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from school import db as ground
from school.access import Member
from school.quizzes import actions, drawing_queries, queries, taking_actions
from school.quizzes.actions import Plan
from school.quizzes.models import PaperQuestion, Round
from school.quizzes.paper import Part
from school.quizzes.queries import CandidateRow, Sitting
from school.roster.models import Unit

Item = TypeVar("Item")
#: goes through items and shows how far it is: watch(items, words)
Watch = Callable[[Sequence[Item], str], Iterable[Item]]

PARTS = (Part("single", 10, Decimal(5)), Part("multi", 5, Decimal(5)), Part("judge", 5, Decimal(5)))
MINUTES = 30
#: people who answer in one transaction
BATCH = 25


@dataclass(frozen=True)
class Ability:
    """How a unit's people do. share: of the questions that a person usually gets right.  weak: topics they stumble over.
    slump: how many of a hundred people have a bad day.
    """

    share: float
    weak: tuple[str, ...] = ()
    slump: float = 0.06

    def wrong(self, questions: Sequence[PaperQuestion], dice: random.Random) -> set[int]:
        """Positions of the questions one person gets wrong; those of weak topics come first."""
        share = dice.gauss(self.share, 0.07) - (0.3 if dice.random() < self.slump else 0)
        many = round(len(questions) * (1 - min(1, max(0.2, share))))
        order = sorted(questions, key=lambda question: dice.random() - (0.5 if question.topic in self.weak else 0))
        return {question.position for question in order[:many]}


def plan(month: date, opens_at: datetime, closes_at: datetime) -> Plan:
    """The month's plan: twenty questions, half an hour, the product's usual marks."""
    return Plan(
        title=f"{month.year}年{month.month}月政策应知应会测试", month=month, opens_at=opens_at, closes_at=closes_at,
        minutes=MINUTES, scope="乡村振兴、农村土地、基层治理、干部纪律、防灭火与应急安全，共十八个专题，题目都出自现行法规和政策原文。",
        parts=PARTS, topics=(), audiences=("cadre", "both"), forms=3, multi_rule="half", pass_mark=Decimal(60),
        excellent_mark=Decimal(90), asked_pass_percent=Decimal(90), asked_mean=Decimal(80), basis_body="中共云岭县委办公室",
        basis_title="关于做好全县干部政策学习的安排", basis_number=f"云委办〔{month.year}〕3号",
        basis_on=date(month.year, 1, 4),
    )  # fmt: skip


def publish(db: Session, unit: Unit, made: Plan, *, planned_at: datetime, published_at: datetime, by: Member) -> Round:
    """A round of a unit, planned and published at moments of the past."""
    round_ = actions.plan_round(db, unit, made, by=by, now=planned_at)
    db.flush()
    drawn = drawing_queries.drawn(db, round_, on=actions.day_asked(round_, published_at))
    actions.publish(db, round_, drawn=drawn, by=by, now=published_at)
    return round_


def answer(
    engine: Engine,
    round_id: int,
    starts: Sequence[tuple[int, datetime]],
    ability: Callable[[CandidateRow], Ability],
    *,
    seed: int,
    watch: Watch,
    words: str,
    hand_in: bool = True,
) -> None:
    """Let people sit the round. starts: (person id, moment they begin).  hand_in: False leaves them half-way."""
    with Session(engine) as db:
        rows = {row.person.id: row for row in queries.candidate_rows(db, round_id, ["/"])}
        papers = {paper.id: list(paper.questions) for paper in queries.papers_of(db, round_id)}
    for some in watch(list(_batches(starts)), words):
        with ground.writing(engine) as db:
            for person_id, at in some:
                dice = random.Random(f"{seed}/{round_id}/{rows[person_id].person.staff_no}")
                questions = papers[rows[person_id].candidate.paper_id]
                _sit(db, round_id, person_id, questions, ability(rows[person_id]), dice, at, hand_in)


def _batches(starts: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (starts[begin : begin + BATCH] for begin in range(0, len(starts), BATCH))


def _sit(
    db: Session,
    round_id: int,
    person_id: int,
    questions: Sequence[PaperQuestion],
    ability: Ability,
    dice: random.Random,
    at: datetime,
    hand_in: bool,
) -> None:
    sitting: Sitting = queries.sitting(db, round_id, person_id)
    by = Member(None, person_id, sitting.candidate.name)
    taking_actions.begin(db, sitting, by=by, now=at)
    wrong = ability.wrong(questions, dice)
    for question in questions if hand_in else questions[:7]:
        at += timedelta(seconds=dice.randint(12, 55))
        given = _missed(question, dice) if question.position in wrong else _key(question)
        packet = f"{dice.getrandbits(64):016x}"
        sending = taking_actions.Sending(round_id, person_id, question.position, given, 1, packet, at)
        taking_actions.save(db, sending, grace=20)
    if hand_in:
        taking_actions.hand_in(db, sitting, how="self", by=by, now=at + timedelta(seconds=30))


def _key(question: PaperQuestion) -> list:
    return [question.key] if question.kind == "judge" else question.key


def _missed(question: PaperQuestion, dice: random.Random) -> list:
    """A wrong answer as people give it: half of a multiple choice, another option, now and then none at all."""
    if question.kind == "judge":
        return [not question.key]
    ids = [option["id"] for option in question.options]
    if question.kind == "multi":
        return question.key[:-1] if dice.random() < 0.4 else [one for one in ids if one not in question.key][:1]
    return [] if dice.random() < 0.05 else [dice.choice([one for one in ids if one not in question.key])]


def starts_between(
    people: Iterable[int], first: datetime, last: datetime, dice: random.Random
) -> list[tuple[int, datetime]]:
    """When each of the people begins: most in the evenings' first half of the window, in the order they come."""
    span = (last - first).total_seconds()
    found = [(person, first + timedelta(seconds=int(span * dice.random() ** 2))) for person in people]
    return sorted(found, key=lambda start: start[1])
