"""A question file of any kind, told by its content, handed to the reader that knows it."""

from __future__ import annotations

from school import files
from school.errors import BadFile
from school.questions import (
    aiken,
    answer_file,
    bank_text,
    columns,
    docx,
    gift,
    json_form,
    markup,
    moodle_xml,
    one_line,
    plain_text,
    qti,
    sheet,
)
from school.questions.columns import Mapping
from school.questions.draft import Reading

#: kinds of `files.kind` that hold tables; a text does when one of its rows is a header of ours
_TABLES = ("xlsx", "xls", "ods")
#: text forms that say what they are, our own first; each has `fits` and `read`
_FORMS = (bank_text, json_form, moodle_xml, qti, gift, aiken)
_REFUSED = {
    "doc": "“{}”是旧版 Word 文档（.doc），请用 Word 或 WPS 打开，另存为 .docx 再导入。",
    "pdf": "“{}”是 PDF，读不出题目。请上传原来的 Word 或 Excel 文件，或把文字复制出来粘贴导入。",
    "encrypted": "“{}”设有打开密码，无法读取。请取消密码，保存后再导入。",
    "empty": "“{}”是空的，没有任何内容。请检查是否选错了文件。",
}
_UNKNOWN = "“{}”不是能读的题库文件，请另存为 .xlsx、.docx、.csv 或文本文件（.txt）再导入。"
_LONG = "有一行超过 {} 万字，不像题目。请检查是不是选错了文件；是题库的，请一题一行或几行，另存后再导入。"
#: characters of a line of a paper; a long material has some thousands
_LONGEST = 100_000
_OWN_KEY = "这种文件的答案和题目在一起，不能另传答案。请把答案填进原来的文件再传。"
_PAGE = "这是网页或别的系统的 XML，不是题库文件。请在浏览器里打开它，复制题目文字，再粘贴导入。"


def read(content: bytes, file_name: str, mapping: Mapping | None = None, key: str = "") -> Reading:
    """Read a file. mapping: what the clerk said the columns of a table are. Raises BadFile with a Chinese sentence.

    key: the answers of a paper that came in a file of their own (school.questions.answer_file).
    file_name only serves messages: what a file is, its content says.
    """
    kind = files.kind(content)
    if key:
        return _read_with_key(content, kind, key)
    if kind in _TABLES:
        return sheet.read(files.tables(content), mapping)
    if kind == "text":
        return _read_text_file(content, mapping)
    reader = _READERS.get(kind)
    if reader is None:
        raise BadFile(_REFUSED.get(kind, _UNKNOWN).format(file_name))
    return reader(content)


def takes_key(content: bytes) -> bool:
    """Whether a file is a paper, whose answers can stand in a file of their own."""
    kind = files.kind(content)
    return kind == "docx" or (kind == "text" and not _form(files.text(content)) and not _is_table(content))


def _read_with_key(content: bytes, kind: str, key: str) -> Reading:
    if not takes_key(content):
        raise BadFile(_OWN_KEY)
    reader = answer_file.below(_read_paper, key)
    return docx.read(content, reader) if kind == "docx" else reader(files.text(content))


def _read_text_file(content: bytes, mapping: Mapping | None) -> Reading:
    text = files.text(content)
    form = _form(text)
    if form and not mapping:
        return form.read(text)
    if mapping or _is_table(content):
        return sheet.read(files.tables(content), mapping)
    if text.lstrip().startswith("<?xml") or markup.root_name(text).lower() == "html":
        raise BadFile(_PAGE)
    return _read_paper(text)


def _is_table(content: bytes) -> bool:
    """Whether a text is a CSV or TSV of questions: one of its first rows names the columns."""
    try:
        return any(columns.is_header(row) for table in files.tables(content) for row in table.rows[:20])
    except BadFile:
        return False


def read_text(text: str) -> Reading:
    """Read pasted or decoded text: a form that says what it is, one question per line, or any layout of papers."""
    form = _form(text)
    return form.read(text) if form else _read_paper(text)


def _read_paper(text: str) -> Reading:
    if len(text) > _LONGEST and max(map(len, text.splitlines())) > _LONGEST:
        raise BadFile(_LONG.format(_LONGEST // 10_000))
    return one_line.read(text) if one_line.fits(text) else plain_text.read(text)


def _form(text: str):
    """The module that reads a text's form, None for a paper."""
    return next((form for form in _FORMS if form.fits(text)), None)


#: readers of containers that are neither table nor text
_READERS = {
    "docx": lambda content: docx.read(content, read_text),
    "zip": qti.read_package,
}
