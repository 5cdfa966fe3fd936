"""The small demo county, built once: what it leaves, and that everybody of the printed table can sign in."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from school import audit
from school import db as ground
from school.access import ROLE_NAMES
from school.app import create_app
from school.courses.models import Attendance, CourseSession
from school.demo import build, county, stories
from school.errors import Refused
from school.followups.models import Case, Step
from school.questions.models import QuestionVersion, ReviewEntry
from school.quizzes import queries as quizzes
from school.quizzes.models import Candidate, Round
from school.reports.models import Report
from school.results import queries as results
from school.results.models import MonthResult
from school.roster import sheet
from school.roster.models import Assignment, Person, Succession, Unit
from school.roster.queries import counted_on, open_on
from school.settings import Settings
from tests.makers import NOW, ROOT, TODAY


def unwatched(items, _words):
    return items


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """(settings, the demo) in a folder with a blank and Chinese characters in its name."""
    config = build.settings_for(Settings(), tmp_path_factory.mktemp("demo") / "演示 数据")
    return config, build.build(config, county.SMALL, seed=county.SEED, now=NOW, watch=unwatched)


@pytest.fixture
def demo_db(made):
    engine = ground.make_engine(made[0].url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_the_roster_is_in_with_mergers_and_everybody_counts_once(demo_db):
    assert demo_db.scalar(select(func.count()).where(open_on(TODAY)).select_from(Unit)) == 15
    assert demo_db.scalar(select(func.count()).select_from(Succession)) == 2
    people = demo_db.scalar(select(func.count()).select_from(Person))
    assert len(counted_on(demo_db, "/", TODAY)) == people == len(county.county(county.SMALL).people)
    assert demo_db.scalar(select(func.count()).where(Assignment.kind == "借调", ~Assignment.counts)) == 1


def test_the_files_people_can_open_are_the_ones_that_went_in(made):
    for name in (build.ROSTER_FILE, build.CHANGES_FILE):
        assert sheet.read((made[1].folder / name).read_bytes(), name).complaints == ()


def test_the_whole_shipped_bank_is_in_reviewed_and_nothing_of_it_was_unclear(demo_db):
    states = Counter(demo_db.scalars(select(QuestionVersion.state)))

    assert set(states) == {"reviewed"}
    assert states["reviewed"] > 700
    assert demo_db.scalar(select(func.count()).select_from(ReviewEntry)) == 0


def test_one_month_is_closed_and_its_units_that_fell_short_are_the_stories(demo_db):
    closed = [r for r in demo_db.scalars(select(MonthResult)) if r.round.repeats_id is None]
    month = results.month(closed[0])

    assert len(closed) == 1
    assert {unit.name for unit in month.units if unit.shortfalls} >= set(stories.SHORT)
    assert any(unit.small for unit in month.units)
    assert (month.total.exempt, month.total.absent > 0) == (2, True)
    assert "产假" in set(demo_db.scalars(select(Candidate.exempt_reason)))


def test_the_make_up_of_the_month_is_closed_and_waits_to_be_taken_into_it(demo_db):
    (made,) = demo_db.scalars(select(Round).where(Round.repeats_kind == "makeup"))
    (own,) = results.makeups(demo_db, made.repeats_id)
    shown = results.beside(demo_db, results.seen(demo_db, results.latest(demo_db, made.repeats_id).id, ROOT))

    assert (made.state, own.round_id, shown.waiting) == ("closed", made.id, True)
    assert shown.seen.month.makeup.called == results.month(own).total.expected
    assert 0 < shown.seen.month.makeup.passed <= shown.seen.month.makeup.sat


def test_the_cases_stand_where_the_stories_left_them(demo_db):
    state = {case.unit.name: case.state for case in demo_db.scalars(select(Case))}
    moves = set(demo_db.scalars(select(Step.move)))

    assert {name: state[name] for name in stories.SHORT} == {
        stories.SILENT: "opened",
        stories.REFUSED: "rectifying",
        stories.CLOSED: "closed",
        stories.UPHELD: "closed",
        stories.UNDECIDED: "explained",
    }
    assert {"uphold", "send_back", "close"} <= moves


def test_a_round_is_open_now_with_people_done_at_it_and_waiting(demo_db, made):
    (round_,) = demo_db.scalars(select(Round).where(Round.state == "published"))
    standing = Counter(row.standing for row in quizzes.candidate_rows(demo_db, round_.id, ["/"]))
    learner = next(login for login in made[1].logins if login.role == "学员")
    own = [
        row for row in quizzes.candidate_rows(demo_db, round_.id, ["/"]) if row.person.staff_no == learner.login_name
    ]

    assert round_.opens_at < NOW < round_.closes_at
    assert standing["answering"] == 3
    assert min(standing["handed_in"], standing["waiting"]) > 20
    assert [row.standing for row in own] == ["waiting"]


def test_nights_are_planned_held_cancelled_and_one_waits_to_be_entered(demo_db):
    nights = list(demo_db.scalars(select(CourseSession)))
    states = Counter(night.state for night in nights)
    to_come = [night for night in nights if night.state == "planned" and night.starts_at > NOW]
    overdue = [night for night in nights if night.state == "planned" and night.starts_at < NOW]

    assert min(states[state] for state in ("planned", "held", "cancelled")) >= 2
    assert to_come
    assert overdue
    assert demo_db.scalar(select(func.count()).where(Attendance.value == "present").select_from(Attendance)) > 100


def test_the_reports_lie_on_disk_as_they_were_issued(demo_db, made):
    issued = {report.content for report in demo_db.scalars(select(Report))}
    files = made[1].reports

    assert {path.read_bytes() for path in files} == issued
    assert len(files) == 2 * (1 + len(stories.SHORT))
    assert Counter(path.suffix for path in files) == {".pdf": len(files) // 2, ".xlsx": len(files) // 2}
    assert all(path.read_bytes().startswith(b"%PDF") for path in files if path.suffix == ".pdf")


def test_the_audit_log_is_whole(demo_db):
    assert audit.verify(demo_db) == ""


def test_every_role_stands_in_the_printed_table(made):
    assert {login.role for login in made[1].logins} == set(ROLE_NAMES.values())


def test_everybody_in_the_printed_table_can_sign_in_with_the_printed_password(made, now):
    config, demo = made
    app = create_app(config)
    for login in demo.logins:
        browser = app.test_client()
        page = browser.get("/sign-in").text
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        fields = {"csrf_token": token, "login_name": login.login_name, "password": login.password}
        answer = browser.post("/sign-in", data=fields, follow_redirects=True)

        assert (login.login_name, answer.status_code, login.name in answer.text) == (login.login_name, 200, True)
    app.extensions["engine"].dispose()


def test_a_demo_is_found_again_and_never_built_over_another_database(made, tmp_path):
    config, demo = made

    assert build.is_demo(config.data_dir)
    assert build.load(config.data_dir) == demo
    (tmp_path / "school.db").write_bytes(b"somebody else's")
    with pytest.raises(Refused, match="--data-dir"):
        build.build(build.settings_for(Settings(), tmp_path), county.SMALL, seed=1, now=NOW, watch=unwatched)
    assert (tmp_path / "school.db").read_bytes() == b"somebody else's"


def test_a_demo_has_its_own_file_whatever_database_is_set_and_is_marked(made):
    config = build.settings_for(Settings(database_url="postgresql://somewhere/real"), Path("d"))

    assert (config.url, config.demo) == (f"sqlite:///{os.path.join('d', 'school.db')}", True)
