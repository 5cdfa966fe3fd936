"""Word documents: what a person sees in Word is what is read, and what cannot be read is asked about."""

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.errors import BadFile
from school.questions import docx, intake
from school.questions.docx_numbering import Numbering, written
from school.questions.draft import Place, check
from tests.questions.word_files import SPACES, packed, word


def paragraph(text, properties="", run=""):
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def read(*paragraphs):
    return intake.read(word("".join(paragraphs)), "题库.docx")


QUESTION = [paragraph(text) for text in ("1．承包期为（ ）年。", "A．十", "B．三十", "答案：B")]


def test_a_paper_in_word_is_read_as_the_same_paper_in_text():
    reading = read(*QUESTION)

    assert reading == intake.read_text("1．承包期为（ ）年。\nA．十\nB．三十\n答案：B")


def test_places_count_paragraphs_with_the_empty_ones():
    reading = read("<w:p/>", "<w:p/>", *QUESTION)

    assert reading.drafts[0].where == Place((3, 4, 5, 6))


@pytest.mark.parametrize(
    "run",
    [
        '<w:color w:val="FF0000"/>',
        '<w:color w:val="C00000"/>',
        "<w:b/>",
        '<w:u w:val="single"/>',
        '<w:highlight w:val="yellow"/>',
        '<w:shd w:fill="FFFF00"/>',
        '<w:em w:val="dot"/>',
        '<w:rStyle w:val="Right"/>',
        '<w:b/><w:color w:val="FF0000"/>',
    ],
)
def test_an_answer_shown_by_its_look_alone_is_read(run):
    (draft,) = read(QUESTION[0], QUESTION[1], paragraph("B．三十", run=run)).drafts

    assert draft.key == (1,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<w:b/>", "<w:b/>"),
        ("", '<w:color w:val="000000"/>'),
        ("", '<w:color w:val="595959"/>'),
        ("", '<w:b w:val="0"/>'),
        ("", '<w:u w:val="none"/>'),
        ("<w:b/>", '<w:color w:val="FF0000"/>'),
    ],
)
def test_a_look_that_singles_out_nothing_or_everything_is_no_answer(first, second):
    reading = read(QUESTION[0], paragraph("A．十", run=first), paragraph("B．三十", run=second))

    assert reading.drafts == ()
    assert "没有答案" in reading.review[0].reason


def test_looks_of_few_questions_are_no_answers_when_the_others_have_none():
    red = paragraph("B．三十", run='<w:color w:val="FF0000"/>')
    asked = [
        text
        for number in range(1, 4)
        for text in (
            paragraph(f"{number}．甲{number}（ ）。"),
            paragraph("A．十"),
            red if number == 1 else paragraph("B．二"),
        )
    ]

    assert read(*asked).drafts == ()


@pytest.mark.parametrize(
    ("number", "form", "drawn"),
    [
        (3, "decimal", "3"),
        (3, "upperLetter", "C"),
        (28, "upperLetter", "BB"),
        (2, "lowerLetter", "b"),
        (12, "chineseCounting", "十二"),
        (21, "japaneseCounting", "二十一"),
        (5, "decimalEnclosedCircle", "⑤"),
        (14, "upperRoman", "XIV"),
        (9, "lowerRoman", "ix"),
        (7, "decimalZero", "7"),
    ],
)
def test_numbers_are_drawn_as_word_draws_them(number, form, drawn):
    assert written(number, form) == drawn


def test_lists_restart_below_a_new_number_and_where_a_start_is_given():
    numbering = Numbering(
        f"""<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1.%2"/></w:lvl>
        </w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
        </w:numbering>""".encode()
    )

    drawn = [numbering.label(*told) for told in [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("2", 0), ("1", 0)]]

    assert drawn == ["1.", "1.A", "1.B", "2.", "2.A", "1.", "2."]


def test_a_question_table_with_a_picture_in_an_option_waits_for_review():
    cells = ["题目", "A", "B", "答案"], ["哪个是圆（ ）", "PICTURE", "方", "A"]
    rows = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in cells)
    picture = "</w:t><w:drawing><a:blip/></w:drawing><w:t>"

    reading = read(f"<w:tbl>{rows}</w:tbl>".replace("PICTURE", picture))

    assert reading.drafts == ()
    assert "图片" in reading.review[0].reason


