"""What an exported file could not carry: found by reading it back, told as remarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import NamedTuple

from school.questions.draft import Draft, Place, Reading, Remark

_WORDS = {
    "kind": "题型", "stem": "题干", "options": "选项", "key": "答案", "explanation": "解析", "citation": "依据",
    "topic": "专题", "point": "知识点", "difficulty": "难度", "audience": "对象", "code": "编号", "author": "编写",
    "checker": "复核", "score": "分值", "material": "材料", "extras": "其他内容",
    "pictures": "图片",
}  # fmt: skip


class Written(NamedTuple):
    """An exported file and remarks on what did not go into it as it was."""

    content: str
    remarks: tuple[Remark, ...]


def remarks(
    drafts: Sequence[Draft], whole: Reading, back: Callable[[Draft], Reading | None], format_name: str
) -> tuple[Remark, ...]:
    """One remark per draft that does not come back as it was.

    whole: the written file read again.  back: one draft written alone and read again, None if it is left out.
    """
    if whole.drafts == tuple(drafts) and not whole.review:
        return ()
    found = []
    for number, draft in enumerate(drafts, 1):
        complaint = _complaint(draft, back(draft), format_name)
        if complaint:
            found.append(Remark(Place((), f"第 {number} 题"), complaint))
    return tuple(found)


def _complaint(draft: Draft, reading: Reading | None, format_name: str) -> str:
    if reading is None:
        return f"{format_name} 写不下这种题，没有导出。"
    if len(reading.drafts) != 1 or reading.review:
        return f"写成 {format_name} 后不能再原样读回，请核对导出的内容。"
    lost = [
        _WORDS[field.name]
        for field in fields(Draft)
        if field.compare and getattr(draft, field.name) != getattr(reading.drafts[0], field.name)
    ]
    return f"{format_name} 不能完整保留：{'、'.join(lost)}。" if lost else ""
