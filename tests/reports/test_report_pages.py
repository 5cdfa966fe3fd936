from __future__ import annotations

import io
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import select

from school import jobs
from school.access import Role
from school.reports import actions, job_actions, queries
from school.reports.models import Report
from tests import makers
from tests.makers import NOW


@pytest.fixture
def reports(db, result, month):
    """The county's paper and those of 青杠镇 and 雪松乡, as short bytes."""
    made = [
        actions.issue(db, result, month, unit, "pdf", f"bytes {name}".encode(), by=makers.ROOT, now=NOW)
        for name, unit in (("county", None), ("town", month.units[1]), ("other", month.units[2]))
    ]
    db.commit()
    return made


def test_the_officer_issues_the_countys_paper_and_finds_it_in_the_list(client, cast, db, result):
    officer = client.as_(cast.officer)

    answer = officer.send(f"/reports/of/{result.id}", format="pdf")

    report = db.scalars(select(Report)).one()
    assert (report.number, report.kind, report.content[:4]) == ("2026-11-001", "county", b"%PDF")
    page = officer.get(answer.location).text
    assert "报告已签发，编号 2026-11-001" in page
    assert f"/reports/{report.id}/file" in page


def test_issuing_again_finds_the_same_paper(client, cast, db, result):
    officer = client.as_(cast.officer)
    for _ in range(2):
        officer.send(f"/reports/of/{result.id}", format="xlsx", unit=cast.town.id)

    assert [(row.unit_id, row.kind) for row in db.scalars(select(Report))] == [(cast.town.id, "unit")]


@pytest.mark.parametrize("fields", [{"format": "doc"}, {}], ids=["unknown format", "no format"])
def test_what_cannot_be_issued_is_refused_in_words(client, cast, db, result, fields):
    answer = client.as_(cast.officer).send(f"/reports/of/{result.id}", **fields)

    assert (answer.status_code, db.scalars(select(Report)).all()) == (409, [])


def test_issuing_without_the_token_changes_nothing(client, cast, db, result):
    officer = client.as_(cast.officer)
    for path in ("", "/units"):
        officer.post(f"/reports/of/{result.id}{path}", data={"format": "pdf"})

    assert db.scalars(select(Report)).all() == []
    assert db.scalars(select(jobs.Job)).all() == []


@pytest.mark.parametrize("who", ["clerk", "committee", "teacher", "learner", "auditor", "sysadmin", "outsider"])
@pytest.mark.parametrize("path", ["", "/units"])
def test_only_officers_issue(client, cast, db, result, who, path):
    answer = client.as_(getattr(cast, who)).send(f"/reports/of/{result.id}{path}", format="pdf")

    assert (answer.status_code, db.scalars(select(Report)).all()) == (403, [])


def test_a_township_officer_issues_the_papers_of_the_own_units_only(client, cast, db, result):
    person = makers.make_person(db, "镇管理员", cast.town)
    browser = client.as_(makers.make_account(db, person, {Role.OFFICER: cast.town}))
    address = f"/reports/of/{result.id}"

    sent = [browser.send(address, format="xlsx", unit=unit) for unit in ("", cast.other_town.id, cast.town.id)]

    assert [answer.status_code for answer in sent] == [404, 404, 302]
    assert [row.unit_id for row in db.scalars(select(Report))] == [cast.town.id]


def test_a_download_has_its_chinese_name_type_and_bytes(client, cast, reports):
    answer = client.as_(cast.officer).get(f"/reports/{reports[1].id}/file")

    assert answer.data == b"bytes town"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    name = quote("2026-11-002 青杠镇2026年11月测试情况.pdf")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{name}")


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("officer", [200, 200, 200]), ("committee", [200, 200, 200]), ("clerk", [404, 200, 404]),
        ("outsider", [404, 404, 200]), ("teacher", [403] * 3), ("learner", [403] * 3), ("auditor", [403] * 3),
        ("sysadmin", [403] * 3),
    ],
)  # fmt: skip
def test_who_may_have_which_file(client, cast, reports, who, seen):
    browser = client.as_(getattr(cast, who))

    assert [browser.get(f"/reports/{report.id}/file").status_code for report in reports] == seen


