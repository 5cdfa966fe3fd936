"""Commands at the end of a month: `close-month`, `report`, `open-cases`."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from school import clock, db, settings
from school.command_line import NEW_FILE, database, operator
from school.errors import NotFound, Refused
from school.followups import actions as followups
from school.quizzes.models import Round
from school.reports import actions as reports
from school.reports import papers
from school.results import actions as results
from school.results import queries as result_queries
from school.results.models import MonthResult


def add_to(group: click.Group) -> None:
    """Hang the commands of this module into the command line."""
    for command in (close_month, report, open_cases):
        group.add_command(command)


@click.command("close-month")
@click.argument("round_", metavar="ROUND")
def close_month(round_: str) -> None:
    """月结：结束一轮测试，冻结各单位的数字（ROUND 是轮次编号或名称）。

    Close a round's month and freeze its figures (ROUND is its number or title).
    """
    config = settings.read()
    with database() as engine, db.writing(engine) as session:
        found = _round(session, round_)
        result = results.close_month(session, found, grace=config.network_grace, by=operator(), now=clock.now())
        month = result_queries.month(result)
    total = month.total
    click.echo(f"“{found.title}”已月结：应考 {total.expected} 人，实考 {total.sat} 人，合格 {total.passed} 人。")


@click.command()
@click.argument("round_", metavar="ROUND")
@click.option("--unit", default="", help="单位编码、全称或简称；不写就是全县。A unit; else the whole county.")
@click.option("--format", "format_", type=click.Choice(list(papers.FORMATS)), default="pdf", show_default=True)
@click.option("--to", type=NEW_FILE, required=True, help="写到哪个文件。File to write.")
def report(round_: str, unit: str, format_: str, to: Path) -> None:
    """把月结的报告写成 PDF 或 Excel 文件，同时登记编号。

    Write a closed month's report as PDF or Excel and register its number.
    """
    config = settings.read()
    with database() as engine:
        with Session(engine) as session:
            found = _result(session, round_)
            month = result_queries.month(found)
            about = _unit_in(month, unit) if unit else None
        content = papers.draw(month, about, format_, folder=papers.fonts_folder(config.fonts_dir))
        with db.writing(engine) as session:
            row = session.get_one(MonthResult, found.id)
            issued = reports.issue(session, row, month, about, format_, content, by=operator(), now=clock.now())
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(issued.content)
    click.echo(f"{issued.number} {issued.title}：{to}")


def _unit_in(month, given: str):
    found = [unit for unit in month.units if given in (unit.code, unit.name, unit.short_name)]
    if len(found) != 1:
        raise NotFound(f"这一轮里没有单位“{given}”，或者有几个同名的。请用单位编码。")
    return found[0]


@click.command("open-cases")
@click.argument("round_", metavar="ROUND")
def open_cases(round_: str) -> None:
    """给月结中没有达到标准的单位立跟进；重复执行不会重复立。

    Open a case for each unit that fell short; repeating it opens none twice.
    """
    with database() as engine, db.writing(engine) as session:
        opened = followups.open_cases(session, _result(session, round_), by=operator(), now=clock.now())
        names = "、".join(case.unit.short_name for case in opened)
    click.echo(f"新立 {len(opened)} 件跟进{'：' + names if names else ''}。")


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
