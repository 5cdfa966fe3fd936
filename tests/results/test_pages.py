from __future__ import annotations

import pytest
from sqlalchemy import select

from school.access import Role
from school.quizzes.models import Round
from school.results import actions, queries
from school.results.models import MonthResult
from tests import makers
from tests.results.conftest import OVER


@pytest.fixture
def closed(db, cast, county):
    result = county.close(db)
    db.commit()
    return result


def test_a_round_that_is_over_waits_first_on_the_list_and_leads_to_its_closing(client, cast, county, now):
    now(OVER)
    page = client.as_(cast.officer).get("/results").text

    assert "月结：2026年11月政策测试" in page
    assert f"/results/rounds/{county.round.id}/close" in page


def test_a_round_still_open_does_not_wait_and_its_closing_page_says_when(client, cast, county):
    officer = client.as_(cast.officer)

    assert "还没有月结的轮次" in officer.get("/results").text
    page = officer.get(f"/results/rounds/{county.round.id}/close")
    assert "请在 2026年11月20日 22:00 以后再来" in page.text
    assert officer.send(f"/results/rounds/{county.round.id}/close").status_code == 409


def test_before_closing_the_page_says_how_many_people_and_units_and_that_only_corrections_follow(
    client, cast, county, now
):
    now(OVER)
    page = client.as_(cast.officer).get(f"/results/rounds/{county.round.id}/close").text

    assert "4 个单位、18 人的结果定下来：已交卷 12 人，免考 0 人。" in page
    assert "只能办理更正" in page


def test_closing_leads_to_the_month_and_a_second_time_to_the_same(client, cast, county, db, now):
    now(OVER)
    officer = client.as_(cast.officer)

    first, second = (officer.send(f"/results/rounds/{county.round.id}/close").location for _ in range(2))

    assert first == second == f"/results/{db.scalars(select(MonthResult.id)).one()}"
    assert db.get_one(Round, county.round.id).state == "closed"


def test_a_closing_without_the_token_changes_nothing(client, cast, county, db, now):
    now(OVER)
    client.as_(cast.officer).post(f"/results/rounds/{county.round.id}/close")

    assert db.scalars(select(MonthResult)).all() == []


@pytest.mark.parametrize("who", ["clerk", "committee", "teacher", "learner", "auditor", "sysadmin", "outsider"])
def test_only_the_officer_closes(client, cast, county, db, now, who):
    now(OVER)
    answer = client.as_(getattr(cast, who)).send(f"/results/rounds/{county.round.id}/close")

    assert answer.status_code == 403
    assert db.scalars(select(MonthResult)).all() == []


def test_the_officer_reads_counts_standard_units_and_shortfalls_of_the_month(client, cast, closed):
    page = client.as_(cast.officer).get(f"/results/{closed.id}").text

    assert "云委办〔2026〕3号" in page
    assert "合格率33.33%（4／12），标准90.00%，低56.67个百分点。" in page
    assert "偶然难以解释" in page
    assert page.index(">云岭县<") < page.index(">青杠镇<") < page.index(">雪松乡<")
    assert "不作比较" in page


def test_a_small_unit_shows_counts_and_no_rate(client, cast, closed):
    """rules.md 31"""
    page = client.as_(cast.officer).get(f"/results/{closed.id}/units/{cast.other_town.id}").text

    assert "应考 1 人、实考 0 人，有一项不足 10 人，不与标准比较。" in page
    assert "%（" not in page


def test_a_clerk_sees_the_totals_and_the_own_units_and_nothing_of_others(client, cast, closed):
    page = client.as_(cast.clerk).get(f"/results/{closed.id}").text

    assert "33.33%（4/12）" in page
    assert "青杠镇" in page
    assert "雪松乡" not in page
    assert f"/results/{closed.id}/people?state=sat" not in page


@pytest.mark.parametrize("path", ["units/{town}", "people?unit={town}", "people?unit={town}&state=sat&band=passed"])
def test_a_unit_and_its_people_are_not_there_for_a_clerk_of_another_township(client, cast, closed, path):
    page = client.as_(cast.outsider).get(f"/results/{closed.id}/" + path.format(town=cast.town.id))

    assert page.status_code == 404
    assert "学员01" not in page.text


def test_a_month_of_another_township_is_not_there(client, cast, db, now):
    round_ = makers.make_round(db, cast.town)
    result = actions.close_month(db, round_, grace=20, by=makers.ROOT, now=OVER)
    db.commit()

    outsider = client.as_(cast.outsider)
    assert [outsider.get(f"/results/{result.id}{path}").status_code for path in ("", "/people")] == [404, 404]
    assert round_.title not in outsider.get("/results").text
    assert client.as_(cast.clerk).get(f"/results/{result.id}").status_code == 200


@pytest.mark.parametrize("who", ["teacher", "learner", "auditor", "sysadmin"])
@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/people", "/{id}/units/{town}"])
def test_who_has_no_part_in_results_is_turned_away(client, cast, closed, who, path):
    page = client.as_(getattr(cast, who)).get("/results" + path.format(id=closed.id, town=cast.town.id))

    assert page.status_code == 403


