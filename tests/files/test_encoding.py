from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school import files
from school.errors import BadFile

NAMES = "王䶮,买买提·艾力,𠮷,㛃,𬭊,𠅤\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_no_character_is_lost(encoding):
    assert files.text(NAMES.encode(encoding)) == NAMES


@given(st.text("王䶮买提·艾力𠮷ab1,\n", min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_text_comes_back_as_it_was_written(text, encoding):
    # A GB18030 file of a few characters can be UTF-8 too; three lines of ordinary words cannot.
    text = "工号,姓名,工作单位\n" * 3 + text

    assert files.text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("工号,姓名\n1,张三\n2,李四".encode()[:-1], 3),
        ("工号,姓名\n1,张三\n2,李四\n".encode().replace("张".encode(), b"\xe5\x41\xa0"), 2),
        ("\ufeff工号\n".encode() + b"\xff\n", 2),
        (b"\xff\xfe" + "工号".encode("utf-16-le") + b"\x00", 1),
        ("工号,姓名\n1,张三\n".encode("gb18030") + b"\xff\xff\n", 3),
    ],
    ids=[
        "UTF-8 cut in a character",
        "UTF-8 with a wrong byte, which GB18030 could read as other names",
        "BOM, then no UTF-8",
        "UTF-16 cut in a character",
        "GB18030 and something else",
    ],
)
def test_a_damaged_encoding_names_its_line_and_the_way_out(content, line):
    with pytest.raises(BadFile, match=f"第 {line} 行有无法识别的文字.*另存为"):
        files.text(content)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", bytes(21 << 20)])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(BadFile):
        files.text(content)


@given(st.binary(max_size=400))
def test_arbitrary_bytes_give_text_or_bad_file(content):
    try:
        text = files.text(content)
    except BadFile as refusal:
        text = refusal.message

    assert isinstance(text, str)
