"""What a file is, and what is refused: with a sentence that says what to do, before it costs memory."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school import files
from school.errors import BadFile
from tests import workbooks

XLSX = workbooks.xlsx({"甲": [["工号", "姓名"], ["0012", "王䶮"]]})
XLS = workbooks.xls({"甲": [["工号", "姓名"], ["0012", "王䶮"]] * 20})
ODS = workbooks.ods({"甲": [["工号", "姓名"], ["0012", "王䶮"]]})
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def with_every_part_locked(content: bytes) -> bytes:
    """Set the password flag in both headers of every part."""
    content = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def with_far_cell(reference: str) -> bytes:
    cell = f'<c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return workbooks.with_part(
        XLSX,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", f'<row r="{row}">'.encode() + cell),
    )


LOCKED_ODS = workbooks.with_part(
    ODS,
    "META-INF/manifest.xml",
    lambda xml: xml.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"),
)
LOCKED_XLS = XLS.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1)
DOCX = workbooks.zipped({"word/document.xml": b"<w/>"})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (XLSX, "xlsx"),
        (XLS, "xls"),
        (ODS, "ods"),
        (DOCX, "docx"),
        (workbooks.zipped({"a.txt": b"a"}), "zip"),
        (XLSX[:-100], "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (workbooks.with_stream_renamed(XLS, "WordDocument"), "doc"),
        (b"{\\rtf1 a}", "doc"),
        (workbooks.with_stream_renamed(XLS, "EncryptedPackage"), "encrypted"),
        (with_every_part_locked(XLSX), "encrypted"),
        (LOCKED_ODS, "encrypted"),
        (LOCKED_XLS, "encrypted"),
        (XLS[:600], "unknown"),
        (PNG, "unknown"),
        (random.Random(7).randbytes(5000), "unknown"),
        ("工号,姓名\n".encode(), "text"),
        ("工号,姓名\n".encode("gb18030"), "text"),
        ("工号,姓名\n".encode("utf-16"), "text"),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert files.kind(content) == kind


def bomb(size: int) -> bytes:
    """An .xlsx with one part of so many zeros."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(size >> 20):
                part.write(bytes(1 << 20))
    return file.getvalue()


def lying(content: bytes) -> bytes:
    """A zip that states one byte for each of its parts."""
    content = bytearray(content)
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", content, at + 24, 1)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def xls_with(change) -> bytes:
    """An .xls with its bytes changed in place."""
    content = bytearray(XLS)
    change(content)
    return bytes(content)


def believed_count(content: bytearray) -> None:
    """State two thousand million shared strings."""
    at = content.index(struct.pack("<H", 0x00FC), 512)
    struct.pack_into("<II", content, at + 4, 2**31 - 1, 2**31 - 1)


