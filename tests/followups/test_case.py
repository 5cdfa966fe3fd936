from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from school.access import Grant, Member, Role
from school.followups import case
from school.followups.case import Held, Signed, Standing
from school.followups.workdays import Calendar, working_days_late

MONDAY = date(2026, 11, 23)
CALENDAR = Calendar()
CLERK, OFFICER = frozenset({Role.CLERK}), frozenset({Role.OFFICER})
BOTH = CLERK | OFFICER


def stands(state: str, *, due_on=MONDAY, spoke=(), streak=1) -> Standing:
    return Standing((Held(state, due_on),), frozenset(spoke), streak)


def moves(state: str, roles, *, today=MONDAY, signer=7, **values) -> tuple[str, ...]:
    return case.open_to(stands(state, **values), roles, signer, today, CALENDAR)


@pytest.mark.parametrize(
    ("state", "clerk", "officer"),
    [
        ("opened", ("explain", "object"), ("waive",)),
        ("explained", ("object",), ("no_action", "remind", "bulletin", "waive")),
        ("talking", ("object",), ("hold_talk", "waive")),
        ("planning", ("plan", "object"), ("waive",)),
        ("rectifying", ("report", "object"), ("waive",)),
        ("rectified", ("object",), ("retest", "propose", "send_back", "waive")),
        ("retesting", ("object",), ("propose", "send_back", "waive")),
        ("proposed", ("object",), ("send_back", "close", "waive")),
        ("objected", (), ("answer", "uphold")),
        ("waived", ("object",), ("resume",)),
        ("closed", (), ("reopen",)),
    ],
)
def test_who_may_do_what_in_each_state(state, clerk, officer):
    assert (moves(state, CLERK), moves(state, OFFICER), moves(state, ())) == (clerk, officer, ())


@pytest.mark.parametrize(
    ("days_after", "offered"), [(0, False), (1, True)], ids=["on the due day", "a working day after"]
)
def test_an_officer_decides_without_an_explanation_only_when_it_is_overdue(days_after, offered):
    assert ("remind" in moves("opened", OFFICER, today=MONDAY + timedelta(days_after))) == offered


@pytest.mark.parametrize(("streak", "offered"), [(1, False), (2, True), (3, True)])
def test_a_single_month_never_offers_a_talk(streak, offered):
    """domain.md §2.5"""
    assert ("talk" in moves("explained", OFFICER, streak=streak)) == offered
    assert (case.unfit(stands("explained", streak=streak), "talk", MONDAY, CALENDAR) == "") == offered


@pytest.mark.parametrize(("state", "move"), [("explained", "no_action"), ("proposed", "close"), ("objected", "uphold")])
def test_whoever_spoke_for_the_unit_never_closes(state, move):
    """rules.md 52"""
    assert move in moves(state, BOTH, signer=7, spoke=[8])
    assert move not in moves(state, BOTH, signer=7, spoke=[7])


@pytest.mark.parametrize(
    ("short", "months", "words"),
    [
        ([True], 1, "关注"), ([True, False, True], 1, "关注"), ([True, True, False], 2, "建议约谈"),
        ([True] * 3, 3, "提请研究"), ([True] * 7, 7, "提请研究"),
    ],
)  # fmt: skip
def test_the_suggestion_follows_the_months_in_a_row(short, months, words):
    assert (case.streak(short), case.suggestion(months)) == (months, words)


@pytest.mark.parametrize(
    ("state", "move", "due"),
    [
        ("opened", "explain", date(2026, 11, 30)), ("explained", "talk", date(2026, 12, 7)), ("explained", "remind", date(2026, 11, 30)),
        ("planning", "plan", date(2026, 12, 21)), ("rectifying", "report", date(2026, 11, 30)), ("proposed", "close", None),
        ("closed", "reopen", date(2026, 11, 26)),
    ],
)  # fmt: skip
def test_a_due_day_is_fixed_in_working_days_when_the_state_is_entered(state, move, due):
    assert case.entered(stands(state), move, MONDAY, CALENDAR).due_on == due


def history(*moves: str, due_on=MONDAY) -> list[Signed]:
    return [Signed(move, 1, due_on) for move in moves]


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("open", "object", "answer"), "opened"), (("open", "explain", "waive", "resume"), "explained"),
        (("open", "waive", "object"), "objected"), (("open", "waive", "object", "answer"), "waived"),
        (("open", "waive", "object", "answer", "resume"), "opened"), (("open", "waive", "object", "uphold", "reopen"), "opened"),
    ],
)  # fmt: skip
def test_objections_and_waivers_go_back_to_what_they_interrupted(steps, state):
    assert case.standing(history(*steps), MONDAY, 1).state == state


def test_after_an_objection_the_interrupted_state_has_its_full_time_again():
    now = case.standing(history("open", "explain", "remind", "object"), MONDAY, 1)

    assert case.entered(now, "answer", MONDAY, CALENDAR).due_on == date(2026, 11, 30)


