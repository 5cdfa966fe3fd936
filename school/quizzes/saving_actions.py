"""The desk where answers are handed over: all that wait are written in one transaction, with one wait for the disk.

There is no thread of its own and so nothing to start, to stop or to drain: whoever finds the pen free writes for all who
wait, and everybody leaves with their own outcome, after the commit and not before. A save that comes alone waits for
nobody.
"""

from __future__ import annotations

import threading

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from school import db as ground
from school.errors import SchoolError
from school.quizzes import taking_actions
from school.quizzes.taking_actions import Saved, Sending


class Waiting:
    """A sending at the desk, and what becomes of it."""

    def __init__(self, sending: Sending):
        self.sending, self.outcome = sending, None
        self._bell = threading.Lock()
        self._bell.acquire()

    def ring(self) -> None:
        """Wake the one who waits: the outcome is there, or it is their turn to write."""
        self._bell.release()

    def sleep(self) -> None:
        """Wait for the bell."""
        self._bell.acquire()

    def told(self) -> Saved:
        """The outcome, returned or raised."""
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Desk:
    """One per process and database. grace: seconds a late answer may travel and still count."""

    def __init__(self, engine: Engine, grace: int):
        self._engine, self._grace = engine, grace
        #: handed over, and not yet taken up by whoever writes
        self.waiting: list[Waiting] = []
        self._lock, self._writing = threading.Lock(), False

    def save(self, sending: Sending) -> Saved:
        """taking_actions.keep in a transaction shared with whoever else waits; returns after the commit.

        Raises what keep raises, and OperationalError when the database cannot write at all.
        """
        mine = Waiting(sending)
        if not self._has_the_pen(mine):
            mine.sleep()
        if mine.outcome is None:
            self._write_and_pass_on()
        return mine.told()

    def _has_the_pen(self, mine: Waiting) -> bool:
        """Join whoever waits; whether nobody writes, so that one must write oneself."""
        with self._lock:
            self.waiting.append(mine)
            free, self._writing = not self._writing, True
            return free

    def _write_and_pass_on(self) -> None:
        """Write for all who wait, then wake one of those who came meanwhile to write next."""
        try:
            self._write()
        finally:
            with self._lock:
                self._writing = bool(self.waiting)
                if self.waiting:
                    self.waiting[0].ring()

    def _write(self) -> None:
        """Save all who wait when the turn comes, and settle each of them."""
        batch: list[Waiting] = []
        try:
            with ground.writing_rows(self._engine) as db:
                batch += self._collected()
                outcomes = [self._outcome(db, one.sending) for one in batch]
        except OperationalError as error:  # a full disk, a locked file: trying one by one would only take longer
            batch += self._collected()
            outcomes = [error] * len(batch)
        except Exception as error:
            if batch:  # one of them broke the transaction, the others must not suffer for it
                outcomes = [self._alone(one.sending) for one in batch]
            else:  # no connection came; whoever waits here must be told, or they would wait for good
                batch += self._collected()
                outcomes = [error] * len(batch)
        for one, outcome in zip(batch, outcomes, strict=True):
            one.outcome = outcome
            one.ring()

    def _collected(self) -> list[Waiting]:
        """Everybody who waits, in the one order in which rows are locked, so that two processes never block each other."""
        with self._lock:
            batch, self.waiting = self.waiting, []
        return sorted(batch, key=lambda one: (one.sending.round_id, one.sending.person_id or 0, one.sending.position))

    def _outcome(self, db: Connection, sending: Sending) -> Saved | SchoolError:
        """A refusal comes before anything is written, so the transaction goes on."""
        try:
            return taking_actions.keep(db, sending, grace=self._grace)
        except SchoolError as error:
            return error

    def _alone(self, sending: Sending) -> Saved | Exception:
        try:
            with ground.writing_rows(self._engine) as db:
                return self._outcome(db, sending)
        except Exception as error:
            return error
