from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from school.audit import AuditLine
from school.questions.models import QuestionVersion
from school.quizzes import queries
from school.quizzes.models import Attempt, Candidate, PaperQuestion, Round
from tests import makers
from tests.makers import later

FORM = {
    "title": "2026年11月政策测试", "month": "2026-11-01", "opens_at": "2026-11-27T19:00", "closes_at": "2026-11-27T21:00",
    "minutes": "30", "scope": "土地", "single_count": "2", "single_points": "5", "multi_count": "1", "multi_points": "5",
    "judge_count": "1", "judge_points": "5", "fill_count": "0", "fill_points": "5", "short_count": "0",
    "short_points": "10", "mode": "open", "makeups": "1", "makeup_rule": "best", "multi_rule": "half", "audience": "cadre",
    "forms": "2", "pass_mark": "12", "excellent_mark": "18", "asked_pass_percent": "90", "asked_mean": "16",
    "basis_body": "云岭县委办", "basis_title": "政策学习安排", "basis_number": "云委办〔2026〕3号", "basis_on": "2026-01-15",
}  # fmt: skip


def test_a_second_click_plans_no_second_round(client, cast, db):
    officer = client.as_(cast.officer)

    places = [officer.send("/rounds/new", **{**FORM, "title": title}).location for title in ("甲", "甲", "乙")]

    assert (places[0] == places[1], places[1] == places[2]) == (True, False)
    assert [line.after["title"] for line in db.scalars(select(AuditLine).where(AuditLine.deed == "plan_round"))] == [
        "甲", "乙",
    ]  # fmt: skip


def test_an_officer_plans_publishes_and_sees_the_board(client, cast, db):
    bank = makers.make_bank(db, cast.county)
    for kind in ("single", "multi", "judge"):
        for _ in range(4):
            makers.make_question(db, bank, kind)
    officer = client.as_(cast.officer)

    where = officer.send("/rounds/new", **FORM).location
    round_ = db.scalars(select(Round)).one()
    assert where == f"/rounds/{round_.id}"
    assert (round_.state, round_.opens_at) == ("draft", later(days=6, hours=23))

    assert "6 人" in officer.get(f"{where}/publish").text
    officer.send(f"{where}/publish")
    db.refresh(round_)
    assert round_.state == "published"
    assert db.scalar(select(func.count()).select_from(Candidate)) == 6
    assert db.scalar(select(func.count()).select_from(Attempt)) == 6
    assert "买买提·艾力" in officer.get(f"{where}/people?standing=waiting").text


def test_a_second_publishing_is_refused(client, cast, db):
    round_ = makers.make_round(db, cast.county)

    answer = client.as_(cast.officer).send(f"/rounds/{round_.id}/publish")

    assert answer.status_code == 409
    assert "已经发布过了" in answer.text


def test_too_small_a_bank_leaves_the_draft_a_draft(client, cast, db):
    """rules.md 21."""
    round_ = makers.make_round(db, cast.county, questions=1, published=False)

    answer = client.as_(cast.officer).send(f"/rounds/{round_.id}/publish")

    assert (answer.status_code, "下面 1 类题不够排满一套卷" in answer.text) == (409, True)
    db.refresh(round_)
    assert (round_.state, db.scalar(select(func.count()).select_from(Candidate))) == ("draft", 0)


def test_a_published_paper_does_not_change_when_the_bank_does(db, cast):
    """rules.md 16."""
    makers.make_round(db, cast.county)
    before = [(q.stem, q.options, q.key) for q in db.scalars(select(PaperQuestion).order_by(PaperQuestion.id))]
    for version in db.scalars(select(QuestionVersion)):
        version.stem = "改过的题"
    db.flush()
    db.expire_all()

    assert [(q.stem, q.options, q.key) for q in db.scalars(select(PaperQuestion).order_by(PaperQuestion.id))] == before


