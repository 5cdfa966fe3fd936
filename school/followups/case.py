"""The states of a case, who may take it from one to the next, and by when. Pure.

    state                    whose turn   due (working days)  the move it waits for → next state
    opened     待说明情况     clerk        3                   explain → explained; overdue, an officer may decide without
    explained  待研究决定     officer      5                   no_action → closed; remind, bulletin → planning; talk → talking
    talking    待工作约谈     officer      10                  hold_talk → planning
    planning   待报整改措施   clerk        5                   plan → rectifying
    rectifying 整改中         clerk        20                  report → rectified
    rectified  待安排复测     officer      5                   retest → retesting
    retesting  复测中         officer      5 after the window  propose (by itself when the standard is reached); send_back → rectifying
    proposed   待销号         officer      5                   close → closed; send_back → rectifying
    objected   复核中         officer      5                   answer → back; uphold → closed
    waived     暂缓办理       officer      day of expiry       resume → back
    closed     已办结         nobody       none                final; reopen → opened

From any open state but objected: object (clerk) and waive (officer, with somebody in charge and an expiry; not twice at once).
From rectified an officer may also propose or send back, with a reason. Who is meant: clerk = 联络员 of the unit's subtree,
officer = 管理员 of a subtree above the unit.

Clocks (rules.md 52). A due day is fixed when its state is entered; lateness is frozen into the step that leaves it. An objection
or a waiver stops the clock: going back gives the state it interrupted its full time again, counted from that day; a waiver
interrupted by an objection keeps its expiry and a retest its day. Reopening starts everything anew.

Hands. Whoever spoke for the unit (explained, planned, reported, objected) never signs what closes the case. A first month never
offers a talk: one month in a row → 关注, two → 建议约谈, three and more → 提请研究 (domain.md §2.5); people decide, and say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from school.access import Member, Role
from school.followups.workdays import Calendar, add_working_days, working_days_late

#: the state a move without one of its own goes back to: the one below
BACK = ""


@dataclass(frozen=True)
class State:
    """A state in words. kind: shape of the mark on pages; turn: who acts; days: working days given; asks: moves it waits for."""

    text: str
    kind: str
    turn: Role | None = None
    days: int | None = None
    asks: tuple[str, ...] = ()


#: whose turn, in words
TURNS = {Role.CLERK: "单位联络员", Role.OFFICER: "上级管理员"}
DECISIONS = ("no_action", "remind", "talk", "bulletin")

STATES = {
    "opened": State("待说明情况", "waiting", Role.CLERK, 3, ("explain",)),
    "explained": State("待研究决定", "open", Role.OFFICER, 5, DECISIONS),
    "talking": State("待工作约谈", "open", Role.OFFICER, 10, ("hold_talk",)),
    "planning": State("待报整改措施", "waiting", Role.CLERK, 5, ("plan",)),
    "rectifying": State("整改中", "open", Role.CLERK, 20, ("report",)),
    "rectified": State("待安排复测", "open", Role.OFFICER, 5, ("retest",)),
    "retesting": State("复测中", "open", Role.OFFICER, None, ("propose", "send_back")),
    "proposed": State("待销号", "open", Role.OFFICER, 5, ("close", "send_back")),
    "objected": State("复核中", "notice", Role.OFFICER, 5, ("answer", "uphold")),
    "waived": State("暂缓办理", "off", Role.OFFICER, None, ("resume",)),
    "closed": State("已办结", "done"),
}
OPEN = tuple(name for name in STATES if name != "closed")
STEADY = tuple(name for name in OPEN if name not in ("objected", "waived"))
#: working days after a retest's window within which its result is to be dealt with
RETEST_DAYS = 5


@dataclass(frozen=True)
class Move:
    """A move in words. deed: the words on its button; by: who may; to: next state, BACK for the one below.

    holds: the state left waits below and comes back.  ends: closes the case.
    """

    text: str
    deed: str
    by: Role | None
    sources: tuple[str, ...]
    to: str
    holds: bool = False
    ends: bool = False


MOVES = {
    "open": Move("触发提示", "", None, (), "opened"),
    "explain": Move("单位说明情况", "提交说明", Role.CLERK, ("opened",), "explained"),
    "no_action": Move("不处理，办结", "办结，不作处理", Role.OFFICER, ("opened", "explained"), "closed", ends=True),
    "remind": Move("提醒", "作出提醒", Role.OFFICER, ("opened", "explained"), "planning"),
    "talk": Move("工作约谈", "决定约谈", Role.OFFICER, ("opened", "explained"), "talking"),
    "bulletin": Move("列入情况通报", "列入情况通报", Role.OFFICER, ("opened", "explained"), "planning"),
    "hold_talk": Move("登记约谈情况", "登记约谈情况", Role.OFFICER, ("talking",), "planning"),
    "plan": Move("报整改措施", "提交整改措施", Role.CLERK, ("planning",), "rectifying"),
    "report": Move("报告整改完成", "报告整改完成", Role.CLERK, ("rectifying",), "rectified"),
    "retest": Move("安排复测", "安排复测", Role.OFFICER, ("rectified",), "retesting"),
    "propose": Move("建议销号", "建议销号", Role.OFFICER, ("rectified", "retesting"), "proposed"),
    "send_back": Move("继续整改", "退回继续整改", Role.OFFICER, ("rectified", "retesting", "proposed"), "rectifying"),
    "close": Move("销号", "签字销号", Role.OFFICER, ("proposed",), "closed", ends=True),
    "object": Move("申请复核", "提交复核申请", Role.CLERK, (*STEADY, "waived"), "objected", holds=True),
    "answer": Move("复核答复：维持", "答复：维持原意见", Role.OFFICER, ("objected",), BACK),
    "uphold": Move("复核成立，办结", "复核成立，办结", Role.OFFICER, ("objected",), "closed", ends=True),
    "waive": Move("暂缓办理", "暂缓办理", Role.OFFICER, STEADY, "waived", holds=True),
    "resume": Move("恢复办理", "恢复办理", Role.OFFICER, ("waived",), BACK),
    "reopen": Move("重新办理", "重新办理", Role.OFFICER, ("closed",), "opened"),
}  # fmt: skip
#: what to write with each move, as the form says it
ASKS = {
    "explain": "写清楚当月的实际情况，如抢险值守、人员调动、培训冲突。",
    "no_action": "写明不处理的理由。",
    "remind": "写明提醒的内容和理由。",
    "talk": "写明约谈的事由、依据文件和约谈人。",
    "bulletin": "写明列入情况通报的理由和依据文件。",
    "hold_talk": "写明时间、地点、参加人、谈话要点和单位的说明。",
    "plan": "一页以内：学什么、谁负责、什么时候学完。",
    "report": "写明做了什么、哪些人参加、薄弱专题补得怎样。",
    "retest": "写给单位的话，例如复测的地点和纸质答卷的安排。",
    "propose": "写明建议销号的依据；没有复测的，写明理由。",
    "send_back": "写明还差在哪里、怎么补。",
    "close": "写明核实的情况。",
    "object": "写明对哪项数字或决定有不同意见，理由是什么。",
    "answer": "逐条答复单位提出的意见。",
    "uphold": "写明哪一条成立、据此办结。",
    "waive": "写明暂缓的理由，例如防汛抢险、机构调整。",
    "resume": "写明恢复办理的考虑。",
    "reopen": "写明重新办理的理由。期限从今天起重新计算。",
}
#: moves with which a person speaks for the unit
UNIT_MOVES = frozenset(name for name, move in MOVES.items() if move.by is Role.CLERK)


@dataclass(frozen=True)
class Signed:
    """What a stored step says to the rules. signer: account id, or the name where there is none; empty for the clockwork."""

    move: str
    signer: int | str
    was_due_on: date | None = None


@dataclass(frozen=True)
class Held:
    """A state that is entered or waits below; due_on of a waiting one is the day it had when it was interrupted."""

    state: str
    due_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where a case stands. held: the present state last, those it interrupted below it; spoke: signers for the unit;
    streak: consecutive closed months the unit fell short, this one included."""

    held: tuple[Held, ...]
    spoke: frozenset[int | str]
    streak: int

    @property
    def state(self) -> str:
        """Where the case stands now; what waits below comes back later."""
        return self.held[-1].state

    @property
    def due_on(self) -> date | None:
        """By when this state is to be left; None where nobody is waited for."""
        return self.held[-1].due_on


