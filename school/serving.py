"""The serving process: the application with its two background threads, under granian."""

from __future__ import annotations

import contextlib
import gc
import ipaddress
import logging
import os
import sys
import threading
from dataclasses import fields
from datetime import timedelta

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from school import audit, clock, db, jobs, settings
from school.app import JOBS, create_app
from school.errors import Busy, Refused
from school.migrations import steps
from school.quizzes import deadline_actions, taking_actions, taking_queries

if sys.platform == "win32":
    resource = None
else:
    import resource

log = logging.getLogger(__name__)

#: seconds between two looks for attempts whose time is over and at the machine's clock; how many are handed in with one commit
WATCH_EVERY = 20
OVERDUE_AT_ONCE = 20
#: processes unless told: one for each core, since Python uses no more than one; SQLite's one writer keeps no more than four
#: busy, and on Windows granian serves with one
WORKERS = 1 if sys.platform == "win32" else min(os.cpu_count() or 1, 4)
#: connections that phones keep open to one process, a county four times over; told nothing, granian lets in as many as its
#: backlog holds, and whoever comes after that waits for minutes until somebody leaves
LINES = 16_384
#: seconds after which a machine that slept knows it: what it waits by may have stood still meanwhile
LOOK_UP = 1


def application() -> Flask:
    """What each worker process serves: settings come from its environment."""
    config = settings.read()
    app = create_app(config)
    _compile_pages(app)
    engine = app.extensions["engine"]
    jobs.Worker(engine, JOBS).start()
    threading.Thread(target=_watch, args=(engine, config.network_grace), daemon=True).start()
    gc.collect()
    gc.freeze()  # what is here stays: looking through it again and again would hold up everybody for a tenth of a second
    return app


def _compile_pages(app: Flask) -> None:
    """The pages a whole county opens in one minute are compiled before the first of them is asked for."""
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(("quiz/", "accounts/sign_in"))):
        app.jinja_env.get_template(name)


def _watch(engine: Engine, grace: int) -> None:
    pause, every = threading.Event(), timedelta(seconds=WATCH_EVERY)
    last = clock.now()
    while not pause.wait(LOOK_UP):
        if abs(clock.now() - last) < every:
            continue
        last = clock.now()
        try:
            watch_once(engine, grace)
        except (OperationalError, Busy) as error:  # a full disk, a locked file, another process that gives time back
            log.warning("nobody looked for overdue attempts; the next look is in %s s: %s", WATCH_EVERY, error)
        except Exception:
            log.exception("nobody looked for overdue attempts; the next look is in %s s", WATCH_EVERY)


def watch_once(engine: Engine, grace: int) -> None:
    """Note that the server runs, hand in what is overdue by our time, then mind the machine's clock."""
    with db.writing(engine) as session:
        deadline_actions.beat(session, now=clock.now())
    while _hand_in_some(engine, grace) == OVERDUE_AT_ONCE:
        pass
    if clock.off_by():
        _mind_the_clock(engine)


def _mind_the_clock(engine: Engine) -> None:
    """Follow a clock that was set, once nobody can be answering: no round is open, no attempt under way."""
    off = clock.off_by()
    with db.writing(engine) as session:
        if taking_queries.may_be_answering(session, clock.now()):
            log.warning("the machine's clock was set by %s; we go on with our own time until nobody answers", off)
            return
        log.warning("the machine's clock was set by %s; we follow it", off)
        clock.follow()
        deadline_actions.note(session, clock.now())  # the hands moved, and nobody lost time by it
        after = {"seconds": round(off.total_seconds())}
        audit.record(session, taking_actions.CLOCKWORK, "follow_clock", "clock", at=clock.now(), after=after)


def _hand_in_some(engine, grace: int) -> int:
    with db.writing(engine) as session:
        return taking_actions.hand_in_overdue(session, now=clock.now(), grace=grace, at_most=OVERDUE_AT_ONCE)


def is_loopback(host: str) -> bool:
    """Whether an address is reachable from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(config: settings.Settings, host: str, port: int, workers: int) -> None:
    """Migrate and serve until told to stop. Refused: a demo county on any address but loopback."""
    if config.demo and not is_loopback(host):
        raise Refused("演示数据的密码是公开的，只能在本机（127.0.0.1）上运行，不能对外提供服务。")
    engine = db.make_engine(config.url)
    steps.migrate(engine)
    wake(engine)
    engine.dispose()
    create_app(config).extensions["engine"].dispose()  # makes the secret key before several workers look for it
    hand_over(config)
    _open_many_files()
    Granian(
        "school.serving:application", factory=True, address=host, port=port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=db.POOL, backlog=2048, backpressure=LINES, log_access=False,
        respawn_failed_workers=True,
    ).serve()  # fmt: skip


def _open_many_files() -> None:
    """Ask the system for a file for each connection: the 1,024 it gives unasked are less than a county's phones."""
    if resource:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = hard if hard != resource.RLIM_INFINITY else 4 * LINES
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(most, 4 * LINES)), hard))


def wake(engine: Engine) -> None:
    """Give back what the server was away for, before anybody can read that their time is over.

    Where it cannot be written now (a full disk), nothing is handed in either, and the watch comes back to it.
    """
    try:
        with db.writing(engine) as session:
            deadline_actions.beat(session, now=clock.now())
    except (OperationalError, Busy) as error:
        log.warning("the time the server was away is not given back yet: %s", error)


def hand_over(config: settings.Settings) -> None:
    """Put the settings and our time into the environment, where worker processes read them."""
    clock.hand_over()
    for field in fields(config):
        value = getattr(config, field.name)
        os.environ[f"SCHOOL_{field.name.upper()}"] = (
            ("on" if value else "off") if isinstance(value, bool) else str(value)
        )
