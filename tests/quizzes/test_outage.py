"""The server was away while people answered: what they lost is given back before anybody's time is over. And a pause
that the officer puts back to when it came."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from school import serving
from school.access import Role
from school.errors import Refused
from school.quizzes import deadline_actions, queries, running_actions, taking_actions
from school.quizzes.models import Answer, Heartbeat
from tests import makers
from tests.makers import NOW, ROOT, later
from tests.quizzes.test_running import deadline, lines
from tests.quizzes.test_running_pages import shown

GRACE = 20


def beats(db, **after):
    """The server ran until then, and was never heard of again."""
    deadline_actions.note(db, later(**after))
    db.commit()


def noted(db):
    return db.scalar(select(Heartbeat.at))


def outages(db):
    db.rollback()
    return [line.after for line in lines(db, "make_good_outage")]


@pytest.fixture
def back(engine, now):
    """back(minutes=40): the server is started again at 20:40, and its watch looks once."""

    def start(**after):
        now(later(**after))
        serving.wake(engine)
        serving.watch_once(engine, GRACE)

    return start


def test_whoever_was_answering_has_as_much_time_left_as_when_the_server_went_away(db, cast, round_, back):
    """rules.md 1, 4. The deadline passed meanwhile; nobody is handed in."""
    early, late = begin(db, round_, cast.person), begin(db, round_, cast.clerk.person, minutes=12)
    done = makers.make_attempt(db, round_, cast.officer.person, right=1, at=NOW)
    beats(db, minutes=12)

    back(minutes=41)

    assert (deadline(db, early), early.handed_in_at, early.given_back) == (later(minutes=59), None, 29 * 60)
    assert deadline(db, late) == later(minutes=71)
    assert (deadline(db, done), done.given_back) == (later(minutes=30), 0)
    assert round_of(db, round_).closes_at == later(hours=2)
    assert [(one["seconds"], one["touched"]) for one in outages(db)] == [(1740, 2)]


def begin(db, round_, person, **after):
    return makers.make_attempt(db, round_, person, at=later(**after))


def round_of(db, round_):
    db.refresh(round_)
    return round_


def test_whoever_had_not_begun_has_the_whole_working_time(db, cast, round_, back):
    beats(db, minutes=80)

    back(minutes=115)

    assert round_of(db, round_).closes_at == later(minutes=145)
    attempt = begin(db, round_, cast.person, minutes=115)
    assert deadline(db, attempt) == later(minutes=145)
    line = lines(db, "make_good_outage")[0]
    assert (line.actor, line.after["touched"]) == ("系统", 0)
    assert line.before["closes_at"] != line.after["closes_at"]


def test_a_round_that_was_to_open_meanwhile_is_held_when_the_server_is_back(db, round_, back):
    beats(db, minutes=-60)

    back(minutes=300)

    assert round_of(db, round_).closes_at == later(minutes=330)


@pytest.mark.parametrize(
    ("silent", "again", "why"),
    [
        (-120, -60, "before the opening"), (125, 300, "after the end"), (10, 10.9, "within three looks of the watch"),
        (20, 5, "the clock went back"),
    ],
)  # fmt: skip
def test_nothing_is_given_back_where_nothing_was_lost(db, cast, round_, back, silent, again, why):
    attempt = begin(db, round_, cast.person)
    if silent > 60:
        taking_actions.hand_in_overdue(db, now=later(minutes=silent), grace=GRACE)
    beats(db, minutes=silent)

    back(minutes=again)

    assert (outages(db), deadline(db, attempt)) == ([], later(minutes=30)), why
    assert round_of(db, round_).closes_at == later(hours=2)


def test_a_window_of_days_does_not_move_because_the_office_is_dark_at_night(db, cast, back):
    round_ = makers.make_round(db, cast.county, closes_at=later(days=3))
    attempt = begin(db, round_, cast.person)
    beats(db, minutes=10)

    back(hours=12)

    assert round_of(db, round_).closes_at == later(days=3)
    assert deadline(db, attempt) == later(hours=12, minutes=20)


def test_a_paused_round_and_a_cancelled_one_need_nothing(db, cast, round_, back):
    attempt = begin(db, round_, cast.person)
    cancelled = makers.make_round(db, cast.county)
    running_actions.pause(db, round_, "停电", by=ROOT, now=later(minutes=5))
    running_actions.cancel(db, cancelled, "重复了", by=ROOT, now=later(minutes=5))
    beats(db, minutes=6)

    back(minutes=50)
    assert (outages(db), deadline(db, attempt)) == ([], later(minutes=30))

    running_actions.resume(db, round_of(db, round_), by=ROOT, now=later(minutes=55))
    assert deadline(db, attempt) == later(minutes=80)


def test_an_extension_that_ran_alone_runs_on_and_nobody_else_may_begin(db, cast, round_, back):
    attempt = begin(db, round_, cast.person, minutes=100)
    sitting = queries.sitting(db, round_.id, cast.person.id)
    row = queries.candidate(db, round_.id, sitting.candidate.id, ROOT, Role.OFFICER)
    running_actions.extend(db, round_, row, 30, "视力", by=ROOT, now=later(minutes=101))
    assert deadline(db, attempt) == later(minutes=150)
    beats(db, minutes=130)

    back(minutes=160)

    assert deadline(db, attempt) == later(minutes=180)
    with pytest.raises(Refused, match="现在不能开始"):
        begin(db, round_of(db, round_), cast.clerk.person, minutes=160)


def test_two_outages_add_up_and_each_is_told(db, cast, round_, back):
    attempt = begin(db, round_, cast.person)
    beats(db, minutes=5)
    back(minutes=10)
    beats(db, minutes=12)
    back(minutes=20)

    assert (deadline(db, attempt), len(outages(db))) == (later(minutes=43), 2)


def test_when_the_time_is_over_after_all_the_attempt_is_handed_in(db, cast, round_, back, engine, now):
    """rules.md 4."""
    attempt = begin(db, round_, cast.person)
    beats(db, minutes=20)
    back(minutes=40)
    for minute in range(41, 52):
        now(later(minutes=minute))
        serving.watch_once(engine, GRACE)

    assert (deadline(db, attempt), attempt.handed_in_at, attempt.handed_in_how) == (later(minutes=50),) * 2 + (
        "deadline",
    )


def test_a_start_with_a_clock_that_is_behind_does_not_look_like_silence_when_it_is_put_right(db, round_, back):
    """What was over stays over."""
    assert noted(db) is None
    back(hours=3)
    back(days=-9000)
    back(hours=3, seconds=50)

    db.rollback()
    assert (noted(db), outages(db)) == (later(hours=3, seconds=50), [])
    assert round_of(db, round_).closes_at == later(hours=2)


def test_twenty_processes_that_wake_at_once_give_the_time_back_once(db, cast, round_, engine, now):
    attempt = begin(db, round_, cast.person)
    beats(db, minutes=20)
    now(later(minutes=40))
    together = threading.Barrier(20)

    def wake():
        together.wait()
        serving.wake(engine)

    threads = [threading.Thread(target=wake) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (deadline(db, attempt), len(outages(db))) == (later(minutes=50), 1)


# before the watch has looked, after a sleep of the machine


@pytest.mark.parametrize("path", ["", "/paper", "/1", "/result", "/hand-in"])
def test_a_page_that_comes_before_the_watch_gives_the_time_back_itself(client, cast, db, round_, now, path):
    """rules.md 4: handing in lazily does not come first."""
    attempt = begin(db, round_, cast.person)
    beats(db, minutes=20)
    now(later(minutes=45))

    client.as_(cast.learner).get(f"/quiz/{round_.id}{path}", follow_redirects=True)

    assert (deadline(db, attempt), attempt.handed_in_at) == (later(minutes=55), None)


def test_an_answer_that_comes_before_the_watch_is_kept(client, cast, db, round_, now):
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")
    token = browser.token()
    beats(db, minutes=20)
    now(later(minutes=45))

    sent = {"csrf_token": token, "given": "a", "sequence": 1, "packet": "p"}
    answer = browser.post(f"/quiz/{round_.id}/1", data=sent, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["sequence"]) == (200, 1)
    assert len(db.scalars(select(Answer)).all()) == 1


def test_without_an_outage_a_late_answer_is_still_too_late(client, cast, db, round_, now):
    """rules.md 3."""
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")
    beats(db, minutes=31)
    now(later(minutes=31))

    answer = browser.send(f"/quiz/{round_.id}/1", given="a", sequence=1, packet="p")

    assert (answer.status_code, "20:30 结束" in answer.text) == (409, True)


def test_closing_the_month_gives_the_time_back_first(db, cast, round_):
    attempt = begin(db, round_, cast.person, minutes=100)
    beats(db, minutes=110)

    with pytest.raises(Refused, match="还有人可以答题"):
        running_actions.close(db, round_, grace=GRACE, by=ROOT, now=later(minutes=130))

    assert (deadline(db, attempt), attempt.handed_in_at) == (later(minutes=140), None)


# what the officer reads


def test_the_page_of_the_round_says_what_was_given_back(client, cast, db, round_, back):
    begin(db, round_, cast.person, minutes=85)
    beats(db, minutes=100)
    back(minutes=125)

    for who in (cast.officer, cast.outsider):
        page = shown(client.as_(who).get(f"/rounds/{round_.id}").text)
        assert "2026年11月20日 21:40 到 22:05 服务器没有运行，已给 1 人补回 25 分，截止时间改为" in page
        assert "改为 2026年11月20日 22:25" in page
    assert client.as_(cast.teacher).get(f"/rounds/{round_.id}").status_code in {403, 404}


def test_an_outage_past_midnight_names_both_days_and_an_end_that_stays(client, cast, db, back):
    round_ = makers.make_round(db, cast.county, closes_at=later(days=3))
    begin(db, round_, cast.person)
    beats(db, minutes=10)
    back(hours=12)

    page = shown(client.as_(cast.officer).get(f"/rounds/{round_.id}").text)

    assert "2026年11月20日 20:10 到 2026年11月21日 08:00 服务器没有运行" in page
    assert "补回 11 小时 50 分，截止时间不变。" in page


# a pause that is put back to when it came


def put_back(db, round_, since, at):
    return running_actions.pause(db, round_, "停电", by=ROOT, now=later(minutes=at), since=later(minutes=since))


def test_a_pause_gives_back_from_when_it_came(db, cast, round_):
    attempt = begin(db, round_, cast.person, minutes=10)

    assert put_back(db, round_, 20, 35) is True
    running_actions.resume(db, round_, by=ROOT, now=later(minutes=60))

    assert deadline(db, attempt) == later(minutes=80)
    assert round_.closes_at == later(minutes=160)


def test_whom_it_met_stays_finished_and_is_named(client, cast, db, round_, now):
    """rules.md 5."""
    met = begin(db, round_, cast.person)
    edge = begin(db, round_, cast.outsider.person, minutes=0)
    before = makers.make_attempt(db, round_, cast.clerk.person, right=1, at=later(minutes=25))
    edge.deadline_at = later(minutes=20)
    now(later(minutes=40))
    taking_actions.hand_in_overdue(db, now=later(minutes=40), grace=GRACE)
    officer, base = client.as_(cast.officer), f"/rounds/{round_.id}"

    answer = officer.send(f"{base}/pause", reason="停电", since="2026-11-20T20:20")

    assert answer.location == base
    page = shown(officer.get(base).text)
    assert "已暂停，从 2026年11月20日 20:20 起算" in page
    assert "从那时到按下暂停，有 1 人到时自动交了卷，不再重开。" in page
    assert f'<a href="{base}/makeup">安排补考</a>' in officer.get(base).text
    assert "安排补考" not in client.as_(cast.outsider).get(base).text
    for attempt, ended in ((met, 30), (edge, 20), (before, 25)):
        db.refresh(attempt)
        assert attempt.handed_in_at == later(minutes=ended)

    officer.send(f"{base}/resume")
    assert "有 1 人到时自动交了卷" in shown(officer.get(base).text)


@pytest.mark.parametrize(
    ("since", "why"),
    [("2026-11-20T19:59", "停下的时间不能更早"), ("2026-11-20T20:41", "不能在现在以后"), ("昨天", "")],
)
def test_a_pause_that_cannot_have_come_then_is_said_on_the_form(client, cast, db, round_, now, since, why):
    now(later(minutes=40, seconds=30))

    answer = client.as_(cast.officer).send(f"/rounds/{round_.id}/pause", reason="停电", since=since)

    assert (answer.status_code, why in answer.text, "处要改" in answer.text) == (200, True, True)
    assert round_of(db, round_).paused_at is None


@pytest.mark.parametrize(("since", "may"), [(19, False), (20, True), (21, True)])
def test_time_that_was_given_back_once_is_not_given_twice(db, cast, round_, since, may):
    attempt = begin(db, round_, cast.person)
    put_back(db, round_, 10, 10)
    running_actions.resume(db, round_, by=ROOT, now=later(minutes=20, seconds=40))

    if may:
        put_back(db, round_, since, 25)
        assert round_.paused_at == max(later(minutes=since), later(minutes=20, seconds=40))
    else:
        with pytest.raises(Refused, match="20:20 恢复过"):
            put_back(db, round_, since, 25)
    assert deadline(db, attempt) == later(minutes=40, seconds=40)


def test_a_pause_is_not_put_back_before_an_outage_that_was_made_good(db, cast, round_, back):
    begin(db, round_, cast.person)
    beats(db, minutes=5)
    back(minutes=15)

    with pytest.raises(Refused, match="20:15 恢复过"):
        put_back(db, round_of(db, round_), 10, 20)


def test_the_officer_of_another_township_puts_no_pause_back(client, cast, db, round_):
    for who in (cast.outsider, cast.clerk, cast.learner):
        answer = client.as_(who).send(f"/rounds/{round_.id}/pause", reason="停电", since="2026-11-20T20:00")
        assert answer.status_code in {403, 404}
    assert round_of(db, round_).paused_at is None
