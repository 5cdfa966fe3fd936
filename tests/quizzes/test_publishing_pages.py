"""Publishing: what has to be seen first, what is missing, and that nobody's answer waits while papers are drawn."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from school import db as ground
from school.access import Role
from school.audit import AuditLine
from school.errors import Refused
from school.followups import actions as cases
from school.followups.models import Case
from school.quizzes import drawing_queries
from school.quizzes.blueprint import Demand
from school.quizzes.models import Paper, PaperQuestion, Round
from school.quizzes.paper import Part
from tests import figures_makers, makers
from tests.quizzes.test_makeup import OVER

ONE = (Part("single", 1, Decimal(20)),)
#: seconds after which somebody who should not have to wait has waited
PATIENCE = 20


def uneven(db, cast, **values) -> Round:
    """A draft of two papers of one question each, for which the bank has an easy and a hard one."""
    round_ = makers.make_round(db, cast.county, questions=0, parts=ONE, published=False, **values)
    add(db, cast, 1, 5)
    return round_


def add(db, cast, *levels: int) -> None:
    bank = makers.make_bank(db, cast.county, f"题库{levels}")
    for level in levels:
        makers.make_question(db, bank, difficulty=level)
    db.commit()


def shown(page) -> str:
    return re.search(r'name="shown"[^>]*value="([^"]*)"', page.text)[1]


def versions(db, round_) -> list[list[int]]:
    """What stands on each paper of a round, in order."""
    papers = db.scalars(select(Paper).where(Paper.round_id == round_.id).order_by(Paper.form))
    return [[question.version_id for question in paper.questions] for paper in papers]


def published(db) -> list[dict]:
    return [line.after for line in db.scalars(select(AuditLine).where(AuditLine.deed == "publish_round"))]


def test_papers_that_are_not_equally_hard_are_shown_first_and_published_only_then(client, cast, db):
    round_ = uneven(db, cast)
    officer = client.as_(cast.officer)

    asked = officer.send(f"/rounds/{round_.id}/publish")
    db.refresh(round_)
    assert (asked.status_code, round_.state, published(db)) == (200, "draft", [])
    for said in ("各卷难度不相当", "各卷难度", "90.00", "50.00", "减少套数", "单选题，2 套共要 2 道，题库可用 2 道"):
        assert said in asked.text
    expected = [
        [one[0].version_id for one in form] for form in drawing_queries.drawn(db, round_, on=makers.TODAY).forms
    ]

    officer.send(f"/rounds/{round_.id}/publish", shown=shown(asked))
    db.refresh(round_)
    assert (round_.state, versions(db, round_)) == ("published", expected)
    assert [line["uneven"] for line in published(db)] == [
        {"shares_apart": "57.14%", "means_apart": "57.14%", "spreads_apart": "0%"}
    ]
    assert "知道难度不同仍发布，相差：预期得分率 57.14%" in client.as_(cast.auditor).get("/audit").text


def test_papers_that_are_equally_hard_are_published_at_once(client, cast, db):
    round_ = makers.make_round(db, cast.county, published=False)

    client.as_(cast.officer).send(f"/rounds/{round_.id}/publish")

    db.refresh(round_)
    assert (round_.state, ["uneven" in line for line in published(db)]) == ("published", [False])


@pytest.mark.parametrize(
    ("levels", "said"), [((1, 3), "难度不相当"), ((3, 3), "题库刚刚有变化")], ids=["uneven", "even"]
)
def test_where_the_bank_changed_since_they_were_shown_the_papers_are_shown_again(client, cast, db, levels, said):
    round_ = uneven(db, cast)
    officer = client.as_(cast.officer)
    first = shown(officer.send(f"/rounds/{round_.id}/publish"))
    for question in db.scalars(select(makers.QuestionVersion)):
        question.state = "retired"
    add(db, cast, *levels)

    again = officer.send(f"/rounds/{round_.id}/publish", shown=first)

    db.refresh(round_)
    assert (round_.state, said in again.text, "刚才看过的那一次之后题库有变化" in again.text) == ("draft", True, True)
    officer.send(f"/rounds/{round_.id}/publish", shown=shown(again))
    db.refresh(round_)
    assert round_.state == "published"


def test_a_digest_somebody_made_up_publishes_nothing(client, cast, db):
    round_ = uneven(db, cast)

    answer = client.as_(cast.officer).send(f"/rounds/{round_.id}/publish", shown="0" * 64)

    db.refresh(round_)
    assert (answer.status_code, round_.state) == (200, "draft")


def test_everything_the_bank_lacks_is_listed_on_the_page_with_the_ways_out(client, cast, db):
    """rules.md 21."""
    round_ = makers.make_round(db, cast.county, questions=1, published=False)
    round_.blueprint = {**round_.blueprint, "demands": [vars(Demand("judge", "反诈", 3, 1))]}
    db.commit()

    answer = client.as_(cast.officer).send(f"/rounds/{round_.id}/publish")

    cells = [
        re.sub(r"<[^>]+>|\s+", " ", row).split()
        for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", answer.text, re.S)
    ]
    assert answer.status_code == 409
    assert cells[1:] == [
        ["单选题", "不分", "不分", "2", "1", "1", "—"],
        ["判断题", "反诈", "3", "级", "1", "0", "1", "—"],
    ]
    for url in (f"/rounds/{round_.id}/change", f"/rounds/{round_.id}/blueprint", "/banks/"):
        assert f'href="{url}"' in answer.text
    assert "发布“" in answer.text


@pytest.mark.parametrize("who", ["outsider", "clerk", "committee", "learner", "town"])
def test_whoever_is_not_its_officer_learns_nothing_of_a_drafts_papers(client, cast, db, who):
    round_ = uneven(db, cast)
    town = makers.make_account(db, makers.make_person(db, "镇管理员", cast.town), {Role.OFFICER: cast.town})
    browser = client.as_(town if who == "town" else getattr(cast, who))

    answer = browser.send(f"/rounds/{round_.id}/publish")

    assert (answer.status_code in {403, 404}, "各卷难度" in answer.text) == (True, False)


def test_a_round_that_is_published_has_no_page_for_publishing_it(client, cast, db):
    round_ = makers.make_round(db, cast.county)

    assert client.as_(cast.officer).get(f"/rounds/{round_.id}/publish").status_code == 409


@pytest.fixture
def makeup(db, cast, now):
    """A make-up's draft of an uneven bank: both papers of the round took the middling questions."""
    round_ = makers.make_round(db, cast.county, questions=2, parts=ONE)
    add(db, cast, 1, 5)
    now(OVER)
    made = makers.make_makeup(db, round_, at=OVER, published=False)
    db.commit()
    return made


