"""Planning, moving, calling off: the deeds and their pages."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from school import db as ground
from school.audit import AuditLine
from school.courses import actions
from school.courses.calendar import Outline
from school.courses.models import Course, CourseSession
from school.errors import Refused
from tests import makers
from tests.makers import NOW, ROOT, later

TITLES = select(CourseSession.title)
STARTS = select(CourseSession.starts_at).order_by(CourseSession.starts_at)


def outline(school, **values) -> Outline:
    return Outline(
        **{
            "school_id": school.id,
            "title": "防火条例",
            "kind": "集中授课",
            "place": "会议室",
            "hours": Decimal(2),
            **values,
        }
    )


def typed(school, **values) -> dict:
    """What a clerk types to plan a night next Wednesday."""
    defaults = {"school": school.id, "course": "", "title": "防火条例", "teacher": "", "kind": "集中授课", "place": ""}
    return {**defaults, "on": "2026-11-25", "at": "19:30", "hours": "2", "weeks": "1", **values}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(NOW.tzinfo)


def test_a_clerk_plans_a_night_at_the_schools_own_place(client, cast, db, school):
    answer = client.as_(cast.clerk).send("/courses/nights/plan", **typed(school))

    night = db.scalars(select(CourseSession)).one()
    assert answer.location == f"/courses/nights?school={school.id}"
    assert (night.title, night.place, night.state, night.hours) == ("防火条例", "会议室", "planned", Decimal(2))
    assert night.starts_at == utc("2026-11-25T19:30")


def test_a_course_from_the_menu_brings_its_title_and_hours(client, cast, db, school):
    course = Course(unit_id=cast.county.id, title="花椒嫁接", topic="种植", track="farmer", hours=Decimal("1.5"))
    db.add(course)
    db.flush()

    client.as_(cast.clerk).send("/courses/nights/plan", **typed(school, course=course.id, title="", hours=""))

    night = db.scalars(select(CourseSession)).one()
    assert (night.course_id, night.title, night.hours) == (course.id, "花椒嫁接", Decimal("1.5"))


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"title": ""}, "请写课题，或者从菜单里选一门课。"),
        ({"hours": ""}, "请填学时；从菜单选课的可以不填。"),
        ({"hours": "1.25"}, "以半学时为单位"),
        ({"hours": "0"}, "以半学时为单位"),
        ({"hours": "12.5"}, "以半学时为单位"),
        ({"hours": "NaN"}, "以半学时为单位"),
        ({"on": "2026-13-01"}, "日期"),
        ({"on": "2062-11-25"}, "日期离今天超过一年"),
        ({"at": ""}, "请填写开始时间"),
        ({"weeks": "27"}, "请填 1 到 26 周"),
        ({"weeks": "0"}, "请填 1 到 26 周"),
        ({"title": "长" * 121}, "最多 120 个字"),
        ({"kind": "开大会"}, "上课形式"),
    ],
)
def test_a_complaint_says_what_to_mend_and_plans_nothing(client, cast, db, school, given, complaint):
    page = client.as_(cast.clerk).send("/courses/nights/plan", **typed(school, **given))

    assert complaint in page.text
    assert "处要改" in page.text
    assert db.scalars(select(CourseSession)).all() == []


def test_without_a_place_anywhere_the_clerk_is_asked_for_one(client, cast, db, school):
    school.place = ""
    db.flush()

    page = client.as_(cast.clerk).send("/courses/nights/plan", **typed(school))

    assert "请填写在哪里上课" in page.text
    assert db.scalars(select(CourseSession)).all() == []


def test_a_weekly_series_is_shown_before_it_is_written(client, cast, db, school):
    browser = client.as_(cast.clerk)

    page = browser.send("/courses/nights/plan", **typed(school, weeks="3"))
    assert [
        day in page.text for day in ("11月25日（周三） 19:30", "12月2日（周三） 19:30", "12月9日（周三） 19:30")
    ] == [True] * 3
    assert db.scalars(STARTS).all() == []

    kept = ["2026-11-25", "2026-12-09"]
    browser.send("/courses/nights/plan", **typed(school, weeks="3", nights=kept, step="write"))
    assert db.scalars(STARTS).all() == [utc("2026-11-25T19:30"), utc("2026-12-09T19:30")]


def test_the_check_page_carries_everything_that_was_typed(client, cast, db, school):
    teacher = makers.make_teacher(db, cast.county)

    page = client.as_(cast.clerk).send("/courses/nights/plan", **typed(school, weeks="2", teacher=teacher.id)).text

    for name, value in typed(school, weeks="2", teacher=teacher.id).items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_going_back_from_the_check_page_keeps_what_was_typed(client, cast, db, school):
    page = client.as_(cast.clerk).send("/courses/nights/plan", **typed(school, weeks="3", title="护林", step="edit"))

    assert 'value="护林"' in page.text
    assert db.scalars(STARTS).all() == []


def test_writing_a_series_without_any_night_is_refused(client, cast, db, school):
    page = client.as_(cast.clerk).send("/courses/nights/plan", **typed(school, weeks="3", step="write"))

    assert "请至少勾选一天" in page.text


def test_a_clash_of_school_is_shown_and_written_only_when_meant(client, cast, db, school):
    makers.make_night(db, school, utc("2026-11-25T20:00"), title="护林")
    browser = client.as_(cast.clerk)
    fields = typed(school, place="礼堂", nights=["2026-11-25"])

    page = browser.send("/courses/nights/plan", **fields)
    assert "青杠镇干部夜校《护林》" in page.text
    assert "夜校相同" in page.text

    refused = browser.send("/courses/nights/plan", **fields, step="write")
    assert "撞期" in refused.text
    assert db.scalars(TITLES).all() == ["护林"]

    browser.send("/courses/nights/plan", **fields, step="write", anyway="y")
    assert sorted(db.scalars(TITLES)) == ["护林", "防火条例"]


def test_a_teacher_is_never_planned_twice_at_one_time(client, cast, db, school):
    teacher = makers.make_teacher(db, cast.county)
    other = makers.make_school(db, cast.village, "farmer", place="村活动室")
    makers.make_night(db, other, utc("2026-11-25T20:00"), teacher_id=teacher.id, title="护林")
    fields = typed(school, teacher=teacher.id, nights=["2026-11-25"], anyway="y", step="write")

    page = client.as_(cast.clerk).send("/courses/nights/plan", **fields)

    assert "教师不能同时在两处上课" in page.text
    assert db.scalars(TITLES).all() == ["护林"]


def test_one_person_in_two_pools_is_one_teacher(db, cast, school):
    here = makers.make_teacher(db, cast.town, person_id=cast.person.id)
    there = makers.make_teacher(db, cast.county, person_id=cast.person.id)
    other = makers.make_school(db, cast.other_town, place="礼堂")
    makers.make_night(db, other, NOW, teacher_id=there.id)

    with pytest.raises(Refused, match="教师不能同时在两处上课"):
        actions.plan_nights(db, outline(school, teacher_id=here.id), [NOW], anyway=True, by=ROOT, now=NOW)


def test_a_cancelled_night_stands_in_nobodys_way(db, school):
    makers.make_night(db, school, NOW, state="cancelled", cancel_reason="大雪封路")

    assert len(actions.plan_nights(db, outline(school), [NOW], anyway=False, by=ROOT, now=NOW)) == 1


def test_a_series_with_one_clash_writes_nothing(db, school):
    makers.make_night(db, school, later(days=7), title="护林")

    with pytest.raises(Refused, match="撞期"):
        actions.plan_nights(db, outline(school), [NOW, later(days=7)], anyway=False, by=ROOT, now=NOW)

    assert db.scalars(TITLES).all() == ["护林"]


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_school_holds_nights_from_its_opening_until_the_day_before_it_is_closed(db, cast, days, fits):
    school = makers.make_school(db, cast.town, opened_on=makers.TODAY, closed_on=makers.TODAY + timedelta(days=10))

    if fits:
        actions.plan_nights(db, outline(school), [later(days=days)], anyway=False, by=ROOT, now=NOW)
    else:
        with pytest.raises(Refused, match="没有开办"):
            actions.plan_nights(db, outline(school), [later(days=days)], anyway=False, by=ROOT, now=NOW)


def test_a_teacher_who_has_left_is_not_planned(db, cast, school):
    teacher = makers.make_teacher(db, cast.town, closed_on=makers.TODAY)

    with pytest.raises(Refused, match="请换一个教师"):
        actions.plan_nights(db, outline(school, teacher_id=teacher.id), [NOW], anyway=True, by=ROOT, now=NOW)


def test_a_clerk_cannot_plan_for_a_school_of_another_township(client, cast, db):
    foreign = makers.make_school(db, cast.other_town)

    page = client.as_(cast.clerk).send("/courses/nights/plan", **typed(foreign))

    assert db.scalars(TITLES).all() == []
    assert "处要改" in page.text or "还没有夜校" in page.text


@pytest.mark.parametrize("role", ["teacher", "learner", "committee", "auditor", "sysadmin"])
def test_only_officers_and_clerks_plan(client, cast, db, school, role):
    answer = client.as_(getattr(cast, role)).send("/courses/nights/plan", **typed(school))

    assert answer.status_code == 403
    assert db.scalars(TITLES).all() == []


def test_planning_without_the_forms_token_changes_nothing(client, cast, db, school):
    client.as_(cast.clerk).post("/courses/nights/plan", data=typed(school))

    assert db.scalars(TITLES).all() == []


def test_a_night_is_moved_and_the_old_time_stays_in_the_audit_log(client, cast, db, school):
    night = makers.make_night(db, school, later(days=1))

    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/move", on="2026-11-26", at="12:30", place="礼堂")

    line = db.scalars(select(AuditLine).where(AuditLine.deed == "move_night")).one()
    assert (night.starts_at, night.place) == (utc("2026-11-26T12:30"), "礼堂")
    assert (line.before["starts_at"], line.before["place"]) == (str(later(days=1)), "会议室")
    assert (line.after["starts_at"], line.after["place"]) == (str(utc("2026-11-26T12:30")), "礼堂")


def test_a_night_moved_by_an_hour_does_not_clash_with_itself(client, cast, db, school):
    night = makers.make_night(db, school, NOW)

    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/move", on="2026-11-20", at="21:00", place="会议室")

    assert night.starts_at == later(hours=1)


def test_a_night_moved_onto_another_is_refused_until_it_is_meant(client, cast, db, school):
    night = makers.make_night(db, school, NOW)
    makers.make_night(db, school, later(days=1), title="护林")
    browser, fields = client.as_(cast.clerk), {"on": "2026-11-21", "at": "20:00", "place": "会议室"}

    page = browser.send(f"/courses/nights/{night.id}/move", **fields)
    assert "《护林》撞期" in page.text
    assert night.starts_at == NOW

    browser.send(f"/courses/nights/{night.id}/move", **fields, anyway="y")
    assert night.starts_at == later(days=1)


def test_a_night_is_called_off_with_its_reason(client, cast, db, school):
    night = makers.make_night(db, school)

    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/cancel", reason="大雪封路")

    assert (night.state, night.cancel_reason) == ("cancelled", "大雪封路")
    assert "大雪封路" in client.as_(cast.clerk).get(f"/courses/nights/{night.id}").text


def test_calling_off_needs_a_reason(client, cast, db, school):
    night = makers.make_night(db, school)

    page = client.as_(cast.clerk).send(f"/courses/nights/{night.id}/cancel", reason="  ")

    assert "请写一句原因" in page.text
    assert night.state == "planned"


@pytest.mark.parametrize("state", [{"state": "held"}, {"state": "cancelled", "cancel_reason": "大雪封路"}])
@pytest.mark.parametrize(
    ("deed", "fields"), [("move", {"on": "2026-11-26", "at": "12:30"}), ("cancel", {"reason": "停电"})]
)
def test_what_was_held_or_called_off_is_neither_moved_nor_called_off(client, cast, db, school, state, deed, fields):
    night = makers.make_night(db, school, **state)

    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/{deed}", **fields)

    db.expire_all()
    assert (night.state, night.starts_at, night.cancel_reason) == (state["state"], NOW, state.get("cancel_reason", ""))


@pytest.mark.parametrize("deed", ["move", "cancel", "card", ""])
def test_a_night_of_another_township_is_not_there(client, cast, db, school, deed):
    night = makers.make_night(db, school, title="防火条例")

    page = client.as_(cast.outsider).get(f"/courses/nights/{night.id}/{deed}".rstrip("/"))

    assert page.status_code == 404
    assert "防火条例" not in page.text


def test_an_officer_recognises_the_hours_of_a_night(client, cast, db, school):
    night = makers.make_night(db, school, state="held")

    client.as_(cast.officer).send(
        f"/courses/nights/{night.id}/recognise", recognised_by="县委组织部", recognised_no="云组通〔2026〕12号"
    )

    assert (night.recognised_by, night.recognised_no) == ("县委组织部", "云组通〔2026〕12号")


def test_recognition_needs_body_and_number_together(client, cast, db, school):
    night = makers.make_night(db, school, state="held")

    page = client.as_(cast.officer).send(
        f"/courses/nights/{night.id}/recognise", recognised_by="县委组织部", recognised_no=""
    )

    assert "要一起填写" in page.text
    assert night.recognised_by == ""


def test_a_clerk_does_not_recognise_hours(client, cast, db, school):
    night = makers.make_night(db, school, state="held")

    answer = client.as_(cast.clerk).send(
        f"/courses/nights/{night.id}/recognise", recognised_by="镇政府", recognised_no="1号"
    )

    assert (answer.status_code, night.recognised_by) == (403, "")


def test_a_night_planned_for_a_past_day_waits_to_be_filled_in(client, cast, db, school):
    client.as_(cast.clerk).send("/courses/nights/plan", **typed(school, on="2026-11-18"))

    assert date(2026, 11, 18) == db.scalars(STARTS).one().date()
    assert "待补录" in client.as_(cast.clerk).get("/courses/nights").text


def test_two_planners_of_one_teacher_at_once_leave_one_night(engine, db, cast, school):
    """rules.md 14: the teacher's row is locked before the clash is looked for."""
    teacher = makers.make_teacher(db, cast.county)
    other = makers.make_school(db, cast.other_town, place="礼堂")
    outlines = [outline(school, teacher_id=teacher.id), outline(other, teacher_id=teacher.id)]
    db.commit()
    begin, refused = threading.Barrier(2), []

    def plan(wanted):
        begin.wait()
        try:
            with ground.writing(engine) as own:
                actions.plan_nights(own, wanted, [NOW], anyway=True, by=ROOT, now=NOW)
        except Refused as refusal:
            refused.append(refusal.message)

    threads = [threading.Thread(target=plan, args=(wanted,)) for wanted in outlines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert db.scalars(TITLES).all() == ["防火条例"]
