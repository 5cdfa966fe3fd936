from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from school import audit
from school.access import Role
from school.accounts import actions, passwords
from school.accounts.models import Account, SignIn
from tests import makers
from tests.makers import NOW, later

PASSWORD = "Lingyun2026"


def with_password(db, account: Account) -> Account:
    row = db.get_one(Account, account.id)
    row.password_hash = passwords.Cost(8, 1).hashed(PASSWORD)
    db.commit()
    return row


def sign_in(client, login_name, password, **headers):
    return client.send("/sign-in", login_name=login_name, password=password)


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(client, cast, db):
    with_password(db, cast.clerk)

    page = client.get("/accounts?words=x")
    assert page.location == "/sign-in?next=%2Faccounts%3Fwords%3Dx"

    answer = client.send("/sign-in", login_name=cast.clerk.login_name, password=PASSWORD, next="/accounts?words=x")
    assert answer.location == "/accounts?words=x"
    assert "镇联络员" in client.get("/accounts").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "\\\\evil.example", "evil"])
def test_signing_in_never_leads_to_another_site(client, cast, db, target):
    with_password(db, cast.clerk)

    assert client.send("/sign-in", login_name=cast.clerk.login_name, password=PASSWORD, next=target).location == "/"


def test_a_phone_number_serves_instead_of_the_staff_number_when_only_one_person_has_it(client, cast, db):
    with_password(db, cast.learner)
    cast.person.phone = "13900000001"
    db.commit()

    assert sign_in(client, "13900000001", PASSWORD).location == "/"

    makers.make_account(db, makers.make_person(db, "同号", cast.town, phone="13900000001"))
    db.commit()
    client.post("/logout", data={"csrf_token": client.token()})
    assert "工号或密码不对" in sign_in(client, "13900000001", PASSWORD).text


def test_wrong_name_and_wrong_password_look_the_same(client, cast, db):
    with_password(db, cast.clerk)

    unknown = sign_in(client, "nobody", PASSWORD).text
    wrong = sign_in(client, cast.clerk.login_name, "wrong").text

    assert "工号或密码不对" in unknown
    assert "工号或密码不对" in wrong


def test_an_account_waits_after_five_wrong_passwords_and_is_free_again_afterwards(client, cast, db, now):
    with_password(db, cast.clerk)
    for _ in range(5):
        sign_in(client, cast.clerk.login_name, "wrong")

    assert "账号锁定到 20:10" in sign_in(client, cast.clerk.login_name, PASSWORD).text

    now(later(minutes=10, seconds=1))
    assert sign_in(client, cast.clerk.login_name, PASSWORD).location == "/"


def test_a_slip_lets_in_once_and_asks_for_a_password_of_ones_own(app, client, cast, db):
    secret = app.secret_key
    slip = actions.issue_slips(db, [cast.person], secret=secret, days=30, by=makers.ROOT, now=NOW)[0]
    db.commit()

    assert sign_in(client, cast.person.staff_no, slip.code.lower()).location == "/"
    assert client.get("/").location == "/password"
    assert client.send("/password", new="Yunling2026", again="Yunling2026").location == "/"
    assert client.get("/").status_code == 200

    other = app.test_client()
    assert "工号或密码不对" in sign_in(other, cast.person.staff_no, slip.code).text
    assert sign_in(other, cast.person.staff_no, "Yunling2026").location == "/"


def test_an_old_slip_is_worth_nothing_after_its_day(app, client, cast, db, now):
    slip = actions.issue_slips(db, [cast.person], secret=app.secret_key, days=30, by=makers.ROOT, now=NOW)[0]
    db.commit()

    now(later(days=30, seconds=1))
    assert "工号或密码不对" in sign_in(client, cast.person.staff_no, slip.code).text


def test_a_new_slip_ends_the_password_and_the_open_sign_ins(client, cast, db):
    browser = client.as_(cast.learner)
    assert browser.get("/").status_code == 200

    actions.issue_slips(db, [cast.person], secret="k", days=30, by=makers.ROOT, now=NOW)
    db.commit()

    assert browser.get("/").location.startswith("/sign-in")


def test_signing_out_ends_the_sign_in_on_the_server_so_that_a_kept_cookie_is_dead(client, cast):
    browser = client.as_(cast.clerk)
    kept = browser.get_cookie("school").value
    browser.send("/logout")

    thief = client.application.test_client()
    thief.set_cookie("school", kept)
    assert thief.get("/").location.startswith("/sign-in")


def test_officers_are_signed_out_when_idle_and_learners_stay(client, cast, now):
    officer, learner = client.as_(cast.officer), client.as_(cast.learner)

    now(later(minutes=121))

    assert officer.get("/").location.startswith("/sign-in")
    assert learner.get("/").status_code == 200


def test_a_sign_in_ends_after_its_thirty_days(client, cast, now):
    learner = client.as_(cast.learner)

    now(later(days=30))

    assert learner.get("/").location.startswith("/sign-in")


def test_a_new_password_signs_out_every_other_browser(client, cast, db):
    with_password(db, cast.clerk)
    here, elsewhere = client.as_(cast.clerk), client.as_(cast.clerk)

    here.send("/password", current=PASSWORD, new="Qinggang2026", again="Qinggang2026")

    assert here.get("/").status_code == 200
    assert elsewhere.get("/").location.startswith("/sign-in")


def test_a_password_change_needs_the_present_one(client, cast, db):
    with_password(db, cast.clerk)
    browser = client.as_(cast.clerk)

    answer = browser.send("/password", current="wrong", new="Qinggang2026", again="Qinggang2026")

    assert "现在的密码不对" in answer.text


def test_a_post_without_the_token_changes_nothing(client, cast, db):
    browser = client.as_(cast.clerk)

    browser.post("/logout")

    assert browser.get("/").status_code == 200


def test_the_table_keeps_only_the_hash_of_the_token(client, cast, db):
    browser = client.as_(cast.clerk)
    with browser.session_transaction() as session:
        token = session["_user_id"]

    kept = db.scalars(select(SignIn.token_hash)).all()
    assert token not in kept
    assert passwords.token_hash(token) in kept


def test_sign_ins_and_refusals_leave_audit_lines(client, cast, db):
    with_password(db, cast.clerk)
    sign_in(client, cast.clerk.login_name, "wrong")
    sign_in(client, cast.clerk.login_name, PASSWORD)

    deeds = db.scalars(select(audit.AuditLine.deed).order_by(audit.AuditLine.id)).all()
    assert deeds == ["refuse_sign_in", "sign_in"]
    assert audit.verify(db) == ""


def test_a_role_counts_only_between_its_days(client, cast, db, now):
    clerk = client.as_(cast.clerk)
    assert clerk.get("/accounts").status_code == 200

    row = db.get_one(Account, cast.clerk.id).granted[0]
    actions.revoke(db, row, on=makers.TODAY + timedelta(days=1), by=makers.ROOT, now=NOW)
    db.commit()

    assert clerk.get("/accounts").status_code == 200
    now(later(days=1))
    assert client.as_(cast.clerk).get("/accounts").status_code == 403


def test_the_auditor_has_no_other_role_and_no_other_role_audits(db, cast):
    with pytest.raises(actions.Refused):
        actions.grant(
            db, cast.auditor, Role.OFFICER, cast.county, from_on=makers.TODAY, until_on=None, by=makers.ROOT, now=NOW
        )
    with pytest.raises(actions.Refused):
        actions.grant(
            db, cast.officer, Role.AUDITOR, cast.county, from_on=makers.TODAY, until_on=None, by=makers.ROOT, now=NOW
        )
