from __future__ import annotations

import pytest
from sqlalchemy import select

from school.access import Role
from school.accounts import actions as accounts
from school.accounts.models import Account
from tests import makers
from tests.makers import NOW


@pytest.fixture
def people(db, cast):
    """Of 青杠镇: one without an account, one with an unused slip, one who signs in already, one of the village, one closed."""
    made = {name: makers.make_person(db, name, cast.town) for name in ("新人", "有条", "老人", "停用")}
    made["村民"] = makers.make_person(db, "村民", cast.village)
    accounts.issue_slips(db, [made["有条"]], secret="k", days=30, by=makers.ROOT, now=NOW)
    makers.make_account(db, made["老人"], password_hash="set")
    makers.make_account(db, made["停用"], disabled_at=NOW)
    db.commit()
    return made


def slips_of(db) -> set[str]:
    return set(db.scalars(select(Account.name).where(Account.slip_hash != "")))


def address(cast) -> str:
    return f"/reports/slips/{cast.town.id}"


def test_the_page_says_how_many_slips_and_that_old_codes_end(client, cast, people):
    page = client.as_(cast.clerk).get(address(cast)).text

    assert "还没有设过密码的有 4 人" in page
    assert "以前领过的登录条作废" in page
    assert "2 人担任管理角色" in page


def test_slips_go_to_everybody_new_of_the_subtree_and_nothing_is_kept_but_hashes(client, cast, db, people):
    answer = client.as_(cast.clerk).send(address(cast), new="y")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.data[:4] == b"%PDF"
    assert answer.headers["Cache-Control"] == "no-store"
    assert slips_of(db) == {"新人", "有条", "村民", "买买提·艾力"}


def test_somebody_with_a_password_gets_a_slip_only_by_name(client, cast, db, people):
    client.as_(cast.clerk).send(address(cast), people=str(people["老人"].id))

    assert slips_of(db) == {"有条", "老人"}
    assert db.scalars(select(Account.password_hash).where(Account.name == "老人")).one() == ""


def test_nobody_chosen_prints_nothing_and_says_so(client, cast, db, people):
    page = client.as_(cast.clerk).send(address(cast))

    assert "没有选到人" in page.text
    assert slips_of(db) == {"有条"}


def test_a_clerk_cannot_take_over_an_account_with_a_role_by_printing_its_slip(client, cast, db, people):
    """A slip opens the account to whoever holds it; roles are in the system administrator's hand."""
    holder = makers.make_person(db, "县管理员乙", cast.town)
    makers.make_account(db, holder, {Role.OFFICER: cast.county}, password_hash="set")
    db.commit()

    client.as_(cast.clerk).send(address(cast), new="y", people=str(holder.id))
    assert "县管理员乙" not in slips_of(db)

    client.as_(cast.sysadmin).send(address(cast), people=str(holder.id))
    assert "县管理员乙" in slips_of(db)


def test_a_clerk_who_borrows_somebody_on_paper_does_not_get_their_account(client, cast, db, people):
    """A roster row 借调 is all it takes to have anybody of the county in one's unit."""
    borrowed = makers.make_person(db, "邻乡干部", cast.other_town)
    makers.make_assignment(db, borrowed, cast.town, kind="借调")
    makers.make_account(db, borrowed, password_hash="set")
    db.commit()
    clerk = client.as_(cast.clerk)

    assert "1 人是外单位借调、驻村来的" in clerk.get(address(cast)).text
    clerk.send(address(cast), new="y", people=str(borrowed.id))
    assert "邻乡干部" not in slips_of(db)

    client.as_(cast.outsider).send(f"/reports/slips/{cast.other_town.id}", people=str(borrowed.id))
    assert "邻乡干部" in slips_of(db)


def test_a_townships_administrator_prints_no_slip_for_an_officer_of_the_county(client, cast, db, people):
    holder = makers.make_person(db, "县管理员乙", cast.town)
    makers.make_account(db, holder, {Role.OFFICER: cast.county}, password_hash="set")
    admin = makers.make_account(db, makers.make_person(db, "镇系统员", cast.town), {Role.SYSADMIN: cast.town})
    db.commit()

    client.as_(admin).send(address(cast), new="y", people=str(holder.id))

    assert "县管理员乙" not in slips_of(db)


def test_without_the_token_no_code_ends(client, cast, db, people):
    client.as_(cast.clerk).post(address(cast), data={"new": "y"})

    assert slips_of(db) == {"有条"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 404), ("committee", 403), ("teacher", 403), ("learner", 403), ("auditor", 403)],
)
def test_slips_are_printed_by_those_who_keep_the_units_people(client, cast, db, people, who, status):
    browser = client.as_(getattr(cast, who))

    assert browser.get(address(cast)).status_code == status
    assert browser.send(address(cast), new="y").status_code == status
    assert slips_of(db) == {"有条"}


@pytest.mark.parametrize("who", ["officer", "clerk", "sysadmin"])
def test_officer_clerk_and_system_administrator_may_print(client, cast, people, who):
    assert client.as_(getattr(cast, who)).get(address(cast)).status_code == 200


def test_a_long_list_of_names_is_narrowed_by_a_word(client, cast, db):
    for number in range(61):
        makers.make_account(db, makers.make_person(db, f"旧{number:02}", cast.town), password_hash="set")
    db.commit()
    clerk = client.as_(cast.clerk)

    assert "有 61 人，这里只列前 60 人" in clerk.get(address(cast)).text
    page = clerk.get(address(cast) + "?words=旧60").text
    assert ("旧60" in page, "旧01" in page) == (True, False)


def test_a_unit_without_people_has_nothing_to_print(client, cast, db):
    empty = makers.make_unit(db, "空单位", cast.town)
    db.commit()

    assert "没有可以打印登录条的人" in client.as_(cast.clerk).get(f"/reports/slips/{empty.id}").text


@pytest.mark.parametrize("new", [1, 3])
def test_the_page_asks_as_many_queries_for_one_as_for_three(client, cast, db, new, count_queries):
    for _ in range(new):
        makers.make_person(db, "新来", cast.town)
    db.commit()
    clerk = client.as_(cast.clerk)

    with count_queries() as sent:
        page = clerk.get(address(cast))

    assert f"还没有设过密码的有 {new + 1} 人" in page.text
    assert len([line for line in sent if line.startswith("SELECT")]) == 6
