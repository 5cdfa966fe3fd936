"""What befalls an office PC on a quiz evening: a clock that is set, a full disk, a file that somebody else holds.

No attempt is lost, closed early or opened again, the person in front of it reads what to do, and it heals by itself.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from school import clock, serving
from school import db as ground
from school.audit import AuditLine
from school.errors import Refused
from school.quizzes import queries, taking_actions
from school.quizzes.models import Answer, Attempt, Round
from school.quizzes.saving_actions import Desk
from school.quizzes.taking_actions import Sending
from tests import makers

if sys.platform != "win32":
    import resource

GRACE = 20
DAY = timedelta(days=1)
JSON = {"Accept": "application/json"}


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock and its ticks, stood still at makers.NOW: machine.clock sets the one, machine.wait lets time pass."""

    class Machine:
        wall, ticks = makers.NOW.timestamp(), 1000.0

        def clock(self, by: timedelta) -> None:
            self.wall += by.total_seconds()

        def wait(self, span: timedelta) -> None:
            self.wall, self.ticks = self.wall + span.total_seconds(), self.ticks + span.total_seconds()

    made = Machine()
    monkeypatch.setattr(clock, "_wall", lambda: made.wall)
    monkeypatch.setattr(clock, "_ticks", lambda: made.ticks)
    monkeypatch.setattr(clock, "_offset", made.wall - made.ticks)
    return made


@pytest.fixture
def answering(db):
    """A round in which one person has begun: sending(sequence) makes an answer of theirs to the first question, sent now."""
    county = makers.make_unit(db)
    person = makers.make_person(db, "张三", county)
    round_ = makers.make_round(db, county)
    makers.make_attempt(db, round_, person)
    db.commit()
    ids = round_.id, person.id

    def sending(sequence: int) -> Sending:
        return Sending(*ids, 1, ["abcd"[sequence % 4]], sequence, f"{sequence}", clock.now())

    return sending


