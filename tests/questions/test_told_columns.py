"""Tables whose columns somebody has to explain, once."""

import pytest

from school import files
from school.questions import told_columns
from school.questions.columns import Mapping
from tests import workbooks

HEAD = ["问句", "甲", "乙", "对的"]
ROWS = [["耕地的承包期为（ ）年。", "十", "三十", "B"], ["宅基地一户（ ）处。", "一", "二", "A"]]
ROLES = ("stem", "option", "option", "answer")
KNOWN_HEAD = ["题干", "选项A", "选项B", "答案", "责任人"]


def test_a_table_nobody_has_explained_is_asked_about_with_its_rows():
    tables = told_columns.tables(workbooks.xlsx({"题目": [["2026 年题库"], HEAD, *ROWS]}))

    (asked,) = told_columns.unclear(tables, [None])

    assert (asked.place, asked.name, asked.first_row + asked.header, asked.complete) == (0, "题目", 2, False)
    assert asked.rows[asked.header] == tuple(HEAD)
    assert asked.rows[asked.header + 1] == tuple(ROWS[0])


def test_a_known_header_with_one_unknown_column_is_asked_about_but_can_be_read():
    tables = told_columns.tables(workbooks.xlsx({"题目": [KNOWN_HEAD, [*ROWS[0], "张某"]]}))

    (asked,) = told_columns.unclear(tables, [None])

    assert (asked.complete, asked.unknown) == (True, ("责任人",))
    assert asked.roles == ("stem", "option", "option", "answer", "")


def test_a_table_that_has_been_explained_is_not_asked_about_again():
    tables = told_columns.tables(workbooks.xlsx({"题目": [HEAD, *ROWS]}))

    assert told_columns.unclear(tables, [Mapping(0, ROLES)]) == []


def test_what_was_said_is_recalled_by_the_header_wherever_it_stands():
    first, second = [["标题"], HEAD, *ROWS], [HEAD, ROWS[1]]
    (table,) = told_columns.tables(workbooks.xlsx({"一": first}))
    known = {signature: ROLES for signature, at in told_columns.signatures(table).items() if at == 1}

    (other,) = told_columns.tables(workbooks.xlsx({"二": second}))

    assert told_columns.recalled(table, known) == Mapping(1, ROLES)
    assert told_columns.recalled(other, known) == Mapping(0, ROLES)
    assert told_columns.recalled(files.Table("三", [KNOWN_HEAD], 1), known) is None


def test_each_table_is_read_by_what_was_said_of_it():
    content = workbooks.xlsx({"一": [HEAD, *ROWS], "二": [KNOWN_HEAD, [*ROWS[0], ""]]})

    reading = told_columns.read(content, "题.xlsx", [Mapping(0, ROLES), None])

    assert [(draft.where.sheet, draft.key) for draft in reading.drafts] == [("一", (1,)), ("一", (0,)), ("二", (1,))]
    assert reading.review == ()


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (workbooks.delimited([HEAD, *ROWS]), 1),
        ("一、单选题\n1、耕地的承包期为（ ）年。\nA、十\nB、三十\n答案：B\n".encode(), 0),
        ("编号：A\n题型：判断\n题干：题。\n答案：对\n".encode(), 0),
        (b"%PDF-1.7 x", 0),
    ],
    ids=["a CSV", "a paper", "our text form", "no text"],
)
def test_a_text_is_a_table_only_when_its_lines_have_the_same_cells(content, count):
    assert len(told_columns.tables(content)) == count
