"""Saving and handing in: what must hold whatever is sent, in any order, any number of times."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from school import audit
from school import db as ground
from school.errors import Refused
from school.quizzes import queries, running_actions, taking_actions
from school.quizzes.models import Answer, Attempt
from tests import makers
from tests.makers import NOW, later


@pytest.fixture
def sitting(db, cast):
    round_ = makers.make_round(db, cast.county)
    found = queries.sitting(db, round_.id, cast.person.id)
    taking_actions.begin(db, found, by=makers.ROOT, now=NOW)
    db.commit()
    return found


def save(db, sitting, given, sequence, packet="p", position=1, now=NOW):
    ids = sitting.round.id, sitting.candidate.person_id
    return taking_actions.save(db, taking_actions.Sending(*ids, position, given, sequence, packet, now), grace=20)


def stored(db, sitting):
    return [(a.given, a.sequence) for a in queries.answers_of(db, sitting.attempt.id).values()]


def test_beginning_twice_keeps_the_first_start(db, sitting):
    """rules.md 1, 2: computed once; a refresh does not restart the clock."""
    taking_actions.begin(db, sitting, by=makers.ROOT, now=later(minutes=5))

    assert (sitting.attempt.started_at, sitting.attempt.deadline_at) == (NOW, later(minutes=30))


@pytest.mark.parametrize(("at", "allowed"), [(-1, False), (0, True), (119, True), (120, False)])
def test_nobody_begins_outside_the_window(db, cast, at, allowed):
    sitting = queries.sitting(db, makers.make_round(db, cast.county).id, cast.person.id)

    if allowed:
        assert taking_actions.begin(db, sitting, by=makers.ROOT, now=later(minutes=at)).started_at == later(minutes=at)
    else:
        with pytest.raises(Refused, match="现在不能开始"):
            taking_actions.begin(db, sitting, by=makers.ROOT, now=later(minutes=at))


def test_an_older_packet_never_overwrites_a_newer_one(db, sitting):
    """rules.md 8."""
    save(db, sitting, ["b"], 2, "second")
    late = save(db, sitting, ["a"], 1, "first")

    assert stored(db, sitting) == [(["b"], 2)]
    assert (late.given, late.sequence, late.newer) == (["b"], 2, True)


def test_the_same_packet_may_arrive_any_number_of_times(db, sitting):
    """rules.md 8."""
    first = save(db, sitting, ["b"], 1, "p", now=NOW)
    again = save(db, sitting, ["b"], 1, "p", now=later(seconds=9))

    assert first == again
    assert again.newer is False


def test_taking_an_answer_back_is_an_answer(db, sitting):
    """rules.md 11."""
    save(db, sitting, ["b"], 1, "p")
    save(db, sitting, [], 2, "q")

    assert stored(db, sitting) == [([], 2)]


@pytest.mark.parametrize("given", [["z"], ["a", "b"], [True], [{"id": "a"}]])
def test_an_answer_that_is_not_on_the_paper_is_refused(db, sitting, given):
    with pytest.raises(Refused, match="没有这个选项"):
        save(db, sitting, given, 1)

    assert stored(db, sitting) == []


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [(30 * 60, True), (30 * 60 + 20, True), (30 * 60 + 21, False)],
    ids=["at the deadline", "in the grace", "after it"],
)
def test_an_answer_counts_until_the_grace_after_the_deadline(db, sitting, seconds, kept):
    """rules.md 2, 3: the server's clock decides."""
    if kept:
        save(db, sitting, ["a"], 1, now=later(seconds=seconds))
    else:
        with pytest.raises(Refused, match="20:30 结束"):
            save(db, sitting, ["a"], 1, now=later(seconds=seconds))

    assert len(stored(db, sitting)) == kept


def test_after_handing_in_every_write_is_refused(db, sitting):
    """rules.md 12."""
    taking_actions.hand_in(db, sitting, how="self", by=makers.ROOT, now=later(minutes=5))

    with pytest.raises(Refused, match="交卷"):
        save(db, sitting, ["a"], 1, now=later(minutes=6))


def test_handing_in_twice_returns_the_same_receipt(db, sitting):
    """rules.md 13."""
    first = taking_actions.hand_in(db, sitting, how="self", by=makers.ROOT, now=later(minutes=5)).receipt
    again = taking_actions.hand_in(db, sitting, how="self", by=makers.ROOT, now=later(minutes=9))

    assert (again.receipt, again.handed_in_at) == (first, later(minutes=5))
    assert db.scalar(select(func.count()).where(audit.AuditLine.deed == "hand_in")) == 1


def test_walking_away_hands_in_what_was_saved_at_the_deadline(db, sitting):
    """rules.md 4: the finish is the deadline, whenever the clockwork comes by."""
    question = queries.questions_of(db, sitting.candidate.paper_id)[0]
    save(db, sitting, question.key, 1)

    assert taking_actions.hand_in_overdue(db, now=later(minutes=30, seconds=20), grace=20) == 0
    assert taking_actions.hand_in_overdue(db, now=later(hours=5), grace=20) == 1

    db.refresh(sitting.attempt)
    assert sitting.attempt.handed_in_at == later(minutes=30)
    assert (sitting.attempt.handed_in_how, sitting.attempt.score) == ("deadline", Decimal(5))


