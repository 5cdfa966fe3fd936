"""这个月考什么: scope and clauses for those who are called, from the study day to the end of the month, and no question."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from school.quizzes import study_queries
from tests import makers
from tests.makers import NOW, later


def cited(db, round_):
    return study_queries.clauses(db, round_, NOW)


def test_clauses_come_from_all_questions_that_may_be_drawn_in_the_laws_own_order(db, cast):
    bank = makers.make_bank(db, cast.county)
    for article in ("第一百零三条", "第二条", "第二条第二款", "第二十一条"):
        makers.make_question(db, bank, article=article, law="土地管理法", version_on=None)
    makers.make_question(db, bank, law="", article="", version_on=None, basis="省委一号文件", topic="乡村振兴")

    found = cited(db, makers.make_round(db, cast.county, questions=4))

    assert found["农村土地"]["《土地管理法》"] == ["第二条", "第二条第二款", "第二十一条", "第一百零三条"]
    assert found["乡村振兴"] == {"省委一号文件": []}


def test_what_does_not_fit_the_round_is_not_read(db, cast):
    bank = makers.make_bank(db, cast.county)
    other = makers.make_bank(db, cast.other_town)
    makers.make_question(db, bank, topic="另一专题")
    makers.make_question(db, bank, law="农民法", audience="farmer")
    makers.make_question(db, bank, "fill", law="填空法")
    makers.make_question(db, bank, law="草稿法", state="draft")
    makers.make_question(db, other, law="邻乡法")
    round_ = makers.make_round(db, cast.county, topics=("农村土地",))

    assert cited(db, round_) == {"农村土地": {"《农村土地承包法》": ["第二十一条"]}}


def test_the_page_shows_scope_and_clauses_and_not_a_word_of_a_question(client, cast, db):
    """rules.md 12: no stem, no option, no explanation."""
    round_ = makers.make_round(db, cast.county)

    page = client.as_(cast.learner).get(f"/quiz/{round_.id}/study").text

    assert ("土地政策" in page, "《农村土地承包法》" in page, "第二十一条" in page) == (True, True, True)
    assert re.findall(r"道题（|选项[a-d]\d|解析\d", page) == []


@pytest.mark.parametrize(
    ("study_from", "state", "day", "found"),
    [
        (None, "draft", 20, False), (21, "draft", 20, False), (20, "draft", 20, True), (20, "draft", 29, True),
        (None, "published", 20, True), (25, "published", 24, False), (None, "published", 29, True),
        (None, "cancelled", 20, False),
    ],
)  # fmt: skip
def test_the_page_opens_on_the_study_day_or_with_publishing(client, cast, db, now, study_from, state, day, found):
    round_ = makers.make_round(
        db, cast.county, published=state != "draft", study_from=study_from and date(2026, 11, study_from),
        opens_at=later(days=9), closes_at=later(days=9, hours=2),
    )  # fmt: skip
    if state == "cancelled":
        round_.state = state
    now(NOW + timedelta(days=day - 20))
    learner, url = client.as_(cast.learner), f"/quiz/{round_.id}/study"

    assert (learner.get(url).status_code == 200) is found
    for listing in ("/quiz/", "/"):
        assert (url in learner.get(listing).text) is found


def test_after_the_month_the_page_is_gone(client, cast, db, now):
    round_ = makers.make_round(db, cast.county)
    url = f"/quiz/{round_.id}/study"

    now(later(days=10))
    assert client.as_(cast.learner).get(url).status_code == 200
    now(later(days=11))
    assert client.as_(cast.learner).get(url).status_code == 404
    assert url not in client.as_(cast.learner).get("/quiz/").text


def test_an_announced_draft_is_read_by_the_own_people_and_by_no_neighbour(client, cast, db):
    round_ = makers.make_round(db, cast.town, published=False, study_from=makers.TODAY)
    url = f"/quiz/{round_.id}/study"

    assert client.as_(cast.learner).get(url).status_code == 200
    assert client.as_(cast.outsider).get(url).status_code == 404
    assert round_.title not in client.as_(cast.outsider).get("/quiz/").text


def test_who_is_not_called_to_a_published_round_does_not_find_its_page(client, cast, db):
    round_ = makers.make_round(db, cast.county, only=[cast.person.id])

    assert client.as_(cast.learner).get(f"/quiz/{round_.id}/study").status_code == 200
    assert client.as_(cast.teacher).get(f"/quiz/{round_.id}/study").status_code == 404


def test_the_officer_reads_beforehand_what_learners_will_read(client, cast, db):
    round_ = makers.make_round(db, cast.county, published=False)

    assert "《农村土地承包法》" in client.as_(cast.officer).get(f"/quiz/{round_.id}/study").text
    assert client.as_(cast.clerk).get(f"/quiz/{round_.id}/study").status_code == 404


def test_the_cover_leads_to_it_and_says_how_the_round_is_held(client, cast, db):
    round_ = makers.make_round(db, cast.county, mode="closed", review_at=later(days=1))

    page = client.as_(cast.learner).get(f"/quiz/{round_.id}").text

    assert f'href="/quiz/{round_.id}/study"' in page
    assert ("现场闭卷" in page, "工作人员维持秩序" in page, "可以查资料" in page) == (True, True, False)
    assert "2026年11月21日 20:00 以后可以看得分" in page


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_page_asks_as_many_queries_for_one_round_as_for_three(client, cast, db, rounds, count_queries):
    for _ in range(rounds):
        round_ = makers.make_round(db, cast.county)
    browser = client.as_(cast.learner)

    with count_queries() as sent:
        assert browser.get(f"/quiz/{round_.id}/study").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 4