def test_the_list_behind_a_number_names_each_in_or_out_with_the_reason_and_the_points(client, cast, closed):
    page = client.as_(cast.officer).get(f"/results/{closed.id}/people?unit={cast.town.id}&state=sat&band=passed").text

    assert "本单位在册 14 人，其中计入“合格”4 人，不计入 10 人。" in page
    assert "即合格 4 人、实考 12 人" in page
    assert "缺考：没有参加" in page
    assert "实考，优秀" in page
    assert 'data-label="得分"><span>20</span>' in page


def test_a_clerks_list_of_the_whole_month_holds_the_own_people_only(client, cast, closed):
    page = client.as_(cast.clerk).get(f"/results/{closed.id}/people").text

    assert "您管理范围内的单位在册 15 人" in page
    assert "买买提·艾力" in page
    assert "邻乡联络员" not in page


def test_the_committee_reads_names_and_bands_but_no_points(client, cast, closed):
    committee = client.as_(cast.committee)
    page = committee.get(f"/results/{closed.id}/people?unit={cast.town.id}&state=sat").text

    assert "实考，合格" in page
    assert "得分" not in page
    assert "33.33%（4/12）" in committee.get(f"/results/{closed.id}").text


@pytest.mark.parametrize("query", ["state=top", "band=best"])
def test_an_unknown_number_has_no_list(client, cast, closed, query):
    assert client.as_(cast.officer).get(f"/results/{closed.id}/people?{query}").status_code == 404


def test_a_correction_needs_a_reason_and_leads_to_the_new_version(client, cast, closed, db):
    officer, address = client.as_(cast.officer), f"/results/{closed.id}/correct"
    makers.make_night(db, makers.make_school(db, cast.town), state="held")
    db.commit()

    assert "请写明为什么更正" in officer.send(address, reason=" ").text
    answer = officer.send(address, reason="补登一期夜校")

    new = db.scalars(select(MonthResult).where(MonthResult.number == 1)).one()
    assert answer.location == f"/results/{new.id}"
    assert "更正第 1 号" in officer.get(answer.location).text
    assert "取代" in officer.get(f"/results/{closed.id}").text
    assert officer.send(address, reason="再来一次").status_code == 409


def test_only_the_officer_of_the_rounds_unit_corrects(client, cast, closed, db):
    town_officer = makers.make_account(db, makers.make_person(db, "镇管理员", cast.town), {Role.OFFICER: cast.town})
    db.commit()

    assert client.as_(cast.clerk).send(f"/results/{closed.id}/correct", reason="x").status_code == 403
    assert client.as_(town_officer).send(f"/results/{closed.id}/correct", reason="x").status_code == 404
    assert client.as_(town_officer).get(f"/results/{closed.id}").status_code == 200


def test_a_retest_is_shown_with_its_origin_and_the_origin_with_its_retests(client, cast, closed, county, db):
    retest = makers.make_round(db, cast.county, published=False, title="复测轮")
    retest.repeats_id, retest.repeats_kind = county.round.id, "retest"
    retest.state, retest.published_at = "published", makers.NOW
    db.flush()
    result = actions.close_month(db, retest, grace=20, by=makers.ROOT, now=OVER)
    db.commit()
    officer = client.as_(cast.officer)

    assert "这是“2026年11月政策测试”的复测" in officer.get(f"/results/{result.id}").text
    assert f'href="/results/{result.id}"' in officer.get(f"/results/{closed.id}").text
    assert "复测，原轮次：2026年11月政策测试" in officer.get("/results").text


@pytest.mark.parametrize("months", [1, 3])
def test_the_list_of_months_asks_as_many_queries_for_one_as_for_three(client, cast, db, count_queries, months):
    for number in range(months):
        round_ = makers.make_round(db, cast.county, title=f"第{number}轮")
        actions.close_month(db, round_, grace=20, by=makers.ROOT, now=OVER)
    db.commit()
    officer = client.as_(cast.officer)

    with count_queries() as sent:
        page = officer.get("/results")

    assert page.text.count("已月结") == months
    assert len([line for line in sent if line.startswith("SELECT")]) == 6


@pytest.mark.parametrize("people", [1, 3])
def test_the_month_asks_as_many_queries_for_one_unit_more_as_for_three(client, cast, db, count_queries, people):
    for number in range(people):
        makers.make_person(db, "一人", makers.make_unit(db, f"第{number}乡", cast.county))
    result = actions.close_month(db, makers.make_round(db, cast.county), grace=20, by=makers.ROOT, now=OVER)
    db.commit()
    officer = client.as_(cast.officer)

    with count_queries() as sent:
        page = officer.get(f"/results/{result.id}")

    assert f"第{people - 1}乡" in page.text
    assert len([line for line in sent if line.startswith("SELECT")]) == 9


def test_a_superseded_version_is_left_out_of_the_list(client, cast, closed, db):
    makers.make_night(db, makers.make_school(db, cast.town), state="held")
    actions.correct_month(db, closed, "补登", by=makers.ROOT, now=OVER)
    db.commit()

    page = client.as_(cast.officer).get("/results").text
    assert "更正第 1 号" in page
    assert f'href="/results/{closed.id}"' not in page


def test_a_round_of_one_unit_is_called_by_that_unit(db, cast):
    result = actions.close_month(db, makers.make_round(db, cast.town), grace=20, by=makers.ROOT, now=OVER)

    assert queries.month(result).county == "青杠镇"
