"""Making the demo county: files through the real importers, deeds through the real actions, past ones with past times.

It is built in a file of its own and takes its place only when it is whole, so that a broken run leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, undefer

from school import app, audit
from school import db as ground
from school.accounts.passwords import Cost
from school.demo import cast as casting
from school.demo import county as counties
from school.demo import makeups, nights, quiz, sheets, stories
from school.demo.cast import MAKER, Cast, Login, acting
from school.demo.county import County, Size
from school.demo.dates import Dates
from school.demo.quiz import Ability, Watch
from school.errors import Refused
from school.migrations import steps
from school.questions import actions as questions
from school.questions import intake
from school.questions.queries import waiting
from school.quizzes import queries as quiz_queries
from school.quizzes import running_actions
from school.quizzes.models import Round
from school.quizzes.queries import CandidateRow
from school.reports import actions as reports
from school.reports import papers
from school.results import actions as results
from school.results import queries as result_queries
from school.results.models import MonthResult
from school.roster import actions as roster
from school.roster import sheet
from school.roster.models import Person
from school.roster.queries import root
from school.settings import Settings

FOLDER, MARK = "demo", "accounts.json"
ROSTER_FILE, CHANGES_FILE, REPORTS_FOLDER = "花名册.xlsx", "花名册变动.xlsx", "报告"
#: what demo passwords are worth: known to everybody, so their hashes need not be dear
CHEAP = {"argon2_memory": 1024, "argon2_passes": 1}


@dataclass(frozen=True)
class Demo:
    """A demo county that is ready. folder: where its files lie."""

    folder: Path
    logins: tuple[Login, ...]

    @property
    def reports(self) -> list[Path]:
        """The month's reports on disk, the county's first."""
        return sorted((self.folder / REPORTS_FOLDER).glob("*"))


def settings_for(config: Settings, data_dir: Path) -> Settings:
    """The settings a demo county is built and served with: its own SQLite file, marked as a demo."""
    return replace(config, data_dir=data_dir, database_url="", county=counties.NAME, demo=True, **CHEAP)


def is_demo(data_dir: Path) -> bool:
    """Whether a demo county lives in a data folder."""
    return (data_dir / FOLDER / MARK).exists()


def load(data_dir: Path) -> Demo:
    """The demo county of a folder."""
    kept = json.loads((data_dir / FOLDER / MARK).read_text(encoding="utf-8"))
    return Demo(data_dir / FOLDER, tuple(Login(**login) for login in kept))


def build(config: Settings, size: Size, *, seed: int, now: datetime, watch: Watch) -> Demo:
    """Make a demo county in the settings' data folder. Refused where another database already lives."""
    folder, standing = config.data_dir / FOLDER, config.data_dir / "school.db"
    if standing.exists():
        raise Refused(f"“{config.data_dir}”里已有别的数据库，不会改动。请用 --data-dir 给演示数据另选一个文件夹。")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    beside = config.data_dir / "school.db.building"
    for leftover in config.data_dir.glob(f"{beside.name}*"):
        leftover.unlink()
    engine = ground.make_engine(f"sqlite:///{beside}")
    try:
        steps.migrate(engine)
        logins = _Maker(engine, config, counties.county(size, seed), Dates(now), seed, watch, folder).make()
    finally:
        engine.dispose()
    os.replace(beside, standing)
    kept = json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1)
    (folder / MARK).write_text(kept, encoding="utf-8")
    return load(config.data_dir)


