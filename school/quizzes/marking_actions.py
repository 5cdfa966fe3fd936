"""Deeds of markers: one decision for all answers that read alike, and taking one's own decision back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.errors import Refused
from school.quizzes import correction, judging_actions, judging_queries, marking, marking_queries
from school.quizzes.correction import Asked
from school.quizzes.marking import Given
from school.quizzes.marking_queries import Handwork
from school.quizzes.models import Attempt, Mark, Round

#: attempts or marks looked up in one statement
BATCH = 500


def mark(
    db: Session, round_: Round, question_id: int, alike: str, points: Decimal, *, third: bool, by: Member, now: datetime
) -> int:
    """Give points to all answers that read alike and wait for this member; returns how many there were.

    The round is locked by the caller, so that of several who decide at once the first one does. third: deciding between
    two markers.  Refused: a cancelled round, points that are no halves up to the full ones.
    """
    if round_.state not in ("published", "closed"):
        raise Refused("这一轮没有进行或已经取消，不用评分。")
    answers = marking_queries.waiting(db, round_.id, question_id)
    mine = marking_queries.open_to(answers, round_, by)
    marked = [
        replace(one, marks=(*one.marks, Given(number, points, by.account_id)))
        for one, number in mine
        if one.alike == alike and (number == 3) == third
    ]
    if any(points not in marking.steps(one.full) for one in marked):
        raise Refused("分数要在零分到满分之间，以半分为单位，请重新选择。")
    _record(db, marked, by=by, now=now)
    _settle(db, round_, marked)
    if marked:
        after = {"question": question_id, "points": points, "answers": len(marked)}
        audit.record(db, by, "decide_dispute" if third else "mark_answers", round_, at=now, after=after)
    return len(marked)


def _record(db: Session, marked: Sequence[Handwork], *, by: Member, now: datetime) -> None:
    signed = {"marker_id": by.account_id, "marked_by": by.name, "marked_at": now}
    last = [(one.answer_id, one.marks[-1]) for one in marked]
    db.add_all(Mark(answer_id=answer_id, number=mark.number, points=mark.points, **signed) for answer_id, mark in last)
    db.flush()


def take_back(db: Session, round_: Round, question_id: int, alike: str, *, by: Member, now: datetime) -> int:
    """Take one's own marks of answers that read alike back, so that they wait again; returns how many there were.

    Those another marker has gone on from stay. Refused once the round is closed.
    """
    if round_.state != "published":
        raise Refused("这一轮已经结束，评分不能再改；确有错误的，请在改判页面办理。")
    own = [
        one
        for one in marking_queries.marked_by(db, round_.id, question_id, by)
        if one.alike == alike and one.marks[-1].marker_id == by.account_id
    ]
    for start in range(0, len(own), BATCH):
        ids = [one.answer_id for one in own[start : start + BATCH]]
        db.execute(delete(Mark).where(Mark.answer_id.in_(ids), Mark.marker_id == by.account_id))
    _settle(db, round_, [replace(one, marks=one.marks[:-1]) for one in own])
    if own:
        before = {"question": question_id, "points": own[0].marks[-1].points, "answers": len(own)}
        audit.record(db, by, "take_back_marks", round_, at=now, before=before)
    return len(own)


def _settle(db: Session, round_: Round, answers: Sequence[Handwork]) -> None:
    """Write the points that now stand, and the scores that follow."""
    remedies = judging_queries.remedies(db, round_.id)
    points = {}
    for one in answers:
        asked = Asked(one.kind, one.key, one.full, round_.multi_rule)
        stands = marking.standing(one.marks, round_.two_markers)
        points[one.answer_id] = correction.earned(asked, one.given, marked=stands, remedy=remedies.get(one.question_id))
    judging_actions.write(db, points, {})
    attempts = sorted({one.attempt_id for one in answers})
    for start in range(0, len(attempts), BATCH):
        some = Attempt.id.in_(attempts[start : start + BATCH])
        judging_actions.hold(db, round_.id, some)
        judging_actions.write(db, {}, judging_queries.scores(db, round_.id, remedies, some))


def must_be_marked(db: Session, round_: Round) -> None:
    """Refuse while answers of a round wait for a person."""
    if waiting := marking_queries.waiting_count(db, round_.id):
        raise Refused(f"还有 {waiting} 份作答等待人工评阅。请先在这一轮的“人工评阅”里评完，再来结束这一轮。")
