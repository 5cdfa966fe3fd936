"""A scratch county for the benchmarks: people with accounts, one published round of single, multiple and true-false items.

All invented. Every account has the same password, hashed once at the cost the settings ask; checking it costs each
sign-in as much as anybody's own.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from school import clock, db
from school.access import EVERYWHERE, Grant, Member, Role
from school.accounts.models import Account, SignIn
from school.accounts.passwords import Cost, token_hash
from school.app import create_app
from school.migrations import steps
from school.questions.models import Bank, Question, QuestionVersion
from school.quizzes import actions, drawing_queries, queries, taking_actions
from school.quizzes.models import Round
from school.quizzes.paper import Part
from school.roster.models import Assignment, Person, Unit
from school.settings import Settings

PASSWORD = "Deng-Lu-2026"
SECRET = "c" * 40
UNITS = 40
#: two characters each
WORDS = (
    "村务公开承包流转土地宅基水利灌溉道路养护医保缴费养老低保救助助学防汛防火森林河道垃圾分类厕所改造危房"
    "种粮补贴农机购置种子农药化肥耕地保护合作社员账目集体资产招标监督调解信访选举代表议事档案培训就业创业"
)
LONG_AGO = date(2020, 1, 1)
ROOT = Member(None, None, "基准", grants=(Grant(Role.OFFICER, EVERYWHERE),))


@dataclass(frozen=True)
class Scene:
    """What the phones need. cookies: staff number -> a session signed in before; one per person, in their order."""

    round_id: int
    questions: int
    cookies: dict[str, str]


def build(settings: Settings, people: int, *, questions: int, multi: int | None = None, begun: int = 0) -> Scene:
    """Make the county in the settings' database.

    multi: how many of the questions are multiple-choice, a fifth unless told.  begun: how many of the first people have
    opened their attempt.
    """
    app = create_app(settings)
    engine = app.extensions["engine"]
    steps.migrate(engine)
    staff = [f"B{n:06}" for n in range(people)]
    with db.writing(engine) as session:
        county = _people(session, staff, Cost(settings.argon2_memory, settings.argon2_passes).hashed(PASSWORD))
        round_ = _round(session, county, questions, questions // 5 if multi is None else multi)
        for person_id in session.scalars(select(Person.id).order_by(Person.id).limit(begun)).all():
            taking_actions.begin(session, queries.sitting(session, round_.id, person_id), by=ROOT, now=clock.now())
        round_id = round_.id
    cookies = _signed_in(engine, app.session_interface.get_signing_serializer(app))
    engine.dispose()
    return Scene(round_id, questions, cookies)


def _people(session: Session, staff: list[str], password_hash: str) -> Unit:
    county = Unit(code="0", name="基准县", short_name="基准县", kind="县", path="", order_no=0, opened_on=LONG_AGO)
    units = [
        Unit(code=f"{n}", name=f"第{n}乡", short_name=f"第{n}乡", kind="乡镇", path="", order_no=n, opened_on=LONG_AGO,
             parent=county)
        for n in range(1, UNITS + 1)
    ]  # fmt: skip
    session.add_all([county, *units])
    session.flush()
    county.path = f"/{county.id}/"
    for unit in units:
        unit.path = f"{county.path}{unit.id}/"
    session.execute(insert(Person), [{"staff_no": no, "name": f"学员{no}", "phone": ""} for no in staff])
    ids = dict(session.execute(select(Person.staff_no, Person.id)).all())
    posts = [
        {"person_id": ids[no], "unit_id": units[n % UNITS].id, "kind": "任职", "post": "干部", "counts": True,
         "from_on": LONG_AGO}
        for n, no in enumerate(staff)
    ]  # fmt: skip
    accounts = [
        {"login_name": no, "name": f"学员{no}", "person_id": ids[no], "password_hash": password_hash} for no in staff
    ]
    session.execute(insert(Assignment), posts)
    session.execute(insert(Account), accounts)
    return county


def _round(session: Session, county: Unit, questions: int, multi: int) -> Round:
    """A round open for six hours, whose two papers ask so many questions of one point each."""
    judge = questions // 5
    parts = (("single", questions - judge - multi), ("multi", multi), ("judge", judge))
    bank = Bank(unit_id=county.id, title="基准题库")
    session.add(bank)
    session.flush()
    for kind, count in parts:
        for number in range(2 * count):
            _question(session, bank, kind, number)
    now = clock.now()
    plan = actions.Plan(
        title="基准测试", month=clock.day(now), opens_at=now, closes_at=now + timedelta(hours=6), minutes=300, scope="",
        parts=tuple(Part(kind, count, Decimal(1)) for kind, count in parts if count), topics=(),
        audiences=("cadre", "both"), forms=2, multi_rule="half", pass_mark=Decimal(1), excellent_mark=Decimal(1),
        asked_pass_percent=Decimal(90), asked_mean=Decimal(1), basis_body="基准", basis_title="基准", basis_number="1",
        basis_on=LONG_AGO,
    )  # fmt: skip
    round_ = actions.plan_round(session, county, plan, by=ROOT, now=now)
    session.flush()
    drawn = drawing_queries.drawn(session, round_, on=actions.day_asked(round_, now))
    actions.publish(session, round_, drawn=drawn, by=ROOT, now=now)
    return round_


def _question(session: Session, bank: Bank, kind: str, number: int) -> None:
    question = Question(bank_id=bank.id, code=f"{kind}-{number}")
    session.add(question)
    session.flush()
    dice = random.Random(f"{kind}-{number}")
    stem = f"关于{_words(dice, 14)}，下列说法正确的是（　　）"
    options = [{"id": one, "text": _words(dice, 12)} for one in "abcd"]
    session.add(QuestionVersion(
        question_id=question.id, bank_id=bank.id, number=1, kind=kind, stem=stem,
        options=[] if kind == "judge" else options, key={"single": ["a"], "multi": ["a", "b"], "judge": True}[kind],
        explanation="见该条第一款。", law="", article="", version_on=None, topic="农村土地",
        difficulty=2, audience="cadre", digest=f"{kind}-{number}", state="reviewed", author="甲",
        reviewer="乙", written_at=clock.now(),
    ))  # fmt: skip


def _words(dice: random.Random, count: int) -> str:
    """As long as a sentence, and like no other."""
    return "".join(WORDS[at : at + 2] for at in dice.choices(range(0, len(WORDS), 2), k=count))


def _signed_in(engine: Engine, signer) -> dict[str, str]:
    """A sign-in for everybody: staff number -> session cookie."""
    now, cookies, rows = clock.now(), {}, []
    with db.writing(engine) as session:
        for account_id, name in session.execute(select(Account.id, Account.login_name).order_by(Account.id)):
            cookies[name] = signer.dumps({"_user_id": f"token-{name}", "_fresh": True, "csrf": SECRET})
            rows.append({
                "token_hash": token_hash(f"token-{name}"), "account_id": account_id, "began_at": now, "seen_at": now,
                "expires_at": now + timedelta(days=1), "address": "", "device": "",
            })  # fmt: skip
        session.execute(insert(SignIn), rows)
    return cookies


def scratch(folder: Path, database_url: str = "") -> Settings:
    """Settings of a server on a folder (and a database) of its own; all else as shipped."""
    return Settings(data_dir=folder, database_url=database_url)


@contextmanager
def postgres(server_url: str) -> Iterator[str]:
    """The URL of a scratch database on a PostgreSQL server, dropped at the end; empty without a server."""
    if not server_url:
        yield ""
        return
    name = f"school_benchmark_{secrets.token_hex(4)}"
    url = make_url(server_url)
    server = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.dispose()
