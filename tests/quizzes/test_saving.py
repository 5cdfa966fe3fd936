"""The desk: whoever saves together is written together, and everybody hears only of their own answer."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import OperationalError, TimeoutError

from school import db as ground
from school.errors import NotFound, Refused
from school.quizzes.models import Answer
from school.quizzes.saving_actions import Desk
from school.quizzes.taking_actions import Saved, Sending
from tests import makers
from tests.makers import NOW, later

#: a number no database can keep: it breaks the whole transaction, and not by a rule of ours
TOO_LARGE = 2**70


@pytest.fixture
def desk(engine):
    return Desk(engine, grace=20)


def attempts(db, people: int) -> tuple[int, list[int]]:
    """A round in which so many people have begun, flushed: its id and theirs."""
    county = makers.make_unit(db)
    called = [makers.make_person(db, f"学员{n}", county) for n in range(people)]
    round_ = makers.make_round(db, county)
    for person in called:
        makers.make_attempt(db, round_, person)
    return round_.id, [person.id for person in called]


@pytest.fixture
def mine(db):
    """One person's answers to the four questions: mine(position, sequence)."""
    round_id, (person_id,) = attempts(db, 1)
    db.commit()

    def sending(position: int, sequence: int, at=NOW) -> Sending:
        given = [True] if position == 4 else ["abcd"[sequence % 4]]
        return Sending(round_id, person_id, position, given, sequence, f"{position}-{sequence}", at)

    return sending


def side_by_side(deeds) -> list:
    """What came of each deed, done in threads of their own: its result or its exception."""
    outcomes = [None] * len(deeds)

    def do(n):
        try:
            outcomes[n] = deeds[n]()
        except Exception as error:
            outcomes[n] = error

    threads = [threading.Thread(target=do, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()
    yield outcomes


@contextmanager
def listening(engine, name, listener):
    """Hear of an event of the engine, which other tests use after us."""
    event.listen(engine, name, listener)
    yield
    event.remove(engine, name, listener)


def together(engine, desk, sendings) -> list:
    """Outcomes of sendings that all wait at the desk: the first transaction cannot go on before they are there."""
    all_there = threading.Event()
    deeds = side_by_side([lambda sending=sending: desk.save(sending) for sending in sendings])
    with listening(engine, "begin", lambda _connection: all_there.wait()):
        next(deeds)
        while len(desk.waiting) < len(sendings):
            time.sleep(0.001)
        all_there.set()
        return next(deeds)


def stored(db) -> dict[str, int]:
    """Packet -> sequence of every answer there is."""
    return dict(db.execute(select(Answer.packet, Answer.sequence)).all())


def test_a_save_that_comes_alone_is_answered(db, desk, mine):
    assert desk.save(mine(1, 1)) == Saved(1, ["b"], 1, NOW, newer=False)
    assert stored(db) == {"1-1": 1}


def test_of_those_who_come_while_one_is_written_somebody_writes_for_all(db, engine, desk, mine):
    commits, all_there = [], threading.Event()
    first = side_by_side([lambda: desk.save(mine(1, 1))])
    others = side_by_side([lambda n=n: desk.save(mine(n, 1)) for n in (2, 3, 4)])
    with listening(engine, "commit", lambda connection: (commits.append(connection), all_there.wait())):
        next(first)
        while not commits:
            time.sleep(0.001)
        next(others)
        while len(desk.waiting) < 3:
            time.sleep(0.001)
        all_there.set()
        outcomes = next(first) + next(others)

    assert [saved.position for saved in outcomes] == [1, 2, 3, 4]
    assert len(commits) == 2
    assert stored(db) == {"1-1": 1, "2-1": 1, "3-1": 1, "4-1": 1}
    assert desk.save(mine(1, 2)).sequence == 2


def test_whoever_waits_together_shares_a_commit(db, engine, desk, mine):
    commits = []
    with listening(engine, "commit", commits.append):
        outcomes = together(engine, desk, [mine(position, 1) for position in (1, 2, 3, 4)])

    assert [saved.position for saved in outcomes] == [1, 2, 3, 4]
    assert len(commits) == 1
    assert stored(db) == {"1-1": 1, "2-1": 1, "3-1": 1, "4-1": 1}


def test_of_many_changes_in_one_batch_the_highest_sequence_stands(db, engine, desk, mine):
    """rules.md 8, whatever the order in which they wait."""
    changes = [(position, sequence) for position in (1, 2, 3) for sequence in range(1, 6)]
    random.Random(8).shuffle(changes)

    outcomes = together(engine, desk, [mine(*change) for change in changes])

    assert stored(db) == {"1-5": 5, "2-5": 5, "3-5": 5}
    assert {saved.newer for change, saved in zip(changes, outcomes, strict=True) if change[1] == 5} == {False}


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"given": ["z"]}, Refused),
        ({"position": 99}, NotFound),
        ({"round_id": 99}, NotFound),
        ({"at": later(minutes=31)}, Refused),
        ({"sequence": TOO_LARGE}, Exception),
        ({"at": NOW.replace(tzinfo=None)}, Exception),
    ],
    ids=["not on the paper", "no such question", "no such round", "too late", "breaks the transaction", "no time zone"],
)
def test_a_bad_one_hears_of_it_alone_and_its_neighbours_are_kept(db, engine, desk, mine, bad, error):
    good = [mine(position, 2) for position in (1, 2, 3, 4)]
    broken = Sending(**{**vars(mine(1, 9)), **bad})

    outcomes = together(engine, desk, [*good[:2], broken, *good[2:]])

    assert isinstance(outcomes.pop(2), error)
    assert [saved.position for saved in outcomes] == [1, 2, 3, 4]
    assert stored(db) == {"1-2": 2, "2-2": 2, "3-2": 2, "4-2": 2}


