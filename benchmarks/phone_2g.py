"""The quiz over a 2G line: `python -m benchmarks.phone_2g [--questions 20] [--rounds 3]`.

Starts the real server on a scratch SQLite database and a real Chromium with nothing in its cache behind a line of
250 kbit/s and 300 ms (Network.emulateNetworkConditions). Opens the paper as somebody does who has just pressed 开始答题,
answers one question and prints what went over the wire and how long it took: until the first question can be read and
answered, until the script has the page in hand, and from a tap to 已保存. Asked for: at most 40 KB and 6 requests, usable
within 5 s, a save within 2.5 s. Needs the test requirements (playwright) and a Chromium, SCHOOL_TEST_CHROMIUM names it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import scene
from benchmarks.phones import HOST
from benchmarks.servers import Server, running

CHROMIUM = os.environ.get("SCHOOL_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
KBITS, LATENCY = 250, 300
LINE = {"offline": False, "downloadThroughput": KBITS * 125, "uploadThroughput": KBITS * 125, "latency": LATENCY}


@dataclass(frozen=True)
class Visit:
    """One paper opened and one answer saved. Seconds from asking for the page, and from the tap."""

    requests: int
    size: int
    readable: float
    in_hand: float
    saved: float


def visit(browser: Browser, server: Server, cookie: str, path: str) -> Visit:
    """Open a paper with an empty cache, answer the question that is shown."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="zh-CN")
    context.add_cookies([{"name": "school", "value": cookie, "url": f"http://{HOST}:{server.port}"}])
    page = context.new_page()
    sizes = _listen(page)
    began = time.perf_counter()
    page.goto(f"http://{HOST}:{server.port}{path}", wait_until="commit")
    page.locator(".choice label").first.wait_for()
    readable = time.perf_counter() - began
    page.locator("[data-view]").wait_for()
    in_hand = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    requests, size = len(sizes), sum(sizes)
    tapped = time.perf_counter()
    page.locator(".asked:visible .choice input:not(:checked) + label").first.click()
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"已保存 \d\d:\d\d:\d\d"), timeout=60_000)
    saved = time.perf_counter() - tapped
    context.close()
    return Visit(requests, size, readable, in_hand, saved)


def _listen(page: Page) -> list[int]:
    """Put the page behind the slow line; the list grows by the bytes of each answer."""
    sizes: list[int] = []
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    return sizes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="夜校 ") as name:
        made = scene.build(scene.scratch(Path(name)), 1, questions=asked.questions, begun=1)
        (cookie,) = made.cookies.values()
        with running(["-m", "school", "serve"], Path(name)) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            print(f"{asked.questions} questions, {KBITS} kbit/s, {LATENCY} ms")
            print(f"  {'requests':>9}{'KB':>7}{'readable s':>12}{'in hand s':>11}{'saved s':>9}")
            for _ in range(asked.rounds):
                found = visit(browser, server, cookie, f"/quiz/{made.round_id}/paper")
                print(
                    f"  {found.requests:9}{found.size / 1000:7.1f}{found.readable:12.1f}{found.in_hand:11.1f}{found.saved:9.1f}"
                )
            browser.close()


if __name__ == "__main__":
    main()
