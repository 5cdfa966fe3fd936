from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from school.access import Role
from school.accounts.models import GrantedRole
from school.followups import actions
from school.followups.models import CalendarDay, Case
from school.results.figures import Shortfall
from school.roster.models import Person
from tests import figures_makers, makers
from tests.makers import LONG_AGO, later


@pytest.fixture
def town_case(db, cast):
    case = makers.make_case(db, cast.county, cast.town)
    db.commit()
    return case


def path(case: Case, rest: str = "") -> str:
    return f"/followups/{case.id}{rest}"


@pytest.mark.parametrize("who", ["officer", "clerk", "committee"])
def test_the_ledger_shows_state_turn_and_due_day(client, cast, town_case, who):
    page = client.as_(getattr(cast, who)).get("/followups").text

    for words in ("青杠镇", "平均72.50分（实考24人），标准80分", "待说明情况", "单位联络员", "2026年11月25日"):
        assert words in page


def test_the_ledger_and_the_case_of_another_township_are_not_there(client, cast, town_case):
    browser = client.as_(cast.outsider)

    assert "青杠镇" not in browser.get("/followups").text
    assert browser.get(path(town_case)).status_code == 404
    assert browser.get(path(town_case, "/object")).status_code == 404
    assert browser.send(path(town_case), move="explain", text="x").status_code == 404


@pytest.mark.parametrize("who", ["learner", "teacher", "auditor", "sysadmin"])
def test_follow_ups_are_no_business_of_others(client, cast, town_case, who):
    browser = client.as_(getattr(cast, who))

    assert [browser.get(url).status_code for url in ("/followups", path(town_case), "/followups/reminders")] == [
        403
    ] * 3


@pytest.mark.parametrize(
    ("show", "names"),
    [("open", ["青杠镇", "柏树村"]), ("overdue", ["柏树村"]), ("closed", ["雪松乡"]),
     ("all", ["青杠镇", "柏树村", "雪松乡"]), ("x", ["青杠镇", "柏树村"])],
)  # fmt: skip
def test_the_ledger_can_be_narrowed(client, cast, db, show, names):
    makers.make_case(db, cast.county, cast.town)
    makers.make_case(db, cast.county, cast.village, at=later(days=-10))
    makers.make_case(db, cast.county, cast.other_town, "explain", "no_action")

    page = client.as_(cast.officer).get(f"/followups?show={show}").text

    assert [name for name in ("青杠镇", "柏树村", "雪松乡") if f">{name}<" in page] == names


@pytest.mark.parametrize("show", ["open", "overdue", "closed", "all"])
def test_an_empty_ledger_says_what_to_do(client, cast, show):
    assert 'class="empty"' in client.as_(cast.officer).get(f"/followups?show={show}").text


@pytest.mark.parametrize("cases", [1, 3])
def test_the_ledger_asks_as_many_queries_for_one_case_as_for_three(client, cast, db, cases, count_queries):
    for _ in range(cases):
        makers.make_case(db, cast.county, cast.town, "explain")
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        assert browser.get("/followups").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 7


def test_the_clerk_explains_and_the_officer_decides_each_with_one_form(client, cast, town_case):
    clerk, officer = client.as_(cast.clerk), client.as_(cast.officer)
    assert "提交说明" in clerk.get(path(town_case)).text
    assert "现在请您办理" not in officer.get(path(town_case)).text

    clerk.send(path(town_case), move="explain", text="当晚防火值守，6 人没有赶上。")
    page = officer.get(path(town_case)).text
    assert "当晚防火值守" in page
    assert [words in page for words in ("不处理，办结", "列入情况通报", "工作约谈", "系统提示：<strong>关注")] == [
        True,
        True,
        False,
        True,
    ]
    assert "现在请您办理" not in clerk.get(path(town_case)).text

    answer = officer.send(path(town_case), move="remind", text="请在十二月补学。")
    assert answer.location == path(town_case)
    assert (town_case.state, [step.signed_by for step in town_case.steps]) == (
        "planning",
        ["系统", "镇联络员", "县管理员"],
    )


