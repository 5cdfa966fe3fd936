from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from school import audit, clock
from school.access import Grant, Member, Role
from school.db import writing
from school.errors import NotAllowed, Refused
from school.followups import actions, queries
from school.followups.models import CalendarDay, Case, Step
from school.followups.workdays import Calendar, Entry
from school.quizzes.models import Candidate, PaperQuestion, Round
from school.results.figures import Shortfall
from school.results.models import MonthResult
from tests import figures_makers, makers
from tests.makers import DECIDER, NOW, SPEAKER, later

CALENDAR = Calendar()
#: 2026-11-20 is a Friday; three, five and twenty working days later
IN_3, IN_5, IN_20 = date(2026, 11, 25), date(2026, 11, 27), date(2026, 12, 18)


def by_chance(unit):
    return makers.make_short(unit, shortfalls=(Shortfall("pass_rate", Fraction(20, 24), Decimal("0.9"), True),))


def in_order(unit):
    return makers.make_short(unit, shortfalls=())


@pytest.fixture
def town_case(db, cast):
    return makers.make_case(db, cast.county, cast.town)


def test_a_case_opens_for_every_unit_that_fell_short_and_for_no_other(db, cast):
    round_ = makers.make_round(db, cast.county, questions=0, published=False)
    small = figures_makers.make_small_unit(cast.village.id, shortfalls=makers.make_short(cast.town).shortfalls)
    units = (makers.make_short(cast.town), small, by_chance(cast.other_town), in_order(cast.county))

    opened = actions.open_cases(db, makers.make_result(db, round_, *units), by=makers.ROOT, now=NOW)

    assert [(case.unit_id, case.state, case.due_on, case.closed_at) for case in opened] == [
        (cast.town.id, "opened", IN_3, None)
    ]
    assert [(step.number, step.move, step.signed_by, step.account_id) for step in opened[0].steps] == [
        (1, "open", "系统", None)
    ]
    assert opened[0].steps[0].text == "平均72.50分（实考24人），标准80分"


def test_the_rule_run_again_opens_nothing_and_changes_nothing(db, cast, town_case):
    """rules.md 53"""
    makers.take(db, town_case, "explain")

    assert actions.open_cases(db, town_case.result, by=makers.ROOT, now=later(days=1)) == []
    assert (town_case.state, len(town_case.steps)) == ("explained", 2)


def test_a_correction_of_the_month_opens_only_what_the_first_close_did_not(db, cast, town_case):
    corrected = makers.make_result(
        db, town_case.round, makers.make_short(cast.town), makers.make_short(cast.other_town), number=1
    )

    opened = actions.open_cases(db, corrected, by=makers.ROOT, now=NOW)

    assert [case.unit_id for case in opened] == [cast.other_town.id]
    assert town_case.result.number == 0


def test_ten_at_once_open_one_case(engine, db, cast):
    """rules.md 53"""
    round_ = makers.make_round(db, cast.county, questions=0, published=False)
    result_id = makers.make_result(db, round_, makers.make_short(cast.town), makers.make_short(cast.other_town)).id
    db.commit()
    opened, start = [], threading.Barrier(10)

    def run():
        start.wait()
        with writing(engine) as own:
            opened.append(len(actions.open_cases(own, own.get_one(MonthResult, result_id), by=makers.ROOT, now=NOW)))

    together(run, 10)

    assert sum(opened) == 2
    assert db.scalar(select(func.count()).select_from(Case)) == 2
    assert db.scalar(select(func.count()).select_from(Step)) == 2


def together(run, count):
    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_decisions_at_once_are_one_decision_and_one_sentence(engine, db, cast, town_case):
    makers.take(db, town_case, "explain")
    case_id = town_case.id
    db.commit()
    said, start = [], threading.Barrier(2)

    def run():
        start.wait()
        try:
            with writing(engine) as own:
                case = queries.case_(own, case_id, DECIDER, lock=True)
                actions.move_case(own, case, "remind", "请补学", by=DECIDER, now=NOW, calendar=CALENDAR)
            said.append("signed")
        except Refused as refused:
            said.append(refused.message)

    together(run, 2)

    assert sorted(said, key=len)[0] == "signed"
    assert "请刷新页面" in sorted(said, key=len)[1]
    db.expire_all()
    assert [step.move for step in town_case.steps] == ["open", "explain", "remind"]


