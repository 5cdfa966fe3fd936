"""Starting a server in processes of its own, watching what it costs, and ending exactly it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.phones import HOST

CHECKOUT = Path(__file__).resolve().parents[1]
PROC = Path("/proc")
STARTS_WITHIN = 60


@dataclass(frozen=True)
class Server:
    """A running server with all its processes. Cost is read from /proc: zero where there is none."""

    group: int
    port: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        ticks = sum(int(stat[11]) + int(stat[12]) for stat in map(_stat, self._processes()))
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0

    def peak(self) -> float:
        """MiB of memory at the highest, of all processes (pages they share are counted for each)."""
        lines = [line for process in self._processes() for line in _read(process / "status").splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    def _processes(self) -> list[Path]:
        return [path for path in PROC.glob("[0-9]*") if (stat := _stat(path)) and int(stat[2]) == self.group]

    def shared(self) -> float:
        """MiB of memory now, of all processes, shared pages counted once; zero where the system does not tell."""
        lines = [line for process in self._processes() for line in _read(process / "smaps_rollup").splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    def kill(self) -> None:
        """kill -9 of all its processes, as a power cut would find it."""
        os.killpg(self.group, signal.SIGKILL)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def database_cpu() -> float:
    """Seconds of processor time of every PostgreSQL process on this machine, the ended ones as their parent knows them."""
    found = [_stat(path) for path in PROC.glob("[0-9]*") if _read(path / "comm").strip() == "postgres"]
    return sum(int(ticks) for stat in found if stat for ticks in stat[11:15]) / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> list[str]:
    """Fields of /proc/<pid>/stat after the name: state, parent, group, …"""
    return _read(process / "stat").rpartition(")")[2].split()


@contextmanager
def running(
    command: list[str], folder: Path, *, database_url: str = "", first: Path | None = None, **settings: str
) -> Iterator[Server]:
    """`python COMMAND --port N` on the data in `folder`, until the block ends.

    first: a folder whose sitecustomize.py changes the machine under the server (slow_disk, loose_disk).
    settings: further variables of its environment.
    """
    port = _free_port()
    path = os.pathsep.join(map(str, filter(None, (first, CHECKOUT))))
    environment = {
        **os.environ, "SCHOOL_DATA_DIR": str(folder), "SCHOOL_DATABASE_URL": database_url, "PYTHONPATH": path, **settings,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, *command, "--port", str(port)],
        env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield Server(process.pid, port)
        process.terminate()
        process.wait(30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return socket.create_connection((HOST, port), 1).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
