"""The officer's board follows what happens, without anybody touching the page."""

from __future__ import annotations

from playwright.sync_api import expect

from school.quizzes import running_views


def test_the_board_follows_by_itself_and_reads_only_its_own_part(served, sign_in, monkeypatch):
    monkeypatch.setattr(running_views, "EVERY", 1)
    page = sign_in("县级管理员", 1280)
    page.goto(f"{served.url}/rounds/")
    page.get_by_role("row").filter(has_text="进行中").get_by_role("link").first.click()
    exempt, asked = page.locator("#board .counts dd").last, []
    before = int(exempt.inner_text().split()[0])
    page.on("request", lambda request: asked.append(request.url.removeprefix(page.url)))

    desk = page.context.new_page()
    desk.goto(f"{page.url}/people?standing=waiting")
    desk.get_by_role("rowheader").last.get_by_role("link").click()
    desk.locator("form").filter(has_text="登记免考").get_by_label("理由").fill("抢险值守")
    desk.get_by_role("button", name="登记免考").click()

    expect(exempt).to_contain_text(f"{before + 1} 人")
    assert set(asked) == {"/board"}