def test_a_case_moved_since_it_was_read_is_not_moved_again(engine, db, cast, town_case):
    makers.take(db, town_case, "explain")
    db.commit()
    with Session(engine, expire_on_commit=False) as slow:
        stale = slow.get_one(Case, town_case.id)
        assert (len(stale.steps), stale.unit.name) == (2, "青杠镇")
        slow.commit()
    makers.take(db, town_case, "remind")
    db.commit()

    with writing(engine) as own:
        case = own.merge(stale, load=False)
        with pytest.raises(Refused, match=actions.TAKEN):
            actions.move_case(own, case, "bulletin", "x", by=DECIDER, now=NOW, calendar=CALENDAR)

    db.expire_all()
    assert [step.move for step in town_case.steps] == ["open", "explain", "remind"]


def test_the_whole_way_from_the_hint_to_the_signed_closing(db, cast):
    case = makers.make_case(db, cast.county, cast.town, "explain", "remind", "plan", "report", "propose")

    makers.take(db, case, "close", "已核实两张成绩单。", at=later(days=3))

    assert (case.state, case.due_on, case.closed_at) == ("closed", None, later(days=3))
    assert [(step.number, step.move, step.signed_by) for step in case.steps] == [
        (1, "open", "系统"), (2, "explain", "联络员甲"), (3, "remind", "管理员乙"), (4, "plan", "联络员甲"),
        (5, "report", "联络员甲"), (6, "propose", "管理员乙"), (7, "close", "管理员乙"),
    ]  # fmt: skip
    assert audit.verify(db) == ""


@pytest.mark.parametrize(
    ("moves", "due"),
    [
        ((), IN_3), (("explain",), IN_5), (("explain", "remind"), IN_5), (("explain", "remind", "plan"), IN_20),
        (("explain", "no_action"), None),
    ],
)  # fmt: skip
def test_each_state_is_due_so_many_working_days_after_it_was_entered(db, cast, moves, due):
    assert makers.make_case(db, cast.county, cast.town, *moves).due_on == due


def test_lateness_is_counted_in_working_days_and_frozen_into_the_step(db, cast, town_case):
    """rules.md 52"""
    step = makers.take(db, town_case, "explain", at=later(days=7))

    assert (step.was_due_on, step.days_late) == (IN_3, 2)
    actions.enter_days(db, [Entry(date(2026, 11, 26), False, "停工")], by=makers.ROOT, now=later(days=8))
    assert (step.was_due_on, step.days_late) == (IN_3, 2)


def test_a_due_day_already_fixed_stays_when_the_calendar_changes(db, cast, town_case):
    actions.enter_days(db, [Entry(date(2026, 11, 24), False, "停工")], by=makers.ROOT, now=NOW)

    assert town_case.due_on == IN_3
    assert queries.calendar(db).works(date(2026, 11, 24)) is False


def test_the_same_day_entered_again_is_no_change(db, cast):
    entries = [Entry(date(2027, 1, 1), False, "元旦"), Entry(date(2027, 1, 2), False, "")]

    assert [actions.enter_days(db, entries, by=makers.ROOT, now=NOW) for _ in range(2)] == [2, 0]
    assert actions.enter_days(db, [Entry(date(2027, 1, 2), True, "")], by=makers.ROOT, now=NOW) == 1
    assert db.scalars(select(CalendarDay.working).order_by(CalendarDay.day)).all() == [False, True]


def test_a_month_with_a_shortfall_before_it_counts_as_the_second_in_a_row(db, cast):
    short = makers.make_short(cast.town)
    for month, units in [(8, (short,)), (9, (by_chance(cast.town),)), (10, (short,))]:
        makers.make_result(
            db, makers.make_round(db, cast.county, questions=0, published=False, month=date(2026, month, 1)), *units
        )

    case = makers.make_case(db, cast.county, cast.town)

    assert case.facts["streak"] == 2


def test_a_retest_or_another_county_s_month_does_not_count_towards_months_in_a_row(db, cast):
    short = makers.make_short(cast.town)
    before = makers.make_round(db, cast.county, questions=0, published=False, month=date(2026, 9, 1))
    makers.make_result(db, before, in_order(cast.town))
    retest = makers.make_round(db, cast.county, questions=0, published=False, month=date(2026, 10, 1))
    retest.repeats_id, retest.repeats_kind = before.id, "retest"
    makers.make_result(db, retest, short)
    makers.make_result(
        db, makers.make_round(db, cast.town, questions=0, published=False, month=date(2026, 10, 1)), short
    )

    assert makers.make_case(db, cast.county, cast.town).facts["streak"] == 1


