"""The trainer's session card: what it asks, what it records, and who may fill it in."""

from __future__ import annotations

import re

import pytest

from school.courses import queries
from tests import makers
from tests.card_makers import typed, values_of
from tests.makers import NOW, later


def test_the_card_asks_for_eight_things_at_most(client, cast, night):
    """Product law 1 (design.md §2)."""
    page = client.as_(cast.clerk).get(f"/courses/nights/{night.id}/card").text
    main = page.partition("<main")[2].partition("</main>")[0]
    controls = re.findall(r"<(?:input|select|textarea)[^>]*>", main)
    names = {re.search(r'name="([^"]+)"', tag)[1] for tag in controls if 'type="hidden"' not in tag}

    assert names == {"roll", "complete", "head_count", "began", "title", "outcome", "request"}


def test_the_roll_lists_the_units_people_in_roster_order_and_marks_nobody(client, cast, db, night):
    makers.make_person(db, "邻乡人", cast.other_town)
    page = client.as_(cast.clerk).get(f"/courses/nights/{night.id}/card").text.partition("<main")[2]

    names = ["买买提·艾力", "镇联络员", "村夜校校长"]
    assert sorted(names, key=page.index) == names
    assert "邻乡人" not in page
    assert "checked" not in page


def test_start_time_and_topic_are_filled_in_beforehand(client, cast, night):
    page = client.as_(cast.clerk).get(f"/courses/nights/{night.id}/card").text

    assert 'value="20:00"' in page
    assert 'value="防火条例"' in page


def test_a_card_records_who_came_when_it_began_and_what_came_of_it(client, cast, db, night):
    fields = typed(f"{cast.person.id}:present", "", head_count="3", outcome="会用灭火器", request="希望讲医保")

    answer = client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **fields)

    assert answer.location == f"/courses/nights/{night.id}"
    assert (night.state, night.held_at, night.head_count) == ("held", later(minutes=5), 3)
    assert (night.outcome, night.request) == ("会用灭火器", "希望讲医保")
    assert (night.recorded_at, night.recorded_by, night.late_entry) == (NOW, "镇联络员", False)
    assert values_of(db, night) == {cast.person.id: "present"}


def test_unmarked_people_are_not_absent(client, cast, db, night):
    """rules.md 35."""
    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(f"{cast.person.id}:present"))

    assert list(values_of(db, night)) == [cast.person.id]


def test_absence_is_written_when_the_trainer_says_the_roll_is_done(client, cast, db, night):
    """rules.md 35."""
    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(f"{cast.person.id}:leave", complete="y"))

    values = values_of(db, night)
    assert values.pop(cast.person.id) == "leave"
    assert set(values.values()) == {"absent"}
    assert set(values) == {cast.clerk.person_id, cast.teacher.person_id}


def test_the_list_beside_a_tick_wins(client, cast, db, night):
    person = cast.person.id

    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(f"{person}:present", f"{person}:late"))

    assert values_of(db, night) == {person: "late"}


def test_tick_everybody_ticks_everybody_but_those_marked_otherwise_and_saves_nothing(client, cast, db, night):
    page = (
        client.as_(cast.clerk)
        .send(f"/courses/nights/{night.id}/card", **typed(f"{cast.person.id}:leave", title="改过的课题", step="all"))
        .text
    )

    assert page.count("checked") == 2
    assert f'value="{cast.person.id}:leave" selected' in page
    assert "改过的课题" in page
    assert (night.state, values_of(db, night)) == ("planned", {})


def test_the_enter_key_saves_and_does_not_tick_everybody(client, cast, night):
    page = client.as_(cast.clerk).get(f"/courses/nights/{night.id}/card").text
    form = page.partition("<main")[2].partition("csrf_token")[2]

    assert re.search(r"<button[^>]*>([^<]*)", form)[1] == "保存"
    assert 'name="step"' not in re.search(r"<button[^>]*>", form)[0]


def test_a_mark_for_somebody_of_another_township_is_dropped(client, cast, db, night):
    marks = (f"{cast.outsider.person_id}:present", f"{cast.person.id}:present")

    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(*marks))

    assert list(values_of(db, night)) == [cast.person.id]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (typed(), "一个人也没有来的，人数填 0"),
        (typed(head_count="-1"), "请填 0 到 9999 的整数"),
        (typed(head_count="很多"), "整数"),
        (typed(head_count="5", began=""), "请填写开始时间"),
        (typed(head_count="5", title=""), "请填写这一项"),
        (typed(head_count="5", outcome="长" * 301), "最多 300 个字"),
        (typed("7:hero"), "名单没有读懂"),
        (typed("²:present"), "名单没有读懂"),
        (typed(head_count="5", key="short"), "请重新打开这一页再填"),
    ],
)
def test_a_card_that_is_not_right_says_so_and_records_nothing(client, cast, db, night, fields, complaint):
    page = client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **fields)

    assert complaint in page.text
    assert (night.state, values_of(db, night)) == ("planned", {})


