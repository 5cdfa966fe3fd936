"""A round while it runs: more time, another window, a pause with the time given back, exemptions, the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from school import audit
from school.access import Grant, Role
from school.errors import Refused
from school.quizzes import queries, running_actions, running_queries, taking_actions
from school.roster.models import Person
from tests import makers
from tests.makers import NOW, ROOT, later


def row_of(db, round_, person, lock=False):
    found = queries.sitting(db, round_.id, person.id)
    return queries.candidate(db, round_.id, found.candidate.id, ROOT, Role.OFFICER, lock=lock)


def begin(db, round_, person, **after):
    return makers.make_attempt(db, round_, person, at=later(**after))


def deadline(db, attempt):
    db.refresh(attempt)
    return attempt.deadline_at


def lines(db, deed):
    return list(db.scalars(select(audit.AuditLine).where(audit.AuditLine.deed == deed)))


def move(db, round_, *, closes, opens=None, now, grace=20):
    opens_at = round_.opens_at if opens is None else opens
    return running_actions.move_window(db, round_, opens_at, closes, "停电", grace=grace, by=ROOT, now=now)


# the window


def test_moving_the_window_moves_every_stored_deadline_that_hangs_on_it(db, cast, round_):
    """rules.md 6."""
    early, late = begin(db, round_, cast.person), begin(db, round_, cast.officer.person, minutes=100)

    assert move(db, round_, closes=later(minutes=125), now=later(minutes=20)) == 2

    assert (deadline(db, early), deadline(db, late)) == (later(minutes=30), later(minutes=125))
    assert round_.closes_at == later(minutes=125)
    line = lines(db, "move_window")[0]
    assert line.before["closes_at"] != line.after["closes_at"]
    assert (line.after["reason"], line.after["touched"]) == ("停电", 2)


def test_an_earlier_end_takes_time_away_and_the_page_says_from_how_many(db, cast, round_):
    begin(db, round_, cast.person)
    late = begin(db, round_, cast.officer.person, minutes=20)

    seen = running_queries.touched(db, round_, later(minutes=45), later(minutes=25))
    move(db, round_, closes=later(minutes=45), now=later(minutes=25))

    assert (seen.longer, seen.shorter, seen.same, seen.waiting) == (0, 1, 1, 4)
    assert deadline(db, late) == later(minutes=45)


def test_whoever_finished_is_not_reopened_by_a_later_end(db, cast, round_):
    """rules.md 4, 5: handed in, and walked away until the deadline was over."""
    handed_in = makers.make_attempt(db, round_, cast.officer.person, right=2, at=later(minutes=100))
    walked_away = begin(db, round_, cast.person, minutes=80)
    receipt = handed_in.receipt

    move(db, round_, closes=later(hours=3), now=later(minutes=115))

    assert (handed_in.receipt, deadline(db, handed_in)) == (receipt, later(minutes=120))
    assert deadline(db, walked_away) == later(minutes=110)
    assert (walked_away.handed_in_how, walked_away.handed_in_at) == ("deadline", later(minutes=110))


def test_an_attempt_in_the_grace_of_the_network_gets_no_new_time(db, cast, round_):
    """rules.md 3: the grace is no bonus. Somebody else's extension keeps the keys hidden meanwhile."""
    attempt = begin(db, round_, cast.person, minutes=100)
    running_actions.extend(db, round_, row_of(db, round_, cast.officer.person), 30, "视力", by=ROOT, now=NOW)

    move(db, round_, closes=later(hours=3), now=later(minutes=120, seconds=5))

    assert (deadline(db, attempt), attempt.handed_in_at) == (later(minutes=120), None)


@pytest.mark.parametrize(
    ("opens", "closes", "at", "why"),
    [
        (None, later(hours=2), 0, "没有变"),
        (None, later(minutes=10), 20, "在现在以后"),
        (None, later(minutes=25), 0, "比答题时间还短"),
        (later(minutes=-5), later(hours=3), 20, "已经有人开始"),
        (None, later(hours=9), 121, "答案已可查看"),
    ],
)
def test_a_window_that_cannot_be_is_refused(db, cast, round_, opens, closes, at, why):
    begin(db, round_, cast.person)

    with pytest.raises(Refused, match=why):
        move(db, round_, opens=opens, closes=closes, now=later(minutes=at))

    assert (round_.opens_at, round_.closes_at, lines(db, "move_window")) == (NOW, later(hours=2), [])


def test_before_anybody_began_the_whole_window_moves(db, round_):
    move(db, round_, opens=later(hours=5), closes=later(hours=7), now=later(minutes=-10))

    assert (round_.opens_at, round_.closes_at) == (later(hours=5), later(hours=7))


# a pause


def paused(db, round_, at):
    return running_actions.pause(db, round_, "停电", by=ROOT, now=later(minutes=at))


def resumed(db, round_, at):
    return running_actions.resume(db, round_, by=ROOT, now=later(minutes=at))