def test_an_extension_moves_the_open_deadline_and_never_reopens_the_finished(db, cast, sitting):
    """rules.md 5."""
    row = queries.candidate(db, sitting.round.id, sitting.candidate.id, makers.ROOT, makers.Role.OFFICER)
    running_actions.extend(db, sitting.round, row, 15, "断电", by=makers.ROOT, now=NOW)
    assert sitting.attempt.deadline_at == later(minutes=45)

    running_actions.extend(db, sitting.round, row, 10, "改短", by=makers.ROOT, now=NOW)
    assert sitting.attempt.deadline_at == later(minutes=40)

    taking_actions.hand_in(db, sitting, how="self", by=makers.ROOT, now=later(minutes=5))
    with pytest.raises(Refused, match="不能再延长"):
        running_actions.extend(db, sitting.round, row, 60, "再来", by=makers.ROOT, now=NOW)


def test_the_score_is_the_sum_of_what_each_answer_earned(db, cast, sitting):
    """rules.md 18."""
    for question in queries.questions_of(db, sitting.candidate.paper_id):
        given = [False] if question.kind == "judge" else question.key[:1]
        save(db, sitting, given, 1, position=question.position)

    attempt = taking_actions.hand_in(db, sitting, how="self", by=makers.ROOT, now=later(minutes=5))

    assert attempt.score == Decimal("12.5")
    assert sum(a.points for a in queries.answers_of(db, attempt.id).values()) == attempt.score


@settings(max_examples=25, deadline=None)
@given(packets=st.permutations(range(1, 8)), repeats=st.lists(st.integers(0, 6), max_size=5))
def test_whatever_the_order_and_the_repeats_the_highest_sequence_stands(
    migrated_file, tmp_path_factory, packets, repeats
):
    """rules.md 8 as a property: a late, doubled, shuffled line of packets ends like the orderly one."""
    path = tmp_path_factory.mktemp("p") / "school.db"
    shutil.copy(migrated_file, path)
    engine = ground.make_engine(f"sqlite:///{path}")
    with ground.writing(engine) as db:
        county = makers.make_unit(db)
        person = makers.make_person(db, "王䶮", county)
        round_ = makers.make_round(db, county)
        makers.make_attempt(db, round_, person)
        sitting = queries.sitting(db, round_.id, person.id)
        for number in [*packets, *(packets[n] for n in repeats)]:
            save(db, sitting, ["abcd"[number % 4]], number, f"packet {number}")
        assert stored(db, sitting) == [(["abcd"[7 % 4]], 7)]
    engine.dispose()


def test_twenty_starts_and_hand_ins_at_once_make_one_attempt_and_one_receipt(engine, db, cast):
    """rules.md 14: by constraint and conditional update, not by counting first."""
    round_id = makers.make_round(db, cast.county).id
    person_id = cast.person.id
    db.commit()
    receipts = []

    def once():
        with ground.writing(engine) as own:
            taking_actions.begin(own, queries.sitting(own, round_id, person_id, lock=True), by=makers.ROOT, now=NOW)
        with ground.writing(engine) as own:
            sitting = queries.sitting(own, round_id, person_id, lock=True)
            receipts.append(taking_actions.hand_in(own, sitting, how="self", by=makers.ROOT, now=NOW).receipt)

    threads = [threading.Thread(target=once) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(receipts) == 20
    assert len(set(receipts)) == 1
    assert db.scalar(select(func.count()).where(Attempt.started_at.is_not(None))) == 1
    assert db.scalar(select(func.count()).where(audit.AuditLine.deed == "begin_attempt")) == 1


def test_an_exempt_person_needs_not_begin_and_one_who_began_cannot_be_exempted(db, cast, sitting):
    other = queries.sitting(db, sitting.round.id, cast.officer.person_id)
    row = queries.candidate(db, sitting.round.id, other.candidate.id, makers.ROOT, makers.Role.OFFICER)
    running_actions.exempt(db, row, "产假", by=makers.ROOT, now=NOW)
    with pytest.raises(Refused, match="免考"):
        taking_actions.begin(db, other, by=makers.ROOT, now=NOW)

    begun = queries.candidate(db, sitting.round.id, sitting.candidate.id, makers.ROOT, makers.Role.OFFICER)
    with pytest.raises(Refused, match="已经开始"):
        running_actions.exempt(db, begun, "产假", by=makers.ROOT, now=NOW)


def test_closing_is_refused_while_anybody_has_time_left(db, cast, sitting):
    """rules.md 6."""
    row = queries.candidate(db, sitting.round.id, sitting.candidate.id, makers.ROOT, makers.Role.OFFICER)
    running_actions.extend(db, sitting.round, row, 15, "断电", by=makers.ROOT, now=NOW)
    ends = sitting.round.closes_at + timedelta(minutes=15, seconds=20)

    with pytest.raises(Refused, match="还有人可以答题"):
        running_actions.close(db, sitting.round, grace=20, by=makers.ROOT, now=ends - timedelta(seconds=1))
    running_actions.close(db, sitting.round, grace=20, by=makers.ROOT, now=ends)

    db.refresh(sitting.attempt)
    assert sitting.attempt.handed_in_how == "deadline"
    assert db.scalar(select(func.count()).select_from(Answer)) == 0
