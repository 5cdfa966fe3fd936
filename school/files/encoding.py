"""Text files: UTF-8 with or without BOM, UTF-16 with BOM, GB18030 as Chinese Excel saves CSV."""

from __future__ import annotations

from school.errors import BadFile
from school.files import upload

UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF8_BOM = b"\xef\xbb\xbf"
#: control characters that no text holds; TAB, LF, CR, form feed and the old end-of-file mark may stand in one
CONTROLS = bytes(set(range(32)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A})

NO_TEXT = "这个文件不是文本，无法读取。请打开原文件，另存为“CSV UTF-8”或 .txt（编码选 UTF-8）后重新上传。"


def text(content: bytes) -> str:
    """The text of a file. BadFile names the first line that cannot be read and the way out."""
    upload.check_size(content)
    if not is_text(content):
        raise BadFile(NO_TEXT)
    if content.startswith(UTF16):
        return _decode(content, "utf-16")
    if content.startswith(UTF8_BOM):
        return _decode(content, "utf-8-sig")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "utf-8" if _mostly_utf8(content) else "gb18030")


def is_text(content: bytes) -> bool:
    """Whether the bytes look like text in one of the encodings, damaged or not."""
    if content.startswith(UTF16):
        return True
    return len(content.translate(None, CONTROLS)) == len(content)


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        raise BadFile(
            f"第 {line} 行有无法识别的文字，文件的编码已损坏。"
            "请用 Excel 或记事本打开原文件确认文字正常，再另存为“CSV UTF-8”或 .xlsx 后重新上传。"
        ) from error


def _mostly_utf8(content: bytes) -> bool:
    """Whether a broken file was UTF-8: GB18030 would read nearly all of it too, as other characters."""
    seen = content.decode("utf-8", errors="replace")
    broken = seen.count("\ufffd")
    return sum(character > "\x7f" for character in seen) - broken > 2 * broken
