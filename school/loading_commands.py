"""The command that takes question files in: `load-bank`."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from school import clock, db
from school.app import folder
from school.command_line import FILE, database, operator
from school.errors import NotFound
from school.questions import actions as questions
from school.questions import intake
from school.roster import queries as roster_queries
from school.roster.models import Unit
from school.terminal import each, table


def add_to(group: click.Group) -> None:
    """Hang the command into the command line."""
    group.add_command(load_bank)


@click.command("load-bank")
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
    with database() as engine, db.writing(engine) as session:
        top, now = _county(session), clock.now()
        bank = questions.open_bank(session, top, title, by=operator(), now=now)
        session.flush()
        for path, content, reading in each(readings, "题目 questions"):
            kept = questions.keep_upload(session, bank, path.name, content, by=operator(), now=now)
            session.flush()
            counted = questions.load_bank(session, kept, reading, trusted=shipped, by=operator(), now=now)
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


def _county(session: Session) -> Unit:
    top = roster_queries.root(session)
    if top is None:
        raise NotFound("数据库里还没有县，请先用 add-admin 建县，或导入花名册。")
    return top
