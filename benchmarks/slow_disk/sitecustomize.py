"""A disk that takes 5 ms for each fsync, as an office PC's does: put before all else on PYTHONPATH by evening.py.

In WAL mode with synchronous=FULL SQLite waits for the disk once in each commit that wrote something, so such a commit
lasts 5 ms longer here. The wait lets other threads run, as the system's own does. A checkpoint's waits stay as they are.
"""

import sqlite3
import time
from functools import cache

FSYNC = 0.005
_connect = sqlite3.connect


@cache
def on_a_slow_disk(kind: type[sqlite3.Connection]) -> type[sqlite3.Connection]:
    """A kind of connection whose commits wait when they wrote."""

    class SlowDisk(kind):
        seen = 0

        def commit(self) -> None:
            super().commit()
            if self.total_changes != self.seen:
                self.seen = self.total_changes
                time.sleep(FSYNC)

    return SlowDisk


def connect(*arguments, factory=sqlite3.Connection, **named):
    return _connect(*arguments, factory=on_a_slow_disk(factory), **named)


sqlite3.connect = sqlite3.dbapi2.connect = connect
