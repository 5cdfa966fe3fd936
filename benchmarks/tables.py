"""What the benchmarks print."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.phones import Tally

SHARES = (0.5, 0.95, 0.99)
STEPS = ("password", "signed in", "open", "begin", "paper", "page", "save", "time", "hand in", "result")


@dataclass(frozen=True)
class Measured:
    """One crowd, served. seconds: how long it took.  cpu, database: seconds of processor time of the server's processes, and
    of PostgreSQL's where it is used.  peak, shared: MiB of memory, at the highest and now (shared pages counted once).
    """

    tally: Tally
    seconds: float
    cpu: float
    database: float = 0
    peak: float = 0
    shared: float = 0

    def each(self, seconds: float) -> float:
        """Milliseconds for each finished attempt."""
        return 1000 * seconds / max(self.tally.finished, 1)


def print_evening(title: str, people: int, found: Measured) -> None:
    """One crowd's figures."""
    tally = found.tally
    print(f"\n{title}: {tally.finished} of {people} finished, {tally.errors} errors, in {found.seconds:.0f} s")
    saves = len(tally.times["save"]) / found.seconds
    print(f"  {tally.requests / found.seconds:.0f} requests/s, {saves:.0f} saves/s, {tally.finished / found.seconds:.1f} "
          f"attempts/s; processor {100 * found.cpu / found.seconds:.0f} % of a core")  # fmt: skip
    database = f" + {found.each(found.database):.0f} ms of PostgreSQL" if found.database else ""
    print(f"  {found.each(found.cpu):.1f} ms CPU per finished attempt{database}; memory of all processes "
          f"{found.shared:.0f} MiB, at most {found.peak:.0f} MiB")  # fmt: skip
    if tally.sent_away:
        print(f"  sent away for some seconds because the hashing line was full: {tally.sent_away} times")
    print(f"  {'step':10}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for step in (step for step in STEPS if tally.times[step]):
        shares = "".join(f"{tally.percentile(step, share):9.1f}" for share in (*SHARES, 1))
        print(f"  {step:10}{len(tally.times[step]):10}{shares}")


def print_saves(title: str, rows: list[tuple[str, Measured]]) -> None:
    """House and yardstick side by side, in the order in which they ran, and what the house costs more."""
    print(f"\n{title}")
    print(f"  {'':12}{'saves/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU µs each':>13}{'errors':>8}")
    for name, found in rows:
        saves = max(found.tally.requests, 1)
        shares = "".join(f"{found.tally.percentile('save', share):9.1f}" for share in SHARES)
        print(f"  {name:12}{saves / found.seconds:9.0f}{shares}{1e6 * found.cpu / saves:13.0f}{found.tally.errors:8}")
    house, bare = _mean(rows, "house"), _mean(rows, "bare route")
    if bare:
        print(f"  the bare route saves {bare / house:.2f} times as many in a second")


def _mean(rows: list[tuple[str, Measured]], name: str) -> float:
    speeds = [found.tally.requests / found.seconds for one, found in rows if one == name]
    return sum(speeds) / len(speeds) if speeds else 0
