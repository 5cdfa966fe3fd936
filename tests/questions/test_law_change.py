"""When a law changes: the questions that rest on it are found, and are not drawn until somebody has looked."""

from datetime import date

import pytest
from sqlalchemy import select

from school.audit import AuditLine
from school.questions import actions, queries
from school.questions.models import QuestionVersion
from school.questions.register import Entry, Register, hit
from school.quizzes import queries as quizzes
from tests import makers
from tests.makers import NOW, ROOT, later

LAW = "农村土地承包法"
OLD = Register((Entry(LAW, LAW, date(2018, 12, 29), 70, (), date(2019, 1, 1)),))
NEW = Register((Entry(LAW, LAW, date(2027, 3, 1), 72, (), date(2027, 6, 1)),))


@pytest.fixture
def county(db):
    return makers.make_unit(db)


@pytest.fixture
def bank(db, county):
    return makers.make_bank(db, county)


def rewritten(db, old: QuestionVersion, **values) -> QuestionVersion:
    """The next version of a question, on the new text, waiting for review."""
    kept = {column.name: getattr(old, column.name) for column in QuestionVersion.__table__.columns}
    changed = {
        "id": None,
        "number": old.number + 1,
        "state": "in_review",
        "reviewer": "",
        "version_on": date(2027, 3, 1),
    }
    version = QuestionVersion(**kept | changed)
    db.add(version)
    db.flush()
    return version


def drawable(db, county) -> list[int]:
    pool = quizzes.pool(db, county.path, topics=(), audiences=("cadre",), without=set())
    return [drawn.version_id for drawn in pool]


def test_questions_in_use_that_rest_on_a_law_are_found(db, bank):
    resting = [makers.make_question(db, bank, state=state) for state in ("reviewed", "in_review", "draft")]
    makers.make_question(db, bank, state="retired")
    makers.make_question(db, bank, law="水法")

    assert queries.resting_on(db, LAW) == resting
    assert queries.resting_on(db, "海商法") == []


def test_questions_a_change_hits_are_not_drawn_until_somebody_has_looked(db, county, bank):
    stays = makers.make_question(db, bank, law="水法")
    renewed = makers.make_question(db, bank, version_on=date(2027, 3, 1))
    old = makers.make_question(db, bank)

    sent_back = actions.suspend(db, hit(queries.resting_on(db, LAW), OLD, NEW), "土地承包法已修改", by=ROOT, now=NOW)
    db.commit()

    assert sent_back == [old]
    assert drawable(db, county) == [stays.id, renewed.id]
    assert (old.state, old.reviewer, old.reviewed_at, old.remark) == ("in_review", "", None, "土地承包法已修改")
    assert queries.waiting(db, bank.id) == [old]

    assert actions.review(db, queries.waiting(db, bank.id), by=ROOT, now=later(days=1)) == 1
    assert drawable(db, county) == [stays.id, renewed.id, old.id]


def test_the_log_keeps_the_reason_and_the_review_that_was(db, bank):
    version = makers.make_question(db, bank, reviewed_at=NOW)

    actions.suspend(db, [version], "土地承包法已修改", by=ROOT, now=later(days=1))

    line = db.scalars(select(AuditLine).where(AuditLine.deed == "suspend_question")).one()
    assert line.before == {"state": "reviewed", "reviewer": "乙", "reviewed_at": str(NOW)}
    assert line.after == {"reason": "土地承包法已修改"}


@pytest.mark.parametrize("state", ["draft", "in_review", "retired"])
def test_only_a_reviewed_question_can_be_suspended(db, bank, state):
    version = makers.make_question(db, bank, state=state)

    assert actions.suspend(db, [version], "已修改", by=ROOT, now=NOW) == []
    assert version.state == state


def test_suspending_twice_is_suspending_once(db, bank):
    version = makers.make_question(db, bank)

    assert actions.suspend(db, [version], "已修改", by=ROOT, now=NOW) == [version]
    assert actions.suspend(db, [version], "已修改", by=ROOT, now=NOW) == []


def test_nothing_hit_is_nothing_done(db):
    assert actions.suspend(db, [], "已修改", by=ROOT, now=NOW) == []


def test_a_rewritten_question_retires_the_suspended_one_for_good(db, county, bank):
    """Passed later on, the old text's version would drive out the new one."""
    old = makers.make_question(db, bank)
    actions.suspend(db, [old], "已修改", by=ROOT, now=NOW)
    new = rewritten(db, old)

    actions.review(db, [new], by=ROOT, now=NOW)
    actions.review(db, queries.waiting(db, bank.id), by=ROOT, now=NOW)

    assert (old.state, new.state) == ("retired", "reviewed")
    assert drawable(db, county) == [new.id]
