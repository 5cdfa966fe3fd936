"""The evening when a county answers at once: `python -m benchmarks.evening [--people 400] [--questions 20]`.

Starts the real server on a scratch SQLite database and lets everybody come at the pace of a county (3,809 people within
60 s, fewer in proportion): open, begin, answer question by question as a browser without scripts does (send the form, get
the next page), hand in, read the receipt. Once all of them were signed in before, once all give their password (argon2id
as shipped). Then 16 phones save without a pause, on the house and on the bare yardstick (bare.py) in turn. Prints tables
and ends; `--people 3809` is the full evening. Compare figures of one run with each other only.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks import bare, scene
from benchmarks.phones import Page, Phone, Tally
from benchmarks.servers import Server, running

#: people who come in a second
COMING = 3809 / 60
#: rises through all stretches, as a save must be newer than the one before
SEQUENCE = count(1)
WRITERS = 16
HOUSE, YARDSTICK = ["-m", "school", "serve"], ["-m", "benchmarks.bare"]
STEPS = ("sign in", "open", "page", "save", "hand in")


@dataclass(frozen=True)
class Measured:
    """One crowd, served: what it went through, in how many seconds, for how many seconds of processor time."""

    tally: Tally
    seconds: float
    cpu: float


async def evening(phone: Phone, round_id: int, questions: int, pause: float, dice: random.Random) -> None:
    """One person, from the link to the receipt. pause: seconds between two answers, on average."""
    base = f"/quiz/{round_id}"
    page = await phone.get(base, "open")
    if page.asks("login_name"):
        page = await sign_in(phone, page, base)
    await phone.post(f"{base}/begin", "open", csrf_token=page.hidden("csrf_token"))
    page = await phone.get(f"{base}/1", "page")
    for position in range(1, questions + 1):
        await asyncio.sleep(dice.uniform(0.5, 1.5) * pause)
        fields = {name: page.hidden(name) for name in ("csrf_token", "sequence", "packet")}
        given = "true" if 'value="true"' in page.text else dice.choice("abcd")
        go = str(position + 1) if position < questions else "hand-in"
        onward = await phone.post(f"{base}/{position}", "save", **fields, given=given, go=go)
        page = await phone.get(onward.location, "page")
    await phone.post(f"{base}/hand-in", "hand in", csrf_token=page.hidden("csrf_token"))
    page = await phone.get(f"{base}/result", "hand in")
    phone.tally.finished += "回执号" in page.text


async def sign_in(phone: Phone, page: Page, base: str) -> Page:
    """The password, then the page one came for."""
    told = {"csrf_token": page.hidden("csrf_token"), "login_name": phone.name, "password": scene.PASSWORD, "next": base}
    return await phone.get((await phone.post("/sign-in", "sign in", **told)).location, "open")


async def crowd(phones: list[Phone], made: scene.Scene, pause: float) -> None:
    """Everybody comes at their moment and goes through the evening."""

    async def person(number: int, phone: Phone) -> None:
        await asyncio.sleep(number / COMING)
        try:
            await evening(phone, made.round_id, made.questions, pause, random.Random(number))
        except (OSError, EOFError, ValueError) as error:
            print(f"{phone.name}: {error!r}")
            phone.tally.errors += 1
        finally:
            phone.close()

    await asyncio.gather(*(person(number, phone) for number, phone in enumerate(phones)))


async def writers(phones: list[Phone], path: str, token: str, positions: int, seconds: float) -> None:
    """Each phone saves one answer after the other for so many seconds, asking for JSON as quiz.js does."""
    ends = time.perf_counter() + seconds

    async def write(phone: Phone) -> None:
        while time.perf_counter() < ends:
            sequence = next(SEQUENCE)
            fields = {"csrf_token": token, "sequence": sequence, "packet": f"{sequence}", "given": "a"}
            await phone.post(f"{path}{1 + sequence % positions}", "save", json=True, **fields)
        phone.close()

    await asyncio.gather(*map(write, phones))


def measured(server: Server, tally: Tally, work) -> Measured:
    """Run the crowd to its end beside the server's processor clock."""
    began, cpu = time.perf_counter(), server.cpu()
    asyncio.run(work)
    return Measured(tally, time.perf_counter() - began, server.cpu() - cpu)


