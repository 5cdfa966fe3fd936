"""The tables of an uploaded file, whatever program wrote it."""

from __future__ import annotations

import struct

from school.errors import BadFile
from school.files import delimited, encoding, kinds, ods, upload, xls, xlsx
from school.files.archive import TRUNCATED, Archive
from school.files.grid import Table

RESAVE = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”后重新上传。"
REFUSED = {
    "docx": "这是 Word 文档，不是表格。请把表格复制到 Excel 中，保存为 .xlsx 后重新上传。",
    "doc": "这是旧版 Word 文档，不是表格。请把表格复制到 Excel 中，保存为 .xlsx 后重新上传。",
    "pdf": "这是 PDF 文件，无法从中读取表格。请上传原来的 Excel 文件。",
    "zip": "这是压缩包，不是表格。请先解压，再上传里面的 Excel 或 CSV 文件。",
    "encrypted": "文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码，保存后重新上传。",
    "unknown": "认不出这个文件，它不是 Excel、WPS 或 CSV 表格，或者已经损坏。" + RESAVE,
}
BINARY_WORKBOOK = "这是二进制工作簿（.xlsb），无法读取。" + RESAVE
PICTURE = "这是图片，无法从中读取表格。请上传原来的 Excel 文件。"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
NOTHING = "文件里没有任何内容，或者所有工作表都是隐藏的。请检查后重新上传。"


def tables(content: bytes) -> list[Table]:
    """Every visible sheet of a workbook, or the one table of a CSV or TSV file; sheets without content are left out.

    At least one table comes back. BadFile, with the way out, for anything that cannot be read as a table.
    """
    upload.check_size(content)
    try:
        found = _read(content, kinds.kind(content))
    # What a malformed file can make of the readers' own arithmetic and look-ups; they check sizes, not every field.
    except (OSError, ValueError, LookupError, OverflowError, struct.error, StopIteration) as error:
        raise BadFile(TRUNCATED) from error
    if not found:
        raise BadFile(NOTHING)
    return found


def _read(content: bytes, kind: kinds.Kind) -> list[Table]:
    match kind:
        case "xlsx":
            return xlsx.tables(Archive(content))
        case "ods":
            return ods.tables(Archive(content))
        case "xls":
            return xls.tables(content)
        case "text":
            return delimited.tables(encoding.text(content))
        case "zip" if "xl/workbook.bin" in Archive(content).names:
            raise BadFile(BINARY_WORKBOOK)
        case "unknown" if content.startswith(PICTURES):
            raise BadFile(PICTURE)
    raise BadFile(REFUSED[kind])
