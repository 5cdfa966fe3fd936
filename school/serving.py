"""The serving process: the application with its two background threads, under granian."""

from __future__ import annotations

import ipaddress
import logging
import os
import threading
from dataclasses import fields

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from school import clock, db, jobs, settings
from school.app import JOBS, create_app
from school.errors import Refused
from school.migrations import steps
from school.quizzes import taking_actions

log = logging.getLogger(__name__)

#: seconds between two looks for attempts whose time is over
OVERDUE_EVERY = 20


def application() -> Flask:
    """What each worker process serves: settings come from its environment."""
    config = settings.read()
    app = create_app(config)
    engine = app.extensions["engine"]
    jobs.Worker(engine, JOBS).start()
    threading.Thread(target=_hand_in_overdue, args=(engine, config.network_grace), daemon=True).start()
    return app


def _hand_in_overdue(engine, grace: int) -> None:
    pause = threading.Event()
    while not pause.wait(OVERDUE_EVERY):
        try:
            with db.writing(engine) as session:
                taking_actions.hand_in_overdue(session, now=clock.now(), grace=grace)
        except Exception:
            log.exception("overdue attempts could not be handed in; the next look is in %s s", OVERDUE_EVERY)


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
    engine.dispose()
    create_app(config).extensions["engine"].dispose()  # makes the secret key before several workers look for it
    hand_over(config)
    Granian(
        "school.serving:application", factory=True, address=host, port=port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=8, backlog=2048, log_access=False,
    ).serve()  # fmt: skip


def hand_over(config: settings.Settings) -> None:
    """Put the settings into the environment, where worker processes read them."""
    for field in fields(config):
        value = getattr(config, field.name)
        os.environ[f"SCHOOL_{field.name.upper()}"] = (
            ("on" if value else "off") if isinstance(value, bool) else str(value)
        )
