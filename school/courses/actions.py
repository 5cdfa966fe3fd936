"""Deeds on nights: planned, moved, cancelled, recognised, and the session card. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from school import audit, clock, words
from school.access import Member, Role
from school.courses import card as cards
from school.courses import queries
from school.courses.attendance import TABLE
from school.courses.calendar import Clash, Outline
from school.courses.card import Card, Overtaken
from school.courses.models import Attendance, Course, CourseSession, NightSchool, Teacher
from school.errors import NotAllowed, Refused


def plan_nights(
    db: Session, outline: Outline, starts: Sequence[datetime], *, anyway: bool, by: Member, now: datetime
) -> list[CourseSession]:
    """Plan one night per start, all or none. Refused: what is closed by then, and clashes.

    A clash of place or school is overruled by `anyway`, a clash of teacher by nothing.
    """
    _lock(db, outline)
    for start in starts:
        _refuse_closed(db, outline, start)
    _refuse_clashes(queries.clashes(db, outline, starts), anyway)
    nights = [
        CourseSession(
            school_id=outline.school_id, course_id=outline.course_id, teacher_id=outline.teacher_id,
            title=outline.title, kind=outline.kind, place=outline.place, hours=outline.hours, starts_at=start,
        )
        for start in starts
    ]  # fmt: skip
    db.add_all(nights)
    for night in nights:
        audit.record(db, by, "plan_night", night, at=now, after=_plan_values(night))
    return nights


def move_night(
    db: Session, night: CourseSession, start: datetime, place: str, *, anyway: bool, by: Member, now: datetime
) -> None:
    """Move a planned night to another time or place; the old ones stay in the audit log. Refused: as for planning."""
    _refuse_unless_planned(night, "改期")
    outline = outline_of(night, place)
    _lock(db, outline)
    _refuse_closed(db, outline, start)
    _refuse_clashes(queries.clashes(db, outline, [start], moved=night.id), anyway)
    before = _plan_values(night)
    night.starts_at, night.place = start, place
    audit.record(db, by, "move_night", night, at=now, before=before, after=_plan_values(night))


def cancel_night(db: Session, night: CourseSession, reason: str, *, by: Member, now: datetime) -> None:
    """Call a planned night off, with the reason that stands in every list."""
    _refuse_unless_planned(night, "取消")
    night.state, night.cancel_reason = "cancelled", reason
    audit.record(db, by, "cancel_night", night, at=now, before={"state": "planned"}, after={"reason": reason})


def recognise_night(
    db: Session, night: CourseSession, recognised_by: str, recognised_no: str, *, by: Member, now: datetime
) -> None:
    """Write down, or take back with two empty texts, who recognised the hours of a night and under which 文号."""
    if bool(recognised_by) != bool(recognised_no):
        raise Refused("认可单位和文号要一起填写；要撤销认可，请把两项都清空。")
    before = {"by": night.recognised_by, "no": night.recognised_no}
    night.recognised_by, night.recognised_no = recognised_by, recognised_no
    after = {"by": recognised_by, "no": recognised_no}
    if before != after:
        audit.record(db, by, "recognise_night", night, at=now, before=before, after=after)


def record_card(
    db: Session, night: CourseSession, card: Card, *, client_key: str, seen_key: str, by: Member, now: datetime
) -> bool:
    """Fill in or correct a night's card; `night` is locked. False when this very card was already written.

    client_key: of this card, made when its page was; seen_key: of the card that page showed, "" for none. A card that
    was written in between is not overwritten blindly (Overtaken). Refused: before the night's day, a cancelled night,
    and after seven days everybody but an officer.
    """
    if night.client_key == client_key:
        return False
    check_card(night, by=by, now=now)
    _refuse_doubles(db, night, client_key, seen_key)
    first, before = night.recorded_at is None, card_values(db, night)
    _fill_in(night, card)
    if first:
        night.state, night.recorded_at, night.recorded_by = "held", now, by.name
        night.late_entry = cards.is_late_entry(night.starts_at, now)
    _call_roll(db, night, card, now)
    night.client_key = client_key
    after = card_values(db, night)
    if first:
        audit.record(db, by, "record_card", night, at=now, after=after | {"late_entry": night.late_entry})
    elif before != after:
        audit.record(db, by, "correct_card", night, at=now, before=before, after=after)
    return True


def check_card(night: CourseSession, *, by: Member, now: datetime) -> None:
    """Raise with the reason when the member, who may fill in the school's cards, cannot do so with this one now."""
    on = clock.day(night.starts_at)
    if night.state == "cancelled":
        raise Refused("这次课已经取消，不能登记。确实开了课的，请重新安排一次再登记。")
    if clock.day(now) < on:
        raise Refused(f"这次课排在{words.short_day(on)}，到那一天才能登记；提前上课的，请先改期。")
    if not cards.correctable(night.recorded_at, now) and not by.covers(night.school.unit.path, Role.OFFICER):
        raise NotAllowed("登记已经超过 7 天，只能由县级管理员更改。请把要改的内容告诉县级管理员。")