@pytest.mark.parametrize("value", ["", "x", "-1", "99999999999", "12"])
def test_numbers_that_are_none_do_no_harm(value):
    numbered = f'<w:numPr><w:ilvl w:val="{value}"/><w:numId w:val="{value}"/></w:numPr>'

    assert len(read(paragraph("1．承包期为（ ）年。", numbered), *QUESTION[1:]).drafts) == 1


def test_a_deleted_row_and_a_deleted_paragraph_are_not_there():
    gone = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>旧题</w:delText></w:r></w:del></w:p>"

    assert read(gone, *QUESTION).drafts[0].stem == "承包期为（ ）年。"


def test_content_controls_and_links_are_looked_through():
    inside = f"<w:sdt><w:sdtContent>{''.join(QUESTION)}</w:sdtContent></w:sdt>"
    linked = QUESTION[3].replace("<w:r>", "<w:hyperlink><w:r>").replace("</w:r>", "</w:r></w:hyperlink>")

    assert len(read(inside).drafts) == 1
    assert read(*QUESTION[:3], linked).drafts[0].key == (1,)


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": "<w:document"},
        {"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a><b><c>&b;</c></b></a>"},
        {"word/document.xml": f"<w:document {SPACES}><w:body/></w:document>"},
        {"word/document.xml": word(""), "word/styles.xml": "kaputt"},
        {"word/document.xml": "<a><b>" + "<c>" * 500 + "</c>" * 500 + "</b></a>"},
        {"word/document.xml": f"<w:document {SPACES}><w:body><w:p><w:r><w:drawing/></w:r></w:p></w:body></w:document>"},
    ],
    ids=["cut off", "entities", "empty", "styles", "deep", "only a picture"],
)
def test_a_broken_or_empty_document_is_refused_with_a_sentence(parts):
    with pytest.raises(BadFile) as caught:
        intake.read(packed(parts), "题库.docx")

    assert caught.value.message.endswith("。")


PIECES = [
    *QUESTION, "<w:p/>", "<w:tbl/>", "<w:tbl><w:tr/></w:tbl>", "<w:p><w:r><w:t>A．</w:t><w:object/></w:r></w:p>",
    "<w:p><w:r><w:t>一、判断题</w:t></w:r></w:p>", "<w:p><w:r><w:t>2．工资按月支付。（√）</w:t></w:r></w:p>",
    paragraph("B．红", run='<w:color w:val="FF0000"/>'), paragraph("参考答案"), paragraph("1.B 2.C"),
    paragraph("承包", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'),
    paragraph("题", '<w:pStyle w:val="Question"/>'), paragraph("划", run="<w:strike/>"), paragraph("隐", run="<w:vanish/>"),
    "<w:tbl><w:tr><w:tc>" + QUESTION[0] + "</w:tc><w:tc>" + QUESTION[1] + QUESTION[2] + "</w:tc></w:tr></w:tbl>",
    "<w:p><w:r><w:drawing><w:txbxContent>" + QUESTION[3] + "</w:txbxContent></w:drawing></w:r></w:p>",
    "<w:p><w:r><w:t>甲\u2028乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_any_document_is_read_with_every_line_accounted_for_once_and_sound_questions(pieces):
    seen = []

    def spy(text):
        seen.append(text)
        return intake.read_text(text)

    try:
        reading = docx.read(word("".join(pieces)), spy)
    except BadFile:
        return  # nothing in it to read
    accounted = Counter(line for (sheet, line), _ in reading.accounted().items() if not sheet)
    read_lines = sum(bool(line.strip()) for line in seen[0].splitlines())
    put_in = read_lines - len(accounted)

    assert max(reading.accounted().values(), default=1) == 1
    assert 0 <= put_in <= seen[0].count("答案：")
    assert [complaint for draft in reading.drafts for complaint in check(draft)] == []


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 600), st.integers(0, 255))
def test_damaged_bytes_are_read_or_refused_and_never_crash(noise, at, value):
    content = bytearray(word("".join(QUESTION)))
    content[at % len(content)] = value
    for candidate in (bytes(content), bytes(content[: at % len(content)]), noise, b"PK\x03\x04" + noise):
        with suppress(BadFile):
            assert intake.read(candidate, "题库.docx").counts()["lines"] >= 0
