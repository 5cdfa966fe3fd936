from __future__ import annotations

import pytest
from sqlalchemy import select

from school import jobs
from school.access import Role
from school.audit import AuditLine
from school.quizzes import asked, queries, sheet_code
from school.reports import job_actions, paper_queries, paper_views
from school.reports.models import PaperPrint
from school.roster.models import Person
from tests import makers
from tests.makers import NOW, later
from tests.reports import reading


@pytest.fixture
def round_(db, cast):
    """Published, open in an hour."""
    made = makers.make_round(db, cast.county, opens_at=later(hours=1), closes_at=later(hours=3))
    db.commit()
    return made


@pytest.fixture
def running(db, cast):
    made = makers.make_round(db, cast.county)
    db.commit()
    return made


def address(round_) -> str:
    return f"/rounds/{round_.id}/paper/"


def text_of(answer) -> str:
    assert answer.headers["Content-Type"] == "application/pdf", answer.text
    return reading.squeezed(reading.by_pdfium(answer.data))


def test_the_officer_prints_papers_sheets_and_lists_before_the_opening(client, cast, db, round_):
    answer = client.as_(cast.officer).send(address(round_), papers="y", sheets="y", lists="y", unit=cast.town.id)

    text = text_of(answer)
    for said in ("买买提·艾力", "镇联络员", "签到表", "答题卡", "一、单选题"):
        assert said in text
    assert "邻乡联络员" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    noted = db.scalars(select(AuditLine).where(AuditLine.deed == "print_papers")).one()
    assert (noted.after["count"], noted.after["unit"], noted.after["papers"]) == (2, [cast.town.code], True)


def test_the_printed_options_are_those_of_the_phone_in_their_order(client, cast, db, running):
    """Paper equals phone: product law 8; order stable per person (rules.md 22)."""
    text = text_of(client.as_(cast.officer).send(address(running), papers="y", unit=cast.town.id))
    candidate = queries.sitting(db, running.id, cast.person.id).candidate

    for question in queries.questions_of(db, candidate.paper_id):
        if question.options:
            phone = asked.options_of(question, seed=running.seed, candidate_id=candidate.id)
            assert "".join(f"{'ABCD'[n]}.{option['text']}" for n, option in enumerate(phone)) in text


def test_no_key_no_explanation_and_no_clause_is_printed(client, cast, db, running):
    """Keys never leave the server before review time (rules.md 12)."""
    text = text_of(client.as_(cast.officer).send(address(running), papers="y", sheets="y", lists="y"))

    for paper in queries.papers_of(db, running.id):
        for question in paper.questions:
            assert reading.squeezed(question.stem) in text
            assert question.explanation not in text
            assert question.citation not in text


def test_the_code_on_the_sheet_leads_back_to_its_person(client, cast, db, running):
    text = text_of(client.as_(cast.clerk).send(address(running), sheets="y"))
    candidate = queries.sitting(db, running.id, cast.person.id).candidate

    code = sheet_code.SheetCode(running.id, candidate.id, candidate.paper.form, 1)
    assert sheet_code.write(code, seed=running.seed) in text


def test_before_the_opening_only_the_officer_of_the_round_prints_questions(client, cast, db, round_):
    person = makers.make_person(db, "镇管理员", cast.town)
    below = makers.make_account(db, person, {Role.OFFICER: cast.town})
    db.commit()

    for account in (below, cast.clerk):
        browser = client.as_(account)
        assert "开始前试题保密" in browser.get(address(round_)).text
        refused = browser.send(address(round_), papers="y")
        assert (refused.status_code, "开始前试题保密" in refused.text) == (409, True)
        text = text_of(browser.send(address(round_), sheets="y", lists="y"))
        assert ("签到表" in text, "单选题（" in text) == (True, False)
    assert {line.after["papers"] for line in db.scalars(select(AuditLine).where(AuditLine.deed == "print_papers"))} == {
        False
    }


def test_a_clerk_prints_questions_from_the_opening_once_the_own_paper_is_handed_in(client, cast, db, running):
    clerk = client.as_(cast.clerk)
    assert "您自己也要参加这一轮" in clerk.send(address(running), papers="y").text

    makers.make_attempt(db, running, db.get_one(Person, cast.clerk.person_id), right=1)
    db.commit()

    text = text_of(clerk.send(address(running), papers="y"))
    assert ("买买提·艾力" in text, "邻乡联络员" in text) == (True, False)


def test_only_those_ticked_are_printed_and_in_large_print_where_asked(client, cast, db, running):
    candidate = queries.sitting(db, running.id, cast.person.id).candidate
    officer = client.as_(cast.officer)

    few = officer.send(address(running), papers="y", unit=cast.town.id, people=str(candidate.id), large="y")

    assert ("买买提·艾力" in text_of(few), "镇联络员" in text_of(few)) == (True, False)
    usual = officer.send(address(running), papers="y", unit=cast.town.id, people=str(candidate.id))
    assert len(reading.pages_of(few.data)) >= len(reading.pages_of(usual.data))


def test_whoever_has_begun_on_the_phone_gets_no_paper(client, cast, db, running):
    makers.make_attempt(db, running, cast.person)
    db.commit()

    text = text_of(client.as_(cast.officer).send(address(running), papers="y", sheets="y", unit=cast.town.id))

    assert ("买买提·艾力" in text, "镇联络员" in text) == (False, True)