def test_a_make_up_is_shown_first_where_its_papers_are_not_equally_hard(client, cast, db, makeup):
    officer, url = client.as_(cast.officer), f"/rounds/{makeup.id}/makeup/publish"

    asked = officer.send(url)
    assert (asked.status_code, "各卷难度不相当" in asked.text, "减少套数" in asked.text) == (200, True, False)
    officer.send(url, shown=shown(asked))

    db.refresh(makeup)
    assert (makeup.state, "uneven" in published(db)[-1]) == ("published", True)


def test_what_a_make_up_lacks_is_listed_with_the_way_to_the_banks(client, cast, db, makeup):
    for question in db.scalars(select(makers.QuestionVersion)):
        question.state = "retired"
    db.commit()

    answer = client.as_(cast.officer).send(f"/rounds/{makeup.id}/makeup/publish")

    assert (answer.status_code, "下面 1 类题不够" in answer.text, 'href="/banks/"' in answer.text) == (409, True, True)
    assert f"/rounds/{makeup.id}/change" not in answer.text


@pytest.fixture
def case(db, cast) -> Case:
    """A case that waits for its retest, for which the bank has an easy and a hard question left."""
    round_ = makers.make_round(db, cast.county, questions=2, parts=ONE)
    add(db, cast, 1, 5)
    people = (figures_makers.make_person(2, person_id=cast.person.id),)
    result = makers.make_result(db, round_, makers.make_short(cast.town, people=people))
    made = cases.open_cases(db, result, by=makers.ROOT, now=makers.NOW)[0]
    for move in ("explain", "remind", "plan", "report"):
        makers.take(db, made, move)
    db.commit()
    return made


