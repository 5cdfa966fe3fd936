"""The whole paper on one page, a second device, a pause, and whose time is over."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from school import audit
from school import db as ground
from school.errors import Refused
from school.quizzes import queries, running_actions, taking_actions, taking_queries
from school.quizzes.models import Answer, Attempt, Candidate
from school.quizzes.paper import Part
from school.quizzes.taking_actions import Sending
from tests import makers
from tests.makers import NOW, later

JSON = {"Accept": "application/json"}
TEXTS = (Part("fill", 1, Decimal(5)), Part("short", 1, Decimal(5)))


@pytest.fixture
def second(client, cast, learner):
    """The same person's other device."""
    return client.as_(cast.learner)


def attempt_of(db, round_, person) -> Attempt:
    db.expire_all()
    return queries.sitting(db, round_.id, person.id).attempt


def save(browser, round_id, position, given, sequence, packet="p", **more):
    fields = {"csrf_token": browser.token(), "given": given, "sequence": sequence, "packet": packet, **more}
    return browser.post(f"/quiz/{round_id}/{position}", data=fields, headers=JSON)


def first_sequence(page: str) -> int:
    return int(re.search(r'name="sequence" value="(\d+)"', page)[1])


# one page


def test_beginning_leads_to_the_whole_paper_and_without_a_script_to_its_first_question(client, cast, round_):
    assert client.as_(cast.learner).send(f"/quiz/{round_.id}/begin").location == f"/quiz/{round_.id}/paper"
    assert client.as_(cast.officer).send(f"/quiz/{round_.id}/begin", one="1").location == f"/quiz/{round_.id}/1"


def test_a_begun_attempt_goes_on_at_its_first_open_question(learner, round_):
    save(learner, round_.id, 1, "a", 1)

    assert learner.get(f"/quiz/{round_.id}").location == f"/quiz/{round_.id}/paper#q2"


def test_the_paper_holds_every_question_with_its_answer_and_a_way_to_save_it_without_a_script(learner, round_):
    save(learner, round_.id, 2, "b", 1)

    page = learner.get(f"/quiz/{round_.id}/paper").text

    assert [int(n) for n in re.findall(r'class="asked" id="q(\d+)"', page)] == [1, 2, 3, 4]
    assert page.count(" checked") == 1
    assert 'aria-label="第 2 题，已答"' in page
    assert 'aria-label="第 3 题，未答"' in page
    assert first_sequence(page) == 2
    onward = learner.send(f"/quiz/{round_.id}/3", given="a", sequence="2", packet="q", go="paper")
    assert onward.location == f"/quiz/{round_.id}/paper#q3"


def test_the_rule_for_late_answers_is_printed_on_cover_and_paper(client, cast, round_):
    """rules.md 1, 3: the reading that is used is published."""
    browser = client.as_(cast.learner)
    cover = browser.get(f"/quiz/{round_.id}").text
    browser.send(f"/quiz/{round_.id}/begin")

    for page in (cover, browser.get(f"/quiz/{round_.id}/paper").text):
        assert "截止后 20 秒内收到的都算，再晚的不算" in page


def test_texts_are_asked_for_in_boxes_and_come_back_as_they_were_written(client, cast, db):
    round_ = makers.make_round(
        db, cast.county, parts=TEXTS, pass_mark=Decimal(5), excellent_mark=Decimal(8), asked_mean=Decimal(5)
    )
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")
    save(browser, round_.id, 1, " 三十 ", 1)
    save(browser, round_.id, 2, "一\n二<b>", 2)

    page = browser.get(f"/quiz/{round_.id}/paper").text

    assert 'value="三十"' in page
    assert "一\n二&lt;b&gt;</textarea>" in page.replace("\r\n", "\n")


def test_before_handing_in_the_unanswered_are_named(learner, round_):
    save(learner, round_.id, 2, "b", 1)

    page = learner.get(f"/quiz/{round_.id}/hand-in").text

    assert "还有 3 题没有答" in page
    assert re.findall(r'aria-label="第 (\d) 题，未答"', page) == ["1", "3", "4"]


@pytest.mark.parametrize("questions", [1, 3])
def test_the_paper_asks_as_many_statements_for_one_question_as_for_three(client, cast, db, questions, count_queries):
    parts = (Part("single", questions, Decimal(20)),)
    round_ = makers.make_round(db, cast.county, parts=parts)
    browser = client.as_(cast.learner)
    browser.send(f"/quiz/{round_.id}/begin")

    with count_queries() as sent:
        page = browser.get(f"/quiz/{round_.id}/paper").text

    assert page.count("data-position") == questions
    assert len([line for line in sent if line.startswith("SELECT")]) == 4


