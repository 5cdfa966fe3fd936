"""The command `school`: thin doors to the same actions the pages use. Each command is one line of Chinese, one of English."""

from __future__ import annotations

import getpass
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from school import access, audit, backup, bank_commands, clock, db, restore, serving, settings
from school.access import Member, Role
from school.accounts import actions as accounts
from school.accounts import passwords
from school.app import folder
from school.demo import build as demo_county
from school.demo import command as demo_command
from school.errors import BadFile, NotAllowed, NotFound, Refused, SchoolError
from school.followups import actions as followups
from school.migrations import steps
from school.questions import actions as questions
from school.questions import intake
from school.quizzes.models import Round
from school.reports import actions as reports
from school.reports import papers
from school.results import actions as results
from school.results import queries as result_queries
from school.results.models import MonthResult
from school.roster import actions as roster
from school.roster import queries as roster_queries
from school.roster import sheet
from school.roster.rows import Complaint
from school.roster.sheet import read as read_roster
from school.terminal import bar, busy, each, table

CODES = {NotAllowed: 3, NotFound: 4, Refused: 5, BadFile: 6}
BROKEN_AUDIT = 7

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def main() -> None:
    """Run a command; the ways in which the school says no become exit codes, each with its sentence."""
    try:
        code = school.main(standalone_mode=False)
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.Abort:
        code = 1
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SchoolError as error:
        click.echo(error.message, err=True)
        code = CODES.get(type(error), 5)
    except Exception:
        traceback.print_exc()
        click.echo("出现了没有预料到的问题，已在上面列出，请把它交给系统管理员。", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def school() -> None:
    """夜校：办夜校、做月测、出报告、帮落后的单位补上。

    Night schools, the monthly quiz, its reports and follow-ups for a county.

    \b
    退出码 exit codes: 0 完成 done, 1 意外 unexpected, 2 用法不对 usage, 3 不允许 not allowed,
    4 没有找到 not found, 5 不能办理 refused, 6 文件有问题 bad file, 7 审计日志不完整 audit log broken
    """


bank_commands.add_to(school)
school.add_command(demo_command.demo)


@school.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址。Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="监听的端口。Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="进程数。Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """升级数据库并启动服务。

    Migrate and serve.
    """
    config = settings.read()
    # Known passwords stay known, however the demo's folder is served.
    config = replace(config, demo=config.demo or demo_county.is_demo(config.data_dir))
    click.echo(f"地址 address: http://{host}:{port}/   （按 Ctrl+C 停止 to stop）")
    serving.serve(config, host, port, workers)


@school.command()
def migrate() -> None:
    """把数据库升级到当前版本；重复执行没有影响。

    Bring the database to the newest migration; repeating it changes nothing.
    """
    with _engine(migrated=False) as engine:
        steps.migrate(engine)
        click.echo(f"数据库已是当前版本（{steps.at(engine)}）。")


@school.command("add-admin")
@click.option("--login", prompt="登录名 login name", help="登录名。Name to sign in with.")
@click.option("--name", prompt="姓名 name", help="姓名。The person's name.")
@click.option("--county", default="", help="县名，数据库里还没有县时填写。Name of the county, on an empty database.")
@click.option("--code", default="", help="县的行政区划代码，六位。The county's six-digit code.")
def add_admin(login: str, name: str, county: str, code: str) -> None:
    """新建系统管理员账号，只显示一次初始密码；空数据库先建本县。

    Make a system administrator, printing the first password once; on an empty database the county too.
    """
    config, password = settings.read(), passwords.new_code()
    with _engine(migrated=False) as engine:
        steps.migrate(engine)
        with db.writing(engine) as session:
            top = roster_queries.root(session)
        if top is None:
            _make_county(engine, county or _asked("县名 county"), code or _asked("行政区划代码 code"))
        with db.writing(engine) as session:
            now, by = clock.now(), _me()
            hashed = passwords.Cost(config.argon2_memory, config.argon2_passes).hashed(password)
            account = accounts.open_system_account(session, login, name, hashed, by=by, now=now)
            account.must_change = True
            top = roster_queries.root(session)
            accounts.grant(session, account, Role.SYSADMIN, top, from_on=clock.day(now), until_on=None, by=by, now=now)
    click.echo(f"系统管理员“{name}”已建好。登录名 {login}，初始密码 {password}（只显示这一次，首次登录要修改）。")


def _asked(words: str) -> str:
    if not sys.stdin.isatty():
        raise Refused("数据库里还没有县，请加 --county 县名 --code 行政区划代码。")
    return click.prompt(words)


def _make_county(engine: Engine, county: str, code: str) -> None:
    """The county itself, taken in like any unit of a roster file."""
    content = f"单位编码,单位全称,简称,类别\n{code},{county},{county},县\n".encode()
    with db.writing(engine) as session:
        on = clock.day(clock.now())
        seen = roster.look(session, read_roster(content, "本县.csv"), path=access.EVERYWHERE, on=on)
        _refuse_complaints(seen.complaints)
        roster.write(session, seen, on=on, leaving=False, by=_me(), now=clock.now())


@school.command("import-roster")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写入。Show what would change and write nothing.")
@click.option("--as-of", type=DAY, help="从哪一天起算，默认今天。Day from which it counts; today.")
@click.option(
    "--leaving", is_flag=True, help="文件里没有的人记为离开。End the posts of people the file no longer names."
)
def import_roster(file: Path, dry_run: bool, as_of: datetime | None, leaving: bool) -> None:
    """导入花名册（.xlsx .xls .ods .csv）；有一处要改就什么都不写入。

    Import a roster file; with a single complaint nothing is written.
    """
    content, now = file.read_bytes(), clock.now()
    on = as_of.date() if as_of else clock.day(now)
    with _engine() as engine, busy("读取 reading"):
        read = sheet.read(content, file.name)
        with db.writing(engine) as session:
            seen = roster.look(session, read, path=access.EVERYWHERE, on=on)
            _refuse_complaints(seen.complaints)
            if not dry_run:
                kept = roster.keep_upload(session, file.name, content, path=access.EVERYWHERE, on=on, by=_me(), now=now)
                roster.write(session, seen, on=on, leaving=leaving, by=_me(), now=now)
                kept.written_at = now
    counted = roster.counts(seen.plan, leaving=leaving)
    click.echo("，".join(f"{words} {counted[key]}" for key, words in COUNTED.items()) + "。")
    for note in (*seen.sheet.notes, *seen.plan.notes):
        click.echo(f"说明：{note}")
    if seen.plan.left and not leaving:
        click.echo(
            f"文件里没有、系统里还在的有 {len(seen.plan.left)} 人，没有改动；确已离开的，加 --leaving 再导入一次。"
        )
    click.echo("以上只是预览，没有写入。" if dry_run else "已写入。")


#: words for roster.actions.counts
COUNTED = {
    "new_units": "新单位", "changed_units": "单位变更", "merged_units": "撤并", "new": "新增人员", "moved": "调动",
    "renamed": "改名", "changed": "其他变更", "left": "离开", "unchanged": "不变",
}  # fmt: skip


def _refuse_complaints(complaints: Sequence[Complaint]) -> None:
    if complaints:
        rows = [(c.sheet, str(c.line or ""), c.column, c.value, c.reason) for c in complaints]
        click.echo(table([("工作表", "行", "列", "内容", "要改什么"), *rows]), err=True)
        raise BadFile(f"文件里有 {len(complaints)} 处要改，什么都没有写入。请改好后再导入。")


@school.command("load-bank")
@click.argument("files", metavar="[FILES]...", nargs=-1, type=FILE)
@click.option("--shipped", is_flag=True, help="装入随产品的题库。Load the bank that comes with the product.")
@click.option("--bank", "title", default="县题库", show_default=True, help="收进哪个题库。Title of the bank.")
def load_bank(files: tuple[Path, ...], shipped: bool, title: str) -> None:
    """把题目文件收进题库；看不准的逐条列出，留待处理。

    Load question files into a bank; what was not fully understood is listed and kept for review.
    """
    if bool(files) == shipped:
        raise click.UsageError("请写出题目文件，或者用 --shipped。 Name files, or use --shipped.")
    chosen = sorted(folder("question_banks").glob("*.txt")) if shipped else files
    readings = [(path, content := path.read_bytes(), intake.read(content, path.name)) for path in chosen]
    total = dict.fromkeys(("new", "changed", "same", "review"), 0)
    with _engine() as engine, db.writing(engine) as session:
        top, now = _county(session), clock.now()
        bank = questions.open_bank(session, top, title, by=_me(), now=now)
        session.flush()
        for path, content, reading in each(readings, "题目 questions"):
            kept = questions.keep_upload(session, bank, path.name, content, by=_me(), now=now)
            session.flush()
            counted = questions.load_bank(session, kept, reading, trusted=shipped, by=_me(), now=now)
            total = {name: total[name] + counted[name] for name in total}
    review = [
        (path.name, str(item.where), item.reason) for path, _content, reading in readings for item in reading.review
    ]
    if review:
        click.echo(table([("文件", "位置", "要看什么"), *review]), err=True)
    click.echo(
        f"新收 {total['new']} 道，改版 {total['changed']} 道，已有 {total['same']} 道，待处理 {total['review']} 条。"
        "没有注明复核人的题，要另一位管理员审核后才会抽到。"
    )


@school.command("close-month")
@click.argument("round_", metavar="ROUND")
def close_month(round_: str) -> None:
    """月结：结束一轮测试，冻结各单位的数字（ROUND 是轮次编号或名称）。

    Close a round's month and freeze its figures (ROUND is its number or title).
    """
    config = settings.read()
    with _engine() as engine, db.writing(engine) as session:
        found = _round(session, round_)
        result = results.close_month(session, found, grace=config.network_grace, by=_me(), now=clock.now())
        month = result_queries.month(result)
    total = month.total
    click.echo(f"“{found.title}”已月结：应考 {total.expected} 人，实考 {total.sat} 人，合格 {total.passed} 人。")


@school.command()
@click.argument("round_", metavar="ROUND")
@click.option("--unit", default="", help="单位编码、全称或简称；不写就是全县。A unit; else the whole county.")
@click.option("--format", "format_", type=click.Choice(list(papers.FORMATS)), default="pdf", show_default=True)
@click.option("--to", type=NEW_FILE, required=True, help="写到哪个文件。File to write.")
def report(round_: str, unit: str, format_: str, to: Path) -> None:
    """把月结的报告写成 PDF 或 Excel 文件，同时登记编号。

    Write a closed month's report as PDF or Excel and register its number.
    """
    config = settings.read()
    with _engine() as engine:
        with Session(engine) as session:
            found = _result(session, round_)
            month = result_queries.month(found)
            about = _unit_in(month, unit) if unit else None
        content = papers.draw(month, about, format_, folder=papers.fonts_folder(config.fonts_dir))
        with db.writing(engine) as session:
            row = session.get_one(MonthResult, found.id)
            issued = reports.issue(session, row, month, about, format_, content, by=_me(), now=clock.now())
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(issued.content)
    click.echo(f"{issued.number} {issued.title}：{to}")


def _unit_in(month, given: str):
    found = [unit for unit in month.units if given in (unit.code, unit.name, unit.short_name)]
    if len(found) != 1:
        raise NotFound(f"这一轮里没有单位“{given}”，或者有几个同名的。请用单位编码。")
    return found[0]


@school.command("open-cases")
@click.argument("round_", metavar="ROUND")
def open_cases(round_: str) -> None:
    """给月结中没有达到标准的单位立跟进；重复执行不会重复立。

    Open a case for each unit that fell short; repeating it opens none twice.
    """
    with _engine() as engine, db.writing(engine) as session:
        opened = followups.open_cases(session, _result(session, round_), by=_me(), now=clock.now())
        names = "、".join(case.unit.short_name for case in opened)
    click.echo(f"新立 {len(opened)} 件跟进{'：' + names if names else ''}。")


@school.command("verify-audit")
def verify_audit() -> None:
    """核对审计日志有没有被改动；不完整时退出码为 7。

    Check the audit log's chain; exit code 7 when it is broken.
    """
    with _engine(migrated=False) as engine, Session(engine) as session:
        wrong = audit.verify(session)
    if wrong:
        click.echo(wrong, err=True)
        raise click.exceptions.Exit(BROKEN_AUDIT)
    click.echo("审计日志完整。")


@school.command("backup")
@click.option("--to", type=NEW_FILE, required=True, help="新的备份文件，例如 备份.zip。A new file.")
def back_up(to: Path) -> None:
    """把全部数据写进一个文件；服务不用停。

    Write everything into one file, while serving.
    """
    config = settings.read()
    with _engine(migrated=False) as engine, bar("备份 backup") as watch:
        made = backup.backup(engine, to, data_dir=config.data_dir, now=clock.now(), watch=watch)
    click.echo(f"已备份 {len(made.tables)} 张表、{made.rows} 行：{to}。文件里有密钥和个人信息，请妥善保管。")


@school.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", "replacing", is_flag=True, help="替换现有的全部数据。Replace what is there.")
def restore_(file: Path, replacing: bool) -> None:
    """从备份恢复（SQLite 或 PostgreSQL 都可以）；要么全部恢复，要么不动。

    Read a backup back, into SQLite or PostgreSQL: all of it or nothing.
    """
    config = settings.read()
    with _engine(migrated=False) as engine, bar("恢复 restore") as watch:
        made = restore.restore(engine, file, data_dir=config.data_dir, replace=replacing, watch=watch)
    click.echo(f"已恢复 {len(made.tables)} 张表、{made.rows} 行（备份于 {made.made_at}），审计日志完整。")


@contextmanager
def _engine(*, migrated: bool = True) -> Iterator[Engine]:
    """The settings' database. migrated: Refused unless it stands at the present migration."""
    engine = db.make_engine(settings.read().url)
    try:
        if migrated and steps.at(engine) != steps.numbers()[-1]:
            raise Refused("数据库还不是当前版本，请先运行 migrate。 Run migrate first.")
        yield engine
    finally:
        engine.dispose()


def _me() -> Member:
    return access.command_line(getpass.getuser())


def _county(session: Session):
    top = roster_queries.root(session)
    if top is None:
        raise NotFound("数据库里还没有县，请先用 add-admin 建县，或导入花名册。")
    return top


def _round(session: Session, given: str) -> Round:
    """A round by number or title."""
    where = Round.id == int(given) if given.isdigit() else Round.title == given
    found = session.scalars(select(Round).where(where).limit(2)).all()
    if len(found) != 1:
        raise NotFound(f"没有找到轮次“{given}”，或者有几轮同名。请用轮次编号（轮次页面地址里的数字）。")
    return found[0]


def _result(session: Session, given: str) -> MonthResult:
    """The latest version of a round's closed month."""
    round_ = _round(session, given)
    found = result_queries.latest(session, round_.id)
    if found is None:
        raise Refused(f"“{round_.title}”还没有月结，请先运行 close-month {round_.id}。")
    return found
