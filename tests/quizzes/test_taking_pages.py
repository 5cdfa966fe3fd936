"""The quiz as a phone without JavaScript sees it, and as quiz.js does."""

from __future__ import annotations

import pytest

from school.quizzes import queries
from school.quizzes.models import Attempt, PaperQuestion
from tests import makers
from tests.makers import NOW, later

JSON = {"Accept": "application/json"}


def hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def answer(browser, round_id, position, given, go=""):
    page = browser.get(f"/quiz/{round_id}/{position}").text
    fields = {name: hidden(page, name) for name in ("sequence", "packet")}
    return browser.send(f"/quiz/{round_id}/{position}", given=given, go=go, **fields)


def test_the_cover_says_the_deadline_as_clock_time_before_the_start(client, cast, round_):
    """rules.md 1."""
    page = client.as_(cast.learner).get(f"/quiz/{round_.id}").text

    assert "答到 <strong>20:30</strong> 为止" in page
    assert "多选题少选得一半分，错选不得分" in page
    assert "20 秒内收到的都算" in page
    assert "云委办〔2026〕3号" in page


def test_looking_at_the_cover_does_not_start_the_clock(client, cast, round_, db):
    """rules.md 15: opening is a POST."""
    browser = client.as_(cast.learner)
    browser.get(f"/quiz/{round_.id}")
    browser.get(f"/quiz/{round_.id}/1")

    assert queries.sitting(db, round_.id, cast.person.id).attempt.started_at is None


def test_a_quiz_is_taken_by_buttons_alone(learner, round_, db, cast, now):
    for position in range(1, 5):
        question = queries.questions_of(db, queries.sitting(db, round_.id, cast.person.id).candidate.paper_id)[
            position - 1
        ]
        given = "true" if question.kind == "judge" else question.key
        onward = answer(learner, round_.id, position, given, go="hand-in" if position == 4 else str(position + 1))
    assert onward.location == f"/quiz/{round_.id}/hand-in"
    assert "4 题都答了" in learner.get(f"/quiz/{round_.id}/hand-in").text

    assert learner.send(f"/quiz/{round_.id}/hand-in").location == f"/quiz/{round_.id}/result"
    page = learner.get(f"/quiz/{round_.id}/result").text
    receipt = db.get_one(Attempt, queries.sitting(db, round_.id, cast.person.id).attempt.id).receipt
    assert receipt in page
    assert "分（满分" not in page

    now(round_.closes_at + (later(seconds=20) - NOW))
    assert "20 分（满分 20 分）" in learner.get(f"/quiz/{round_.id}/result").text


def test_an_answer_is_still_there_after_the_phone_was_switched_off(client, cast, learner, round_):
    answer(learner, round_.id, 2, ["a"])

    again = client.as_(cast.learner)
    again.send(f"/quiz/{round_.id}/here")
    page = again.get(f"/quiz/{round_.id}/2").text

    assert page.count("checked") == 1
    assert "已保存 20:00" in page


def test_a_script_is_told_when_its_answer_was_stored(learner, round_):
    token = learner.token()
    told = learner.post(
        f"/quiz/{round_.id}/1",
        data={"csrf_token": token, "given": "a", "sequence": 1, "packet": "p1"},
        headers=JSON,
    )

    stored = {"saved_at": "20:00:00", "sequence": 1, "newer": False}
    assert told.json == {**stored, **learner.get(f"/quiz/{round_.id}/time").json}


def test_an_old_page_is_told_that_another_one_was_newer(learner, round_):
    token = learner.token()
    for sequence, packet in ((5, "new"), (4, "old")):
        told = learner.post(
            f"/quiz/{round_.id}/1",
            data={"csrf_token": token, "given": "a", "sequence": sequence, "packet": packet},
            headers=JSON,
        )

    assert {name: told.json[name] for name in ("sequence", "newer", "given")} == {
        "sequence": 5,
        "newer": True,
        "given": ["a"],
    }
    page = learner.send(f"/quiz/{round_.id}/1", given="b", sequence="3", packet="older").text
    assert "刚才在另一个页面上改过" in page


@pytest.mark.parametrize("sequence", ["0", "-1", "99999999999999999999", "x", ""])
def test_a_sequence_number_out_of_range_saves_nothing(learner, round_, db, sequence):
    assert learner.send(f"/quiz/{round_.id}/1", given="a", sequence=sequence, packet="p").status_code == 409