def outline_of(night: CourseSession, place: str) -> Outline:
    """What a night was planned as, at a place."""
    return Outline(night.school_id, night.title, night.kind, place, night.hours, night.course_id, night.teacher_id)


def card_values(db: Session, night: CourseSession) -> dict:
    """A card as it stands in the audit log: people by staff number, and the number of the table of values."""
    marks = {row.person.staff_no: row.value for row, _unit in queries.attendances(db, night.id).values()}
    return {
        "began": night.held_at,
        "title": night.title,
        "marks": dict(sorted(marks.items())),
        "values": TABLE,
        "head_count": night.head_count,
        "outcome": night.outcome,
        "request": night.request,
    }


def _fill_in(night: CourseSession, card: Card) -> None:
    night.held_at = clock.at(clock.day(night.starts_at), card.began)
    night.title, night.head_count = card.title, card.head_count
    night.outcome, night.request = card.outcome, card.request


def _call_roll(db: Session, night: CourseSession, card: Card, now: datetime) -> None:
    recorded = {person_id: row for person_id, (row, _unit) in queries.attendances(db, night.id).items()}
    units = {row.person.id: row.unit.id for row in queries.roll(db, night)}
    for person_id, value in cards.called(card, units, recorded).items():
        row = recorded.get(person_id)
        if row is None:
            row = Attendance(session_id=night.id, person_id=person_id, unit_id=units[person_id])
            db.add(row)
        if row.value != value:
            row.value, row.recorded_at = value, now
    db.flush()


def _refuse_doubles(db: Session, night: CourseSession, client_key: str, seen_key: str) -> None:
    if (night.client_key or "") != seen_key:
        raise Overtaken("您打开这一页以后，已经有人保存过这张课次卡。")
    if db.scalars(select(CourseSession.id).where(CourseSession.client_key == client_key)).first():
        raise Refused("这一页的编号已经用过，请重新打开课次卡再填。")


def _refuse_unless_planned(night: CourseSession, deed: str) -> None:
    if night.state == "held":
        raise Refused(f"这次课已经登记开课，不能{deed}。")
    if night.state == "cancelled":
        raise Refused(f"这次课已经取消，不能{deed}。需要时请重新安排一次。")


def _refuse_closed(db: Session, outline: Outline, start: datetime) -> None:
    on = clock.day(start)
    school = db.get_one(NightSchool, outline.school_id)
    if on < school.opened_on or (school.closed_on and on >= school.closed_on):
        raise Refused(f"{school.name}在{words.day(on)}没有开办，请换一所夜校或换一个日期。")
    for kind, row_id, word in ((Teacher, outline.teacher_id, "教师"), (Course, outline.course_id, "课程")):
        row = db.get(kind, row_id) if row_id else None
        if row and row.closed_on and on >= row.closed_on:
            raise Refused(f"所选{word}到{words.day(row.closed_on)}为止，请换一个{word}或换一个日期。")


def _refuse_clashes(found: dict[datetime, tuple[Clash, ...]], anyway: bool) -> None:
    clashes = [(start, clash) for start, of_night in found.items() for clash in of_night]
    standing = [(start, clash) for start, clash in clashes if clash.forbids or not anyway]
    if standing:
        start, clash = standing[0]
        remedy = (
            "教师不能同时在两处上课，请换教师或换时间。" if clash.forbids else "确实要这样安排的，请勾选“仍要安排”。"
        )
        raise Refused(f"{words.moment(start)} 与{clash.other.name}撞期（{'、'.join(clash.shared)}相同）。{remedy}")


def _lock(db: Session, outline: Outline) -> None:
    """Let two planners of one school or one teacher wait for each other, always in this order."""
    db.get(NightSchool, outline.school_id, with_for_update=True)
    if outline.teacher_id:
        db.get(Teacher, outline.teacher_id, with_for_update=True)


def _plan_values(night: CourseSession) -> dict:
    return {
        "school": night.school_id,
        "title": night.title,
        "place": night.place,
        "teacher": night.teacher_id,
        "starts_at": night.starts_at,
        "hours": night.hours,
    }
