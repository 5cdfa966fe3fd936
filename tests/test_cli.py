"""The command line: every command on a real database, every exit code, nothing half-written."""

from __future__ import annotations

import re
import socket
import sys
from datetime import timedelta

import click
import pytest
from sqlalchemy import func, select

from school import cli
from school.accounts import actions as accounts
from school.accounts.models import Account, SignIn
from school.accounts.passwords import Cost
from school.audit import AuditHead, AuditLine
from school.demo import build
from school.demo.command import free_port
from school.errors import BadFile, NotAllowed, NotFound, Refused
from school.followups.models import Case
from school.questions.models import QuestionVersion
from school.reports.models import Report
from school.roster.models import Assignment, Person, Unit
from school.terminal import table
from tests import makers

ROSTER = "单位编码,单位全称,上级单位,类别\n513299,云岭县,,县\n513299100,青杠镇,云岭县,乡镇\n"
PEOPLE = "工号,姓名,单位,职务\nY1,买买提·艾力,青杠镇,干部\nY2,王䶮,青杠镇,干部\n"
BANK = """专题：防火
编写：编写员甲

编号：FH-001
题型：判断
对象：通用
题干：防火期内可以烧荒。
答案：错
解析：防火期内禁止野外用火。
依据：森林防火条例 第二十五条 2008-12-01
知识点：野外用火
难度：1
"""


