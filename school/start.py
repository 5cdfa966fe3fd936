"""The first page of every role: the one thing to do next, and below it the others that wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import Blueprint, current_app, flash, render_template, url_for
from sqlalchemy import select

from school import clock, words
from school.access import Role
from school.courses import queries as courses
from school.followups import queries as followups
from school.questions import queries as questions
from school.quizzes import queries as quizzes
from school.quizzes import running_queries as running
from school.quizzes import study_queries, timing
from school.quizzes.models import Round
from school.results import queries as results
from school.roster import queries as roster
from school.roster.models import Person
from school.web.guard import me, needs, public
from school.web.transaction import reading

bp = Blueprint("start", __name__)

#: so many nights and cases are named; the rest stands in their own lists
NAMED = 3


@dataclass(frozen=True)
class Thing:
    """Something that waits for this person: what, why, where, the words on the button, and when it ends."""

    title: str
    text: str
    url: str
    action: str
    due: str | None = None


@bp.get("/")
@needs()
def home():
    """The start page."""
    if (off := clock.off_by()) and me().has(Role.SYSADMIN, Role.OFFICER):
        flash(_clock_was_set(off), "problem")
    waiting = list(_things(clock.now()))
    return render_template("start/home.html", next=waiting[0] if waiting else None, others=waiting[1:])


def _clock_was_set(off: timedelta) -> str:
    far = f"{'快' if off > timedelta() else '慢'}了约 {max(1, round(abs(off) / timedelta(minutes=1)))} 分钟"
    return (
        f"这台服务器的时钟被拨动过，比夜校的时间{far}。夜校仍按原来的时间计时，正在答题的人不受影响。"
        "拨错了的，请把时钟拨回来；原来就不准、现在才拨对的，等没有轮次开放、没有人答题时，夜校会自动跟上，也可以那时重启服务。"
    )


@bp.get("/healthz")
@public
def healthz():
    """Whether the server and its database answer."""
    reading().scalar(select(1))
    return {"ok": True}


def _things(now: datetime) -> Iterator[Thing]:
    """What waits, the most pressing first: one's own quiz, tonight's card, cases, the month's round, the set-up."""
    if me().person_id is not None:
        yield from _own_quizzes(now)
        yield from _nights(now)
    yield from _cases(now)
    if me().has(Role.OFFICER):
        yield from _to_close(now)
    if me().has(Role.OFFICER, Role.SYSADMIN):
        yield from _set_up()
    if me().has(Role.OFFICER, Role.CLERK):
        yield from _open_rounds(now)
    if me().has(Role.AUDITOR):
        yield Thing(
            "看审计日志", "每一次操作都有记录，可以核对是否完整。", url_for("accounts.audit_log"), "打开审计日志"
        )
    if me().has(Role.SYSADMIN):
        yield Thing("管理账号和角色", "给负责的人授权，停用离岗的账号。", url_for("accounts.members"), "打开账号")
    if me().has(Role.COMMITTEE):
        yield Thing(
            "看各月情况",
            "月结后的人数、合格率和夜校情况，每个数都能点开看名单。",
            url_for("results.months"),
            "打开月结",
        )
    if me().person_id is not None:
        yield from _studies(now)


def _own_quizzes(now: datetime) -> Iterator[Thing]:
    grace = current_app.extensions["settings"].network_grace
    for sitting in quizzes.sittings_of(reading(), me().person_id):
        round_, attempt, candidate = sitting.round, sitting.attempt, sitting.candidate
        if attempt.handed_in_at or candidate.exempt_reason or round_.state != "published":
            continue
        url, title = url_for("quiz.cover", round_id=round_.id), round_.title
        over = timing.is_over(attempt.deadline_at, now, grace, paused=round_.paused_at is not None)
        if attempt.started_at and not over:
            due = f"{words.clock_time(attempt.deadline_at)} 截止"
            yield Thing(f"接着答“{title}”", "已答的都保存着，从没答的地方接着答。", url, "接着答题", due)
        elif not attempt.started_at and timing.may_begin(round_.opens_at, round_.closes_at, candidate.extension, now):
            text = f"每人 {round_.minutes} 分钟，可以中途停下再接着答。"
            yield Thing(f"答“{title}”", text, url, "去答题", f"{words.moment(round_.closes_at)} 截止")


