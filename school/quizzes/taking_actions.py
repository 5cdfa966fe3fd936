"""Deeds of the person who answers: begin, save an answer, hand in. Each is safe to send twice and in any order."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school import audit, words
from school.access import Member
from school.errors import NotFound, Refused
from school.prepared import Prepared
from school.quizzes import deadline_actions, judging_actions, queries, seats, taking_queries, timing
from school.quizzes.deadline_actions import CLOCKWORK
from school.quizzes.models import Answer, Attempt
from school.quizzes.queries import Sitting


class TooLate(Refused):
    """An answer after the deadline and its grace."""


CANCELLED = "这一轮测试已取消，不用再作答。理由写在“我的测试”里。"


@dataclass(frozen=True)
class Sending:
    """One answer as it arrived at a moment.

    sequence: rises with every change the person makes in this attempt.  packet: key of this sending; the same packet
    may arrive any number of times.  An empty list takes an answer back.
    """

    round_id: int
    person_id: int | None
    position: int
    given: list
    sequence: int
    packet: str
    at: datetime


@dataclass(frozen=True)
class Saved:
    """What the server has for one question after a save.

    newer: a later answer stands, this one came too late.  taken_over: it came from a page whose seat another device took.
    place: what queries.place knew of the attempt, for the page that goes on.
    """

    position: int
    given: list
    sequence: int
    saved_at: datetime
    newer: bool
    taken_over: bool = False
    place: tuple | None = field(default=None, compare=False, repr=False)


def begin(db: Session, sitting: Sitting, *, holder: str = "", by: Member, now: datetime) -> Attempt:
    """Start the person's own attempt; a second start finds the first. Refused: outside the window, in a pause, exempt.

    holder: the sign-in that answers.
    """
    attempt, candidate, round_ = sitting.attempt, sitting.candidate, sitting.round
    if attempt.started_at:
        return attempt
    _must_not_be_cancelled(sitting)
    if candidate.exempt_reason:
        raise Refused("这一轮您已办理免考，不需要作答。")
    if round_.state != "published" or not timing.may_begin(round_.opens_at, round_.closes_at, candidate.extension, now):
        raise Refused(f"答题时间是 {words.moment(round_.opens_at)} 至 {words.moment(round_.closes_at)}，现在不能开始。")
    if round_.paused_at:
        raise Refused(f"这一轮从 {words.clock_time(round_.paused_at)} 起暂停，恢复以后再开始，答题时间不会因此减少。")
    until = timing.deadline(now, round_.minutes, round_.closes_at, candidate.extension)
    first = update(Attempt).where(Attempt.id == attempt.id, Attempt.started_at.is_(None))
    if db.execute(first.values(started_at=now, deadline_at=until, holder=holder)).rowcount:
        audit.record(db, by, "begin_attempt", attempt, at=now, after={"deadline_at": until})
    db.refresh(attempt)
    return attempt


def _must_not_be_cancelled(sitting: Sitting) -> None:
    if sitting.round.state == "cancelled":
        raise Refused(CANCELLED)


def take_over(db: Session, sitting: Sitting, holder: str, *, by: Member, now: datetime) -> Attempt:
    """Go on with a begun attempt in another sign-in; where that one holds it already, nothing changes.

    Refused when it is not begun or handed in.
    """
    attempt = sitting.attempt
    _must_not_be_cancelled(sitting)
    if not attempt.started_at:
        raise Refused("请先点“开始答题”。")
    if attempt.handed_in_at:
        raise Refused(f"您已于 {words.moment(attempt.handed_in_at)} 交卷，不能再改答案。")
    if attempt.holder == holder:
        return attempt
    attempt.seat, attempt.holder = attempt.seat + 1, holder
    audit.record(db, by, "take_over_attempt", attempt, at=now, after={"seat": attempt.seat})
    return attempt


ANSWER = Answer.__table__
STANDS = (ANSWER.c.given, ANSWER.c.sequence, ANSWER.c.packet, ANSWER.c.saved_at)


def _upsert(insert) -> Prepared:
    """One answer in one statement; it returns nothing when a later answer of the same question is there."""
    written = insert(ANSWER)
    later = written.on_conflict_do_update(
        index_elements=[ANSWER.c.attempt_id, ANSWER.c.question_id],
        set_={column.name: written.excluded[column.name] for column in STANDS},
        where=written.excluded.sequence > ANSWER.c.sequence,
    )
    return Prepared(later.returning(*STANDS), ["attempt_id", "question_id", *(column.name for column in STANDS)])


UPSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
STANDING = Prepared(
    select(*STANDS).where(
        ANSWER.c.attempt_id == bindparam("attempt_id"), ANSWER.c.question_id == bindparam("question_id")
    )
)


def save(db: Session, sending: Sending, *, grace: int) -> Saved:
    """keep, in a session."""
    return keep(db.connection(), sending, grace=grace)


def keep(db: Connection, sending: Sending, *, grace: int) -> Saved:
    """Keep one answer, unless a later one of the same question is already there.

    Refused, before anything is written: not begun, handed in, past the deadline, not an answer to this question.
    """
    place = queries.place(db, sending.round_id, sending.person_id, sending.position)
    _must_be_open(place, sending.at, grace)
    if place.question_id is None:
        raise NotFound
    seat = seats.seat_of(sending.sequence)
    if seat > place.seat:
        raise Refused("这一页的编号对不上，请刷新后再答这道题，已保存的答案都在。")
    where = {"attempt_id": place.attempt_id, "question_id": place.question_id}
    values = {"sequence": sending.sequence, "packet": sending.packet, "saved_at": sending.at}
    kept = UPSERT[db.dialect.name].one(db, {**where, **values, "given": _checked(place, sending.given)})
    stands = kept or STANDING.one(db, where)
    newer = stands.packet != sending.packet
    return Saved(sending.position, stands.given, stands.sequence, stands.saved_at, newer, seat < place.seat, place)


def _must_be_open(place: Row, now: datetime, grace: int) -> None:
    if place.state == "cancelled":
        raise Refused(CANCELLED)
    if place.handed_in_at:
        raise Refused(f"您已于 {words.moment(place.handed_in_at)} 交卷，不能再改答案。")
    if place.state != "published":
        raise Refused("这一轮测试已经结束，不能再作答。")
    if not place.started_at:
        raise Refused("请先点“开始答题”。")
    if timing.is_over(place.deadline_at, now, grace, paused=place.paused_at is not None):
        raise TooLate(f"答题时间已于 {words.clock_time(place.deadline_at)} 结束，此前保存的答案都已交上。")


def _checked(question: Row, given: list) -> list:
    """The answer in the form it is kept in. Refused when it names what is not on the paper."""
    if question.kind in ("fill", "short"):
        size = len(question.key) if question.kind == "fill" else 1
        texts = [str(text)[:500] for text in given[:size]]
        return texts if any(text.strip() for text in texts) else []
    known = [True, False] if question.kind == "judge" else [option["id"] for option in question.options]
    if any(one not in known for one in given) or (len(given) > 1 and question.kind != "multi"):
        raise Refused("这道题没有这个选项，请刷新页面后再答。")
    return [one for one in known if one in given]


def hand_in(db: Session, sitting: Sitting, *, how: str, by: Member, now: datetime) -> Attempt:
    """Mark the saved answers and close the attempt; a repeat returns the same receipt. Refused when not begun.

    how: "self" or "deadline". Walking away hands in at the deadline, whenever the clockwork comes by (rules.md 4).
    """
    attempt = sitting.attempt
    if attempt.handed_in_at:
        return attempt
    _must_not_be_cancelled(sitting)
    if not attempt.started_at:
        raise Refused("还没有开始答题，不用交卷。")
    score = judging_actions.judge(db, sitting)
    at = min(now, attempt.deadline_at)
    closed = update(Attempt).where(Attempt.id == attempt.id, Attempt.handed_in_at.is_(None))
    values = {"handed_in_at": at, "handed_in_how": how, "score": score, "receipt": _receipt(sitting)}
    if db.execute(closed.values(**values)).rowcount:
        audit.record(db, by, "hand_in", attempt, at=now, after={"how": how, "receipt": values["receipt"]})
    db.refresh(attempt)
    return attempt


def _receipt(sitting: Sitting) -> str:
    return f"{sitting.round.id:04}-{secrets.token_hex(4).upper()}"


def hand_in_if_over(db: Session, sitting: Sitting, *, now: datetime, grace: int) -> None:
    """Hand in an attempt whose time is over, read under a lock: an extension or a pause may have come first.

    Before it was locked, deadline_actions.mend has given back what an outage took.
    """
    if sitting.round.state == "published" and timing.is_over(
        sitting.attempt.deadline_at, now, grace, paused=sitting.round.paused_at is not None
    ):
        hand_in(db, sitting, how="deadline", by=CLOCKWORK, now=now)


def hand_in_overdue(
    db: Session, *, now: datetime, grace: int, round_id: int | None = None, at_most: int | None = None
) -> int:
    """Hand in the attempts whose time is over; returns how many. What an outage took is given back first.

    The closing takes all of a round at once. The background clock takes so many at a time (at_most), each lot in a
    transaction of its own, and leaves out whatever somebody is just writing to: it comes again.
    """
    deadline_actions.mend(db, now=now)
    found = taking_queries.overdue(db, now - timedelta(seconds=grace), round_id=round_id, at_most=at_most)
    for sitting in found:
        hand_in(db, sitting, how="deadline", by=CLOCKWORK, now=now)
    return len(found)
