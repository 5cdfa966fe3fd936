"""When a law changes: the questions that rest on it are listed by themselves, and not drawn until somebody has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from school import clock
from school.audit import AuditLine
from school.errors import Refused
from school.questions import actions, changed_texts, queries, register, shipped
from school.questions.content import draft_of
from school.questions.draft import Citation
from school.questions.register import Entry, Register
from school.quizzes import drawing_queries
from tests import makers
from tests.makers import NOW, ROOT, TODAY

LAW, OLD, NEW = "农村土地承包法", date(2018, 12, 29), date(2026, 10, 1)
BEFORE = Entry(LAW, LAW, OLD, 70, (), date(2019, 1, 1))


@pytest.fixture
def county(db):
    return makers.make_unit(db)


@pytest.fixture
def bank(db, county):
    return makers.make_bank(db, county)


@pytest.fixture
def becomes(tmp_path, monkeypatch):
    """The file of the register, written anew: becomes(Entry, …)."""
    monkeypatch.setattr(shipped, "PATH", tmp_path / "register.csv")

    def write(*entries: Entry) -> None:
        shipped.PATH.write_text(register.write(Register(entries)), encoding="utf-8")

    write(BEFORE)
    return write


def drawable(db, county, on=TODAY) -> list[int]:
    pool = drawing_queries.pool(db, county.path, topics=(), audiences=("cadre",), without=set(), on=on)
    return [drawn.version_id for drawn in pool]


def listed(db, bank, on=TODAY) -> list[tuple[str, date, int]]:
    found = changed_texts.changed(queries.cited(db, bank.id), shipped.texts(), on)
    rows = [len(db.scalars(queries.resting_in(db, bank.id, text)).all()) for text in found]
    assert rows == [text.count for text in found]
    return [(text.law, text.version_on, text.count) for text in found]


def test_a_new_text_stops_the_questions_on_the_old_one_until_each_was_looked_at(db, county, bank, becomes):
    stays = makers.make_question(db, bank, law="水法")
    renewed = makers.make_question(db, bank, version_on=NEW)
    old = makers.make_question(db, bank)
    makers.make_question(db, bank, version_on=NEW, state="retired")
    becomes(replace(BEFORE, version_on=NEW, in_force_on=NEW))

    assert listed(db, bank) == [(LAW, OLD, 1)]
    assert drawable(db, county) == [stays.id, renewed.id]

    confirmed = actions.confirm_text(db, old, NEW, by=ROOT, now=NOW)

    assert listed(db, bank) == []
    assert drawable(db, county) == [stays.id, renewed.id, confirmed.id]
    line = db.scalars(select(AuditLine).where(AuditLine.deed == "confirm_text")).one()
    assert (line.before, line.after) == ({"version_on": str(OLD)}, {"version_on": str(NEW)})


def test_a_new_text_stops_the_questions_without_a_date_that_were_reviewed_before_it(db, county, bank, becomes):
    before = makers.make_question(db, bank, version_on=None, reviewed_at=clock.at(NEW, time()) - timedelta(seconds=1))
    since = makers.make_question(db, bank, version_on=None, reviewed_at=clock.at(NEW, time()))
    makers.make_question(db, bank, version_on=None, state="in_review", reviewer="")
    assert (listed(db, bank), drawable(db, county)) == ([], [before.id, since.id])

    becomes(replace(BEFORE, version_on=NEW, in_force_on=NEW))
    assert (listed(db, bank), drawable(db, county)) == ([(LAW, None, 1)], [since.id])

    confirmed = actions.confirm_text(db, before, NEW, by=ROOT, now=NOW)
    assert (listed(db, bank), drawable(db, county)) == ([], [since.id, confirmed.id])


def test_what_waits_for_its_review_is_looked_at_by_that(db, county, bank, becomes):
    waits = makers.make_question(db, bank, version_on=None, state="in_review", reviewer="")
    becomes(replace(BEFORE, version_on=NEW, in_force_on=NEW))

    actions.review(db, [waits], by=ROOT, now=NOW)

    assert (listed(db, bank), drawable(db, county)) == ([], [waits.id])


def test_a_text_changes_on_the_day_it_comes_into_force_and_no_sooner(db, county, bank, becomes):
    old = makers.make_question(db, bank)
    becomes(replace(BEFORE, version_on=NEW, in_force_on=date(2027, 1, 1)))

    assert (listed(db, bank), drawable(db, county, date(2026, 12, 31))) == ([], [old.id])
    assert drawable(db, county, date(2027, 1, 1)) == []


def test_questions_on_an_ended_text_wait_for_another_basis(db, county, bank, becomes):
    old = makers.make_question(db, bank)
    becomes(replace(BEFORE, ended_on=TODAY, note="由新法废止"))
    assert (listed(db, bank), drawable(db, county)) == ([(LAW, OLD, 1)], [])

    other = replace(draft_of(old), citation=Citation("水法", "第二条", date(2016, 7, 2)))
    written = actions.rewrite(db, old, other, by=ROOT, now=NOW)
    assert drawable(db, county) == []

    actions.submit(db, written, by=ROOT, now=NOW)
    actions.review(db, [written], by=replace(ROOT, name="乙"), now=NOW)
    assert (listed(db, bank), drawable(db, county)) == ([], [written.id])


def test_passing_a_question_on_an_old_text_does_not_bring_it_back(db, county, bank, becomes):
    waits = makers.make_question(db, bank, state="in_review", reviewer="")
    becomes(replace(BEFORE, version_on=NEW, in_force_on=NEW))

    actions.review(db, [waits], by=ROOT, now=NOW)

    assert (waits.state, drawable(db, county)) == ("reviewed", [])


def test_a_round_is_drawn_for_the_day_it_opens(db, cast, becomes):
    """rules.md 21: too few questions in force stop publishing."""
    round_ = makers.make_round(db, cast.county, published=False)
    becomes(replace(BEFORE, version_on=NEW, in_force_on=TODAY))

    with pytest.raises(Refused, match="单选题需要 2 道，题库可用 0 道"):
        makers.publish(db, round_, now=round_.opens_at.replace(day=1))
