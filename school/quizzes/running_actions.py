"""Deeds of the officer and the clerk while a round runs: exempt, extend, move the window, pause, go on, cancel, close.

Each of them first takes hold of the round (queries.own_round, queries.round_ with lock), then of the attempts it touches:
in that order two deeds never block each other, and the second sees what the first has done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from school import audit, words
from school.access import Member, Role
from school.errors import Refused
from school.quizzes import deadline_actions, marking_actions, taking_actions, timing
from school.quizzes import running_queries as running
from school.quizzes.models import Candidate, Round
from school.quizzes.queries import CandidateRow
from school.roster.models import Unit


def exempt(db: Session, row: CandidateRow, reason: str, *, by: Member, now: datetime) -> None:
    """Excuse a candidate with a reason (免考).

    Refused: oneself; has begun, is excused already; a clerk after the window's end.

    After a month is closed the figures change only by a correction (更正), which then rests on this exemption.
    """
    _must_be_in_time(row, by, now)
    if by.person_id is not None and by.person_id == row.person.id:
        raise Refused("自己的免考不能自己登记，请换一位联络员或管理员办理。")
    if row.attempt.started_at:
        raise Refused(f"{row.candidate.name}已经开始答题，不能再办免考。")
    if row.candidate.exempt_reason:
        raise Refused(f"{row.candidate.name}的免考已由{row.candidate.exempt_by}登记。理由要改，请先撤销再登记。")
    row.candidate.exempt_reason, row.candidate.exempt_by = reason, by.name
    after = {"person": row.person.staff_no, "reason": reason}
    audit.record(db, by, "exempt_candidate", row.candidate, at=now, before={"reason": ""}, after=after)


def unexempt(db: Session, row: CandidateRow, *, by: Member, now: datetime) -> None:
    """Take an exemption back; a second time does nothing. Refused to a clerk after the window's end."""
    _must_be_in_time(row, by, now)
    if not row.candidate.exempt_reason:
        return
    before = {"person": row.person.staff_no, "reason": row.candidate.exempt_reason}
    row.candidate.exempt_reason = row.candidate.exempt_by = ""
    audit.record(db, by, "unexempt_candidate", row.candidate, at=now, before=before)


def may_exempt(round_: Round, officer: bool, now: datetime) -> bool:
    """Whether exemptions are decided now: by the clerk until the window ends, by the officer afterwards too."""
    if round_.state not in ("published", "closed"):
        return False
    return officer or (
        round_.state == "published" and now < timing.still_closes_at(round_.closes_at, round_.paused_at, now)
    )


def _must_be_in_time(row: CandidateRow, by: Member, now: datetime) -> None:
    round_ = row.candidate.round
    if not may_exempt(round_, by.covers(row.unit.path, Role.OFFICER), now):
        called_off = round_.state not in ("published", "closed")
        raise Refused(
            "这一轮没有在进行，不办免考。" if called_off else "截止以后的免考由县级管理员办理，请把理由报给他们。"
        )


def extend(
    db: Session, round_: Round, row: CandidateRow, minutes: int, reason: str, *, by: Member, now: datetime
) -> None:
    """Give one person more minutes, in all. An open attempt gets them at once; a finished one is never reopened.

    Refused once nobody has time left, for then keys have been shown or are about to be.
    """
    _must_not_be_revealed(db, round_, now)
    attempt, candidate = row.attempt, row.candidate
    if attempt.handed_in_at:
        raise Refused(f"{candidate.name}已经交卷，不能再延长。")
    before = {"minutes": candidate.extension, "deadline_at": attempt.deadline_at}
    if attempt.started_at:
        until = timing.deadline(attempt.started_at, round_.minutes, round_.closes_at, minutes, attempt.given_back)
        _must_be_open(round_, attempt.deadline_at, until, now)
        attempt.deadline_at = until
    candidate.extension, candidate.extension_reason = minutes, reason
    after = {
        "person": row.person.staff_no,
        "minutes": minutes,
        "reason": reason,
        "deadline_at": attempt.deadline_at,
    }
    audit.record(db, by, "extend_candidate", candidate, at=now, before=before, after=after)


