"""The command `school`: thin doors to the same actions the pages use. Each command is one line of Chinese, one of English."""

from __future__ import annotations

import sys
import traceback
from dataclasses import replace

import click
from sqlalchemy import Engine

from school import (
    access,
    bank_commands,
    clock,
    db,
    keeping_commands,
    loading_commands,
    month_commands,
    roster_commands,
    serving,
    settings,
)
from school.access import Role
from school.accounts import actions as accounts
from school.accounts import passwords
from school.command_line import database, operator
from school.demo import build as demo_county
from school.demo import command as demo_command
from school.errors import BadFile, NotAllowed, NotFound, Refused, SchoolError
from school.migrations import steps
from school.roster import actions as roster
from school.roster import queries as roster_queries
from school.roster.sheet import read as read_roster

CODES = {NotAllowed: 3, NotFound: 4, Refused: 5, BadFile: 6}


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


for commands in (roster_commands, loading_commands, bank_commands, month_commands, keeping_commands):
    commands.add_to(school)
school.add_command(demo_command.demo)


@school.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址。Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="监听的端口。Port to listen on.")
@click.option(
    "--workers", default=serving.WORKERS, show_default="核数，至多 4；Windows 上为 1", help="进程数。Processes."
)
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
    with database(migrated=False) as engine:
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
    with database(migrated=False) as engine:
        steps.migrate(engine)
        with db.writing(engine) as session:
            top = roster_queries.root(session)
        if top is None:
            _make_county(engine, county or _asked("县名 county"), code or _asked("行政区划代码 code"))
        with db.writing(engine) as session:
            now, by = clock.now(), operator()
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
        roster_commands.refuse_complaints(seen.complaints)
        roster.write(session, seen, on=on, leaving=False, by=operator(), now=clock.now())
