"""The request's read session, and the one transaction of a deed. The only place in the web that opens either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from school import db


def engine() -> Engine:
    """The application's engine."""
    return current_app.extensions["engine"]


def reading() -> Session:
    """The session everything on a page is read with; opened at first use, closed with the request."""
    if "reading" not in g:
        g.reading = Session(engine())
    return g.reading


def looking() -> AbstractContextManager[Connection]:
    """A connection for one statement."""
    return db.looking(engine())


@contextmanager
def writing() -> Iterator[Session]:
    """One deed. What was read before and meanwhile is forgotten, so that the page afterwards shows what is now."""
    forget()
    with db.writing(engine()) as session:
        yield session
    forget()


def forget(_error: BaseException | None = None) -> None:
    """Let go of what was read, and of the connection it was read on."""
    if "reading" in g:
        g.pop("reading").close()


def init_app(app: Flask) -> None:
    """Close the read session with each request."""
    app.teardown_appcontext(forget)