def test_what_thirty_two_savers_are_told_is_what_is_stored(db, desk):
    """All acknowledged are there, none twice, and the last of each person stands."""
    round_id, people = attempts(db, 32)
    db.commit()

    def evening(person_id):
        dice, sequences = random.Random(person_id), range(1, 13)
        return [
            desk.save(Sending(round_id, person_id, dice.randint(1, 3), ["a"], n, f"{person_id}-{n}", NOW))
            for n in sequences
        ]

    deeds = side_by_side([lambda person_id=person_id: evening(person_id) for person_id in people])
    next(deeds)
    told = {}
    for person_id, saves in zip(people, next(deeds), strict=True):
        assert [saved.sequence for saved in saves] == list(range(1, 13))
        told |= {(person_id, saved.position): f"{person_id}-{saved.sequence}" for saved in saves}

    assert stored(db).keys() == set(told.values())
    assert set(Counter(db.execute(select(Answer.attempt_id, Answer.question_id)).all()).values()) == {1}


def test_a_locked_database_refuses_everybody_at_once_and_heals_by_itself(migrated_file, tmp_path):
    shutil.copy(migrated_file, tmp_path / "school.db")
    engine = ground.make_engine(f"sqlite:///{tmp_path / 'school.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    with ground.writing(engine) as db:
        round_id, (person_id,) = attempts(db, 1)
    desk, sendings = Desk(engine, grace=20), [Sending(round_id, person_id, n, ["a"], 1, f"{n}", NOW) for n in (1, 2, 3)]

    stranger = engine.raw_connection()
    stranger.cursor().execute("BEGIN IMMEDIATE")
    deeds = side_by_side([lambda sending=sending: desk.save(sending) for sending in sendings])
    next(deeds)
    assert {type(outcome) for outcome in next(deeds)} == {OperationalError}
    stranger.rollback()
    stranger.close()

    assert [desk.save(sending).sequence for sending in sendings] == [1, 1, 1]
    engine.dispose()


def test_whoever_gets_no_connection_is_told_so_and_waits_for_nobody(migrated_file, tmp_path):
    """All connections lent out is no OperationalError: the save ends all the same, and the next one is kept."""
    shutil.copy(migrated_file, tmp_path / "school.db")
    engine = ground.make_engine(f"sqlite:///{tmp_path / 'school.db'}")
    with ground.writing(engine) as db:
        round_id, (person_id,) = attempts(db, 1)
    engine.dispose()
    small = create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    desk, sending = Desk(small, grace=20), Sending(round_id, person_id, 1, ["a"], 1, "p", NOW)

    with small.connect(), ThreadPoolExecutor() as threads:
        outcomes = [threads.submit(desk.save, sending) for _ in range(3)]
        assert {type(one.exception(timeout=30)) for one in outcomes} == {TimeoutError}

    assert desk.save(sending).sequence == 1
    small.dispose()


def test_a_save_asks_who_it_is_where_they_stand_and_writes_once(client, cast, db, count_queries):
    round_ = makers.make_round(db, cast.county)
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")
    fields = {"csrf_token": browser.token(), "given": "a", "sequence": 1, "packet": "p"}

    with count_queries() as sent:
        told = browser.post(f"/quiz/{round_.id}/1", data=fields, headers={"Accept": "application/json"})

    assert told.json["sequence"] == 1
    assert [line.split()[0] for line in sent if not line.startswith("BEGIN")] == ["SELECT", "SELECT", "INSERT"]
