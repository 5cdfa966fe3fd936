"""A published round written by hand, question by question and answer by answer, for tests of marking and corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from school.access import Member
from school.quizzes import judging_actions, queries
from school.quizzes.models import Answer, Attempt, Candidate, Paper, PaperQuestion, Round
from school.roster.models import Person, Unit
from tests import makers
from tests.makers import NOW, TODAY, later

FIVE = Decimal(5)
#: two officers of the whole county, and a third
FIRST, SECOND, THIRD = (
    replace(makers.ROOT, account_id=number, name=name) for number, name in ((901, "甲"), (902, "乙"), (903, "丙"))
)


@dataclass
class Exam:
    """A round with its papers and the bank's question ids in the order in which they were asked for."""

    round: Round
    papers: list[Paper]
    questions: list[int]


def make_exam(db: Session, unit: Unit, *forms: Sequence[str], **values) -> Exam:
    """A published round with a form per list of kinds; the same place on two forms asks another question.

    A kind may carry its place in the bank, "single:1", so that two forms share the question.
    """
    defaults = {
        "unit_id": unit.id, "title": "十一月月测", "month": TODAY.replace(day=1), "state": "published", "opens_at": NOW,
        "closes_at": later(hours=2), "minutes": 30, "multi_rule": "half", "pass_mark": Decimal(9),
        "excellent_mark": Decimal(14), "asked_pass_percent": Decimal(90), "asked_mean": Decimal(10), "basis_body": "云岭县委办",
        "basis_title": "政策学习安排", "basis_number": "云委办〔2026〕3号", "basis_on": TODAY, "seed": "s",
        "published_at": later(days=-1),
        "blueprint": {"parts": [{"kind": kind.partition(":")[0], "count": 1, "points": "5"} for kind in forms[0]],
                      "demands": [], "topics": [], "audiences": ["cadre"], "forms": len(forms)},
    }  # fmt: skip
    round_ = Round(**{**defaults, **values})
    db.add(round_)
    db.flush()
    bank = makers.make_bank(db, unit, f"题库{round_.id}")
    shared: dict[str, object] = {}
    papers, ids = [], {}
    for letter, kinds in zip("ABC", forms, strict=False):
        versions = [_version(db, bank, kind, shared) for kind in kinds]
        asked = [_asked(version, position) for position, version in enumerate(versions, 1)]
        papers.append(Paper(round_id=round_.id, form=letter, questions=asked))
        ids |= dict.fromkeys(version.question_id for version in versions)
    db.add_all(papers)
    db.flush()
    return Exam(round_, papers, list(ids))


def _version(db: Session, bank, kind: str, shared: dict):
    name, _, place = kind.partition(":")
    if not place:
        return makers.make_question(db, bank, name)
    if kind not in shared:
        shared[kind] = makers.make_question(db, bank, name)
    return shared[kind]


def _asked(version, position: int) -> PaperQuestion:
    key = "三十年不变" if version.kind == "short" else version.key
    return PaperQuestion(
        position=position, question_id=version.question_id, version_id=version.id, kind=version.kind, stem=version.stem,
        options=version.options, key=key, points=FIVE, explanation=version.explanation, citation="《农村土地承包法》第二十一条",
        topic=version.topic, difficulty=version.difficulty, expected=Decimal(80),
    )  # fmt: skip


def sit(
    db: Session, exam: Exam, person: Person, unit: Unit, answers: Mapping[int, list], *, form: int = 0,
    at: datetime = NOW, hand_in: bool = True,
) -> Attempt:  # fmt: skip
    """A candidate's attempt with the answers by position, handed in unless told otherwise."""
    paper = exam.papers[form]
    candidate = Candidate(
        round_id=exam.round.id, person_id=person.id, unit_id=unit.id, name=person.name, post="", paper_id=paper.id
    )
    db.add(candidate)
    db.flush()
    attempt = Attempt(candidate_id=candidate.id, started_at=at, deadline_at=later(minutes=30))
    db.add(attempt)
    db.flush()
    saved = {"sequence": 1, "packet": "p", "saved_at": at}
    asked = {question.position: question.id for question in paper.questions}
    db.add_all(
        Answer(attempt_id=attempt.id, question_id=asked[position], given=given, **saved)
        for position, given in answers.items()
    )
    db.flush()
    if hand_in:
        finish(db, exam, attempt, at=at)
    return attempt


def finish(db: Session, exam: Exam, attempt: Attempt, *, at: datetime = NOW) -> None:
    """Hand an attempt in."""
    candidate = db.get_one(Candidate, attempt.candidate_id)
    attempt.score = judging_actions.judge(db, queries.Sitting(exam.round, candidate, attempt))
    attempt.handed_in_at, attempt.handed_in_how, attempt.receipt = at, "self", f"R{attempt.id:05}"
    db.flush()


def rows(db: Session) -> tuple[list, list]:
    """Every answer's points and every attempt's score, as they stand in the database."""
    db.expire_all()
    points = [(one.id, one.points) for one in db.query(Answer).order_by(Answer.id)]
    return points, [(one.id, one.score) for one in db.query(Attempt).order_by(Attempt.id)]


def officer(name: str, number: int) -> Member:
    """One more officer of the whole county."""
    return replace(makers.ROOT, account_id=number, name=name)