def _must_not_be_revealed(db: Session, round_: Round, now: datetime) -> None:
    if round_.state != "published" or now >= running.reveals_at(db, round_, 0, now):
        raise Refused("这一轮的答题时间已经结束，答案已可查看，不能再延长。需要补测的，请安排补考或复测。")


def _must_be_open(round_: Round, deadline_at: datetime, until: datetime, now: datetime) -> None:
    """now: while a round is paused the clock of its attempts stands where it stood."""
    standing = round_.paused_at or now
    if deadline_at <= standing:
        raise Refused(f"答题时间已于 {words.clock_time(deadline_at)} 结束，已保存的答案算交上了，不能再延长。")
    if until <= standing:
        raise Refused("这样改，答题时间就已经过去了。请填长一些的时间。")


def extend_all(
    db: Session, round_: Round, unit: Unit | None, minutes: int, reason: str, *, by: Member, now: datetime
) -> int:
    """Give a unit and all below it at least so many minutes in all; returns how many got more than they had.

    unit: None for all candidates that the member officers.  Whoever has more already keeps it; whoever has finished stays
    finished. Pressed twice it changes nothing.
    """
    paths = by.paths(Role.OFFICER) if unit is None else (unit.path,)
    _must_not_be_revealed(db, round_, now)
    standing = round_.paused_at or now
    rows = [
        row
        for row in running.unfinished(db, round_.id, paths, lock=True)
        if row.extension < minutes and (row.started_at is None or row.deadline_at > standing)
    ]
    if not rows:
        return 0
    granted = {"extension": minutes, "extension_reason": reason}
    db.execute(update(Candidate), [{"id": row.candidate_id, **granted} for row in rows])
    deadline_actions.retime(db, round_, [(row, minutes, row.given_back) for row in rows])
    after = {"unit": unit.code if unit else "全部", "minutes": minutes, "reason": reason, "touched": len(rows)}
    audit.record(db, by, "extend_candidates", round_, at=now, after=after)
    return len(rows)


def move_window(
    db: Session,
    round_: Round,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    *,
    grace: int,
    by: Member,
    now: datetime,
) -> int:
    """Move the window and every stored deadline with it; returns how many people were answering.

    What was finished before stays finished. Refused: over, paused, keys shown, an end that is past, a beginning that
    people have already used, a window shorter than the working time, no change at all.
    """
    must_be_movable(db, round_, opens_at, closes_at, now)
    taking_actions.hand_in_overdue(db, now=now, grace=grace, round_id=round_.id)
    before = {"opens_at": round_.opens_at, "closes_at": round_.closes_at}
    round_.opens_at, round_.closes_at = opens_at, closes_at
    db.flush()
    rows = [row for row in running.unfinished(db, round_.id, lock=True) if row.started_at and row.deadline_at > now]
    moved = deadline_actions.retime(db, round_, [(row, row.extension, row.given_back) for row in rows])
    after = {"opens_at": opens_at, "closes_at": closes_at, "reason": reason, "touched": moved}
    audit.record(db, by, "move_window", round_, at=now, before=before, after=after)
    return moved


