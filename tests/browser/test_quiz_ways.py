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
from school.quizzes.models import Attempt, Candidate, Round
from tests.browser.quiz_phone import (
    NO_NOTES,
    NO_WORD,
    SAVED,
    another,
    attempt_of,
    begin,
    change,
    choices,
    cut,
    here,
    ready,
    state,
    waiting_rows,
)

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


@pytest.mark.parametrize("browser", ["", NO_NOTES], ids=["notes", "channel"])
def test_of_two_pages_of_one_paper_the_older_stops_until_it_is_wanted_again(phone, browser):
    phone.context.add_init_script(browser)
    phone.reload()
    ready(phone)
    other = phone.context.new_page()
    other.goto(phone.url)
    ready(other)

    expect(phone.get_by_role("alert")).to_contain_text("这份试卷在另一个页面里打开了")
    expect(phone.locator(".asked:visible .choice input").first).to_be_disabled()
    expect(other.get_by_role("alert")).to_be_hidden()

    phone.get_by_role("button", name="在这一页接着答").click()
    expect(other.get_by_role("alert")).to_contain_text("这份试卷在另一个页面里打开了")
    another(ready(phone)).click()
    expect(state(phone)).to_have_text(SAVED)


def test_where_pages_cannot_hear_each_other_an_older_one_shows_the_newer_answer_before_it_is_changed(phone):
    """rules.md 8."""
    phone.context.add_init_script(NO_WORD)
    phone.reload()
    other = phone.context.new_page()
    other.goto(phone.url)
    for page in (phone, other):
        ready(page).locator(".number[href='#q1']").click()
    for _ in range(4):
        with other.expect_response("**/quiz/*/1"):
            another(other).click()
    stands = chosen(other)

    another(phone).click()
    told = phone.get_by_role("alert")
    expect(told).to_contain_text("第 1 题在别的页面上改过")
    assert chosen(phone) == stands
    phone.locator(".number[href='#q2']").click()
    with phone.expect_response("**/quiz/*/2"):
        another(phone).click()
    expect(told).to_contain_text("第 1 题在别的页面上改过")

    phone.locator(".number[href='#q1']").click()
    with phone.expect_response("**/quiz/*/1"):
        another(phone).click()
    expect(told).to_be_hidden()
    changed = chosen(phone)
    phone.reload()
    assert (chosen(phone), changed != stands) == (changed, True)


def chosen(page) -> str:
    return page.locator("#q1 .choice input:checked").get_attribute("id")


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
    page.keyboard.press("Space")
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

    another(ready(page)).click()

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
    another(phone).click()
    expect(state(phone)).to_have_text(SAVED)
    assert phone.evaluate(LINES) <= 2
    pressed_to_the_end(phone, "字小一些")
    phone.get_by_role("button", name="普通版").first.click()
    ready(phone)


#: how many lines of words the bar over a paper takes
LINES = """() => {
  const bottoms = [...document.querySelectorAll(".quiz-bar > p")].flatMap((line) => {
    const words = document.createRange();
    words.selectNodeContents(line);
    return [...words.getClientRects()].map((box) => Math.round(box.bottom / 10));
  });
  return new Set(bottoms).size;
}"""


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


def test_an_extension_is_told_with_its_reason_to_the_open_page(served, hasty):
    """rules.md 5: visible to the person."""
    attempt = attempt_of(served, hasty)
    longer = attempt.deadline_at + timedelta(minutes=10)
    expect(hasty.locator("[data-extension]")).to_be_hidden()

    change(served, Attempt, attempt.id, deadline_at=longer)
    change(served, Candidate, attempt.candidate_id, extension=10, extension_reason="村里停电")
    hasty.clock.fast_forward(30_000)

    line, said = hasty.locator("[data-extension]"), hasty.locator("[data-said]")
    expect(line).to_have_text("延长了 10 分钟：村里停电")
    expect(said).to_contain_text(f"延长了 10 分钟：村里停电。现在可以答到 {clock.local(longer):%H:%M}。")
    said.get_by_role("button", name="知道了").click()
    expect(said).to_have_text("")
    hasty.reload()
    expect(line).to_have_text("延长了 10 分钟：村里停电")
    change(served, Attempt, attempt.id, deadline_at=attempt.deadline_at)
    change(served, Candidate, attempt.candidate_id, extension=0, extension_reason="")


def test_a_page_asks_the_time_only_after_it_has_heard_nothing_and_while_somebody_looks(hasty):
    asked = []
    hasty.on("request", lambda request: asked.append(request.url) if request.url.endswith("/time") else None)

    hasty.clock.fast_forward(20_000)
    another(hasty).click()
    expect(state(hasty)).to_have_text(SAVED)
    hasty.clock.fast_forward(20_000)
    assert asked == []

    with hasty.expect_response("**/time"):
        hasty.clock.fast_forward(10_000)
    seen = "(hidden) => Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })"
    hasty.evaluate(seen, True)
    hasty.clock.fast_forward(60_000)
    hasty.clock.fast_forward(60_000)
    assert len(asked) == 1

    hasty.evaluate(seen, False)
    with hasty.expect_response("**/time"):
        hasty.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def minutes(words: str) -> int:
    return int(re.fullmatch(r"还剩 (\d+) 分钟", words)[1])


