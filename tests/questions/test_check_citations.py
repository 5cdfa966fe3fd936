"""Citations of whole files: the rule, and the three commands that look a bank over."""

import csv
from dataclasses import replace
from datetime import date

import click
import pytest
from click.testing import CliRunner

from school import bank_commands
from school.errors import BadFile
from school.questions import citation, law_texts, register, shipped
from school.questions.citation_check import check_citations
from school.questions.draft import Citation, Draft
from school.questions.lint import Finding
from school.questions.register import Entry, Register

ON = date(2026, 11, 20)
STUDY = Entry("中华人民共和国夜校法", "夜校法", date(2025, 6, 1), 2, (), date(2026, 1, 1))
REGISTER = Register((STUDY,))
LAW = "# 中华人民共和国夜校法\n# short: 夜校法\n# version: 2025-06-01\n第一条\t为了读书。¶也为了写字。\n第二条\t自来年起施行。\n"
ITEM = """编号：YX-{number}
题型：判断
对象：农民
题干：夜校第{number}晚不收学费。
答案：对
解析：不收。
依据：{cited}
专题：夜校
知识点：学费
难度：1
编写：编写员甲
复核：复核员乙

"""


def draft(code: str, cited: str) -> Draft:
    return Draft("judge", "夜校不收学费。", key=True, citation=citation.parse(cited), code=code)


GOOD, BEYOND, THIRD = (
    draft("A-1", "夜校法 第一条第二款 2025-06-01"),
    draft("A-2", "夜校法 第三条 2025-06-01"),
    draft("A-3", "夜校法 第一条第三款 2025-06-01"),
)


def test_without_texts_the_register_judges():
    assert check_citations([GOOD, BEYOND, THIRD], REGISTER, on=ON) == [
        Finding("citation", "“夜校法”只有 2 条，没有第三条，请核对条号。", ("A-2",))
    ]


def test_with_texts_paragraphs_are_counted_too():
    found = check_citations([GOOD, BEYOND, THIRD], REGISTER, {"夜校法": law_texts.read(LAW)}, on=ON)

    assert [finding.codes for finding in found] == [("A-2",), ("A-3",)]
    assert found[1].message == "“夜校法”第一条只有 2 款，没有第三款，请核对。"


def test_a_text_that_is_not_at_hand_is_said():
    assert check_citations([GOOD], REGISTER, {}, on=ON) == [
        Finding("citation", "手边没有“夜校法”的文本，没法核对款和项。", ("A-1",))
    ]


def test_another_basis_than_a_law_is_not_judged():
    assert check_citations([replace(GOOD, citation=Citation(basis="云岭县农发〔2025〕3号"))], REGISTER, {}, on=ON) == []


@pytest.fixture
def laws(tmp_path):
    """A folder of one official text with its index."""
    folder = tmp_path / "laws"
    folder.mkdir()
    (folder / "夜校法.txt").write_text(LAW, encoding="utf-8")
    row = {
        "title": STUDY.title, "short_name": "夜校法", "version_date": "2025-06-01", "effective_date": "2026-01-01",
        "effective_basis": "text", "status_2026": "in force", "watch": "", "last_article": "2", "file": "夜校法.txt",
    }  # fmt: skip
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, row)
        table.writeheader()
        table.writerow(row)
    return folder