def test_the_list_holds_the_papers_of_ones_own_units(client, cast, reports):
    clerk, outsider = client.as_(cast.clerk).get("/reports").text, client.as_(cast.outsider).get("/reports").text

    assert ("2026-11-002" in clerk, "2026-11-001" in clerk, "2026-11-003" in clerk) == (True, False, False)
    assert ("雪松乡" in outsider, "青杠镇2026" in outsider) == (True, False)


def test_without_papers_the_list_says_where_they_come_from(client, cast, result):
    assert "还没有签发报告" in client.as_(cast.committee).get("/reports").text


@pytest.mark.parametrize("papers", [1, 3])
def test_the_list_asks_as_many_queries_for_one_as_for_three(client, cast, db, result, month, papers, count_queries):
    for unit in month.units[:papers]:
        actions.issue(db, result, month, unit, "pdf", b"x", by=makers.ROOT, now=NOW)
    db.commit()
    officer = client.as_(cast.officer)

    with count_queries() as sent:
        page = officer.get(f"/reports?result={result.id}")

    assert page.text.count("/file") == papers
    assert len([line for line in sent if line.startswith("SELECT")]) == 5


def test_anybody_may_check_a_number_and_learns_no_figure(client, reports):
    page = client.get("/check/2026-11-002")

    assert page.status_code == 200
    assert "青杠镇2026年11月测试情况" in page.text
    assert reports[1].sha256 in page.text
    assert "2026年11月20日 20:00" in page.text
    assert "合格" not in page.text


def test_a_number_that_was_never_given_is_not_there(client, reports):
    answer = client.get("/check/2026-11-999")

    assert answer.status_code == 404
    assert "没有这个编号的报告" in answer.text


def test_all_units_papers_are_made_in_the_background_and_come_as_one_file(app, client, cast, db, result):
    officer = client.as_(cast.officer)
    address = officer.send(f"/reports/of/{result.id}/units", format="xlsx").location
    assert "正在排队" in officer.get(address).text

    engine = app.extensions["engine"]
    jobs.run(engine, jobs.claim(engine, NOW), job_actions.JOBS[queries.ISSUE_ALL])
    page = officer.get(address).text
    assert "3 个单位的报告都已签发" in page
    packed = officer.get(f"/reports/of/{result.id}/units.xlsx.zip")

    assert f'href="/reports/of/{result.id}/units.xlsx.zip"' in page
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "2026-11-001 云岭县2026年11月测试情况.xlsx", "2026-11-002 青杠镇2026年11月测试情况.xlsx",
            "2026-11-003 雪松乡2026年11月测试情况.xlsx",
        ]  # fmt: skip
    assert packed.headers["Content-Type"] == "application/zip"


def test_a_clerks_bundle_holds_the_own_units_only(client, cast, result, reports):
    packed = client.as_(cast.clerk).get(f"/reports/of/{result.id}/units.pdf.zip")

    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert archive.namelist() == ["2026-11-002 青杠镇2026年11月测试情况.pdf"]


def test_a_job_is_seen_by_whoever_asked_and_by_officers_of_the_round(client, cast, db, result):
    person = makers.make_person(db, "镇管理员", cast.town)
    town_officer = makers.make_account(db, person, {Role.OFFICER: cast.town})
    asked = [
        jobs.ask(db, kind, "t", {"result_id": result.id, "unit_ids": [1]}, by_id=by.id, now=NOW)
        for kind, by in ((queries.ISSUE_ALL, town_officer), (queries.ISSUE_ALL, cast.officer), ("other", town_officer))
    ]
    db.commit()

    for account, seen in ((town_officer, [200, 404, 404]), (cast.officer, [200, 200, 404])):
        browser = client.as_(account)
        assert [browser.get(f"/reports/jobs/{job.id}").status_code for job in asked] == seen
    assert client.as_(cast.clerk).get(f"/reports/jobs/{asked[0].id}").status_code == 403


def test_a_waiting_job_can_be_stopped(client, cast, db, result):
    officer = client.as_(cast.officer)
    address = officer.send(f"/reports/of/{result.id}/units", format="pdf").location

    officer.post(f"{address}/cancel")
    assert db.scalars(select(jobs.Job.state)).one() == "waiting"
    officer.send(f"{address}/cancel")

    assert db.scalars(select(jobs.Job.state)).one() == "cancelled"
    assert "已经停止" in officer.get(address).text