def test_a_pause_gives_its_length_back_to_the_window_and_to_those_who_were_answering(db, cast, round_):
    early, late = begin(db, round_, cast.person), begin(db, round_, cast.officer.person, minutes=15)
    done = makers.make_attempt(db, round_, cast.clerk.person, right=1, at=NOW)

    assert paused(db, round_, 20) is True
    assert resumed(db, round_, 45) == 25 * 60

    assert (deadline(db, early), deadline(db, late)) == (later(minutes=55), later(minutes=70))
    assert (early.given_back, done.given_back) == (1500, 0)
    assert deadline(db, done) == later(minutes=30)
    assert (round_.closes_at, round_.paused_at) == (later(minutes=145), None)


def test_two_pauses_add_up_and_an_extension_still_counts_on_top(db, cast, round_):
    attempt = begin(db, round_, cast.person)
    for start, end in ((5, 10), (12, 15)):
        paused(db, round_, start)
        resumed(db, round_, end)

    running_actions.extend(db, round_, row_of(db, round_, cast.person), 15, "视力", by=ROOT, now=later(minutes=20))

    assert deadline(db, attempt) == later(minutes=30 + 8 + 15)


def test_what_was_over_before_the_pause_has_lost_nothing(db, cast, round_):
    attempt = begin(db, round_, cast.person)
    paused(db, round_, 31)
    resumed(db, round_, 60)

    assert (deadline(db, attempt), attempt.given_back) == (later(minutes=30), 0)


def test_while_a_round_is_paused_nobody_begins_and_nobody_is_handed_in(db, cast, round_):
    attempt = begin(db, round_, cast.person)
    paused(db, round_, 10)

    with pytest.raises(Refused, match="暂停"):
        begin(db, round_, cast.officer.person, minutes=15)
    assert taking_actions.hand_in_overdue(db, now=later(hours=5), grace=20) == 0

    resumed(db, round_, 300)
    assert deadline(db, attempt) == later(minutes=320)


def test_keys_are_not_shown_in_a_pause_however_long_it_lasts(db, cast, round_):
    paused(db, round_, 119)
    at = later(days=3)

    assert running_queries.reveals_at(db, round_, 20, at) > at
    with pytest.raises(Refused, match="暂停"):
        running_actions.close(db, round_, grace=20, by=ROOT, now=at)


def test_pausing_and_going_on_twice_does_it_once(db, round_):
    assert (paused(db, round_, 10), paused(db, round_, 12)) == (True, False)
    assert (resumed(db, round_, 20), resumed(db, round_, 30)) == (600, None)

    assert round_.closes_at == later(minutes=130)
    assert (len(lines(db, "pause_round")), len(lines(db, "resume_round"))) == (1, 1)
    assert lines(db, "pause_round")[0].after["reason"] == "停电"


@pytest.mark.parametrize("at", [-1, 121])
def test_only_a_round_that_is_being_answered_is_paused(db, round_, at):
    with pytest.raises(Refused, match="正在答题"):
        paused(db, round_, at)


def test_a_paused_window_is_not_moved(db, round_):
    paused(db, round_, 10)

    with pytest.raises(Refused, match="先恢复"):
        move(db, round_, closes=later(hours=9), now=later(minutes=20))


# more time


def test_a_unit_gets_more_time_and_its_neighbour_does_not(db, cast, round_):
    """rules.md 5."""
    attempt = begin(db, round_, cast.person)

    count = running_actions.extend_all(db, round_, cast.town, 20, "镇上停电", by=ROOT, now=later(minutes=10))

    assert count == 3  # two of the township, one of its village
    assert deadline(db, attempt) == later(minutes=50)
    found = {row.person.id: row.candidate for row in queries.candidate_rows(db, round_.id, ["/"])}
    for candidate in found.values():
        db.refresh(candidate)
    assert found[cast.person.id].extension_reason == "镇上停电"
    assert found[cast.outsider.person_id].extension == 0
    line = lines(db, "extend_candidates")[0]
    assert (line.after["unit"], line.after["touched"]) == (cast.town.code, 3)


def test_everybody_gets_at_least_so_much_and_nobody_loses_what_was_granted(db, cast, round_):
    begun = begin(db, round_, cast.person)
    running_actions.extend(db, round_, row_of(db, round_, cast.person), 40, "视力", by=ROOT, now=NOW)
    db.flush()

    assert running_actions.extend_all(db, round_, None, 10, "线路不好", by=ROOT, now=later(minutes=1)) == 5
    assert running_actions.extend_all(db, round_, None, 10, "线路不好", by=ROOT, now=later(minutes=2)) == 0

    assert deadline(db, begun) == later(minutes=70)
    assert len(lines(db, "extend_candidates")) == 1


def test_an_officer_of_a_township_extends_the_own_people_only(db, cast, round_):
    officer = replace(ROOT, grants=(Grant(Role.OFFICER, cast.town.path),))

    assert running_actions.extend_all(db, round_, None, 10, "停电", by=officer, now=NOW) == 3


