"""What clerks, officers and learners must not get out of a round: answers early, time late, drafts and neighbours' retests."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from school.access import Role
from school.errors import Refused
from school.quizzes import actions, queries, running_actions
from tests import makers
from tests.makers import NOW, later


def candidate_row(db, round_, person):
    rows = queries.candidate_rows(db, round_.id, ["/"])
    return next(row for row in rows if row.person.id == person.id)


@pytest.mark.parametrize("minutes", [120, 121, 24 * 60])
def test_nobody_gets_more_time_once_the_answers_may_be_read(db, cast, minutes):
    """A friend who has read the answers would tell them; and everybody's review page would close again."""
    round_ = makers.make_round(db, cast.county)
    row = candidate_row(db, round_, cast.person)

    with pytest.raises(Refused, match="已经结束"):
        running_actions.extend(db, round_, row, 240, "断电", by=makers.ROOT, now=later(minutes=minutes))

    assert queries.longest_extension(db, round_.id) == 0


def test_while_somebody_still_has_time_another_may_get_some(db, cast):
    round_ = makers.make_round(db, cast.county)
    other = candidate_row(db, round_, db.get_one(type(cast.clerk), cast.clerk.id).person)
    running_actions.extend(db, round_, other, 30, "断电", by=makers.ROOT, now=later(minutes=100))

    running_actions.extend(
        db, round_, candidate_row(db, round_, cast.person), 20, "断电", by=makers.ROOT, now=later(minutes=149)
    )

    assert candidate_row(db, round_, cast.person).candidate.extension == 20


@pytest.mark.parametrize("who", ["clerk", "committee", "outsider"])
def test_a_draft_of_the_county_is_not_read_below(client, cast, db, who):
    round_ = makers.make_round(db, cast.county, published=False)
    db.commit()

    assert client.as_(getattr(cast, who)).get(f"/rounds/{round_.id}").status_code == 404
    assert client.as_(cast.officer).get(f"/rounds/{round_.id}").status_code == 200


def test_an_officer_of_a_township_does_not_read_the_countys_draft(client, cast, db):
    officer = makers.make_account(db, makers.make_person(db, "镇管理员", cast.town), {Role.OFFICER: cast.town})
    round_ = makers.make_round(db, cast.county, published=False)
    db.commit()

    assert client.as_(officer).get(f"/rounds/{round_.id}").status_code == 404


def test_a_neighbours_retest_is_not_named_on_the_countys_round(client, cast, db):
    round_ = makers.make_round(db, cast.county)
    retest = actions.plan_retest(
        db, round_, cast.town, seed="r", opens_at=NOW, closes_at=NOW + timedelta(hours=2), by=makers.ROOT, now=NOW
    )
    retest.state, retest.published_at = "published", NOW
    db.commit()
    page = f"/rounds/{round_.id}"

    assert retest.title in client.as_(cast.officer).get(page).text
    assert retest.title in client.as_(cast.clerk).get(page).text
    assert retest.title not in client.as_(cast.outsider).get(page).text


#: as the makers write them: explanation, law of the citation
WHY = re.compile(r"解析\d|农村土地承包法|正确答案|\"key\"")


@pytest.mark.parametrize("who", ["learner", "clerk", "officer", "committee", "outsider"])
def test_before_the_window_closes_no_page_of_the_round_says_why_an_answer_is_right(client, cast, db, who):
    """rules.md 12."""
    round_ = makers.make_round(db, cast.county)
    makers.make_attempt(db, round_, cast.person, right=2)
    other = db.get_one(type(cast.clerk), getattr(cast, who).id).person
    if who != "learner":
        makers.make_attempt(db, round_, other)
    db.commit()
    browser = client.as_(getattr(cast, who))
    number = round_.id
    pages = [f"/quiz/{number}", f"/quiz/{number}/result", f"/quiz/{number}/hand-in", f"/quiz/{number}/time", "/quiz/"]
    pages += [f"/quiz/{number}/{position}" for position in range(1, 5)]
    pages += [
        f"/rounds/{number}",
        f"/rounds/{number}/people",
        f"/rounds/{number}/missing",
        f"/rounds/{number}/board",
        f"/rounds/{number}/moves",
        f"/rounds/{number}/window",
        f"/results/rounds/{number}/close",
        "/results",
        "/reports",
    ]

    for page in pages:
        for accept in ("text/html", "application/json"):
            text = browser.get(page, headers={"Accept": accept}, follow_redirects=True).text
            assert WHY.findall(text) == [], page


def test_after_the_end_nothing_says_why_until_the_review_time_that_was_set(client, cast, db, now):
    """rules.md 12."""
    round_ = makers.make_round(db, cast.county, review_at=later(days=1))
    makers.make_attempt(db, round_, cast.person, right=2)
    learner, page = client.as_(cast.learner), f"/quiz/{round_.id}/result"

    now(later(days=1, seconds=-1))
    waiting = learner.get(page).text
    assert (WHY.findall(waiting), "2026年11月21日 20:00 以后" in waiting) == ([], True)

    now(later(days=1))
    assert "正确答案" in learner.get(page).text


def test_in_a_pause_nothing_says_why_even_after_the_hour_of_the_end(client, cast, db, now):
    """rules.md 12."""
    round_ = makers.make_round(db, cast.county)
    makers.make_attempt(db, round_, cast.person, right=2)
    running_actions.pause(db, round_, "停电", by=makers.ROOT, now=later(minutes=110))

    now(later(hours=5))

    assert WHY.findall(client.as_(cast.learner).get(f"/quiz/{round_.id}/result").text) == []
