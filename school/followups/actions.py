"""Deeds on cases: opening them from a closed month, moving them, planning a retest, entering the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from school import audit, clock
from school.access import Member
from school.errors import NotAllowed, Refused
from school.followups import case as rules
from school.followups import facts, queries
from school.followups.facts import Facts
from school.followups.models import CalendarDay, Case, Step
from school.followups.workdays import Calendar, Entry, add_working_days, working_days_late
from school.quizzes import actions as quizzes
from school.quizzes.drawn import Drawn
from school.quizzes.models import Round
from school.results import queries as results
from school.results.models import MonthResult

#: who signs what no person decides
CLOCKWORK = Member(None, None, "系统")
TAKEN = "这件跟进刚刚已由别人办理。请刷新页面，看看办到哪一步，再决定要不要继续。"


def open_cases(db: Session, result: MonthResult, *, by: Member, now: datetime) -> list[Case]:
    """A case for every unit whose shortfalls chance does not explain; returns those opened just now.

    However often and by however many it runs, a unit and round have one case. The result of a retest opens none: where it
    reaches the standard, the case that planned it is proposed for closing.
    """
    if result.round.repeats_id is not None:
        _read_retest(db, result, by=by, now=now)
        return []
    month = results.month(result)
    short = [unit for unit in month.units if facts.opens(unit)]
    streaks = queries.streaks(db, result, [unit.unit_id for unit in short])
    calendar = queries.calendar(db)
    found = [facts.facts_of(month, unit, streaks[unit.unit_id]) for unit in short]
    opened = [_open(db, result, each, by=by, now=now, calendar=calendar) for each in found]
    return [case for case in opened if case]


def _open(
    db: Session, result: MonthResult, found: Facts, *, by: Member, now: datetime, calendar: Calendar
) -> Case | None:
    due = add_working_days(clock.day(now), rules.STATES["opened"].days, calendar)
    case = Case(
        round_id=result.round_id, result_id=result.id, unit_id=found.unit.unit_id, state="opened",
        facts=facts.as_data(found), opened_at=now, due_on=due.on,
    )  # fmt: skip
    case.steps.append(Step(number=1, move="open", text=found.problem, signed_by=CLOCKWORK.name, taken_at=now))
    try:
        with db.begin_nested():
            db.add(case)
    except IntegrityError:
        return None
    audit.record(
        db, by, "open_case", case, at=now, after={"unit": found.unit.code, "problem": found.problem, "due_on": due.on}
    )
    return case


def _read_retest(db: Session, result: MonthResult, *, by: Member, now: datetime) -> None:
    waiting = select(Case).where(Case.retest_id == result.round_id, Case.state == "retesting")
    case = db.scalars(waiting.with_for_update()).one_or_none()
    unit = queries.unit_in(results.month(result), case.unit_id) if case else None
    if unit is None:
        return
    found = facts.from_data(case.facts)
    if facts.reaches(unit.counts, found.missed):
        text = facts.evidence(found, unit.counts)
        _sign(db, case, "propose", text, signer=CLOCKWORK, by=by, now=now, calendar=queries.calendar(db))


def move_case(
    db: Session,
    case: Case,
    move: str,
    text: str,
    *,
    by: Member,
    now: datetime,
    calendar: Calendar,
    until: date | None = None,
) -> Step:
    """Sign one move of a case. until: the last day of a waiver, or the day a retest is to be dealt with.

    NotAllowed: not theirs to do. Refused: it does not fit where the case stands, nothing is written, or somebody was faster.
    """
    _check(case, move, by=by, today=clock.day(now), calendar=calendar)
    if not text.strip():
        raise Refused(f"请写明内容再提交：{rules.ASKS[move]}")
    if move == "waive" and (until is None or until <= clock.day(now)):
        raise Refused("暂缓要有到期日，而且要在今天以后。请填写哪一天恢复办理。")
    if move == "retest" and until is None:
        raise Refused("请先填写复测的开放时间和截止时间。")
    return _sign(db, case, move, text.strip(), signer=by, by=by, now=now, calendar=calendar, until=until)


def _check(case: Case, move: str, *, by: Member, today: date, calendar: Calendar) -> None:
    now = queries.standing(case)
    signer = by.name if by.account_id is None else by.account_id
    if problem := rules.forbidden(now, move, rules.hats(by, case.unit.path), signer):
        raise NotAllowed(problem)
    if problem := rules.unfit(now, move, today, calendar):
        raise Refused(problem)


def _sign(
    db: Session, case: Case, move: str, text: str, *, signer: Member, by: Member, now: datetime, calendar: Calendar,
    until: date | None = None,
) -> Step:  # fmt: skip
    today, before = clock.day(now), {"state": case.state, "due_on": case.due_on}
    reached = rules.entered(queries.standing(case), move, today, calendar, until)
    step = Step(
        case_id=case.id, number=len(case.steps) + 1, move=move, text=text, account_id=signer.account_id,
        signed_by=signer.name, taken_at=now, was_due_on=case.due_on,
        days_late=working_days_late(case.due_on, today, calendar),
    )  # fmt: skip
    values = {
        "state": reached.state,
        "due_on": reached.due_on,
        "closed_at": now if reached.state == "closed" else None,
    }
    claimed = update(Case).where(Case.id == case.id, Case.state == before["state"]).values(**values)
    if not db.execute(claimed).rowcount:
        raise Refused(TAKEN)
    db.refresh(case, [*values])
    case.steps.append(step)
    after = {"move": move, "text": text, "days_late": step.days_late, **values}
    audit.record(db, by, "move_case", case, at=now, before=before, after=after)
    return step


def plan_retest(
    db: Session, case: Case, text: str, *, drawn: Drawn, opens_at: datetime, closes_at: datetime, everyone: bool, by: Member,
    now: datetime, calendar: Calendar,
) -> Round:  # fmt: skip
    """Publish a retest with unseen questions for the unit's people below the pass mark, or for all of them.

    drawn: its papers, as `queries.retest_drawn` assembled them before the transaction. Refused: as `called_to_retest` says,
    or what was drawn has been asked or retired since.
    """
    window = {"opens_at": opens_at, "closes_at": closes_at}
    called = called_to_retest(db, case, **window, everyone=everyone, by=by, now=now, calendar=calendar)
    retest = quizzes.plan_retest(db, case.round, case.unit, seed=drawn.seed, **window, by=by, now=now)
    quizzes.publish(db, retest, drawn=drawn, by=by, now=now, only=called)
    case.retest_id = retest.id
    due = add_working_days(clock.day(closes_at), rules.RETEST_DAYS, calendar)
    move_case(db, case, "retest", text, by=by, now=now, calendar=calendar, until=due.on)
    return retest


def called_to_retest(
    db: Session, case: Case, *, opens_at: datetime, closes_at: datetime, everyone: bool, by: Member, now: datetime,
    calendar: Calendar,
) -> list[int]:  # fmt: skip
    """Ids of the people a retest would call; asked before its papers are drawn, and once more when it is written.

    NotAllowed: not theirs to do. Refused: too short a window, nobody to call, or it does not fit where the case stands.
    """
    _check(case, "retest", by=by, today=clock.day(now), calendar=calendar)
    if closes_at - opens_at < timedelta(minutes=case.round.minutes):
        raise Refused(f"开放时间不能短于答题时间 {case.round.minutes} 分钟，请把截止时间往后移。")
    called = people_to_call(db, case, everyone=everyone)
    if not called:
        raise Refused("原测中没有低于合格线的人员，请选择“本单位全体应考人员”。")
    return called


def people_to_call(db: Session, case: Case, *, everyone: bool) -> list[int]:
    """Ids of the unit's people of the first test: all who were expected, or those below the pass mark."""
    latest = results.latest(db, case.round_id)
    unit = queries.unit_in(results.month(latest), case.unit_id)
    if unit is None:
        return []
    expected = [person.person_id for person in unit.people if person.state != "exempt"]
    return expected if everyone else facts.below_mark(unit)


def enter_days(db: Session, entries: Sequence[Entry], *, by: Member, now: datetime) -> int:
    """Enter or correct days of the county's calendar; returns how many changed. Due days already fixed stay as they are."""
    standing = {row.day: row for row in db.scalars(select(CalendarDay))}
    before, after = {}, {}
    for entry in entries:
        row = standing.get(entry.day)
        if row and (row.working, row.note) == (entry.working, entry.note):
            continue
        before[str(entry.day)] = None if row is None else row.working
        after[str(entry.day)] = entry.working
        db.merge(CalendarDay(day=entry.day, working=entry.working, note=entry.note))
    if after:
        audit.record(db, by, "enter_calendar", "calendar_day", at=now, before=before, after=after)
    return len(after)


def note_export(db: Session, title: str, format: str, *, by: Member, now: datetime) -> None:
    """Write down that somebody took the ledger away as a file."""
    audit.record(db, by, "export_ledger", "case", at=now, after={"title": title, "format": format})