def test_a_save_without_the_token_saves_nothing(learner, round_, db, cast):
    learner.post(f"/quiz/{round_.id}/1", data={"given": "a", "sequence": 1, "packet": "p"})

    assert queries.answers_of(db, queries.sitting(db, round_.id, cast.person.id).attempt.id) == {}


def test_the_time_is_over_on_the_server_even_if_the_page_stayed_open(learner, round_, now):
    """rules.md 2, 4."""
    answer(learner, round_.id, 1, ["a"])
    now(later(minutes=31))

    late = learner.send(f"/quiz/{round_.id}/2", given="a", sequence="9", packet="p")
    assert late.status_code == 409
    assert "答题时间已于 20:30 结束" in late.text

    assert learner.get(f"/quiz/{round_.id}/2").location == f"/quiz/{round_.id}"
    assert "到时自动交上" in learner.get(f"/quiz/{round_.id}/result").text


def test_an_open_page_hears_of_an_extension(client, cast, learner, round_, db):
    """rules.md 5."""
    assert learner.get(f"/quiz/{round_.id}/time").json["deadline_at"] == later(minutes=30).isoformat()

    candidate = queries.sitting(db, round_.id, cast.person.id).candidate
    client.as_(cast.officer).send(f"/rounds/{round_.id}/people/{candidate.id}/extend", minutes="15", reason="视力不便")

    assert learner.get(f"/quiz/{round_.id}/time").json["deadline_at"] == later(minutes=45).isoformat()


@pytest.mark.parametrize("path", ["", "/1", "/paper", "/hand-in", "/result", "/time"])
def test_whoever_is_not_called_to_a_round_does_not_find_it(client, cast, db, path):
    round_ = makers.make_round(db, cast.county, only=[cast.person.id])

    page = client.as_(cast.outsider).get(f"/quiz/{round_.id}{path}")

    assert page.status_code == 404
    assert round_.title not in page.text


def test_an_exempt_person_reads_why_and_who_approved(client, cast, round_, db):
    candidate = queries.sitting(db, round_.id, cast.person.id).candidate
    client.as_(cast.clerk).send(f"/rounds/{round_.id}/people/{candidate.id}/exempt", reason="抢险值守")

    page = client.as_(cast.learner).get(f"/quiz/{round_.id}").text

    assert "这一轮您免考" in page
    assert "抢险值守，镇联络员 批准" in page


def test_no_key_and_no_explanation_leaves_the_server_before_review_time(client, cast, learner, round_, db, now):
    """rules.md 12, with canaries: explanations and citations of the paper are looked for in every answer of every page."""
    canaries = [q.explanation for q in db.query(PaperQuestion)] + ["农村土地承包法"]
    answer(learner, round_.id, 1, ["a"])
    pages = [
        learner.get(f"/quiz/{round_.id}{path}").text
        for path in ("", "/1", "/2", "/3", "/4", "/paper", "/hand-in", "/time")
    ]
    learner.send(f"/quiz/{round_.id}/hand-in")
    officer = client.as_(cast.officer)
    pages += [learner.get(f"/quiz/{round_.id}/result").text, learner.get("/quiz/").text, learner.get("/").text]
    pages += [officer.get(f"/rounds/{round_.id}{path}").text for path in ("", "/people")]

    assert [word for word in canaries for page in pages if word in page] == []

    now(round_.closes_at + (later(seconds=20) - NOW))
    assert "农村土地承包法" in learner.get(f"/quiz/{round_.id}/result").text


@pytest.mark.parametrize("rounds", [1, 3])
def test_my_list_of_rounds_asks_as_many_queries_for_one_as_for_three(client, cast, db, rounds, count_queries):
    for _ in range(rounds):
        makers.make_round(db, cast.county)
    browser = client.as_(cast.learner)

    with count_queries() as sent:
        assert browser.get("/quiz/").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 4


@pytest.mark.parametrize("go", ["²", "9" * 5000, "-1", "x"])
def test_a_button_that_nobody_made_leads_to_the_next_question(learner, round_, go):
    assert answer(learner, round_.id, 1, ["a"], go=go).location == f"/quiz/{round_.id}/2"
