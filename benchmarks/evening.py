"""The evening when a county answers at once: `python -m benchmarks.evening [--people 400] [--questions 20]`.

Starts the real server with its default settings on a scratch database and lets everybody come at the pace of a county:
3,809 people within 60 s, fewer in proportion. They open the link, begin, get the paper, save 20 answers one by one in ten
minutes (fewer people in proportionally less, so that as many saves arrive in a second), hand in and read the receipt. Rows:

1. signed in before; 2. the rush: all give their password (argon2id as shipped) within 5 minutes, while 16 people who were
signed in before go on saving; 3. phones that run no script, a quarter as many; 4. sixteen writers without a pause, house
and bare yardstick (bare.py) in turn; 5. the same where each fsync takes 5 ms (slow_disk).

`--postgres postgresql://postgres@127.0.0.1:5432/postgres` holds rows 1 to 4 on a scratch database of that server, with 4
processes. `--people 3809` is the full evening. Compare figures of one run with each other only.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path

from benchmarks import bare, people, scene
from benchmarks.phones import Phone, Tally
from benchmarks.servers import CHECKOUT, Server, database_cpu, running
from benchmarks.tables import Measured, print_evening, print_saves
from school.serving import WORKERS

#: people who come in a second when a whole county opens the link, and when it signs in
COMING, RUSHING = 3809 / 60, 3809 / 300
#: saves a second of a whole county that answers 20 questions in ten minutes
SAVING = 3809 * 20 / 600
WRITERS = 16
#: seconds between two saves of somebody who goes on answering during the rush
UNHURRIED = 1.0
HOUSE, YARDSTICK = ["-m", "school", "serve"], ["-m", "benchmarks.bare"]
SLOW_DISK = CHECKOUT / "benchmarks" / "slow_disk"


def measured(server: Server, tally: Tally, work: Coroutine, *, postgres: bool = False) -> Measured:
    """Run the crowd to its end beside the processor clocks of the server and, with postgres, of its database."""
    began, cpu, database = time.perf_counter(), server.cpu(), database_cpu() if postgres else 0
    asyncio.run(work)
    seconds, cpu = time.perf_counter() - began, server.cpu() - cpu
    database = database_cpu() - database if postgres else 0
    return Measured(tally, seconds, cpu, database, server.peak(), server.shared())


class Evening:
    """The rows that a server is put through. asked: the command's options."""

    def __init__(self, server: Server, made: scene.Scene, asked: argparse.Namespace):
        self.server, self.made, self.asked = server, made, asked
        self.names = list(made.cookies)
        self.path, self.positions = f"/quiz/{made.round_id}/", asked.questions * 3 // 5

    def some(self, people: int) -> list[str]:
        """So many who have not come yet."""
        taken, self.names = self.names[:people], self.names[people:]
        return taken

    def signed_in_before(self, people_: int, way: people.Way, pause: float) -> Measured:
        """Everybody comes within a minute, with a cookie."""
        tally = Tally()
        phones = [Phone(self.server.port, tally, name, self.made.cookies[name]) for name in self.some(people_)]
        return self._measured(tally, people.crowd(phones, self.made, way, coming=COMING, pause=pause))

    def rush(self, answering: list[str]) -> tuple[Measured, Tally]:
        """Everybody signs in within five minutes; what the people go through who were signed in before, as well."""
        tally, theirs, over = Tally(), Tally(), asyncio.Event()
        phones = [Phone(self.server.port, tally, name) for name in self.some(self.asked.people)]
        others = [Phone(self.server.port, theirs, cookie=cookie) for cookie in answering]
        token = self._token(answering[0])

        async def both() -> None:
            saving = asyncio.create_task(
                people.writers(others, self.path, token, self.positions, until=over.is_set, pause=UNHURRIED)
            )
            await people.crowd(phones, self.made, people.with_script, coming=RUSHING, pause=self.asked.pause)
            over.set()
            await saving

        return self._measured(tally, both()), theirs

    def saves(self, cookies: list[str]) -> Measured:
        """Writers without a pause."""
        return saves(self.server, cookies, self.path, self._token(cookies[0]), self.positions, self.asked.seconds)

    def _token(self, cookie: str) -> str:
        return asyncio.run(people.token_at(Phone(self.server.port, Tally(), cookie=cookie), f"{self.path}1"))

    def _measured(self, tally: Tally, work: Coroutine) -> Measured:
        return measured(self.server, tally, work, postgres=bool(self.asked.postgres))