@pytest.mark.parametrize("wanted", ["gzip", "identity"])
def test_a_page_and_its_files_are_sent_small_to_whoever_takes_it(learner, round_, wanted):
    static = learner.application.static_url_path
    for path in (f"/quiz/{round_.id}/paper", f"{static}/css/school.css", f"{static}/js/quiz.js"):
        with learner.get(path) as answer:
            plain = answer.data
        with learner.get(path, headers={"Accept-Encoding": wanted}) as asked:
            size = len(asked.data)

        assert asked.headers["Vary"].count("Accept-Encoding") == 1
        assert asked.headers.get("Content-Encoding") == (None if wanted == "identity" else "gzip")
        assert (size < len(plain) / 2) == (wanted == "gzip")


def test_a_compressed_file_that_did_not_change_is_not_sent_again(learner):
    script = f"{learner.application.static_url_path}/js/quiz.js"
    with learner.get(script, headers={"Accept-Encoding": "gzip"}) as first:
        known = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    with learner.get(script, headers=known) as again:
        assert (again.status_code, again.data) == (304, b"")


# another device


def test_another_device_is_asked_before_it_goes_on(second, round_):
    for path in ("/paper", "/1", "/hand-in"):
        page = second.get(f"/quiz/{round_.id}{path}").text
        assert "您正在另一台设备上作答" in page
        assert "在这里继续" in page
        assert 'name="given"' not in page


def test_another_device_takes_over_where_the_first_stopped(db, cast, learner, second, round_):
    save(learner, round_.id, 1, "b", 1)

    assert second.send(f"/quiz/{round_.id}/here").location == f"/quiz/{round_.id}/paper"
    page = second.get(f"/quiz/{round_.id}/paper").text

    assert page.count(" checked") == 1
    assert first_sequence(page) == 100_001
    assert attempt_of(db, round_, cast.person).seat == 1
    assert "您正在另一台设备上作答" in learner.get(f"/quiz/{round_.id}/paper").text
    assert [line.after["seat"] for line in db.query(audit.AuditLine).filter_by(deed="take_over_attempt")] == [1]


def test_taking_over_twice_is_taking_over_once(db, cast, second, round_):
    second.send(f"/quiz/{round_.id}/here")
    second.send(f"/quiz/{round_.id}/here")

    assert attempt_of(db, round_, cast.person).seat == 1


def test_an_old_page_cannot_overwrite_and_is_told_so(learner, second, round_):
    """rules.md 8 across devices: however often the old page counts on, its numbers are those of an older seat."""
    second.send(f"/quiz/{round_.id}/here")
    save(second, round_.id, 1, "b", 100_001, "new")

    told = save(learner, round_.id, 1, "a", 99_999, "old").json

    assert (told["newer"], told["seat"], told["sequence"], told["given"]) == (True, 1, 100_001, ["b"])
    page = learner.send(f"/quiz/{round_.id}/1", given="a", sequence="7", packet="older").text
    assert "第 1 题没有收下：另一台设备上已经有更新的答案" in page


def test_what_an_old_page_still_sends_is_not_lost_where_nothing_newer_stands(db, cast, learner, second, round_):
    second.send(f"/quiz/{round_.id}/here")

    told = save(learner, round_.id, 2, "a", 3).json

    assert (told["newer"], told["seat"]) == (False, 1)
    assert "第 3 题已经收下" in learner.send(f"/quiz/{round_.id}/3", given="a", sequence="4", packet="q").text
    assert len(queries.answers_of(db, attempt_of(db, round_, cast.person).id)) == 2


def test_a_number_of_a_seat_that_nobody_has_taken_is_refused(db, cast, learner, round_):
    told = save(learner, round_.id, 1, "a", 100_001)

    assert told.status_code == 409
    assert queries.answers_of(db, attempt_of(db, round_, cast.person).id) == {}


def test_an_old_page_cannot_hand_in_for_the_device_that_goes_on(db, cast, learner, second, round_):
    second.send(f"/quiz/{round_.id}/here")

    assert "您正在另一台设备上作答" in learner.send(f"/quiz/{round_.id}/hand-in").text
    assert attempt_of(db, round_, cast.person).handed_in_at is None

    assert second.send(f"/quiz/{round_.id}/hand-in").location == f"/quiz/{round_.id}/result"
    receipt = attempt_of(db, round_, cast.person).receipt
    assert learner.send(f"/quiz/{round_.id}/hand-in").location == f"/quiz/{round_.id}/result"
    assert receipt in learner.get(f"/quiz/{round_.id}/result").text


def test_after_handing_in_no_device_goes_on(db, cast, learner, second, round_):
    """rules.md 12."""
    learner.send(f"/quiz/{round_.id}/hand-in")

    assert second.send(f"/quiz/{round_.id}/here").status_code == 409
    assert attempt_of(db, round_, cast.person).seat == 0


