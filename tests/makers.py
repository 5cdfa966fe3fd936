"""Plain functions that put one thing into the database, with plain defaults. Each flushes and returns its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from school.access import EVERYWHERE, Grant, Member, Role
from school.accounts.models import Account, GrantedRole
from school.courses.models import Attendance, CourseSession, NightSchool, Teacher
from school.followups import actions as cases
from school.followups import case as case_rules
from school.followups.models import Case, Step
from school.followups.workdays import Calendar
from school.questions.models import Bank, Question, QuestionVersion
from school.quizzes import actions as rounds
from school.quizzes import drawing_queries
from school.quizzes import makeup_actions as makeups
from school.quizzes import queries as quiz_queries
from school.quizzes import taking_actions as taking
from school.quizzes.actions import Plan
from school.quizzes.makeup_actions import MakeupPlan
from school.quizzes.models import Attempt, Round
from school.quizzes.paper import Part
from school.results import figures
from school.results.figures import UnitMonth
from school.results.models import MonthResult
from school.roster.models import Assignment, Person, Unit
from tests import figures_makers

#: a Friday evening in Asia/Shanghai: 2026-11-20 20:00
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
LONG_AGO = date(2020, 1, 1)

ROOT = Member(None, None, "测试", grants=tuple(Grant(role, EVERYWHERE) for role in Role if role is not Role.LEARNER))

_numbers = count(1)


def make_unit(db: Session, name: str = "云岭县", parent: Unit | None = None, **values) -> Unit:
    number = next(_numbers)
    defaults = {"code": f"D{number:04}", "short_name": name, "kind": "乡镇" if parent else "县", "order_no": number}
    unit = Unit(name=name, parent=parent, path="", opened_on=LONG_AGO, **{**defaults, **values})
    db.add(unit)
    db.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.flush()
    return unit


def make_person(db: Session, name: str = "张三", unit: Unit | None = None, **values) -> Person:
    """A person, assigned to `unit` since long ago when one is given."""
    person = Person(**{"staff_no": f"G{next(_numbers):05}", "name": name, "phone": "", **values})
    db.add(person)
    db.flush()
    if unit is not None:
        make_assignment(db, person, unit)
    return person


def make_assignment(db: Session, person: Person, unit: Unit, **values) -> Assignment:
    defaults = {"kind": "任职", "post": "干部", "counts": True, "from_on": LONG_AGO, "until_on": None}
    assignment = Assignment(person_id=person.id, unit_id=unit.id, **{**defaults, **values})
    db.add(assignment)
    db.flush()
    return assignment


def make_account(db: Session, person: Person | None = None, roles: dict[Role, Unit] | None = None, **values) -> Account:
    """An account with roles on units, signed in by `client.as_(account)`."""
    name = person.name if person else "系统管理员"
    login_name = person.staff_no if person else f"admin{next(_numbers)}"
    account = Account(login_name=login_name, name=name, person_id=person and person.id, **values)
    for role, unit in (roles or {}).items():
        account.granted.append(GrantedRole(role=role, unit_id=unit.id, from_on=LONG_AGO))
    db.add(account)
    db.flush()
    return account


def later(**span) -> datetime:
    """NOW plus a span: later(minutes=5)."""
    return NOW + timedelta(**span)


def make_bank(db: Session, unit: Unit, title: str = "县题库") -> Bank:
    bank = Bank(unit_id=unit.id, title=title)
    db.add(bank)
    db.flush()
    return bank


def make_question(db: Session, bank: Bank, kind: str = "single", **values) -> QuestionVersion:
    """A reviewed version 1; of four options "a" is right, of a multi "a" and "b", a judge item is true."""
    number = next(_numbers)
    question = Question(bank_id=bank.id, code=f"T-{number}")
    db.add(question)
    db.flush()
    options = [{"id": one, "text": f"选项{one}{number}"} for one in "abcd"] if kind in ("single", "multi") else []
    key = {"single": ["a"], "multi": ["a", "b"], "judge": True, "fill": [["三十", "30"]], "short": ["略"]}[kind]
    defaults = {
        "stem": f"第 {number} 道题（　　）", "options": options, "key": key, "explanation": f"解析{number}", "law": "农村土地承包法",
        "article": "第二十一条", "version_on": date(2018, 12, 29), "topic": "农村土地", "point": "承包期限", "difficulty": 2,
        "audience": "cadre", "digest": f"d{number}", "state": "reviewed", "author": "甲", "reviewer": "乙", "written_at": NOW,
    }  # fmt: skip
    version = QuestionVersion(question_id=question.id, bank_id=bank.id, number=1, kind=kind, **{**defaults, **values})
    db.add(version)
    db.flush()
    return version


def make_plan(**values) -> Plan:
    """A month's plan: two single, one multi, one judge, together 20 points; open for two hours from NOW."""
    defaults = {
        "title": "2026年11月政策测试", "month": TODAY, "opens_at": NOW, "closes_at": NOW + timedelta(hours=2), "minutes": 30,
        "scope": "土地政策", "topics": (), "audiences": ("cadre", "both"), "forms": 2, "multi_rule": "half",
        "parts": (Part("single", 2, Decimal(5)), Part("multi", 1, Decimal(5)), Part("judge", 1, Decimal(5))),
        "pass_mark": Decimal(12), "excellent_mark": Decimal(18), "asked_pass_percent": Decimal(90),
        "asked_mean": Decimal(16), "basis_body": "云岭县委办", "basis_title": "政策学习安排", "basis_number": "云委办〔2026〕3号",
        "basis_on": date(2026, 1, 15),
    }  # fmt: skip
    return Plan(**{**defaults, **values})


