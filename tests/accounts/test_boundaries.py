"""What an account must not be able to do: reach beyond its subtree, outrun the lock, keep a slip of yesterday."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from school.access import Role
from school.accounts import actions, passwords
from school.accounts.models import Account, GrantedRole
from tests import makers
from tests.makers import NOW, later

PASSWORD = "Lingyun2026"


@pytest.fixture
def town_admin(db, cast):
    """The system administrator of 青杠镇 alone."""
    account = makers.make_account(db, makers.make_person(db, "镇系统员", cast.town), {Role.SYSADMIN: cast.town})
    db.commit()
    return account


def with_password(db, account: Account) -> Account:
    row = db.get_one(Account, account.id)
    row.password_hash = passwords.Cost(8, 1).hashed(PASSWORD)
    db.commit()
    return row


def test_a_townships_administrator_gives_no_role_above_the_township(client, cast, db, town_admin):
    browser = client.as_(town_admin)
    fields = {"role": "officer", "from_on": "2026-11-01"}

    above = browser.send(f"/accounts/{cast.learner.id}/roles", unit=cast.county.code, **fields)
    within = browser.send(f"/accounts/{cast.learner.id}/roles", unit=cast.village.code, **fields)

    assert (above.status_code, within.status_code) == (422, 302)
    assert "没有找到这个单位" in above.text
    assert db.scalars(select(GrantedRole.unit_id).where(GrantedRole.account_id == cast.learner.id)).all() == [
        cast.village.id
    ]


@pytest.mark.parametrize("deed", ["disable", "roles"])
def test_a_townships_administrator_does_not_reach_the_countys_accounts(client, cast, db, town_admin, deed):
    for other in (cast.officer, cast.auditor, cast.sysadmin, cast.outsider):
        answer = client.as_(town_admin).send(
            f"/accounts/{other.id}/{deed}", role="clerk", unit=cast.town.code, from_on="2026-11-01"
        )
        assert answer.status_code == 404

    assert db.scalars(select(Account.id).where(Account.disabled_at.is_not(None))).all() == []


def test_being_officer_of_the_county_lends_nothing_to_the_administrator_of_a_township(client, cast, db, town_admin):
    """Roles are not added up: the county's people are reached as officer, closed only as administrator."""
    db.get_one(Account, town_admin.id).granted.append(
        GrantedRole(role=Role.OFFICER, unit_id=cast.county.id, from_on=makers.LONG_AGO)
    )
    db.commit()
    browser = client.as_(town_admin)

    assert browser.get(f"/accounts/{cast.outsider.id}").status_code == 200
    assert browser.send(f"/accounts/{cast.outsider.id}/disable").status_code == 404


def test_a_role_given_above_the_township_is_not_ended_there(client, cast, db, town_admin):
    holder = makers.make_account(db, makers.make_person(db, "挂职", cast.town), {Role.COMMITTEE: cast.county})
    db.commit()

    answer = client.as_(town_admin).send(f"/accounts/{holder.id}/roles/{holder.granted[0].id}/end")

    assert answer.status_code == 404
    assert db.scalars(select(GrantedRole.until_on).where(GrantedRole.account_id == holder.id)).one() is None


def test_a_role_that_ends_before_it_begins_is_said_so_on_the_form(client, cast, db):
    answer = client.as_(cast.sysadmin).send(
        f"/accounts/{cast.learner.id}/roles", role="clerk", unit="青杠镇", from_on="2026-11-20", until_on="2026-11-01"
    )

    assert answer.status_code == 422
    assert "结束日期要在开始日期以后" in answer.text


def test_a_slip_printed_for_a_learner_opens_no_officers_account(app, client, cast, db):
    """Whoever printed it may have kept a copy."""
    slip = actions.issue_slips(db, [cast.person], secret=app.secret_key, days=30, by=makers.ROOT, now=NOW)[0]
    db.commit()
    client.as_(cast.sysadmin).send(
        f"/accounts/{cast.learner.id}/roles", role="officer", unit="云岭县", from_on="2026-11-20"
    )

    answer = client.send("/sign-in", login_name=cast.person.staff_no, password=slip.code)

    assert "工号或密码不对" in answer.text


def test_guessing_the_present_password_locks_the_account_as_at_the_door(client, cast, db):
    with_password(db, cast.clerk)
    browser = client.as_(cast.clerk)
    for _ in range(5):
        browser.send("/password", current="wrong", new="Qinggang2026", again="Qinggang2026")

    answer = browser.send("/password", current=PASSWORD, new="Qinggang2026", again="Qinggang2026")

    assert "账号锁定到 20:10" in answer.text
    assert db.get_one(Account, cast.clerk.id).password_hash != ""


@pytest.mark.parametrize("field", ["current", "new", "again"])
def test_a_password_of_a_megabyte_is_not_hashed(client, cast, db, field):
    with_password(db, cast.clerk)
    fields = {"current": PASSWORD, "new": "Qinggang2026", "again": "Qinggang2026", field: "Aa1" * 333_333}

    answer = client.as_(cast.clerk).send("/password", **fields)

    assert answer.status_code == 200
    assert "最多 128 个字符" in answer.text or "不一样" in answer.text


def overtaken(monkeypatch, db, account_id: int, **values):
    """While the password is being checked, somebody else changes the account."""
    matches = passwords.Cost.matches

    def slow(cost, stored, given):
        answer = matches(cost, stored, given)
        row = db.get_one(Account, account_id)
        for name, value in values.items():
            setattr(row, name, value)
        db.commit()
        return answer

    monkeypatch.setattr(passwords.Cost, "matches", slow)


@pytest.mark.parametrize(
    "values", [{"locked_until": later(minutes=10)}, {"password_hash": ""}, {"disabled_at": NOW}], ids=str
)
def test_a_password_that_was_right_a_moment_ago_does_not_open_a_door_shut_since(client, cast, db, monkeypatch, values):
    """A hundred guesses at once all find the account open; only what stands at the end counts."""
    with_password(db, cast.learner)
    overtaken(monkeypatch, db, cast.learner.id, **values)

    assert "工号或密码不对" in client.send("/sign-in", login_name=cast.learner.login_name, password=PASSWORD).text


@pytest.mark.parametrize("words", ["%", "_", "G%"])
def test_a_percent_sign_stands_for_itself_in_a_search(client, cast, words):
    assert "没有找到人员" in client.as_(cast.officer).get("/accounts", query_string={"words": words}).text


def test_the_look_of_pages_travels_as_safely_as_the_sign_in(app, client, cast):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.__class__(**{**vars(settings), "https": True})

    answer = client.send("/view-mode", elder="1", letter_size="22")

    cookies = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(("elder", "letter_size"))]
    assert len(cookies) == 2
    assert all("Secure" in line and "HttpOnly" in line and "SameSite=Lax" in line for line in cookies)
