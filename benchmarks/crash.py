"""kill -9 under 64 savers, again and again: `python -m benchmarks.crash [--rounds 20]`.

Every saver changes its answers as fast as the server takes them; one packet in ten is sent once more when a newer one is
already acknowledged (late), one reply in five is thrown away and its packet sent again (lost). At a random moment all
server processes are killed, then the database is compared with what was acknowledged, and the next round goes on with
the same database. Prints how many acknowledged answers are lost, doubled, or replaced by an older one: 0 0 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import select

from benchmarks import scene
from benchmarks.evening import HOUSE, token_at
from benchmarks.phones import Phone, Tally
from benchmarks.servers import Server, running
from school import db
from school.quizzes.models import Answer, Attempt, Candidate, PaperQuestion
from school.roster.models import Person

SAVERS, QUESTIONS = 64, 20
SINGLE_CHOICE = range(1, 1 + QUESTIONS * 3 // 5)
LATE, LOST = 0.1, 0.2


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
    await asyncio.sleep(random.uniform(0.5, 2))
    server.kill()
    await asyncio.gather(*savers)


def rows_in(settings) -> list[tuple]:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2, help="server processes")
    asked, ledger = parser.parse_args(), Ledger()
    numbers = [count(2, 2) for _ in range(SAVERS)]
    with tempfile.TemporaryDirectory(prefix="夜校 ") as name:
        settings = scene.scratch(Path(name))
        made = scene.build(settings, SAVERS, questions=QUESTIONS, begun=SAVERS)
        for _ in range(asked.rounds):
            with running([*HOUSE, "--workers", str(asked.workers)], Path(name)) as server:
                phones = [Phone(server.port, Tally(), *one) for one in made.cookies.items()]
                asyncio.run(until_killed(server, phones, f"/quiz/{made.round_id}/", numbers, ledger))
            ledger.compare(rows_in(settings))
    print(f"{asked.rounds} kills under {SAVERS} savers, {ledger.acknowledged} answers acknowledged")
    print("lost, doubled, older over newer:", *(ledger.wrong[name] for name in ("lost", "doubled", "older")))


if __name__ == "__main__":
    main()
