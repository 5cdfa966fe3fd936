"""The door of every page: signed in, with a role, inside one's units."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import current_app, redirect, request, url_for
from flask_login import current_user

from school.access import Member, Role
from school.errors import NotAllowed


def me() -> Member:
    """Whoever is signed in, as actions want them."""
    return current_user.member


def needs(*roles: Role) -> Callable:
    """Let only signed-in people with one of the roles in; without roles, anybody signed in.

    Whoever still has a slip's password is sent to choose their own first. Units are checked where rows are fetched.
    """

    def decorate(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()
            if current_user.must_change and request.endpoint not in {
                "accounts.password",
                "accounts.sign_out",
            }:
                return redirect(url_for("accounts.password"))
            if roles and not _has(roles):
                named = "、".join(role.text for role in roles)
                raise NotAllowed(f"这一页由{named}使用，您的账号没有这项职责。需要时请联系县级管理员。")
            return view(*args, **kwargs)

        guarded.guarded = True
        return guarded

    return decorate


def _has(roles: tuple[Role, ...]) -> bool:
    """A learner's own pages need no look at the roles granted."""
    return (Role.LEARNER in roles and current_user.person_id is not None) or me().has(*roles)


def public(view):
    """Mark a page that people without an account may open; a test lists them."""
    view.guarded = True
    return view