@pytest.fixture
def bank(tmp_path):
    """Writes a bank file whose items cite what is given."""

    def write(*cited: str):
        path = tmp_path / "夜校.txt"
        items = [ITEM.format(number=number, cited=text) for number, text in enumerate(cited, 1)]
        path.write_text("".join(items), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def run(now, tmp_path, monkeypatch):
    """Runs a command in a folder of its own, its register the one of this file."""
    (tmp_path / "register.csv").write_text(register.write(REGISTER), encoding="utf-8")
    monkeypatch.setattr(bank_commands, "folder", lambda name: tmp_path)
    monkeypatch.setattr(shipped, "PATH", tmp_path / "register.csv")
    monkeypatch.chdir(tmp_path)
    group = click.Group()
    bank_commands.add_to(group)

    def ask(*arguments, code=0):
        answer = CliRunner().invoke(group, [str(argument) for argument in arguments], catch_exceptions=False)
        assert answer.exit_code == code, answer.output
        return answer.output.splitlines()

    return ask


def test_a_bank_whose_citations_hold_passes(run, bank):
    assert run("check-citations", bank("夜校法 第一条 2025-06-01")) == ["1 个文件、1 道题：没有发现问题。"]


def test_a_fault_is_named_with_file_and_item_and_exit_code_6(run, bank):
    assert run("check-citations", bank("夜校法 第一条 2025-06-01", "夜校法 第九条 2025-06-01"), code=6) == [
        "夜校.txt YX-2：“夜校法”只有 2 条，没有第九条，请核对条号。",
        "1 个文件、2 道题：发现 1 处问题。",
    ]


def test_the_day_may_be_another_than_today(run, bank):
    lines = run("check-citations", bank("夜校法 第一条 2025-06-01"), "--on", "2025-12-31", code=6)

    assert lines[0] == "夜校.txt YX-1：“夜校法”自 2026-01-01 起施行，2025-12-31 还不能引用。"


def test_with_a_folder_of_texts_the_texts_judge(run, bank, laws):
    lines = run("check-citations", "--laws", laws, bank("夜校法 第一条第三款 2025-06-01"), code=6)

    assert lines[0] == "夜校.txt YX-1：“夜校法”第一条只有 2 款，没有第三款，请核对。"


def test_a_register_that_lags_behind_the_texts_is_said_until_it_is_written_anew(run, bank, laws, tmp_path):
    (tmp_path / "register.csv").write_text(register.write(Register(())), encoding="utf-8")
    path = bank("夜校法 第一条 2025-06-01")

    assert run("check-citations", "--laws", laws, path, code=6)[0] == (
        "全部题目：自带登记册与这个文件夹不同：夜校法。请用 school write-register 重做登记册。"
    )
    assert run("write-register", laws)[-1].endswith("共 1 部。")
    assert run("check-citations", "--laws", laws, path) == ["1 个文件、1 道题：没有发现问题。"]


def test_lint_tells_shares_of_the_bank_and_faults_of_its_citations(run, bank):
    lines = run("lint-bank", bank("夜校法 第九条 2025-06-01"), code=6)

    assert "全部题目：判断题占 100.0%（1/1），应为 25% 上下 5 个百分点。" in lines
    assert "夜校.txt YX-1：“夜校法”只有 2 条，没有第九条，请核对条号。" in lines


def test_what_cannot_be_understood_is_a_fault_with_its_line(run, tmp_path):
    path = tmp_path / "坏.txt"
    path.write_text(
        ITEM.format(number=1, cited="夜校法 第一条 2025-06-01").replace("答案：对", "答案：也许"), encoding="utf-8"
    )

    lines = run("check-citations", path, code=6)

    assert lines[0].startswith("坏.txt 第 1 行：判断题的答案应写“对”或“错”")


def test_a_file_that_is_no_bank_is_a_fault_as_well(run, tmp_path):
    path = tmp_path / "空.txt"
    path.write_bytes(b"\x00\x01\x02")

    assert run("check-citations", path, code=6)[-1] == "1 个文件、0 道题：发现 1 处问题。"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "index.csv").unlink(), "没有 index.csv"),
        (lambda folder: (folder / "夜校法.txt").unlink(), "文件夹里却没有"),
        (lambda folder: (folder / "夜校法.txt").write_text("乱", encoding="utf-8"), "夜校法.txt：第 1 行"),
        (lambda folder: (folder / "index.csv").write_text("title\n夜校法\n", encoding="utf-8"), "index.csv 缺一列"),
    ],
    ids=["no index", "no text", "broken text", "broken index"],
)
def test_a_folder_that_is_not_whole_is_refused(laws, spoil, message):
    spoil(laws)

    with pytest.raises(BadFile) as refused:
        bank_commands.read_laws(laws)

    assert message in refused.value.message
