"""Closing a month and correcting it, on both databases."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from school import audit
from school import db as ground
from school.access import Role
from school.errors import Refused
from school.quizzes import actions as quizzes
from school.quizzes import queries as quiz_queries
from school.quizzes import running_actions
from school.quizzes.models import Candidate, Round
from school.results import actions, figures, queries
from school.results.figures import Counts, NightFigures
from school.results.models import MonthResult
from tests import makers
from tests.makers import NOW, later
from tests.results.conftest import OVER


def exempt(db, round_, person, reason="产假"):
    candidate = db.scalars(
        select(Candidate).where(Candidate.round_id == round_.id, Candidate.person_id == person.id)
    ).one()
    row = quiz_queries.candidate(db, round_.id, candidate.id, makers.ROOT, Role.OFFICER)
    running_actions.exempt(db, row, reason, by=makers.ROOT, now=NOW)


def unit_of(month, unit):
    return next(one for one in month.units if one.unit_id == unit.id)


def test_a_closed_month_says_what_the_round_was(db, cast, county):
    month = queries.month(county.close(db))

    assert (month.county, month.first.isoformat(), month.number) == ("云岭县", "2026-11-01", 0)
    assert (month.round_title, month.closed_by, month.closed_at) == ("2026年11月政策测试", "测试", OVER)
    assert (month.frozen_at, month.opens_at, month.closes_at) == (later(days=-1), NOW, later(hours=2))
    assert month.standard.full_mark == Decimal(20)
    assert (month.standard.pass_rate, month.standard.mean) == (Decimal("0.9"), Decimal(16))
    assert month.standard.basis.number == "云委办〔2026〕3号"


def test_the_township_has_its_six_counts_and_its_mean(db, cast, county):
    """Twelve answered 0, 1, 2, 3, 4, 0, 1 … of four questions of five points; two more of the cast never came."""
    exempt(db, county.round, cast.person)

    town = unit_of(queries.month(county.close(db)), cast.town)

    assert town.counts == Counts(
        on_roster=14, expected=13, exempt=1, absent=1, sat=12, passed=4, excellent=2, score_sum=Decimal(105)
    )
    assert town.counts.mean == Fraction(105, 12)
    assert [one.measure for one in town.shortfalls] == ["pass_rate", "mean"]
    assert {person.reason for person in town.people if person.state != "sat"} == {"产假", "没有参加"}


def test_topic_shares_count_the_answers_with_full_points(db, cast, county):
    month = queries.month(county.close(db))

    assert [(share.topic, share.right, share.asked) for share in month.topics] == [("农村土地", 21, 48)]
    assert month.topics == unit_of(month, cast.town).topics


def test_units_are_those_with_candidates_in_official_order_and_add_up(db, cast, county):
    month = queries.month(county.close(db))

    assert [unit.short_name for unit in month.units] == ["云岭县", "青杠镇", "柏树村", "雪松乡"]
    assert month.total.on_roster == sum(unit.counts.on_roster for unit in month.units) == 18
    assert [unit.small for unit in month.units] == [True, False, True, True]


def test_nobody_is_closed_out_while_there_is_time_left(db, cast, county):
    """rules.md 6"""
    with pytest.raises(Refused, match="还有人可以答题"):
        county.close(db, at=later(hours=2, seconds=19))

    assert db.scalars(select(MonthResult)).all() == []
    assert county.close(db, at=later(hours=2, seconds=20)).number == 0


def test_walking_away_hands_in_at_the_deadline_and_counts(db, cast, county):
    """rules.md 4"""
    makers.make_attempt(db, county.round, cast.person, None)

    town = unit_of(queries.month(county.close(db)), cast.town)

    assert [(one.state, one.score) for one in town.people if one.person_id == cast.person.id] == [("sat", Decimal(0))]


def test_a_second_close_returns_the_first_and_writes_nothing(db, cast, county):
    first = county.close(db)
    lines = len(db.scalars(select(audit.AuditLine)).all())

    second = county.close(db, at=OVER + timedelta(days=1))

    assert second.id == first.id
    assert len(db.scalars(select(audit.AuditLine)).all()) == lines
    assert [line.deed for line in db.scalars(select(audit.AuditLine).order_by(audit.AuditLine.id))][-2:] == [
        "close_round",
        "close_month",
    ]


def test_two_who_close_at_the_same_moment_get_the_same_result(engine, db, county):
    round_id, got, start = county.round.id, [], threading.Barrier(4)
    db.commit()

    def one():
        start.wait()
        with ground.writing(engine) as own:
            got.append(actions.close_month(own, own.get_one(Round, round_id), grace=20, by=makers.ROOT, now=OVER).id)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [db.scalars(select(MonthResult.id)).one()] * 4


def test_a_round_that_was_ended_without_its_figures_is_closed_all_the_same(db, cast, county):
    running_actions.close(db, county.round, grace=20, by=makers.ROOT, now=OVER)

    assert queries.month(county.close(db)).total.sat == 12


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_only_a_published_round_is_closed(db, cast, state):
    round_ = makers.make_round(db, cast.county, published=False)
    if state == "cancelled":
        running_actions.cancel(db, round_, "误设", by=makers.ROOT, now=NOW)

    with pytest.raises(Refused, match="只有已发布的轮次"):
        actions.close_month(db, round_, grace=20, by=makers.ROOT, now=OVER)


def test_who_came_and_left_after_the_freeze_stands_in_a_note_and_in_no_rate(db, cast, county):
    """rules.md 27"""
    makers.make_person(db, "新来", cast.town)
    gone = county.people[0].assignments[0]
    gone.until_on = makers.TODAY
    moved = county.people[1]
    moved.assignments[0].until_on = makers.TODAY
    makers.make_assignment(db, moved, cast.other_town, from_on=makers.TODAY)

    month = queries.month(county.close(db))

    assert (month.joined_after, month.left_after) == (("新来（青杠镇）",), ("学员00（青杠镇）",))
    assert month.total.on_roster == 18
    assert moved.id in {person.person_id for person in unit_of(month, cast.town).people}


def test_nights_are_those_of_a_unit_and_everything_below_it_with_people_counted_once(db, cast, county):
    held = {"state": "held", "head_count": 5}
    for unit in (cast.town, cast.village):
        night = makers.make_night(db, makers.make_school(db, unit), NOW, **held)
        makers.make_attendance(db, night, cast.person)
    makers.make_night(db, makers.make_school(db, cast.other_town), NOW)

    month = queries.month(county.close(db))

    assert unit_of(month, cast.town).nights == NightFigures(2, 2, 0, 12, 1, Decimal(4))
    assert unit_of(month, cast.village).nights == NightFigures(1, 1, 0, 6, 1, Decimal(2))
    assert unit_of(month, cast.other_town).nights == NightFigures(1, 0, 0, 0, 0, Decimal(0))
    assert month.nights == NightFigures(3, 2, 0, 12, 1, Decimal(4))


def test_a_retest_is_closed_by_the_same_way_and_leaves_the_first_figures_alone(db, cast, county):
    """rules.md 29, 53"""
    first = county.close(db)
    retest = quizzes.plan_retest(
        db, county.round, cast.town, seed="r", opens_at=NOW, closes_at=later(hours=2), by=makers.ROOT, now=NOW
    )
    bank = makers.make_bank(db, cast.town)
    for kind in ("single", "single", "multi", "judge"):
        for _ in range(2):
            makers.make_question(db, bank, kind)
    makers.publish(db, retest, now=NOW, only=[cast.person.id])
    makers.make_attempt(db, retest, cast.person, 4)

    second = actions.close_month(db, retest, grace=20, by=makers.ROOT, now=OVER)

    assert (queries.month(second).total.on_roster, queries.month(second).joined_after) == (1, ())
    assert queries.month(first).total.on_roster == 18
    assert [one.id for one in queries.retests(db, county.round.id, makers.ROOT)] == [second.id]


def test_the_value_is_kept_with_its_digest(db, cast, county):
    result = county.close(db)
    db.commit()
    db.expire_all()

    assert figures.digest(queries.month(result)) == result.digest
    assert figures.from_data(json.loads(json.dumps(result.value))) == queries.month(result)


def test_a_correction_is_the_next_number_and_the_first_stays_as_it_was(db, cast, county):
    """rules.md 25"""
    first = county.close(db)
    before = queries.month(first)
    exempt(db, county.round, cast.person)
    db.flush()

    second = actions.correct_month(db, first, "补办免考", by=makers.ROOT, now=OVER + timedelta(days=1))

    after = queries.month(second)
    assert (second.number, second.reason, after.number) == (1, "补办免考", 1)
    assert after.corrections == ("更正第1号（2026年11月21日）：补办免考",)
    assert (before.total.exempt, after.total.exempt) == (0, 1)
    assert queries.month(first) == before
    assert [row.number for row in queries.versions(db, county.round.id)] == [0, 1]


def test_a_correction_counts_on_from_the_last_one_and_keeps_every_reason(db, cast, county):
    first = county.close(db)
    reasons = []
    for number, person in enumerate([cast.person, cast.officer.person], 1):
        exempt(db, county.round, person)
        db.flush()
        reasons += [f"更正第{number}号（2026年11月20日）：第{number}次"]
        last = actions.correct_month(db, first, f"第{number}次", by=makers.ROOT, now=OVER)

    assert (last.number, queries.month(last).corrections) == (2, tuple(reasons))


def test_without_any_change_there_is_nothing_to_correct(db, cast, county):
    first = county.close(db)
    cast.town.name = cast.town.short_name = "新青杠镇"
    makers.make_person(db, "新来", cast.town)
    db.flush()

    with pytest.raises(Refused, match="完全一样"):
        actions.correct_month(db, first, "没有变化", by=makers.ROOT, now=OVER + timedelta(days=9))


def test_a_correction_still_calls_a_unit_by_the_name_it_had(db, cast, county):
    """rules.md 49"""
    first = county.close(db)
    cast.town.name = cast.town.short_name = "新青杠镇"
    exempt(db, county.round, cast.person)
    db.flush()

    second = actions.correct_month(db, first, "补办免考", by=makers.ROOT, now=OVER)

    assert unit_of(queries.month(second), cast.town).name == "青杠镇"