def standing(history: Iterable[Signed], due_on: date | None, streak: int) -> Standing:
    """Where its signed steps (the opening first) have brought a case whose present due day is `due_on`."""
    held: tuple[Held, ...] = ()
    spoke = set()
    for step in history:
        held = _moved(held, step.move, step.was_due_on)
        if step.move in UNIT_MOVES:
            spoke.add(step.signer)
    return Standing((*held[:-1], replace(held[-1], due_on=due_on)), frozenset(spoke), streak)


def _moved(held: tuple[Held, ...], move: str, was_due_on: date | None) -> tuple[Held, ...]:
    rule = MOVES[move]
    if rule.to == BACK:
        return held[:-1]
    if rule.holds:
        return (*held[:-1], replace(held[-1], due_on=was_due_on), Held(rule.to))
    return (Held(rule.to),)


def entered(now: Standing, move: str, today: date, calendar: Calendar, until: date | None = None) -> Held:
    """The state a move leads to, with its due day, fixed today; a closed case has none.

    until: the day given for it (expiry of a waiver, end of a retest), where the state has no days of its own.
    """
    reached = _moved(now.held, move, now.due_on)[-1]
    days = STATES[reached.state].days
    if days is not None:
        return replace(reached, due_on=add_working_days(today, days, calendar).on)
    return replace(reached, due_on=until or reached.due_on)