def test_a_second_month_in_a_row_offers_a_talk(client, cast, db):
    before = makers.make_round(db, cast.county, questions=0, published=False, month=date(2026, 10, 1))
    makers.make_result(db, before, makers.make_short(cast.town))
    case = makers.make_case(db, cast.county, cast.town, "explain")

    page = client.as_(cast.officer).get(path(case)).text

    assert ("工作约谈" in page, "系统提示：<strong>建议约谈" in page) == (True, True)


def test_good_news_stands_before_what_is_missing_and_every_figure_opens(client, cast, town_case):
    page = client.as_(cast.clerk).get(path(town_case)).text

    assert page.index("答得最好的专题") < page.index("没有达到标准的指标") < page.index("需要补一补的专题")
    assert f"/results/{town_case.result_id}/people?unit={cast.town.id}&amp;state=sat&amp;band=passed" in page
    assert "政策测试的通知" in page
    assert "责令" not in page


def test_the_plan_begins_with_the_weak_topics(client, cast, db):
    case = makers.make_case(db, cast.county, cast.town, "explain", "remind")

    page = client.as_(cast.clerk).get(path(case)).text

    assert "薄弱专题：基层减负规定、反电信网络诈骗、城乡居民医保。" in page


def test_the_committee_reads_and_changes_nothing(client, cast, town_case):
    browser = client.as_(cast.committee)
    page = browser.get(path(town_case))

    assert (page.status_code, "<textarea" in page.text, "其他办理" in page.text) == (200, False, False)
    assert browser.send(path(town_case), move="explain", text="x").status_code == 403
    assert browser.send(path(town_case, "/retest"), text="x").status_code == 403
    assert len(town_case.steps) == 1


@pytest.mark.parametrize("rest", ["", "/object"])
def test_a_post_without_the_token_changes_nothing(client, cast, town_case, rest):
    client.as_(cast.clerk).post(path(town_case, rest), data={"move": "explain", "text": "说明"})

    assert (town_case.state, len(town_case.steps)) == ("opened", 1)


@pytest.mark.parametrize(
    ("move", "status"), [("", 422), ("nonsense", 404), ("open", 404), ("remind", 403), ("plan", 409)]
)
def test_a_move_that_is_none_or_does_not_fit_is_refused(client, cast, town_case, move, status):
    assert client.as_(cast.clerk).send(path(town_case), move=move, text="x").status_code == status
    assert len(town_case.steps) == 1


def test_what_came_too_late_is_shown_again_with_the_reason(client, cast, town_case):
    clerk = client.as_(cast.clerk)
    clerk.send(path(town_case), move="explain", text="第一次说明")

    answer = clerk.send(path(town_case), move="explain", text="第二次说明")

    assert answer.status_code == 409
    assert ("请刷新页面" in answer.text, "刚才没有提交成功的内容" in answer.text, "第二次说明" in answer.text) == (
        True,
        True,
        True,
    )


def test_the_reporter_with_both_roles_is_not_offered_the_closing(client, cast, db):
    for role, unit in ((Role.CLERK, cast.town), (Role.OFFICER, cast.county)):
        db.add(GrantedRole(account_id=cast.learner.id, role=role, unit_id=unit.id, from_on=LONG_AGO))
    case = makers.make_case(db, cast.county, cast.town, "explain", "remind", "plan")
    both = client.as_(cast.learner)
    both.send(path(case), move="report", text="学完了")
    both.send(path(case, "/propose"), text="原题都已讲过")

    assert (case.state, "签字销号" in both.get(path(case)).text) == ("proposed", False)
    assert both.send(path(case), move="close", text="x").status_code == 403
    client.as_(cast.officer).send(path(case), move="close", text="已核实")
    assert (case.state, case.steps[-1].signed_by) == ("closed", "县管理员")


