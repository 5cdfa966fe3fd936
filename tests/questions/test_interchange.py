"""GIFT, Moodle XML, JSON and Aiken: out and in again is the same, and what is not the same has been said."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.errors import BadFile
from school.questions import aiken, gift, intake, json_form, moodle_xml, plain_text, qti
from school.questions.draft import Draft, check
from tests.questions.strategies import PLAIN, SIGNS, drafts

CORPUS = Path(__file__).parent / "corpus"
FORMATS = [gift, moodle_xml, json_form, aiken]
NAMES = ["gift", "moodle", "json", "aiken"]
PAPERS = sorted(CORPUS.glob("*.txt")) + sorted((Path(__file__).parents[2] / "question_banks").glob("*.txt"))
SAMPLES = [
    path for name in (*NAMES, "qti") for path in sorted((CORPUS / name).glob("*.*")) if ".expected" not in path.name
]
LINES = sorted({line for path in SAMPLES for line in path.read_text(encoding="utf-8").splitlines()})
MARKS = "{}[]<>/=~#%\"':,ABCT1\\ \n\t答案天（）$question"


def lines_of(text):
    return Counter(("", number) for number, line in enumerate(text.splitlines(), 1) if line.strip())


@pytest.mark.parametrize("form", [gift, moodle_xml, json_form], ids=NAMES[:3])
@settings(max_examples=150, deadline=None)
@given(st.lists(drafts(PLAIN), max_size=5))
def test_questions_in_plain_words_come_back_whole_and_without_a_remark(form, asked):
    written = form.write(asked)

    assert written.remarks == ()
    assert form.read(written.content).drafts == tuple(asked)
    assert form.read(written.content).review == ()


@pytest.mark.parametrize("form", FORMATS, ids=NAMES)
@settings(max_examples=150, deadline=None)
@given(st.lists(drafts(), max_size=4))
def test_questions_in_any_words_come_back_whole_or_a_remark_says_what_does_not(form, asked):
    written = form.write(asked)
    remarked = {str(remark.where) for remark in written.remarks}
    whole = [draft for number, draft in enumerate(asked, 1) if f"第 {number} 题" not in remarked]

    back = form.read(written.content).drafts

    assert [draft for draft in whole if draft not in back] == []


@settings(deadline=None)
@given(st.lists(drafts(), max_size=4))
def test_our_json_carries_every_question_whole(asked):
    assert json_form.write(asked).remarks == ()
    assert json_form.read(json_form.write(asked).content).drafts == tuple(asked)


@pytest.mark.parametrize(
    ("form", "draft", "lost"),
    [
        (aiken, Draft("judge", "甲。", key=True), "写不下"),
        (aiken, Draft("single", "甲", ("一", "二"), (0,), explanation="因为", code="A-1"), "解析、编号"),
        (aiken, Draft("single", "甲\n乙", ("一", "二"), (0,)), "题干"),
        (gift, Draft("judge", "甲。", key=True, extras=(("难度", "5"),)), "难度、其他内容"),
        (gift, Draft("single", "甲", ("一", "二"), ()), "写不下"),
        (gift, Draft("fill", "____" * 1 + "和____", key=(tuple("一二三四五六七八"),) * 2), "写不下"),
        (moodle_xml, Draft("judge", "甲\x0b乙。", key=True), "题干"),
        (json_form, Draft("judge", "", key=True), "不能再原样读回"),
    ],
)
def test_what_a_format_cannot_carry_is_said(form, draft, lost):
    (remark,) = form.write([draft]).remarks

    assert lost in remark.message
    assert str(remark.where) == "第 1 题"


@pytest.mark.parametrize("form", FORMATS, ids=NAMES)
@given(st.text())
def test_any_text_is_read_and_every_line_accounted_for_once(form, text):
    assert form.read(text).accounted() == lines_of(text)


@pytest.mark.parametrize("form", [*FORMATS, qti], ids=[*NAMES, "qti"])
@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=MARKS, max_size=200), st.sampled_from(["", "<quiz><question>", '[{"question":"', "::t::a{", "A) "])
)
def test_any_text_of_meaningful_signs_is_accounted_for_once(form, text, begin):
    assert form.read(begin + text).accounted() == lines_of(begin + text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_any_shuffle_of_sample_lines_is_accounted_for_once_and_accepted_questions_are_sound(lines):
    text = "\n".join(lines)
    reading = intake.read_text(text)

    assert reading.accounted() == lines_of(text)
    assert [complaint for draft in reading.drafts for complaint in check(draft)] == []


@given(st.text(alphabet=SIGNS, max_size=300))
def test_no_text_at_all_makes_the_choice_of_a_reader_fail(text):
    assert intake.read_text(text).accounted() == lines_of(text)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_each_sample_goes_to_its_own_reader_alone(path):
    text = path.read_text(encoding="utf-8")
    forms = {"gift": gift, "moodle": moodle_xml, "json": json_form, "aiken": aiken, "qti": qti}

    assert [name for name, form in forms.items() if form.fits(text)] == [path.parent.name]
    assert intake.read_text(text) == forms[path.parent.name].read(text)


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_no_paper_is_taken_for_another_form(path):
    text = path.read_bytes().decode("utf-8", "replace")

    assert [form for form in (*FORMATS, qti) if form.fits(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "1.承包期为{ }年。\n答案：三十\n",
        "1.承包期为{}年。\nA.十\nB.三十\n答案：B\n",
        "1.集合{=1}有（ ）个数。\nA.一\nB.二\n答案：A\n",
        "[单选]1.承包期为（ ）年。\nA.十\nB.三十\n答案:B\n[单选]",
        "<解析>见法条</解析>",
        "1.下列标签 <quiz> 是（ ）。\nA.甲\nB.乙\n答案：A\n",
        "1.承包期为（ ）年。\nA) 十\nB) 三十\n答案：B\nANSWER: A\n",
    ],
)
def test_a_plain_paper_with_signs_of_other_forms_stays_a_paper(text):
    assert intake.read_text(text) == plain_text.read(text)


def test_a_thousand_questions_in_one_line_of_xml_are_all_there():
    one = moodle_xml.write([Draft("judge", "甲。", key=True)]).content
    item = one[one.index("<question") : one.index("</quiz>")].replace("\n", "")

    reading = moodle_xml.read(f"<quiz>{item * 1000}</quiz>")

    assert len(reading.drafts) == 1000
    assert str(reading.drafts[-1].where) == "第 1000 题"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "[{" * 5_000,
        '[{"question": ' + "9" * 5_000 + "}]",
        '[{"question": NaN}]',
        '{"question"',
    ],
)
def test_hostile_json_goes_to_review_whole(text):
    reading = json_form.read(text)

    assert reading.drafts == ()
    assert len(reading.review) == 1


def test_xml_a_thousand_deep_goes_to_review_whole():
    reading = moodle_xml.read("<quiz>" + "<a>" * 1000 + "</a>" * 1000 + "</quiz>")

    assert "一层套一层" in reading.review[0].reason


def test_the_published_schema_names_every_field_of_a_question():
    fields = json_form.SCHEMA["properties"]["questions"]["items"]["properties"]

    assert set(fields) == set(Draft.__dataclass_fields__) - {"where"}


@pytest.mark.parametrize(
    "text",
    ["<!DOCTYPE html><html><body>题</body></html>", "<html><p>题</p></html>", "<?xml version='1.0'?><workbook/>"],
)
def test_a_page_or_xml_of_another_kind_is_refused_with_a_way_out(text):
    with pytest.raises(BadFile) as caught:
        intake.read(text.encode(), "题库.txt")

    assert "粘贴" in caught.value.message


def test_old_word_files_are_told_how_to_be_saved():
    with pytest.raises(BadFile) as caught:
        intake.read(b"{\\rtf1 \\ansi}", "题库.doc")

    assert ".docx" in caught.value.message
