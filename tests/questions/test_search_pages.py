"""A bank searched, and what was found taken away as a file."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from school.access import Role
from school.questions import actions, intake, search_queries
from school.questions.exports import EXPORTS
from tests import makers
from tests.makers import NOW, ROOT

BANK = """专题：农村土地

编号：TD-001
题型：单选
对象：农民
题干：耕地的承包期为（ ）年。
A. 十
B. 三十
答案：B
解析：届满后再延长三十年。
依据：农村土地承包法 第二十一条第一款 2018-12-29
知识点：承包期限
难度：1

编号：TD-002
题型：判断
对象：干部
题干：农村村民一户只能拥有一处宅基地。
答案：对
依据：土地管理法 第六十二条 2019-08-26
难度：3

编号：LD-001
题型：填空
对象：通用
题干：农民工工资应当按____足额支付。
答案：月;按月
依据：保障农民工工资支付条例 2019-12-30
专题：劳动
难度：3
"""


@pytest.fixture
def bank(db, cast):
    made = makers.make_bank(db, cast.county)
    kept = actions.keep_upload(db, made, "题.txt", b"x", by=ROOT, now=NOW)
    db.flush()
    actions.load_bank(db, kept, intake.read_text(BANK), trusted=False, by=ROOT, now=NOW)
    return made


@pytest.fixture
def stranger(db, cast):
    person = makers.make_person(db, "邻乡管理员", cast.other_town)
    return makers.make_account(db, person, {Role.OFFICER: cast.other_town})


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("", {"TD-001", "TD-002", "LD-001"}),
        ("words=承包期", {"TD-001"}),
        ("words=三十", {"TD-001"}),
        ("words=宅基地 一户", {"TD-002"}),
        ("words=宅基地 耕地", set()),
        ("words=td-00", {"TD-001", "TD-002"}),
        ("words=cbqx", {"TD-001"}),
        ("words=ZJD", {"TD-002"}),
        ("words=土地管理法", {"TD-002"}),
        ("words=100%", set()),
        ("words=_", {"TD-001", "TD-002", "LD-001"}),
        ("topic=劳动", {"LD-001"}),
        ("law=土地管理法", {"TD-002"}),
        ("kind=fill", {"LD-001"}),
        ("difficulty=3", {"TD-002", "LD-001"}),
        ("difficulty=9", {"TD-001", "TD-002", "LD-001"}),
        ("audience=farmer", {"TD-001"}),
        ("difficulty=3&audience=cadre&words=宅", {"TD-002"}),
        ("state=reviewed", set()),
        ("state=in_review", {"TD-001", "TD-002", "LD-001"}),
    ],
)
def test_questions_are_found_by_words_initials_and_filters(client, cast, bank, asked, codes):
    page = client.as_(cast.officer).get(f"/banks/{bank.id}?{asked}").text

    assert {code for code in ("TD-001", "TD-002", "LD-001") if f">{code}</a>" in page} == codes


def test_where_very_many_match_it_is_said_that_there_are_more(client, cast, bank, monkeypatch):
    monkeypatch.setattr(search_queries.found, "__kwdefaults__", {"most": 2})
    monkeypatch.setattr(search_queries, "FINDABLE", 2)

    page = client.as_(cast.officer).get(f"/banks/{bank.id}").text

    assert "这里列出前 2 道" in page
    assert "LD-001" not in page


@pytest.mark.parametrize("kind", ["excel", "text", "json"])
def test_what_is_taken_away_comes_back_as_what_is_there_already(client, cast, db, bank, kind):
    answer = client.as_(cast.officer).get(f"/banks/{bank.id}/export/{kind}")

    kept = actions.keep_upload(db, bank, "题", answer.data, by=ROOT, now=NOW)
    counts = actions.load_bank(db, kept, intake.read(answer.data, "题"), trusted=False, by=ROOT, now=NOW)
    assert counts == {"new": 0, "changed": 0, "same": 3, "left": 0, "review": 0}


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_file_has_a_chinese_name_and_what_was_looked_for(client, cast, bank, kind):
    answer = client.as_(cast.officer).get(f"/banks/{bank.id}/export/{kind}?words=宅基地")

    named = unquote(answer.headers["Content-Disposition"])
    assert f"县题库 2026-11-20 {EXPORTS[kind].name}.{EXPORTS[kind].ending}" in named
    if EXPORTS[kind].mimetype.startswith("text") or kind in ("json", "moodle"):
        assert "宅基地" in answer.text
        assert "农民工" not in answer.text


def test_of_a_question_with_two_versions_the_newest_is_taken_away(client, cast, db, bank):
    kept = actions.keep_upload(db, bank, "题.txt", b"x", by=ROOT, now=NOW)
    changed = BANK.replace("耕地的承包期为", "草地的承包期为")
    db.flush()
    actions.load_bank(db, kept, intake.read_text(changed), trusted=False, by=ROOT, now=NOW)
    officer = client.as_(cast.officer)

    text = officer.get(f"/banks/{bank.id}/export/text").text

    assert "共 3 道题" in officer.get(f"/banks/{bank.id}/export").text
    assert [text.count(code) for code in ("TD-001", "草地的承包期", "耕地的承包期")] == [1, 1, 0]


def test_what_a_kind_of_file_cannot_carry_is_told_before(client, cast, bank):
    page = client.as_(cast.officer).get(f"/banks/{bank.id}/export/gift/losses")

    assert page.status_code == 200
    assert "GIFT 写不全的题" in page.text


def test_a_kind_of_file_nobody_knows_is_not_found(client, cast, bank):
    assert client.as_(cast.officer).get(f"/banks/{bank.id}/export/exe").status_code == 404


def test_too_many_for_one_file_are_refused_with_the_way_out(client, cast, bank, monkeypatch):
    monkeypatch.setitem(EXPORTS, "excel", replace(EXPORTS["excel"], most=2))
    officer = client.as_(cast.officer)

    page = officer.get(f"/banks/{bank.id}/export").text
    assert "一个文件最多 2 道题，请先按专题或依据缩小范围" in page
    assert "/export/excel" not in page
    answer = officer.get(f"/banks/{bank.id}/export/excel")
    assert answer.status_code == 409
    assert "缩小范围" in answer.text


@pytest.mark.parametrize("path", ["", "?words=承包", "/export", "/export/excel", "/export/gift/losses", "/laws"])
def test_a_bank_of_another_township_can_be_neither_searched_nor_taken_away(client, cast, bank, stranger, path):
    answer = client.as_(stranger).get(f"/banks/{bank.id}{path}")

    assert answer.status_code == 404
    assert "TD-001" not in answer.text
    assert client.as_(cast.outsider).get(f"/banks/{bank.id}{path}").status_code == 403


def test_a_long_page_number_shows_the_last_page(client, cast, bank):
    assert "TD-001" in client.as_(cast.officer).get(f"/banks/{bank.id}?page=999").text
