"""Tables of questions, with the headers people really use."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.files import Table
from school.questions import columns, sheet, template
from school.questions.columns import Mapping
from school.questions.draft import Citation

STEM = "耕地的承包期为（ ）年。"
FOUR = ("十", "二十", "三十", "五十")


def read(*rows, name="Sheet1", mapping=None):
    return sheet.read([Table(name, [list(row) for row in rows], 1)], mapping)


def told(reading):
    return [(draft.kind, draft.stem, draft.options, draft.key) for draft in reading.drafts]


SINGLE = ("single", STEM, FOUR, (2,))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["题型", "题目", "选项1", "选项2", "选项3", "选项4", "选项5", "正确答案"], ["单选题", STEM, *FOUR, "", "C"]),
        (["序号", "题干", "选项 A ", "选项 B", "选项  C", "选项 D", "答案"], ["1.0", STEM, *FOUR, "C"]),
        (["题干*", "题型*", "答案", "选项A", "选项B", "选项C", "选项D"], [STEM, "单项选择题", "C", *FOUR]),
        (["题型", "问题内容", "正确选项", "A", "B", "C", "D"], ["单选", STEM, "三十", *FOUR]),
        (["试题类型", "试题题目", "参考答案", "A选项", "B选项", "C选项", "D选项"], ["1", STEM, "C.三十", *FOUR]),
        (["类型", "题干", "选项D", "选项C", "选项B", "选项A", "答案"], ["单选", STEM, *reversed(FOUR), "C"]),
        (["题目", "选项", "答案"], [STEM, "A.十 | B.二十 | C.三十 | D.五十", "C"]),
        (["题目", "选项", "答案"], [STEM, "A、十 B、二十 C、三十 D、五十", "C"]),
        (["题目", "选项", "答案"], [STEM, "十\n二十\n三十\n五十", "c"]),
        (["题型", "题目", "答案"], ["单选题", STEM + "\nA.十\nB.二十\nC.三十\nD.五十", "C"]),
        (
            ["questionType", "questionContent", "optionA", "optionB", "optionC", "optionD", "questionAnswer"],
            ["1", STEM, *FOUR, "C"],
        ),
        (
            ["题型", "题目", "选项A", "选项B", "选项C", "选项D", "正确答案"],
            ["单选", STEM, "A.十", "B.二十", "C.三十", "D.五十", "C"],
        ),
    ],
)
def test_one_row_is_one_question_under_any_known_header(header, row):
    assert told(read(header, row)) == [SINGLE]


def test_titles_instructions_and_blank_rows_are_survived():
    reading = read(
        ["云岭县题库", "", "", "", ""],
        ["说明：请勿改动表头", "", "", "", ""],
        ["题型", "题干", "选项A", "选项B", "答案"],
        ["", "", "", "", ""],
        ["单选", "甲（ ）", "对", "不对", "A"],
    )

    assert told(reading) == [("single", "甲（ ）", ("对", "不对"), (0,))]
    assert [(heading.role, heading.where.lines) for heading in reading.headings] == [
        ("title", (1,)),
        ("title", (2,)),
        ("section", (3,)),
    ]
    assert reading.drafts[0].where.lines == (5,)


def test_a_second_table_on_the_sheet_has_its_own_columns():
    reading = read(
        ["题型", "题干", "选项A", "选项B", "答案"],
        ["单选", "甲（ ）", "一", "二", "A"],
        ["题干", "答案", "题型", "", ""],
        ["乙。", "错", "判断", "", ""],
    )

    assert told(reading) == [("single", "甲（ ）", ("一", "二"), (0,)), ("judge", "乙。", (), False)]


def test_the_sheet_name_gives_the_type_where_no_column_does():
    tables = [
        Table("判断题", [["题干", "答案", "解析"], ["三十年。", "T", "见法条"], ["五年。", "F", ""]], 1),
        Table("填空题", [["题干", "空1", "空2", "解析"], ["甲____乙____", "三十", "五", ""]], 1),
        Table("多选题", [["题干", "选项A", "选项B", "选项C", "答案"], ["有（ ）", "一", "二", "三", "A,C"]], 1),
        Table("简答题", [["题干", "答案", "分数"], ["为什么？", "因为。", "5.0"]], 1),
    ]

    reading = sheet.read(tables)

    assert told(reading) == [
        ("judge", "三十年。", (), True),
        ("judge", "五年。", (), False),
        ("fill", "甲____乙____", (), (("三十",), ("五",))),
        ("multi", "有（ ）", ("一", "二", "三"), (0, 2)),
        ("short", "为什么？", (), "因为。"),
    ]
    assert str(reading.drafts[2].where) == "填空题 第 2 行"
    assert str(reading.drafts[4].score) == "5"


def test_one_row_per_option_is_one_question_per_group():
    reading = read(
        ["题库导入", "", "", "", "", ""],
        ["题目序号", "题目类型", "题目内容", "整体解析", "是否正确项", "选项内容"],
        ["1", "1", STEM, "见法条", "0", "十"],
        ["", "", "", "", "0", "二十"],
        ["", "", "", "", "1", "三十"],
        ["2", "2", "有（ ）", "", "1.0", "一"],
        ["", "", "", "", "1.0", "二"],
        ["", "", "", "", "0.0", "三"],
        ["3", "3", "三十年。", "", "1", "正确"],
        ["", "", "", "", "0", "错误"],
    )

    assert told(reading) == [
        ("single", STEM, ("十", "二十", "三十"), (2,)),
        ("multi", "有（ ）", ("一", "二", "三"), (0, 1)),
        ("judge", "三十年。", (), True),
    ]
    assert reading.drafts[0].where.lines == (3, 4, 5)


def test_fill_answers_may_stand_in_the_option_columns():
    reading = read(
        ["题型", "问题内容", "难度", "正确选项", "A", "B"], ["填空题", "甲____乙____", "中", "", "三十", "五"]
    )

    assert told(reading) == [("fill", "甲____乙____", (), (("三十",), ("五",)))]
    assert reading.drafts[0].difficulty == 3


def test_labelled_values_go_to_their_fields_and_unknown_ones_are_kept():
    reading = read(
        ["题型", "题干", "选项A", "选项B", "答案", "解析", "依据", "知识点", "难度", "分值", "页码", "批次"],
        [
            "单选",
            "甲（ ）",
            "一",
            "二",
            "A",
            "见法条",
            "《土地管理法》第六十二条",
            "宅基地",
            "简单",
            "2.0",
            "12",
            "春季",
        ],
    )

    (draft,) = reading.drafts
    assert (draft.explanation, draft.point, draft.difficulty, str(draft.score)) == ("见法条", "宅基地", 2, "2")
    assert draft.citation == Citation("土地管理法", "第六十二条")
    assert draft.extras == (("页码", "12"), ("批次", "春季"))


HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "答案"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["单选", "甲（ ）", "一", "二", "三", ""], "没有答案"),
        (["单选", "甲（ ）", "一", "二", "三", "D"], "超出了选项范围"),
        (["单选", "甲（ ）", "一", "二", "三", "AB"], "不止一个答案"),
        (["单选", "甲（ ）", "一", "", "三", "C"], "选项 B 是空的"),
        (["单选", "甲（ ）", "一", "一", "三", "C"], "完全相同"),
        (["单选", "甲（ ）", "", "", "", "C"], "没有选项"),
        (["单选", "", "一", "二", "三", "C"], "题干是空的"),
        (["连线", "甲（ ）", "一", "二", "三", "C"], "不认识题型“连线”"),
        (["判断", "甲。", "", "", "", "A"], "看不出"),
        (["判断", "甲。", "", "", "", "2"], "看不出"),
        (["单选", "甲（ B ）", "一", "二", "三", "C"], "不一致"),
        (["单选", "甲（ ）", "一", "二", "三", "35612"], "不是选项字母"),
    ],
)
def test_a_doubtful_row_goes_to_review_with_its_place(row, reason):
    reading = read(HEADER, row)

    assert reading.drafts == ()
    (item,) = reading.review
    assert reason in item.reason
    assert str(item.where) == "Sheet1 第 2 行"


def test_ones_and_zeros_are_judgements_only_when_the_whole_column_says_so():
    rows = [["判断", f"第{place}。", "", "", "", said] for place, said in enumerate(["1", "0", "1.0"])]

    assert [draft.key for draft in read(HEADER, *rows).drafts] == [True, False, True]
    assert read(HEADER, *rows, ["判断", "末。", "", "", "", "2"]).drafts == ()


def test_a_table_without_a_header_is_one_review_item_until_the_clerk_says_what_the_columns_are():
    rows = [["第一题", "甲（ ）", "一", "二", "B"], ["第二题", "乙（ ）", "一", "二", "A"]]

    assert [item.where.lines for item in read(*rows).review] == [(1, 2)]

    mapping = Mapping(-1, ("ignore", "stem", "option", "option", "answer"))
    assert told(read(*rows, mapping=mapping)) == [
        ("single", "甲（ ）", ("一", "二"), (1,)),
        ("single", "乙（ ）", ("一", "二"), (0,)),
    ]


def test_the_clerks_mapping_overrules_the_header():
    rows = [["考题", "甲项", "乙项", "标答"], ["甲（ ）", "一", "二", "B"]]
    mapping = Mapping(0, ("stem", "option", "option", "answer"))

    assert told(read(*rows, mapping=mapping)) == [("single", "甲（ ）", ("一", "二"), (1,))]


def test_a_sheet_used_as_writing_paper_is_read_as_text():
    reading = read(["一、单选题"], ["1、承包期为（ ）年。"], ["A、十"], ["B、三十"], ["答案：B"])

    assert told(reading) == [("single", "承包期为（ ）年。", ("十", "三十"), (1,))]
    assert str(reading.drafts[0].where) == "Sheet1 第 2 行"


def test_guessed_columns_and_signature():
    table = Table("表", [["题库", ""], ["序号", "题干*", "选项A", "选项 B", "正确答案", "批次"]], 1)

    mapping = columns.guess_columns(table)

    assert mapping == Mapping(1, ("ignore", "stem", "option", "option", "answer", "extra"))
    assert mapping.complete
    assert sheet.unknown_columns(Table("表", [*table.rows, ["1", "甲", "一", "二", "A", "春"]], 1), mapping) == [
        (5, "批次")
    ]
    again = Table("别的表", [["序号", "题干（必填）", "选项A", "选项B", "正确答案", "批次", ""]], 1)
    other = Table("表", [["序号", "题干", "选项A", "选项B", "正确答案", "期次"]], 1)
    assert columns.signature(again, columns.guess_columns(again)) == columns.signature(table, mapping)
    assert columns.signature(other, columns.guess_columns(other)) != columns.signature(table, mapping)


cells = st.sampled_from(
    ["", "题干", "题型", "答案", "选项A", "选项B", "解析", "单选", "判断", "A", "对", "1.0", "A.一\nB.二"]
) | st.text(max_size=6)


@given(st.lists(st.lists(cells, max_size=7), max_size=8))
def test_any_table_is_read_and_every_row_accounted_for_once(rows):
    reading = sheet.read([Table("表", rows, 3)])

    filled = [("表", 3 + at) for at, row in enumerate(rows) if any(cell.strip() for cell in row)]
    assert reading.accounted() == Counter(filled)


def test_pictures_on_a_sheet_are_told_of_with_their_rows():
    table = Table(
        "题", [["题型", "题干", "答案"], ["判断", "甲。", "对"], ["判断", "乙。", "错"]], 1, pictures=(0, 2, 3, 3)
    )

    reading = sheet.read([table])

    assert len(reading.drafts) == 2
    assert [(remark.where.lines, remark.message.partition("，")[0]) for remark in reading.remarks] == [
        ((2, 3), "“题”里有 4 张图片（第 2、3 行）")
    ]


@pytest.mark.parametrize("header", [("题干", "选项A", "选项B", "答案"), template.HEADER])
def test_a_picture_in_a_cell_goes_to_review(header):
    row = {"题型": "单选", "题干": "甲（　）", "选项A": '=DISPIMG("ID_0F",1)', "选项B": "乙", "答案": "A"}

    reading = read(header, [row.get(name, "") for name in header])

    assert reading.drafts == ()
    assert ["表格里的图片不会带入" in item.reason for item in reading.review] == [True]
