"""The page that narrows a draft's blueprint down, and what the papers made from it tell their officer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from school.errors import Refused
from school.quizzes import actions, drawing_queries
from school.quizzes.blueprint import Demand
from school.quizzes.models import Candidate, Paper, PaperQuestion, Round
from tests import makers
from tests.makers import NOW, later
from tests.quizzes.test_round_pages import FORM


def sent(*rows: tuple) -> dict:
    """Rows (kind, topic, difficulty, count) as the page sends them."""
    names = ("kind", "topic", "difficulty", "count")
    return {f"rows-{at}-{name}": value for at, row in enumerate(rows) for name, value in zip(names, row, strict=True)}


@pytest.fixture
def draft(db, cast):
    """A draft of two single, one multi and one judge over a bank with two topics."""
    round_ = makers.make_round(db, cast.county, published=False)
    bank = makers.make_bank(db, cast.county, "专题题库")
    for level in (1, 1, 5):
        makers.make_question(db, bank, topic="反诈", difficulty=level)
    return round_


def test_an_officer_narrows_the_blueprint_down_and_every_paper_keeps_it(client, cast, db, draft):
    officer = client.as_(cast.officer)

    assert "反诈" in officer.get(f"/rounds/{draft.id}/blueprint").text
    officer.send(f"/rounds/{draft.id}/blueprint", **sent(("single", "反诈", "1", "1"), ("multi", "", "0", "")))
    db.refresh(draft)
    assert draft.blueprint["demands"] == [{"kind": "single", "topic": "反诈", "difficulty": 1, "count": 1}]
    assert "题库有 2 道" in officer.get(f"/rounds/{draft.id}/blueprint").text
    assert "单选题·反诈·难度1级 1 道" in officer.get(f"/rounds/{draft.id}").text

    officer.send(f"/rounds/{draft.id}/publish")
    papers = db.scalars(select(Paper).where(Paper.round_id == draft.id)).all()
    drawn = [[(q.kind, q.topic, q.difficulty) for q in paper.questions] for paper in papers]
    assert [form.count(("single", "反诈", 1)) for form in drawn] == [1, 1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("single", "反诈", "0", "3"), "单选题只有 2 道，细分却要单选题·反诈 3 道"),
        (("single", "反诈", "0", ""), "请填题数"),
        (("single", "", "0", "1"), "请选专题或难度"),
        (("single", "反诈", "0", "许多"), "请填 0 到 100 之间的整数"),
        (("single", "没有的专题", "0", "1"), "第 1 行"),
    ],
    ids=["too many", "forgotten number", "narrows nothing", "no number", "unknown topic"],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_saved(client, cast, db, draft, row, said):
    answer = client.as_(cast.officer).send(f"/rounds/{draft.id}/blueprint", **sent(row))

    assert said in answer.text
    db.refresh(draft)
    assert draft.blueprint["demands"] == []


@pytest.mark.parametrize(
    "name",
    ["rows-²-kind", "rows-٣-kind", "rows--1-kind", "rows-0", "rows", "rows-0-csrf_token", f"rows-{'9' * 5000}-count"],
)
def test_names_that_no_page_has_are_not_found_and_nothing_is_saved(client, cast, db, draft, name):
    answer = client.as_(cast.officer).send(f"/rounds/{draft.id}/blueprint", **{name: "1"})

    assert answer.status_code == 404
    db.refresh(draft)
    assert draft.blueprint["demands"] == []


def test_a_row_of_zero_questions_is_taken_away_and_leaves_an_audit_line(client, cast, db, draft):
    officer = client.as_(cast.officer)
    officer.send(f"/rounds/{draft.id}/blueprint", **sent(("single", "反诈", "0", "1")))
    officer.send(f"/rounds/{draft.id}/blueprint", **sent(("single", "反诈", "0", "0")))

    db.refresh(draft)
    assert draft.blueprint["demands"] == []
    page = client.as_(cast.auditor).get("/audit").text
    assert ("细化蓝图" in page, "单选题·反诈 1 道" in page) == (True, True)


@pytest.mark.parametrize("who", ["outsider", "clerk", "learner"])
def test_the_blueprint_of_a_draft_is_its_officers_alone(client, cast, db, draft, who):
    browser = client.as_(getattr(cast, who))

    assert browser.get(f"/rounds/{draft.id}/blueprint").status_code in {403, 404}
    assert browser.send(f"/rounds/{draft.id}/blueprint", **sent(("single", "反诈", "0", "1"))).status_code in {403, 404}
    db.refresh(draft)
    assert draft.blueprint["demands"] == []


def test_the_blueprint_of_a_published_round_stands(client, cast, db):
    round_ = makers.make_round(db, cast.county)

    answer = client.as_(cast.officer).send(f"/rounds/{round_.id}/blueprint", **sent(("single", "", "1", "1")))

    assert (answer.status_code, "不能再改" in answer.text) == (409, True)


def test_next_months_round_takes_the_rows_over_and_a_change_of_the_draft_keeps_them(client, cast, db, draft):
    officer = client.as_(cast.officer)
    officer.send(f"/rounds/{draft.id}/blueprint", **sent(("single", "反诈", "0", "1")))
    kept = [{"kind": "single", "topic": "反诈", "difficulty": 0, "count": 1}]

    officer.send("/rounds/new", **FORM)
    made = db.scalars(select(Round).order_by(Round.id.desc())).first()
    assert made.blueprint["demands"] == kept

    officer.send(
        f"/rounds/{made.id}/change",
        **{**FORM, "single_count": "0", "excellent_mark": "10", "pass_mark": "8", "asked_mean": "9"},
    )
    db.refresh(made)
    assert made.blueprint["demands"] == kept
    assert "题量里没有单选题" in officer.get(f"/rounds/{made.id}").text
    assert "题量里没有单选题" in officer.send(f"/rounds/{made.id}/publish").text
    db.refresh(made)
    assert made.state == "draft"


def test_the_officer_sees_what_is_expected_of_each_form_and_others_do_not(client, cast, db):
    round_ = makers.make_round(db, cast.county, questions=2, forms=2)

    mine, theirs = (client.as_(one).get(f"/rounds/{round_.id}").text for one in (cast.officer, cast.clerk))

    assert ("各卷难度" in mine, "A 卷" in mine, "80.00" in mine) == (True, True, True)
    assert ("各卷难度" in theirs, "80.00" in theirs) == (False, False)


def test_what_first_attempts_of_closed_rounds_earned_is_measured(db, cast):
    """rules.md 30: of those who handed in, unanswered is nothing earned; open rounds and repeats count nowhere."""
    people = [makers.make_person(db, f"学员{n}", cast.town) for n in range(3)]
    round_ = makers.make_round(db, cast.county, forms=1, only=[person.id for person in people])
    makers.make_attempt(db, round_, people[0], right=4)
    makers.make_attempt(db, round_, people[1], right=1)
    makers.make_attempt(db, round_, people[2])

    assert drawing_queries.measured(db) == {}
    round_.state, round_.closed_at = "closed", later(days=1)
    db.flush()
    first, second = db.scalars(select(PaperQuestion).order_by(PaperQuestion.position)).all()[:2]
    found = drawing_queries.measured(db)
    assert [(found[q.version_id].attempts, found[q.version_id].earned, found[q.version_id].full) for q in (first, second)] == [
        (2, Decimal(10), Decimal(10)), (2, Decimal(5), Decimal(10)),
    ]  # fmt: skip


def test_papers_assembled_before_somebody_changed_the_blueprint_are_not_published(db, cast, draft):
    drawn = drawing_queries.drawn(db, draft, on=makers.TODAY)
    draft.blueprint = {**draft.blueprint, "demands": [vars(Demand("single", "反诈", 0, 1))]}

    with pytest.raises(Refused, match="刚刚有人改过"):
        actions.publish(db, draft, drawn=drawn, by=makers.ROOT, now=NOW - timedelta(days=1))


def test_papers_with_a_question_retired_meanwhile_are_not_published(db, cast, draft):
    drawn = drawing_queries.drawn(db, draft, on=makers.TODAY)
    version = db.get_one(makers.QuestionVersion, drawn.forms[0][0][0].version_id)
    version.state = "retired"
    db.flush()

    with pytest.raises(Refused, match="1 道刚刚停用"):
        actions.publish(db, draft, drawn=drawn, by=makers.ROOT, now=NOW - timedelta(days=1))
    assert db.scalars(select(Candidate)).all() == []
