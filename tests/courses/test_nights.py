"""Lists of nights, the figures of a month, and one's own record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from school import clock
from school.access import Member
from school.courses import queries
from school.courses.figures import NightCount
from tests import makers
from tests.makers import NOW, ROOT, later

NOVEMBER = date(2026, 11, 1)


def listed(page: str) -> list[str]:
    """Titles of the nights on a list page, in order."""
    return [part.partition("<span>")[2].partition("</span>")[0] for part in page.split('data-label="课题"')[1:]]


def test_the_coming_nights_stand_first_then_the_past_the_latest_first(client, cast, db, school):
    for title, days in [("上月", -20), ("下周", 7), ("昨天", -1), ("今天", 0), ("明天", 1)]:
        makers.make_night(db, school, later(days=days), title=title)

    page = client.as_(cast.clerk).get("/courses/nights").text

    assert listed(page) == ["今天", "明天", "下周", "昨天", "上月"]


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ("month=2026-11-01", ["今天", "昨天", "停课"]),
        ("month=2026-12-01", ["下月"]),
        ("state=planned", ["今天", "下月", "昨天"]),
        ("state=due", ["昨天"]),
        ("state=held", ["开过"]),
        ("state=cancelled", ["停课"]),
        ("month=2026-10-01&state=held", ["开过"]),
        ("month=2026-10-01&state=cancelled", []),
        ("month=yesterday&state=hot", ["今天", "下月", "昨天", "停课", "开过"]),
    ],
)
def test_the_list_is_narrowed_by_month_and_state(client, cast, db, school, narrowed, titles):
    makers.make_night(db, school, later(days=-40), title="开过", state="held")
    makers.make_night(db, school, later(days=-2), title="停课", state="cancelled", cancel_reason="大雪封路")
    makers.make_night(db, school, later(days=-1), title="昨天")
    makers.make_night(db, school, NOW, title="今天")
    makers.make_night(db, school, later(days=20), title="下月")

    assert listed(client.as_(cast.clerk).get(f"/courses/nights?{narrowed}").text) == titles


def test_the_list_is_narrowed_by_school(client, cast, db, school):
    village = makers.make_school(db, cast.village, "farmer")
    makers.make_night(db, school, title="镇上")
    makers.make_night(db, village, title="村里")

    assert listed(client.as_(cast.clerk).get(f"/courses/nights?school={village.id}").text) == ["村里"]


def test_an_address_that_narrows_by_one_thing_complains_about_none_of_the_others(client, cast):
    assert "要改" not in client.as_(cast.clerk).get("/courses/nights?month=2026-11-01").text


def test_a_month_is_cut_on_the_countys_clock(db, school):
    """rules.md 7: 00:30 on 1 November in the county is still October in UTC."""
    makers.make_night(db, school, clock.at(NOVEMBER, clock.local(NOW).time().replace(hour=0, minute=30)), title="一号")

    titles = [night.title for night in db.scalars(queries.nights(ROOT, NOW, month=NOVEMBER))]
    assert titles == ["一号"]


@pytest.mark.parametrize(
    ("role", "titles"),
    [("officer", ["县", "镇", "村", "邻乡"]), ("clerk", ["镇", "村"]), ("teacher", ["村"]), ("outsider", ["邻乡"])],
)
def test_everybody_sees_the_nights_of_their_own_subtree(client, cast, db, role, titles):
    for title, unit in [("县", cast.county), ("镇", cast.town), ("村", cast.village), ("邻乡", cast.other_town)]:
        makers.make_night(db, makers.make_school(db, unit), title=title)

    assert listed(client.as_(getattr(cast, role)).get("/courses/nights").text) == titles


@pytest.mark.parametrize("role", ["learner", "committee", "auditor", "sysadmin"])
def test_who_has_no_school_has_no_list(client, cast, school, role):
    assert client.as_(getattr(cast, role)).get("/courses/nights").status_code == 403


def test_an_empty_list_says_what_to_do(client, cast):
    assert "先有夜校，再安排课次" in client.as_(cast.clerk).get("/courses/nights").text


def test_a_long_list_is_read_page_by_page_and_keeps_what_it_is_narrowed_to(client, cast, db, school):
    for number in range(51):
        makers.make_night(db, school, later(days=-number), title=f"第{number}课", state="held")

    page = client.as_(cast.clerk).get("/courses/nights?state=held&page=2").text

    assert listed(page) == ["第50课"]
    assert "/courses/nights?state=held&amp;page=1" in page


@pytest.mark.parametrize("nights", [1, 3])
def test_the_list_asks_as_many_queries_for_one_night_as_for_three(client, cast, db, school, nights, count_queries):
    for number in range(nights):
        teacher = makers.make_teacher(db, cast.town, f"教师{number}")
        makers.make_night(db, school, later(days=number), teacher_id=teacher.id)
    browser = client.as_(cast.clerk)

    with count_queries() as sent:
        page = browser.get("/courses/nights")

    assert page.status_code == 200
    assert len([line for line in sent if line.startswith("SELECT")]) == 6


@pytest.mark.parametrize("people", [1, 3])
def test_the_card_asks_as_many_queries_for_one_person_more_as_for_three(
    client, cast, db, school, people, count_queries
):
    night = makers.make_night(db, school)
    for _ in range(people):
        makers.make_attendance(db, night, makers.make_person(db, "新来", cast.town))
    browser = client.as_(cast.clerk)

    with count_queries() as sent:
        page = browser.get(f"/courses/nights/{night.id}/card")

    assert page.status_code == 200
    assert len([line for line in sent if line.startswith("SELECT")]) == 6


def test_a_night_shows_its_tally_and_what_was_done_to_it(client, cast, db, school):
    night = makers.make_night(db, school, state="held", head_count=4)
    makers.make_attendance(db, night, cast.person)
    makers.make_attendance(db, night, makers.make_person(db, "<b>王䶮</b>&", cast.town), "absent")

    page = client.as_(cast.clerk).get(f"/courses/nights/{night.id}").text

    assert "5（点名到课 1，名单以外 4）" in page
    assert "到 1 人，缺席 1 人" in page
    assert "&lt;b&gt;王䶮&lt;/b&gt;&amp;" in page


def test_next_nights_are_todays_then_the_unfinished_then_the_coming_week(db, cast, school):
    for title, days in [("前天", -2), ("今天", 0), ("明天", 1), ("七天后", 7), ("八天后", 8)]:
        makers.make_night(db, school, later(days=days), title=title)
    makers.make_night(db, school, later(hours=-2), title="登记过", state="held")

    assert [night.title for night in queries.next_nights(db, ROOT, None, NOW)] == ["今天", "前天", "明天", "七天后"]
    assert [night.title for night in queries.next_nights(db, ROOT, None, NOW, limit=2)] == ["今天", "前天"]


def test_next_nights_of_a_head_are_those_of_the_own_school(db, cast, school):
    school.head_id = cast.person.id
    makers.make_night(db, school, title="本校")
    makers.make_night(db, makers.make_school(db, cast.village), title="别校")
    head = Member(1, cast.person.id, "买买提·艾力")

    assert [night.title for night in queries.next_nights(db, head, cast.person.id, NOW)] == ["本校"]
    assert queries.next_nights(db, Member(2, None, "无名"), None, NOW) == []


@pytest.fixture
def november(db, cast, school):
    """Two schools' November: 4 nights and 1 night; 买买提 comes three times, to both schools."""
    village = makers.make_school(db, cast.village, "farmer", name="柏树村农民夜校")
    first = makers.make_night(db, school, state="held", hours=Decimal("1.5"), head_count=2)
    second = makers.make_night(db, school, later(days=-7), state="held")
    makers.make_night(db, school, later(days=-3), state="cancelled", cancel_reason="大雪封路")
    makers.make_night(db, school, later(days=3))
    third = makers.make_night(db, village, later(days=-1), state="held", head_count=20)
    makers.make_night(db, school, later(days=-30), state="held", head_count=99)
    makers.make_night(db, makers.make_school(db, cast.other_town), state="held", head_count=99)
    for night in (first, second, third):
        makers.make_attendance(db, night, cast.person)
    other = makers.make_person(db, "王䶮", cast.town)
    makers.make_attendance(db, first, other, "late")
    makers.make_attendance(db, second, other, "leave")
    makers.make_attendance(db, second, makers.make_person(db, "李强", cast.town), "absent")
    return village