def test_a_person_with_two_posts_is_called_once_and_neighbours_get_different_forms(db, cast):
    """rules.md 27, 28."""
    makers.make_assignment(db, cast.person, cast.village, kind="兼任")
    for _ in range(4):
        makers.make_person(db, "同事", cast.town)
    round_ = makers.make_round(db, cast.county)

    rows = queries.candidate_rows(db, round_.id, ("/",))
    town = [row.candidate.paper_id for row in rows if row.unit.id == cast.town.id]
    assert len(rows) == len({row.person.id for row in rows}) == 10
    assert all(one != other for one, other in pairwise(town))


def test_marks_that_do_not_fit_the_paper_are_named_on_the_form(client, cast, db):
    makers.make_question(db, makers.make_bank(db, cast.county))

    page = client.as_(cast.officer).send("/rounds/new", **{**FORM, "excellent_mark": "21"}).text

    assert "不超过卷面总分 20" in page
    assert db.scalar(select(func.count()).select_from(Round)) == 0


def test_a_round_without_its_basis_cannot_be_planned(client, cast, db):
    """Product law 4."""
    page = client.as_(cast.officer).send("/rounds/new", **{**FORM, "basis_number": ""}).text

    assert "请填写这一项" in page
    assert db.scalar(select(func.count()).select_from(Round)) == 0


def test_a_clerk_sees_the_own_people_only(client, cast, db):
    round_ = makers.make_round(db, cast.county)

    mine = client.as_(cast.clerk).get(f"/rounds/{round_.id}/people").text
    other = client.as_(cast.outsider).get(f"/rounds/{round_.id}/people").text

    assert ("买买提·艾力" in mine, "邻乡联络员" in mine) == (True, False)
    assert ("买买提·艾力" in other, "邻乡联络员" in other) == (False, True)


def test_the_list_by_standing_is_what_each_candidate_says_of_themselves(client, cast, db):
    round_ = makers.make_round(db, cast.county)
    rows = queries.candidate_rows(db, round_.id, ("/",))
    rows[0].candidate.exempt_reason, rows[0].candidate.exempt_by = "产假", "甲"
    makers.make_attempt(db, round_, rows[1].person, right=1)
    makers.make_attempt(db, round_, rows[2].person)
    db.flush()

    for standing in ("exempt", "answering", "handed_in", "waiting"):
        listed = db.execute(queries.candidates(round_.id, ("/",), standing=standing))
        assert [one.id for one, *_ in listed] == [row.candidate.id for row in rows if row.standing == standing] != []
    everybody = client.as_(cast.officer).get(f"/rounds/{round_.id}/people?standing=nobody").text
    assert f"共 {len(rows)} 人" in everybody


@pytest.mark.parametrize("words", ["买提·艾", "{staff_no}", "{phone}"])
def test_a_person_is_found_by_a_part_of_the_name_or_the_beginning_of_a_number(client, cast, db, words):
    round_ = makers.make_round(db, cast.county)
    row = next(r for r in queries.candidate_rows(db, round_.id, ("/",)) if r.candidate.name == "买买提·艾力")
    row.person.phone = "13900001234"
    db.flush()
    asked = words.format(staff_no=row.person.staff_no, phone="139000012")

    inside = client.as_(cast.officer).get(f"/rounds/{round_.id}/people", query_string={"words": asked}).text
    outside = client.as_(cast.outsider).get(f"/rounds/{round_.id}/people", query_string={"words": asked}).text

    assert ("买买提·艾力" in inside, "共 1 人" in inside) == (True, True)
    assert ("买买提·艾力" in outside, f"没有找到“{asked}”" in outside) == (False, True)


@pytest.mark.parametrize("deed", ["exempt", "extend", ""])
def test_a_candidate_of_another_township_is_not_there(client, cast, db, deed):
    round_ = makers.make_round(db, cast.county)
    candidate = queries.sitting(db, round_.id, cast.person.id).candidate
    browser = client.as_(cast.outsider)
    url = f"/rounds/{round_.id}/people/{candidate.id}"

    answer = browser.send(f"{url}/{deed}", reason="x", minutes="5") if deed else browser.get(url)

    assert answer.status_code in {403, 404}
    assert "买买提" not in answer.text
    db.refresh(candidate)
    assert (candidate.exempt_reason, candidate.extension) == ("", 0)