def saves(server: Server, cookies: list[str], path: str, token: str, positions: int, seconds: float) -> Measured:
    tally, ends = Tally(), time.perf_counter() + seconds
    phones = [Phone(server.port, tally, cookie=cookie) for cookie in cookies]
    over = lambda: time.perf_counter() > ends  # noqa: E731
    return measured(server, tally, people.writers(phones, path, token, positions, until=over))


def in_turn(house: Callable[[], Measured], yardstick: Callable[[], Measured]) -> list[tuple[str, Measured]]:
    """Each twice, so that a noisy neighbour of the machine hits both."""
    return [row for _ in range(2) for row in (("house", house()), ("bare route", yardstick()))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--pause", type=float, help="seconds between two answers; people / 127 unless told")
    parser.add_argument("--seconds", type=float, default=4, help="length of one stretch of saves")
    parser.add_argument("--workers", type=int, help="server processes; as shipped, on PostgreSQL 4")
    parser.add_argument("--postgres", default="", metavar="URL", help="a PostgreSQL server for the scratch database")
    asked = parser.parse_args()
    asked.pause = asked.people / SAVING if asked.pause is None else asked.pause
    asked.workers = asked.workers or (4 if asked.postgres else WORKERS)
    with tempfile.TemporaryDirectory(prefix="夜校 ") as name, scene.postgres(asked.postgres) as url:
        run(Path(name), url, asked)


def run(folder: Path, url: str, asked: argparse.Namespace) -> None:
    """All rows; everything is gone afterwards."""
    settings = scene.scratch(folder, url)
    without_script = max(asked.people // 4, 1)
    everybody = WRITERS + _first(asked) + 2 * asked.people + without_script
    made = scene.build(settings, everybody, questions=asked.questions, begun=WRITERS)
    strangers = bare.build(folder, WRITERS)
    commands = [[*one, "--workers", str(asked.workers)] for one in (HOUSE, YARDSTICK)]
    with ExitStack() as servers:
        server = servers.enter_context(running(commands[0], folder, database_url=url))
        yardstick = servers.enter_context(running(commands[1], folder))
        evening = Evening(server, made, asked)
        writing = [made.cookies[name] for name in evening.some(WRITERS)]
        evening.signed_in_before(_first(asked), people.with_script, 0.1)  # every process has served somebody before
        found = evening.signed_in_before(asked.people, people.with_script, asked.pause)
        print_evening("Signed in before", asked.people, found)
        found, theirs = evening.rush(writing)
        print_evening("The sign-in rush", asked.people, found)
        print(f"  meanwhile {WRITERS} people signed in before saved {theirs.requests} answers, {theirs.errors} errors, "
              f"p95 {theirs.percentile('save', 0.95):.1f} ms, p99 {theirs.percentile('save', 0.99):.1f} ms")  # fmt: skip
        found = evening.signed_in_before(without_script, people.page_by_page, asked.pause)
        print_evening("Phones without script", without_script, found)
        bare_saves = lambda: saves(yardstick, strangers, "/", "", evening.positions, asked.seconds)  # noqa: E731
        print_saves(f"{WRITERS} writers without a pause", in_turn(lambda: evening.saves(writing), bare_saves))
    if not asked.postgres:
        slow_disk(folder, made, asked, writing, strangers, commands)


def _first(asked: argparse.Namespace) -> int:
    """So many try the server before anything is measured."""
    return 8 * asked.workers


def slow_disk(
    folder: Path,
    made: scene.Scene,
    asked: argparse.Namespace,
    writing: list[str],
    strangers: list[str],
    commands: list[list[str]],
) -> None:
    """The writers once more, on a disk that takes 5 ms for each fsync."""
    house, bare_route = (running(command, folder, first=SLOW_DISK) for command in commands)
    with house as server, bare_route as yardstick:
        evening = Evening(server, made, asked)
        bare_saves = lambda: saves(yardstick, strangers, "/", "", evening.positions, asked.seconds)  # noqa: E731
        rows = in_turn(lambda: evening.saves(writing), bare_saves)
    print_saves(f"{WRITERS} writers without a pause, each fsync takes 5 ms", rows)


if __name__ == "__main__":
    main()
