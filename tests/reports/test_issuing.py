"""Issuing, on both databases: once, under the next free number, never changed."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from school import audit, jobs
from school import db as ground
from school.reports import actions, job_actions, papers, queries
from school.reports.models import Report
from school.results import actions as closing
from school.results.models import MonthResult
from tests import makers
from tests.makers import NOW, later


def issue(db, result, month, unit=None, format="pdf", content=b"bytes", now=NOW):
    return actions.issue(db, result, month, unit, format, content, by=makers.ROOT, now=now)


def test_a_report_is_kept_with_number_title_and_hash(db, result, month):
    report = issue(db, result, month, month.units[1])

    assert (report.number, report.kind, report.unit_id) == ("2026-11-001", "unit", month.units[1].unit_id)
    assert report.title == "青杠镇2026年11月测试情况"
    assert report.sha256 == hashlib.sha256(b"bytes").hexdigest()
    assert (report.issued_by, report.issued_at, report.content) == ("测试", NOW, b"bytes")
    assert db.scalars(select(audit.AuditLine.deed)).all()[-1] == "issue_report"


def test_a_second_issue_returns_the_first_with_its_bytes(db, result, month):
    """rules.md 25."""
    first = issue(db, result, month, month.units[1])
    lines = len(db.scalars(select(audit.AuditLine.id)).all())

    second = issue(db, result, month, month.units[1], content=b"other", now=later(days=3))

    assert (second.id, second.content, second.issued_at) == (first.id, b"bytes", NOW)
    assert len(db.scalars(select(audit.AuditLine.id)).all()) == lines


def test_each_unit_format_and_version_has_a_number_of_its_own_in_the_order_of_issue(db, cast, result, month):
    """The county's own office and the county as a whole are two papers of one unit."""
    office = month.units[0]
    corrected = makers.make_result(db, result.round, *month.units, number=1)

    issued = [
        issue(db, result, month),
        issue(db, result, month, office),
        issue(db, result, month, office, "xlsx"),
        issue(db, corrected, replace(month, number=1), office),
    ]

    assert [report.number for report in issued] == [f"2026-11-{n:03}" for n in (1, 2, 3, 4)]
    assert [(report.kind, report.unit_id) for report in issued[:2]] == [
        ("county", cast.county.id),
        ("unit", cast.county.id),
    ]
    assert issued[3].title == "云岭县2026年11月测试情况（更正第1号）"


def test_the_number_after_nine_hundred_and_ninety_nine_is_one_thousand(db, result, month):
    last = issue(db, result, month, month.units[0])
    last.number = "2026-11-999"
    db.flush()

    assert [issue(db, result, month, unit).number for unit in month.units[1:]] == ["2026-11-1000", "2026-11-1001"]


def test_two_who_issue_at_the_same_moment_get_two_numbers_or_one_paper(engine, db, result, month):
    """The constraint decides; whoever comes second takes the next number, or the paper that is there."""
    result_id, got, start = result.id, [], threading.Barrier(6)

    def one(unit):
        start.wait()
        with ground.writing(engine) as own:
            got.append(issue(own, own.get_one(MonthResult, result_id), month, unit).number)

    db.commit()
    threads = [threading.Thread(target=one, args=(unit,)) for unit in month.units for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = sorted(db.scalars(select(Report.number)))
    assert kept == ["2026-11-001", "2026-11-002", "2026-11-003"]
    assert sorted(got) == sorted(kept * 2)


def test_the_background_issues_every_unit_and_goes_on_where_it_stopped(engine, db, cast, result, month):
    issue(db, result, month, month.units[1], content=b"before")
    arguments = {
        "result_id": result.id, "unit_ids": [unit.unit_id for unit in month.units[:2]], "format": "xlsx", "folder": "",
        "account_id": cast.officer.id, "name": "县管理员", "url": "/there",
    }  # fmt: skip
    issue(db, result, month, month.units[1], "xlsx", content=b"before")
    job = jobs.ask(db, queries.ISSUE_ALL, "t", arguments, by_id=cast.officer.id, now=NOW)
    db.commit()

    jobs.run(engine, jobs.claim(engine, NOW), job_actions.JOBS[queries.ISSUE_ALL])

    db.expire_all()
    assert (job.state, job.done, job.total, job.result_url) == ("done", 2, 2, "/there")
    made = db.scalars(select(Report).where(Report.format == "xlsx").order_by(Report.id)).all()
    assert [(one.unit_id, one.issued_by) for one in made] == [(cast.town.id, "测试"), (cast.county.id, "县管理员")]
    assert made[0].content == b"before"
    assert made[1].content == papers.draw(month, month.units[0], "xlsx")


def test_a_cancelled_job_stops_and_keeps_what_is_issued(engine, db, cast, result):
    job = jobs.ask(db, queries.ISSUE_ALL, "t", {"result_id": result.id}, by_id=cast.officer.id, now=NOW)

    assert actions.cancel_job(db, job, by=makers.ROOT, now=NOW) is True
    db.refresh(job)
    assert job.state == "cancelled"
    assert actions.cancel_job(db, job, by=makers.ROOT, now=NOW) is False


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_the_same_value_gives_the_same_bytes_for_the_whole_and_for_a_unit(month, format):
    for unit in (None, month.units[1]):
        assert papers.draw(month, unit, format) == papers.draw(month, unit, format)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("青杠镇测试情况", "1 青杠镇测试情况.pdf"),
        ('a/b\\c:d*e?f"g<h>i|j', "1 a_b_c_d_e_f_g_h_i_j.pdf"),
        ("青杠镇\r\n卫生\t院", "1 青杠镇__卫生_院.pdf"),
    ],
)
def test_a_file_name_is_good_on_every_system(title, name):
    assert papers.file_name("1", title, "pdf") == name


def test_a_month_closed_by_the_real_action_is_drawn(db, cast):
    result = closing.close_month(db, makers.make_round(db, cast.county), grace=20, by=makers.ROOT, now=later(hours=3))
    with Session(db.get_bind()) as _:
        month = job_actions.results.month(result)

    assert papers.draw(month, None, "pdf").startswith(b"%PDF")
    assert all(papers.draw(month, unit, "pdf").startswith(b"%PDF") for unit in month.units)
