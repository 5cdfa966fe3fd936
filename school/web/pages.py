"""What every page shares: Jinja's words, navigation, error pages, security headers, paging."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from flask import Flask, Response, abort, current_app, jsonify, render_template, request, url_for
from flask_login import current_user
from jinja2 import StrictUndefined
from sqlalchemy import Select, func, select
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from school import words
from school.access import Role
from school.errors import BadFile, Busy, NotAllowed, NotFound, Refused, SchoolError
from school.web import forms
from school.web.transaction import reading

log = logging.getLogger(__name__)

STATUS = {NotAllowed: 403, NotFound: 404, Refused: 409, BadFile: 422, Busy: 503}
#: seconds after which a page that the database could not serve is asked for again
COME_AGAIN = 10
#: pages exist for these; any other code borrows the nearest
PAGES = {403, 404, 409, 413, 422, 429, 500, 503}
PAGE_ROWS = 50

#: (words, endpoint, roles that see it); a page not yet in the house is left out
NAVIGATION = [
    ("首页", "start.home", ()),
    ("我的测试", "quiz.mine", (Role.LEARNER,)),
    ("课次", "courses.nights", (Role.TEACHER, Role.CLERK, Role.OFFICER)),
    ("我的夜校", "courses.mine", (Role.LEARNER,)),
    ("月度测试", "quizzes.rounds", (Role.OFFICER, Role.CLERK)),
    ("题库", "questions.banks", (Role.OFFICER,)),
    ("月结", "results.months", (Role.OFFICER, Role.CLERK, Role.COMMITTEE)),
    ("报告", "reports.issued", (Role.OFFICER, Role.CLERK, Role.COMMITTEE)),
    ("跟进", "followups.ledger", (Role.OFFICER, Role.CLERK, Role.COMMITTEE)),
    ("花名册", "roster.units", (Role.OFFICER, Role.CLERK, Role.SYSADMIN)),
    ("账号", "accounts.members", (Role.SYSADMIN, Role.OFFICER)),
    ("审计日志", "accounts.audit_log", (Role.AUDITOR,)),
]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Number(IntegerConverter):
    """A number in an address, no larger than the tables can hold; any other leads to no page."""

    regex = "[0-9]{1,9}"


#: the largest number that is looked for
MOST = 999_999_999


@dataclass(frozen=True)
class NavigationEntry:
    text: str
    url: str
    current: bool


@dataclass(frozen=True)
class Paging:
    """Which slice of a long list is shown. number counts from 1."""

    number: int
    total: int
    rows: int = PAGE_ROWS

    @property
    def offset(self) -> int:
        """How many rows stand on the pages before."""
        return (self.number - 1) * self.rows

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.rows))


def paging(total: int, rows: int = PAGE_ROWS) -> Paging:
    """The slice that ?page= asks for, kept inside the list."""
    asked, first = request.args.get("page", 1, type=int), Paging(1, total, rows)
    return replace(first, number=min(max(asked, 1), first.pages))


def slice_of(statement: Select) -> tuple[Paging, Select]:
    """The slice of a statement's rows that ?page= asks for, and the statement that finds just those."""
    found = paging(reading().scalar(select(func.count()).select_from(statement.order_by(None).subquery())))
    return found, statement.limit(found.rows).offset(found.offset)


def number_asked(name: str) -> int | None:
    """The id that ?name= gives; None without one, and where it cannot be one."""
    asked = request.args.get(name, 0, type=int)
    return asked if 0 < asked <= MOST else None


def safe_next(target: str | None, otherwise: str) -> str:
    """A path of our own to go on to; anything that leads elsewhere becomes `otherwise`."""
    target = (target or "").replace("\\", "/")
    ours = target.startswith("/") and not target.startswith("//") and all(c >= " " for c in target)
    return target if ours else otherwise


def wants_json() -> bool:
    """Whether a script asks, and not a person."""
    return request.accept_mimetypes.best == "application/json"


