"""The promise behind every "已保存": what the server acknowledged is there after it was killed."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from sqlalchemy.orm import Session

from school import clock
from school import db as ground
from school.accounts import actions as accounts
from school.app import create_app
from school.migrations.steps import migrate
from school.quizzes import queries, taking_actions
from school.quizzes.models import Answer, Attempt, Candidate, PaperQuestion
from school.settings import Settings
from tests import makers

SAVERS = 200
CHECKOUT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepare(folder: Path) -> tuple[int, dict[int, str]]:
    """A county whose SAVERS people all have an open attempt: round id, and attempt id -> session cookie."""
    app = create_app(Settings(data_dir=folder))
    engine, now = app.extensions["engine"], clock.now()
    migrate(engine)
    sign = SecureCookieSessionInterface().get_signing_serializer(app)
    cookies = {}
    with ground.writing(engine) as db:
        county = makers.make_unit(db)
        people = [makers.make_person(db, f"学员{n}", county) for n in range(SAVERS)]
        round_ = makers.make_round(db, county, published=False, opens_at=now, closes_at=now + timedelta(hours=2))
        makers.rounds.publish(db, round_, by=makers.ROOT, now=now)
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
    sequence = 0
    try:
        while True:
            sequence += 1
            fields = {
                "csrf_token": token,
                "sequence": sequence,
                "packet": f"{attempt_id}-{sequence}",
                "given": "abcd"[sequence % 4],
            }
            connection.request("POST", f"/quiz/{round_id}/1", urlencode(fields), headers)
            answer = connection.getresponse()
            if answer.status == 200 and b"saved_at" in answer.read():
                kept[attempt_id] = sequence
    except (OSError, http.client.HTTPException):
        return


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 of a process group is a POSIX deed")
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed_under_200_savers(tmp_path):
    folder = tmp_path / "数据"
    round_id, cookies = prepare(folder)
    port = free_port()
    environment = {**os.environ, "SCHOOL_DATA_DIR": str(folder), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "school", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command,
        env=environment,
        cwd=tmp_path,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        kept: dict[int, int] = {}
        started = threading.Barrier(SAVERS + 1)
        threads = [
            threading.Thread(target=save_until_it_dies, args=(port, round_id, attempt, cookie, kept, started))
            for attempt, cookie in cookies.items()
        ]
        for thread in threads:
            thread.start()
        started.wait(timeout=120)
        while sum(kept.values()) < 2 * SAVERS:
            time.sleep(0.05)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    for thread in threads:
        thread.join()

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
