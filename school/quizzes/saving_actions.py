"""The desk where answers are handed over: all that wait are written in one transaction, with one wait for the disk.

There is no thread of its own and so nothing to start, to stop or to drain: whoever finds the pen free writes for all who
wait, and everybody leaves with their own outcome, after the commit and not before. A save that comes alone waits for
nobody.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from school import db as ground
from school.errors import SchoolError
from school.quizzes import taking_actions
from school.quizzes.taking_actions import Saved, Sending


@dataclass(frozen=True)
class Waiting:
    """A sending at the desk, and what becomes of it."""

    sending: Sending
    outcome: Future[Saved] = field(default_factory=Future)

    def settle(self, outcome: Saved | Exception) -> None:
        """Tell the one who waits."""
        tell = self.outcome.set_exception if isinstance(outcome, Exception) else self.outcome.set_result
        tell(outcome)


class Desk:
    """One per process and database. grace: seconds a late answer may travel and still count."""

    def __init__(self, engine: Engine, grace: int):
        self._engine, self._grace = engine, grace
        #: handed over, and not yet taken up by whoever writes
        self.waiting: list[Waiting] = []
        self._changed, self._writing = threading.Condition(), False

    def save(self, sending: Sending) -> Saved:
        """taking_actions.keep in a transaction shared with whoever else waits; returns after the commit.

        Raises what keep raises, and OperationalError when the database cannot write at all.
        """
        mine = Waiting(sending)
        with self._changed:
            self.waiting.append(mine)
            self._changed.wait_for(lambda: mine.outcome.done() or not self._writing)
            if mine.outcome.done():
                return mine.outcome.result()
            self._writing = True
        try:
            self._write()
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
        return mine.outcome.result()

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
            one.settle(outcome)

    def _collected(self) -> list[Waiting]:
        """Everybody who waits, in the one order in which rows are locked, so that two processes never block each other."""
        with self._changed:
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
