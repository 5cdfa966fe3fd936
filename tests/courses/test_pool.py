"""Schools, 师资库 and the menu of courses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from school.audit import AuditLine
from school.courses import pool_queries
from school.courses.models import Course, NightSchool, Teacher
from tests import makers
from tests.makers import later

NAMES = select(NightSchool.name).order_by(NightSchool.id)


def new_school(unit, **values) -> dict:
    defaults = {"unit": unit.id, "track": "cadre", "name": "", "head": "", "place": "会议室"}
    return {**defaults, "opened_on": "2026-11-01", **values}


def test_a_clerk_opens_a_school_with_its_head(client, cast, db):
    answer = client.as_(cast.clerk).send("/courses/schools/new", **new_school(cast.town, head=cast.person.staff_no))

    school = db.scalars(select(NightSchool)).one()
    assert answer.location == "/courses/schools"
    assert (school.name, school.head_id, school.opened_on) == ("青杠镇干部夜校", cast.person.id, date(2026, 11, 1))


def test_a_unit_has_one_school_of_each_track(client, cast, db):
    browser = client.as_(cast.clerk)
    for track in ("cadre", "farmer", "cadre"):
        page = browser.send("/courses/schools/new", **new_school(cast.town, track=track))

    assert "青杠镇已经有一所干部夜校" in page.text
    assert db.scalars(NAMES).all() == ["青杠镇干部夜校", "青杠镇农民夜校"]


def test_a_head_must_hold_a_post_in_ones_units(client, cast, db):
    outsider = db.get_one(makers.Person, cast.outsider.person_id)

    page = client.as_(cast.clerk).send("/courses/schools/new", **new_school(cast.town, head=outsider.staff_no))

    assert "今天在您的单位没有任职" in page.text
    assert outsider.name not in page.text
    assert db.scalars(NAMES).all() == []


def test_a_first_secretary_lent_to_the_village_can_be_its_head(client, cast, db):
    secretary = makers.make_person(db, "杨第一书记", cast.county)
    makers.make_assignment(db, secretary, cast.village, kind="驻村", counts=False)

    client.as_(cast.clerk).send("/courses/schools/new", **new_school(cast.village, head=secretary.staff_no))

    assert db.scalars(select(NightSchool.head_id)).one() == secretary.id


def test_a_school_is_given_another_head_and_place_and_the_old_ones_are_kept(client, cast, db):
    school = makers.make_school(db, cast.town, head_id=cast.teacher.person_id)
    fields = {"name": "青杠镇夜校", "head": cast.person.staff_no, "place": "礼堂"}

    client.as_(cast.clerk).send(f"/courses/schools/{school.id}", **fields)

    line = db.scalars(select(AuditLine).where(AuditLine.deed == "change_school")).one()
    assert (school.head_id, school.place) == (cast.person.id, "礼堂")
    assert (line.before["head_id"], line.before["place"]) == (cast.teacher.person_id, "会议室")


def test_the_present_head_stays_even_when_they_have_left_the_unit(client, cast, db):
    school = makers.make_school(db, cast.town, head_id=cast.outsider.person_id)
    head = db.get_one(makers.Person, cast.outsider.person_id)

    client.as_(cast.clerk).send(f"/courses/schools/{school.id}", name="新名", head=head.staff_no, place="")

    assert (school.name, school.head_id) == ("新名", head.id)


def test_a_school_is_closed_with_a_date_and_stays_in_the_list(client, cast, db):
    """rules.md 40."""
    school = makers.make_school(db, cast.town, name="老夜校")
    browser = client.as_(cast.clerk)

    browser.send(f"/courses/schools/{school.id}/close", on="2026-12-01")

    assert school.closed_on == date(2026, 12, 1)
    assert "到 2026年12月1日 为止" in browser.get("/courses/schools").text


@pytest.mark.parametrize(("night_in_days", "closes"), [(10, True), (11, False), (20, False)])
def test_a_school_with_nights_planned_after_its_end_is_not_closed(client, cast, db, night_in_days, closes):
    school = makers.make_school(db, cast.town)
    makers.make_night(db, school, later(days=night_in_days))

    page = client.as_(cast.clerk).send(f"/courses/schools/{school.id}/close", on="2026-12-01")

    assert (school.closed_on is not None) is closes
    assert ("还安排着 1 次课" in page.text) is not closes


def test_a_school_is_not_closed_before_it_opened_nor_twice(client, cast, db):
    school = makers.make_school(db, cast.town)
    browser = client.as_(cast.clerk)

    assert "早于开办日期" in browser.send(f"/courses/schools/{school.id}/close", on="2019-12-01").text
    browser.send(f"/courses/schools/{school.id}/close", on="2026-12-01")
    assert "已经关闭过了" in browser.send(f"/courses/schools/{school.id}/close", on="2026-12-02").text


def test_a_teacher_of_the_roster_and_one_from_outside_are_added(client, cast, db):
    browser, fields = client.as_(cast.clerk), {"unit": cast.town.id, "kind": "土专家", "topics": "嫁接"}

    browser.send("/courses/teachers/new", **fields, name="何土专家", person="")
    browser.send("/courses/teachers/new", **fields, name="买买提·艾力", person=cast.person.staff_no)

    rows = db.scalars(select(Teacher).order_by(Teacher.id)).all()
    assert [(row.name, row.person_id) for row in rows] == [("何土专家", None), ("买买提·艾力", cast.person.id)]


def test_nobody_stands_in_a_pool_twice(client, cast, db):
    makers.make_teacher(db, cast.town, "何技术员")
    fields = {"unit": cast.town.id, "kind": "土专家", "name": "何技术员"}

    assert "已经在青杠镇的师资库里" in client.as_(cast.clerk).send("/courses/teachers/new", **fields).text


def test_a_course_is_put_on_the_menu_and_taken_off_it(client, cast, db):
    browser = client.as_(cast.officer)
    fields = {"unit": cast.county.id, "title": "花椒嫁接", "topic": "种植", "track": "farmer", "hours": "1.5"}

    browser.send("/courses/menu/new", **fields)
    course = db.scalars(select(Course)).one()
    assert (course.title, course.hours) == ("花椒嫁接", Decimal("1.5"))

    browser.send(f"/courses/menu/{course.id}/close", on="2026-11-20")
    assert course.closed_on == makers.TODAY
    assert pool_queries.offered_courses(db, (cast.town.path,), makers.TODAY) == []


def test_a_township_is_offered_its_own_teachers_and_the_countys_but_not_the_neighbours(db, cast):
    for name, unit in [("县里", cast.county), ("镇上", cast.town), ("村里", cast.village), ("邻乡", cast.other_town)]:
        makers.make_teacher(db, unit, name)

    names = [teacher.name for teacher in pool_queries.offered_teachers(db, (cast.town.path,), makers.TODAY)]
    assert names == ["县里", "镇上", "村里"]


@pytest.mark.parametrize("page", ["schools/{school}", "schools/{school}/close", "teachers/{teacher}/close"])
def test_what_belongs_to_another_township_is_not_there(client, cast, db, page):
    school, teacher = makers.make_school(db, cast.town), makers.make_teacher(db, cast.town)
    address = page.format(school=school.id, teacher=teacher.id)

    assert client.as_(cast.outsider).get(f"/courses/{address}").status_code == 404
    assert client.as_(cast.outsider).send(f"/courses/{address}", name="x", on="2026-12-01").status_code == 404
    assert (school.closed_on, teacher.closed_on) == (None, None)


def test_a_clerk_opens_no_school_in_another_township(client, cast, db):
    client.as_(cast.clerk).send("/courses/schools/new", **new_school(cast.other_town))

    assert db.scalars(NAMES).all() == []


@pytest.mark.parametrize("role", ["teacher", "learner", "committee", "auditor", "sysadmin"])
@pytest.mark.parametrize("page", ["schools", "teachers", "menu", "schools/new", "teachers/new", "menu/new"])
def test_only_officers_and_clerks_keep_schools_teachers_and_menu(client, cast, role, page):
    assert client.as_(getattr(cast, role)).get(f"/courses/{page}").status_code == 403


@pytest.mark.parametrize("page", ["schools", "teachers", "menu"])
def test_an_empty_list_says_what_to_do(client, cast, page):
    assert (
        f'href="/courses/{page}/new"'
        in client.as_(cast.clerk).get(f"/courses/{page}").text.partition('class="empty"')[2]
    )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("page", ["schools", "teachers", "menu"])
def test_a_list_asks_as_many_queries_for_one_row_as_for_three(client, cast, db, rows, page, count_queries):
    for number in range(rows):
        unit = makers.make_unit(db, f"村{number}", cast.town)
        makers.make_school(db, unit, head_id=makers.make_person(db, "校长", unit).id)
        makers.make_teacher(db, unit)
        db.add(Course(unit_id=unit.id, title="课", topic="防火", track="cadre", hours=Decimal(2)))
    browser = client.as_(cast.clerk)

    with count_queries() as sent:
        answer = browser.get(f"/courses/{page}")

    assert answer.text.count('role="rowheader"') == rows
    assert len([line for line in sent if line.startswith("SELECT")]) == 5


@pytest.mark.parametrize("page", ["schools/new", "teachers/new", "menu/new"])
def test_without_the_forms_token_nothing_is_added(client, cast, db, page):
    fields = {**new_school(cast.town), "name": "x", "kind": "土专家", "title": "x", "topic": "x", "hours": "2"}

    client.as_(cast.clerk).post(f"/courses/{page}", data=fields)

    assert [db.scalars(select(kind)).all() for kind in (NightSchool, Teacher, Course)] == [[], [], []]