def init_app(app: Flask) -> None:
    """Register filters, context, error pages and headers."""
    app.url_map.converters["int"] = Number
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in (
        "percent",
        "share",
        "points",
        "day",
        "short_day",
        "month",
        "moment",
        "clock_time",
        "hours",
        "span",
        "stretch",
    ):
        app.jinja_env.filters[name] = getattr(words, name)
    app.context_processor(_frame)
    app.register_error_handler(SchoolError, _refusal)
    for error in (OperationalError, TimeoutError):
        app.register_error_handler(error, _cannot_write)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)
    app.before_request(_refuse_null)
    app.after_request(_headers)


def _refuse_null() -> None:
    """No text of ours holds a null character, and PostgreSQL refuses a question that does."""
    if "\0" in request.path or any("\0" in text for texts in request.args.listvalues() for text in texts):
        abort(404)


def _frame() -> dict:
    settings = current_app.extensions["settings"]
    signed_in = current_user.is_authenticated
    return {
        "county": settings.county,
        "me": current_user if signed_in else None,
        "nav": _navigation() if signed_in else [],
        "elder": _view_mode("elder", False),
        "letter_size": _view_mode("letter_size", 18),
        "csrf_token_value": forms.token(),
        "site": {
            "owner": settings.owner or f"{settings.county}夜校",
            "filing": settings.filing,
            "contact": settings.contact,
        },
    }


def _view_mode(name: str, otherwise):
    if current_user.is_authenticated:
        return getattr(current_user, name)
    cookie = request.cookies.get(name, "")
    return type(otherwise)(int(cookie)) if cookie in {"0", "1", "18", "22", "26", "30"} else otherwise


def _navigation() -> list[NavigationEntry]:
    here, member = _entry_of(request.endpoint or ""), current_user.member
    return [
        NavigationEntry(text, url_for(endpoint), endpoint == here)
        for text, endpoint, roles in NAVIGATION
        if endpoint in current_app.view_functions and (not roles or member.has(*roles))
    ]


def _entry_of(endpoint: str) -> str:
    """The entry a page belongs to: itself, or the first of its room."""
    entries = [entry for _, entry, _ in NAVIGATION]
    room = endpoint.partition(".")[0]
    of_room = [entry for entry in entries if entry.partition(".")[0] == room]
    return endpoint if endpoint in entries else next(iter(of_room), "")


def _refusal(error: SchoolError):
    if isinstance(error, Busy):
        return _later(error.message, error.wait)
    return _page(STATUS.get(type(error), 409), error.message)


def _cannot_write(error: OperationalError | TimeoutError):
    """A full disk, a locked file, a database that is away: nothing was kept, and it heals without a restart."""
    log.error("the database did not answer at %s %s: %s", request.method, request.path, error)
    sentence = (
        "服务器暂时存不进去（磁盘满了，或者数据库被占用），刚才这一步没有保存，此前“已保存”的都在。请稍等再试一次。"
    )
    return _later(sentence, COME_AGAIN)


def _later(message: str, wait: int):
    """The notice that asks to come again, and says when."""
    body, code = _page(503, message)
    return body, code, {"Retry-After": str(wait)}


def _http_error(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, "")


def _crash(error: Exception):
    log.exception("unexpected error at %s %s", request.method, request.path)
    return _page(500, "")


def _page(code: int, message: str):
    if wants_json():
        return jsonify(error=message or str(code)), code
    template = code if code in PAGES else 404 if code < 500 else 500
    return render_template(f"errors/{template}.html", message=message), code


def _headers(response: Response) -> Response:
    response.headers.extend((name, value) for name, value in HEADERS.items() if name not in response.headers)
    if current_app.extensions["settings"].https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"  # send_file would let anybody on the way keep a file for a year
    else:
        response.cache_control.immutable = (
            True  # on a slow line, even asking whether a style is still right costs a second
        )
    return response
