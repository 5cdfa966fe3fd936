"""CSV and TSV: one table of text, comma, TAB or semicolon between the cells."""

from __future__ import annotations

import csv
import io
from collections import Counter

from school.errors import BadFile
from school.files.grid import Budget, Grid, Table

DELIMITERS = "\t,;"
#: how much of a file is looked at to find its delimiter
SAMPLE_CHARACTERS, SAMPLE_ROWS = 64_000, 100
#: characters of a line; a row of a roster has some hundreds
LONGEST = 1_000_000
MARKUP = ("<html", "<!doctype", "<?xml", "<table", "<meta", "<head")


def tables(text: str) -> list[Table]:
    """The one table of the text, none when it holds nothing. BadFile for a web page or XML under another name."""
    text = text.rstrip("\x1a\0")
    if text.lstrip().casefold().startswith(MARKUP):
        raise BadFile(
            "这个文件其实是网页或 XML 格式，只是改了扩展名。"
            "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”后重新上传。"
        )
    if len(text) > LONGEST and max(map(len, text.splitlines())) > LONGEST:
        raise BadFile("有一行长得不像表格。请用 Excel 打开检查，另存为 .xlsx 后重新上传。")
    grid = Grid("", Budget())
    try:
        for number, row in enumerate(_rows(text, _delimiter(text))):
            for column, cell in enumerate(row):
                grid.put(number, column, cell)
    except csv.Error as error:
        raise BadFile(
            f"第 {len(grid.rows) + 1} 行附近的引号不成对，无法分出单元格。"
            "请用 Excel 打开检查，另存为 .xlsx 后重新上传。"
        ) from error
    table = grid.table()
    return [table] if table else []


def _rows(text: str, delimiter: str):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The character that cuts most rows into the same number of cells."""
    return max(DELIMITERS, key=lambda delimiter: _agreement(text[:SAMPLE_CHARACTERS], delimiter))


def _agreement(sample: str, delimiter: str) -> int:
    """Rows that have the most frequent number of cells above one, times that number."""
    try:
        widths = Counter(len(row) for row, _ in zip(_rows(sample, delimiter), range(SAMPLE_ROWS), strict=False))
    except csv.Error:
        return 0
    return max((width * times for width, times in widths.items() if width > 1), default=0)