def test_a_waiver_interrupted_by_an_objection_keeps_its_expiry():
    expiry = date(2026, 12, 31)
    now = case.standing([*history("open", "waive"), Signed("object", 1, expiry)], MONDAY, 1)

    assert case.entered(now, "answer", MONDAY, CALENDAR).due_on == expiry


@pytest.mark.parametrize(
    ("grants", "hats"),
    [
        ((Grant(Role.OFFICER, "/1/"),), OFFICER), ((Grant(Role.OFFICER, "/1/5/"),), frozenset()), ((Grant(Role.CLERK, "/1/5/"),), CLERK),
        ((Grant(Role.CLERK, "/1/"),), CLERK), ((Grant(Role.CLERK, "/1/6/"),), frozenset()), ((Grant(Role.COMMITTEE, "/"),), frozenset()),
    ],
    ids=["officer above", "officer of the unit itself", "clerk", "clerk of the county", "clerk next door", "committee"],
)  # fmt: skip
def test_the_unit_speaks_for_itself_and_only_those_above_decide(grants, hats):
    assert case.hats(Member(1, 1, "甲", grants=grants), "/1/5/") == hats


def test_the_county_s_own_case_is_decided_by_its_officers():
    assert case.hats(Member(1, 1, "甲", grants=(Grant(Role.OFFICER, "/1/"),)), "/1/") == OFFICER


@dataclass(frozen=True)
class Taken:
    signed: Signed
    on: date
    days_late: int


class CaseMachine(RuleBasedStateMachine):
    """Legal moves in any order, by anybody, on any later day."""

    @initialize(streak=st.integers(1, 4))
    def opened(self, streak):
        self.streak, self.today = streak, MONDAY
        self.due_on = case.entered(Standing((Held("closed"),), frozenset(), streak), "reopen", MONDAY, CALENDAR).due_on
        self.taken = [Taken(Signed("open", ""), MONDAY, 0)]
        self.model, self.spoke = ["opened"], set()

    @property
    def now(self) -> Standing:
        return case.standing([taken.signed for taken in self.taken], self.due_on, self.streak)

    @rule(days=st.integers(1, 40))
    def time_passes_and_changes_nothing(self, days):
        before = self.now
        self.today += timedelta(days)
        assert self.now == before

    @rule(
        choice=st.randoms(use_true_random=False),
        roles=st.sampled_from([CLERK, OFFICER, BOTH]),
        signer=st.integers(1, 3),
    )
    def somebody_moves(self, choice, roles, signer):
        now = self.now
        open_now = case.open_to(now, roles, signer, self.today, CALENDAR)
        assume(open_now)
        move = choice.choice(open_now)
        until = self.today + timedelta(30) if move in ("waive", "retest") else None
        due = case.entered(now, move, self.today, CALENDAR, until)
        if case.MOVES[move].ends:
            assert signer not in self.spoke
        self.taken.append(
            Taken(Signed(move, signer, now.due_on), self.today, working_days_late(now.due_on, self.today, CALENDAR))
        )
        self.due_on = due.due_on
        self._model(move, signer)

    def _model(self, move, signer):
        rule_ = case.MOVES[move]
        if rule_.to == case.BACK:
            self.model.pop()
        elif rule_.holds:
            self.model.append(rule_.to)
        else:
            self.model = [rule_.to]
        if move in {"explain", "plan", "report", "object"}:
            self.spoke.add(signer)

    @invariant()
    def the_steps_alone_tell_where_the_case_stands(self):
        assert [held.state for held in self.now.held] == self.model
        assert self.now.spoke == frozenset(self.spoke)

    @invariant()
    def an_open_case_has_a_turn_and_a_due_day_and_a_closed_one_has_neither(self):
        state = case.STATES[self.now.state]
        assert (state.turn is None) == (self.due_on is None) == (self.now.state == "closed")

    @invariant()
    def a_closed_case_can_only_be_reopened_and_an_open_one_never_stands_still(self):
        moves = case.open_to(self.now, BOTH, 99, self.today, CALENDAR)
        assert (moves == ("reopen",)) == (self.now.state == "closed")
        assert moves

    @invariant()
    def nothing_nests_deeper_than_an_objection_against_a_waiver(self):
        assert len(self.now.held) <= 3


CaseMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestCase = CaseMachine.TestCase


def test_a_standing_keeps_the_due_days_of_what_waits_below():
    now = case.standing(
        [Signed("open", ""), Signed("waive", 1, MONDAY), Signed("object", 2, date(2026, 12, 31))], date(2026, 11, 30), 1
    )

    assert now == replace(
        now, held=(Held("opened", MONDAY), Held("waived", date(2026, 12, 31)), Held("objected", date(2026, 11, 30)))
    )