def people_phase(server: Server, made: scene.Scene, names: list[str], pause: float, *, signed_in: bool) -> Measured:
    tally = Tally()
    phones = [Phone(server.port, tally, name, made.cookies[name] if signed_in else "") for name in names]
    return measured(server, tally, crowd(phones, made, pause))


def saves_phase(server: Server, cookies: list[str], path: str, positions: int, seconds: float) -> Measured:
    token = asyncio.run(token_at(Phone(server.port, Tally(), cookie=cookies[0]), f"{path}1"))
    tally = Tally()
    phones = [Phone(server.port, tally, cookie=cookie) for cookie in cookies]
    return measured(server, tally, writers(phones, path, token, positions, seconds))


async def token_at(phone: Phone, path: str) -> str:
    """The form's token: the same for all of the scene, whose sessions share their secret."""
    token = (await phone.get(path, "page")).hidden("csrf_token")
    phone.close()
    return token


def print_evening(title: str, people: int, found: Measured, server: Server) -> None:
    """One crowd's figures."""
    tally, each = found.tally, 1000 * found.cpu / max(found.tally.finished, 1)
    print(f"\n{title}: {tally.finished} of {people} finished, {tally.errors} errors, in {found.seconds:.0f} s")
    print(f"  {tally.requests / found.seconds:.0f} requests/s, {tally.finished / found.seconds:.1f} attempts/s, "
          f"{each:.0f} ms CPU per finished attempt, peak memory {server.peak():.0f} MiB")  # fmt: skip
    print(f"  {'step':10}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    for step in (step for step in STEPS if tally.times[step]):
        shares = "".join(f"{tally.percentile(step, share):9.1f}" for share in (0.5, 0.95, 0.99))
        print(f"  {step:10}{len(tally.times[step]):10}{shares}")


def print_saves(rows: list[tuple[str, Measured]]) -> None:
    """House and yardstick side by side, in the order in which they ran, and what the house costs more."""
    print(f"\n{WRITERS} writers without a pause")
    print(f"  {'':12}{'saves/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU µs each':>13}{'errors':>8}")
    for name, found in rows:
        saves = max(found.tally.requests, 1)
        shares = "".join(f"{found.tally.percentile('save', share):9.1f}" for share in (0.5, 0.95, 0.99))
        cost = 1e6 * found.cpu / saves
        print(f"  {name:12}{saves / found.seconds:9.0f}{shares}{cost:13.0f}{found.tally.errors:8}")
    speed = {name: sum(f.tally.requests / f.seconds for n, f in rows if n == name) for name in ("house", "bare route")}
    print(f"  the bare route saves {speed['bare route'] / speed['house']:.2f} times as many in a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--pause", type=float, help="seconds between two answers; people / 300 unless told")
    parser.add_argument("--seconds", type=float, default=4, help="length of one stretch of saves")
    parser.add_argument("--workers", type=int, default=1, help="server processes")
    asked = parser.parse_args()
    pause = asked.people / 300 if asked.pause is None else asked.pause
    with tempfile.TemporaryDirectory(prefix="夜校 ") as name:
        run(Path(name), asked, pause)


def run(folder: Path, asked: argparse.Namespace, pause: float) -> None:
    """Both evenings, then the saves; everything is gone afterwards."""
    settings = scene.scratch(folder)
    made = scene.build(settings, WRITERS + 2 * asked.people, questions=asked.questions, begun=WRITERS)
    names, strangers = list(made.cookies), bare.build(folder, WRITERS)
    writing, before, later = names[:WRITERS], names[WRITERS : WRITERS + asked.people], names[-asked.people :]
    house = [*HOUSE, "--workers", str(asked.workers)]
    with running(house, folder) as server, running(YARDSTICK, folder) as yardstick:
        found = people_phase(server, made, before, pause, signed_in=True)
        print_evening("Signed in before", asked.people, found, server)
        found = people_phase(server, made, later, pause, signed_in=False)
        print_evening("With a password", asked.people, found, server)
        cookies, singles, rows = [made.cookies[name] for name in writing], asked.questions * 3 // 5, []
        for _ in range(2):
            path = f"/quiz/{made.round_id}/"
            rows.append(("house", saves_phase(server, cookies, path, singles, asked.seconds)))
            rows.append(("bare route", saves_phase(yardstick, strangers, "/", singles, asked.seconds)))
        print_saves(rows)


if __name__ == "__main__":
    main()
