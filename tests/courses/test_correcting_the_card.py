"""The session card sent twice, by two, at once; and corrected later."""

from __future__ import annotations

import re
import threading
from datetime import time

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from school import db as ground
from school.audit import AuditLine
from school.courses import actions, queries
from school.courses.card import Card, Overtaken
from school.courses.models import Attendance, NightSchool
from school.errors import NotAllowed, Refused
from tests import makers
from tests.card_makers import KEY, OTHER_KEY, deeds, typed, values_of
from tests.makers import NOW, ROOT, later


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page)[1]


def test_sending_a_card_twice_changes_nothing_the_second_time(client, cast, db, night):
    """rules.md 44."""
    browser = client.as_(cast.clerk)
    browser.send(f"/courses/nights/{night.id}/card", **typed(f"{cast.person.id}:present"))

    again = browser.send(f"/courses/nights/{night.id}/card", **typed(f"{cast.person.id}:present"))

    assert again.location == f"/courses/nights/{night.id}"
    assert "没有重复登记" in browser.get(again.location).text
    assert deeds(db) == ["record_card"]
    assert db.scalar(select(func.count()).select_from(Attendance)) == 1


def test_a_card_delayed_on_its_way_does_not_undo_a_later_correction(client, cast, db, night):
    browser, url = client.as_(cast.clerk), f"/courses/nights/{night.id}/card"
    browser.send(url, **typed(head_count="5"))
    browser.send(url, **typed(head_count="6", key=OTHER_KEY, seen=KEY))

    late = browser.send(url, **typed(head_count="5"))

    assert (late.status_code, night.head_count) == (409, 6)


def test_of_two_trainers_the_second_sees_that_the_card_was_filled_in_and_may_insist(client, cast, db, night):
    url = f"/courses/nights/{night.id}/card"
    client.as_(cast.officer).send(url, **typed(head_count="5"))
    browser = client.as_(cast.clerk)

    page = browser.send(url, **typed(head_count="6", key=OTHER_KEY))
    assert (page.status_code, night.head_count) == (409, 5)
    assert "已经有人保存过这张课次卡" in page.text
    assert 'value="6"' in page.text

    browser.send(url, **typed(head_count="6", key=hidden(page.text, "client_key"), seen=hidden(page.text, "seen_key")))
    assert (night.head_count, deeds(db)) == (6, ["record_card", "correct_card"])


def test_a_key_of_another_night_is_refused(db, cast, school, night):
    makers.make_night(db, school, later(days=-7), state="held", client_key=KEY)

    with pytest.raises(Refused, match="请重新打开课次卡"):
        record(db, night)


def test_reopening_a_card_shows_what_was_recorded(client, cast, db, night):
    browser, url = client.as_(cast.clerk), f"/courses/nights/{night.id}/card"
    marks = (f"{cast.person.id}:present", f"{cast.teacher.person_id}:late")
    browser.send(url, **typed(*marks, complete="y", head_count="2", outcome="会用灭火器"))

    page = browser.get(url).text

    assert f'value="{cast.person.id}:present" checked' in page
    assert f'value="{cast.teacher.person_id}:late" selected' in page
    assert f'value="{cast.clerk.person_id}:present">' in page
    assert re.search(r"<input[^>]*checked[^>]*name=\"complete\"", page)
    assert 'value="20:05"' in page
    assert 'value="会用灭火器"' in page
    assert hidden(page, "seen_key") == KEY


def test_a_correction_keeps_before_and_after(client, cast, db, night):
    """rules.md 41."""
    url, staff_no = f"/courses/nights/{night.id}/card", cast.person.staff_no
    browser = client.as_(cast.clerk)
    browser.send(url, **typed(f"{cast.person.id}:present"))

    browser.send(url, **typed(f"{cast.person.id}:late", key=OTHER_KEY, seen=KEY))

    line = db.scalars(select(AuditLine).where(AuditLine.deed == "correct_card")).one()
    assert (line.before["marks"], line.after["marks"]) == ({staff_no: "present"}, {staff_no: "late"})
    assert line.actor == "镇联络员"


def test_a_correction_that_changes_nothing_leaves_no_line(client, cast, db, night):
    browser, url = client.as_(cast.clerk), f"/courses/nights/{night.id}/card"
    browser.send(url, **typed(head_count="5"))

    browser.send(url, **typed(head_count="5", key=OTHER_KEY, seen=KEY))

    assert deeds(db) == ["record_card"]