RETEST = {"whom": "all", "opens_at": "2026-11-25T09:00", "closes_at": "2026-11-27T18:00", "text": "在镇会议室"}


def test_a_retest_is_shown_first_with_what_was_typed_kept_and_published_as_it_was_shown(client, cast, db, case):
    officer, url = client.as_(cast.officer), f"/followups/{case.id}/retest"

    asked = officer.send(url, **RETEST)
    assert (asked.status_code, case.state) == (200, "rectified")
    for said in ("各卷难度不相当", "90.00", "50.00", "在镇会议室", "照这样发布复测"):
        assert said in asked.text
    officer.send(url, **RETEST, shown=shown(asked))

    db.refresh(case)
    assert (case.state, len(versions(db, case.retest)), "uneven" in published(db)[-1]) == ("retesting", 2, True)
    asked_before = select(PaperQuestion.question_id).join(Paper, Paper.id == PaperQuestion.paper_id)
    first, again = (
        set(db.scalars(asked_before.where(Paper.round_id == one))) for one in (case.round_id, case.retest_id)
    )
    assert first.isdisjoint(again)


@pytest.mark.parametrize("who", ["clerk", "outsider", "committee"])
def test_whoever_may_not_hold_a_retest_learns_nothing_of_its_papers(client, cast, db, case, who):
    answer = client.as_(getattr(cast, who)).send(f"/followups/{case.id}/retest", **RETEST)

    assert (answer.status_code in {403, 404}, "各卷难度" in answer.text) == (True, False)


@contextmanager
def busy_writer(engine, *rows):
    """Somebody else is writing all the while: on SQLite nobody else can, on PostgreSQL nobody else these rows."""
    held, done = threading.Event(), threading.Event()

    def write():
        with ground.writing(engine) as db:
            for kind, number in rows:
                db.get_one(kind, number, with_for_update=True)
            held.set()
            done.wait(PATIENCE * 2)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(PATIENCE)
    try:
        yield
    finally:
        done.set()
        writer.join()


@pytest.mark.parametrize("what", ["round", "makeup", "retest"])
def test_papers_are_drawn_and_shown_while_somebody_else_writes(client, cast, db, engine, request, now, what):
    """Drawing takes seconds; whoever saves an answer meanwhile must not wait for it."""
    if what == "retest":
        made, fields = request.getfixturevalue("case"), RETEST
        url = f"/followups/{made.id}/retest"
    else:
        made, fields = uneven(db, cast) if what == "round" else request.getfixturevalue("makeup"), {}
        url = f"/rounds/{made.id}/{'makeup/' * (what == 'makeup')}publish"
    officer = client.as_(cast.officer)
    sent = {"csrf_token": officer.token(), **fields}
    answers = []
    rows = [(type(made), made.id), (Round, made.round_id if what == "retest" else made.id)]
    db.commit()

    with busy_writer(engine, *rows):
        asking = threading.Thread(target=lambda: answers.append(officer.post(url, data=sent)))
        asking.start()
        asking.join(PATIENCE)
        assert ["各卷难度不相当" in answer.text for answer in answers] == [True]
    asking.join()


def test_a_question_that_another_repeat_has_just_asked_is_not_published_in_a_retest(db, cast, case):
    """rules.md 53"""
    drawn = cases.queries.retest_drawn(db, case, on=makers.TODAY)
    makers.make_makeup(db, case.round, at=OVER)

    with pytest.raises(Refused, match="另一场补考或复测"):
        cases.plan_retest(
            db, case, "在镇会议室", drawn=drawn, opens_at=OVER, closes_at=OVER + timedelta(hours=2), everyone=True,
            by=makers.DECIDER, now=OVER, calendar=makers.Calendar(),
        )  # fmt: skip