def test_an_outsider_cannot_take_over(client, cast, db):
    round_ = makers.make_round(db, cast.county, only=[cast.person.id])

    assert client.as_(cast.outsider).send(f"/quiz/{round_.id}/here").status_code == 404


def test_a_script_is_told_that_its_page_and_not_its_answer_is_at_fault(learner, round_):
    """rules.md 10: what waits in a phone is not thrown away because somebody else signed in on it meanwhile."""
    told = learner.post(f"/quiz/{round_.id}/1", data={"given": "a", "sequence": 1, "packet": "p"}, headers=JSON)

    assert (told.status_code, told.json["reload"]) == (409, True)


# the time


def test_an_open_page_asks_the_time_with_one_statement_and_hears_who_goes_on(
    db, learner, second, round_, count_queries
):
    with count_queries() as sent:
        told = learner.get(f"/quiz/{round_.id}/time").json
    assert len([line for line in sent if line.startswith("SELECT")]) == 2  # who asks, and the time
    assert told == {
        "deadline_at": later(minutes=30).isoformat(), "now": NOW.isoformat(), "paused": False, "handed_in": False,
        "cancelled": False, "seat": 0, "extension": 0, "extension_reason": "",
    }  # fmt: skip

    second.send(f"/quiz/{round_.id}/here")
    assert learner.get(f"/quiz/{round_.id}/time").json["seat"] == 1


def test_a_save_tells_what_the_time_tells_and_sends_no_statement_more(learner, round_, count_queries):
    fields = {"csrf_token": learner.token(), "given": "a", "sequence": 1, "packet": "p"}
    with count_queries() as sent:
        told = learner.post(f"/quiz/{round_.id}/1", data=fields, headers=JSON).json

    time = learner.get(f"/quiz/{round_.id}/time").json
    assert told == {"saved_at": "20:00:00", "sequence": 1, "newer": False, **time}
    assert (
        len([line for line in sent if line.startswith(("SELECT", "INSERT"))]) == 3
    )  # who saves, the place, the answer


def test_a_newer_answer_is_told_as_the_fields_of_the_page_name_it(learner, round_):
    save(learner, round_.id, 4, "true", 5, "new")

    assert save(learner, round_.id, 4, "false", 4, "old").json["given"] == ["true"]


def test_more_time_and_its_reason_are_told_to_open_pages_and_printed_on_new_ones(db, cast, learner, round_):
    """rules.md 5: visible to the person."""
    for path in ("/paper", "/1"):
        assert "延长了" not in learner.get(f"/quiz/{round_.id}{path}").text

    (row,) = [one for one in queries.candidate_rows(db, round_.id, ["/"]) if one.person.id == cast.person.id]
    running_actions.extend(db, round_, row, 10, "停电<一刻>", by=makers.ROOT, now=NOW)
    db.commit()

    told = learner.get(f"/quiz/{round_.id}/time").json
    assert (told["deadline_at"], told["extension"]) == (later(minutes=40).isoformat(), 10)
    assert told["extension_reason"] == "停电<一刻>"
    for path in ("/paper", "/1"):
        assert "延长了 10 分钟：停电&lt;一刻&gt;</p>" in learner.get(f"/quiz/{round_.id}{path}").text


def test_an_open_page_hears_that_the_round_was_called_off_and_its_answers_are_refused(db, cast, learner, round_):
    running_actions.cancel(db, round_, "误设", by=makers.ROOT, now=NOW)
    db.commit()

    assert learner.get(f"/quiz/{round_.id}/time").json["cancelled"] is True
    told = save(learner, round_.id, 1, "a", 1)
    assert (told.status_code, told.json) == (409, {"error": "这一轮测试已取消，不用再作答。理由写在“我的测试”里。"})
    assert db.scalar(select(func.count()).select_from(Answer)) == 0


def test_the_time_of_a_round_is_told_to_its_own_people_alone(client, cast, db):
    round_ = makers.make_round(db, cast.county, only=[cast.person.id])

    for state in ("published", "closed", "cancelled"):
        round_.state = state
        db.commit()
        assert client.as_(cast.outsider).get(f"/quiz/{round_.id}/time").status_code == 404
    assert client.as_(cast.learner).get(f"/quiz/{round_.id}/time").status_code == 200
    round_.state, round_.published_at = "draft", None
    db.commit()
    assert client.as_(cast.learner).get(f"/quiz/{round_.id}/time").status_code == 404


@pytest.mark.parametrize(
    ("gone", "left", "soon"),
    [
        (0, "还剩 30 分钟", False), (24.5, "还剩 6 分钟", False), (25, "还剩 5 分钟", True), (29, "还剩不到 1 分钟", True),
        (30, "时间到", True),
    ],
)  # fmt: skip
def test_the_minutes_left_stand_on_the_page_without_a_script(learner, round_, now, gone, left, soon):
    now(later(minutes=gone))

    for path in ("/paper", "/1"):
        page = learner.get(f"/quiz/{round_.id}{path}").text
        assert f"data-left>{left}</span>" in page
        assert ("whole soon" in page) is soon


