"""The same table comes out whatever program wrote it."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest
import xlsxwriter
import xlwt

from school import files
from school.errors import BadFile
from school.files import Merged
from tests import workbooks
from tests.questions.picture_files import png

ROWS = [
    ["云岭县干部花名册", "", ""],
    ["工号", "姓名", "职务"],
    ["0012", "王䶮", "镇长"],
    ["0013", "买买提·艾力", "第一行\n第二行"],
    ["0014", "𠮷", '他说"好", 行；'],
]
SHEETS = {"花名册": ROWS}
FORMATS = {
    "xlsx": workbooks.xlsx(SHEETS),
    "xls": workbooks.xls(SHEETS),
    "csv utf-8": workbooks.delimited(ROWS),
    "csv utf-8 with BOM": workbooks.delimited(ROWS, encoding="utf-8-sig"),
    "csv gb18030": workbooks.delimited(ROWS, encoding="gb18030"),
    "csv utf-16": workbooks.delimited(ROWS, encoding="utf-16"),
    "csv with semicolons": workbooks.delimited(ROWS, delimiter=";"),
    "tsv": workbooks.delimited(ROWS, delimiter="\t"),
}


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_rows(content):
    [table] = files.tables(content)

    assert table.rows == ROWS
    assert table.first_row == 1


def test_an_ods_file_gives_the_same_rows():
    rows = [[cell.replace("\n", " ") for cell in row] for row in ROWS]

    assert files.tables(workbooks.ods({"花名册": rows}))[0].rows == rows


@pytest.mark.parametrize("write", [workbooks.xlsx, workbooks.xls, workbooks.ods])
def test_numbers_and_truths_read_as_a_person_reads_them(write):
    [table] = files.tables(write({"甲": [[3862, 3862.0, 0.1 + 0.2, -5, True, False, 123456789012345]]}))

    assert table.rows == [["3862", "3862", "0.3", "-5", "TRUE", "FALSE", "123456789012345"]]
    assert table.damaged == frozenset()


@pytest.mark.parametrize("write", [workbooks.xlsx, workbooks.xls, workbooks.ods])
def test_a_number_with_more_than_fifteen_digits_is_kept_and_marked(write):
    [table] = files.tables(write({"甲": [["x", ""], ["y", 1234567890123456]]}))

    assert table.rows[1][1] == "1234567890123456"
    assert table.damaged == {(1, 1)}


def test_what_a_program_left_of_a_long_number_is_marked_in_text_as_well():
    [table] = files.tables("工号,电话\n5.133E+17,1.38E+10\nE+1,1+1\n".encode())

    assert table.damaged == {(1, 0), (1, 1)}


@pytest.mark.parametrize("write", [workbooks.xlsx, workbooks.xls, workbooks.ods])
def test_merged_blocks_are_told_and_filled_down_their_first_column(write):
    rows = [["标题", ""], ["单位", "姓名"], ["甲镇", "一"], ["", "二"], ["乙镇", "三"]]
    [table] = files.tables(write({"表": rows}, merged={"表": [(0, 0, 0, 1), (2, 0, 3, 0)]}))

    assert set(table.merged) == {Merged(0, 0, 0, 1), Merged(2, 0, 3, 0)}
    assert table.rows == rows
    assert [row[0] for row in table.filled()] == ["标题", "单位", "甲镇", "甲镇", "乙镇"]
    assert table.filled()[0][1] == ""


@pytest.mark.parametrize("write", [workbooks.xlsx, workbooks.xls])
def test_hidden_and_empty_sheets_are_left_out(write):
    sheets = {"白沙镇": [["a"]], "下拉项": [["x"]], "空": [], "青石乡": [["b"]]}

    assert [table.name for table in files.tables(write(sheets, hidden=("下拉项",)))] == ["白沙镇", "青石乡"]


@pytest.mark.parametrize("write", [workbooks.xlsx, workbooks.xls, workbooks.ods])
def test_empty_rows_above_count_for_the_line_and_empty_rows_below_do_not_exist(write):
    [table] = files.tables(write({"甲": [["", ""], ["", ""], ["", "a"], ["", ""]]}))

    assert (table.first_row, table.rows) == (3, [["", "a"]])


def test_thousands_of_formatted_empty_rows_cost_nothing():
    def fill(book):
        page = book.add_worksheet()
        page.write(0, 0, "a")
        for row in range(1, 30_000):
            page.write_blank(row, 0, None, book.add_format({"bold": True}) if row == 1 else page.table[1][0].format)

    assert files.tables(written(fill))[0].rows == [["a"]]


def written(fill) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    fill(book)
    book.close()
    return file.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (date(2026, 3, 1), "yyyy-mm-dd", "2026-03-01"),
        (date(2026, 3, 1), 'yyyy"年"m"月"', "2026-03-01"),
        (date(2026, 3, 1), "[$-804]yyyy/m/d;@", "2026-03-01"),
        (datetime.fromisoformat("2026-03-01 08:30"), "yyyy-mm-dd hh:mm", "2026-03-01 08:30"),
        (time(8, 30), "hh:mm", "08:30"),
        (date(1900, 1, 31), "yyyy-mm-dd", "1900-01-31"),
        (0.85, "0%", "85%"),
        (50.5, "[h]:mm", "1212:00"),
        (7, "00000", "00007"),
        (7, "0000000000;@", "0000000007"),
        (3862, "#,##0.00", "3862"),
        (3862, "0.00E+00", "3862"),
        (3862, '"工号"0', "3862"),
    ],
)
def test_a_cell_reads_as_its_number_format_shows_it(value, number_format, shown):
    def fill(book):
        style = book.add_format({"num_format": number_format})
        book.add_worksheet().write(0, 0, value, style)

    assert files.tables(written(fill))[0].rows == [[shown]]


def test_dates_of_an_xls_file_and_of_a_book_counting_from_1904():
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("甲").write(0, 0, date(2026, 3, 1), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    file = io.BytesIO()
    book.save(file)

    assert files.tables(file.getvalue())[0].rows == [["2026-03-01"]]


def test_formulas_show_their_stored_value_or_error_or_nothing():
    def fill(book):
        page = book.add_worksheet()
        page.write_formula(0, 0, "=A9", None, "白沙镇")
        page.write_formula(0, 1, "=VLOOKUP(1,A:B,2)", None, "#N/A")
        page.write_formula(0, 2, "=1+1", None, 2)
        page.write_formula(0, 3, "=A9", None, "")
        page.write(0, 4, "尾")

    assert files.tables(written(fill))[0].rows == [["白沙镇", "#N/A", "2", "", "尾"]]


def test_rich_text_is_joined_and_reading_aids_are_left_out():
    content = workbooks.with_part(
        workbooks.xlsx({"甲": [["王"]]}),
        "xl/sharedStrings.xml",
        lambda xml: xml.replace(
            "<si><t>王</t></si>".encode(),
            "<si><r><t>买买提</t></r><r><t>·艾力_x000D_</t></r><rPh><t>mai</t></rPh></si>".encode(),
        ),
    )

    assert files.tables(content)[0].rows == [["买买提·艾力\r"]]


def test_cells_without_references_and_with_prefixed_names_are_read():
    content = workbooks.with_part(
        workbooks.xlsx({"甲": [["王"]]}),
        "xl/worksheets/sheet1.xml",
        lambda _: (
            '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
            "<x:c><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
        ).encode(),
    )

    assert files.tables(content)[0].rows == [["甲", "2"]]


def test_a_comment_in_an_ods_cell_is_not_its_text_and_repeated_cells_are_repeated():
    content = workbooks.with_part(
        workbooks.ods({"甲": [["王", "x"]]}),
        "content.xml",
        lambda xml: xml.replace(
            "<text:p>王</text:p>".encode(),
            "<office:annotation><text:p>批注</text:p></office:annotation><text:p>王<text:s text:c='2'/>䶮</text:p>".encode(),
        ).replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="2">'),
    )

    assert files.tables(content)[0].rows == [["王  䶮", "x"], ["王  䶮", "x"]]


def test_a_rare_character_parted_by_a_record_seam_of_an_xls_file_stays_whole():
    """An .xls record ends after 8224 bytes wherever that is; here between the halves of 𠮷 for one of the lengths."""
    rows = [["𠮷" * (2040 + extra), "a" * extra, "é" * 300, str(extra)] for extra in range(40)]

    assert files.tables(workbooks.xls({"甲": rows}))[0].rows == rows


def test_a_file_named_xlsx_with_a_table_of_text_in_it_is_a_table_of_text():
    """question_formats.md §1.1: text files named .xlsx; only the content decides, no name is asked for."""
    content = "工号\t姓名\n0012\t王䶮\n".encode("gb18030")

    assert files.kind(content) == "text"
    assert files.tables(content)[0].rows == [["工号", "姓名"], ["0012", "王䶮"]]


@pytest.mark.parametrize("content", [b"\n\n", b"\xef\xbb\xbf", b" ,\n,,"[1:], workbooks.xlsx({"甲": []})])
def test_a_file_in_which_nothing_stands_is_refused(content):
    with pytest.raises(BadFile, match="没有任何内容"):
        files.tables(content)


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_are_named_as_in_excel(column, name):
    assert files.letters(column) == name


def test_pictures_on_a_sheet_are_told_of_with_the_rows_they_lie_in():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, cells in (("一", ["C2", "C5", "D5"]), ("二", [])):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, name)
            for cell in cells:
                sheet.insert_image(cell, "图.png", {"image_data": io.BytesIO(png())})

    assert [table.pictures for table in files.tables(out.getvalue())] == [(2, 5, 5), ()]


def test_a_line_that_no_table_has_is_refused_before_it_is_cut_into_cells():
    with pytest.raises(BadFile, match="有一行长得不像表格"):
        files.tables(b"," * 1_000_001)