def run(engine, machine, span: timedelta) -> None:
    """Time passes while the server runs: its watch looks every now and then."""
    look = timedelta(seconds=50)
    for _ in range(span // look):
        machine.wait(look)
        serving.watch_once(engine, GRACE)
    machine.wait(span % look)


def attempt(db) -> Attempt:
    db.rollback()
    return db.scalars(select(Attempt).where(Attempt.started_at.is_not(None))).one()


@pytest.mark.parametrize("by", [DAY, -DAY], ids=["a day ahead", "a day back"])
def test_our_time_goes_on_when_somebody_sets_the_clock(machine, by):
    machine.clock(by)
    machine.wait(timedelta(minutes=5))

    assert clock.now() == makers.NOW + timedelta(minutes=5)
    assert clock.off_by() == by


def test_a_small_correction_is_followed_at_once(machine):
    machine.clock(timedelta(seconds=40))

    assert clock.now() == makers.NOW + timedelta(seconds=40)
    assert clock.off_by() == timedelta()


def test_many_small_corrections_are_each_followed(machine):
    for _ in range(5):
        machine.clock(timedelta(seconds=-40))
        clock.now()

    assert clock.now() == makers.NOW - timedelta(seconds=200)


@pytest.mark.parametrize("by", [DAY, -DAY], ids=["a day ahead", "a day back"])
def test_a_set_clock_closes_no_attempt_and_refuses_no_answer(db, engine, machine, answering, by):
    """rules.md 1, 2: the deadline stands, on either side of the jump."""
    deadline_at = attempt(db).deadline_at
    desk = Desk(engine, GRACE)
    assert desk.save(answering(1)).sequence == 1

    machine.clock(by)
    serving.watch_once(engine, GRACE)
    assert desk.save(answering(2)).sequence == 2
    assert (attempt(db).handed_in_at, attempt(db).deadline_at) == (None, deadline_at)

    run(engine, machine, deadline_at - clock.now() + timedelta(seconds=GRACE + 1))
    with pytest.raises(Refused, match="结束"):
        desk.save(answering(3))
    serving.watch_once(engine, GRACE)
    assert (attempt(db).handed_in_at, attempt(db).handed_in_how) == (deadline_at, "deadline")


def test_a_clock_set_back_opens_nothing_again(db, engine, machine, answering):
    sitting = queries.sitting(db, answering(1).round_id, answering(1).person_id)
    taking_actions.hand_in(db, sitting, how="self", by=makers.ROOT, now=clock.now())
    db.commit()

    machine.clock(-DAY)

    with pytest.raises(Refused, match="交卷"):
        Desk(engine, GRACE).save(answering(1))
    assert attempt(db).handed_in_at == makers.NOW


def test_a_set_clock_is_followed_when_nobody_can_be_answering(db, engine, machine, answering):
    machine.clock(DAY)
    serving.watch_once(engine, GRACE)
    assert clock.off_by() == DAY

    closes_at = db.scalars(select(Round)).one().closes_at
    db.rollback()
    run(engine, machine, closes_at - clock.now() + timedelta(minutes=1))
    serving.watch_once(engine, GRACE)
    serving.watch_once(engine, GRACE)

    assert (clock.now(), clock.off_by()) == (closes_at + timedelta(minutes=1) + DAY, timedelta())
    assert db.scalars(select(Round)).one().closes_at == closes_at  # the hands moved: that is no outage
    lines = db.scalars(select(AuditLine).where(AuditLine.deed == "follow_clock")).all()
    assert [line.after for line in lines] == [{"seconds": 86400}]


def test_the_processes_of_a_server_share_one_time(machine, monkeypatch):
    machine.clock(DAY)

    monkeypatch.setenv(clock.HANDED_OVER, "")
    clock.hand_over()

    assert float(os.environ[clock.HANDED_OVER]) == makers.NOW.timestamp() - 1000


@contextmanager
def held(engine):
    """A stranger who holds the database, as another program on the same machine might."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as stranger:
            stranger.execute("BEGIN EXCLUSIVE")
            yield
            stranger.rollback()
    else:
        with engine.connect() as stranger:
            stranger.execute(text("LOCK TABLE answer, audit_line, sign_in IN EXCLUSIVE MODE"))
            yield
            stranger.rollback()


@contextmanager
def full():
    """A disk that takes no more: no file may grow beyond a page, the write-ahead log among them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def impatient(app):
    """The application's engine, which waits a tenth of a second for whoever holds the database."""
    engine = app.extensions["engine"]
    hurry = "PRAGMA busy_timeout=100" if engine.dialect.name == "sqlite" else "SET lock_timeout=100"

    def prepare(connection, _record):
        connection.cursor().execute(hurry)
        connection.commit()

    event.listen(engine, "connect", prepare)
    engine.dispose()
    return engine


def begun(client, cast, db) -> tuple:
    """A learner's browser in the middle of a round, its address and a maker of the fields of one save."""
    round_ = makers.make_round(db, cast.county)
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")
    token = browser.token()

    def fields(sequence: int) -> dict:
        return {"csrf_token": token, "given": "abcd"[sequence % 4], "sequence": sequence, "packet": f"{sequence}"}

    return browser, f"/quiz/{round_.id}", fields


def stands(db) -> list[int]:
    db.rollback()
    return list(db.scalars(select(Answer.sequence)))


def test_a_locked_database_is_said_in_words_and_heals_by_itself(client, cast, db, impatient):
    browser, base, fields = begun(client, cast, db)
    assert browser.post(f"{base}/1", data=fields(1), headers=JSON).status_code == 200

    db.rollback()
    with held(impatient):
        by_script = browser.post(f"{base}/1", data=fields(2), headers=JSON)
        by_button = browser.post(f"{base}/1", data=fields(2))
    assert (by_script.status_code, by_script.headers["Retry-After"]) == (503, "10")
    assert "此前“已保存”的都在" in by_script.json["error"]
    assert (by_button.status_code, by_button.headers["Retry-After"]) == (503, "10")
    assert "此前“已保存”的都在" in by_button.text
    assert stands(db) == [1]

    assert browser.post(f"{base}/1", data=fields(2), headers=JSON).json["sequence"] == 2
    assert stands(db) == [2]
    assert attempt(db).handed_in_at is None


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there limits how large a file may grow")
@pytest.mark.only_on("sqlite")
def test_a_full_disk_is_said_in_words_and_heals_by_itself(app, client, cast, db):
    """The disk of a server is not ours to fill; its refusal is an OperationalError as well."""
    app.jinja_env.bytecode_cache = None  # the tests' own cache lies on this disk as well
    browser, base, fields = begun(client, cast, db)
    assert browser.post(f"{base}/1", data=fields(1), headers=JSON).status_code == 200

    with full():
        refused = browser.post(f"{base}/1", data=fields(2), headers=JSON)
        read = browser.get(f"{base}/paper")
        handed_in = browser.post(f"{base}/hand-in", data={"csrf_token": fields(1)["csrf_token"]})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "磁盘满了" in refused.json["error"]
    assert (read.status_code, handed_in.status_code) == (200, 503)
    assert "磁盘满了" in handed_in.text
    assert (stands(db), attempt(db).handed_in_at) == ([1], None)

    assert browser.post(f"{base}/1", data=fields(2), headers=JSON).json["sequence"] == 2
    assert stands(db) == [2]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there limits how large a file may grow")
@pytest.mark.only_on("sqlite")
def test_a_server_starts_on_a_full_disk_and_gives_the_time_back_when_there_is_room(
    engine, machine, db, answering, caplog
):
    serving.watch_once(engine, GRACE)
    deadline_at = attempt(db).deadline_at
    machine.wait(timedelta(hours=1))

    db.rollback()
    with full():
        serving.wake(engine)
        with pytest.raises(OperationalError):
            serving.watch_once(engine, GRACE)
    assert "is not given back yet" in caplog.text
    assert (attempt(db).handed_in_at, attempt(db).deadline_at) == (None, deadline_at)

    machine.wait(timedelta(minutes=1))
    serving.watch_once(engine, GRACE)
    assert (attempt(db).handed_in_at, attempt(db).deadline_at) == (None, deadline_at + timedelta(minutes=61))


def test_what_a_locked_database_took_is_given_back_when_it_is_free(db, impatient, machine, answering):
    serving.watch_once(impatient, GRACE)
    deadline_at = attempt(db).deadline_at

    db.rollback()
    with held(impatient):
        machine.wait(timedelta(minutes=40))
        with pytest.raises(OperationalError):
            serving.watch_once(impatient, GRACE)
    serving.watch_once(impatient, GRACE)

    assert (attempt(db).handed_in_at, attempt(db).deadline_at) == (None, deadline_at + timedelta(minutes=40))


def test_a_visit_that_cannot_be_noted_keeps_nobody_from_reading(client, cast, db, now, impatient):
    browser, base, _ = begun(client, cast, db)
    now(makers.later(minutes=10))

    db.rollback()
    with held(impatient):
        assert browser.get(f"{base}/paper").status_code == 200


def test_the_administrator_reads_that_the_clock_was_set_and_a_learner_does_not(client, cast, monkeypatch):
    monkeypatch.setattr(clock, "off_by", lambda: timedelta(hours=-24))

    assert "比夜校的时间慢了约 1440 分钟" in client.as_(cast.sysadmin).get("/").text
    assert "比夜校的时间慢了" not in client.as_(cast.learner).get("/").text


def test_a_set_clock_signs_nobody_out(app, machine):
    """The cookie is signed and carries no time of its own: a clock that goes back makes it no cookie from the future."""
    signer = app.session_interface.get_signing_serializer(app)
    signed = signer.dumps({"_user_id": "x"})

    machine.clock(-DAY)

    assert signer.loads(signed, max_age=1) == {"_user_id": "x"}


@pytest.mark.only_on("postgres")
def test_a_database_that_went_away_is_found_again_without_a_restart(client, cast, db, engine, monkeypatch):
    """Only a server can go away; its connections that nobody used for a while are asked before they are trusted."""
    monkeypatch.setattr(ground, "SURE", 0)
    browser, base, fields = begun(client, cast, db)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    db.invalidate()

    assert browser.post(f"{base}/1", data=fields(1), headers=JSON).json["sequence"] == 1
    engine.dispose()  # the tests that come next would trust connections that were alive a moment ago
