"""Who used a question where."""

from __future__ import annotations

import pytest

from school.access import Role
from school.questions.models import QuestionVersion
from school.quizzes import queries
from school.quizzes.models import PaperQuestion
from tests import makers


@pytest.fixture
def asked(db, cast):
    """A question that stands on the papers of a round of the county."""
    round_ = makers.make_round(db, cast.county, title="十一月月测", only=None)
    db.flush()
    return round_, db.query(PaperQuestion).order_by(PaperQuestion.id).first()


def test_every_form_a_question_stood_on_is_named_with_the_people_who_got_it(db, asked):
    round_, question = asked

    uses = queries.uses_of(db, question.question_id)

    papers = {paper.form: paper for paper in queries.papers_of(db, round_.id)}
    stood = {form for form, paper in papers.items() if question.question_id in {q.question_id for q in paper.questions}}
    assert {use.form for use in uses} == stood
    assert {(use.round.id, use.version) for use in uses} == {(round_.id, 1)}
    assert all(papers[use.form].questions[use.position - 1].question_id == question.question_id for use in uses)


def test_a_question_nobody_used_says_so(client, cast, db):
    version = makers.make_question(db, makers.make_bank(db, cast.county))

    page = client.as_(cast.officer).get(f"/rounds/uses/{version.question_id}")

    assert "还没有测试用过这道题" in page.text


def test_the_question_page_leads_to_its_uses(client, cast, db, asked):
    _, question = asked
    version = db.get_one(QuestionVersion, question.version_id)
    officer = client.as_(cast.officer)

    page = officer.get(f"/banks/{version.bank_id}/questions/{version.question_id}").text

    assert f"/rounds/uses/{version.question_id}" in page
    assert "十一月月测" in officer.get(f"/rounds/uses/{version.question_id}").text


def test_uses_of_a_question_of_another_township_are_not_there(client, cast, db, asked):
    _, question = asked
    person = makers.make_person(db, "邻乡管理员", cast.other_town)
    stranger = makers.make_account(db, person, {Role.OFFICER: cast.other_town})

    assert client.as_(stranger).get(f"/rounds/uses/{question.question_id}").status_code == 404
    assert client.as_(cast.outsider).get(f"/rounds/uses/{question.question_id}").status_code == 403
    assert client.as_(cast.officer).get("/rounds/uses/999999").status_code == 404