@pytest.mark.parametrize(
    ("fields", "said"), [({}, "请至少选一样"), ({"lists": "y", "unit": "999999"}, "没有可以打印的人")]
)
def test_nothing_to_print_says_so(client, cast, db, running, fields, said):
    answer = client.as_(cast.officer).send(address(running), **fields)

    assert (answer.status_code, said in answer.text) == (409, True)
    assert db.scalars(select(AuditLine).where(AuditLine.deed == "print_papers")).all() == []


def test_a_round_that_is_over_prints_nothing(client, cast, db, running):
    running.state, running.closed_at = "closed", NOW
    db.commit()
    officer = client.as_(cast.officer)

    assert "这一轮现在不能打印" in officer.get(address(running)).text
    assert officer.send(address(running), lists="y").status_code == 409


def test_many_are_printed_in_the_background_and_fetched_by_whoever_asked(
    client, cast, db, running, engine, monkeypatch
):
    monkeypatch.setattr(paper_views, "AT_ONCE", 1)
    officer = client.as_(cast.officer)
    answer = officer.send(address(running), papers="y", sheets="y", lists="y", duplex="y")
    job = db.scalars(select(jobs.Job)).one()
    assert answer.location == f"{address(running)}jobs/{job.id}"
    assert "正在排队" in officer.get(answer.location).text

    jobs.run(engine, jobs.claim(engine, NOW), job_actions.JOBS[job.kind])
    db.commit()

    page = officer.get(answer.location).text
    kept = db.scalars(select(PaperPrint)).one()
    url = f"{address(running)}files/{kept.ticket}.pdf"
    assert ("人的纸质材料已经生成" in page, url in page) == (True, True)
    text = text_of(officer.get(url))
    assert ("买买提·艾力" in text, "邻乡联络员" in text) == (True, True)
    person = makers.make_person(db, "县管理员乙", cast.county)
    another = client.as_(makers.make_account(db, person, {Role.OFFICER: cast.county}))
    for browser in (another, client.as_(cast.clerk), client.as_(cast.outsider)):
        assert [browser.get(one).status_code for one in (url, answer.location)] == [404, 404]


def test_a_printing_is_kept_for_some_days_only(client, cast, db, running, now):
    db.add(PaperPrint(round_id=running.id, ticket="t", asked_by_id=cast.officer.id, made_at=NOW, content=b"%PDF"))
    db.commit()
    officer, url = client.as_(cast.officer), f"{address(running)}files/t.pdf"

    assert officer.get(url).data == b"%PDF"
    now(NOW + paper_queries.KEPT)
    assert client.as_(cast.officer).get(url).status_code == 404


def test_a_stopped_printing_leaves_no_file(client, cast, db, running, engine, monkeypatch):
    monkeypatch.setattr(paper_views, "AT_ONCE", 1)
    officer = client.as_(cast.officer)
    where = officer.send(address(running), lists="y").location
    claimed = jobs.claim(engine, NOW)
    officer.send(f"{where}/cancel")

    jobs.run(engine, claimed, job_actions.JOBS[claimed.kind])

    assert db.scalars(select(PaperPrint)).all() == []
    assert "已经停止" in officer.get(where).text


@pytest.mark.parametrize("who", ["committee", "teacher", "learner", "auditor", "sysadmin"])
def test_others_neither_see_nor_print(client, cast, db, running, who):
    browser = client.as_(getattr(cast, who))

    assert browser.get(address(running)).status_code == 403
    assert browser.send(address(running), lists="y").status_code == 403


def test_an_outsider_sees_and_prints_the_own_unit_only(client, cast, db, running):
    outsider = client.as_(cast.outsider)

    assert "青杠镇" not in outsider.get(address(running)).text
    text = text_of(outsider.send(address(running), lists="y", sheets="y"))
    assert ("邻乡联络员" in text, "买买提" in text) == (True, False)
    town = makers.make_round(db, cast.town)
    db.commit()
    assert outsider.get(address(town)).status_code == 404


def test_without_the_token_nothing_is_printed(client, cast, db, running):
    client.as_(cast.officer).post(address(running), data={"lists": "y"})

    assert db.scalars(select(AuditLine).where(AuditLine.deed == "print_papers")).all() == []


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_as_many_queries_for_one_as_for_three(client, cast, db, people, count_queries):
    for _ in range(people):
        makers.make_person(db, "新来", cast.village)
    round_ = makers.make_round(db, cast.county)
    db.commit()
    clerk = client.as_(cast.clerk)

    with count_queries() as sent:
        page = clerk.get(f"{address(round_)}?unit={cast.village.id}").text

    assert page.count("新来（") == people
    assert len([line for line in sent if line.startswith("SELECT")]) == 6


def test_a_second_click_asks_for_no_second_large_printing(client, cast, db, running, monkeypatch):
    monkeypatch.setattr(paper_views, "AT_ONCE", 1)
    officer = client.as_(cast.officer)

    places = [officer.send(address(running), sheets="y", duplex=duplex).location for duplex in ("y", "y", "0")]

    assert (places[0] == places[1], places[1] == places[2]) == (True, False)
    assert len(db.scalars(select(AuditLine).where(AuditLine.deed == "print_papers")).all()) == 2
