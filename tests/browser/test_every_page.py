"""Every page of every role, in both views: no axe violation, no console error, no horizontal overflow, nothing foreign.

Pages are found as a person finds them, by their links, one page of each kind per role; forms are not sent.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.exceptions import HTTPException

ROLES = ["县级管理员", "单位联络员", "教师", "学员", "审阅", "审计", "系统管理"]
#: each view: width in px, and the data-elder size or nothing
VIEWS = {"phone": (360, None), "office": (1280, None), "phone, 长辈版": (360, 30)}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: addresses that end the walk or answer with a file
ENDS = (".pdf", ".xlsx", ".zip", "/file", "/logout", ".docx", ".xml", ".json", ".txt")


def kind_of(served, url: str) -> str | None:
    """The endpoint an address leads to; nothing for files and for what is not ours."""
    parts = urlsplit(url)
    file = parts.path.endswith(ENDS) or "/export/" in parts.path
    if f"{parts.scheme}://{parts.netloc}" != served.url or file:
        return None
    try:
        return served.app.url_map.bind("").match(parts.path, method="GET")[0]
    except HTTPException:
        return None


def walk(served, page):
    """Visit one page of each kind that can be reached by links; yields (kind, address)."""
    seen, waiting = set(), [f"{served.url}/"]
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(served, url)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(url)
        assert answer.status == 200, (url, answer.status)
        yield kind, url
        waiting += page.eval_on_selector_all("a[href]", "links => links.map(link => link.href.split('#')[0])")


def problems(page) -> list[str]:
    """What axe finds, in one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_sound(served, sign_in, role, view):
    width, elder = VIEWS[view]
    page = sign_in(role, width)
    said, foreign = [], []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((served.url, "data:")) else foreign.append(asked.url))
    if elder:
        page.get_by_role("button", name="长辈版").first.click()
        for _ in range(3):
            page.get_by_role("button", name="字大一些").first.click()

    wrong, kinds = [], []
    for kind, url in walk(served, page):
        kinds.append(kind)
        wrong += [(url, problem) for problem in problems(page)]
        if (over := page.evaluate(OVERFLOW)) > 0:
            wrong.append((url, f"{over} px too wide"))

    if elder:
        page.goto(served.url)
        page.get_by_role("button", name="普通版").first.click()
    assert wrong == []
    assert said == []
    assert foreign == []
    assert len(kinds) >= 3


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/check/none"])
def test_pages_without_an_account_are_sound(served, chromium, path, width):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(served.url + path)

    assert problems(page) == []
    assert page.evaluate(OVERFLOW) == 0
    context.close()