def pause(db, round_, at):
    round_.paused_at = at
    db.commit()


def test_while_a_round_is_paused_nobody_begins_and_nobodys_time_is_over(client, cast, db, learner, round_, now):
    pause(db, round_, later(minutes=5))
    now(later(minutes=40))

    assert learner.get(f"/quiz/{round_.id}/time").json["paused"] is True
    assert "data-left>已暂停" in learner.get(f"/quiz/{round_.id}/paper").text
    assert save(learner, round_.id, 1, "a", 1).json["newer"] is False
    assert taking_queries.overdue(db, later(hours=5)) == []

    late = client.as_(cast.officer)
    assert "测试暂停中" in late.get(f"/quiz/{round_.id}").text
    assert late.send(f"/quiz/{round_.id}/begin").status_code == 409
    assert late.get(f"/quiz/{round_.id}/time").json["deadline_at"] is None


def test_handing_in_promises_a_time_only_while_the_clock_runs(learner, db, round_):
    page = f"/quiz/{round_.id}/hand-in"
    assert "20:30 一到，已保存的答案会自动交上" in learner.get(page).text

    pause(db, round_, later(minutes=5))
    told = learner.get(page).text

    assert ("从 20:05 起暂停，现在不会自动交卷" in told, "20:30" in told) == (True, False)


def test_a_pause_that_comes_before_the_lock_keeps_an_attempt_open(db, cast, learner, round_):
    sitting = queries.sitting(db, round_.id, cast.person.id)
    taking_actions.hand_in_if_over(db, replace(sitting), now=later(minutes=30), grace=20)
    pause(db, round_, later(minutes=5))
    taking_actions.hand_in_if_over(db, sitting, now=later(minutes=40), grace=20)
    assert sitting.attempt.handed_in_at is None

    pause(db, round_, None)
    taking_actions.hand_in_if_over(db, sitting, now=later(minutes=40), grace=20)
    assert sitting.attempt.handed_in_how == "deadline"


# whose time is over


@pytest.fixture
def crowd(db):
    """Twelve people who began and walked away, called in another order than they are numbered."""
    county = makers.make_unit(db)
    people = [makers.make_person(db, f"学员{n}", county) for n in range(12)]
    round_ = makers.make_round(db, county)
    for person in reversed(people):
        makers.make_attempt(db, round_, person)
    db.commit()
    return round_.id, [person.id for person in people]


def test_the_background_clock_hands_in_some_at_a_time_until_nobody_is_left(db, engine, crowd):
    """rules.md 4."""
    done = []
    while not done or done[-1]:
        with ground.writing(engine) as own:
            done.append(taking_actions.hand_in_overdue(own, now=later(hours=1), grace=20, at_most=5))

    db.rollback()
    assert done == [5, 5, 2, 0]
    assert db.scalar(select(func.count()).where(Attempt.handed_in_how == "deadline")) == 12


def test_attempts_are_locked_in_the_order_of_the_desk(db, crowd):
    _round_id, people = crowd

    found = taking_queries.overdue(db, later(hours=1))

    assert [sitting.candidate.person_id for sitting in found] == sorted(people)


def test_savers_the_clock_and_people_handing_in_never_block_each_other(engine, db, crowd):
    """On PostgreSQL each of them locks attempts and the audit chain: in one order, or they would stand still."""
    round_id, people = crowd
    failures = []

    def tried(deed):
        for n in range(6):
            try:
                with ground.writing(engine) as own:
                    deed(own, n)
            except Refused:
                pass
            except Exception as error:
                failures.append(error)

    def saves(own, n):
        for person_id in people:
            taking_actions.save(own, Sending(round_id, person_id, 1, ["a"], n + 1, f"{n}", NOW), grace=20)

    def clock_comes_by(own, _n):
        taking_actions.hand_in_overdue(own, now=later(hours=1), grace=20, at_most=4)

    def hands_in(own, n):
        sitting = queries.sitting(own, round_id, people[-1 - n], lock=True)
        taking_actions.hand_in(own, sitting, how="self", by=makers.ROOT, now=NOW)

    threads = [threading.Thread(target=tried, args=(deed,)) for deed in (saves, clock_comes_by, hands_in)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.rollback()
    assert failures == []
    assert (
        db.scalar(select(func.count()).select_from(Attempt).join(Candidate).where(Attempt.handed_in_at.is_(None))) == 0
    )
    assert db.scalar(select(func.count()).where(audit.AuditLine.deed == "hand_in")) == 12
    assert db.scalar(select(func.count()).select_from(Answer)) <= 12