def test_a_months_figures_are_four_different_numbers(db, cast, november):
    """期, 人次, 人数 and 学时 (design.md §3); leave and absence are no attendances."""
    assert queries.night_counts(db, cast.town.path, NOVEMBER) == NightCount(
        planned=5, held=3, cancelled=1, attendances=26, people=2, hours=Decimal("5.5")
    )


def test_figures_by_unit_are_those_of_the_units_own_schools(db, cast, november):
    assert queries.night_counts_by_unit(db, cast.town.path, NOVEMBER) == {
        cast.town.id: NightCount(planned=4, held=2, cancelled=1, attendances=5, people=2, hours=Decimal("3.5")),
        cast.village.id: NightCount(planned=1, held=1, cancelled=0, attendances=21, people=1, hours=Decimal(2)),
    }


def test_a_month_without_nights_has_zeros(db, cast, november):
    assert queries.night_counts(db, cast.town.path, date(2027, 2, 1)) == NightCount()
    assert queries.night_counts_by_unit(db, cast.town.path, date(2027, 2, 1)) == {}


def test_what_is_not_yet_recorded_is_neither_held_nor_cancelled(db, cast, november):
    found = queries.night_counts(db, cast.town.path, NOVEMBER)

    assert found.planned - found.held - found.cancelled == 1


