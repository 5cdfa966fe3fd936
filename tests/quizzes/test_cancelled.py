"""A round that was called off: its people read why and keep their receipts, and it counts nowhere."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from school import serving
from school.audit import AuditLine
from school.quizzes import queries, running_actions, taking_actions, taking_queries
from school.quizzes.models import Answer
from tests import makers
from tests.makers import NOW, ROOT, later
from tests.quizzes.test_running_pages import counted, shown

REASON = "试卷印错了（2026年11月20日 20:10）"
WHY = f"这一轮已取消：{REASON}"
PAGES = ["", "/paper", "/1", "/hand-in", "/result"]


@pytest.fixture
def round_(db, cast, now):
    """The learner is in the middle of it, the clerk has handed in; then it is called off, at 20:10."""
    found = makers.make_round(db, cast.county)
    makers.make_attempt(db, found, cast.clerk.person, right=2)
    makers.make_attempt(db, found, cast.person)
    now(later(minutes=10))
    running_actions.cancel(db, found, "试卷印错了", by=ROOT, now=later(minutes=10))
    db.commit()
    return found


def sitting(db, round_, account):
    return queries.sitting(db, round_.id, account.person_id)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["learner", "clerk", "officer"])
def test_every_address_of_ones_own_says_why(client, cast, db, round_, who, path):
    """rules.md 12. In the middle of it, handed in, not begun."""
    account = getattr(cast, who)
    receipt = sitting(db, round_, account).attempt.receipt

    answer = client.as_(account).get(f"/quiz/{round_.id}{path}")

    page = shown(answer.text)
    assert (answer.status_code, WHY in page) == (200, True)
    assert (receipt or "回执号") in page if receipt else "回执号" not in page
    assert ("您已保存的答案都留着" in page) is (who == "learner")
    assert [sign for sign in ("解析", "正确答案", "选项a", "得分", "满分", "道题（") if sign in page] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_to_the_round_reads_nothing_of_it(client, cast, db, round_, path):
    town = makers.make_round(db, cast.town)
    running_actions.cancel(db, town, "试卷印错了", by=ROOT, now=NOW)

    assert client.as_(cast.outsider).get(f"/quiz/{town.id}{path}").status_code == 404
    assert "印错" not in client.as_(cast.outsider).get(f"/rounds/{town.id}").text


def test_a_draft_that_was_cancelled_is_nobodys(client, cast, db):
    draft = makers.make_round(db, cast.county, published=False)
    running_actions.cancel(db, draft, "不办了", by=ROOT, now=NOW)

    assert client.as_(cast.learner).get(f"/quiz/{draft.id}").status_code == 404
    assert "不办了" in client.as_(cast.officer).get(f"/rounds/{draft.id}").text


@pytest.mark.parametrize("who", ["learner", "clerk", "officer"])
def test_ones_own_list_says_why_and_when(client, cast, round_, who):
    page = shown(client.as_(getattr(cast, who)).get("/quiz/").text)

    assert f"已取消 {REASON}" in page
    assert [word for word in ("正在答题", "已交卷", "可以开始", "未参加") if word in page] == []


@pytest.mark.parametrize("who", ["learner", "clerk", "officer"])
def test_an_answer_that_still_arrives_is_refused_with_a_sentence(client, cast, db, round_, who):
    """rules.md 12."""
    answers = select(Answer.attempt_id, Answer.sequence, Answer.given)
    before = db.execute(answers).all()
    browser = client.as_(getattr(cast, who))
    sent = {"csrf_token": browser.token(), "given": "a", "sequence": 9, "packet": "p"}

    by_script = browser.post(f"/quiz/{round_.id}/1", data=sent, headers={"Accept": "application/json"})
    by_button = browser.send(f"/quiz/{round_.id}/1", **sent)

    for answer, said in ((by_script, by_script.json["error"]), (by_button, by_button.text)):
        assert (answer.status_code, "已取消" in said) == (409, True)
    assert db.execute(answers).all() == before


@pytest.mark.parametrize("deed", ["begin", "hand-in", "here"])
@pytest.mark.parametrize("who", ["learner", "officer"])
def test_nobody_begins_hands_in_or_goes_on(client, cast, db, round_, who, deed):
    attempt = sitting(db, round_, getattr(cast, who)).attempt
    before = attempt.started_at, attempt.deadline_at, attempt.seat

    browser = client.as_(getattr(cast, who))
    answer = browser.send(f"/quiz/{round_.id}/{deed}")

    db.refresh(attempt)
    assert (attempt.started_at, attempt.deadline_at, attempt.seat, attempt.handed_in_at) == (*before, None)
    if answer.status_code == 302:
        answer = browser.get(answer.location)
    assert "已取消" in answer.text


def test_the_deadline_of_a_cancelled_round_hands_nobody_in_and_holds_no_clock_up(db, engine, cast, round_, now):
    now(later(hours=3))
    serving.watch_once(engine, 20)

    assert taking_actions.hand_in_overdue(db, now=later(hours=3), grace=20) == 0
    assert sitting(db, round_, cast.learner).attempt.handed_in_at is None
    assert not taking_queries.may_be_answering(db, later(hours=3))


def test_whoever_handed_in_keeps_receipt_and_answers(db, cast, round_):
    attempt = sitting(db, round_, cast.clerk).attempt

    assert (attempt.handed_in_at, attempt.handed_in_how) == (NOW, "self")
    assert len(db.scalars(select(Answer).where(Answer.attempt_id == attempt.id)).all()) == 2


# the officer


def test_the_page_and_the_board_of_the_round_say_why(client, cast, round_):
    for who in (cast.officer, cast.clerk):
        page = client.as_(who).get(f"/rounds/{round_.id}").text
        assert (WHY in shown(page), "答题中" in page, "data-autorefresh" in page) == (True, False, False)
        board = client.as_(who).get(f"/rounds/{round_.id}/board").text
        assert (REASON in board, "答题中" in board, "data-autorefresh" in board) == (True, False, False)


def test_the_board_counts_who_had_not_finished(client, cast, round_):
    page = client.as_(cast.officer).get(f"/rounds/{round_.id}").text

    assert counted(page) == {"没有开始": 4, "没有答完": 1, "已交卷": 1, "免考": 0}
    for path in ("people", "missing"):
        assert "答题中" not in client.as_(cast.clerk).get(f"/rounds/{round_.id}/{path}").text


def test_the_reason_is_asked_for_and_kept_with_the_moment(client, cast, db):
    round_ = makers.make_round(db, cast.county)
    officer, url = client.as_(cast.officer), f"/rounds/{round_.id}/cancel"
    assert "每个应考人员都看得到" in officer.get(url).text
    assert "请填写这一项" in officer.send(url, reason="").text

    officer.send(url, reason="换了日期")

    db.refresh(round_)
    assert (round_.state, round_.cancelled_at, round_.cancel_reason) == ("cancelled", NOW, "换了日期")
    line = db.scalars(select(AuditLine).where(AuditLine.deed == "cancel_round")).one()
    assert line.after == {"reason": "换了日期"}


def test_a_round_that_was_cancelled_before_reasons_were_kept_says_that_much(client, cast, db, round_):
    round_.cancelled_at, round_.cancel_reason = None, ""

    page = shown(client.as_(cast.learner).get(f"/quiz/{round_.id}").text)

    assert "这一轮已取消 不用再作答" in page


# it counts nowhere


def test_no_other_page_speaks_of_a_cancelled_round(client, cast, db, round_):
    """Start page, months, follow-ups and what to study; a make-up of it is not offered."""
    for who in ("learner", "officer", "clerk", "committee"):
        assert round_.title not in client.as_(getattr(cast, who)).get("/").text, who
    for who, path in (("officer", "/results/"), ("officer", "/followups"), ("learner", f"/quiz/{round_.id}/study")):
        assert round_.title not in client.as_(getattr(cast, who)).get(path).text, path
    assert client.as_(cast.officer).get(f"/rounds/{round_.id}/makeup").status_code == 409


def test_a_cancelled_make_up_leaves_the_result_of_the_round_as_it_was(client, cast, db, now):
    """rules.md 29."""
    round_ = makers.make_round(db, cast.county, questions=8)
    makers.make_attempt(db, round_, cast.person, right=1)
    now(later(days=1))
    before = client.as_(cast.learner).get(f"/quiz/{round_.id}/result").text.partition("<main")[2]
    repeat = makers.make_makeup(db, round_, at=later(days=1))
    makers.make_attempt(db, repeat, cast.person, right=4, at=later(days=1))

    running_actions.cancel(db, repeat, "换了日期", by=ROOT, now=later(days=1, minutes=5))

    assert client.as_(cast.learner).get(f"/quiz/{round_.id}/result").text.partition("<main")[2] == before
