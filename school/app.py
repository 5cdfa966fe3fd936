"""The whole house put together. Imports every room; imported by the command line and the tests only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import school.accounts.views
import school.courses.views
import school.followups.views
import school.questions.job_actions
import school.questions.views
import school.quizzes.taking_views
import school.quizzes.views
import school.reports.job_actions
import school.reports.views
import school.results.views
import school.roster.job_actions
import school.roster.views
import school.start
from school import db, settings, tables
from school.errors import Refused
from school.web import pages, transaction, weight
from school.web.cookies import Sessions

ROOMS = [
    school.start, school.accounts.views, school.roster.views, school.courses.views, school.questions.views,
    school.quizzes.taking_views, school.quizzes.views, school.results.views, school.reports.views, school.followups.views,
]  # fmt: skip

#: background work by kind
JOBS = {
    **school.roster.job_actions.JOBS,
    **school.questions.job_actions.JOBS,
    **school.reports.job_actions.JOBS,
}

#: the largest upload: a roster or a bank of 20 MiB and a little for the form around it
UPLOAD = 21 * 1024 * 1024


def create_app(config: settings.Settings | None = None) -> Flask:
    """The WSGI application. Starts no thread and writes nothing but the secret key's file."""
    config = config or settings.read()
    static = {"static_folder": str(PACKAGE / "static"), "static_url_path": f"/static/{_fingerprint()}"}
    app = Flask("school", template_folder=str(folder("templates")), **static)
    app.config.update(
        SECRET_KEY=secret_key(config.data_dir),
        MAX_CONTENT_LENGTH=UPLOAD,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        SESSION_COOKIE_NAME="school",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_REFRESH_EACH_REQUEST=False,  # a sign-in ends when the server says; no cookie prolongs it
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    app.session_interface = Sessions(app)
    app.extensions.update(settings=config, engine=db.make_engine(config.url), metadata=tables.metadata)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)
    transaction.init_app(app)
    pages.init_app(app)
    weight.init_app(app)
    school.accounts.views.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room.bp)
    return app


PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """A data folder: inside an installed package, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@lru_cache
def _fingerprint() -> str:
    """Twelve characters that change with any style or script: what is kept under their address stays right for ever."""
    found = sorted(path for path in (PACKAGE / "static").rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in found)).hexdigest()[:12]


def secret_key(data_dir: Path) -> str:
    """The key that signs cookies and slips, made at the first start and readable by its owner only."""
    path = data_dir / "secret.key"
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), open(path, "x", opener=_for_its_owner) as file:
        file.write(secrets.token_hex(32))
    key = path.read_text().strip()
    if len(key) < 32:  # a start that was cut off: an empty key would sign anything
        raise Refused(f"密钥文件 {path} 不完整。请从备份中恢复它；没有备份的，删去它再启动，所有人要重新登录。")
    return key


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
