"""Pages of sign-in, one's own password and view, account administration and the audit log."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from functools import cached_property

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, UserMixin, current_user, logout_user
from sqlalchemy import Row
from sqlalchemy.exc import OperationalError

from school import audit, clock, words
from school.access import Member, Role
from school.accounts import actions, audit_words, devices, passwords, queries
from school.accounts.forms import GrantForm, PasswordForm, SignInForm, ViewModeForm
from school.accounts.models import Account, GrantedRole, SignIn
from school.errors import NotFound
from school.roster.queries import unit_name_of, unit_named
from school.web import pages
from school.web.forms import Confirm
from school.web.guard import me, needs, public
from school.web.transaction import looking, reading, writing

bp = Blueprint("accounts", __name__)
log = logging.getLogger(__name__)

#: how stale the time of the last visit may be before it is written again
SEEN_EVERY = timedelta(minutes=5)


class SignedIn(UserMixin):
    """Whoever is behind this request, loaded once from the sign-in its cookie names.

    Roles and unit are looked up when a page asks for them: saving an answer needs neither.
    """

    def __init__(self, found: Row, token: str, on: date):
        self.token, self.account_id, self.person_id, self.name = token, found.id, found.person_id, found.name
        self.must_change, self.elder, self.letter_size = found.must_change, found.elder, found.letter_size
        self._found, self._on = found, on

    @cached_property
    def member(self) -> Member:
        return queries.member(reading(), self._found, self._on, _address())

    @cached_property
    def unit_name(self) -> str:
        return unit_name_of(reading(), self.person_id, self._on)

    def get_id(self) -> str:
        return self.token

    @property
    def roles_text(self) -> str:
        return "、".join(dict.fromkeys(grant.role.text for grant in self.member.grants))


def init_app(app: Flask) -> None:
    """Let Flask-Login find people by the token in their cookie."""
    login = LoginManager(app)
    login.login_view, login.login_message = "accounts.sign_in", ""
    login.session_protection = None  # the server knows its sign-ins; a browser's look proves nothing
    login.user_loader(_load)
    settings = _settings(app)
    app.permanent_session_lifetime = timedelta(days=settings.login_days)
    cost = passwords.Cost(settings.argon2_memory, settings.argon2_passes)
    app.extensions["hashing"] = passwords.Queue(cost, settings.hashes_at_once, settings.hashes_waiting)


def _settings(app=current_app):
    return app.extensions["settings"]


def _load(token: str) -> SignedIn | None:
    now = clock.now()
    with looking() as connection:
        found = queries.open_sign_in(connection, token, now)
    if found is None:
        return None
    signed_in, away = SignedIn(found, token, clock.day(now)), now - found.seen_at
    if away > timedelta(minutes=_settings().idle_minutes) and signed_in.member.grants:
        return None  # learners stay signed in
    if away > SEEN_EVERY:
        _note_the_visit(found.sign_in_id, now)
    return signed_in


def _note_the_visit(sign_in_id: int, now: datetime) -> None:
    """A note, and no more: a full disk or a locked file keeps nobody from reading."""
    try:
        with writing() as db:
            db.get_one(SignIn, sign_in_id).seen_at = now
    except OperationalError:
        log.warning("the time of a visit could not be written", exc_info=True)


def _address() -> str:
    return (request.remote_addr or "")[:45]


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in():
    """Sign in with staff number or phone, and password or first-login code."""
    if current_user.is_authenticated:
        return redirect(url_for("start.home"))
    form = SignInForm(next=request.args.get("next", ""))
    if form.submitted() and (token := _try(form)):
        session.clear()
        session.permanent = True
        session["_user_id"], session["_fresh"] = token, True
        onward = pages.safe_next(form.next.data, url_for("start.home"))
        return jsonify(onward=onward) if pages.wants_json() else redirect(onward)
    if pages.wants_json():  # a script that comes again by itself (sign-in.js)
        return jsonify(error=next(iter(form.errors.values()), [""])[0]), 422
    return render_template("accounts/sign_in.html", form=form)


def _try(form: SignInForm) -> str:
    """The token of a new sign-in; empty with a complaint on the form when it is refused."""
    now, settings = clock.now(), _settings()
    wait = timedelta(minutes=settings.lock_minutes)
    account = queries.account_for_login(reading(), form.login_name.data)
    if queries.failures_from(reading(), _address(), now - wait) >= settings.lock_address_after:
        return _complain(form, f"这个网络刚才输错的次数太多，请 {settings.lock_minutes} 分钟后再试。")
    if account and (locked := _locked(account, now)):
        return _complain(form, locked)
    by_code = bool(account) and _is_code(account, form.password.data, now)
    right = by_code or _hashing().matches(account.password_hash if account else "", form.password.data)
    with writing() as db:
        row = db.get(Account, account.id, with_for_update=True) if account else None
        if right and not row.disabled_at and _door(row) == _door(account):
            return actions.sign_in(
                db, row, address=_address(), device=request.user_agent.string, now=now,
                lasts=timedelta(days=settings.login_days), must_change=by_code,
            )  # fmt: skip
        actions.refuse_sign_in(db, row, form.login_name.data, address=_address(), lockout=_lockout(), now=now)
    return _complain(form, "工号或密码不对。请检查后再输一次；忘记密码请找单位联络员补打登录条。")


def _lockout() -> actions.Lockout:
    return actions.Lockout(_settings().lock_after, timedelta(minutes=_settings().lock_minutes))


def _door(account: Account) -> tuple:
    """What must not have changed while a password was checked: many at once would outrun the lock, or use a code twice."""
    return account.password_hash, account.slip_hash, account.locked_until


def _locked(account: Account, now: datetime) -> str:
    """The sentence for an account that must wait; empty for any other."""
    if account.locked_until is None or account.locked_until <= now:
        return ""
    return f"输错次数太多，账号锁定到 {words.clock_time(account.locked_until)}，请稍后再试。"


def _complain(form: SignInForm, sentence: str) -> str:
    form.password.errors = [sentence]
    return ""


def _is_code(account: Account, given: str, now) -> bool:
    valid = account.slip_hash and account.slip_until and account.slip_until > now
    return bool(valid) and passwords.code_hash(given, current_app.secret_key) == account.slip_hash


def _hashing() -> passwords.Queue:
    return current_app.extensions["hashing"]


@bp.post("/logout")
@needs()
def sign_out():
    """End this browser's sign-in for good."""
    if Confirm().submitted():
        with writing() as db:
            actions.sign_out(db, current_user.token, by=me(), now=clock.now())
        logout_user()
        session.clear()
        flash("已退出登录。", "done")
    return redirect(url_for("accounts.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@needs()
def password():
    """Choose a new password; the first thing after signing in with a slip."""
    form = PasswordForm()
    if form.submitted() and _password_is_right(form):
        hashed = _hashing().hashed(form.new.data)
        with writing() as db:
            account = db.get_one(Account, current_user.account_id)
            actions.set_password(db, account, hashed, keep_token=current_user.token, by=me(), now=clock.now())
        flash("新密码已生效，其他设备上的登录已退出。", "done")
        return redirect(url_for("start.home"))
    return render_template("accounts/password.html", form=form, policy=_settings().password_policy)


def _password_is_right(form: PasswordForm) -> bool:
    account = reading().get_one(Account, current_user.account_id)
    if not current_user.must_change and (problem := _wrong(account, form.current.data or "")):
        form.current.errors = [problem]
        return False
    policy = _settings().password_policy
    form.new.errors = passwords.complaints(form.new.data, policy, login_name=account.login_name, name=account.name)
    return not form.new.errors


def _wrong(account: Account, given: str) -> str:
    """What is wrong with the present password; a wrong one counts as one at the sign-in page does."""
    now = clock.now()
    if locked := _locked(account, now):
        return locked
    if _hashing().matches(account.password_hash, given):
        return ""
    with writing() as db:
        row = db.get_one(Account, account.id, with_for_update=True)
        actions.refuse_sign_in(db, row, row.login_name, address=_address(), lockout=_lockout(), now=now)
    return "现在的密码不对。"


@bp.post("/view-mode")
@public
def view_mode():
    """Switch 长辈版 or the size of letters; remembered with the account, or in a cookie for visitors."""
    form = ViewModeForm()
    answer = make_response(redirect(pages.safe_next(form.next.data, url_for("start.home"))))
    if not form.submitted():
        return answer
    chosen = {"elder": form.elder.data, "letter_size": int(form.letter_size.data or 18)}
    if current_user.is_authenticated:
        with writing() as db:
            account = db.get_one(Account, current_user.account_id)
            account.elder, account.letter_size = chosen["elder"], chosen["letter_size"]
    for name, value in chosen.items():
        secure = _settings().https
        answer.set_cookie(name, str(int(value)), max_age=31_536_000, samesite="Lax", httponly=True, secure=secure)
    return answer


@bp.get("/accounts")
@needs(Role.SYSADMIN, Role.OFFICER, Role.CLERK)
def members():
    """People of one's units and whether they can sign in."""
    named, on = request.args.get("words", "").strip(), clock.day(clock.now())
    paths = me().paths(Role.SYSADMIN, Role.OFFICER, Role.CLERK)
    statement = queries.members(reading(), paths, on, words=named)
    paging, shown = pages.slice_of(statement)
    rows = [queries.MemberRow(*row) for row in reading().execute(shown)]
    return render_template("accounts/members.html", rows=rows, paging=paging, words=named, now=clock.now())


@bp.get("/accounts/<int:account_id>")
@needs(Role.SYSADMIN, Role.OFFICER, Role.CLERK)
def member(account_id: int):
    """One account: its roles and where it is signed in."""
    now = clock.now()
    account = queries.account(reading(), account_id, me(), clock.day(now))
    return _member_page(account, GrantForm(from_on=clock.day(now)))


def _member_page(account: Account, form: GrantForm):
    roles = queries.roles_of(reading(), account.id)
    sign_ins = queries.sign_ins_of(reading(), account.id, clock.now())
    context = {"account": account, "roles": roles, "sign_ins": sign_ins, "form": form, "confirm": Confirm()}
    return render_template("accounts/member.html", **context, now=clock.now(), Role=Role, device=devices.device)


@bp.post("/accounts/<int:account_id>/roles")
@needs(Role.SYSADMIN)
def grant(account_id: int):
    """Give a role on a unit."""
    now, form = clock.now(), GrantForm()
    account = queries.account(reading(), account_id, me(), clock.day(now), Role.SYSADMIN)
    if not form.submitted():
        return _member_page(account, form), 422
    unit = unit_named(reading(), form.unit.data, clock.day(now))
    if unit is None or not queries.administers(reading(), me(), unit.path):
        form.unit.errors = ["没有找到这个单位，请填写单位编码或全称。"]
        return _member_page(account, form), 422
    with writing() as db:
        row, unit = db.get_one(Account, account_id), db.merge(unit, load=False)
        actions.grant(
            db, row, Role(form.role.data), unit,
            from_on=form.from_on.data, until_on=form.until_on.data, by=me(), now=now,
        )  # fmt: skip
    flash("已授权。以前打印、还没有用过的登录条已作废，需要时请另打一张。", "done")
    return redirect(url_for("accounts.member", account_id=account_id))


@bp.post("/accounts/<int:account_id>/roles/<int:role_id>/end")
@needs(Role.SYSADMIN)
def revoke(account_id: int, role_id: int):
    """End a role today."""
    now = clock.now()
    if Confirm().submitted():
        with writing() as db:
            queries.account(db, account_id, me(), clock.day(now), Role.SYSADMIN)
            row = db.get(GrantedRole, role_id)
            if row is None or row.account_id != account_id or not queries.administers(db, me(), row.unit.path):
                raise NotFound
            actions.revoke(db, row, on=clock.day(now), by=me(), now=now)
        flash("已收回这项角色。", "done")
    return redirect(url_for("accounts.member", account_id=account_id))


@bp.post("/accounts/<int:account_id>/<any(disable, enable):deed>")
@needs(Role.SYSADMIN)
def switch(account_id: int, deed: str):
    """Close an account or open it again."""
    if Confirm().submitted():
        with writing() as db:
            account = queries.account(db, account_id, me(), clock.day(clock.now()), Role.SYSADMIN)
            getattr(actions, deed)(db, account, by=me(), now=clock.now())
        flash("账号已停用。" if deed == "disable" else "账号已恢复。", "done")
    return redirect(url_for("accounts.member", account_id=account_id))


@bp.get("/audit")
@needs(Role.AUDITOR)
def audit_log():
    """The audit log, the latest first."""
    named = request.args.get("words", "").strip()
    statement = queries.audit_lines(words=named)
    paging, shown = pages.slice_of(statement)
    lines = reading().scalars(shown).all()
    return render_template(
        "accounts/audit_log.html", lines=lines, paging=paging, words=named, confirm=Confirm(), audit_words=audit_words
    )


@bp.post("/audit/verify")
@needs(Role.AUDITOR)
def verify_audit():
    """Check the whole chain."""
    if Confirm().submitted():
        problem = audit.verify(reading())
        flash(problem or "审计日志完整，没有发现改动。", "problem" if problem else "done")
    return redirect(url_for("accounts.audit_log"))