def test_a_closed_make_up_opens_no_case_and_is_no_month_of_its_own(db, cast):
    before = makers.make_round(db, cast.county, questions=0, published=False)
    made = makers.make_round(db, cast.county, questions=0, published=False)
    made.repeats_id, made.repeats_kind, made.repeats_whom = before.id, "makeup", "both"
    result = makers.make_result(db, made, makers.make_short(cast.town))

    assert actions.open_cases(db, result, by=makers.ROOT, now=NOW) == []
    assert queries.months(db, makers.ROOT) == []


def member(account_id: int, *grants: Grant) -> Member:
    return Member(account_id, account_id, f"第{account_id}人", grants=grants)


def test_only_the_unit_s_clerk_explains_and_only_officers_above_decide(db, cast, town_case):
    own_officer, clerk = Grant(Role.OFFICER, cast.town.path), Grant(Role.CLERK, cast.town.path)
    moved = {"now": NOW, "calendar": CALENDAR}
    with pytest.raises(NotAllowed, match="单位联络员"):
        actions.move_case(db, town_case, "explain", "x", by=member(1, own_officer), **moved)
    actions.move_case(db, town_case, "explain", "x", by=member(1, clerk), **moved)

    for nobody in (member(1, clerk), member(1, own_officer)):
        with pytest.raises(NotAllowed, match="上级管理员"):
            actions.move_case(db, town_case, "remind", "x", by=nobody, **moved)


def test_whoever_reported_never_closes_not_even_with_both_roles(db, cast):
    """rules.md 52"""
    case = makers.make_case(db, cast.county, cast.town, "explain", "remind", "plan", "report", "propose")

    with pytest.raises(NotAllowed, match="不能自己办结"):
        actions.move_case(db, case, "close", "x", by=SPEAKER, now=NOW, calendar=CALENDAR)
    assert case.state == "proposed"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_signed_without_words(db, cast, town_case, text):
    with pytest.raises(Refused, match="请写明"):
        makers.take(db, town_case, "explain", text)


@pytest.mark.parametrize("until", [None, makers.TODAY], ids=["no expiry", "expires today"])
def test_a_waiver_has_an_expiry_to_come(db, cast, town_case, until):
    with pytest.raises(Refused, match="到期日"):
        makers.take(db, town_case, "waive", until=until)


def test_a_waiver_stops_the_clock_and_going_back_gives_the_full_time_again(db, cast, town_case):
    makers.take(db, town_case, "waive", until=date(2026, 12, 31))
    assert (town_case.state, town_case.due_on) == ("waived", date(2026, 12, 31))

    makers.take(db, town_case, "resume", at=later(days=10))
    assert (town_case.state, town_case.due_on) == ("opened", date(2026, 12, 3))


def test_a_reopened_case_starts_its_clock_anew_and_keeps_every_step(db, cast):
    case = makers.make_case(db, cast.county, cast.town, "explain", "no_action")

    makers.take(db, case, "reopen", at=later(days=10))

    assert (case.state, case.due_on, case.closed_at) == ("opened", date(2026, 12, 3), None)
    assert [step.move for step in case.steps] == ["open", "explain", "no_action", "reopen"]


@pytest.fixture
def waiting_for_retest(db, cast):
    """A case of the town at the point of planning a retest; three of its people stayed below the mark."""
    people = [makers.make_person(db, name, cast.town) for name in ("甲一", "乙二", "丙三", "丁四")]
    round_ = makers.make_round(db, cast.county, questions=8)
    bands = ("below", "below", "below", "passed")
    lines = [
        figures_makers.make_person(n + 2, person_id=person.id, name=person.name, band=band)
        for n, (person, band) in enumerate(zip(people, bands, strict=True))
    ]
    result = makers.make_result(db, round_, makers.make_short(cast.town, people=tuple(lines)))
    case = actions.open_cases(db, result, by=makers.ROOT, now=NOW)[0]
    for move in ("explain", "remind", "plan", "report"):
        makers.take(db, case, move)
    return case


def plan(db, case, **given) -> Round:
    values = {"opens_at": later(days=3), "closes_at": later(days=3, hours=2), "everyone": False, **given}
    drawn = queries.retest_drawn(db, case, on=clock.day(values["opens_at"]))
    return actions.plan_retest(db, case, "在镇会议室", drawn=drawn, by=DECIDER, now=NOW, calendar=CALENDAR, **values)


