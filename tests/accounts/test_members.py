from __future__ import annotations

import pytest

from school.access import Role
from school.accounts.models import Account
from tests import makers


def test_a_clerk_sees_the_people_of_the_own_township_and_villages_only(client, cast):
    page = client.as_(cast.clerk).get("/accounts").text

    assert "买买提·艾力" in page
    assert "村夜校校长" in page
    assert "邻乡联络员" not in page


def test_an_account_of_another_township_is_not_there(client, cast):
    page = client.as_(cast.outsider).get(f"/accounts/{cast.learner.id}")

    assert page.status_code == 404
    assert "买买提" not in page.text


@pytest.mark.parametrize("role", ["clerk", "officer", "auditor", "learner", "committee", "teacher"])
def test_only_the_system_administrator_grants_roles(client, cast, db, role):
    browser = client.as_(getattr(cast, role))

    answer = browser.send(
        f"/accounts/{cast.learner.id}/roles", role="officer", unit=cast.county.code, from_on="2026-11-01"
    )

    assert answer.status_code == 403
    assert db.get_one(Account, cast.learner.id).granted == []


def test_the_system_administrator_grants_and_ends_a_role(client, cast, db):
    browser = client.as_(cast.sysadmin)

    browser.send(f"/accounts/{cast.learner.id}/roles", role="clerk", unit="青杠镇", from_on="2026-11-01")
    account = db.get_one(Account, cast.learner.id)
    assert [(row.role, row.unit_id, row.until_on) for row in account.granted] == [(Role.CLERK, cast.town.id, None)]

    browser.send(f"/accounts/{cast.learner.id}/roles/{account.granted[0].id}/end")
    db.expire_all()
    assert account.granted[0].until_on == makers.TODAY


def test_an_unknown_unit_is_named_on_the_form(client, cast):
    answer = client.as_(cast.sysadmin).send(
        f"/accounts/{cast.learner.id}/roles", role="clerk", unit="没有这个单位", from_on="2026-11-01"
    )

    assert answer.status_code == 422
    assert "没有找到这个单位" in answer.text


def test_nobody_grants_a_role_to_themselves_or_closes_the_own_account(client, cast):
    browser = client.as_(cast.sysadmin)

    grant = browser.send(f"/accounts/{cast.sysadmin.id}/roles", role="clerk", unit="青杠镇", from_on="2026-11-01")
    close = browser.send(f"/accounts/{cast.sysadmin.id}/disable")

    assert (grant.status_code, close.status_code) == (403, 403)


def test_a_closed_account_is_out_at_once(client, cast):
    learner = client.as_(cast.learner)

    client.as_(cast.sysadmin).send(f"/accounts/{cast.learner.id}/disable")

    assert learner.get("/").location.startswith("/sign-in")


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_accounts_asks_as_many_queries_for_one_more_as_for_three(client, cast, db, people, count_queries):
    for _ in range(people):
        makers.make_account(db, makers.make_person(db, "新来", cast.town))
    db.commit()
    browser = client.as_(cast.clerk)

    with count_queries() as sent:
        page = browser.get("/accounts")

    assert page.status_code == 200
    assert len([line for line in sent if line.startswith("SELECT")]) == 5
