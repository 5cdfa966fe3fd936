"""A real Chromium against a real server with the demo county in it.

Where no Chromium is found the tests are skipped with one visible line, unless SCHOOL_TEST_REQUIRE names the browser.
"""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from school import clock
from school.app import create_app
from school.demo import build, county
from school.settings import Settings
from tests.browser.quiz_phone import begin, ready, sign_in_at

CHROMIUM = os.environ.get("SCHOOL_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
#: as root there is no sandbox; nothing is fetched in the background
ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    here = [item for item in items if "tests/browser" in str(item.path).replace(os.sep, "/")]
    for item in here:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
    if here and not CHROMIUM:
        if "browser" in os.environ.get("SCHOOL_TEST_REQUIRE", ""):
            pytest.exit("a browser is required, but no Chromium was found", returncode=2)
        for item in here:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium found: install it, or name it in SCHOOL_TEST_CHROMIUM")
            )


class Quiet(WSGIRequestHandler):
    def log(self, *_args):
        """No line per request."""


@dataclass(frozen=True)
class Served:
    """The demo county at an address, and who can sign in: role in words -> (staff number, password)."""

    url: str
    accounts: dict[str, tuple[str, str]]
    app: Flask


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    config = build.settings_for(Settings(), tmp_path_factory.mktemp("演示 county"))
    build.build(config, county.SMALL, seed=county.SEED, now=clock.now(), watch=lambda items, _words: items)
    accounts = {}
    for login in build.load(config.data_dir).logins:
        accounts.setdefault(login.role, (login.login_name, login.password))
    app = create_app(config)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Served(f"http://127.0.0.1:{server.server_port}", accounts, app)
    server.shutdown()
    server.server_close()
    app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def chromium():
    expect.set_options(timeout=40_000)  # a machine that runs other things as well is no reason to fail
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(served, chromium):
    """sign_in(role, width=360, **context) -> a page on the start page of that role."""
    contexts = []

    def signed_in(role: str, width: int = 360, **options):
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", **options)
        contexts.append(context)
        return sign_in_at(context.new_page(), served, role)

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def phone(sign_in):
    """The learner's phone with the paper before them."""
    page = sign_in("学员")
    begin(page)
    return ready(page)
