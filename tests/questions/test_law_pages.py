"""依据有变: listed, not drawn, looked at one by one and drawn again, by somebody who did not write them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from school.access import Role
from school.questions import register, shipped
from school.questions.models import QuestionVersion
from school.questions.register import Entry, Register
from tests import makers

NEW = date(2026, 6, 1)
REGISTER = Register(
    (
        Entry("中华人民共和国农村土地承包法", "农村土地承包法", NEW, 70, (), NEW),
        Entry("旧条例", "旧条例", date(2010, 1, 1), 30, (), date(2010, 1, 1), date(2026, 1, 1), "由新条例废止"),
    )
)


@pytest.fixture(autouse=True)
def known(tmp_path, monkeypatch):
    """A register file that stands in for the product's own."""
    monkeypatch.setattr(shipped, "PATH", tmp_path / "register.csv")
    shipped.PATH.write_text(register.write(REGISTER), encoding="utf-8")


@pytest.fixture
def bank(db, cast):
    return makers.make_bank(db, cast.county)


@pytest.fixture
def stranger(db, cast):
    person = makers.make_person(db, "邻乡管理员", cast.other_town)
    return makers.make_account(db, person, {Role.OFFICER: cast.other_town})


def text_of(bank, law="农村土地承包法", on="2018-12-29") -> str:
    return f"/banks/{bank.id}/laws/{law}/{on}"


def standing(db, version) -> list[tuple[int, str, date]]:
    db.expire_all()
    asked = select(QuestionVersion).where(QuestionVersion.question_id == version.question_id)
    return [(one.number, one.state, one.version_on) for one in db.scalars(asked.order_by(QuestionVersion.number))]


def test_a_changed_text_is_listed_its_questions_stopped_and_drawn_again_after_a_look(client, cast, db, bank):
    version, sound = makers.make_question(db, bank), makers.make_question(db, bank, version_on=NEW)
    old = version.version_on
    officer = client.as_(cast.officer)
    assert "有新文本" in officer.get(f"/banks/{bank.id}/laws").text
    assert "现行文本是 2026-06-01，题目写的是 2018-12-29" in officer.get(text_of(bank)).text

    assert "1 道题停下待看" in officer.get(f"/banks/{bank.id}").text
    assert "依据有变，不抽用" in officer.get(f"/banks/{bank.id}/questions/{version.question_id}").text
    assert "不抽用" not in officer.get(f"/banks/{bank.id}/questions/{sound.question_id}").text

    after = officer.send(f"{text_of(bank)}/{version.question_id}")
    assert standing(db, version) == [(1, "retired", old), (2, "reviewed", NEW)]
    assert "引用的文本都是现行的" in officer.get(after.location).text


def test_a_text_that_ended_cannot_be_confirmed(client, cast, db, bank):
    version = makers.make_question(db, bank, law="旧条例", version_on=date(2010, 1, 1))
    officer, page = client.as_(cast.officer), text_of(bank, "旧条例", "2010-01-01")
    assert "由新条例废止" in officer.get(page).text

    assert officer.send(f"{page}/{version.question_id}").status_code == 409
    assert standing(db, version) == [(1, "reviewed", date(2010, 1, 1))]


def test_nobody_confirms_what_they_wrote_themselves(client, cast, db, bank):
    version = makers.make_question(db, bank, author="县管理员")

    answer = client.as_(cast.officer).send(f"{text_of(bank)}/{version.question_id}")

    assert answer.status_code == 403
    assert len(standing(db, version)) == 1


def test_a_citation_without_a_date_rests_on_an_ended_text_too(client, cast, db, bank):
    makers.make_question(db, bank, law="旧条例", version_on=None)

    assert client.as_(cast.officer).get(text_of(bank, "旧条例", "-")).status_code == 200


def test_a_text_that_has_not_changed_has_no_page(client, cast, db, bank):
    makers.make_question(db, bank, version_on=NEW)

    assert client.as_(cast.officer).get(text_of(bank, on="2026-06-01")).status_code == 404


def test_nothing_is_done_without_a_token_or_from_outside(client, cast, db, bank, stranger):
    version = makers.make_question(db, bank)
    url = f"{text_of(bank)}/{version.question_id}"

    client.as_(cast.officer).post(url)
    assert client.as_(stranger).send(url).status_code == 404
    assert client.as_(cast.outsider).send(url).status_code == 403

    assert standing(db, version) == [(1, "reviewed", version.version_on)]
