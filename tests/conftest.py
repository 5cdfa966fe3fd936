"""The ground of all tests: both databases, the application, and a cast that never changes.

Every test that asks for `engine` (or anything built on it) runs on SQLite, and on PostgreSQL where
SCHOOL_TEST_POSTGRES_URL names a server. SCHOOL_TEST_REQUIRE="postgres,browser" turns a missing one into a failure.
"""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from school import clock, tables
from school import db as ground
from school.access import Role
from school.accounts import actions as accounts
from school.accounts.models import Account
from school.app import create_app
from school.migrations.steps import migrate
from school.roster.models import Person, Unit
from school.settings import Settings
from tests import makers

POSTGRES = os.environ.get("SCHOOL_TEST_POSTGRES_URL", "")
REQUIRED = os.environ.get("SCHOOL_TEST_REQUIRE", "")
# The same examples in every run, so that a change is judged by what it changes; SCHOOL_TEST_EXPLORE=1 looks for new ones.
hypothesis_settings.register_profile("school", derandomize=not os.environ.get("SCHOOL_TEST_EXPLORE"), deadline=None)
hypothesis_settings.load_profile("school")


def pytest_report_header():
    return "PostgreSQL: " + (
        make_url(POSTGRES).render_as_string() if POSTGRES else "not tested (no SCHOOL_TEST_POSTGRES_URL)"
    )


def pytest_configure():
    if "postgres" in REQUIRED and not POSTGRES:
        pytest.exit("PostgreSQL is required, but SCHOOL_TEST_POSTGRES_URL is not set", returncode=2)


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("only_on")
        known = marked.args if marked else ("sqlite", "postgres")
        there = [one for one in known if one == "sqlite" or POSTGRES]
        metafunc.parametrize("database", there, scope="session")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "school.db"
    engine = ground.make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_engine():
    """A migrated database of our own on the server, dropped at the end."""
    name = f"school_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(make_url(POSTGRES).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        # Nothing here must outlive a crash of the server, so no test waits for its disk.
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    engine = ground.make_engine(make_url(POSTGRES).set(database=name).render_as_string(hide_password=False))
    migrate(engine)
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


def empty(engine):
    """Empty what holds rows and count from 1 again. TRUNCATE and not DELETE: rows then lie in the order of writing."""
    names = [table.name for table in tables.metadata.sorted_tables]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    with engine.begin() as connection:
        if held := connection.scalars(text(asked)).all():
            listed = ", ".join(f'"{name}"' for name in held)
            connection.execute(text(f"TRUNCATE {listed} RESTART IDENTITY CASCADE"))


@pytest.fixture
def engine(database, request, tmp_path):
    """An empty, migrated database."""
    if database == "postgres":
        engine = request.getfixturevalue("postgres_engine")
        empty(engine)
        yield engine
        return
    path = tmp_path / "school.db"
    shutil.copy(request.getfixturevalue("migrated_file"), path)
    engine = ground.make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine):
    """A session for arranging and for looking; what it holds is committed whenever a page is asked."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def now(monkeypatch):
    """The clock stands still at makers.NOW; call now(moment) to move it."""

    def stand(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    stand(makers.NOW)
    return stand


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory):
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def app(engine, db, tmp_path, compiled_templates):
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=engine.url.render_as_string(hide_password=False),
        argon2_memory=8,
        argon2_passes=1,
    )
    app = create_app(settings)
    app.testing = True
    # Each test has an application of its own; templates need compiling only once.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled_templates))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["arranged"] = db
    yield app
    app.extensions["engine"].dispose()


class Browser(FlaskClient):
    """A test client that signs in as somebody of the cast and knows the CSRF token."""

    def open(self, *args, **kwargs):
        # Before, so that the page sees what was arranged; after, so that the test sees what the page wrote.
        self.application.extensions["arranged"].commit()
        answer = super().open(*args, **kwargs)
        self.application.extensions["arranged"].commit()
        return answer

    def as_(self, account: Account) -> Browser:
        browser = self.application.test_client()
        account_id = account.id
        self.application.extensions["arranged"].commit()
        with ground.writing(self.application.extensions["engine"]) as db:
            row = db.get_one(Account, account_id)
            token = accounts.sign_in(
                db,
                row,
                address="127.0.0.1",
                device="test",
                lasts=timedelta(days=30),
                must_change=False,
                now=clock.now(),
            )
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return browser

    def send(self, url: str, **fields):
        """POST a form with this browser's CSRF token."""
        return self.post(url, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        """The token of this browser's session, taken from any page's frame."""
        page = self.get("/sign-in", follow_redirects=True).text
        return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


@pytest.fixture
def client(app):
    app.test_client_class = Browser
    return app.test_client()


@dataclass(frozen=True)
class Cast:
    """Who stands where. The outsider has the same roles as clerk and teacher, in another township."""

    county: Unit
    town: Unit
    village: Unit
    other_town: Unit
    officer: Account
    clerk: Account
    teacher: Account
    learner: Account
    committee: Account
    auditor: Account
    sysadmin: Account
    outsider: Account
    person: Person


@pytest.fixture
def cast(db, now):
    county = makers.make_unit(db, "云岭县")
    town = makers.make_unit(db, "青杠镇", county)
    village = makers.make_unit(db, "柏树村", town, kind="村")
    other_town = makers.make_unit(db, "雪松乡", county)
    person = makers.make_person(db, "买买提·艾力", town)

    def account(name, unit, *roles):
        return makers.make_account(db, makers.make_person(db, name, unit), dict.fromkeys(roles, unit))

    made = Cast(
        county, town, village, other_town,
        officer=account("县管理员", county, Role.OFFICER),
        clerk=account("镇联络员", town, Role.CLERK),
        teacher=account("村夜校校长", village, Role.TEACHER),
        learner=makers.make_account(db, person),
        committee=account("审阅人", county, Role.COMMITTEE),
        auditor=makers.make_account(db, None, {Role.AUDITOR: county}),
        sysadmin=makers.make_account(db, None, {Role.SYSADMIN: county}),
        outsider=account("邻乡联络员", other_town, Role.CLERK, Role.TEACHER),
        person=person,
    )  # fmt: skip
    db.commit()
    return made


@pytest.fixture
def count_queries(app):
    """A context manager that counts the statements sent to the application's database."""

    @contextmanager
    def counting():
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        event.listen(app.extensions["engine"], "before_cursor_execute", note)
        yield sent
        event.remove(app.extensions["engine"], "before_cursor_execute", note)

    return counting