def test_an_objection_is_answered_before_anything_else(client, cast, town_case):
    clerk, officer = client.as_(cast.clerk), client.as_(cast.officer)
    clerk.send(path(town_case, "/object"), text="有一人当天已调出。")
    assert town_case.state == "objected"
    assert officer.get(path(town_case, "/waive")).status_code == 404

    officer.send(path(town_case), move="uphold", text="属实，予以办结。")

    assert (town_case.state, town_case.closed_at) == ("closed", makers.NOW)


def test_a_waiver_names_who_is_in_charge_and_until_when(client, cast, town_case):
    officer = client.as_(cast.officer)
    past = officer.send(path(town_case, "/waive"), text="防汛", owner="何文兰", until="2026-11-20")
    assert (past.status_code, "到期日" in past.text) == (409, True)

    officer.send(path(town_case, "/waive"), text="防汛", owner="何文兰", until="2026-12-31")

    assert (town_case.state, town_case.due_on) == ("waived", date(2026, 12, 31))
    assert town_case.steps[-1].text == "防汛\n负责人：何文兰；暂缓至 2026年12月31日。"


def test_a_closed_case_is_reopened_with_a_reason(client, cast, db):
    case = makers.make_case(db, cast.county, cast.town, "explain", "no_action")
    officer = client.as_(cast.officer)
    assert officer.send(path(case, "/reopen"), text="").status_code == 422

    officer.send(path(case, "/reopen"), text="补充了新的情况")

    assert case.state == "opened"


def waiting_for_retest(db, cast, round_) -> Case:
    people = (figures_makers.make_person(2, person_id=cast.person.id),)
    result = makers.make_result(db, round_, makers.make_short(cast.town, people=people))
    case = actions.open_cases(db, result, by=makers.ROOT, now=makers.NOW)[0]
    for move in ("explain", "remind", "plan", "report"):
        makers.take(db, case, move)
    return case


def retest_form(**given) -> dict:
    return {
        "whom": "all",
        "opens_at": "2026-11-25T09:00",
        "closes_at": "2026-11-27T18:00",
        "text": "在镇会议室",
        **given,
    }


def test_the_officer_plans_a_retest_and_its_result_stands_beside_the_first(client, cast, db):
    round_ = makers.make_round(db, cast.county, questions=8)
    case = waiting_for_retest(db, cast, round_)
    officer = client.as_(cast.officer)
    assert 'value="2026-11-25T09:00"' in officer.get(path(case)).text

    officer.send(path(case, "/retest"), **retest_form())
    assert (case.state, case.due_on, case.retest.repeats_id) == ("retesting", date(2026, 12, 4), round_.id)
    counts = figures_makers.make_counts(
        on_roster=1, expected=1, exempt=0, absent=0, sat=1, passed=1, excellent=0, score_sum=Decimal(85)
    )
    makers.make_result(db, case.retest, makers.make_short(cast.town, counts=counts, shortfalls=()))
    page = officer.get(path(case)).text

    assert ("原测与复测，分别列出，不相加" in page, "复测达到标准" in page) == (True, True)
    form = page.partition("<form method")[2].partition("现在请您办理")[2].partition("</form>")[0]
    assert ('value="propose" checked' in form, "复测：在册1人" in form) == (True, True)


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"opens_at": ""}, 422, "请填写开放时间"),
        ({"closes_at": "2026-11-25T09:10"}, 409, "30 分钟"),
        ({}, 409, "现在还抽不出试卷，没有发布"),
    ],
    ids=["no time", "too short", "no unseen questions"],
)
def test_a_retest_that_cannot_be_held_says_why_and_keeps_what_was_typed(client, cast, db, given, status, words):
    round_ = makers.make_round(db, cast.county, questions=2)
    case = waiting_for_retest(db, cast, round_)

    answer = client.as_(cast.officer).send(path(case, "/retest"), **retest_form(**given))

    assert (answer.status_code, words in answer.text, "在镇会议室" in answer.text) == (status, True, True)
    assert case.state == "rectified"


