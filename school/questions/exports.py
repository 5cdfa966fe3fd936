"""The files a bank can be taken away as: one table of names, endings and writers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from school.questions import bank_text, gift, json_form, moodle_xml, printed, template
from school.questions.draft import Draft, Remark


@dataclass(frozen=True)
class Export:
    """One kind of file. write: drafts and a title to bytes and to remarks on what the file cannot carry.

    most: so many questions go into one; more take longer than somebody waits for a page.
    """

    name: str
    use: str
    ending: str
    mimetype: str
    write: Callable[[Sequence[Draft], str], tuple[bytes, Sequence[Remark]]]
    most: int = 10_000


def _text(drafts: Sequence[Draft], title: str) -> tuple[bytes, Sequence[Remark]]:
    return bank_text.write(list(drafts)).encode(), ()


def _excel(drafts: Sequence[Draft], title: str) -> tuple[bytes, Sequence[Remark]]:
    return template.write(drafts), ()


def _word(with_key: bool):
    return lambda drafts, title: (printed.paper(drafts, title, with_key=with_key), ())


def _interchange(write):
    def written(drafts: Sequence[Draft], title: str) -> tuple[bytes, Sequence[Remark]]:
        content, remarks = write(drafts)
        return content.encode(), remarks

    return written


_OFFICE = "application/vnd.openxmlformats-officedocument."
EXPORTS = {
    "excel": Export(
        "Excel 表格", "改好可以原样传回来；图片不在表里，传回来时照旧", "xlsx", f"{_OFFICE}spreadsheetml.sheet", _excel
    ),
    "word": Export("Word 试题", "没有答案，可以打印", "docx", f"{_OFFICE}wordprocessingml.document", _word(False)),
    "word-key": Export(
        "Word 试题和答案", "带答案、解析和依据", "docx", f"{_OFFICE}wordprocessingml.document", _word(True)
    ),
    "text": Export(
        "文本", "一题一段，用记事本就能改，可以原样传回来；图片照旧", "txt", "text/plain; charset=utf-8", _text
    ),
    "gift": Export("GIFT", "给 Moodle 等系统用", "gift.txt", "text/plain; charset=utf-8", _interchange(gift.write)),
    "moodle": Export("Moodle XML", "给 Moodle 用", "xml", "application/xml", _interchange(moodle_xml.write)),
    "json": Export("JSON", "给程序用，可以原样传回来", "json", "application/json", _interchange(json_form.write)),
}
#: kinds of file that cannot carry everything a question has
POORER = ("gift", "moodle")