def test_each_figure_opens_its_nights(client, cast, november, school):
    page = client.as_(cast.clerk).get("/courses/figures?month=2026-11-01").text

    held = f"/courses/nights?month=2026-11-01&amp;state=held&amp;school={school.id}"
    assert page.count(f'<a href="{held}">') == 4
    assert listed(client.as_(cast.clerk).get(held.replace("&amp;", "&")).text) == ["防火条例"] * 2
    assert "合计" in page
    assert "雪松乡" not in page


def test_figures_of_an_unknown_month_are_this_months(client, cast, november):
    assert "2026年11月夜校数字" in client.as_(cast.clerk).get("/courses/figures?month=0000").text


@pytest.mark.parametrize("role", ["learner", "committee", "auditor", "sysadmin"])
def test_figures_are_for_those_who_run_schools(client, cast, role):
    assert client.as_(getattr(cast, role)).get("/courses/figures").status_code == 403


def test_ones_own_record_shows_this_years_nights_and_credited_hours(client, cast, db, school):
    recognised = {"recognised_by": "县委组织部", "recognised_no": "云组通〔2026〕12号"}
    nights = [
        makers.make_night(
            db, school, later(days=-1), state="held", title="认可的课", hours=Decimal("1.5"), **recognised
        ),
        makers.make_night(db, school, later(days=-2), state="held", title="没认可的课"),
        makers.make_night(db, school, later(days=-400), state="held", title="去年的课", **recognised),
    ]
    for night in nights:
        makers.make_attendance(db, night, cast.person)

    page = client.as_(cast.learner).get("/courses/mine").text

    assert listed(page) == ["认可的课", "没认可的课"]
    assert "2026 年到课 2 次，记学时 1.5" in page


def test_ones_own_record_is_nobody_elses(client, cast, db, school):
    night = makers.make_night(db, school, state="held", title="私下的课")
    makers.make_attendance(db, night, cast.person)

    assert "私下的课" not in client.as_(cast.clerk).get("/courses/mine").text
    assert client.as_(cast.auditor).get("/courses/mine").status_code == 403


def test_what_was_taken_back_stands_in_no_record(client, cast, db, school):
    makers.make_attendance(db, makers.make_night(db, school, state="held"), cast.person, "unmarked")

    assert "今年还没有记录" in client.as_(cast.learner).get("/courses/mine").text
