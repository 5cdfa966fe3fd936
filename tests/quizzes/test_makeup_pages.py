"""The officer's pages of a make-up, and what those who answer read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from school.access import Role
from school.audit import AuditLine
from school.quizzes.models import Candidate, Round
from tests import makers
from tests.quizzes.test_makeup import OVER

FORM = {"whom": "both", "opens_at": "2026-11-27T20:00", "closes_at": "2026-11-27T22:00", "minutes": "30"}


@pytest.fixture
def over(db, cast, now):
    """A round that is over, in which the learner stayed below the mark and the five others of the cast never came."""
    round_ = makers.make_round(db, cast.county, questions=20, makeup_rule="best")
    makers.make_attempt(db, round_, cast.person, 1)
    db.commit()
    now(OVER)
    return round_


def test_the_page_shows_who_may_take_it_and_begins_with_the_same_hours_a_week_later(client, cast, over):
    page = client.as_(cast.officer).get(f"/rounds/{over.id}/makeup").text

    assert "缺考的 5 人，不合格的 1 人，一共 6 人" in page
    assert "以两次中较好的一次为准" in page
    assert 'value="2026-11-27T20:00"' in page
    assert 'value="2026-11-27T22:00"' in page
    assert f"/rounds/{over.id}/makeup" in client.as_(cast.officer).get(f"/rounds/{over.id}").text


def test_a_draft_is_planned_changed_and_published_for_those_people_alone(client, cast, over, db):
    officer = client.as_(cast.officer)

    draft = officer.send(f"/rounds/{over.id}/makeup", **FORM).location
    assert officer.get(f"{draft}/change").location == f"{draft}/makeup/change"
    assert officer.get(f"{draft}/publish").location == f"{draft}/makeup/publish"
    assert officer.send(f"{draft}/makeup/change", **{**FORM, "whom": "below"}).location == draft
    asked = officer.get(f"{draft}/makeup/publish").text
    assert "不合格的人员，现在是 1 人" in asked
    assert officer.send(f"{draft}/makeup/publish").location == draft

    made = db.scalars(select(Round).where(Round.repeats_kind == "makeup")).one()
    names = db.scalars(select(Candidate.name).where(Candidate.round_id == made.id)).all()
    assert (made.state, names) == ("published", ["买买提·艾力"])
    assert "补考自" in officer.get(draft).text
    assert "2026年11月政策测试补考" in officer.get(f"/rounds/{over.id}").text


def test_a_second_click_plans_no_second_make_up(client, cast, over, db):
    officer = client.as_(cast.officer)

    places = [officer.send(f"/rounds/{over.id}/makeup", **FORM).location for _ in range(2)]

    assert len(set(places)) == 1
    assert len(db.scalars(select(AuditLine).where(AuditLine.deed == "plan_makeup")).all()) == 1
    assert officer.send(f"/rounds/{over.id}/makeup", **{**FORM, "whom": "below"}).location not in places


def test_those_left_out_are_named_with_the_reason(client, cast, over, db):
    makers.make_makeup(db, over, at=OVER)
    db.commit()

    page = client.as_(cast.officer).get(f"/rounds/{over.id}/makeup").text

    assert "没有合格、但不能参加补考的 6 人，各有原因" in page
    assert page.count("1 次补考机会已用") == 6


def test_a_refusal_stands_above_the_form_and_keeps_what_was_typed(client, cast, over, db):
    page = client.as_(cast.officer).send(f"/rounds/{over.id}/makeup", **{**FORM, "closes_at": "2026-11-27T20:10"}).text

    assert "开放时间比答题时间还短" in page
    assert 'value="2026-11-27T20:10"' in page
    assert db.scalars(select(Round.id)).all() == [over.id]


@pytest.mark.parametrize("minutes", ["4", "", "x"])
def test_wrong_minutes_are_named(client, cast, over, minutes):
    page = client.as_(cast.officer).send(f"/rounds/{over.id}/makeup", **{**FORM, "minutes": minutes})

    assert (page.status_code, "每人答题时间（分钟）：" in page.text) == (200, True)


def test_a_round_that_is_not_over_says_when_to_come_back(client, cast, over, now):
    now(makers.NOW)
    answer = client.as_(cast.officer).get(f"/rounds/{over.id}/makeup")

    assert (answer.status_code, "还有人可以答题" in answer.text) == (409, True)


@pytest.mark.parametrize("path", ["{of}/makeup", "{draft}/makeup/change", "{draft}/makeup/publish"])
def test_nobody_but_the_officer_of_the_unit_comes_to_these_pages(client, cast, over, db, path):
    draft = makers.make_makeup(db, over, at=OVER, published=False)
    town = makers.make_account(db, makers.make_person(db, "镇管理员", cast.town), {Role.OFFICER: cast.town})
    db.commit()
    url = "/rounds/" + path.format(of=over.id, draft=draft.id)

    assert client.as_(town).get(url).status_code == 404
    assert client.as_(town).send(url, **FORM).status_code == 404
    others = ["clerk", "committee", "learner", "outsider", "teacher"]
    assert {client.as_(getattr(cast, who)).get(url).status_code for who in others} == {403}
    assert db.scalars(select(Round.state).where(Round.id == draft.id)).one() == "draft"


def test_a_regular_round_has_no_page_of_a_make_ups_draft(client, cast, over):
    officer = client.as_(cast.officer)

    assert [officer.get(f"/rounds/{over.id}/makeup/{deed}").status_code for deed in ("change", "publish")] == [404, 404]


@pytest.mark.parametrize("units", [1, 3])
def test_the_page_asks_as_many_queries_for_one_unit_more_as_for_three(client, cast, db, now, count_queries, units):
    for number in range(units):
        makers.make_person(db, "一人", makers.make_unit(db, f"第{number}乡", cast.county))
    round_ = makers.make_round(db, cast.county)
    db.commit()
    now(OVER)
    officer = client.as_(cast.officer)

    with count_queries() as sent:
        page = officer.get(f"/rounds/{round_.id}/makeup").text

    assert page.count("一人") == 0
    assert f"第{units - 1}乡" in page
    assert len([line for line in sent if line.startswith("SELECT")]) == 9


def test_the_learner_sees_the_make_up_marked_with_the_rule_and_afterwards_both_results(client, cast, over, db, now):
    """rules.md 29"""
    made = makers.make_makeup(db, over, at=OVER)
    db.commit()
    learner = client.as_(cast.learner)

    mine = learner.get("/quiz/").text
    assert "补考</span>　以两次中较好的一次为准" in mine
    assert "这是补考，以两次中较好的一次为准" in learner.get(f"/quiz/{made.id}").text
    assert "还没有到看结果的时间" in learner.get(f"/quiz/{over.id}/result").text
    assert "还没有定" in learner.get(f"/quiz/{over.id}/result").text

    makers.make_attempt(db, made, cast.person, 4, at=OVER)
    db.commit()
    now(OVER + timedelta(hours=3))
    for round_ in (over, made):
        page = client.as_(cast.learner).get(f"/quiz/{round_.id}/result").text
        assert ("5 分，未合格" in page, "20 分，合格" in page) == (True, True)
        assert page.index("不算") < page.index("算数</span>", page.index("不算"))


def test_somebody_with_one_result_sees_the_rule_and_no_table(client, cast, over, db):
    page = client.as_(cast.learner).get(f"/quiz/{over.id}/result").text

    assert "没有参加或者没有合格的，可以补考 1 次" in page
    assert "各次结果" not in page