def must_be_movable(db: Session, round_: Round, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if round_.state != "published":
        raise Refused("只有已发布、还没有月结的轮次才能改开放时间。")
    if round_.paused_at:
        raise Refused("这一轮暂停着。请先恢复，再改开放时间。")
    if now >= running.reveals_at(db, round_, 0, now):
        raise Refused("答案已可查看，不能再改开放时间。需要补测的，请安排补考或复测。")
    if (opens_at, closes_at) == (round_.opens_at, round_.closes_at):
        raise Refused("开始和截止时间都没有变。")
    if opens_at != round_.opens_at and running.begun(db, round_.id):
        raise Refused("已经有人开始答题，开始时间不能再改，只能改截止时间。")
    if closes_at <= now:
        raise Refused("截止时间要在现在以后。")
    if closes_at - opens_at < timedelta(minutes=round_.minutes):
        raise Refused("开放时间比答题时间还短，请把截止时间往后移。")


def pause(db: Session, round_: Round, reason: str, *, by: Member, now: datetime, since: datetime | None = None) -> bool:
    """Stop the clock of a round that is being answered; False when it stands still already.

    since: from when it stood still in truth, to the minute. What was handed in meanwhile because its time was over stays
    finished (rules.md 5); how many that met is kept with the deed, for they may need a make-up.

    Refused: outside its time; since a moment before the opening, before it last went on, or still to come.
    """
    if round_.paused_at:
        return False
    if round_.state != "published" or not round_.opens_at <= now < running.ends_at(db, round_, 0, now):
        raise Refused("只有正在答题的轮次才能暂停。还没开始的，请改开放时间。")
    since = now if since is None else _stopped_at(db, round_, since, now)
    first = update(Round).where(Round.id == round_.id, Round.state == "published", Round.paused_at.is_(None))
    done = db.execute(first.values(paused_at=since)).rowcount == 1
    if done:
        met = running.met_by_deadline(db, round_.id, since)
        audit.record(db, by, "pause_round", round_, at=now, after={"reason": reason, "paused_at": since, "met": met})
    db.refresh(round_)
    return done


def _stopped_at(db: Session, round_: Round, typed: datetime, now: datetime) -> datetime:
    went_on = running.went_on_at(db, round_.id)
    since = timing.stopped_at(typed, max(round_.opens_at, went_on or round_.opens_at))
    if since > now:
        raise Refused("停下的时间不能在现在以后。现在刚停的，这一项不用填。")
    if since < round_.opens_at:
        raise Refused(f"这一轮 {words.moment(round_.opens_at)} 才开始，停下的时间不能更早。")
    if went_on and since < went_on:
        raise Refused(
            f"这一轮 {words.moment(went_on)} 恢复过，那以前停掉的时间已经补回，停下的时间不能更早。"
            "还有人那时没补够的，请用“给单位或全部延长”。"
        )
    return since


def resume(db: Session, round_: Round, *, by: Member, now: datetime) -> int | None:
    """Let the clock run again and give the time back: to the window, and to whoever was answering when it stopped.

    Returns the seconds given back; None when the round was not paused. Whose time was over before the pause has none lost.
    """
    since = round_.paused_at
    if since is None:
        return None
    seconds = timing.lost(since, now)
    closes_at = round_.closes_at + timedelta(seconds=seconds)
    first = update(Round).where(Round.id == round_.id, Round.paused_at == since)
    if not db.execute(first.values(paused_at=None, closes_at=closes_at)).rowcount:
        return None
    db.refresh(round_)
    moved = deadline_actions.give_back(db, round_, since, seconds)
    after = {"seconds": seconds, "closes_at": closes_at, "touched": moved}
    audit.record(db, by, "resume_round", round_, at=now, before={"paused_at": since}, after=after)
    return seconds


def cancel(db: Session, round_: Round, reason: str, *, by: Member, now: datetime) -> None:
    """Call a round off. Its people read why and keep their receipts; it counts nowhere. Refused once it is closed."""
    if round_.state not in ("draft", "published"):
        raise Refused("这一轮已经结束，不能取消。")
    before = {"state": round_.state}
    round_.state, round_.cancelled_at, round_.cancel_reason = "cancelled", now, reason
    audit.record(db, by, "cancel_round", round_, at=now, before=before, after={"reason": reason})


def close(db: Session, round_: Round, *, grace: int, by: Member, now: datetime) -> None:
    """End a round after its time: open attempts are handed in as saved.

    Refused while anybody has time left, and while answers wait to be marked by hand.
    """
    if round_.state != "published":
        raise Refused("只有已发布的轮次才能结束。")
    if round_.paused_at:
        raise Refused("这一轮暂停着，还有人要接着答。请先恢复，到截止以后再结束。")
    deadline_actions.mend(db, now=now)
    must_be_over(db, round_, "结束这一轮", grace=grace, now=now)
    taking_actions.hand_in_overdue(db, now=now, grace=grace, round_id=round_.id)
    marking_actions.must_be_marked(db, round_)
    round_.state, round_.closed_at = "closed", now
    audit.record(db, by, "close_round", round_, at=now)


def must_be_over(db: Session, round_: Round, deed: str, *, grace: int, now: datetime) -> None:
    """Refuse while anybody may be answering. deed: what has to wait, as the sentence says it."""
    if until := running.answering_until(db, round_, grace, now):
        raise Refused(f"还有人可以答题，{words.moment(until)} 以后才能{deed}。")
