"""Writers of one SQLite file take turns: threads by a lock in the process, processes by a lock on a file beside it.

SQLite itself lets whoever knocks first after a pause go in, and under load some writers knock for seconds; in a queue
the longest wait is ten times shorter. The file stays empty. The system frees its lock when the process that holds it dies.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: seconds between two tries on Windows, which has no lock that waits without end
KNOCK_EVERY = 0.002

_threads = threading.Lock()


@contextmanager
def turn(path: str | Path) -> Iterator[None]:
    """Hold the turn that `path` stands for. Not to be nested in one thread.

    The process's lock comes first, so that it has at most one hand on the file and two of its threads cannot wait
    for each other.
    """
    with _threads, open(path, "ab") as file:
        _lock(file.fileno())
        try:
            yield
        finally:
            _unlock(file.fileno())


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        while True:
            try:
                return msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            except PermissionError:
                time.sleep(KNOCK_EVERY)

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