def test_a_phone_whose_clock_is_set_wrong_goes_on_by_the_servers(hasty):
    """rules.md 2."""
    left = hasty.locator("[data-left]")
    before = left.inner_text()

    hasty.evaluate("const real = Date.now.bind(Date); Date.now = () => real() + 86_400_000")
    for _ in range(2):
        hasty.clock.fast_forward(6_000)

    assert 0 <= minutes(before) - minutes(left.inner_text()) <= 1
    another(hasty).click()
    expect(state(hasty)).to_have_text(SAVED)


def test_a_page_that_believes_the_time_over_and_cannot_ask_goes_on_taking_answers(hasty):
    """rules.md 2."""
    hasty.context.set_offline(True)
    for _ in range(3):
        hasty.clock.fast_forward(86_400_000)
    expect(hasty.locator("[data-left]")).to_have_text("时间到")
    another(hasty).click()
    expect(state(hasty)).to_have_text(re.compile("1 题等待发送"))

    hasty.context.set_offline(False)
    hasty.clock.fast_forward(30_000)
    expect(state(hasty)).to_have_text(SAVED)
    expect(hasty.locator("[data-left]")).to_contain_text("还剩")
    expect(hasty.get_by_role("alert")).to_be_hidden()


def test_a_round_that_is_called_off_stops_its_open_pages_and_lets_the_server_refuse_what_waits(served, hasty):
    round_id = attempt_of(served, hasty).candidate.round_id
    answers = cut(hasty)
    another(hasty).click()
    expect(state(hasty)).to_have_text(re.compile("1 题等待发送"))

    change(served, Round, round_id, state="cancelled")
    hasty.clock.fast_forward(30_000)
    told = hasty.get_by_role("alert")
    expect(told).to_contain_text("这一轮已取消")
    expect(told.get_by_role("link")).to_have_attribute("href", f"/quiz/{round_id}")
    expect(hasty.locator("[data-left]")).to_have_text("已取消")
    expect(hasty.locator(".asked:visible .choice input").first).to_be_disabled()
    assert waiting_rows(hasty) == 1

    hasty.unroute(answers)
    hasty.clock.fast_forward(30_000)
    expect(state(hasty)).not_to_contain_text("等待发送")
    assert waiting_rows(hasty) == 0
    expect(told).to_contain_text("这一轮已取消")
    change(served, Round, round_id, state="published")


def test_the_end_is_announced_and_the_page_goes_to_the_receipt_by_itself(served, hasty):
    """rules.md 4."""
    attempt, said = attempt_of(served, hasty), hasty.locator("[data-said]")

    change(served, Attempt, attempt.id, deadline_at=clock.now() + timedelta(minutes=5, seconds=20))
    hasty.clock.fast_forward(30_000)
    hasty.clock.fast_forward(10_000)
    expect(said).to_have_text(re.compile("还剩 [45] 分钟。没答的题可以先答"))
    expect(said.locator("p")).to_be_visible()

    change(served, Attempt, attempt.id, deadline_at=clock.now() + timedelta(seconds=50))
    hasty.clock.fast_forward(30_000)
    expect(said).to_have_text(re.compile("还剩不到 1 分钟。不用赶着交卷"))
    expect(hasty.locator("[data-left]")).to_have_class(re.compile("soon"))

    change(served, Attempt, attempt.id, deadline_at=clock.now() - timedelta(minutes=1))
    hasty.clock.fast_forward(30_000)
    expect(hasty.get_by_role("alert")).to_contain_text("时间到了")
    expect(hasty.locator(".asked:visible .choice input").first).to_be_disabled()
    hasty.clock.fast_forward(40_000)
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
    another(ready(phone)).click()
    expect(state(phone)).to_have_text(SAVED)

    assert len(first_page) <= 6
    assert sum(first_page) <= 40_000


def test_handing_in_waits_for_what_is_on_its_way_and_shows_a_receipt(phone):
    """rules.md 13. Last, because it closes the learner's attempt."""
    phone.context.set_offline(True)
    another(phone).click()
    phone.get_by_role("link", name="答完了，去交卷").click()
    expect(phone.get_by_role("alert")).to_contain_text("还有 1 题没有发出")
    phone.context.set_offline(False)
    phone.wait_for_url(re.compile("/hand-in$"))
    expect(phone.get_by_role("heading", name="现在交卷吗？")).to_be_visible()

    phone.get_by_role("button", name="交卷").click()

    expect(phone.get_by_text("回执号")).to_be_visible()
    phone.go_back()
    phone.go_back()
    expect(phone.get_by_text("回执号")).to_be_visible()
