"""The columns of a roster sheet: which header means what, and where the header row stands. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from school.files import Table, letters

#: rows from the top among which a header is looked for; title and instruction rows stand above it
HEADER_WITHIN = 40

PEOPLE = {
    "staff_no": "工号 人员编号 编号 干部编号 职工编号 职工号 员工编号 员工号 人员工号 干部工号 人员编码 人员代码",
    "name": "姓名 名字 人员姓名 干部姓名 职工姓名 员工姓名",
    "former_name": "曾用名 原姓名 原名",
    "unit": "单位 所在单位 工作单位 部门 所在部门 单位名称 所属单位 现工作单位 任职单位 单位全称 单位简称 单位编码",
    "parent": "乡镇 上级单位 所属乡镇 所在乡镇 乡镇街道 乡镇名称 乡镇/街道 主管单位 主管部门 上级单位名称 上级",
    "post": "职务 岗位 现任职务 职务名称 担任职务 职位 工作岗位 任职职务 职务岗位 职务/岗位",
    "kind": "任职类型 任职类别 任职方式 任职性质 人员类型 人员类别 任职情况 类型 类别 关系",
    "from_on": "任职时间 任职日期 起始日期 起始时间 开始日期 开始时间 到任日期 到任时间 到岗日期 任现职时间",
    "last_on": "截止日期 截止时间 结束日期 结束时间 到期日期 任职截止日期 任期截止",
    "until_on": "离任日期 离任时间 离岗日期 免职日期 免职时间",
    "phone": "联系电话 手机号 手机 电话 手机号码 联系方式 移动电话 电话号码 联系手机",
    "counts": "计入应考 是否应考 应考 是否计入应考 参加测试 是否参加测试 是否参考 计入考试",
    "note": "备注 说明 附注",
}
UNITS = {
    "code": "单位编码 单位代码 机构编码 机构代码 单位编号 编码 代码",
    "name": "单位全称 单位名称 全称 机构名称 单位 机构全称",
    "short_name": "简称 单位简称 规范化简称 机构简称",
    "parent": "上级单位 上级 上级单位名称 上级单位编码 上级编码 主管单位 隶属单位",
    "kind": "类别 单位类别 单位类型 机构类别 单位性质 类型",
    "order_no": "建制顺序 建制顺序号 排序 排序号 顺序 顺序号 排列顺序",
    "opened_on": "成立日期 成立时间 设立日期 设立时间 启用日期",
    "closed_on": "撤销日期 撤销时间 撤并日期 停用日期 终止日期",
    "merged_into": "并入单位 并入 合并到 合并入 承接单位 并入单位名称 撤并去向",
    "note": "备注 说明",
}
#: 身份证号 is never read: this product does not need it
IDENTITY = frozenset(
    ["身份证号", "身份证", "身份证号码", "公民身份号码", "公民身份证号", "居民身份证号", "证件号", "证件号码"]
)
ROW_NUMBER = frozenset({"序号", "顺号", "行号", "no", "no."})

NEEDED_OF_PEOPLE = {"staff_no": "工号", "name": "姓名", "unit": "单位"}
NEEDED_OF_UNITS = {"code": "单位编码", "name": "单位全称"}

BRACKETED = re.compile(r"[(\[{<〔【《「][^()\[\]{}<>〔〕【】《》「」]*[)\]}>〕】》」]")
UNIMPORTANT = re.compile(r"[\s*:'\"]+")


def _meanings(synonyms: dict[str, str]) -> dict[str, str]:
    return {header: meaning for meaning, headers in synonyms.items() for header in headers.split()}


MEANING_OF_PEOPLE, MEANING_OF_UNITS = _meanings(PEOPLE), _meanings(UNITS)


@dataclass(frozen=True)
class Found:
    """A column that was recognised: its Excel letter, its header as written, the field it fills."""

    sheet: str
    column: str
    header: str
    meaning: str


@dataclass(frozen=True)
class Header:
    """A sheet's header row.

    at: its index in Table.rows.  of_units: a sheet of units instead of people.
    places: field -> column index; the first column wins where two mean the same.
    missing: what must be there and is not, in the clerk's words.
    """

    at: int
    of_units: bool
    places: dict[str, int]
    missing: tuple[str, ...]


def key(header: str) -> str:
    """A header without blanks, brackets and their content: " 姓　名*（必填）" -> "姓名"."""
    return UNIMPORTANT.sub("", BRACKETED.sub("", unicodedata.normalize("NFKC", header))).casefold()


def find(rows: list[list[str]]) -> Header | None:
    """The header: the first row with all columns that are needed, else the one with most that are known.

    None when no row has at least two known columns, one of them a name or number.
    """
    best: Header | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        header = _header(at, row)
        if header and not header.missing:
            return header
        if header and (best is None or len(header.places) > len(best.places)):
            best = header
    return best


def _header(at: int, row: list[str]) -> Header | None:
    keys = [key(cell) if 0 < len(cell) <= 60 else "" for cell in row]
    people, units = _places(keys, MEANING_OF_PEOPLE), _places(keys, MEANING_OF_UNITS)
    of_units = "name" not in people and "name" in units and ("code" in units or len(units) >= 3)
    of_units = of_units and "staff_no" not in people
    places, needed = (units, NEEDED_OF_UNITS) if of_units else (people, NEEDED_OF_PEOPLE)
    if len(places) < 2 or not {"name", "staff_no"} & set(places):
        return None
    return Header(at, of_units, places, tuple(word for field, word in needed.items() if field not in places))


def _places(keys: list[str], meanings: dict[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for column, header in enumerate(keys):
        if header in meanings:
            places.setdefault(meanings[header], column)
    return places


def found(table: Table, header: Header) -> tuple[Found, ...]:
    """The recognised columns from left to right."""
    return tuple(
        Found(table.name, letters(column), table.rows[header.at][column].strip(), meaning)
        for meaning, column in sorted(header.places.items(), key=lambda place: place[1])
    )


def ignored(table: Table, header: Header) -> tuple[list[str], list[str]]:
    """Headers of the columns that are not read: those of identity numbers, and the others."""
    used = set(header.places.values())
    rest = [cell for column, cell in enumerate(table.rows[header.at]) if cell.strip() and column not in used]
    identity = [cell.strip() for cell in rest if key(cell) in IDENTITY]
    others = [cell.strip() for cell in rest if key(cell) not in IDENTITY | ROW_NUMBER]
    return identity, others


def repeats(row: list[str], header: Header) -> bool:
    """Whether a row is the header once more, as at the top of each printed page."""
    meanings = MEANING_OF_UNITS if header.of_units else MEANING_OF_PEOPLE
    filled = [(field, row[column]) for field, column in header.places.items() if row[column]]
    return len(filled) >= 2 and all(meanings.get(key(cell)) == field for field, cell in filled)
