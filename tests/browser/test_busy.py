"""A deed that takes long: the pressed button says that it is under way, and for how long."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_pressed_button_rests_and_counts_the_seconds(served, sign_in):
    page = sign_in("县级管理员")
    page.goto(f"{served.url}/rounds/new")
    button = page.locator("form[data-busy] button.main")
    # As if the answer did not come: nothing is sent, and the page stays.
    button.evaluate("button => button.form.addEventListener('submit', event => event.preventDefault())")

    button.click()

    expect(button).to_have_text("正在处理…")
    expect(button).to_be_disabled()
    expect(button).to_have_text("正在处理… 3 秒")
    expect(button).to_have_text("正在处理… 4 秒")
