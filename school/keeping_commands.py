"""Commands that keep what is there safe: `verify-audit`, `backup`, `restore`."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from school import audit, backup, clock, db, restore, settings
from school.accounts import actions as accounts
from school.command_line import FILE, NEW_FILE, database, operator
from school.terminal import bar

#: exit code when the audit log's chain is broken
BROKEN_AUDIT = 7


def add_to(group: click.Group) -> None:
    """Hang the commands of this module into the command line."""
    for command in (verify_audit, back_up, restore_):
        group.add_command(command)


@click.command("verify-audit")
def verify_audit() -> None:
    """核对审计日志有没有被改动；不完整时退出码为 7。

    Check the audit log's chain; exit code 7 when it is broken.
    """
    with database(migrated=False) as engine, Session(engine) as session:
        wrong = audit.verify(session)
    if wrong:
        click.echo(wrong, err=True)
        raise click.exceptions.Exit(BROKEN_AUDIT)
    click.echo("审计日志完整。")


@click.command("backup")
@click.option("--to", type=NEW_FILE, required=True, help="新的备份文件，例如 备份.zip。A new file.")
def back_up(to: Path) -> None:
    """把全部数据写进一个文件；服务不用停。

    Write everything into one file, while serving.
    """
    config = settings.read()
    with database(migrated=False) as engine, bar("备份 backup") as watch:
        made = backup.backup(engine, to, data_dir=config.data_dir, now=clock.now(), watch=watch)
    click.echo(f"已备份 {len(made.tables)} 张表、{made.rows} 行：{to}。文件里有密钥和个人信息，请妥善保管。")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", "replacing", is_flag=True, help="替换现有的全部数据。Replace what is there.")
def restore_(file: Path, replacing: bool) -> None:
    """从备份恢复（SQLite 或 PostgreSQL 都可以）；要么全部恢复，要么不动。

    Read a backup back, into SQLite or PostgreSQL: all of it or nothing.
    """
    config = settings.read()
    with database(migrated=False) as engine, bar("恢复 restore") as watch:
        made = restore.restore(engine, file, data_dir=config.data_dir, replace=replacing, watch=watch)
        with db.writing(engine) as session:
            # Whoever was signed in when the backup was made need not be the one who holds that browser today.
            accounts.end_every_sign_in(session, now=clock.now())
            told = {"made_at": made.made_at, "rows": made.rows}
            audit.record(session, operator(), "restore_backup", "backup", at=clock.now(), after=told)
    click.echo(
        f"已恢复 {len(made.tables)} 张表、{made.rows} 行（备份于 {made.made_at}），审计日志完整。所有人要重新登录。"
    )
