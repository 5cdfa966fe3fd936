"""Twenty at once: one decision, one deadline, one result, whoever comes first."""

from __future__ import annotations

import threading
from dataclasses import replace

from sqlalchemy import func, select

from school import db as ground
from school.access import Role
from school.errors import Refused
from school.quizzes import queries, running_actions, taking_actions
from school.quizzes.models import Attempt, Candidate, Round
from tests import makers
from tests.makers import NOW, ROOT, later
from tests.quizzes.test_running import begin, lines, row_of


def at_once(times, deed):
    """Run a deed in so many threads that start together; what each returned, or the refusal it met."""
    ready, outcomes = threading.Barrier(times), []

    def once(number):
        ready.wait()
        try:
            outcomes.append(deed(number))
        except Refused as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=once, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refused(outcomes):
    return sum(isinstance(one, Refused) for one in outcomes)


def test_twenty_exemptions_of_one_person_make_one_decision(engine, db, cast, round_):
    round_id, candidate_id = round_.id, row_of(db, round_, cast.person).candidate.id
    db.commit()

    def once(number):
        with ground.writing(engine) as own:
            row = queries.candidate(own, round_id, candidate_id, ROOT, Role.OFFICER, lock=True)
            running_actions.exempt(own, row, f"理由{number}", by=replace(ROOT, name=f"甲{number}"), now=NOW)

    assert refused(at_once(20, once)) == 19
    db.expire_all()
    candidate = db.get_one(Candidate, candidate_id)
    assert candidate.exempt_reason.removeprefix("理由") == candidate.exempt_by.removeprefix("甲")
    assert len(lines(db, "exempt_candidate")) == 1


def test_twenty_extensions_of_one_person_leave_the_deadline_that_fits_the_last(engine, db, cast, round_):
    attempt_id = begin(db, round_, cast.person).id
    round_id, candidate_id = round_.id, row_of(db, round_, cast.person).candidate.id
    db.commit()

    def once(number):
        with ground.writing(engine) as own:
            found = queries.round_(own, round_id, ROOT, Role.OFFICER, lock=True)
            row = queries.candidate(own, round_id, candidate_id, ROOT, Role.OFFICER, lock=True)
            running_actions.extend(own, found, row, number + 1, "停电", by=ROOT, now=NOW)

    assert refused(at_once(20, once)) == 0
    db.expire_all()
    minutes = db.get_one(Candidate, candidate_id).extension
    assert db.get_one(Attempt, attempt_id).deadline_at == later(minutes=30 + minutes)
    assert {line.after["minutes"] for line in lines(db, "extend_candidate")} == set(range(1, 21))


def test_twenty_beginnings_in_the_moment_of_an_extension_all_end_when_it_says(engine, db, cast, round_):
    """Whoever begins while the window or the extension is being changed gets the new time, never the old one."""
    people = [makers.make_person(db, f"学员{number}", cast.town).id for number in range(19)]
    other = makers.make_round(db, cast.county, title="第二轮", only=people)
    round_id = other.id
    db.commit()

    def once(number):
        with ground.writing(engine) as own:
            if number == 0:
                found = queries.own_round(own, round_id, ROOT)
                running_actions.move_window(own, found, NOW, later(minutes=33), "停电", grace=20, by=ROOT, now=NOW)
                running_actions.extend_all(own, found, None, 7, "停电", by=ROOT, now=NOW)
            else:
                sitting = queries.sitting(own, round_id, people[number - 1], lock=True)
                taking_actions.begin(own, sitting, by=ROOT, now=later(minutes=10))

    assert refused(at_once(20, once)) == 0
    db.expire_all()
    deadlines = db.scalars(
        select(Attempt.deadline_at)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.round_id == round_id, Attempt.started_at.is_not(None))
    ).all()
    assert deadlines == [later(minutes=33 + 7)] * 19


def test_twenty_pauses_and_twenty_resumptions_give_the_time_back_once(engine, db, cast, round_):
    attempt_id, round_id = begin(db, round_, cast.person).id, round_.id
    db.commit()

    def pause(_number):
        with ground.writing(engine) as own:
            return running_actions.pause(
                own, queries.own_round(own, round_id, ROOT), "停电", by=ROOT, now=later(minutes=5)
            )

    def resume(_number):
        with ground.writing(engine) as own:
            return running_actions.resume(own, queries.own_round(own, round_id, ROOT), by=ROOT, now=later(minutes=15))

    assert sorted(at_once(20, pause)) == [False] * 19 + [True]
    assert sorted(at_once(20, resume), key=str) == [600] + [None] * 19
    db.expire_all()
    assert db.get_one(Attempt, attempt_id).deadline_at == later(minutes=40)
    assert db.get_one(Round, round_id).closes_at == later(minutes=130)


def test_twenty_closings_of_one_round_hand_in_each_attempt_once(engine, db, cast, round_):
    """rules.md 13."""
    begin(db, round_, cast.person)
    round_id = round_.id
    db.commit()

    def once(_number):
        with ground.writing(engine) as own:
            running_actions.close(own, queries.own_round(own, round_id, ROOT), grace=20, by=ROOT, now=later(hours=3))

    assert refused(at_once(20, once)) == 19
    assert (len(lines(db, "close_round")), len(lines(db, "hand_in"))) == (1, 1)
    assert db.scalar(select(func.count()).where(Attempt.receipt.is_not(None))) == 1


def test_hand_ins_and_the_closing_at_once_leave_one_result(engine, db, cast, round_):
    attempt_id = begin(db, round_, cast.person, minutes=95).id
    round_id, person_id = round_.id, cast.person.id
    db.commit()

    def once(number):
        with ground.writing(engine) as own:
            if number % 2:
                sitting = queries.sitting(own, round_id, person_id, lock=True)
                return taking_actions.hand_in(own, sitting, how="self", by=ROOT, now=later(hours=2)).receipt
            found = queries.own_round(own, round_id, ROOT)
            running_actions.close(own, found, grace=20, by=ROOT, now=later(hours=3))
            return None

    receipts = {one for one in at_once(20, once) if isinstance(one, str)}
    db.expire_all()
    assert receipts == {db.get_one(Attempt, attempt_id).receipt}
    assert len(lines(db, "hand_in")) == 1
