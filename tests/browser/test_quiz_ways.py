"""Every way through the paper: one tap from the link, a second phone, no script, keyboard, WeChat, the elders' view, a slow
line, more time, the end.

The learner of the demo county goes on where the test before left off, in a browser without anything stored.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from school import clock
from school.quizzes.models import Attempt, Round
from tests.browser.quiz_phone import SAVED, attempt_of, begin, change, choices, here, ready, state

#: 2G as people in the hills have it: bytes per second, and milliseconds there and back
SLOW = {"offline": False, "downloadThroughput": 250_000 / 8, "uploadThroughput": 250_000 / 8, "latency": 300}


def test_the_first_question_is_one_tap_from_the_link_when_signed_in(served, sign_in):
    page = sign_in("学员")
    begin(page)
    cover = re.sub(r"/paper.*", "", page.url)

    page.goto(cover)

    expect(choices(page).first).to_be_visible()


def test_a_second_phone_goes_on_and_the_first_is_told_so(phone, sign_in):
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(SAVED)
    question = here(phone)

    second = sign_in("学员")
    second.goto(phone.url)
    expect(second.get_by_role("heading", name="您正在另一台设备上作答")).to_be_visible()
    second.get_by_role("button", name="在这里继续").click()
    ready(second).locator(f".number[href='{question}']").click()
    expect(second.locator(f"{question} .choice input").nth(0)).to_be_checked()
    choices(second).nth(1).click()
    expect(state(second)).to_have_text(SAVED)

    choices(phone).nth(2).click()
    expect(phone.get_by_role("alert")).to_contain_text("您已在另一台设备上接着作答")
    expect(phone.locator(".asked:visible .choice input").first).to_be_disabled()

    second.reload()
    expect(second.locator(f"{question} .choice input").nth(1)).to_be_checked()


def test_the_quiz_works_without_a_script(sign_in):
    page = sign_in("学员", java_script_enabled=False)
    begin(page)
    if page.url.endswith("/paper") or "#q" in page.url:
        page.get_by_role("link", name="每次一题").click()
    url = page.url

    page.locator(".choice label").nth(0).click()
    page.get_by_role("button", name=re.compile("^(下一题|去交卷)$")).click()

    page.goto(url)
    expect(page.locator(".choice input").nth(0)).to_be_checked()
    expect(page.locator(".save-state").first).to_have_text(re.compile("已保存"))

    page.get_by_role("button", name="全部题目").click()
    page.wait_for_url(re.compile("/paper#q1$"))
    page.locator("#q2 .choice label").nth(1).click()
    page.get_by_role("button", name="保存第 2 题").click()
    page.wait_for_url(re.compile("/paper#q2$"))
    expect(page.locator("#q2 .choice input").nth(1)).to_be_checked()


def test_the_quiz_is_answered_by_keyboard_alone(sign_in):
    page = sign_in("学员", 1280)
    begin(page)
    ready(page)
    place = page.locator("[data-place]")
    before = place.inner_text()

    page.locator(".asked:visible .choice input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(state(page)).to_have_text(SAVED)
    page.keyboard.press("Enter")

    expect(place).not_to_have_text(before)
    expect(page.locator(".asked:visible .question")).to_be_focused()


def test_wechat_on_an_old_phone_is_served_like_any_other(sign_in):
    agent = (
        "Mozilla/5.0 (Linux; Android 10; V2001A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0.5304.141 "
        "Mobile Safari/537.36 XWEB/5023 MMWEBSDK/20221109 MicroMessenger/8.0.31.2280(0x28001F59) WeChat/arm64 Language/zh_CN"
    )
    page = sign_in("学员", user_agent=agent)
    begin(page)

    choices(ready(page)).nth(0).click()

    expect(state(page)).to_have_text(SAVED)


def test_a_marked_question_is_found_again_in_the_numbers(phone):
    phone.locator(".asked:visible [data-flag]").click()
    marked = phone.locator(".number.flagged")
    expect(marked).to_have_attribute("aria-label", re.compile(r"第 \d+ 题，(已答|未答)，标记"))

    phone.reload()

    expect(marked).to_have_count(1)
    expect(marked).to_be_visible()


def test_all_questions_are_shown_at_once_to_whoever_wants_it_and_the_browser_remembers(phone):
    total = phone.locator(".asked").count()
    expect(phone.locator(".asked:visible")).to_have_count(1)

    phone.get_by_role("button", name="全部题目").click()
    expect(phone.locator(".asked:visible")).to_have_count(total)
    phone.reload()

    expect(phone.get_by_role("button", name="每次一题")).to_be_visible()
    expect(phone.locator(".asked:visible")).to_have_count(total)


def pressed_to_the_end(page, name):
    """Press a button of the view until there is no further step."""
    while (button := page.get_by_role("button", name=name).first).is_enabled():
        button.click()
        page.wait_for_load_state()


def test_the_elders_view_answers_with_large_rows_and_nothing_sticks_out(phone):
    phone.get_by_role("button", name="长辈版").first.click()
    pressed_to_the_end(phone, "字大一些")
    ready(phone)

    expect(phone.locator("html")).to_have_attribute("data-elder", "30")
    heights = choices(phone).evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
    assert min(heights) >= 84
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    choices(phone).nth(0).click()
    expect(state(phone)).to_have_text(SAVED)
    pressed_to_the_end(phone, "字小一些")
    phone.get_by_role("button", name="普通版").first.click()
    ready(phone)


@pytest.fixture
def hasty(phone):
    """The phone with a clock that can be put on: hasty.clock.fast_forward(ms)."""
    phone.clock.install()
    phone.reload()
    return ready(phone)


def test_more_time_and_a_pause_reach_the_open_page_within_half_a_minute(served, hasty):
    """rules.md 5."""
    line, attempt = hasty.locator("[data-countdown]"), attempt_of(served, hasty)
    longer, round_id = attempt.deadline_at + timedelta(minutes=33), attempt.candidate.round_id

    change(served, Attempt, attempt.id, deadline_at=longer)
    hasty.clock.fast_forward(30_000)
    expect(line).to_contain_text(f"{clock.local(longer):%H:%M}")

    change(served, Round, round_id, paused_at=clock.now())
    hasty.clock.fast_forward(30_000)
    expect(line).to_contain_text("已暂停")

    change(served, Round, round_id, paused_at=None)
    hasty.clock.fast_forward(30_000)
    expect(line).to_contain_text("还剩")
    change(served, Attempt, attempt.id, deadline_at=attempt.deadline_at)


def test_the_end_is_announced_and_the_page_goes_to_the_receipt_by_itself(served, hasty):
    """rules.md 4."""
    attempt = attempt_of(served, hasty)

    change(served, Attempt, attempt.id, deadline_at=clock.now() + timedelta(minutes=5, seconds=20))
    hasty.clock.fast_forward(30_000)
    expect(hasty.locator("[data-countdown] [aria-live]")).to_have_text(re.compile("还剩 [45] 分钟"))

    change(served, Attempt, attempt.id, deadline_at=clock.now() - timedelta(minutes=1))
    hasty.clock.fast_forward(30_000)
    expect(hasty.get_by_role("alert")).to_contain_text("时间到了")
    expect(hasty.locator(".asked:visible .choice input").first).to_be_disabled()
    hasty.clock.fast_forward(30_000)
    expect(hasty.get_by_text("到时自动交上")).to_be_visible()

    reopened = {"handed_in_at": None, "handed_in_how": "", "score": None, "receipt": None}
    change(served, Attempt, attempt.id, deadline_at=attempt.deadline_at, **reopened)


def test_the_first_page_of_the_quiz_is_light_and_answers_over_2g(phone):
    """No clock is held against it here (benchmarks/phone_2g.py prints times): what is sent decides how long it takes."""
    line = phone.context.new_cdp_session(phone)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", SLOW)
    sizes = []
    line.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))

    phone.reload(wait_until="networkidle")
    first_page = list(sizes)
    choices(ready(phone)).nth(0).click()
    expect(state(phone)).to_have_text(SAVED)

    assert len(first_page) <= 6
    assert sum(first_page) <= 40_000


def test_handing_in_waits_for_what_is_on_its_way_and_shows_a_receipt(phone):
    """rules.md 13. Last, because it closes the learner's attempt."""
    phone.context.set_offline(True)
    choices(phone).nth(1).click()
    phone.get_by_role("link", name="答完了，去交卷").click()
    expect(phone.get_by_role("alert")).to_contain_text("还有 1 题没有发出")
    phone.context.set_offline(False)
    phone.wait_for_url(re.compile("/hand-in$"))
    expect(phone.get_by_role("heading", name=re.compile(r"还有 \d+ 题没有答"))).to_be_visible()

    phone.get_by_role("button", name="交卷").click()

    expect(phone.get_by_text("回执号")).to_be_visible()
    phone.go_back()
    phone.go_back()
    expect(phone.get_by_text("回执号")).to_be_visible()
