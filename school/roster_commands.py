"""The command that takes a roster file in: `import-roster`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from school import access, clock, db
from school.command_line import FILE, database, operator
from school.errors import BadFile
from school.roster import actions as roster
from school.roster import sheet
from school.roster.rows import Complaint
from school.terminal import busy, table

DAY = click.DateTime(["%Y-%m-%d"])


def add_to(group: click.Group) -> None:
    """Hang the command into the command line."""
    group.add_command(import_roster)


@click.command("import-roster")
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
    with database() as engine, busy("读取 reading"):
        read = sheet.read(content, file.name)
        with db.writing(engine) as session:
            seen = roster.look(session, read, path=access.EVERYWHERE, on=on)
            refuse_complaints(seen.complaints)
            if not dry_run:
                kept = roster.keep_upload(
                    session, file.name, content, path=access.EVERYWHERE, on=on, by=operator(), now=now
                )
                roster.write(session, seen, on=on, leaving=leaving, by=operator(), now=now)
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


def refuse_complaints(complaints: Sequence[Complaint]) -> None:
    """List what has to be mended, and write nothing."""
    if complaints:
        rows = [(c.sheet, str(c.line or ""), c.column, c.value, c.reason) for c in complaints]
        click.echo(table([("工作表", "行", "列", "内容", "要改什么"), *rows]), err=True)
        raise BadFile(f"文件里有 {len(complaints)} 处要改，什么都没有写入。请改好后再导入。")
