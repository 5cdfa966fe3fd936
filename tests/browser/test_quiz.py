"""The quiz on a phone, as a browser runs it: saved while answering, off the line and back, with no script at all."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def begin(page):
    page.get_by_role("link", name=re.compile("去答题|接着答题")).first.click()
    if page.get_by_role("button", name="开始答题").count():
        page.get_by_role("button", name="开始答题").click()
    page.wait_for_url(re.compile(r"/quiz/\d+/\d+$"))


def test_an_answer_is_saved_as_it_is_given_and_survives_being_off_the_line(served, sign_in):
    page = sign_in("学员")
    begin(page)
    state = page.locator("[data-save-state]")

    page.locator(".choice label").nth(0).click()
    expect(state).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))

    expect(page.locator(".sheet-of-numbers summary")).to_contain_text("已答 1，")

    page.context.set_offline(True)
    page.locator(".choice label").nth(1).click()
    expect(state).to_have_text(re.compile("1 题等待发送"))
    page.context.set_offline(False)
    expect(state).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"), timeout=15_000)

    page.reload()
    expect(page.locator(".choice input").nth(1)).to_be_checked()


def test_an_answer_given_before_the_script_has_come_is_saved_as_well(served, sign_in):
    page = sign_in("学员")
    begin(page)
    page.route("**/quiz.js*", lambda route: (page.wait_for_timeout(500), route.continue_()))
    page.reload(wait_until="commit")

    page.locator(".choice label").nth(0).click()

    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))


def test_the_quiz_works_without_a_script(served, sign_in):
    page = sign_in("学员", java_script_enabled=False)
    begin(page)
    url = page.url

    page.locator(".choice label").nth(0).click()
    page.get_by_role("button", name=re.compile("^(下一题|去交卷)$")).click()

    page.goto(url)
    expect(page.locator(".choice input").nth(0)).to_be_checked()
    expect(page.locator("[data-save-state]")).to_have_text(re.compile("已保存"))


def test_the_quiz_is_answered_by_keyboard_alone(served, sign_in):
    page = sign_in("学员", 1280)
    begin(page)
    position = int(page.url.rsplit("/", 1)[1])

    page.locator(".choice input").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/quiz/\d+/({position + 1}|hand-in)$"))


def test_the_first_page_of_the_quiz_is_light(served, sign_in):
    page = sign_in("学员")
    begin(page)
    page.context.clear_cookies(name="nothing")
    sizes = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))

    page.reload(wait_until="networkidle")

    assert len(sizes) <= 7
    assert sum(sizes) <= 60_000
