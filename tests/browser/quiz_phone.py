"""What the browser tests of the quiz do with a phone, and with the county behind it."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from school import db as ground
from school.quizzes.models import Attempt

SAVED = re.compile(r"已保存 \d\d:\d\d:\d\d")


#: in each page before its own scripts: a browser that notes nothing, and one whose pages cannot hear each other either
NO_NOTES = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })"
NO_WORD = f"{NO_NOTES}; delete window.BroadcastChannel"


def sign_in_at(page, served, role: str):
    """Sign in as anybody does who has the address."""
    page.goto(f"{served.url}/sign-in")
    staff_no, password = served.accounts[role]
    page.get_by_label("工号或手机号").fill(staff_no)
    page.get_by_label("密码或首次登录码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{served.url}/")
    return page


def cut(page):
    """Let no answer through; page.unroute(…) of what is returned lets them go on."""
    answers = "**/quiz/*/*"
    page.route(answers, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    return answers


def begin(page):
    page.get_by_role("link", name=re.compile("去答题|接着答题")).first.click()
    page.wait_for_url(re.compile(r"/quiz/\d+"))
    button = page.get_by_role("button", name=re.compile("开始答题|在这里继续"))
    if button.count():
        button.click()
    page.wait_for_url(re.compile(r"/quiz/\d+/(paper|\d+)(#q\d+)?$"))


def ready(page):
    """The script has the page in hand."""
    expect(page.locator("[data-view]")).to_be_visible()
    return page


def choices(page):
    return page.locator(".asked:visible .choice label")


def another(page):
    """A choice that changes the answer, whatever was chosen before."""
    return page.locator(".asked:visible .choice input:not(:checked) + label").first


def here(page) -> str:
    """The question that is shown: #q7."""
    return "#" + page.locator(".asked:visible").get_attribute("id")


def state(page):
    return page.locator("[data-save-state]")


def waiting_rows(page) -> int:
    return page.evaluate(
        """() => new Promise((resolve) => {
             const asked = indexedDB.open("school", 1);
             asked.onsuccess = () => {
               const count = asked.result.transaction("answers").objectStore("answers").count();
               count.onsuccess = () => resolve(count.result);
             };
           })"""
    )


def change(served, model, number: int, **values):
    """Change a row as somebody in an office would."""
    with ground.writing(served.app.extensions["engine"]) as db:
        db.execute(update(model).where(model.id == number).values(**values))


def attempt_of(served, page) -> Attempt:
    number = int(page.locator("[data-quiz]").get_attribute("data-attempt"))
    with ground.reading(served.app.extensions["engine"]) as db:
        return db.scalars(select(Attempt).where(Attempt.id == number).options(joinedload(Attempt.candidate))).one()
