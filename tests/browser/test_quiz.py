"""Answers on a phone, as a browser keeps them: saved while answering, off the line and back, with the tab killed, on a shared
phone, without a store.

The learner of the demo county goes on where the test before left off, in a browser without anything stored.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from school import clock
from school import db as ground
from school.quizzes.models import Round
from school.quizzes.paper import Part
from school.roster.models import Person, Unit
from tests import makers
from tests.browser.quiz_phone import (
    SAVED,
    begin,
    change,
    choices,
    cut,
    here,
    ready,
    sign_in_at,
    state,
    waiting_rows,
)


def test_an_answer_is_saved_as_it_is_given_and_survives_being_off_the_line(phone):
    """rules.md 9."""
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(SAVED)
    first = here(phone)

    phone.context.set_offline(True)
    choices(phone).nth(1).click()
    expect(state(phone)).to_have_text(re.compile("网络不通，1 题等待发送"))
    phone.get_by_role("button", name="下一题").click()
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(re.compile("2 题等待发送"))
    then = here(phone)
    phone.context.set_offline(False)
    expect(state(phone)).to_have_text(SAVED)

    phone.reload()
    expect(phone.locator(f"{first} .choice input").nth(1)).to_be_checked()
    expect(phone.locator(f"{then} .choice input").nth(0)).to_be_checked()


def test_what_a_killed_tab_could_not_send_is_sent_when_the_paper_is_opened_again(phone):
    """rules.md 10, 46."""
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(SAVED)
    cut(phone)
    choices(phone).nth(2).click()
    expect(state(phone)).to_have_text(re.compile("1 题等待发送"))
    url, question = phone.url, here(phone)

    phone.close(run_before_unload=False)
    again = phone.context.new_page()
    again.goto(url)

    expect(again.locator(f"{question} .choice input").nth(2)).to_be_checked()
    expect(state(again)).to_have_text(SAVED)
    assert waiting_rows(again) == 0


def go_on(page, url):
    """Open the paper again after a new sign-in, or where another device has it."""
    page.goto(url)
    page.get_by_role("button", name="在这里继续").click()
    return ready(page)


def test_what_waits_from_before_a_new_sign_in_arrives_and_the_page_goes_on(served, phone):
    """rules.md 10: the answers are of an older seat, and it is this very page that sends them."""
    cut(phone)
    url, given = phone.url, []
    for option in (0, 1, 0):
        given.append((here(phone), option))
        choices(phone).nth(option).click()
        phone.get_by_role("button", name="下一题").click()
    expect(state(phone)).to_have_text(re.compile("3 题等待发送"))
    phone.close(run_before_unload=False)
    phone.context.clear_cookies()

    again = go_on(sign_in_at(phone.context.new_page(), served, "学员"), url)

    expect(state(again)).to_have_text(SAVED)
    assert waiting_rows(again) == 0
    expect(again.get_by_role("alert")).to_be_hidden()
    again.reload()
    for question, option in given:
        expect(ready(again).locator(f"{question} .choice input").nth(option)).to_be_checked()
    again.locator(f".number[href='{given[0][0]}']").click()
    choices(again).nth(1).click()
    expect(state(again)).to_have_text(SAVED)
    again.reload()
    expect(again.locator(f"{given[0][0]} .choice input").nth(1)).to_be_checked()


def test_what_waited_and_came_too_late_gives_way_to_what_stands(served, phone, sign_in):
    """rules.md 8."""
    cut(phone)
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(re.compile("1 题等待发送"))
    url, question = phone.url, here(phone)
    phone.close(run_before_unload=False)
    second = go_on(sign_in("学员"), url)
    second.locator(f".number[href='{question}']").click()
    choices(second).nth(1).click()
    expect(state(second)).to_have_text(SAVED)

    again = go_on(phone.context.new_page(), url)

    expect(again.get_by_role("alert")).to_contain_text(f"第 {question[2:]} 题在别的页面上改过")
    expect(again.locator(f"{question} .choice input").nth(1)).to_be_checked()
    expect(again.locator(f"{question} .choice input").nth(0)).to_be_enabled()
    assert waiting_rows(again) == 0


def test_what_another_person_left_on_a_shared_phone_is_neither_sent_nor_shown(phone):
    """rules.md 10."""
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(SAVED)
    person, attempt = (
        int(phone.locator("[data-quiz]").get_attribute(f"data-{name}")) for name in ("person", "attempt")
    )
    position = int(here(phone).removeprefix("#q"))
    phone.evaluate(
        """(rows) => new Promise((resolve) => {
             const asked = indexedDB.open("school", 1);
             asked.onsuccess = () => {
               const transaction = asked.result.transaction("answers", "readwrite");
               rows.forEach((row) => transaction.objectStore("answers").put(row));
               transaction.oncomplete = resolve;
             };
           })""",
        [
            {"person": person + 1, "attempt": attempt, "position": position, "given": ["zz"], "sequence": 9, "packet": "x",
             "until": "2999-01-01T00:00:00Z"},
            {"person": person + 1, "attempt": 1, "position": 1, "given": ["zz"], "sequence": 9, "packet": "x",
             "until": "2020-01-01T00:00:00Z"},
        ],
    )  # fmt: skip
    sent = []
    phone.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)

    phone.reload()
    ready(phone)

    expect(phone.locator(f"#q{position} .choice input").nth(0)).to_be_checked()
    expect(state(phone)).to_have_text(re.compile("已保存"))
    assert sent == []
    assert waiting_rows(phone) == 1  # the one whose time is not long over waits for its own person


def test_signing_out_is_asked_about_while_an_answer_waits(phone):
    """rules.md 10."""
    asked = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    answers = cut(phone)
    choices(phone).nth(1).click()
    expect(state(phone)).to_have_text(re.compile("1 题等待发送"))

    phone.get_by_text("菜单").click()
    phone.get_by_role("button", name="退出登录").click()

    expect(choices(phone).first).to_be_attached()
    assert asked
    assert "还有答案没有发出" in asked[0]
    phone.unroute(answers)
    expect(state(phone)).to_have_text(SAVED)


def test_without_a_store_in_the_browser_answers_wait_in_the_open_page(sign_in):
    page = sign_in("学员")
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('refused') } })")
    begin(page)
    ready(page)

    page.context.set_offline(True)
    choices(page).nth(1).click()
    expect(state(page)).to_have_text(re.compile("1 题等待发送"))
    page.context.set_offline(False)

    expect(state(page)).to_have_text(SAVED)


def test_an_answer_given_before_the_script_has_come_is_saved_as_well(sign_in):
    page = sign_in("学员")
    begin(page)
    held = []
    page.route("**/quiz.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.locator(".asked").last.locator(".choice label").first.click()
    expect(page.locator(".asked").last.locator(".choice input").first).to_be_checked()

    while not held:
        page.wait_for_timeout(50)
    for route in held:
        route.continue_()

    expect(state(page)).to_have_text(SAVED)


@pytest.fixture
def written(served):
    """A round of one fill-in and one short answer, only for the learner; called off afterwards."""
    now = clock.now()
    with ground.writing(served.app.extensions["engine"]) as db:
        county = db.scalars(select(Unit).where(Unit.parent_id.is_(None))).first()
        person = db.scalars(select(Person).where(Person.staff_no == served.accounts["学员"][0])).one()
        round_ = makers.make_round(
            db, county, title="填空与简答", only=[person.id], opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(hours=2), forms=1, pass_mark=Decimal(5), excellent_mark=Decimal(8), asked_mean=Decimal(5),
            parts=(Part("fill", 1, Decimal(5)), Part("short", 1, Decimal(5))), topics=("农村土地",),
        )  # fmt: skip
        number = round_.id
    yield f"{served.url}/quiz/{number}"
    change(served, Round, number, state="cancelled")


def test_a_written_answer_is_saved_in_a_pause_of_typing_and_on_leaving_the_box(written, sign_in):
    page = sign_in("学员")
    page.goto(written)
    page.get_by_role("button", name="开始答题").click()
    ready(page)

    page.get_by_label("第 1 空").press_sequentially("三十")
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator(".number.answered")).to_have_count(1)
    page.get_by_label("第 1 空").press("Enter")
    page.get_by_label("您的回答").fill("先公示，\n再签字。")
    page.get_by_label("您的回答").blur()
    expect(page.locator(".number.answered")).to_have_count(2)
    expect(state(page)).to_have_text(SAVED)

    page.reload()
    expect(page.locator("input[maxlength]")).to_have_value("三十")
    expect(page.locator("textarea")).to_have_value("先公示，\n再签字。")