def test_a_night_to_which_nobody_came_is_recorded_with_zero(client, cast, db, night):
    client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(head_count="0"))

    assert (night.state, night.head_count) == ("held", 0)


def test_a_card_without_the_forms_token_records_nothing(client, cast, db, night):
    client.as_(cast.clerk).post(f"/courses/nights/{night.id}/card", data=typed(head_count="5"))

    assert night.state == "planned"


def test_a_farmer_school_counts_heads_first_and_may_call_its_cadres_too(client, cast, db):
    school = makers.make_school(db, cast.village, "farmer")
    night = makers.make_night(db, school)
    browser = client.as_(cast.teacher)

    page = browser.get(f"/courses/nights/{night.id}/card").text
    assert page.index("来了多少群众") < page.index("干部点名")

    browser.send(f"/courses/nights/{night.id}/card", **typed(f"{cast.teacher.person_id}:present", head_count="23"))
    assert (night.head_count, values_of(db, night)) == (23, {cast.teacher.person_id: "present"})


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("officer", 200), ("clerk", 200), ("teacher", 200), ("learner", 404),
        ("committee", 404), ("auditor", 403), ("sysadmin", 403), ("outsider", 404),
    ],
)  # fmt: skip
def test_who_may_fill_in_a_village_schools_card(client, cast, db, role, status):
    night = makers.make_night(db, makers.make_school(db, cast.village, "farmer"))

    assert client.as_(getattr(cast, role)).get(f"/courses/nights/{night.id}/card").status_code == status


def test_a_teacher_of_the_village_has_nothing_to_do_with_the_townships_school(client, cast, night):
    assert client.as_(cast.teacher).get(f"/courses/nights/{night.id}/card").status_code == 404


def test_the_head_of_a_school_fills_in_its_cards_without_any_role(client, cast, db, school, night):
    school.head_id = cast.person.id
    other = makers.make_night(db, makers.make_school(db, cast.village, "farmer"))
    browser = client.as_(cast.learner)

    browser.send(f"/courses/nights/{night.id}/card", **typed(head_count="4"))

    assert (night.state, night.recorded_by) == ("held", "买买提·艾力")
    assert browser.get(f"/courses/nights/{other.id}/card").status_code == 404
    assert "防火条例" in browser.get("/courses/nights").text


def test_a_school_without_a_head_is_not_headed_by_an_account_without_a_person(db, cast, night):
    nobody = makers.Member(1, None, "无名")

    assert db.scalars(queries.nights(nobody, NOW)).all() == []


def test_a_card_is_not_filled_in_before_its_day(client, cast, db, school):
    night = makers.make_night(db, school, later(hours=4))

    page = client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(head_count="5"))

    assert (page.status_code, night.state) == (409, "planned")
    assert "到那一天才能登记" in page.text


def test_a_cancelled_night_has_no_card(client, cast, db, school):
    night = makers.make_night(db, school, state="cancelled", cancel_reason="大雪封路")

    page = client.as_(cast.clerk).send(f"/courses/nights/{night.id}/card", **typed(head_count="5"))

    assert (page.status_code, night.state) == (409, "cancelled")


def test_an_entry_after_the_nights_day_is_marked_as_late(client, cast, db, night, now):
    now(later(hours=4))
    browser = client.as_(cast.clerk)

    page = browser.send(f"/courses/nights/{night.id}/card", **typed(head_count="5"))

    assert (night.late_entry, night.held_at) == (True, later(minutes=5))
    assert "补录" in browser.get(page.location).text


def test_who_joined_after_the_night_is_not_on_its_roll(client, cast, db, school, now):
    """rules.md 27."""
    night = makers.make_night(db, school, later(days=-1))
    newcomer = makers.make_person(db, "新来的")
    makers.make_assignment(db, newcomer, cast.town, from_on=makers.TODAY)

    assert "新来的" not in client.as_(cast.clerk).get(f"/courses/nights/{night.id}/card").text


def test_a_crowd_is_counted_by_head_only(db, cast, school, night, monkeypatch):
    monkeypatch.setattr(queries, "ROLL_MOST", 2)
    makers.make_attendance(db, night, cast.person)

    assert [row.person.name for row in queries.roll(db, night)] == ["买买提·艾力"]