def test_a_closed_month_shows_who_needs_following_up_who_does_not_and_why(client, cast, db):
    chance = Shortfall("pass_rate", Fraction(20, 24), Decimal("0.9"), True)
    units = (
        makers.make_short(cast.town), makers.make_short(cast.other_town, shortfalls=(chance,)),
        figures_makers.make_small_unit(cast.village.id, short_name="柏树村"),
    )  # fmt: skip
    result = makers.make_result(db, makers.make_round(db, cast.county, questions=0, published=False), *units)
    officer = client.as_(cast.officer)

    page = officer.get(f"/followups/months/{result.id}").text
    assert ("立案 1 件" in page, "不立案，说明如下" in page, "偶然可以解释" in page, "柏树村（应考 6 人）" in page) == (
        True,
    ) * 4
    assert db.scalar(select(func.count()).select_from(Case)) == 0

    for _ in range(2):
        officer.send(f"/followups/months/{result.id}")
    assert db.scalars(select(Case.unit_id)).all() == [cast.town.id]
    assert "都已立案" in officer.get(f"/followups/months/{result.id}").text


def test_only_officers_of_the_whole_month_open_cases(client, cast, db):
    result = makers.make_result(
        db, makers.make_round(db, cast.county, questions=0, published=False), makers.make_short(cast.town)
    )
    db.add(GrantedRole(account_id=cast.outsider.id, role=Role.OFFICER, unit_id=cast.other_town.id, from_on=LONG_AGO))

    assert client.as_(cast.outsider).send(f"/followups/months/{result.id}").status_code == 404
    assert client.as_(cast.clerk).send(f"/followups/months/{result.id}").status_code == 403
    assert db.scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_months_asks_as_many_queries_for_one_as_for_three(client, cast, db, count, count_queries):
    for n in range(count):
        makers.make_case(db, cast.county, cast.town, month=date(2026, 9 + n, 1))
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        page = browser.get("/followups/months")

    assert page.text.count("1 件") == count
    assert len([line for line in sent if line.startswith("SELECT")]) == 4


def test_reminders_name_whose_turn_is_late_with_the_nearest_clerk_s_phone(client, cast, db):
    clerk = db.get_one(Person, cast.clerk.person_id)
    clerk.phone = "13900000001"
    makers.make_case(db, cast.county, cast.village, at=later(days=-10))
    makers.make_case(db, cast.county, cast.other_town)

    page = client.as_(cast.officer).get("/followups/reminders").text

    assert ("柏树村" in page, "镇联络员 13900000001" in page, "雪松乡" in page, "邻乡联络员" in page) == (
        True,
        True,
        False,
        False,
    )


def test_reminders_for_officers_name_those_above_the_unit(client, cast, db):
    makers.make_case(db, cast.county, cast.town, "explain", at=later(days=-20))

    page = client.as_(cast.officer).get("/followups/reminders").text

    assert ("县管理员 （花名册没有电话）" in page, "镇联络员" in page) == (True, False)


@pytest.mark.parametrize("cases", [1, 3])
def test_reminders_ask_as_many_queries_for_one_case_as_for_three(client, cast, db, cases, count_queries):
    for _ in range(cases):
        makers.make_case(db, cast.county, cast.town, at=later(days=-10))
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        assert "镇联络员" in browser.get("/followups/reminders").text

    assert len([line for line in sent if line.startswith("SELECT")]) == 7