def make_round(db: Session, unit: Unit, *, questions: int = 4, only=None, published: bool = True, **values) -> Round:
    """A published round over a bank with `questions` of each kind the plan asks."""
    plan = make_plan(**values)
    bank = make_bank(db, unit, f"题库{next(_numbers)}")
    for part in plan.parts:
        for _ in range(questions):
            make_question(db, bank, part.kind)
    round_ = rounds.plan_round(db, unit, plan, by=ROOT, now=NOW - timedelta(days=1))
    db.flush()
    if published:
        publish(db, round_, now=NOW - timedelta(days=1), only=only)
    return round_


def publish(db: Session, round_: Round, *, now: datetime, only=None) -> int:
    """Draw a draft's papers and publish it."""
    db.flush()
    drawn = drawing_queries.drawn(db, round_, on=rounds.day_asked(round_, now))
    return rounds.publish(db, round_, drawn=drawn, by=ROOT, now=now, only=only)


def make_makeup(db: Session, round_: Round, *, at: datetime, whom: str = "both", published: bool = True) -> Round:
    """A make-up of a round that is over, planned and published at a moment, open from then for two hours."""
    plan = MakeupPlan(at, at + timedelta(hours=2), round_.minutes, whom)
    made = makeups.plan_makeup(db, round_, plan, grace=20, by=ROOT, now=at)
    if published:
        publish_makeup(db, made, now=at)
    return made


def publish_makeup(db: Session, made: Round, *, now: datetime) -> int:
    """Draw the papers of a make-up's draft and publish it."""
    db.flush()
    drawn = drawing_queries.drawn(db, made, on=rounds.day_asked(made, now))
    return makeups.publish_makeup(db, made, drawn=drawn, grace=20, by=ROOT, now=now)


def make_attempt(db: Session, round_: Round, person: Person, right: int | None = None, at: datetime = NOW) -> Attempt:
    """The person's attempt: begun and, when `right` is given, with so many questions answered rightly and handed in."""
    sitting = quiz_queries.sitting(db, round_.id, person.id)
    taking.begin(db, sitting, by=ROOT, now=at)
    if right is not None:
        for question in quiz_queries.questions_of(db, sitting.candidate.paper_id)[:right]:
            given = [question.key] if question.kind == "judge" else question.key
            taking.save(db, taking.Sending(round_.id, person.id, question.position, given, 1, "p", at), grace=20)
        taking.hand_in(db, sitting, how="self", by=ROOT, now=at)
    return sitting.attempt


def make_short(unit: Unit, **given) -> UnitMonth:
    """A unit's month below both measures: 20 of 24 passed (chance explains it), 72.5 points on average (it does not)."""
    named = {"code": unit.code, "name": unit.name, "short_name": unit.short_name, "order_no": unit.order_no}
    return figures_makers.make_short_unit(unit.id, **{**named, **given})


def make_result(db: Session, round_: Round, *units: UnitMonth, number: int = 0, at: datetime = NOW) -> MonthResult:
    """A closed month of a round with the units' figures as given."""
    month = figures_makers.make_month(units, first=round_.month, number=number, closed_at=at)
    value = figures.as_data(month)
    values = {"month": round_.month, "closed_at": at, "closed_by": "县管理员", "value": value, "digest": "d"}
    result = MonthResult(round=round_, number=number, **values)
    db.add(result)
    db.flush()
    return result


#: who signs in `make_case`: one speaks for units, the other decides
SPEAKER, DECIDER = replace(ROOT, name="联络员甲"), replace(ROOT, name="管理员乙")


def make_case(db: Session, county: Unit, unit: Unit, *moves: str, at: datetime = NOW, **values) -> Case:
    """A case of a unit that fell short in a round of the county, taken through the moves, all at the same moment."""
    round_ = make_round(db, county, questions=0, published=False, **values)
    case = cases.open_cases(db, make_result(db, round_, make_short(unit)), by=ROOT, now=at)[0]
    for move in moves:
        take(db, case, move, at=at)
    return case


def take(db: Session, case: Case, move: str, text: str = "已写明", *, at: datetime = NOW, **given) -> Step:
    """One more move of a case, signed by whoever it belongs to."""
    by = SPEAKER if case_rules.MOVES[move].by is Role.CLERK else DECIDER
    return cases.move_case(db, case, move, text, by=by, now=at, calendar=Calendar(), **given)


def make_school(db: Session, unit: Unit, track: str = "cadre", **values) -> NightSchool:
    defaults = {"name": f"{unit.short_name}夜校", "place": "会议室", "opened_on": LONG_AGO}
    school = NightSchool(unit_id=unit.id, track=track, **{**defaults, **values})
    db.add(school)
    db.flush()
    return school


def make_teacher(db: Session, unit: Unit, name: str = "何技术员", **values) -> Teacher:
    teacher = Teacher(unit_id=unit.id, name=name, **{"kind": "技术专家", **values})
    db.add(teacher)
    db.flush()
    return teacher


def make_night(db: Session, school: NightSchool, starts_at: datetime = NOW, **values) -> CourseSession:
    """A planned night; state="held" is given the fields a held one owes."""
    owed = (
        {"held_at": starts_at, "recorded_at": starts_at, "recorded_by": "教师"} if values.get("state") == "held" else {}
    )
    defaults = {"title": "防火条例", "kind": "集中授课", "place": school.place, "hours": Decimal(2)}
    night = CourseSession(school_id=school.id, starts_at=starts_at, **{**defaults, **owed, **values})
    db.add(night)
    db.flush()
    return night


def make_attendance(db: Session, night: CourseSession, person: Person, value: str = "present", **values) -> Attendance:
    unit_id = values.pop("unit_id", None) or night.school.unit_id
    row = Attendance(session_id=night.id, person_id=person.id, unit_id=unit_id, value=value, recorded_at=NOW)
    db.add(row)
    db.flush()
    return row
