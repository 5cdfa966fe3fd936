"""Reading a roster file: every layout the counties have, every complaint with its row and column."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.errors import BadFile
from school.roster import sheet
from school.roster.rows import Row
from tests import workbooks

HEADER = [
    "工号",
    "姓名",
    "单位",
    "上级单位",
    "职务",
    "任职类型",
    "任职日期",
    "截止日期",
    "联系电话",
    "计入应考",
    "备注",
]
PEOPLE = [
    ["0012", "王䶮", "白沙镇人民政府", "云岭县", "镇长", "任职", "2024-03-01", "", "13800000000", "是", ""],
    ["0013", "买买提·艾力", "和平村", "白沙镇", "第一书记", "驻村", "2025年5月", "2027.05", "", "否", "省派"],
    ["0014", "𠮷", "县财政局", "", "", "", "", "", "", "", ""],
]
TABLE = [HEADER, *PEOPLE]
FILES = {
    "xlsx": workbooks.xlsx({"花名册": TABLE}),
    "xls": workbooks.xls({"花名册": TABLE}),
    "ods": workbooks.ods({"花名册": TABLE}),
    "csv utf-8": workbooks.delimited(TABLE),
    "csv utf-8 with BOM": workbooks.delimited(TABLE, encoding="utf-8-sig"),
    "csv gb18030": workbooks.delimited(TABLE, encoding="gb18030"),
    "tsv named xlsx": workbooks.delimited(TABLE, delimiter="\t"),
}


def read(rows: list[list], merged=None) -> sheet.Sheet:
    return sheet.read(workbooks.xlsx({"表": rows}, merged={"表": merged or []}), "花名册.xlsx")


def without_place(row: Row) -> tuple:
    return (
        row.line, row.staff_no, row.name, row.unit, row.parent, row.post, row.kind,
        row.from_on, row.until_on, row.phone, row.counts, row.note,
    )  # fmt: skip


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_every_format_gives_the_same_people(content):
    found = sheet.read(content, "花名册.xlsx")

    assert found.complaints == ()
    assert list(map(without_place, found.rows)) == [
        (
            2,
            "0012",
            "王䶮",
            "白沙镇人民政府",
            "云岭县",
            "镇长",
            "任职",
            date(2024, 3, 1),
            None,
            "13800000000",
            True,
            "",
        ),
        (
            3,
            "0013",
            "买买提·艾力",
            "和平村",
            "白沙镇",
            "第一书记",
            "驻村",
            date(2025, 5, 1),
            date(2027, 6, 1),
            "",
            False,
            "省派",
        ),
        (4, "0014", "𠮷", "县财政局", "", "", "任职", None, None, "", True, ""),
    ]


def test_a_row_tells_which_fields_were_stated():
    assert read(TABLE).rows[2].stated == {"staff_no", "name", "unit"}


def test_title_rows_stand_above_the_header_and_lines_are_those_of_excel():
    rows = [
        ["云岭县干部花名册", "", ""],
        ["填报单位：组织部", "", ""],
        ["", "", ""],
        ["编号", "名字", "部门"],
        ["1", "张三", "甲"],
    ]
    found = read(rows, merged=[(0, 0, 0, 2)])

    assert (found.complaints, [row.line for row in found.rows]) == ((), [5])


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["工号", "姓名", "单位"], ["staff_no", "name", "unit"]),
        (["人员编号 ", "姓　名*", "所在单位（全称）"], ["staff_no", "name", "unit"]),
        (["干部编号", "名字", "工作单位", "现任\n职务", "手机号码"], ["staff_no", "name", "unit", "post", "phone"]),
        (
            ["编号", "姓名", "部门", "乡镇", "岗位", "是否参加测试"],
            ["staff_no", "name", "unit", "parent", "post", "counts"],
        ),
        (
            ["工号", "姓名", "单位", "任职类型【下拉选择】", "任现职时间"],
            ["staff_no", "name", "unit", "kind", "from_on"],
        ),
    ],
)
def test_headers_have_synonyms_and_blanks_and_brackets_do_not_count(headers, fields):
    found = read([headers, ["1", "张三", "甲", "", "", ""][: len(headers)]])

    assert [column.meaning for column in found.columns_found] == fields
    assert [column.column for column in found.columns_found] == list("ABCDEF"[: len(headers)])


def test_a_header_of_two_rows_with_merged_cells_is_read():
    rows = [
        ["工号", "姓名", "任职情况", ""],
        ["", "", "单位", "职务"],
        ["1", "张三", "甲", "科员"],
    ]
    found = read(rows, merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)])

    assert [(row.staff_no, row.name, row.unit, row.post) for row in found.rows] == [("1", "张三", "甲", "科员")]


def test_repeated_headers_sums_remarks_signatures_and_empty_rows_are_no_people():
    rows = [
        ["工号", "姓名", "单位"],
        ["1", "张三", "甲"],
        ["", "", ""],
        ["一、乡镇干部", "", ""],
        ["工号", "姓名", "单位"],
        ["2", "李四", "乙"],
        ["  ", "", ""],
        ["合计", "2人", ""],
        ["注1：本表由各单位填报", "", ""],
        ["制表人：赵六", "审核人：钱七", "2026年3月1日"],
    ]
    found = read(rows)

    assert found.complaints == ()
    assert [row.name for row in found.rows] == ["张三", "李四"]
    assert [note.partition("第 ")[2][:2].strip() for note in found.notes] == ["4", "8", "9", "10"]


def test_thousands_of_empty_rows_below_are_passed_over():
    found = read([["工号", "姓名", "单位"], ["1", "张三", "甲"], *[["", "", ""]] * 5000, ["2", "李四", "甲"]])

    assert [row.line for row in found.rows] == [2, 5003]


@pytest.mark.parametrize("write", [workbooks.xlsx, workbooks.xls, workbooks.ods])
def test_a_merged_unit_counts_for_every_row_of_its_block_and_for_none_below(write):
    rows = [
        ["工号", "姓名", "单位"],
        ["1", "张三", "甲镇"],
        ["2", "李四", ""],
        ["3", "王五", "乙镇"],
        ["4", "赵六", ""],
    ]
    found = sheet.read(write({"表": rows}, merged={"表": [(1, 2, 2, 2)]}), "")

    assert [row.unit for row in found.rows] == ["甲镇", "甲镇", "乙镇"]
    assert [(complaint.line, complaint.column) for complaint in found.complaints] == [(5, "C")]


def test_a_person_merged_over_two_rows_has_both_posts():
    rows = [["工号", "姓名", "单位"], ["1", "张三", "甲镇"], ["", "", "乙村"]]
    found = read(rows, merged=[(1, 0, 2, 0), (1, 1, 2, 1)])

    assert [(row.staff_no, row.name, row.unit) for row in found.rows] == [("1", "张三", "甲镇"), ("1", "张三", "乙村")]


def test_a_csv_file_cannot_tell_merged_cells_and_the_complaint_says_so():
    found = sheet.read(workbooks.delimited([["工号", "姓名", "单位"], ["1", "张三", "甲镇"], ["2", "李四", ""]]), "")

    assert [(complaint.line, complaint.column) for complaint in found.complaints] == [(3, "C")]
    assert "CSV 不保存合并单元格" in found.complaints[0].reason


def test_every_township_sheet_is_read_and_a_sheet_of_instructions_is_left_aside():
    people = [["工号", "姓名", "单位"], ["1", "张三", "甲"]]
    more = [["姓名", "单位", "工号"], ["李四", "乙", "2"]]
    found = sheet.read(workbooks.xlsx({"填表说明": [["请按模板填写"]], "白沙镇": people, "青石乡": more}), "")

    assert [(row.sheet, row.name) for row in found.rows] == [("白沙镇", "张三"), ("青石乡", "李四")]
    assert found.sheet_name == "白沙镇、青石乡"
    assert found.complaints == ()
    assert found.notes == ("工作表“填表说明”：没有工号、姓名、单位这样的表头，没有读取。",)


def test_identity_numbers_are_never_read_and_the_note_says_so():
    found = read([["工号", "姓名", "身份证号", "单位", "民族"], ["1", "张三", "11010519491231002X", "甲", "汉"]])

    assert found.complaints == ()
    assert "11010519491231002X" not in repr(found)
    assert [note for note in found.notes if "身份证号”列没有读取" in note]
    assert [note for note in found.notes if "没有用到的列：民族" in note]


def test_an_identity_number_as_staff_number_is_refused_and_masked():
    [complaint] = read([["工号", "姓名", "单位"], ["11010519491231002X", "张三", "甲"]]).complaints

    assert complaint.value == "110***********002X"
    assert "不使用身份证号" in complaint.reason


@pytest.mark.parametrize(
    ("column", "value", "letter", "reason"),
    [
        ("工号", "", "A", "缺少工号"),
        ("工号", "3862.0", "A", "丢失了位数"),
        ("工号", "5.133E+17", "A", "丢失了位数"),
        ("工号", 5132991990010100, "A", "丢失了位数"),
        ("工号", "1 2", "A", "只能由字母、数字"),
        ("姓名", "", "B", "缺少姓名"),
        ("姓名", "张\ue5e5", "B", "自造字"),
        ("姓名", "张\u200b三", "B", "看不见的字符"),
        ("姓名", "字" * 51, "B", "最多 50 个字"),
        ("单位", "", "C", "缺少单位"),
        ("单位", "#N/A", "C", "公式错误"),
        ("单位", "长" * 121, "C", "最多 120 个字"),
        ("任职类型", "不知道", "F", "认不出这种任职类型"),
        ("任职日期", "2026-02-30", "G", "没有 2026 年 2 月 30 日"),
        ("任职日期", "2028-01-01", "H", "早于任职日期"),
        ("截止日期", "很久", "H", "认不出这个日期"),
        ("联系电话", "12345678901", "I", "电话号码不对"),
        ("联系电话", "1.38E+10", "I", "丢失了位数"),
        ("计入应考", "也许", "J", "只能填“是”或“否”"),
    ],
)
def test_a_bad_cell_is_named_by_line_column_value_and_remedy(column, value, letter, reason):
    good = ["0099", "赵六", "甲", "", "科员", "任职", "2026-01-01", "2027-12-31", "13800000000", "是", ""]
    bad = [value if header == column else cell for header, cell in zip(HEADER, good, strict=True)]
    found = read([["花名册", *[""] * 10], HEADER, ["0001", *good[1:]], bad])

    [complaint] = found.complaints
    shown = bad[ord(letter) - 65]
    assert (complaint.sheet, complaint.line, complaint.column, complaint.value) == ("表", 4, letter, str(shown))
    assert reason in complaint.reason
    assert complaint.reason.endswith("。")
    assert [row.line for row in found.rows] == [3]


def test_all_complaints_of_a_file_are_collected_in_the_order_of_the_sheet():
    rows = [
        HEADER,
        ["", "", "", "", "", "没有", "昨天", "", "1", "也许", ""],
        ["2", "李四", "", "", "", "", "", "", "", "", ""],
    ]

    assert [(complaint.line, complaint.column) for complaint in read(rows).complaints] == [
        (2, "A"), (2, "B"), (2, "C"), (2, "F"), (2, "G"), (2, "I"), (2, "J"), (3, "C"),
    ]  # fmt: skip


@pytest.mark.parametrize("second", ["ab1", "AB1"])
def test_one_staff_number_for_two_people_is_refused(second):
    """rules.md 54: duplicates are found whatever their capitals."""
    found = sheet.read(
        workbooks.xlsx(
            {"甲表": [HEADER[:3], ["AB1", "张三", "甲"]], "乙表": [["单位", "姓名", "工号"], ["乙", "李四", second]]}
        ),
        "",
    )

    [complaint] = found.complaints
    assert (complaint.sheet, complaint.line, complaint.column, complaint.value) == ("乙表", 2, "C", second)
    assert "工作表“甲表”第 2 行的“张三”" in complaint.reason


def test_one_person_twice_at_one_unit_is_refused_and_at_two_units_is_a_double_post():
    found = read([HEADER[:3], ["1", "张三", "甲"], ["1", "张　三", "乙"], ["1", "张三", "甲"]])

    assert [row.unit for row in found.rows] == ["甲", "乙"]
    assert [(complaint.line, complaint.column, complaint.value) for complaint in found.complaints] == [(4, "C", "甲")]


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([["姓名", "单位", "性别"], ["张三", "甲", "男"]], 1, ["缺少“工号”列", "找到的是：姓名、单位、性别"]),
        ([["标题"], ["甲列", "乙列"], ["1", "2"]], 2, ["缺少“工号”“姓名”“单位”列", "找到的是：甲列、乙列"]),
        ([["单位全称", "简称", "建制顺序"], ["甲镇", "甲", "1"]], 1, ["缺少“单位编码”列"]),
    ],
)
def test_a_header_that_lacks_a_column_says_what_is_needed_and_what_was_found(rows, line, words):
    found = read(rows)

    [complaint] = found.complaints
    assert (found.rows, complaint.line, complaint.column) == ((), line, "")
    assert [word for word in words if word not in complaint.reason] == []


def test_a_header_with_nobody_below_is_complained_of():
    assert "没有任何人员" in read([HEADER]).complaints[0].reason


def test_a_sheet_of_units_is_read_beside_the_people():
    units = [
        ["单位编码", "单位全称", "简称", "上级单位", "类别", "建制顺序", "成立日期", "撤销日期", "并入单位"],
        ["513299", "云岭县", "", "", "县", 0, "", "", ""],
        ["513299101", "白沙镇人民政府", "白沙镇", "云岭县", "乡镇", 3, "2010-01-01", "", ""],
        ["513299201", "青石乡人民政府", "青石乡", "云岭县", "乡镇", 4, "", "2026-06-01", "白沙镇、黄泥镇"],
    ]
    found = sheet.read(workbooks.xlsx({"单位": units, "人员": TABLE}), "")

    assert (found.complaints, len(found.rows)) == ((), 3)
    assert [(unit.line, unit.code, unit.name, unit.short_name, unit.parent, unit.order_no) for unit in found.units] == [
        (2, "513299", "云岭县", "", "", 0),
        (3, "513299101", "白沙镇人民政府", "白沙镇", "云岭县", 3),
        (4, "513299201", "青石乡人民政府", "青石乡", "云岭县", 4),
    ]
    assert (found.units[2].closed_on, found.units[2].merged_into) == (date(2026, 6, 1), ("白沙镇", "黄泥镇"))


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (["", "丙镇", "", "", ""], "A", "缺少单位编码"),
        (["3", "", "", "", ""], "B", "缺少单位全称"),
        (["1", "丙镇", "", "", ""], "A", "已用于工作表“表”第 2 行的“甲镇”"),
        (["3", "甲镇", "", "", ""], "B", "同一上级下已有“甲镇”"),
        (["3", "丙镇", "三", "", ""], "C", "建制顺序要填整数"),
        (["3", "丙镇", "", "昨天", "甲镇"], "D", "认不出这个日期"),
        (["3", "丙镇", "", "", "甲镇"], "E", "没有撤销日期"),
    ],
)
def test_a_bad_unit_is_named_by_line_column_and_remedy(row, column, reason):
    found = read([["单位编码", "单位全称", "建制顺序", "撤销日期", "并入单位"], ["1", "甲镇", "1", "", ""], row])

    [complaint] = found.complaints
    assert (complaint.line, complaint.column) == (3, column)
    assert reason in complaint.reason
    assert [unit.code for unit in found.units] == ["1"]


def test_what_is_no_table_is_a_bad_file():
    with pytest.raises(BadFile):
        sheet.read(b"%PDF-1.7", "花名册.xlsx")


WORDS = st.one_of(
    st.sampled_from(
        [*HEADER, "王䶮", "买买提·艾力", "0012", "合计", "注：", "2026.1", "#N/A", "1E+20", "单位编码", "单位全称", ""]
    ),
    st.text(max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12), max_size=12))
def test_arbitrary_tables_are_read_or_complained_about(rows):
    try:
        found = sheet.read(workbooks.delimited([HEADER, *rows], encoding="utf-8-sig"), "")
    except BadFile:
        return
    wrong = {(complaint.sheet, complaint.line) for complaint in found.complaints}

    assert found.rows or found.units or found.complaints
    assert all(complaint.reason.endswith("。") for complaint in found.complaints)
    assert all(row.staff_no and row.name and row.unit and (row.sheet, row.line) not in wrong for row in found.rows)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12), max_size=12))
def test_arbitrary_tables_without_a_header_never_fail(rows):
    try:
        found = sheet.read(workbooks.delimited(rows, encoding="utf-8-sig"), "")
    except BadFile:
        return

    assert found.rows or found.units or found.complaints