def test_who_is_unticked_later_stands_as_unmarked_and_is_not_deleted(client, cast, db, night):
    browser, url = client.as_(cast.clerk), f"/courses/nights/{night.id}/card"
    browser.send(url, **typed(f"{cast.person.id}:present"))

    browser.send(url, **typed(head_count="1", key=OTHER_KEY, seen=KEY))

    assert values_of(db, night) == {cast.person.id: "unmarked"}


@pytest.mark.parametrize(
    ("role", "days", "status"),
    [("clerk", 6, 302), ("clerk", 7, 403), ("officer", 7, 302), ("officer", 300, 302)],
)
def test_a_card_is_corrected_for_seven_days_and_then_by_an_officer(client, cast, db, night, now, role, days, status):
    """rules.md 41."""
    url = f"/courses/nights/{night.id}/card"
    client.as_(cast.clerk).send(url, **typed(head_count="5"))
    now(later(days=days))

    answer = client.as_(getattr(cast, role)).send(url, **typed(head_count="6", key=OTHER_KEY, seen=KEY))

    assert (answer.status_code, night.head_count) == (status, 6 if status == 302 else 5)


def test_a_correction_does_not_move_the_first_entry_nor_make_it_late(client, cast, db, night, now):
    url = f"/courses/nights/{night.id}/card"
    client.as_(cast.clerk).send(url, **typed(head_count="5"))
    now(later(days=3))

    client.as_(cast.officer).send(url, **typed(head_count="6", key=OTHER_KEY, seen=KEY))

    assert (night.recorded_at, night.recorded_by, night.late_entry) == (NOW, "镇联络员", False)


def test_the_unit_is_copied_onto_the_attendance_and_stays_after_a_transfer(client, cast, db, night):
    """rules.md 34."""
    url = f"/courses/nights/{night.id}/card"
    client.as_(cast.clerk).send(url, **typed(f"{cast.person.id}:present"))
    cast.person.assignments[0].until_on = makers.TODAY
    makers.make_assignment(db, cast.person, cast.other_town, from_on=makers.TODAY)

    row = db.scalars(select(Attendance)).one()
    page = client.as_(cast.clerk).get(url).text
    assert row.unit_id == cast.town.id
    assert f'value="{cast.person.id}:present" checked' in page


def card(**values) -> Card:
    defaults = {"began": time(20), "title": "防火条例", "marks": {}, "complete": False, "head_count": 5}
    return Card(**{**defaults, "outcome": "", "request": "", **values})


def record(db, night, key=KEY, seen="", **values) -> bool:
    return actions.record_card(db, night, card(**values), client_key=key, seen_key=seen, by=ROOT, now=NOW)


def test_somebody_elses_card_in_between_is_named(db, cast, night):
    record(db, night)

    with pytest.raises(Overtaken):
        record(db, night, key=OTHER_KEY)


def test_after_seven_days_only_an_officer_of_the_unit_corrects(db, cast, night):
    record(db, night)
    foreign = makers.Member(1, None, "邻县", grants=(makers.Grant(makers.Role.OFFICER, "/999/"),))

    with pytest.raises(NotAllowed):
        actions.check_card(night, by=foreign, now=later(days=7))


def test_the_same_card_sent_by_several_at_once_leaves_one_record(engine, db, cast, night):
    """rules.md 14, 33: the row is locked, and constraints stand behind it."""
    night_id, person_id = night.id, cast.person.id
    db.commit()
    begin, outcomes = threading.Barrier(6), []

    def send():
        begin.wait()
        with ground.writing(engine) as own:
            row = queries.night(own, night_id, ROOT, lock=True)
            outcomes.append(record(own, row, marks={person_id: "present"}))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False] * 5 + [True]
    assert (values_of(db, night), deeds(db)) == ({person_id: "present"}, ["record_card"])


def test_one_person_has_one_attendance_at_a_night(db, cast, night):
    """rules.md 33."""
    makers.make_attendance(db, night, cast.person)

    with pytest.raises(IntegrityError):
        makers.make_attendance(db, night, cast.person, "late")
    db.rollback()


def test_one_key_stands_on_one_card_only(db, cast, school):
    makers.make_night(db, school, client_key=KEY)

    with pytest.raises(IntegrityError):
        makers.make_night(db, school, client_key=KEY)
    db.rollback()


def test_a_school_in_use_cannot_be_deleted(db, cast, school, night):
    """rules.md 40."""
    with pytest.raises(IntegrityError):
        db.execute(delete(NightSchool))
    db.rollback()
