"""kill -9 and power loss under 64 savers, again and again: `python -m benchmarks.crash [--rounds 20]`.

Every saver changes its answers as fast as the server takes them; one packet in ten is sent once more when a newer one is
already acknowledged (late), one reply in five is thrown away and its packet sent again (lost). At a random moment all
server processes are killed, then the database is compared with what was acknowledged, and the next round goes on with
the same database. Where the power fails, the database becomes what had been fsynced and nothing more (loose_disk; Linux,
one process). Prints how many acknowledged answers are lost, doubled, or replaced by an older one: 0 0 0.

`--synchronous NORMAL` shows that the simulation would tell: with it, the power takes acknowledged answers away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import select

from benchmarks import scene
from benchmarks.evening import HOUSE
from benchmarks.people import token_at
from benchmarks.phones import Phone, Tally
from benchmarks.servers import CHECKOUT, Server, running
from school import db
from school.quizzes.models import Answer, Attempt, Candidate, PaperQuestion
from school.roster.models import Person
from school.settings import Settings

SAVERS, QUESTIONS = 64, 20
SINGLE_CHOICE = range(1, 1 + QUESTIONS * 3 // 5)
LATE, LOST = 0.1, 0.2
LOOSE_DISK = CHECKOUT / "benchmarks" / "loose_disk"


@dataclass
class Ledger:
    """What was acknowledged: (staff number, position) -> highest sequence number; and what was seen to go wrong."""

    kept: dict[tuple[str, int], int] = field(default_factory=dict)
    wrong: Counter = field(default_factory=Counter)
    acknowledged: int = 0

    def note(self, name: str, position: int, standing: int) -> None:
        """A reply says what stands now."""
        self.acknowledged += 1
        if standing < self.kept.get((name, position), 0):
            self.wrong["older"] += 1
        self.kept[name, position] = standing

    def compare(self, rows) -> None:
        """Hold the ledger against (staff number, position, sequence, packet, given) of all rows."""
        stored = {(name, position): sequence for name, position, sequence, _, _ in rows}
        self.wrong["lost"] += sum(stored.get(place, 0) < sequence for place, sequence in self.kept.items())
        self.wrong["doubled"] += len(rows) - len(stored)
        self.wrong["older"] += sum((packet, given) != content(sequence) for *_, sequence, packet, given in rows)


def content(sequence: int) -> tuple[str, list[str]]:
    """Packet and answer that belong to a number, so that a mixture is seen."""
    return f"packet {sequence}", ["abcd"[sequence % 4]]


async def saver(phone: Phone, path: str, token: str, numbers: count, ledger: Ledger, dice: random.Random) -> None:
    """Save until the server is gone."""

    async def send(position: int, sequence: int) -> None:
        packet, given = content(sequence)
        fields = {"csrf_token": token, "sequence": sequence, "packet": packet, "given": given}
        reply = await phone.post(f"{path}{position}", "save", json=True, **fields)
        if reply.status != 200:
            raise SystemExit(f"the server refused: {reply.text}")
        if dice.random() < LOST:
            return await send(position, sequence)
        return ledger.note(phone.name, position, json.loads(reply.text)["sequence"])

    try:
        while True:
            position, sequence = dice.choice(SINGLE_CHOICE), next(numbers)
            await send(position, sequence)
            if dice.random() < LATE:
                await send(position, sequence - 1)
    except (OSError, EOFError):
        phone.close()


async def until_killed(server: Server, phones: list[Phone], path: str, numbers: list[count], ledger: Ledger) -> None:
    """All savers at once, and the end at a moment of chance."""
    token = await token_at(Phone(server.port, Tally(), cookie=phones[0].cookie), f"{path}1")
    savers = [
        asyncio.create_task(saver(phone, path, token, own, ledger, random.Random()))
        for phone, own in zip(phones, numbers, strict=True)
    ]
    enough = ledger.acknowledged + random.randint(SAVERS, 10 * SAVERS)
    while ledger.acknowledged < enough:
        await asyncio.sleep(0.01)
    server.kill()
    await asyncio.gather(*savers)


def rows_in(settings: Settings) -> list[tuple]:
    """Every answer there is after the crash."""
    engine = db.make_engine(settings.url)
    statement = (
        select(Person.staff_no, PaperQuestion.position, Answer.sequence, Answer.packet, Answer.given)
        .join_from(Answer, PaperQuestion, PaperQuestion.id == Answer.question_id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Person, Person.id == Candidate.person_id)
    )
    with db.reading(engine) as session:
        rows = [tuple(row) for row in session.execute(statement)]
    engine.dispose()
    return rows


class Rounds:
    """One database that is killed again and again, and the ledger of what it acknowledged."""

    def __init__(self, folder: Path):
        self.folder, self.ledger = folder, Ledger()
        self.settings = scene.scratch(folder / "数据")
        self.made = scene.build(self.settings, SAVERS, questions=QUESTIONS, begun=SAVERS)
        self._numbers = [count(2, 2) for _ in range(SAVERS)]

    def kill(self, workers: int) -> None:
        """The server's processes die; what they gave to the system stays."""
        self._until_killed(workers)
        self.ledger.compare(rows_in(self.settings))

    def cut_the_power(self, synchronous: str) -> None:
        """Of what the server wrote, only what it fsynced stays."""
        shadow = self.folder / "shadow"
        shutil.rmtree(shadow, ignore_errors=True)
        shadow.mkdir()
        self._carry(self.settings.data_dir, shadow)
        self._until_killed(1, first=LOOSE_DISK, SHADOW=str(shadow), SYNCHRONOUS=synchronous)
        for file in self.settings.data_dir.glob("school.db*"):
            file.unlink()
        self._carry(shadow, self.settings.data_dir)
        self.ledger.compare(rows_in(self.settings))

    def _carry(self, here: Path, there: Path) -> None:
        for file in (*here.glob("school.db"), *here.glob("school.db-wal")):
            shutil.copy(file, there)

    def _until_killed(self, workers: int, **circumstances) -> None:
        house = [*HOUSE, "--workers", str(workers)]
        with running(house, self.settings.data_dir, **circumstances) as server:
            phones = [Phone(server.port, Tally(), *one) for one in self.made.cookies.items()]
            asyncio.run(until_killed(server, phones, f"/quiz/{self.made.round_id}/", self._numbers, self.ledger))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="so many kills, and as many power cuts")
    parser.add_argument("--workers", type=int, default=2, help="server processes in the rounds with a kill")
    parser.add_argument("--synchronous", default="", help="what SQLite is told instead of FULL when the power fails")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="夜校 ") as name:
        for title, deed in (
            ("kill -9", lambda rounds: rounds.kill(asked.workers)),
            ("power loss", lambda rounds: rounds.cut_the_power(asked.synchronous)),
        ):
            rounds = Rounds(Path(name) / title)
            for _ in range(asked.rounds):
                deed(rounds)
            wrong = rounds.ledger.wrong
            print(
                f"{title}: {asked.rounds} times under {SAVERS} savers, {rounds.ledger.acknowledged} answers acknowledged"
            )
            print("  lost, doubled, older over newer:", *(wrong[name] for name in ("lost", "doubled", "older")))


if __name__ == "__main__":
    main()
