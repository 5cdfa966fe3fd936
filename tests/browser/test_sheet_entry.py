"""A paper answer sheet typed by keyboard in a real browser, with the script and without it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

#: what is pressed for a mark, until the next field has the focus
KEYS = {"single": ["b"], "multi": ["a", "c", "Space"], "judge": ["1"]}


def open_sheet(served, page) -> None:
    """A sheet still to be typed of a township, in the running round."""
    page.goto(f"{served.url}/rounds/")
    page.locator("tbody th a", has_text=re.compile("应知应会测试$")).first.click()
    page.get_by_role("link", name="录入答题卡").click()
    page.locator("tbody th a", has_text="石梁镇").click()
    page.locator("td a", has_text=re.compile("^录入")).last.click()
    page.wait_for_url(re.compile(r"/sheets/\d+$"))


def wait_for_script(page) -> None:
    expect(page.locator("[data-count]")).to_have_text("已打 0 / 20")


def test_a_sheet_is_typed_with_one_key_per_mark_and_one_to_save(served, sign_in):
    page = sign_in("县级管理员", 1280)
    open_sheet(served, page)
    wait_for_script(page)
    kinds = [field.get_attribute("data-answer") for field in page.locator("[data-answer]").all()]
    before, pressed = page.url, [key for kind in kinds for key in KEYS[kind]] + ["Enter"]

    for key in pressed:
        page.keyboard.press(key)

    page.wait_for_url(lambda url: url != before)
    expect(page.locator(".flash")).to_contain_text("已录好并交卷，回执号")
    assert (len(kinds), len(pressed)) == (20, 10 + 5 * 3 + 5 + 1)


def test_a_figure_stands_for_a_letter_and_a_key_that_means_nothing_stays_out(served, sign_in):
    page = sign_in("县级管理员", 1280)
    open_sheet(served, page)
    wait_for_script(page)

    for key in ("2", "9", "z", "-"):
        page.keyboard.press(key)

    fields = page.locator("[data-answer=single]")
    expect(fields.nth(0)).to_have_value("B")
    expect(fields.nth(1)).to_have_value("-")
    expect(fields.nth(2)).to_be_focused()
    expect(page.locator("[data-count]")).to_have_text("已打 2 / 20")
    page.keyboard.press("Backspace")
    expect(fields.nth(1)).to_be_focused()


def test_after_the_last_mark_the_focus_goes_to_one_that_was_left_out(served, sign_in):
    page = sign_in("县级管理员", 1280)
    open_sheet(served, page)
    wait_for_script(page)
    fields = page.locator("[data-answer]")

    fields.last.focus()
    page.keyboard.press("1")

    expect(fields.first).to_be_focused()


def test_keys_pressed_before_the_script_has_come_go_where_they_were_meant(served, sign_in):
    page = sign_in("县级管理员", 1280)
    open_sheet(served, page)
    page.route("**/sheet-entry.js*", lambda route: (page.wait_for_timeout(800), route.continue_()))
    page.reload(wait_until="commit")
    expect(page.locator("[data-answer]").first).to_be_focused()

    for key in ("b", "3", "a"):
        page.keyboard.press(key)

    fields = page.locator("[data-answer]")
    for place, letter in enumerate("BCA"):
        expect(fields.nth(place)).to_have_value(letter)
    expect(fields.nth(3)).to_be_focused()


def test_a_sheet_is_typed_without_a_script(served, sign_in):
    page = sign_in("县级管理员", 360, java_script_enabled=False)
    open_sheet(served, page)
    before, typed = page.url, {"single": "a", "multi": "bd", "judge": "×"}

    for field in page.locator("[data-answer]").all()[:-1]:
        field.fill(typed[field.get_attribute("data-answer")])
    page.get_by_role("button", name="保存，录下一张").click()
    expect(page.locator(".problems")).to_contain_text("第 20 题没有录")
    page.locator("[data-answer]").last.fill("-")
    page.get_by_role("button", name="保存，录下一张").click()

    page.wait_for_url(lambda url: url != before)
    expect(page.locator(".flash")).to_contain_text("已录好并交卷")
