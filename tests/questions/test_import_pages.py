"""The import with what real files need: columns explained once, large files in the background, doubles side by side."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from school import audit, files, jobs
from school.access import Role
from school.questions import import_views, job_actions
from school.questions.models import BankImport, ColumnMapping, Question, QuestionVersion
from tests import makers, workbooks

HEAD = ["问句", "甲", "乙", "对的"]
ROWS = [["耕地的承包期为（ ）年。", "十", "三十", "B"], ["农村村民一户可以有（ ）处宅基地。", "一", "二", "A"]]
SAID = {"header": "0", "column-0": "stem", "column-1": "option", "column-2": "option", "column-3": "answer"}
PAPER = "一、判断题\n1、{}\n答案：对\n"


@pytest.fixture
def bank(db, cast):
    return makers.make_bank(db, cast.county)


@pytest.fixture
def stranger(db, cast):
    """An officer of a township that has nothing to do with the bank."""
    person = makers.make_person(db, "邻乡管理员", cast.other_town)
    return makers.make_account(db, person, {Role.OFFICER: cast.other_town})


def upload(browser, bank, content: bytes, name="题.xlsx"):
    return browser.post(
        f"/banks/{bank.id}/import",
        data={"csrf_token": browser.token(), "file": (io.BytesIO(content), name), "pasted": ""},
        content_type="multipart/form-data",
    )


def questions(db) -> int:
    return db.scalar(select(func.count()).select_from(Question))


def test_columns_nobody_knows_are_explained_once_and_remembered(client, cast, db, bank):
    officer = client.as_(cast.officer)

    asked = upload(officer, bank, workbooks.xlsx({"题目": [HEAD, *ROWS]})).location
    page = officer.get(asked).text
    assert asked.endswith("/columns/0")
    assert "例：耕地的承包期为（ ）年。；农村村民一户可以有（ ）处宅基地。" in page
    look = officer.send(asked, **SAID).location
    assert "耕地的承包期为" in officer.get(look).text
    officer.send(look)
    assert db.scalars(select(QuestionVersion.key).order_by(QuestionVersion.id)).all() == [["b"], ["a"]]

    again = upload(officer, bank, workbooks.xlsx({"二月": [HEAD, ["新的题目（ ）。", "甲", "乙", "A"]]})).location
    assert "以前说明过各列的含义" in officer.get(again).text
    assert db.scalars(select(ColumnMapping.roles)).all() == [["stem", "option", "option", "answer"]]


def test_columns_that_make_no_question_are_asked_for_again(client, cast, db, bank):
    officer = client.as_(cast.officer)
    asked = upload(officer, bank, workbooks.xlsx({"题目": [HEAD, *ROWS]})).location

    answer = officer.send(asked, **SAID | {"column-3": "ignore"})

    assert answer.status_code == 422
    assert "哪一列是题干、哪一列是答案" in answer.text
    assert db.scalars(select(ColumnMapping)).all() == []


def test_a_table_without_header_is_read_this_time_and_not_remembered(client, cast, db, bank):
    officer = client.as_(cast.officer)
    asked = upload(officer, bank, workbooks.xlsx({"题目": ROWS})).location

    officer.send(officer.send(asked, **SAID | {"header": "-1"}).location)

    assert questions(db) == 2
    assert db.scalars(select(ColumnMapping)).all() == []


def test_one_unknown_column_does_not_stop_a_file(client, cast, db, bank):
    officer = client.as_(cast.officer)
    rows = [["题干", "选项A", "选项B", "答案", "讲解"], [*ROWS[0], "承包期三十年。"]]

    look = upload(officer, bank, workbooks.xlsx({"题目": rows})).location
    assert "有列不认识" in officer.get(look).text

    said = SAID | {"column-4": "explanation"}
    officer.send(officer.send(f"{look}/columns/0", **said).location)
    assert db.scalars(select(QuestionVersion.explanation)).all() == ["承包期三十年。"]


def test_a_large_file_is_read_and_taken_in_in_the_background(client, cast, db, bank, engine, monkeypatch):
    monkeypatch.setattr(import_views, "PACKED_AT_ONCE", 10)
    officer, worker = client.as_(cast.officer), jobs.Worker(engine, job_actions.JOBS)
    rows = [["题干", "选项A", "选项B", "答案"], *ROWS]

    where = upload(officer, bank, workbooks.xlsx({"题目": rows})).location
    assert "正在核对" in officer.get(where).text
    assert client.as_(cast.outsider).get(where).status_code == 403
    assert worker.step()
    look = officer.get(where).location
    assert "耕地的承包期为" in officer.get(look).text

    taking = officer.send(look, leave="1").location
    assert worker.step()
    assert officer.get(taking).location == f"/banks/{bank.id}"
    assert db.scalars(select(QuestionVersion.stem)).all() == [ROWS[0][0]]
    assert db.scalars(select(BankImport.counts)).one() == {"new": 1, "changed": 0, "same": 0, "left": 1, "review": 0}
    assert audit.verify(db) == ""


def test_many_questions_are_taken_in_in_the_background(client, cast, db, bank, engine, monkeypatch):
    monkeypatch.setattr(import_views, "TAKEN_AT_ONCE", 0)
    officer = client.as_(cast.officer)

    taking = officer.send(upload(officer, bank, PAPER.format("题。").encode(), "题.txt").location).location

    assert "/jobs/" in taking
    assert questions(db) == 0
    db.commit()
    assert jobs.Worker(engine, job_actions.JOBS).step()
    assert questions(db) == 1


def test_a_large_file_that_cannot_be_read_says_why_and_keeps_the_bank_as_it_was(
    client, cast, db, bank, engine, monkeypatch
):
    monkeypatch.setattr(import_views, "PACKED_AT_ONCE", 10)
    officer = client.as_(cast.officer)

    where = upload(officer, bank, b"PK\x03\x04" + b"broken" * 10).location
    jobs.Worker(engine, job_actions.JOBS).step()

    assert "什么都没有收进题库" in officer.get(where).text
    assert questions(db) == 0


def test_a_look_does_not_read_the_file_again(client, cast, db, bank, count_queries):
    officer = client.as_(cast.officer)
    look = upload(officer, bank, PAPER.format("题。").encode(), "题.txt").location

    with count_queries() as sent:
        assert officer.get(look).status_code == 200

    assert [statement for statement in sent if "bank_import.content" in statement] == []


def test_questions_very_like_those_of_the_bank_are_shown_beside_them_and_left_out_on_a_tick(client, cast, db, bank):
    officer = client.as_(cast.officer)
    makers.make_question(db, bank, "judge", stem="村里分到户的耕地，承包期届满以后再延长三十年。")
    like = "村里分到户的耕地，承包期届满以后再延长三十年吗？"

    look = upload(officer, bank, PAPER.format(like).encode(), "题.txt").location
    page = officer.get(look).text
    assert "很像的题 1 对" in page
    assert "题库 T-" in page
    officer.send(look, leave="0")

    assert questions(db) == 1
    assert db.scalars(select(BankImport.counts)).one()["left"] == 1


def test_without_a_tick_everything_is_taken_and_what_is_there_already_is_not_taken_twice(client, cast, db, bank):
    officer = client.as_(cast.officer)
    text = PAPER.format("村里分到户的耕地，承包期届满以后再延长三十年。").encode()

    officer.send(upload(officer, bank, text, "题.txt").location)
    look = upload(officer, bank, text, "又一次.txt").location

    page = officer.get(look).text
    assert "一模一样、不再重收的 1 道" in page
    assert "很像的题" not in page
    officer.send(look)
    assert questions(db) == 1


def test_a_code_that_belongs_to_quite_another_question_is_pointed_out(client, cast, db, bank):
    officer = client.as_(cast.officer)
    rows = [["编号", "题型", "题干", "答案"], ["1", "判断", "发现火情应当拨打一一九。", "对"]]
    officer.send(upload(officer, bank, workbooks.xlsx({"题": rows})).location)

    rows[1] = ["1", "判断", "耕地承包期届满后再延长三十年。", "对"]
    page = officer.get(upload(officer, bank, workbooks.xlsx({"题": rows})).location).text

    assert "编号相同，收下就成为它的新版本" in page


def test_the_refused_go_out_in_our_template_as_they_were_looked_at(client, cast, db, bank):
    officer = client.as_(cast.officer)
    look = upload(officer, bank, "一、单选题\n1、没有答案（ ）。\nA、甲\nB、乙\n".encode(), "题.txt").location

    answer = officer.get(f"{look}/refused.xlsx")

    (table,) = files.tables(answer.data)
    assert table.rows[0][:3] == ["原因", "位置", "原文"]
    assert table.rows[1][2].startswith("1、没有答案")


def test_pasted_text_is_looked_at_while_it_is_typed_and_nothing_is_kept(client, cast, db, bank):
    officer = client.as_(cast.officer)

    answer = officer.send(f"/banks/{bank.id}/import/live", pasted=PAPER.format("<b>题</b>。"))

    assert "看懂 1 道" in answer.text
    assert "&lt;b&gt;题&lt;/b&gt;" in answer.text
    assert "<html" not in answer.text
    assert db.scalars(select(BankImport)).all() == []
    assert "看懂" not in officer.post(f"/banks/{bank.id}/import/live", data={"pasted": PAPER}).text


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"{\\rtf1 x}", ".docx"), (b"%PDF-1.7 x", "PDF")], ids=["doc", "pdf"]
)
def test_a_file_of_another_kind_is_told_how_to_be_saved(client, cast, db, bank, monkeypatch, content, sentence):
    monkeypatch.setenv("PATH", "")  # a server without LibreOffice
    answer = upload(client.as_(cast.officer), bank, content, "题.doc")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.scalars(select(BankImport)).all() == []


@pytest.mark.parametrize("page", ["", "/refused.xlsx", "/columns/0"])
def test_an_upload_of_another_township_is_not_there(client, cast, db, bank, stranger, page):
    asked = upload(client.as_(cast.officer), bank, workbooks.xlsx({"题目": [HEAD, *ROWS]})).location
    look = asked.removesuffix("/columns/0")

    assert client.as_(stranger).get(f"{look}{page}").status_code == 404
    assert client.as_(stranger).send(f"{look}/columns/0", **SAID).status_code == 404
    assert client.as_(cast.outsider).get(f"{look}{page}").status_code == 403
    assert db.scalars(select(ColumnMapping)).all() == []


def test_a_job_of_somebody_else_is_not_there(client, cast, db, bank, monkeypatch, stranger):
    monkeypatch.setattr(import_views, "PACKED_AT_ONCE", 10)
    where = upload(client.as_(cast.officer), bank, workbooks.xlsx({"题目": [HEAD, *ROWS]})).location
    other = makers.make_account(db, makers.make_person(db, "另一位", cast.county), {Role.OFFICER: cast.county})

    assert client.as_(other).get(where).status_code == 404
    assert client.as_(stranger).get(where).status_code == 404


def test_nothing_is_taken_in_without_a_token(client, cast, db, bank):
    officer = client.as_(cast.officer)
    look = upload(officer, bank, PAPER.format("题。").encode(), "题.txt").location

    officer.post(look)

    assert questions(db) == 0
