"""Pictures on a sheet are not taken in, for nothing says which question they belong to: whoever brings the file is told."""

from __future__ import annotations

import re

from school.files import Table
from school.questions.draft import Place, Remark

_PICTURES = (
    "“{}”里有 {} 张图片{}，表格里的图片不会带入。请先把题收下，再到那道题的题目页上添加图片；"
    "图片多的，把题目连同图片放进 Word 文档（.docx）导入。"
)
IN_CELL = "有的单元格里是图片，表格里的图片不会带入。请改成文字，或者收下以后在题目页上添加图片。"
#: what WPS shows for a picture that lies in a cell
_FORMULA = re.compile(r"^=?(?:_xlfn\.)?DISPIMG\(", re.MULTILINE)


def remark(table: Table) -> Remark:
    """How many pictures lie on a sheet, and in which rows."""
    rows = sorted(set(table.pictures) - {0})
    told = f"（第 {'、'.join(map(str, rows[:20]))} 行{'等处' if len(rows) > 20 else ''}）" if rows else ""
    return Remark(Place(tuple(rows), table.name), _PICTURES.format(table.name, len(table.pictures), told))


def in_cells(row: list[str]) -> bool:
    """Whether one of the cells is a picture."""
    return bool(_FORMULA.search("\n".join(row)))
