"""A file is told by its content, never by its name."""

from pathlib import Path

import pytest

from school.errors import BadFile
from school.questions import intake, template
from school.questions.draft import Draft

PAPER = "一、单选题\n1、承包期为（ ）年。\nA、十\nB、三十\n答案：B\n"
CSV = "题型,题干,选项A,选项B,答案\n单选,承包期为（ ）年。,十,三十,B\n"
BANK = "编号：A-1\n题型：单选\n题干：承包期为（ ）年。\nA. 十\nB. 三十\n答案：B\n"
LINE = "承包期为（ ）年。|十|三十=三十\n"
DRAFT = Draft("single", "承包期为（ ）年。", ("十", "三十"), (1,))


@pytest.mark.parametrize(
    "content",
    [
        PAPER.encode(),
        PAPER.encode("gb18030"),
        b"\xef\xbb\xbf" + PAPER.encode(),
        PAPER.encode("utf-16"),
        PAPER.replace("\n", "\r\n").encode("gb18030"),
        PAPER.replace("\n", "\r").encode(),
        CSV.encode(),
        CSV.encode("gb18030"),
        CSV.replace(",", "\t").encode(),
        LINE.encode(),
        template.write([DRAFT]),
    ],
    ids=["utf-8", "gb18030", "bom", "utf-16", "crlf", "cr", "csv", "gbk csv", "tsv", "one line", "xlsx"],
)
@pytest.mark.parametrize("file_name", ["题库.txt", "题库.xlsx", "题库"])
def test_the_same_question_comes_out_of_every_container(content, file_name):
    assert intake.read(content, file_name).drafts == (DRAFT,)


def test_our_own_form_is_read_as_such():
    (draft,) = intake.read(BANK.encode(), "题库.txt").drafts

    assert (draft.code, draft.key) == ("A-1", (1,))


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0" + bytes(600), b"%PDF-1.7\n"])
def test_what_is_no_question_file_is_refused_with_a_sentence(content):
    with pytest.raises(BadFile) as caught:
        intake.read(content, "题库.xlsx")

    assert caught.value.message.endswith("。")


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "question_banks").glob("*.txt")), ids=lambda p: p.stem
)
def test_the_banks_we_ship_come_in_whole(path):
    reading = intake.read(path.read_bytes(), path.name)

    assert reading.review == ()
    assert len(reading.drafts) == path.read_text(encoding="utf-8").count("\n题型：")


def test_a_line_that_no_paper_has_is_refused():
    with pytest.raises(BadFile, match="有一行超过 10 万字"):
        intake.read(("甲" * 100_001).encode(), "题.txt")