@pytest.fixture
def school(engine, tmp_path, monkeypatch, capfd):
    """Run a command on the test's database: school("migrate") -> (exit code, output, error output)."""
    monkeypatch.setenv("SCHOOL_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SCHOOL_DATA_DIR", str(tmp_path / "数据 1"))
    monkeypatch.setenv("SCHOOL_ARGON2_MEMORY", "8")
    monkeypatch.setenv("SCHOOL_ARGON2_PASSES", "1")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["school", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capfd.readouterr()
        return end.value.code, out, err

    return run


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def with_roster(school, tmp_path):
    """The test's database with a county, a town and two people, brought in by the command itself."""
    assert school("import-roster", write(tmp_path / "单位.csv", ROSTER), "--as-of", "2026-01-01")[0] == 0
    assert school("import-roster", write(tmp_path / "人员.csv", PEOPLE), "--as-of", "2026-01-01")[0] == 0


@pytest.mark.parametrize(
    ("kind", "code"), [(NotAllowed, 3), (NotFound, 4), (Refused, 5), (BadFile, 6), (ValueError, 1), (click.Abort, 1)]
)
def test_each_way_of_saying_no_has_its_exit_code_and_its_sentence(school, monkeypatch, kind, code):
    def says_no():
        raise kind("请先做别的。") if kind is not click.Abort else click.Abort

    monkeypatch.setitem(cli.school.commands, "says-no", click.Command("says-no", callback=says_no))
    ended, out, err = school("says-no")

    assert (ended, out) == (code, "")
    assert "请先做别的。" in err or kind is click.Abort


def test_wrong_usage_is_exit_code_2_and_help_is_0(school):
    assert school("no-such-command")[0] == 2
    assert school("backup")[0] == 2
    assert school("--help")[0] == 0


def test_migrate_says_where_the_database_stands_and_may_be_repeated(school):
    assert school("migrate")[:2] == school("migrate")[:2]


def test_a_database_that_is_not_at_the_present_migration_is_refused_with_the_remedy(school, tmp_path, monkeypatch):
    monkeypatch.setenv("SCHOOL_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")

    code, _out, err = school("close-month", "1")

    assert code == 5
    assert "migrate" in err


def test_the_first_administrator_comes_with_the_county_and_a_password_shown_once(school, db):
    code, out, _err = school(
        "add-admin", "--login", "guanli", "--name", "系统甲", "--county", "云岭县", "--code", "513299"
    )
    password = re.search(r"初始密码 (\S+?)（", out).group(1)
    account = db.scalars(select(Account)).one()

    assert code == 0
    assert [(unit.code, unit.name, unit.kind) for unit in db.scalars(select(Unit))] == [("513299", "云岭县", "县")]
    assert (account.login_name, account.must_change) == ("guanli", True)
    assert Cost(8, 1).matches(account.password_hash, password)
    assert [(row.role, row.unit.code) for row in account.granted] == [("sysadmin", "513299")]


def test_a_second_administrator_needs_no_county_and_a_taken_name_is_refused(school, db, with_roster):
    assert school("add-admin", "--login", "guanli", "--name", "系统甲")[0] == 0
    code, _out, err = school("add-admin", "--login", "guanli", "--name", "系统乙")

    assert (code, "guanli" in err) == (5, True)
    assert db.scalars(select(Account.name)).all() == ["系统甲"]


def test_an_administrator_on_an_empty_database_asks_for_the_county(school, db):
    code, _out, err = school("add-admin", "--login", "guanli", "--name", "系统甲")

    assert (code, "--county" in err) == (5, True)
    assert db.scalar(select(func.count()).select_from(Account)) == 0


def test_a_roster_file_is_written_and_counted(school, db, with_roster):
    assert db.scalars(select(Person.name).order_by(Person.staff_no)).all() == ["买买提·艾力", "王䶮"]
    assert {a.from_on.isoformat() for a in db.scalars(select(Assignment))} == {"2026-01-01"}


def test_a_dry_run_shows_the_change_and_writes_nothing(school, db, with_roster, tmp_path):
    more = write(tmp_path / "更多.csv", PEOPLE + "Y3,王五,青杠镇,干部\n")
    code, out, _err = school("import-roster", more, "--dry-run")

    assert (code, "新增人员 1" in out, "没有写入" in out) == (0, True, True)
    assert db.scalar(select(func.count()).select_from(Person)) == 2


def test_people_the_file_no_longer_names_stay_unless_told_otherwise(school, db, with_roster, tmp_path):
    less = write(tmp_path / "少一人.csv", PEOPLE.replace("Y2,王䶮,青杠镇,干部\n", ""))

    assert "有 1 人" in school("import-roster", less)[1]
    assert db.scalar(select(func.count()).where(Assignment.until_on.is_not(None))) == 0
    assert school("import-roster", less, "--leaving")[0] == 0
    db.commit()
    assert db.scalar(select(func.count()).where(Assignment.until_on.is_not(None))) == 1


def test_a_file_with_complaints_prints_each_with_row_and_column_and_writes_nothing(school, db, with_roster, tmp_path):
    bad = write(tmp_path / "错.csv", PEOPLE + "Y3,,青杠镇,干部\nY4,赵六,没有这个单位,干部\n")
    code, _out, err = school("import-roster", bad)

    assert code == 6
    assert "缺少姓名" in err
    assert "没有这个单位" in err
    assert re.search(r"^\s*4 +B", err, re.MULTILINE)
    assert db.scalar(select(func.count()).select_from(Person)) == 2


def test_a_file_that_is_no_roster_is_exit_code_6(school, tmp_path, with_roster):
    (tmp_path / "空.xlsx").write_bytes(b"")

    assert school("import-roster", tmp_path / "空.xlsx")[0] == 6


def test_a_question_file_is_loaded_and_waits_for_a_reviewer(school, db, with_roster, tmp_path):
    code, out, _err = school("load-bank", write(tmp_path / "防火.txt", BANK), "--bank", "防火题库")

    assert (code, "新收 1 道" in out) == (0, True)
    assert db.scalars(select(QuestionVersion.state)).all() == ["in_review"]
    assert "已有 1 道" in school("load-bank", tmp_path / "防火.txt", "--bank", "防火题库")[1]


def test_a_bank_needs_a_county_and_either_files_or_the_shipped_one(school, tmp_path):
    bank = write(tmp_path / "防火.txt", BANK)

    assert school("load-bank", bank)[0] == 4
    assert school("load-bank")[0] == 2
    assert school("load-bank", bank, "--shipped")[0] == 2


@pytest.fixture
def sat(db, now):
    """A round of 12 people who all failed, its time over."""
    county = makers.make_unit(db, "云岭县")
    town = makers.make_unit(db, "青杠镇", county)
    people = [makers.make_person(db, f"人{n}", town) for n in range(12)]
    round_ = makers.make_round(db, county)
    for person in people:
        makers.make_attempt(db, round_, person, right=0)
    db.commit()
    now(makers.later(days=1))
    return round_


def test_a_month_is_closed_reported_and_followed_up_from_the_command_line(school, db, sat, tmp_path):
    pdf, xlsx = tmp_path / "报告" / "县.pdf", tmp_path / "镇.xlsx"

    assert "实考 12 人" in school("close-month", sat.id)[1]
    assert school("close-month", sat.title)[0] == 0
    assert school("report", sat.id, "--to", pdf)[0] == 0
    assert school("report", sat.id, "--unit", "青杠镇", "--format", "xlsx", "--to", xlsx)[0] == 0
    assert "青杠镇" in school("open-cases", sat.id)[1]
    assert "新立 0 件" in school("open-cases", sat.id)[1]

    db.commit()
    issued = {report.format: report.content for report in db.scalars(select(Report))}
    assert issued == {"pdf": pdf.read_bytes(), "xlsx": xlsx.read_bytes()}
    assert pdf.read_bytes().startswith(b"%PDF")
    assert db.scalars(select(Case.state)).all() == ["opened"]


def test_what_is_not_there_is_exit_code_4_and_what_is_not_due_5(school, sat, now, tmp_path):
    assert school("close-month", "99999")[0] == 4
    assert school("report", sat.id, "--to", tmp_path / "x.pdf")[0] == 5
    now(makers.NOW)
    assert school("close-month", sat.id)[0] == 5
    now(makers.later(days=1))
    assert school("close-month", sat.id)[0] == 0
    assert school("report", sat.id, "--unit", "没有", "--to", tmp_path / "x.pdf")[0] == 4
    assert not (tmp_path / "x.pdf").exists()


def test_a_broken_audit_log_is_exit_code_7(school, db, with_roster):
    assert school("verify-audit")[:2] == (0, "审计日志完整。\n")

    db.scalars(select(AuditHead)).one().last_hash = "0" * 64
    db.commit()

    assert school("verify-audit")[0] == 7


def test_what_was_saved_comes_back(school, db, with_roster, tmp_path):
    saved = tmp_path / "备份.zip"
    account = makers.make_account(db, db.scalars(select(Person)).first())
    signed = {"address": "127.0.0.1", "device": "手机", "lasts": timedelta(days=1), "must_change": False}
    accounts.sign_in(db, account, **signed, now=makers.NOW)
    db.commit()
    assert school("backup", "--to", saved)[0] == 0
    assert school("backup", "--to", saved)[0] == 5
    makers.make_person(db, "后来的人")
    db.commit()
    db.close()

    assert school("restore", saved)[0] == 5
    db.get_bind().dispose()
    assert school("restore", saved, "--replace")[0] == 0
    assert db.scalars(select(Person.name).order_by(Person.staff_no)).all() == ["买买提·艾力", "王䶮"]
    assert db.scalars(select(SignIn)).one().ended_at is not None
    assert db.scalars(select(AuditLine.deed).order_by(AuditLine.id.desc())).first() == "restore_backup"

    saved.write_bytes(saved.read_bytes()[:100])
    assert school("restore", saved, "--replace")[0] == 6


@pytest.mark.parametrize("command", [("serve",), ("demo", "--no-serve")])
def test_a_demo_county_is_served_on_loopback_only(school, tmp_path, command):
    folder = tmp_path / "数据 1" / build.FOLDER
    folder.mkdir(parents=True)
    (folder / build.MARK).write_text("[]")

    code, _out, err = school(*command, "--host", "0.0.0.0")

    assert code == 5
    assert "只能在本机" in err


def test_a_taken_port_gives_way_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert port < free_port("127.0.0.1", port) <= port + 50


def test_tables_are_aligned_by_what_a_terminal_shows():
    assert table([("角色", "工号"), ("学员", "Y1"), ("a", "b")]) == "角色  工号\n学员  Y1\na     b"


def test_deeds_of_the_command_line_carry_its_name_in_the_audit_log(db, with_roster):
    assert {line.actor.split()[0] for line in db.scalars(select(AuditLine))} == {"命令行"}
