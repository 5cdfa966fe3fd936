"""How large an upload may be."""

from __future__ import annotations

from school.errors import BadFile

#: bytes of an upload
LIMIT_BYTES = 20 * 2**20

EMPTY = "文件是空的，没有任何内容。请检查是否选错了文件。"
TOO_BIG = f"文件超过 {LIMIT_BYTES >> 20} MB，无法读取。请删除图片和多余的工作表，或拆成几个文件后重新上传。"


def check_size(content: bytes) -> None:
    """BadFile for nothing at all and for more than LIMIT_BYTES."""
    if not content:
        raise BadFile(EMPTY)
    if len(content) > LIMIT_BYTES:
        raise BadFile(TOO_BIG)
