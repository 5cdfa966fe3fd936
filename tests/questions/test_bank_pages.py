"""The bank as an officer meets it: choose, look, take in, review by somebody else, settle what was left over."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from school.access import Role
from school.questions import actions, intake
from school.questions.models import Bank, BankImport, Question, QuestionVersion, ReviewEntry
from tests import makers
from tests.makers import NOW

PAPER = """一、单选题
1、耕地的承包期为（ ）年。
A、十    B、二十    C、三十    D、五十
答案：C
解析：承包期为三十年。
2、下列哪一项没有答案（ ）。
A、甲
B、乙
"""
OWN = """专题：农村土地
编写：编写员甲
复核：复核员乙

编号：TD-001
题型：判断
对象：农民
题干：耕地承包期届满后再延长三十年。
答案：对
解析：届满后再延长三十年。
依据：农村土地承包法 第二十一条第一款 2018-12-29
知识点：承包期限
难度：1
"""


@pytest.fixture
def bank(db, cast):
    return makers.make_bank(db, cast.county)


@pytest.fixture
def other_officer(db, cast):
    return makers.make_account(db, makers.make_person(db, "另一位", cast.county), {Role.OFFICER: cast.county})


def upload(browser, bank, content: str, name="题.txt"):
    return browser.post(
        f"/banks/{bank.id}/import",
        data={"csrf_token": browser.token(), "file": (io.BytesIO(content.encode()), name), "pasted": ""},
        content_type="multipart/form-data",
    )


def load(db, bank, text: str, *, trusted=True) -> dict:
    kept = actions.keep_upload(db, bank, "题.txt", text.encode(), by=makers.ROOT, now=NOW)
    db.flush()
    return actions.load_bank(db, kept, intake.read_text(text), trusted=trusted, by=makers.ROOT, now=NOW)


def test_a_paper_is_looked_at_taken_in_and_reviewed_by_somebody_else(client, cast, db, bank, other_officer):
    officer = client.as_(cast.officer)

    where = upload(officer, bank, PAPER).location
    page = officer.get(where).text
    assert "耕地的承包期为" in page
    assert "要您看的 1 处" in page
    assert db.scalar(select(func.count()).select_from(Question)) == 0

    assert officer.send(where).location == f"/banks/{bank.id}/entries"
    version = db.scalars(select(QuestionVersion)).one()
    assert (version.kind, version.key, version.state, version.author) == ("single", ["c"], "in_review", "县管理员")

    own = officer.send(f"/banks/{bank.id}/questions/{version.question_id}/review")
    assert own.status_code == 403
    client.as_(other_officer).send(f"/banks/{bank.id}/review")
    db.refresh(version)
    assert (version.state, version.reviewer) == ("reviewed", "另一位")


@pytest.mark.parametrize(
    ("last", "said"),
    [("以上都对", "最后一个选项说的是其余各项"), ("A和B", "都照这里的顺序排"), ("丁", "")],
    ids=["all of the above", "letters", "plain"],
)
def test_whoever_checks_a_question_is_told_when_its_options_keep_their_order(
    client, cast, db, bank, other_officer, last, said
):
    officer = client.as_(cast.officer)
    where = upload(
        officer, bank, f"一、单选题\n1、村里的事由谁定（ ）\nA、甲\nB、乙\nC、丙\nD、{last}\n答案：D\n"
    ).location
    officer.send(where)

    pages = [officer.get(where).text, client.as_(other_officer).get(f"/banks/{bank.id}/review").text]

    assert ["其余各项" in page or "都照这里的顺序排" in page for page in pages] == [bool(said)] * 2
    assert [said in page for page in pages] == [True, True]


def test_what_was_not_understood_is_mended_or_dropped_and_settled_once(client, cast, db, bank):
    officer = client.as_(cast.officer)
    officer.send(upload(officer, bank, PAPER).location)
    entry = db.scalars(select(ReviewEntry)).one()
    url = f"/banks/{bank.id}/entries/{entry.id}"
    assert "下列哪一项没有答案" in officer.get(url).text

    still = officer.send(url, text="单选题\n1、还是没有答案（ ）\nA、甲\nB、乙")
    assert "要改" in still.text

    assert (
        officer.send(url, text="一、单选题\n1、哪一项对（ ）\nA、甲\nB、乙\n答案：B").location
        == f"/banks/{bank.id}/entries"
    )
    assert db.scalar(select(func.count()).select_from(Question)) == 2
    assert officer.send(f"{url}/drop").status_code == 409


def test_the_same_file_twice_adds_nothing(db, bank):
    assert load(db, bank, OWN) == {"new": 1, "changed": 0, "same": 0, "left": 0, "review": 0}
    assert load(db, bank, OWN) == {"new": 0, "changed": 0, "same": 1, "left": 0, "review": 0}
    assert db.scalar(select(func.count()).select_from(QuestionVersion)) == 1


def test_a_changed_question_becomes_a_new_version_and_retires_the_old(db, bank):
    """rules.md 16: versions are immutable."""
    load(db, bank, OWN)
    assert load(db, bank, OWN.replace("届满后再延长三十年。\n依据", "届满后可以再延长三十年。\n依据"))["changed"] == 1

    versions = db.scalars(select(QuestionVersion).order_by(QuestionVersion.number)).all()
    assert [(v.number, v.state) for v in versions] == [(1, "retired"), (2, "reviewed")]
    assert versions[0].explanation == "届满后再延长三十年。"


@pytest.mark.parametrize(("trusted", "state"), [(True, "reviewed"), (False, "in_review")])
def test_a_files_own_word_on_its_review_is_believed_from_the_command_line_only(db, bank, trusted, state):
    load(db, bank, OWN, trusted=trusted)

    assert db.scalars(select(QuestionVersion.state)).one() == state


def test_a_question_keeps_its_citation_in_parts(db, bank):
    load(db, bank, OWN)

    version = db.scalars(select(QuestionVersion)).one()
    assert (version.law, version.article, str(version.version_on)) == (
        "农村土地承包法",
        "第二十一条第一款",
        "2018-12-29",
    )


@pytest.mark.parametrize(
    "path",
    ["", "/import", "/entries", "/review", "/questions/1", "/imports/1", "/imports/1/refused.xlsx", "/entries/1"],
)
def test_a_bank_of_another_township_is_not_there(client, cast, db, path):
    bank = makers.make_bank(db, cast.town)
    stranger = makers.make_account(
        db, makers.make_person(db, "邻乡管理员", cast.other_town), {Role.OFFICER: cast.other_town}
    )
    load(db, bank, PAPER)

    page = client.as_(stranger).get(f"/banks/{bank.id}{path}")

    assert page.status_code == 404
    assert "承包期" not in page.text
    assert client.as_(cast.outsider).get(f"/banks/{bank.id}{path}").status_code == 403


def test_a_question_of_one_bank_is_not_found_through_another(client, cast, db, bank):
    other = makers.make_bank(db, cast.county, "别的题库")
    load(db, other, OWN)
    question = db.scalars(select(Question)).one()
    imported = db.scalars(select(BankImport)).one()
    officer = client.as_(cast.officer)

    assert officer.get(f"/banks/{bank.id}/questions/{question.id}").status_code == 404
    assert officer.get(f"/banks/{bank.id}/imports/{imported.id}").status_code == 404


def test_pasted_text_is_read_like_a_file(client, cast, db, bank):
    officer = client.as_(cast.officer)

    where = officer.send(f"/banks/{bank.id}/import", pasted=PAPER).location

    assert "耕地的承包期为" in officer.get(where).text


@pytest.mark.parametrize("content", ["", "\x00\x01\x02"])
def test_a_file_that_is_none_is_refused_on_the_same_page(client, cast, db, bank, content):
    answer = upload(client.as_(cast.officer), bank, content)

    assert answer.status_code == 422
    assert db.scalar(select(func.count()).select_from(BankImport)) == 0


def test_markup_in_a_stem_is_shown_as_text(client, cast, db, bank):
    load(db, bank, OWN.replace("耕地承包期届满", "<script>alert(1)</script>耕地承包期届满"))

    page = client.as_(cast.officer).get(f"/banks/{bank.id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("questions", [1, 3])
def test_a_bank_asks_as_many_queries_for_one_question_as_for_three(client, cast, db, questions, count_queries):
    bank = makers.make_bank(db, cast.county, "小题库")
    for _ in range(questions):
        makers.make_question(db, bank)
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        assert browser.get(f"/banks/{bank.id}").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 11


def test_banks_of_ones_units_are_listed_with_their_counts(client, cast, db, bank):
    load(db, bank, OWN)
    makers.make_bank(db, cast.other_town, "邻乡题库")
    town_officer = makers.make_account(db, makers.make_person(db, "镇管理员", cast.town), {Role.OFFICER: cast.town})

    assert "县题库" in client.as_(cast.officer).get("/banks/").text
    assert "邻乡题库" not in client.as_(town_officer).get("/banks/").text
    assert db.scalars(select(Bank.title).order_by(Bank.id)).all() == ["县题库", "邻乡题库"]