@pytest.mark.parametrize(
    ("everyone", "names"), [(False, ["甲一", "乙二", "丙三"]), (True, ["甲一", "乙二", "丙三", "丁四"])]
)
def test_a_retest_calls_those_below_the_mark_or_everybody_with_unseen_questions(
    db, waiting_for_retest, everyone, names
):
    """rules.md 53"""
    retest = plan(db, waiting_for_retest, everyone=everyone)

    called = db.scalars(select(Candidate.name).where(Candidate.round_id == retest.id).order_by(Candidate.id)).all()
    assert called == names
    papers = select(PaperQuestion.question_id, Candidate.round_id).join(
        Candidate, Candidate.paper_id == PaperQuestion.paper_id
    )
    asked = {(round_id, question) for question, round_id in db.execute(papers)}
    first = {question for round_id, question in asked if round_id == retest.repeats_id}
    again = {question for round_id, question in asked if round_id == retest.id}
    assert first.isdisjoint(again)
    assert (waiting_for_retest.state, waiting_for_retest.due_on) == ("retesting", date(2026, 11, 30))


def test_a_retest_too_short_or_for_nobody_is_refused_and_moves_nothing(db, waiting_for_retest):
    with pytest.raises(Refused, match="30 分钟"):
        plan(db, waiting_for_retest, closes_at=later(days=3, minutes=29))
    nobody = replace(makers.make_short(waiting_for_retest.unit), people=())
    makers.make_result(db, waiting_for_retest.round, nobody, number=1)
    with pytest.raises(Refused, match="全体应考人员"):
        plan(db, waiting_for_retest)
    assert (waiting_for_retest.state, waiting_for_retest.retest_id) == ("rectified", None)


@pytest.mark.parametrize(
    ("passed", "points", "absent", "state"),
    [(3, 240, 0, "proposed"), (3, 239, 0, "retesting"), (1, 240, 0, "proposed"), (3, 240, 1, "retesting"), (0, 0, 3, "retesting")],
    ids=["exactly the mean that was missed", "a point below", "only the missed measure counts", "one called did not come", "nobody came"],
)  # fmt: skip
def test_closing_is_proposed_when_the_retest_reaches_the_standard(
    db, waiting_for_retest, passed, points, absent, state
):
    case = waiting_for_retest
    retest = plan(db, case)
    sat = 0 if absent == 3 else 3
    figures = figures_makers.make_counts(
        on_roster=sat + absent,
        expected=sat + absent,
        exempt=0,
        absent=absent,
        sat=sat,
        passed=passed,
        excellent=0,
        score_sum=Decimal(points),
    )
    result = makers.make_result(db, retest, makers.make_short(case.unit, counts=figures, shortfalls=()))

    assert actions.open_cases(db, result, by=makers.ROOT, now=later(days=4)) == []
    assert actions.open_cases(db, result, by=makers.ROOT, now=later(days=4)) == []

    assert case.state == state
    if state == "proposed":
        assert (case.steps[-1].move, case.steps[-1].signed_by) == ("propose", "系统")
        assert [
            "实考24人" in case.steps[-1].text,
            "实考3人" in case.steps[-1].text,
            "实考27人" in case.steps[-1].text,
        ] == [True, True, False]


def test_what_waits_for_whom(db, cast, town_case):
    clerk, officer = (
        Member(1, 1, "甲", grants=(Grant(Role.CLERK, cast.town.path),)),
        Member(2, 2, "乙", grants=(Grant(Role.OFFICER, cast.county.path),)),
    )
    outsider = Member(3, 3, "丙", grants=(Grant(Role.CLERK, cast.other_town.path), Grant(Role.OFFICER, cast.town.path)))

    def waiting(who):
        return [line.case.id for line in queries.cases_waiting_for(db, who, later(days=1))]

    assert (waiting(clerk), waiting(officer), waiting(outsider)) == ([town_case.id], [], [])
    makers.take(db, town_case, "explain")
    assert (waiting(clerk), waiting(officer), waiting(outsider)) == ([], [town_case.id], [])


def test_what_waits_is_in_order_of_its_due_day(db, cast):
    late = makers.make_case(db, cast.county, cast.town, at=later(days=-10))
    fresh = makers.make_case(db, cast.county, cast.town)
    long = makers.make_case(db, cast.county, cast.village, "explain", "remind", "plan")

    found = queries.cases_waiting_for(
        db, replace(SPEAKER, grants=(Grant(Role.CLERK, cast.town.path),)), NOW + timedelta(0)
    )

    assert [(line.case.id, line.late) for line in found] == [(late.id, 5), (fresh.id, 0), (long.id, 0)]