REPEATED = workbooks.with_part(
    ODS,
    "content.xml",
    lambda xml: xml.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000">'),
)
REFUSED = {
    "nothing": (b"", "文件是空的"),
    "fifty megabytes": (bytes(50 << 20), "超过 20 MB"),
    "a zip bomb that says so": (bomb(210 << 20), "解压后过大"),
    "a zip bomb by ratio": (bomb(40 << 20), "解压后过大"),
    "a zip bomb that lies": (lying(bomb(40 << 20)), "不完整或已损坏"),
    "a directory of many entries": (workbooks.zipped({f"{n}": b"" for n in range(6000)}), "解压后过大"),
    "a cell in the far corner": (with_far_cell("XFD1048576"), "表格太大"),
    "a far row": (with_far_cell("A1048576"), "表格太大"),
    "a row repeated a million times": (REPEATED, "表格太大"),
    "many short lines": (b"a\n" * 300_000, "表格太大"),
    "a locked xlsx": (workbooks.with_stream_renamed(XLS, "EncryptedPackage"), "设有打开密码"),
    "a locked zip": (with_every_part_locked(XLSX), "设有打开密码"),
    "a locked xls": (LOCKED_XLS, "设有打开密码"),
    "a truncated xlsx": (XLSX[: len(XLSX) // 2], "不完整或已损坏"),
    "a truncated xls": (XLS[: len(XLS) // 2], "认不出"),
    "an xlsx without its sheet": (workbooks.zipped({"xl/workbook.xml": b"<workbook/>"}), "不完整或已损坏"),
    "old Word": (workbooks.with_stream_renamed(XLS, "WordDocument"), "Word 文档"),
    "Word": (DOCX, "Word 文档"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "a picture": (PNG, "图片"),
    "random bytes": (random.Random(7).randbytes(100_000), "认不出"),
    "an archive": (workbooks.zipped({"a.txt": b"a"}), "压缩包"),
    "a binary workbook": (workbooks.zipped({"xl/workbook.bin": b"a"}), "xlsb"),
    "a web page named xls": (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    "an endless quotation": (b'a,"' + b"b" * 200_000, "引号不成对"),
    "broken UTF-8": ("工号,姓名\n0012,张三\n".encode()[:-3] + b",\n", "第 2 行有无法识别的文字"),
    "a document type": (
        workbooks.with_part(XLSX, "xl/workbook.xml", lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml.partition(b"?>")[2].strip()),
        "已拒绝读取",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_or_broken_file_is_refused_with_a_remedy(content, sentence):
    with pytest.raises(BadFile, match=sentence) as refusal:
        files.tables(content)

    assert refusal.value.message.endswith("。")
    assert "请" in refusal.value.message


READ_ALL = """
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (150 << 20, 150 << 20))
from school import errors, files
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        files.tables(path.read_bytes())
    except errors.BadFile:
        print("refused")
"""


def test_refusing_takes_less_than_150_megabytes(tmp_path):
    """Python itself included: the whole process may not have more."""
    pytest.importorskip("resource", reason="Windows cannot limit the memory of a process")
    for number, (content, _) in enumerate(REFUSED.values()):
        (tmp_path / str(number)).write_bytes(content)

    child = subprocess.run(
        [sys.executable, "-c", READ_ALL, tmp_path], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )

    assert (child.stderr, child.stdout.count("refused")) == ("", len(REFUSED))


def test_an_xls_file_that_states_a_wrong_number_of_strings_is_read_by_what_it_holds():
    """calamine 0.9.1 allocates what such a file states and ends the process."""
    assert files.tables(xls_with(believed_count)) == files.tables(XLS)


def test_the_macros_of_a_workbook_are_left_aside():
    content = workbooks.zipped(
        {**{name: zipfile.ZipFile(io.BytesIO(XLSX)).read(name) for name in zipfile.ZipFile(io.BytesIO(XLSX)).namelist()},
         "xl/vbaProject.bin": b"macros"}
    )  # fmt: skip

    assert files.tables(content) == files.tables(XLSX)


def tables_or_refusal(content: bytes) -> list[files.Table] | str:
    """The tables, or the sentence of the refusal; anything else that is raised fails the test."""
    try:
        return files.tables(content)
    except BadFile as refusal:
        return refusal.message


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000))
def test_arbitrary_bytes_raise_nothing_but_bad_file(content):
    outcome = tables_or_refusal(content)

    assert outcome.endswith("。") if isinstance(outcome, str) else files.kind(content) == "text"


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([XLSX, XLS, ODS]),
    st.lists(st.tuples(st.integers(0, 30_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
    st.integers(0, 30_000),
)
def test_a_damaged_workbook_raises_nothing_but_bad_file(content, changes, cut):
    damaged = bytearray(content)
    for at, given_bytes in changes:
        at %= len(damaged)
        damaged[at : at + len(given_bytes)] = given_bytes
    damaged = bytes(damaged[: max(cut % (len(damaged) * 2), 1)])

    outcome = tables_or_refusal(damaged)

    assert outcome.endswith("。") if isinstance(outcome, str) else outcome


PARTS = [
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([*((XLSX, part) for part in PARTS), (ODS, "content.xml")]),
    st.integers(0, 10_000),
    st.text("0123456789<>/=\"'abcrstv:;& -.ZX王", min_size=1, max_size=6),
)
def test_a_workbook_with_a_damaged_part_raises_nothing_but_bad_file(whole, at, text):
    content, part = whole

    def change(xml: bytes) -> bytes:
        place = at % len(xml)
        return xml[:place] + text.encode() + xml[place + len(text) :]

    outcome = tables_or_refusal(workbooks.with_part(content, part, change))

    assert outcome.endswith("。") if isinstance(outcome, str) else outcome
