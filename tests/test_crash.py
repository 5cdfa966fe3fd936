"""The promise behind every "已保存": what the server acknowledged is there after it was killed, or lost its power.

Some packets come late and some replies are lost, as on a bad line. benchmarks/crash.py does the same a few hundred times.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from school import clock
from school import db as ground
from school.accounts import actions as accounts
from school.app import create_app
from school.migrations.steps import migrate
from school.quizzes import deadline_actions, queries, taking_actions
from school.quizzes.models import Answer, Attempt, Candidate, Heartbeat, PaperQuestion, Round
from school.settings import Settings
from tests import makers

if sys.platform != "win32":
    import resource

SAVERS = 64
#: of all packets: those that come once more after a newer one, and those whose reply gets lost and that are sent again
LATE, LOST = 0.1, 0.2
CHECKOUT = Path(__file__).parents[1]
LOOSE_DISK = CHECKOUT / "benchmarks" / "loose_disk"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepare(folder: Path) -> tuple[int, dict[int, str]]:
    """A county whose SAVERS people all have an open attempt: round id, and attempt id -> session cookie."""
    app = create_app(Settings(data_dir=folder))
    engine, now = app.extensions["engine"], clock.now()
    migrate(engine)
    sign = app.session_interface.get_signing_serializer(app)
    cookies = {}
    with ground.writing(engine) as db:
        county = makers.make_unit(db)
        people = [makers.make_person(db, f"学员{n}", county) for n in range(SAVERS)]
        round_ = makers.make_round(db, county, published=False, opens_at=now, closes_at=now + timedelta(hours=2))
        makers.publish(db, round_, now=now)
        for person in people:
            account = makers.make_account(db, person)
            token = accounts.sign_in(
                db, account, address="", device="", lasts=timedelta(days=1), must_change=False, now=now
            )
            sitting = queries.sitting(db, round_.id, person.id)
            taking_actions.begin(db, sitting, by=makers.ROOT, now=now)
            cookies[sitting.attempt.id] = sign.dumps({"_user_id": token, "_fresh": True, "csrf": "c" * 40})
        round_id = round_.id
    engine.dispose()
    return round_id, cookies


def csrf_of(connection: http.client.HTTPConnection, round_id: int, cookie: str) -> tuple[str, str]:
    """The token of a session, and the cookie as the server renewed it."""
    connection.request("GET", f"/quiz/{round_id}/1", headers={"Cookie": f"school={cookie}"})
    answer = connection.getresponse()
    page = answer.read().decode()
    renewed = answer.getheader("Set-Cookie") or ""
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return token, renewed.partition("school=")[2].partition(";")[0] or cookie


def save_until_it_dies(port: int, round_id: int, attempt_id: int, cookie: str, kept: dict, started: threading.Barrier):
    """Save answers one after the other; keep the sequence number of each that was acknowledged."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    token, cookie = csrf_of(connection, round_id, cookie)
    started.wait()
    headers = {
        "Cookie": f"school={cookie}",
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    dice, sequence = random.Random(attempt_id), 0

    def send(number: int) -> None:
        fields = {"csrf_token": token, "sequence": number, "packet": f"{number}", "given": "abcd"[number % 4]}
        lost = True
        while lost:
            connection.request("POST", f"/quiz/{round_id}/1", urlencode(fields), headers)
            told, lost = json.loads(connection.getresponse().read()), dice.random() < LOST
        assert told["sequence"] >= kept.get(attempt_id, 0)
        kept[attempt_id] = told["sequence"]

    try:
        while True:
            sequence += 2
            send(sequence)
            if dice.random() < LATE:
                send(sequence - 1)
    except (OSError, http.client.HTTPException):
        connection.close()


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start")


@contextmanager
def running(folder: Path, port: int, *, workers: int = 2, **environment: str) -> Iterator[subprocess.Popen]:
    """A server of its own, killed at the end."""
    server = subprocess.Popen(
        [sys.executable, "-m", "school", "serve", "--port", str(port), "--workers", str(workers)], cwd=folder,
        env={**os.environ, "SCHOOL_DATA_DIR": str(folder), "PYTHONPATH": str(CHECKOUT), **environment},
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        yield server
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def serve_until_it_dies(
    folder: Path, round_id: int, cookies: dict[int, str], *, workers: int = 2, **environment: str
) -> dict[int, int]:
    """kill -9 in the middle of the saves. Returns attempt id -> the highest sequence number that was acknowledged."""
    port = free_port()
    kept: dict[int, int] = {}
    started = threading.Barrier(SAVERS + 1)
    threads = [
        threading.Thread(target=save_until_it_dies, args=(port, round_id, attempt, cookie, kept, started))
        for attempt, cookie in cookies.items()
    ]
    with running(folder, port, workers=workers, **environment):
        for thread in threads:
            thread.start()
        started.wait(timeout=120)
        while sum(kept.values()) < 8 * SAVERS:
            time.sleep(0.05)
    for thread in threads:
        thread.join()
    return kept


def compare(folder: Path, kept: dict[int, int]) -> None:
    """No acknowledged answer is missing, none is there twice, and none has the content of another."""
    engine = ground.make_engine(f"sqlite:///{folder / 'school.db'}")
    with Session(engine) as db:
        first = PaperQuestion.position == 1
        stored = db.execute(
            select(Attempt.id, Answer.sequence, Answer.given)
            .join(Answer, Answer.attempt_id == Attempt.id)
            .join(PaperQuestion, (PaperQuestion.id == Answer.question_id) & first)
            .join(Candidate, Candidate.id == Attempt.candidate_id)
        ).all()
    engine.dispose()
    standing = {attempt: sequence for attempt, sequence, _ in stored}
    assert [attempt for attempt, sequence in kept.items() if standing.get(attempt, 0) < sequence] == []
    assert [given for _, sequence, given in stored if given != ["abcd"[sequence % 4]]] == []
    assert len(standing) == len(stored)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 of a process group is a POSIX deed")
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(tmp_path):
    """rules.md 8, 48."""
    folder = tmp_path / "数据"
    round_id, cookies = prepare(folder)

    compare(folder, serve_until_it_dies(folder, round_id, cookies))


def workers_of(server: subprocess.Popen) -> set[int]:
    """The processes that serve, as /proc names the children of the one that was started."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(server.pid) and b"serve" in (process / "cmdline").read_bytes():
                found.add(int(process.name))
    return found


def two_workers(server: subprocess.Popen, but: frozenset[int] | set[int] = frozenset()) -> set[int]:
    """The two processes that serve, as soon as there are two and not the same as before (but)."""
    for _ in range(300):
        if len(found := workers_of(server)) == 2 and found != but:
            return found
        time.sleep(0.1)
    pytest.fail("there were never two processes to serve")


def status(port: int, patience: int = 30) -> int:
    """What the sign-in page answers with on a connection of its own; 0 when there is no answer for so many seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the processes in /proc")
def test_a_serving_process_that_dies_is_replaced_and_the_other_goes_on(tmp_path):
    port = free_port()
    with running(tmp_path, port, workers=2) as server:
        before = two_workers(server)
        assert status(port) == 200

        os.kill(min(before), signal.SIGKILL)
        now = two_workers(server, but=before)

        assert now & before == {max(before)}
        assert {status(port) for _ in range(20)} == {200}


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 of a process group is a POSIX deed")
def test_a_server_that_was_away_when_the_time_was_over_hands_nobody_in(tmp_path):
    """rules.md 4. It ran until five minutes after the start; the deadlines passed in the hour since then."""
    folder = tmp_path / "数据"
    round_id, cookies = prepare(folder)
    engine, now = ground.make_engine(f"sqlite:///{folder / 'school.db'}"), clock.now()
    begun, silent = now - timedelta(minutes=65), now - timedelta(minutes=60)
    with ground.writing(engine) as db:
        db.get_one(Round, round_id).opens_at = begun
        db.execute(update(Attempt).values(started_at=begun, deadline_at=begun + timedelta(minutes=30)))
        deadline_actions.note(db, silent)

    port, cookie = free_port(), next(iter(cookies.values()))
    with running(folder, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", f"/quiz/{round_id}/paper", headers={"Cookie": f"school={cookie}"})
        page = connection.getresponse()
        assert (page.status, 'name="csrf_token"' in page.read().decode()) == (200, True)
        connection.close()

    with Session(engine) as db:
        handed_in = db.scalars(select(Attempt.id).where(Attempt.handed_in_at.is_not(None))).all()
        left = {deadline_at - db.get_one(Heartbeat, 1).at for deadline_at in db.scalars(select(Attempt.deadline_at))}
    engine.dispose()
    assert handed_in == []
    assert {round(one / timedelta(minutes=1)) for one in left} == {25}


@pytest.mark.skipif(sys.platform == "win32", reason="granian keeps its own count there")
def test_more_phones_than_fit_the_backlog_keep_their_lines_and_the_next_is_answered(tmp_path):
    """A browser keeps its connection: on the evening there are as many as phones."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    port = free_port()
    try:
        with running(tmp_path, port, workers=1), contextlib.ExitStack() as lines:
            for _ in range(2200):
                lines.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            assert status(port, patience=10) == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def sqlite_is_a_library() -> bool:
    """Whether SQLite's files can be watched from outside: not where it is built into Python."""
    sqlite3.connect(":memory:").close()
    maps = Path("/proc/self/maps")
    return maps.exists() and "libsqlite3" in maps.read_text()


@pytest.mark.skipif(not sqlite_is_a_library(), reason="needs Linux and a SQLite of its own")
def test_no_acknowledged_answer_is_lost_when_the_power_fails(tmp_path):
    """rules.md 8, 48. Only what was fsynced survives (benchmarks/loose_disk, which watches one process)."""
    folder, shadow = tmp_path / "数据", tmp_path / "shadow"
    round_id, cookies = prepare(folder)
    shadow.mkdir()
    shutil.copy(folder / "school.db", shadow)
    path = os.pathsep.join([str(LOOSE_DISK), str(CHECKOUT)])

    kept = serve_until_it_dies(folder, round_id, cookies, workers=1, SHADOW=str(shadow), PYTHONPATH=path)

    compare(shadow, kept)