def test_a_draft_is_nobody_elses_business(client, cast, db):
    round_ = makers.make_round(db, cast.county, published=False)

    assert round_.title not in client.as_(cast.clerk).get("/rounds/").text
    assert client.as_(cast.learner).get("/rounds/").status_code == 403


def test_a_round_of_another_township_is_not_there(client, cast, db):
    round_ = makers.make_round(db, cast.town)

    for path in ("", "/people"):
        assert client.as_(cast.outsider).get(f"/rounds/{round_.id}{path}").status_code == 404


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_list_of_rounds_asks_as_many_queries_for_one_as_for_three(client, cast, db, rounds, count_queries):
    for _ in range(rounds):
        makers.make_round(db, cast.county)
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        assert browser.get("/rounds/").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 5


@pytest.mark.parametrize("people", [1, 3])
def test_the_board_asks_as_many_queries_for_one_person_as_for_three(client, cast, db, people, count_queries):
    for _ in range(people):
        makers.make_person(db, "同事", cast.town)
    round_ = makers.make_round(db, cast.county)
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        assert browser.get(f"/rounds/{round_.id}").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 13


SETTINGS = {
    "mode": "closed", "study_from": "2026-11-02", "review_at": "2026-11-28T08:00", "makeups": "2", "makeup_rule": "last",
    "two_markers": "y", "double_entry": "y", "multi_rule": "hand",
}  # fmt: skip


def test_the_rarely_changed_settings_are_kept_and_read_on_the_rounds_page(client, cast, db):
    officer = client.as_(cast.officer)

    where = officer.send("/rounds/new", **{**FORM, **SETTINGS}).location

    round_ = db.scalars(select(Round)).one()
    assert (round_.mode, round_.study_from, round_.review_at) == ("closed", date(2026, 11, 2), later(days=7, hours=12))
    assert (round_.makeups, round_.makeup_rule, round_.multi_rule) == (2, "last", "hand")
    assert (round_.two_markers, round_.double_entry) == (True, True)
    page = officer.get(where).text
    for said in (
        "现场闭卷",
        "2026年11月2日 起整月可看",
        "2026年11月28日 08:00 开放",
        "每人 2 次",
        "两人各评一遍",
        "两人各录一遍",
    ):
        assert said in page
    form = officer.get(f"{where}/change").text
    assert ('value="2026-11-28T08:00"' in form, 'value="2026-11-02"' in form, 'value="closed"' in form) == (True,) * 3


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"review_at": "2026-11-27T20:59"}, "不能在截止之前开放"),
        ({"study_from": "2026-11-28"}, "要在开始答题以前开放"),
        ({"makeups": "3"}, "0 到 2 之间"),
        ({"mode": "phone-locked"}, "有效的选择"),
    ],
)
def test_settings_that_cannot_be_are_named_and_nothing_is_saved(client, cast, db, given, why):
    page = client.as_(cast.officer).send("/rounds/new", **{**FORM, **given}).text

    assert why in page
    assert db.scalar(select(func.count()).select_from(Round)) == 0


def test_a_folded_group_stands_open_where_a_field_in_it_is_wrong(client, cast):
    officer = client.as_(cast.officer)

    assert officer.get("/rounds/new").text.count("<details open>") == 0
    assert officer.send("/rounds/new", **{**FORM, "makeups": "9"}).text.count("<details open>") == 1


def test_a_new_month_begins_with_the_last_rounds_habits_but_not_with_its_dates(client, cast):
    officer = client.as_(cast.officer)
    officer.send("/rounds/new", **{**FORM, **SETTINGS, "study_from": "2026-10-12"})

    form = officer.get("/rounds/new").text

    assert ('value="2026-11-01"' in form, "2026-10-12" in form, "2026-11-28" in form) == (True, False, False)
    assert 'value="last" selected' in form or 'selected value="last"' in form


def test_short_answers_can_be_asked(client, cast, db):
    client.as_(cast.officer).send("/rounds/new", **{**FORM, "short_count": "1", "short_points": "10"})

    assert db.scalars(select(Round)).one().blueprint["parts"][-1] == {"kind": "short", "count": 1, "points": "10"}
