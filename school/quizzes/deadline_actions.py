"""Deeds on stored deadlines: computed anew, and given the time back that a pause or an outage of the server took.

The watch notes every few seconds that the server runs (`beat`). Whoever is about to hand an attempt in because its time
is over looks at that note first (`mend`): where the server was silent, the time is given back before anybody's is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.errors import Busy
from school.quizzes import running_queries as running
from school.quizzes import timing
from school.quizzes.models import Attempt, Heartbeat, Round

CLOCKWORK = Member(None, None, "系统")
MENDING = "服务器刚刚恢复运行，正在补回停掉的时间，请过几秒再试。已保存的答案都在。"
INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def retime(db: Session, round_: Round, rows: Sequence[tuple[Row, int, int]]) -> int:
    """Store the deadlines of begun attempts anew; returns how many. rows: of running.unfinished, with minutes of
    extension and seconds given back."""
    values = [
        {
            "id": row.attempt_id,
            "given_back": given_back,
            "deadline_at": timing.deadline(row.started_at, round_.minutes, round_.closes_at, extension, given_back),
        }
        for row, extension, given_back in rows
        if row.started_at
    ]
    if values:
        db.execute(update(Attempt), values)
    return len(values)


def give_back(db: Session, round_: Round, since: datetime, seconds: int) -> int:
    """Give seconds back to whoever was answering at a moment, in the window as it stands now; returns how many.

    Whose time was over before it has lost none; whoever has finished stays finished.
    """
    rows = [row for row in running.unfinished(db, round_.id, lock=True) if row.started_at and row.deadline_at > since]
    return retime(db, round_, [(row, row.extension, row.given_back + seconds) for row in rows])


def beat(db: Session, *, now: datetime) -> None:
    """Note that the server runs; what it was silent for is given back first."""
    mend(db, now=now)
    note(db, now)


def note(db: Session, now: datetime) -> None:
    """Keep the moment, unless a later one is kept.

    Processes follow a set clock one after the other; and a start with a clock that is years behind must not look, when
    it is put right, like years of silence, for that would open again what was over.
    """
    row = INSERT[db.get_bind().dialect.name](Heartbeat).values(id=1, at=now)
    later = row.excluded.at > Heartbeat.at
    db.execute(row.on_conflict_do_update(index_elements=[Heartbeat.id], set_={"at": row.excluded.at}, where=later))


def mend(db: Session, *, now: datetime) -> None:
    """Give back what an outage took and nobody has given back yet; costs one look where there was none.

    Called before the rows of any one attempt are locked. Busy where another process is just at it.
    """
    if not timing.silence(db.scalar(select(Heartbeat.at)), now):
        return
    row = select(Heartbeat.at).with_for_update(skip_locked=True)
    since = db.scalar(row)
    if since is None:
        raise Busy(MENDING, 5)
    if timing.silence(since, now):
        for round_ in running.struck(db, since, now):
            _make_good(db, round_, since, now)
        note(db, now)


def _make_good(db: Session, round_: Round, since: datetime, now: datetime) -> None:
    """An outage that began while the round was open; one that was to open meanwhile has lost what came after."""
    since, before = max(since, round_.opens_at), round_.closes_at
    seconds = timing.lost(since, now)
    round_.closes_at = timing.closes_after(before, round_.minutes, since, now)
    db.flush()
    touched = give_back(db, round_, since, seconds)
    if touched or round_.closes_at != before:
        lost = {"from": since, "until": now, "seconds": seconds, "touched": touched, "closes_at": round_.closes_at}
        audit.record(db, CLOCKWORK, "make_good_outage", round_, at=now, before={"closes_at": before}, after=lost)
