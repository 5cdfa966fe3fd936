"""One row in every table, made by hand, for walking migrations. A new table must be added here."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from school import audit
from school.accounts.models import FailedSignIn, SignIn
from school.courses.models import Attendance, Course, CourseSession, NightSchool, Teacher
from school.followups.models import CalendarDay, Case, Step
from school.jobs import Job
from school.questions.models import (
    Bank,
    BankImport,
    ColumnMapping,
    PictureFile,
    Question,
    QuestionPicture,
    QuestionVersion,
    ReviewEntry,
    SearchLine,
)
from school.quizzes.models import (
    Answer,
    Attempt,
    Candidate,
    CorrectionChange,
    Heartbeat,
    KeyCorrection,
    Mark,
    Paper,
    PaperQuestion,
    Round,
    SheetEntry,
)
from school.reports.models import PaperPrint, Report
from school.results.models import MonthResult
from school.roster.models import RosterImport, Succession
from tests import makers
from tests.makers import NOW, TODAY, later


def add(db: Session, row):
    db.add(row)
    db.flush()
    return row


def put_one_row_into_every_table(db: Session) -> None:
    county = makers.make_unit(db, "云岭县")
    town = makers.make_unit(db, "青杠镇", county)
    person = makers.make_person(db, "王䶮", town)
    account = makers.make_account(db, person, {makers.Role.OFFICER: county})
    add(db, Succession(old_unit_id=town.id, new_unit_id=county.id, happened_on=TODAY))
    add(
        db,
        RosterImport(
            file_name="花名册.xlsx",
            content=b"x",
            path="/1/",
            uploaded_by_id=account.id,
            uploaded_at=NOW,
            effective_on=TODAY,
        ),
    )
    times = {"began_at": NOW, "seen_at": NOW, "expires_at": later(days=1)}
    add(db, SignIn(token_hash="t", account_id=account.id, address="", device="", **times))
    add(db, FailedSignIn(address="", at=NOW))
    add(db, Job(kind="k", arguments={}, title="t", started_by_id=account.id, asked_at=NOW))
    audit.record(db, makers.ROOT, "test", town, at=NOW)
    _night(db, town, person)
    round_ = _round(db, county, person, _version(db, county))
    result = add(
        db,
        MonthResult(
            round_id=round_.id, number=0, month=TODAY, closed_at=NOW, closed_by="县管理员", value={}, digest="d"
        ),
    )
    add(
        db,
        Report(
            result_id=result.id, unit_id=town.id, kind="unit", format="pdf", number="2026-11-001", title="t", issued_at=NOW,
            issued_by="县管理员", sha256="s", content=b"x",
        ),
    )  # fmt: skip
    add(db, PaperPrint(round_id=round_.id, ticket="t", asked_by_id=account.id, made_at=NOW, content=b"x"))
    case = add(
        db, Case(round_id=round_.id, result_id=result.id, unit_id=town.id, state="opened", facts={}, opened_at=NOW)
    )
    add(db, Step(case_id=case.id, number=1, move="open", text="", signed_by="系统", taken_at=NOW))
    add(db, CalendarDay(day=TODAY, working=True))
    add(db, Heartbeat(id=1, at=NOW))


def _night(db: Session, town, person) -> None:
    school = add(db, NightSchool(unit_id=town.id, track="cadre", name="干部夜校", opened_on=TODAY))
    teacher = add(db, Teacher(unit_id=town.id, name="教师", kind="干部"))
    course = add(db, Course(unit_id=town.id, title="课", topic="防火", track="cadre", hours=Decimal(2)))
    night = add(
        db,
        CourseSession(
            school_id=school.id, course_id=course.id, teacher_id=teacher.id, title="课", kind="集中授课", place="会议室",
            starts_at=NOW, hours=Decimal(2), state="held", held_at=NOW,
        ),
    )  # fmt: skip
    add(db, Attendance(session_id=night.id, person_id=person.id, unit_id=town.id, value="present", recorded_at=NOW))


def _version(db: Session, county) -> QuestionVersion:
    bank = add(db, Bank(unit_id=county.id, title="县题库"))
    question = add(db, Question(bank_id=bank.id, code="TD-001"))
    imported = add(db, BankImport(bank_id=bank.id, file_name="f", content=b"x", uploaded_at=NOW))
    add(db, ReviewEntry(bank_import_id=imported.id, place="第 1 行", reason="r", original="o"))
    add(db, ColumnMapping(unit_id=county.id, signature="s", roles=["stem"], said_by="甲", said_at=NOW))
    version = add(
        db,
        QuestionVersion(
            question_id=question.id, bank_id=bank.id, number=1, kind="judge", stem="题", options=[], key=True,
            topic="防火", difficulty=1, audience="both", digest="d", state="reviewed", author="甲",
            reviewer="乙", written_at=NOW,
        ),
    )  # fmt: skip
    add(db, SearchLine(bank_id=bank.id, version_id=version.id, words="题"))
    add(db, PictureFile(sha256="s" * 64, media_type="image/png", content=b"x"))
    add(db, QuestionPicture(version_id=version.id, number=1, sha256="s" * 64))
    return version


def _round(db: Session, county, person, version: QuestionVersion) -> Round:
    round_ = add(
        db,
        Round(
            unit_id=county.id, title="十一月月测", month=TODAY.replace(day=1), state="published", opens_at=NOW,
            closes_at=later(hours=2), minutes=30, blueprint={}, multi_rule="half", pass_mark=Decimal(60),
            excellent_mark=Decimal(90), asked_pass_percent=Decimal(90), asked_mean=Decimal(80), basis_body="b",
            basis_title="t", basis_number="n", basis_on=TODAY, seed="s", published_at=NOW,
        ),
    )  # fmt: skip
    paper = add(db, Paper(round_id=round_.id, form="A"))
    question = add(
        db,
        PaperQuestion(
            paper_id=paper.id, position=1, question_id=version.question_id, version_id=version.id, kind="judge", stem="题",
            options=[], key=True, points=Decimal(5), explanation="", citation="", topic="防火",
            difficulty=1, expected=Decimal(90),
        ),
    )  # fmt: skip
    candidate = add(
        db,
        Candidate(
            round_id=round_.id, person_id=person.id, unit_id=county.id, name=person.name, post="干部", paper_id=paper.id
        ),
    )
    attempt = add(db, Attempt(candidate_id=candidate.id, started_at=NOW, deadline_at=later(minutes=30)))
    given = {"given": [True], "sequence": 1, "packet": "p", "saved_at": NOW}
    answer = add(db, Answer(attempt_id=attempt.id, question_id=question.id, **given))
    add(db, Mark(answer_id=answer.id, number=1, points=Decimal(3), marked_by="甲", marked_at=NOW))
    add(db, SheetEntry(attempt_id=attempt.id, number=1, given=[[True]], typed_by="甲", typed_at=NOW))
    correction = add(
        db,
        KeyCorrection(
            round_id=round_.id, question_id=version.question_id, deed="full", never_lower=True, reason="题意有两解",
            state="approved", proposed_by="甲", proposed_at=NOW, decided_by="乙", decided_at=NOW,
        ),
    )  # fmt: skip
    scores = {"score_before": Decimal(0), "score_after": Decimal(5)}
    add(db, CorrectionChange(correction_id=correction.id, attempt_id=attempt.id, answer_id=answer.id, **scores))
    return round_