def test_the_spreadsheet_holds_what_the_ledger_says_as_text_and_number(client, cast, db):
    case = makers.make_case(db, cast.county, cast.town, "explain", "remind", at=later(days=-14))
    makers.take(db, case, "plan", "=1+1 逐条学习", at=later(days=-14))
    case.due_on = date(2026, 11, 18)

    content = client.as_(cast.officer).get("/followups/ledger.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    line = dict(zip(rows[2], rows[3], strict=True))
    assert (line["单位"], line["整改措施"], line["处理决定"]) == ("青杠镇", "=1+1 逐条学习", "提醒：已写明")
    assert (line["序号"], line["已过工作日"], line["期限"], line["是否销号"]) == (1.0, 2.0, "2026年11月18日", "否")
    assert len(rows) == 4


def test_the_paper_holds_what_the_ledger_says_and_is_the_same_for_the_same_moment(client, cast, town_case):
    browser = client.as_(cast.clerk)
    first, second = (browser.get("/followups/ledger.pdf").data for _ in range(2))

    text = pypdfium2.PdfDocument(first)[0].get_textpage().get_text_bounded()
    assert first == second
    for words in ("云岭县跟进台账", "青杠镇", "待说明情况", "2026年11月25日"):
        assert words in text.replace("\r\n", "")


def test_files_of_the_ledger_end_at_one_s_own_units(client, cast, town_case):
    content = client.as_(cast.outsider).get("/followups/ledger.xlsx?show=all").data

    assert len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) == 3


DAYS_2027 = "2027-01-01 休 元旦\n2027-05-01 休 劳动节\n2027-10-01 休 国庆节\n2027-01-10 班 调休"


def test_the_county_officer_enters_a_year_and_it_becomes_known(client, cast, db):
    officer = client.as_(cast.officer)
    assert "该年度节假日安排未录入" in officer.get("/followups/calendar").text.split("2027年")[1].split("2028年")[0]

    officer.send("/followups/calendar", days=DAYS_2027)

    assert db.scalar(select(func.count()).select_from(CalendarDay)) == 4
    page = officer.get("/followups/calendar?year=2027").text
    assert ("已录入" in page, "1月10日（周日）" in page, "调休" in page) == (True, True, True)


def test_a_list_of_days_with_a_fault_enters_nothing_and_keeps_what_was_typed(client, cast, db):
    answer = client.as_(cast.officer).send("/followups/calendar", days=DAYS_2027 + "\n元宵节")

    assert (answer.status_code, "第 5 行" in answer.text, "2027-05-01" in answer.text) == (422, True, True)
    assert db.scalar(select(func.count()).select_from(CalendarDay)) == 0


def test_only_the_county_s_officer_enters_days(client, cast, db):
    db.add(GrantedRole(account_id=cast.outsider.id, role=Role.OFFICER, unit_id=cast.other_town.id, from_on=LONG_AGO))
    browser = client.as_(cast.outsider)

    assert "<textarea" not in browser.get("/followups/calendar").text
    assert browser.send("/followups/calendar", days=DAYS_2027).status_code == 403
    assert client.as_(cast.clerk).get("/followups/calendar").status_code == 403
    assert db.scalar(select(func.count()).select_from(CalendarDay)) == 0


def test_a_due_day_in_a_year_not_entered_says_so(client, cast, db):
    case = makers.make_case(db, cast.county, cast.town, "explain", "remind", "plan", at=later(days=30))

    assert case.due_on.year == 2027
    assert "该年度节假日安排未录入" in client.as_(cast.clerk).get(path(case)).text


@pytest.mark.parametrize(
    ("shortfalls", "said"),
    [(None, "按更正后的数字，仍然需要跟进"), ((), "按更正后的数字，这个单位不再需要跟进，可以申请复核")],
)
def test_a_case_says_whether_a_corrected_month_still_asks_for_it(client, cast, db, town_case, shortfalls, said):
    """rules.md 23: what a wrong key meant for open cases."""
    assert "按更正后" not in client.as_(cast.clerk).get(path(town_case)).text
    unit = makers.make_short(cast.town, **({} if shortfalls is None else {"shortfalls": shortfalls}))
    makers.make_result(db, town_case.round, unit, number=1)
    db.commit()

    assert said in client.as_(cast.clerk).get(path(town_case)).text
    assert client.as_(cast.outsider).get(path(town_case)).status_code == 404