@dataclass
class _Maker:
    engine: Engine
    config: Settings
    county: County
    dates: Dates
    seed: int
    watch: Watch
    folder: Path

    def make(self) -> list[Login]:
        """Everything, in the order in which it happened."""
        begun = self.dates.last(1, 8)
        self._import_roster(ROSTER_FILE, sheets.roster(self.county, self.dates.roster_on), self.dates.roster_on, begun)
        self._load_banks(begun)
        cast = self._hire(begun)
        round_id = self._last_month(cast)
        nights.run(self.engine, self.county, self.dates, seed=self.seed, watch=self.watch)
        result_id = self._close(round_id, cast)
        self._issue(result_id, cast)
        makeups.hold(self.engine, round_id, cast, self.dates, seed=self.seed, watch=self.watch)
        stories.tell(self.engine, result_id, cast, self.dates, seed=self.seed, watch=self.watch)
        self._this_month(cast)
        with Session(self.engine) as db:
            if wrong := audit.verify(db):
                raise Refused(wrong)
        return cast.logins

    def _import_roster(self, name: str, content: bytes, on, now: datetime) -> None:
        """Write the file where people can open it, and take it in as the command line does."""
        (self.folder / name).write_bytes(content)
        read = sheet.read(content, name)
        with ground.writing(self.engine) as db:
            seen = roster.look(db, read, path="/", on=on)
            kept = roster.keep_upload(db, name, content, path="/", on=on, by=MAKER, now=now)
            roster.write(db, seen, on=on, leaving=False, by=MAKER, now=now)
            kept.written_at = now

    def _load_banks(self, now: datetime) -> None:
        """Take in the shipped question files; what carries no reviewer yet is reviewed by another hand."""
        reviewer = replace(MAKER, name="命题复核组")
        files = sorted(app.folder("question_banks").glob("*.txt"))
        for path in self.watch(files, "题库"):
            content = path.read_bytes()
            reading = intake.read(content, path.name)
            with ground.writing(self.engine) as db:
                bank = questions.open_bank(db, root(db), "云岭县题库", by=MAKER, now=now)
                db.flush()
                kept = questions.keep_upload(db, bank, path.name, content, by=MAKER, now=now)
                db.flush()
                questions.load_bank(db, kept, reading, trusted=True, by=MAKER, now=now)
                db.flush()
                questions.review(db, waiting(db, bank.id), by=reviewer, now=now + timedelta(hours=2))

    def _hire(self, now: datetime) -> Cast:
        named = {unit.name: unit for unit in self.county.units}
        clerks = [named[name] for name in (*stories.SHORT, counties.TOWNS[0]) if name in named]
        cost = Cost(self.config.argon2_memory, self.config.argon2_passes)
        with ground.writing(self.engine) as db:
            return casting.hire(
                db, self.county, clerks, cost=cost, secret=app.secret_key(self.config.data_dir),
                since=self.dates.roster_on, now=now,
            )  # fmt: skip

    def _last_month(self, cast: Cast) -> int:
        """Last month's round: published, two exempted, answered by nearly everybody; then the day of changes."""
        opens, closes = self.dates.last(8, 8), self.dates.last(12, 22)
        with ground.writing(self.engine) as db:
            by = acting(db, cast.officer, opens)
            plan = quiz.plan(self.dates.last_month, opens, closes)
            round_ = quiz.publish(
                db, root(db), plan, planned_at=self.dates.last(2), published_at=self.dates.last(6), by=by
            )
            rows = quiz_queries.candidate_rows(db, round_.id, ["/"])
            self._exempt(db, rows, by)
            expected = [row.person.id for row in rows if not row.candidate.exempt_reason]
        dice = random.Random(f"{self.seed}/last month")
        sat = [person for person in expected if dice.random() < 0.965]
        starts = quiz.starts_between(sat, opens, closes - timedelta(hours=1), dice)
        half_way = starts[::90] if len(starts) > 90 else []
        whole = [start for start in starts if start not in half_way]
        able = self._abilities(round_.id)
        options = {"seed": self.seed, "watch": self.watch}
        quiz.answer(self.engine, round_.id, whole, able, words="上月测试", **options)
        quiz.answer(self.engine, round_.id, half_way, able, words="中途离开", hand_in=False, **options)
        content = sheets.changes(self.county, self.dates.changed_on)
        self._import_roster(CHANGES_FILE, content, self.dates.changed_on, self.dates.last(10, 9))
        return round_.id

    def _exempt(self, db: Session, rows: list[CandidateRow], by) -> None:
        reasons = {self.county.on_leave: "产假", rows[-1].person.staff_no: "脱产培训（县委党校）"}
        for row in rows:
            if reason := reasons.get(row.person.staff_no):
                running_actions.exempt(db, row, reason, by=by, now=self.dates.last(7))

    def _abilities(self, round_id: int):
        """How well each unit's people know the matter; those of the stories know much less of three topics."""
        with Session(self.engine) as db:
            topics = sorted({q.topic for paper in quiz_queries.papers_of(db, round_id) for q in paper.questions})
        found: dict[str, Ability] = {}
        for unit in self.county.units:
            dice = random.Random(f"{self.seed}/{unit.code}")
            weak = tuple(dice.sample(topics, min(3, len(topics))))
            found[unit.code] = Ability(0.66, weak) if unit.name in stories.SHORT else Ability(dice.uniform(0.86, 0.94))
        return lambda row: found[row.unit.code]

    def _close(self, round_id: int, cast: Cast) -> int:
        now = self.dates.last(13, 9)
        with ground.writing(self.engine) as db:
            round_ = db.get_one(Round, round_id)
            by = acting(db, cast.officer, now)
            result = results.close_month(db, round_, grace=self.config.network_grace, by=by, now=now)
            db.flush()
            return result.id

    def _issue(self, result_id: int, cast: Cast) -> None:
        """The county's report and those of the units that fell short, as PDF and Excel, kept and written to disk."""
        out, now = self.folder / REPORTS_FOLDER, self.dates.last(13, 10)
        out.mkdir()
        with Session(self.engine, expire_on_commit=False) as db:
            month = result_queries.month(db.get_one(MonthResult, result_id, options=[undefer(MonthResult.value)]))
        chosen = [None, *(unit for unit in month.units if unit.name in stories.SHORT)]
        wanted = [(unit, format) for unit in chosen for format in papers.FORMATS]
        for unit, format in self.watch(wanted, "报告"):
            content = papers.draw(month, unit, format)
            with ground.writing(self.engine) as db:
                row, by = db.get_one(MonthResult, result_id), acting(db, cast.officer, now)
                report = reports.issue(db, row, month, unit, format, content, by=by, now=now)
            (out / papers.file_name(report.number, report.title, format)).write_bytes(content)

    def _this_month(self, cast: Cast) -> None:
        """The round that is open right now: a third have answered, a few are at it, one has more time."""
        opens, closes = self.dates.ago(1, 8), self.dates.ago(-14, 22)
        with ground.writing(self.engine) as db:
            by = acting(db, cast.officer, opens)
            plan = quiz.plan(self.dates.this_month, opens, closes)
            planned_at, published_at = self.dates.ago(3), opens - timedelta(hours=1)
            round_ = quiz.publish(db, root(db), plan, planned_at=planned_at, published_at=published_at, by=by)
            rows = quiz_queries.candidate_rows(db, round_.id, ["/"])
            running_actions.extend(db, round_, rows[-2], 15, "视力障碍，需放大字号", by=by, now=published_at)
            learner = db.scalars(select(Person.id).where(Person.staff_no == cast.learner)).one()
        dice = random.Random(f"{self.seed}/this month")
        people = [row.person.id for row in rows[:-2] if row.person.id != learner]
        sat = [person for person in people if dice.random() < 0.35]
        last = self.dates.now - timedelta(minutes=quiz.MINUTES + 10)
        able = self._abilities(round_.id)
        options = {"seed": self.seed, "watch": self.watch}
        starts = quiz.starts_between(sat[3:], opens, last, dice)
        quiz.answer(self.engine, round_.id, starts, able, words="本月测试", **options)
        at_it = [(person, self.dates.now - timedelta(minutes=6)) for person in sat[:3]]
        quiz.answer(self.engine, round_.id, at_it, able, words="正在作答", hand_in=False, **options)
