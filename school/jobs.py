"""Long work in the background: a row per job, claimed by one worker thread, with progress people can watch.

A job survives a restart: one whose worker has not been heard of for `LOST_AFTER` is claimed again, so a job's function
must do its writing in one transaction at the end (or be repeatable). Its progress is written outside that transaction.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, Engine, ForeignKey, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from school import clock, db
from school.errors import SchoolError

LOST_AFTER = timedelta(minutes=2)
#: seconds between two looks at the table, and between two reports of progress
IDLE, BEAT = 1.0, 1.0

log = logging.getLogger(__name__)


class Job(db.Base):
    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict] = mapped_column(JSON)
    #: what the page says is being done
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: why it failed, or what came of it
    message: Mapped[str] = mapped_column(Text, default="")
    #: where its result is looked at
    result_url: Mapped[str] = mapped_column(String(200), default="")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


#: a job's function: (engine, arguments, progress) -> (message, result_url)
Progress = Callable[[int, int], None]
Work = Callable[[Engine, Mapping, Progress], tuple[str, str]]


class Cancelled(Exception):
    """Raised by `progress` inside a job whose owner has cancelled it."""


def ask(db: Session, kind: str, title: str, arguments: Mapping, *, by_id: int | None, now: datetime) -> Job:
    """Put a job into the queue, in the caller's transaction."""
    job = Job(kind=kind, title=title, arguments=dict(arguments), started_by_id=by_id, asked_at=now)
    db.add(job)
    db.flush()
    return job


def claim(engine: Engine, now: datetime) -> Job | None:
    """The oldest job nobody works on, now ours; None when there is none."""
    with db.writing(engine) as session:
        lost = (Job.state == "running") & (Job.heard_at < now - LOST_AFTER)
        job = session.scalars(
            select(Job).where(or_(Job.state == "waiting", lost)).order_by(Job.id).limit(1).with_for_update()
        ).one_or_none()
        if job is not None:
            job.state, job.heard_at, job.done = "running", now, 0
        return job


def run(engine: Engine, job: Job, work: Work) -> None:
    """Do one claimed job and write down how it ended."""
    try:
        message, url = work(engine, job.arguments, _reporter(engine, job.id))
        _finish(engine, job.id, state="done", message=message, result_url=url)
    except Cancelled:
        log.info("job %s was cancelled", job.id)
    except SchoolError as error:
        _finish(engine, job.id, state="failed", message=error.message)
    except Exception:
        log.exception("job %s (%s) failed", job.id, job.kind)
        _finish(engine, job.id, state="failed", message="这项工作没有完成，系统已记录原因。请稍后再试。")


def _finish(engine: Engine, job_id: int, **values) -> None:
    with db.writing(engine) as session:
        session.execute(update(Job).where(Job.id == job_id).values(finished_at=clock.now(), **values))


def _reporter(engine: Engine, job_id: int) -> Progress:
    last = [datetime.min.replace(tzinfo=clock.ZONE)]

    def progress(done: int, total: int) -> None:
        now = clock.now()
        if now - last[0] < timedelta(seconds=BEAT) and done < total:
            return
        last[0] = now
        with db.writing(engine) as session:
            heard = update(Job).where(Job.id == job_id, Job.state == "running")
            if not session.execute(heard.values(done=done, total=total, heard_at=now)).rowcount:
                raise Cancelled

    return progress


class Worker(threading.Thread):
    """Takes jobs one after the other until told to stop."""

    def __init__(self, engine: Engine, kinds: Mapping[str, Work]):
        super().__init__(name="jobs", daemon=True)
        self.engine, self.kinds, self.stopping = engine, kinds, threading.Event()

    def run(self) -> None:
        """Do jobs as they come, until told to stop."""
        while not self.stopping.is_set():
            if not self.step():
                self.stopping.wait(IDLE)

    def step(self) -> bool:
        """Do one job if there is one."""
        try:
            job = claim(self.engine, clock.now())
        except Exception:
            log.exception("the queue of jobs could not be read")
            return False
        if job is not None:
            run(self.engine, job, self.kinds[job.kind])
        return job is not None

    def stop(self) -> None:
        """Ask the thread to end after its present job."""
        self.stopping.set()