def _studies(now: datetime) -> Iterator[Thing]:
    """What the month's rounds are about, until one has handed in or they are over."""
    done = {one.round.id for one in quizzes.sittings_of(reading(), me().person_id) if one.attempt.handed_in_at}
    for round_ in study_queries.open_to(reading(), me().person_id, clock.day(now)):
        if now < round_.closes_at and round_.id not in done:
            url = url_for("quiz.study.study", round_id=round_.id)
            yield Thing(f"这个月考什么：{round_.title}", "范围和要看的条款，整月可看。", url, "看范围和条款")


def _nights(now: datetime) -> Iterator[Thing]:
    """Cards of those who teach; officers and clerks, who may fill them in too, find them in the list."""
    today = clock.day(now)
    trainer = replace(me(), grants=tuple(grant for grant in me().grants if grant.role is Role.TEACHER))
    for night in courses.next_nights(reading(), trainer, me().person_id, now, NAMED):
        on, url = clock.day(night.starts_at), url_for("courses.card.card", night_id=night.id)
        when = f"{words.short_day(on)} {words.clock_time(night.starts_at)}"
        place = f"{night.school.name}，{night.place}"
        if on > today:
            later = url_for("courses.night", night_id=night.id)
            yield Thing(f"{when} 有一课：{night.title}", place, later, "看这一课")
        elif on == today:
            yield Thing(f"今天的课：{night.title}", f"{place}。到课登记半分钟就好。", url, "登记到课", when)
        else:
            yield Thing(f"补登 {when} 的课：{night.title}", place, url, "补登到课")


def _cases(now: datetime) -> Iterator[Thing]:
    for line in followups.cases_waiting_for(reading(), me(), now)[:NAMED]:
        due = _case_due(line.case.due_on, clock.day(now))
        url = url_for("followups.case", case_id=line.case.id)
        yield Thing(f"跟进：{line.case.unit.short_name}", "看看情况，办下一步。", url, "打开跟进", due)


def _case_due(due_on: date | None, today: date) -> str | None:
    if due_on is None:
        return None
    return f"{words.day(due_on)} {'到期，已过期限' if due_on < today else '以前办'}"


def _to_close(now: datetime) -> Iterator[Thing]:
    for round_ in results.waiting(reading(), me(), now):
        url = url_for("results.close", round_id=round_.id)
        yield Thing(f"“{round_.title}”可以月结了", "结了以后出报告，各单位的数字都从这里来。", url, "去月结")


def _set_up() -> Iterator[Thing]:
    if reading().scalar(select(Person.id).limit(1)) is None:
        url = url_for("roster.choose")
        yield Thing("先导入花名册", "把县里现有的花名册直接传上来，不用另填。", url, "导入花名册")
    elif me().has(Role.OFFICER) and not questions.shelves(reading(), me()):
        yield Thing(
            "建一个题库", "把现有的题目文件传上来，没看懂的会逐条列出。", url_for("questions.banks"), "去建题库"
        )


def _open_rounds(now: datetime) -> Iterator[Thing]:
    statement = quizzes.rounds(reading(), me()).where(Round.state == "published", Round.closes_at > now)
    for round_ in reading().scalars(statement.where(Round.opens_at <= now).limit(NAMED)):
        lines = running.board(reading(), round_.id, me().paths(Role.OFFICER, Role.CLERK))
        missing = sum(line.counts["waiting"] + line.counts["answering"] for line in lines)
        if missing:
            url = url_for("quizzes.people.missing", round_id=round_.id)
            due = f"{words.moment(round_.closes_at)} 截止"
            yield Thing(f"“{round_.title}”还有 {missing} 人没交卷", "名单里有电话，可以提醒一下。", url, "看名单", due)
    if me().has(Role.OFFICER) and roster.root(reading()):
        yield from _plan_next(now)


def _plan_next(now: datetime) -> Iterator[Thing]:
    unit, month = roster.root(reading()), clock.month(clock.day(now))
    if not me().covers(unit.path, Role.OFFICER):
        return
    planned = quizzes.round_of_month(reading(), unit.id, month)
    if planned is None:
        text = "题量、时间和标准都照上一轮填好，只改要改的。"
        yield Thing(f"设{words.month(month)}的测试", text, url_for("quizzes.plan"), "设一轮测试")
    elif planned.state == "draft":
        url = url_for("quizzes.round_", round_id=planned.id)
        yield Thing(f"核对并发布“{planned.title}”", "现在还是草稿，发布以后学员才看得到。", url, "打开草稿")
