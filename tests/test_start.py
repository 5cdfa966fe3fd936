"""The start page shows every role the one thing to do next, and nothing of anybody else."""

from __future__ import annotations

import pytest

from school.access import Role
from tests import makers
from tests.makers import later


def test_a_learner_with_an_open_quiz_is_led_to_it_first(client, cast, db):
    makers.make_round(db, cast.county)

    page = client.as_(cast.learner).get("/").text

    assert page.index("下一步") < page.index("2026年11月政策测试")
    assert "去答题" in page
    assert "2026年11月20日 22:00 截止" in page


def test_a_begun_quiz_is_gone_on_with_and_a_finished_one_is_not_mentioned(client, cast, db):
    round_ = makers.make_round(db, cast.county)
    makers.make_attempt(db, round_, cast.person)
    learner = client.as_(cast.learner)
    assert "接着答题" in learner.get("/").text

    makers.taking.hand_in(
        db, makers.quiz_queries.sitting(db, round_.id, cast.person.id), how="self", by=makers.ROOT, now=later(minutes=1)
    )
    assert "现在没有要办的事" in learner.get("/").text


def test_a_clerk_reads_how_many_of_the_own_people_are_missing(client, cast, db):
    makers.make_round(db, cast.county)

    assert "还有 3 人没交卷" in client.as_(cast.clerk).get("/").text
    assert "还有 1 人没交卷" in client.as_(cast.outsider).get("/").text


def test_an_officer_is_led_to_closing_once_the_time_is_over(client, cast, db, now):
    makers.make_round(db, cast.county)
    now(later(hours=2, seconds=21))

    page = client.as_(cast.officer).get("/").text

    assert "可以月结了" in page


def test_an_empty_county_begins_with_the_roster(client, db, now):
    unit = makers.make_unit(db)
    admin = makers.make_account(db, None, {Role.SYSADMIN: unit})

    assert "先导入花名册" in client.as_(admin).get("/").text
    assert client.as_(admin).get("/roster/import").status_code == 200


@pytest.mark.parametrize(
    ("who", "words"), [("auditor", "看审计日志"), ("sysadmin", "管理账号"), ("committee", "看各月情况")]
)
def test_each_other_role_has_its_own_first_thing(client, cast, who, words):
    assert words in client.as_(getattr(cast, who)).get("/").text


def test_a_stranger_sees_no_start_page(client, cast):
    assert client.get("/").location.startswith("/sign-in")


def test_the_health_page_needs_no_account(client):
    assert client.get("/healthz").json == {"ok": True}
