"""What the columns of a question sheet mean: guessed from the header, or told by the clerk and remembered.

Roles: stem kind answer options (all in one cell) option (one each, in order) blank (answer of one blank, in order)
correct (一行一个选项: is it right) explanation citation topic point difficulty audience score code author checker
material extra (kept under its header) ignore.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from school.files import Table
from school.questions.matching import normal

ROLES = {
    "stem": "题干 题目 试题 试题题目 题目内容 问题 问题内容 题目标题 试题内容 试题题干 题目名称 题目描述 content question title"
    " questioncontent stem 问题描述 内容",
    "kind": "题型 类型 题目类型 试题类型 questiontype type 题目类别 题类",
    "answer": "答案 正确答案 参考答案 标准答案 正确选项 题目答案 试题答案 answer questionanswer correctanswer",
    "options": "选项 选项内容 备选项 备选答案 optioncontent options 题目选项 所有选项 题目所有答案",
    "correct": "是否正确项 是否正确 是否正确答案 是否为正确答案 iscorrect",
    "explanation": "解析 答案解析 题目解析 整体解析 试题解析 解析说明 analysis explanation 试题分析 答案说明",
    "citation": "依据 法条依据 法律依据 政策依据 出处 来源 试题来源 题目来源",
    "topic": "专题 分类 章节 所属题库 题目分类 试题分类 类别",
    "point": "知识点 考点 知识点分类 所属知识点",
    "difficulty": "难度 难易度 难度等级 难度系数 难易程度 difficulty",
    "audience": "对象 适用对象",
    "score": "分值 分数 单空分数 score 题目分值",
    "code": "编号 题目编号 试题编号 题号编码",
    "author": "编写 命题单位 出题人 命题人 出题单位",
    "checker": "复核 审核人",
    "material": "材料 共用题干 案例材料",
    "ignore": "序号 题号 题目序号 no number index id",
    "extra": "标签 页码 备注 题目图片 图片 题目视频 选项解析 选项图片",
}
ROLE_BY_WORD = {word: role for role, words in ROLES.items() for word in words.split()}
_OPTION = re.compile(
    r"(?:选项|备选项?|答案|option)?([a-z])(?:选项|项|答案)?|(?:选项|option|备选答案|答案)(\d{1,2}|[一二三四五六七八])"
)
_BLANK = re.compile(r"(?:空|第?填空|空格)(\d{1,2})")
#: how far down a header is looked for
DEEPEST_HEADER = 15


@dataclass(frozen=True)
class Mapping:
    """What each column of a table is. header: index of the header row in table.rows, -1 for none; roles: one per column."""

    header: int
    roles: tuple[str, ...]

    def where(self, role: str) -> tuple[int, ...]:
        """Indexes of the columns with a role."""
        return tuple(place for place, name in enumerate(self.roles) if name == role)

    @property
    def complete(self) -> bool:
        """Whether questions can be read by it: there is a stem and something that answers."""
        return bool(self.where("stem")) and any(map(self.where, ("answer", "correct", "blank")))


def word(cell: str) -> str:
    """A header cell as it is compared: without blanks, stars, brackets and what stands in them."""
    text = re.sub(r"[(\[【<{].*?[)\]】>}]", "", normal(cell).casefold())
    return re.sub(r"[\s*:_。.、#\-/]", "", text)


@lru_cache(maxsize=2**12)
def role(cell: str) -> str | None:
    """The role a header cell names, None for an unknown one."""
    text = word(cell)
    if text in ROLE_BY_WORD:
        return ROLE_BY_WORD[text]
    if _BLANK.fullmatch(text):
        return "blank"
    return "option" if _OPTION.fullmatch(text) else None


def is_header(row: list[str]) -> bool:
    """Whether a row names columns: a stem and two more roles, in cells of their own."""
    roles = [role(cell) for cell in row if cell.strip()]
    known = [name for name in roles if name]
    return "stem" in known and len(known) >= 3 and len(known) * 2 >= len(roles)


def guess_columns(table: Table) -> Mapping:
    """The mapping its header suggests. Unknown columns are `extra`; without a header all are, and header is −1."""
    for place, row in enumerate(table.rows[:DEEPEST_HEADER]):
        if is_header(row):
            return Mapping(place, tuple(_roles(row)))
    widest = max((len(row) for row in table.rows), default=0)
    return Mapping(-1, ("extra",) * widest)


def _roles(row: list[str]) -> list[str]:
    found: list[str] = []
    for cell in row:
        name = role(cell) or ("extra" if cell.strip() else "ignore")
        once = name not in ("option", "blank", "extra", "ignore")
        found.append("extra" if once and name in found else name)
    return found


def numbered_options(header: list[str]) -> bool:
    """Whether the option columns are called 1, 2, 3 and not A, B, C."""
    found = [_OPTION.fullmatch(word(cell)) for cell in header if role(cell) == "option"]
    return bool(found) and all(match and match[2] for match in found)


def option_order(header: list[str]) -> list[int]:
    """Indexes of the option columns in the order of their letters or numbers, -1 first for those without."""
    order = []
    for place, cell in enumerate(header):
        match = _OPTION.fullmatch(word(cell)) if role(cell) == "option" else None
        if match:
            sign = match[1] or match[2]
            order.append(
                (int(sign) if sign.isdigit() else "abcdefghijklmnopqrstuvwxyz一二三四五六七八".index(sign), place)
            )
    return [place for _, place in sorted(order)]


def signature(table: Table, mapping: Mapping) -> str:
    """16 hexadecimal characters that say which header this is, so that a clerk's mapping can be found again."""
    row = table.rows[mapping.header] if mapping.header >= 0 else [f"{len(mapping.roles)} columns"]
    cells = [word(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:16]
