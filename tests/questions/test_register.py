"""The register of texts: what it holds against a citation, and which questions a changed law hits."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.errors import BadFile
from school.questions import citation, register
from school.questions.draft import Citation
from school.questions.register import Entry, Register

ON = date(2026, 11, 20)
STUDY = Entry("中华人民共和国夜校法", "夜校法", date(2025, 6, 1), 40, ("第十七条之一", "总纲"), date(2026, 1, 1))
OLD = Entry(
    "识字条例", "识字条例", date(2001, 1, 1), 12, (), date(2001, 3, 1), date(2026, 8, 15), "由夜校法第四十条废止"
)
LOCAL = Entry(
    "四川省《中华人民共和国夜校法》实施办法", "四川省《夜校法》实施办法", date(2026, 11, 1), 9, (), date(2026, 12, 1)
)
REGISTER = Register((STUDY, OLD, LOCAL))


@pytest.mark.parametrize("law", ["夜校法", "中华人民共和国夜校法", "《中华人民共和国夜校法》"])
def test_a_text_is_found_by_short_name_and_title(law):
    assert REGISTER.find(law) is STUDY


def test_a_local_measure_is_not_the_law_it_carries_out():
    assert REGISTER.find("四川省《夜校法》实施办法") is LOCAL
    assert REGISTER.find("《四川省〈中华人民共和国夜校法〉实施办法》") is LOCAL


@pytest.mark.parametrize(
    "text",
    [
        "夜校法 第四十条 2025-06-01",
        "夜校法 第一条第九款第九项 2025-06-01",
        "夜校法 第十七条之一第二款 2025-06-01",
        "夜校法 总纲 2025-06-01",
        "云岭县农发〔2025〕3号",
        "",
    ],
)
def test_a_citation_that_holds_has_no_complaints(text):
    assert REGISTER.check(citation.parse(text), ON) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("夜较法 第一条 2025-06-01", "登记册里没有“夜较法”，请核对法名，是不是“夜校法”？"),
        ("海商法 第一条 2025-06-01", "登记册里没有“海商法”，请核对法名。"),
        ("识字条例 第三条 2001-01-01", "“识字条例”自 2026-08-15 起失效（由夜校法第四十条废止），请换成现行的依据。"),
        (
            "四川省《夜校法》实施办法 第三条 2026-11-01",
            "“四川省《夜校法》实施办法”自 2026-12-01 起施行，2026-11-20 还不能引用。",
        ),
        ("夜校法 第三条", "没有写“夜校法”的文本日期，现行文本是 2025-06-01，请对照后补上。"),
        ("夜校法 第三条 2018-06-01", "“夜校法”的现行文本是 2025-06-01，这里写的是 2018-06-01，请对照新文本再看一遍。"),
        ("夜校法 第四十一条第一款 2025-06-01", "“夜校法”只有 40 条，没有第四十一条，请核对条号。"),
        ("夜校法 第十七条之二第一款 2025-06-01", "“夜校法”没有第十七条之二，请核对条号。"),
        ("夜校法 序言 2025-06-01", "登记册里“夜校法”没有“序言”，请写条号。"),
    ],
)
def test_one_that_does_not_is_told_what_to_mend(text, complaint):
    assert REGISTER.check(citation.parse(text), ON) == [complaint]


@pytest.mark.parametrize(
    ("entry", "on", "holds"),
    [
        (OLD, date(2001, 2, 28), False),
        (OLD, date(2001, 3, 1), True),
        (OLD, date(2026, 8, 14), True),
        (OLD, date(2026, 8, 15), False),
        (STUDY, date(2025, 12, 31), False),
        (STUDY, date(2099, 1, 1), True),
    ],
)
def test_a_text_holds_from_its_first_day_to_the_one_before_its_end(entry, on, holds):
    cited = Citation(entry.short_name, "第一条", entry.version_on)

    assert (REGISTER.check(cited, on) == []) is holds


def test_several_faults_are_all_told():
    assert len(REGISTER.check(citation.parse("识字条例 第十三条 2000-01-01"), ON)) == 3


words = st.text(st.characters(exclude_categories=("C",)), max_size=20)
entries = st.builds(
    Entry, words, words, st.dates(), st.integers(0, 2000),
    st.lists(st.sampled_from(["总纲", "第十七条之一"]), max_size=2).map(tuple), st.dates(), st.none() | st.dates(), words,
)  # fmt: skip


@given(st.lists(entries, max_size=5).map(tuple).map(Register))
def test_a_register_written_is_read_back(book):
    assert register.read(register.write(book)) == book


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "第一行应是"),
        ("简称,名称\n", "第一行应是"),
        (register.write(REGISTER).replace("2025-06-01", "2025年"), "第 2 行"),
        (register.write(REGISTER).replace(",12,", ",十二,"), "第 3 行"),
        (register.write(REGISTER) + "夜校法\n", "第 5 行"),
        (register.write(REGISTER).replace("废止", "废止,多"), "第 3 行"),
    ],
)
def test_a_damaged_register_is_refused_with_its_line(text, message):
    with pytest.raises(BadFile) as refused:
        register.read(text)

    assert message in refused.value.message


ROW = {
    "title": "中华人民共和国夜校法", "short_name": "夜校法", "version_date": "2025-06-01", "effective_date": "2026-01-01",
    "effective_basis": "text, last article", "status_2026": "in force", "watch": "", "last_article": "40",
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "entry"),
    [
        ({}, STUDY),
        ({"watch": "将要修改"}, replace(STUDY, note="将要修改")),
        ({"effective_basis": "general knowledge: confirm"}, replace(STUDY, note="施行日期待核实")),
        (
            {"status_2026": "REPEALED 2026-08-15 by 识字法第9条"},
            replace(STUDY, ended_on=date(2026, 8, 15), note="由识字法第9条废止"),
        ),
    ],
)
def test_a_register_is_made_from_an_index(row, entry):
    labels = {"夜校法": ("总纲", "第一条", "第十七条之一", "第四十条")}
    expected = replace(entry, others=("总纲", "第十七条之一"))

    assert register.from_index([ROW | row], labels) == Register((expected,))
