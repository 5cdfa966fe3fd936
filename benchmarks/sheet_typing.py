"""Typing paper answer sheets: `python -m benchmarks.sheet_typing [--sheets 5] [--keys-a-second 5]`.

Starts the real server on a scratch SQLite database and a real Chromium. A clerk opens the first sheet of a unit and types
sheet after sheet of 20 questions, five of them multiple-choice with two marks each, without looking up: prints for each
the keys pressed and the seconds from the first key until the next sheet can be typed. Asked for: at most 15 s a sheet.
Needs the test requirements (playwright) and a Chromium, SCHOOL_TEST_CHROMIUM names it.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select

from benchmarks import scene
from benchmarks.phone_2g import ARGUMENTS, CHROMIUM
from benchmarks.phones import HOST
from benchmarks.servers import running
from school import db
from school.access import Role
from school.accounts.models import Account, GrantedRole
from school.quizzes.models import Candidate
from school.settings import Settings

QUESTIONS, MULTI = 20, 5
#: what is pressed for a mark, until the next field has the focus
KEYS = {"single": ["b"], "multi": ["a", "c", "Space"], "judge": ["1"]}


@dataclass(frozen=True)
class Typed:
    """One sheet: keys pressed, and seconds from the first of them until the next sheet had the focus."""

    keys: int
    seconds: float


def give_desk(settings: Settings, login_name: str) -> str:
    """Make somebody clerk of the second unit; returns the address of the unit's first sheet."""
    engine = db.make_engine(settings.url)
    with db.writing(engine) as session:
        first = session.scalars(select(Candidate).order_by(Candidate.unit_id, Candidate.id)).all()
        unit_id = sorted({one.unit_id for one in first})[1]
        account = session.scalars(select(Account).where(Account.login_name == login_name)).one()
        session.add(GrantedRole(account_id=account.id, unit_id=unit_id, role=Role.CLERK, from_on=scene.LONG_AGO))
        sheet = next(one for one in first if one.unit_id == unit_id)
        path = f"/rounds/{sheet.round_id}/sheets/{sheet.id}"
    engine.dispose()
    return path


def type_sheet(page: Page, pace: float) -> Typed:
    """Type the sheet that is shown, a key at a time, and save it. pace: keys a second."""
    kinds = [field.get_attribute("data-answer") for field in page.locator("[data-answer]").all()]
    pressed, here, began = [key for kind in kinds for key in KEYS[kind]] + ["Enter"], page.url, time.perf_counter()
    for n, key in enumerate(pressed):
        time.sleep(max(0.0, began + n / pace - time.perf_counter()))
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != here)
    _ready(page)
    seconds = time.perf_counter() - began
    expect(page.locator(".flash")).to_contain_text("已录好并交卷")
    return Typed(len(pressed), seconds)


def _ready(page: Page) -> None:
    expect(page.locator("[data-count]")).to_have_text(re.compile("已打 0 / "))
    expect(page.locator("[data-answer]").first).to_be_focused()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=5)
    parser.add_argument("--keys-a-second", type=float, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="夜校 ") as name:
        settings = scene.scratch(Path(name))
        made = scene.build(settings, scene.UNITS * (asked.sheets + 1), questions=QUESTIONS, multi=MULTI)
        typist, cookie = next(iter(made.cookies.items()))
        path = give_desk(settings, typist)
        with running(["-m", "school", "serve"], Path(name)) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            address = f"http://{HOST}:{server.port}"
            page.context.add_cookies([{"name": "school", "value": cookie, "url": address}])
            page.goto(address + path)
            _ready(page)
            print(f"{QUESTIONS} questions, {MULTI} of them multiple-choice, {asked.keys_a_second:g} keys a second")
            print(f"  {'keys':>4}{'seconds':>9}")
            for _ in range(asked.sheets):
                found = type_sheet(page, asked.keys_a_second)
                print(f"  {found.keys:4}{found.seconds:9.1f}")
            browser.close()


if __name__ == "__main__":
    main()
