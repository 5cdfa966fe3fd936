"""The line before the hashing: in a rush of sign-ins few hash, few wait, the rest come again, and nobody else suffers."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from school.accounts import passwords
from school.accounts.passwords import Cost, Queue
from school.errors import Busy
from tests import makers

PASSWORD = "Deng-Lu-2026"
JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Slow(Cost):
    """A cost whose hashes end when they are told to; remembers how many ran at once and in which order they began."""

    go: threading.Event = field(default_factory=threading.Event)
    running: list[str] = field(default_factory=list)
    most: list[int] = field(default_factory=lambda: [0])
    began: list[str] = field(default_factory=list)

    def hashed(self, password: str) -> str:
        self.began.append(password)
        self.running.append(password)
        self.most[0] = max(self.most[0], len(self.running))
        self.go.wait(10)
        self.running.remove(password)
        return password.upper()


@pytest.fixture
def slow():
    return Slow(8, 1)


def wait_until(condition) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.005)
    pytest.fail("it never came to that")


@pytest.mark.parametrize("at_once", [1, 2])
def test_no_more_hashes_run_at_once_than_told_and_all_in_line_get_theirs(slow, at_once):
    queue = Queue(slow, at_once, waiting=5)
    with ThreadPoolExecutor(5) as people:
        asked = [people.submit(queue.hashed, name) for name in "abcde"]
        wait_until(lambda: len(slow.running) == at_once)
        slow.go.set()

        assert [one.result() for one in asked] == list("ABCDE")
    assert slow.most == [at_once]


def test_those_in_line_are_served_in_the_order_they_came(slow):
    queue = Queue(slow, 1, waiting=5)
    with ThreadPoolExecutor(5) as people:
        for number, name in enumerate("abcde"):
            people.submit(queue.hashed, name)
            wait_until(lambda number=number: queue.taken == number + 1)
        slow.go.set()

    assert slow.began == list("abcde")


def test_whoever_finds_the_line_full_is_told_when_to_come_again_and_then_gets_in(slow):
    queue = Queue(slow, 1, waiting=1)
    with ThreadPoolExecutor(2) as people:
        asked = [people.submit(queue.hashed, name) for name in "ab"]
        wait_until(lambda: queue.taken == 2)
        with pytest.raises(Busy) as refused:
            queue.hashed("c")
        slow.go.set()
        assert [one.result() for one in asked] == ["A", "B"]

    assert refused.value.wait == passwords.COME_AGAIN
    assert queue.hashed("c") == "C"


def test_an_error_gives_its_place_in_the_line_back(slow):
    queue = Queue(Cost(memory=0, passes=0), 1, waiting=0)
    for _ in range(3):
        with pytest.raises(Exception, match="Memory cost"):
            queue.hashed("x")


@pytest.fixture
def full_line(app, db, cast, slow):
    """A house whose line is full: one hashes, and nobody may wait. The learner has a password."""
    cast.learner.password_hash = Cost(8, 1).hashed(PASSWORD)
    db.commit()
    queue = app.extensions["hashing"] = Queue(slow, 1, waiting=0)
    first = threading.Thread(target=queue.hashed, args=("a",))
    first.start()
    wait_until(lambda: slow.running)
    yield
    slow.go.set()
    first.join()


def fields(browser, account) -> dict:
    return {"csrf_token": browser.token(), "login_name": account.login_name, "password": PASSWORD, "next": "/quiz/"}


def test_a_person_in_the_rush_reads_what_to_do_and_a_script_comes_again_by_itself(client, cast, slow, full_line):
    sent = fields(client, cast.learner)
    by_hand, by_script = client.post("/sign-in", data=sent), client.post("/sign-in", data=sent, headers=JSON)

    assert (by_hand.status_code, by_hand.headers["Retry-After"]) == (503, "5")
    assert "现在登录的人很多" in by_hand.text
    assert (by_script.status_code, by_script.headers["Retry-After"]) == (503, "5")
    assert "现在登录的人很多" in by_script.json["error"]

    slow.go.set()
    wait_until(lambda: not slow.running)
    assert client.post("/sign-in", data=sent, headers=JSON).json == {"onward": "/quiz/"}


def test_a_full_line_counts_as_no_wrong_password(client, db, cast, full_line):
    client.post("/sign-in", data=fields(client, cast.learner))

    db.refresh(cast.learner)
    assert (cast.learner.failures, cast.learner.locked_until) == (0, None)


def test_people_signed_in_before_go_on_while_the_line_is_full(client, cast, db, full_line):
    round_ = makers.make_round(db, cast.county)
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")

    saved = browser.post(
        f"/quiz/{round_.id}/1",
        data={"csrf_token": browser.token(), "given": "a", "sequence": 1, "packet": "p"},
        headers=JSON,
    )

    assert saved.json["sequence"] == 1
    assert browser.get(f"/quiz/{round_.id}/paper").status_code == 200


def test_a_wrong_password_is_told_to_a_script_in_words(client, cast, db):
    sent = {**fields(client, cast.learner), "password": "falsch"}

    told = client.post("/sign-in", data=sent, headers=JSON)

    assert (told.status_code, "工号或密码不对" in told.json["error"]) == (422, True)
