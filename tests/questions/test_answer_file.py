"""D4: the answers in a file of their own, joined to their questions by section and number."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from school.errors import BadFile
from school.questions import answer_file, intake
from school.questions.models import QuestionVersion
from tests import makers
from tests.questions.picture_files import png, word
from tests.workbooks import xlsx

LINES = [
    "一、单选题", "1．承包期为（  ）年。", "A．十", "B．三十", "2．每天工作不超过（  ）小时。", "A．八", "B．十",
    "二、判断题", "1．宅基地可以买卖。", "2．工资要按月发。",
]  # fmt: skip
PAPER = "\n".join(LINES)
RIGHT = [("single", (1,)), ("single", (0,)), ("judge", False), ("judge", True)]


def keys(reading):
    return [(draft.kind, draft.key) for draft in reading.drafts]


@pytest.mark.parametrize(
    "said",
    [
        "一、单选题\n1-2 BA\n二、判断题\n1-2 ×√",
        "参考答案\n一、1.B 2.A；二、1.× 2.√",
        "一、单选题\n1.B\n2.A\n二、判断题\n1.错误\n2.正确\n",
        "\n\n一、单选题\n1～2：BA\n\n二、判断题\n1～2：×√\n",
    ],
    ids=["runs", "one line", "a line each", "blank lines"],
)
def test_answers_apart_are_joined_to_their_questions(said):
    reading = intake.read(PAPER.encode(), "题.txt", key=said)

    assert keys(reading) == RIGHT
    assert reading.review == ()


def test_every_line_of_both_files_is_accounted_for_once():
    key = "县里的答案\n一、单选题\n1-2 BA\n二、判断题\n1-3 ×√√\n"

    reading = intake.read(PAPER.encode(), "题.txt", key=key)

    assert keys(reading) == RIGHT[:2]
    counted = reading.accounted()
    assert {place: count for place, count in counted.items() if count != 1} == {}
    assert {line for sheet, line in counted if not sheet} == set(range(1, len(LINES) + 1))
    assert {line for sheet, line in counted if sheet == answer_file.NAME} == {1, 2, 3, 4, 5}


def test_a_section_whose_answers_do_not_fit_is_left_out_and_the_others_are_not():
    reading = intake.read(PAPER.encode(), "题.txt", key="一、单选题\n1-3 BAA\n二、判断题\n1-2 ×√")

    assert keys(reading) == RIGHT[2:]
    assert "题号对不上" in reading.review[0].reason


def test_a_word_paper_takes_its_answers_from_a_word_file_and_keeps_its_pictures():
    paper = word(["1．看图", png(), "，这样对。"], "2．工资要按月发。")
    key = answer_file.text(word("参考答案", "1．√", "2．×"), "答案.docx")

    reading = intake.read(paper, "题.docx", key=key)

    assert [(draft.key, len(draft.pictures)) for draft in reading.drafts] == [(True, 1), (False, 0)]
    assert not reading.review


def test_answers_in_a_table_are_numbers_and_answers():
    table = xlsx({"表": [["题号", "答案"], [1.0, "B"], [2.0, "AB"]]})

    assert answer_file.text(table, "答案.xlsx").split("\n") == ["", "1 B", "2 AB"]


def test_a_file_that_has_its_answers_takes_no_others():
    with pytest.raises(BadFile, match="不能另传答案"):
        intake.read(xlsx({"表": [["题干", "A", "B", "答案"], ["甲", "一", "二", "A"]]}), "题.xlsx", key="1.A")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b" \n"], ids=["pdf", "ole", "blank"]
)
def test_what_is_no_list_of_answers_is_refused(content):
    with pytest.raises(BadFile, match="1-5 ABCDA"):
        answer_file.text(content, "答案")


def upload(browser, url, content, **fields):
    data = {"csrf_token": browser.token(), "file": (io.BytesIO(content), "题.txt") if content else "", "pasted": ""}
    return browser.post(url, data=data | fields, content_type="multipart/form-data")


def test_the_look_asks_for_the_answers_and_takes_them_in(client, cast, db):
    bank = makers.make_bank(db, cast.county)
    officer = client.as_(cast.officer)
    look = upload(officer, f"/banks/{bank.id}/import", PAPER.encode()).location
    assert "答案在另一个文件里？" in officer.get(look).text

    again = upload(officer, f"{look}/key", None, pasted="一、单选题\n1-2 BA\n二、判断题\n1-2 ×√").location
    page = officer.get(again).text
    assert "<dd>4<span" in page
    assert "答案在另一个文件里？" not in page

    officer.send(again)
    db.expire_all()
    taken = db.execute(select(QuestionVersion.kind, QuestionVersion.key).order_by(QuestionVersion.id)).all()
    assert [tuple(row) for row in taken] == [("single", ["b"]), ("single", ["a"]), ("judge", False), ("judge", True)]


def test_answers_are_refused_from_outside_and_after_the_file_was_taken_in(client, cast, db):
    bank = makers.make_bank(db, cast.county)
    officer = client.as_(cast.officer)
    look = upload(officer, f"/banks/{bank.id}/import", PAPER.encode()).location

    assert upload(client.as_(cast.outsider), f"{look}/key", b"1.A").status_code == 403
    assert upload(officer, f"{look}/key", None).location == look
    officer.send(look)
    assert upload(officer, f"{look}/key", b"1-2 BA").status_code == 409