def test_who_has_finished_gets_no_time(db, cast, round_):
    """rules.md 4, 5."""
    makers.make_attempt(db, round_, cast.officer.person, right=1, at=NOW)
    walked_away = begin(db, round_, cast.person)

    assert running_actions.extend_all(db, round_, None, 30, "停电", by=ROOT, now=later(minutes=31)) == 4
    with pytest.raises(Refused, match="20:30 结束"):
        running_actions.extend(db, round_, row_of(db, round_, cast.person), 30, "停电", by=ROOT, now=later(minutes=31))

    assert deadline(db, walked_away) == later(minutes=30)


def test_time_that_has_passed_is_not_taken_back(db, cast, round_):
    attempt = begin(db, round_, cast.person)
    running_actions.extend(db, round_, row_of(db, round_, cast.person), 30, "停电", by=ROOT, now=NOW)

    with pytest.raises(Refused, match="已经过去"):
        running_actions.extend(db, round_, row_of(db, round_, cast.person), 5, "改短", by=ROOT, now=later(minutes=40))

    assert deadline(db, attempt) == later(minutes=60)


# exemptions


def member(role, unit, name="某人"):
    return replace(ROOT, name=name, grants=(Grant(role, unit.path),))


@pytest.mark.parametrize(
    ("role", "minutes", "may"),
    [(Role.CLERK, 119, True), (Role.CLERK, 120, False), (Role.OFFICER, 120, True), (Role.OFFICER, 60 * 24 * 40, True)],
)
def test_a_clerk_exempts_until_the_window_ends_and_the_officer_afterwards_too(db, cast, round_, role, minutes, may):
    by, row = member(role, cast.town), row_of(db, round_, cast.person)

    if may:
        running_actions.exempt(db, row, "产假", by=by, now=later(minutes=minutes))
    else:
        with pytest.raises(Refused, match="县级管理员办理"):
            running_actions.exempt(db, row, "产假", by=by, now=later(minutes=minutes))

    assert (row.candidate.exempt_by, len(lines(db, "exempt_candidate"))) == (("某人", 1) if may else ("", 0))


def test_after_the_close_the_officer_still_exempts_who_did_not_sit(db, cast, round_):
    running_actions.close(db, round_, grace=20, by=ROOT, now=later(hours=3))
    row = row_of(db, round_, cast.person)

    running_actions.exempt(db, row, "住院", by=member(Role.OFFICER, cast.county), now=later(days=3))

    assert row.candidate.exempt_reason == "住院"
    with pytest.raises(Refused, match="县级管理员"):
        running_actions.unexempt(db, row, by=member(Role.CLERK, cast.town), now=later(days=3))


def test_a_decided_exemption_is_not_decided_again(db, cast, round_):
    row = row_of(db, round_, cast.person)
    running_actions.exempt(db, row, "产假", by=member(Role.OFFICER, cast.county, "甲"), now=NOW)

    with pytest.raises(Refused, match="已由甲登记"):
        running_actions.exempt(db, row, "住院", by=member(Role.OFFICER, cast.county, "乙"), now=NOW)

    assert (row.candidate.exempt_reason, row.candidate.exempt_by) == ("产假", "甲")


def test_nobody_exempts_themselves(db, cast, round_):
    """Who signs an exemption is somebody else: a clerk is called to the round like everybody of the unit."""
    clerk = replace(member(Role.CLERK, cast.town), person_id=cast.clerk.person_id)
    own = row_of(db, round_, db.get_one(Person, cast.clerk.person_id))

    with pytest.raises(Refused, match="自己的免考不能自己登记"):
        running_actions.exempt(db, own, "产假", by=clerk, now=NOW)
    running_actions.exempt(db, row_of(db, round_, cast.person), "产假", by=clerk, now=NOW)

    assert len(lines(db, "exempt_candidate")) == 1


def test_a_called_off_round_has_no_exemptions(db, cast, round_):
    row = row_of(db, round_, cast.person)
    running_actions.cancel(db, round_, "误设", by=ROOT, now=NOW)

    with pytest.raises(Refused, match="没有在进行"):
        running_actions.exempt(db, row, "产假", by=ROOT, now=NOW)


# who came and went


def test_later_joiners_and_leavers_are_named_and_change_nothing(db, cast, round_):
    """rules.md 27."""
    new = makers.make_person(db, "新来的", cast.village)
    cast.person.assignments[0].until_on = makers.TODAY
    db.flush()

    joined, left = running_queries.moves(db, round_, makers.TODAY)

    assert (joined, left) == ((f"{new.name}（柏树村）",), ("买买提·艾力（青杠镇）",))
    assert running_queries.moves(db, round_, makers.TODAY, (cast.other_town.path,)) == ((), ())
    assert len(queries.candidate_rows(db, round_.id, ["/"])) == 6
