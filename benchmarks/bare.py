"""What a save costs at least: one Flask route on the same server that knows who asks, stores one answer row, answers JSON.

Group commit and turns like the house, sqlite3 without anything above it, no form, no rule, no scope, no page. It is the
yardstick of evening.py and nothing to build on.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask, jsonify, request, session
from granian import Granian
from granian.constants import Interfaces

from school.db import POOL
from school.serving import LINES
from school.turns import turn

TABLES = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS sign_in (token TEXT PRIMARY KEY, person INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
    person INTEGER, question INTEGER, given TEXT, sequence INTEGER, packet TEXT, saved_at TEXT, UNIQUE (person, question)
);
"""
UPSERT = """
INSERT INTO answer VALUES (?, ?, ?, ?, ?, datetime('now')) ON CONFLICT DO UPDATE SET given = excluded.given,
sequence = excluded.sequence, packet = excluded.packet, saved_at = excluded.saved_at WHERE excluded.sequence > sequence
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection on which every commit is on the disk."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


class Rows:
    """Group commit in its shortest form."""

    def __init__(self, path: Path):
        self._path, self._connection = path, connect(path)
        self._changed, self._waiting, self._writing = threading.Condition(), [], False

    def put(self, row: tuple) -> None:
        done = []
        with self._changed:
            self._waiting.append((row, done))
            self._changed.wait_for(lambda: done or not self._writing)
            if done:
                return
            self._writing = True
        with turn(f"{self._path}.turn"):
            with self._changed:
                batch, self._waiting = self._waiting, []
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(UPSERT, [row for row, _ in batch])
            self._connection.commit()
        with self._changed:
            for _, told in batch:
                told.append(True)
            self._writing = False
            self._changed.notify_all()


def application() -> Flask:
    """What each worker serves."""
    path = Path(os.environ["SCHOOL_DATA_DIR"]) / "bare.db"
    app, rows, own = Flask("bare"), Rows(path), threading.local()
    app.secret_key, app.config["SESSION_COOKIE_NAME"] = "bare", "school"

    @app.post("/<int:question>")
    def save(question: int):
        if not hasattr(own, "connection"):
            own.connection = connect(path)
        found = own.connection.execute("SELECT person FROM sign_in WHERE token = ?", (session["token"],)).fetchone()
        form = request.form
        rows.put((found[0], question, form["given"], int(form["sequence"]), form["packet"]))
        return jsonify(sequence=form["sequence"])

    return app


def build(folder: Path, people: int) -> list[str]:
    """The yardstick's database; cookies of so many people."""
    connection = connect(folder / "bare.db")
    connection.executescript(TABLES)
    connection.executemany("INSERT INTO sign_in VALUES (?, ?)", [(f"token-{n}", n) for n in range(people)])
    connection.close()
    app = Flask("bare")
    app.secret_key = "bare"
    signer = app.session_interface.get_signing_serializer(app)
    return [signer.dumps({"token": f"token-{n}"}) for n in range(people)]


def option(name: str) -> int:
    """A number of the command line."""
    return int(sys.argv[sys.argv.index(name) + 1])


if __name__ == "__main__":
    Granian(
        "benchmarks.bare:application", factory=True, port=option("--port"), interface=Interfaces.WSGI,
        workers=option("--workers"), blocking_threads=POOL, backlog=2048, backpressure=LINES, log_access=False,
    ).serve()  # fmt: skip