def hats(member: Member, path: str) -> frozenset[Role]:
    """In which roles a member may act on the case of the unit at `path`: for it (clerk) or over it (officer)."""
    found = set()
    if member.covers(path, Role.CLERK):
        found.add(Role.CLERK)
    if member.covers(superior(path), Role.OFFICER):
        found.add(Role.OFFICER)
    return frozenset(found)


def superior(path: str) -> str:
    """The path of the unit above, whose officers decide: "/1/5/" -> "/1/"; the county decides on itself."""
    parts = path.strip("/").split("/")
    return path if len(parts) < 2 else "/" + "/".join(parts[:-1]) + "/"


def unfit(now: Standing, move: str, today: date, calendar: Calendar) -> str:
    """Why a move does not fit where the case stands, as a sentence; empty when it does."""
    if now.state not in MOVES[move].sources:
        return (
            f"这件跟进现在是“{STATES[now.state].text}”，不能办理“{MOVES[move].text}”。请刷新页面，看看刚才办到哪一步。"
        )
    if now.state == "opened" and move in DECISIONS and not working_days_late(now.due_on, today, calendar):
        return "单位说明情况的期限还没有过，请等单位说明以后再作决定。"
    if move == "talk" and now.streak < 2:
        return "单独一个月没有达到标准，不作约谈。请选择不处理、提醒或列入情况通报。"
    return ""


def forbidden(now: Standing, move: str, roles: Iterable[Role], signer: int | str) -> str:
    """Why this person may not sign the move, as a sentence; empty when they may."""
    wanted = MOVES[move].by
    if wanted is None or wanted not in roles:
        return f"“{MOVES[move].text}”由{TURNS.get(wanted, '系统')}办理，您的账号没有这项职责。"
    if MOVES[move].ends and signer in now.spoke:
        return "说明情况、报告整改的人不能自己办结。请由另一位管理员核实后签字。"
    return ""


def open_to(
    now: Standing, roles: Iterable[Role], signer: int | str, today: date, calendar: Calendar
) -> tuple[str, ...]:
    """Every move this person may make now, in the order of MOVES."""
    roles = tuple(roles)
    return tuple(
        name for name in MOVES if not unfit(now, name, today, calendar) and not forbidden(now, name, roles, signer)
    )


def awaited(state: str, moves: Sequence[str]) -> tuple[str, ...]:
    """Of the moves open to a person, those for the main form: what the state waits for, or decisions once it is overdue."""
    asked = tuple(name for name in moves if name in STATES[state].asks)
    return asked or tuple(name for name in moves if name in DECISIONS)


def streak(short: Iterable[bool]) -> int:
    """Closed months in a row in which a unit fell short, the latest month first: [True, True, False, True] -> 2."""
    count = 0
    for fell_short in short:
        if not fell_short:
            break
        count += 1
    return count


def suggestion(months: int) -> str:
    """What the county's default suggests after so many months in a row; a person decides."""
    return ("关注", "建议约谈", "提请研究")[min(max(months, 1), 3) - 1]
