"""Pictures that come with a question: told by their content, kept in their place, and never guessed to be another's."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import replace

import pytest
from docx import Document

from school.questions import gift, intake, json_form, moodle_xml, pictures, printed
from school.questions.content import content
from school.questions.draft import Draft
from school.questions.pictures import Picture, Unfit, media_type
from tests.questions.picture_files import GIF, jpeg, jpeg_head, png, word
from tests.questions.word_files import packed

ONE, TWO, THREE, FOUR = (png(shade) for shade in (10, 20, 30, 40))


def read(*paragraphs):
    return intake.read(word(*paragraphs), "题.docx")


def told(draft):
    return draft.stem, draft.options, [(picture.number, picture.content) for picture in draft.pictures]


@pytest.mark.parametrize(
    ("file", "kind"), [(png(), "image/png"), (GIF, "image/gif"), (jpeg(), "image/jpeg")], ids=["png", "gif", "jpeg"]
)
def test_a_picture_is_what_its_content_says(file, kind):
    assert media_type(file) == kind


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "不是 PNG"),
        (b"", "不是 PNG"),
        (png()[:20], "不是 PNG"),
        (b"\xff\xd8\xff\xe0\x00\x04", "不是 PNG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "不是 PNG"),
        (jpeg_head(9000, 2), "太大"),
        (jpeg_head(0, 2), "太大"),
        (jpeg_head(5000, 4000), "太大"),
        (GIF[:6] + b"\x01\x00\x01\x00" + GIF[10:24] + b"\xff\xff\xff\xff" + GIF[28:], "损坏|太大"),
        (png() + bytes(pictures.LIMIT_BYTES), "太大"),
        (png(side=300)[:-30], "损坏"),
        (jpeg_head(3, 2), "损坏"),
    ],
    ids=[
        "svg",
        "nothing",
        "no png",
        "no jpeg",
        "webp",
        "too wide",
        "no width",
        "too many pixels",
        "a larger gif inside",
        "too many bytes",
        "a torn png",
        "a torn jpeg",
    ],
)
def test_anything_else_is_refused(file, complaint):
    """What cannot be drawn, or only with a gigabyte of memory, would stop the printing of a whole county's papers."""
    with pytest.raises(Unfit, match=complaint):
        media_type(file)


def test_a_picture_below_the_stem_belongs_to_the_question():
    reading = read(
        "一、单选题",
        "1. 这个标志表示（ ）。",
        ONE,
        "A. 禁止",
        "B. 允许",
        "答案：A",
        "2. 这是（ ）。",
        "A. 火",
        "B. 水",
        "答案：B",
    )

    assert [told(draft) for draft in reading.drafts] == [
        ("这个标志表示（ ）。\n【图1】", ("禁止", "允许"), [(1, ONE)]),
        ("这是（ ）。", ("火", "水"), []),
    ]
    assert not reading.review


def test_pictures_in_the_middle_of_a_line_and_the_same_one_twice():
    reading = read(["1. 比较", ONE, "和", TWO, "，再看", ONE, "，哪个对（ ）？"], "A. 前", "B. 后", "答案：A")

    assert told(reading.drafts[0]) == (
        "比较【图1】和【图2】，再看【图1】，哪个对（ ）？",
        ("前", "后"),
        [(1, ONE), (2, TWO)],
    )


def test_options_that_are_pictures():
    reading = read("1. 哪个是灭火器标志（ ）。", ["A. ", ONE], ["B. ", TWO], ["C. ", THREE], ["D. ", FOUR], "答案：C")

    (draft,) = reading.drafts
    assert told(draft) == (
        "哪个是灭火器标志（ ）。", ("【图1】", "【图2】", "【图3】", "【图4】"),
        [(1, ONE), (2, TWO), (3, THREE), (4, FOUR)],
    )  # fmt: skip
    assert draft.key == (2,)


def test_a_number_the_words_have_already_is_not_given_again():
    reading = read(["1. 如【图1】所示", ONE, "，对。"], "答案：对")

    assert told(reading.drafts[0]) == ("如【图1】所示【图2】，对。", (), [(2, ONE)])


@pytest.mark.parametrize(
    ("paragraphs", "reason"),
    [
        (["1. 甲（ ）。", "A. 一", "B. 二", "答案：A", ONE, "2. 乙（ ）。", "A. 三", "B. 四", "答案：B"], "两道题之间"),
        (["1. 甲（A）。", "A. 一", "B. 二", ONE, "2. 乙（B）。", "A. 三", "B. 四"], "看不懂（第 4 行）"),
        (["1. 甲（A）。", "A. 一", ["B. 二", ONE], "2. 乙（B）。", "A. 三", "B. 四"], "一部分选项"),
        (["1. 甲（ ）。", "A. 一", "B. 二", "答案：A", ["解析：见", ONE]], "解析"),
    ],
    ids=["behind the answer", "behind the last option", "in the last option", "in the explanation"],
)
def test_a_picture_that_may_be_anothers_is_left_to_a_person(paragraphs, reason):
    reading = read(*paragraphs)

    assert [reason in item.reason for item in reading.review] == [True]
    assert "【图】" in reading.review[0].original
    assert all(not draft.pictures for draft in reading.drafts)


def test_a_picture_of_no_question_is_told():
    reading = read([ONE, "县题库"], "一、判断题", "1. 对。", "答案：对")

    assert "不属于哪一道题" in " ".join(remark.message for remark in reading.remarks)
    assert len(reading.drafts) == 1


def repacked(content: bytes, name: str, change) -> bytes:
    """A zip with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("word/document.xml", lambda xml: xml.replace(b"<a:stretch>", b'<a:srcRect b="40000"/><a:stretch>')),
        ("word/document.xml", lambda xml: xml.replace(b"<a:xfrm>", b'<a:xfrm rot="5400000">')),
        ("word/media/image1.png", lambda _: b"<svg/>"),
        ("word/_rels/document.xml.rels", lambda xml: xml.replace(b"media/image1.png", b"media/gone.png")),
    ],
    ids=["cropped", "turned", "no picture inside", "the file is gone"],
)
def test_a_picture_that_cannot_be_shown_as_it_was_waits_for_review(part, change):
    """Whole, a cropped picture might show the answer."""
    file = word(["1. 这个标志表示", ONE, "（ ）。"], "A. 禁止", "B. 允许", "答案：A")

    reading = intake.read(repacked(file, part, change), "题.docx")

    assert not reading.drafts
    assert "换一张图" in reading.review[0].reason


def test_a_document_of_scans_holds_no_text():
    with pytest.raises(Exception, match="扫描"):
        read(ONE, TWO)


def test_a_picture_in_a_question_table_belongs_to_its_row():
    document = Document()
    table = document.add_table(2, 5)
    for place, text in enumerate(["题干", "选项A", "选项B", "答案", "题型"]):
        table.cell(0, place).text = text
    for place, text in enumerate(["这个标志表示（ ）。", "禁止", "允许", "A", "单选"]):
        table.cell(1, place).text = text
    table.cell(1, 0).paragraphs[0].add_run().add_picture(io.BytesIO(ONE))
    out = io.BytesIO()
    document.save(out)

    (draft,) = intake.read(out.getvalue(), "题.docx").drafts

    assert told(draft) == ("这个标志表示（ ）。【图1】", ("禁止", "允许"), [(1, ONE)])


def test_the_same_words_with_another_picture_are_another_question():
    one, other = (read(["1. 看图", file, "，对。"], "答案：对").drafts[0] for file in (ONE, TWO))

    assert content(one)["digest"] != content(other)["digest"]


def test_private_characters_of_a_text_are_no_pictures():
    reading = read(["1. 看\U000f0000图", ONE, "，对。"], "答案：对")

    assert told(reading.drafts[0]) == ("看图【图1】，对。", (), [(1, ONE)])


@pytest.mark.parametrize("said", ["https://example.org/a.png", "data:image/png,abc", "data:image/png;base64,@@"])
def test_only_whole_pictures_come_in(said):
    with pytest.raises(Unfit):
        pictures.from_data_uri(said)


def test_a_data_uri_gives_its_picture_back():
    picture = pictures.Picture(1, "image/png", ONE)

    assert pictures.data_uri(picture) == "data:image/png;base64," + base64.b64encode(ONE).decode()
    assert pictures.from_data_uri(pictures.data_uri(picture)) == ONE


def drafts_with_pictures():
    return (
        Draft("single", "看图【图1】\n选（ ）。", ("甲【图2】", "乙【图3】"), (1,), code="TP-1", pictures=numbered(ONE, TWO, THREE)),
        Draft("judge", "A < B & 【图2】", key=True, material="材料【图1】", code="TP-2", pictures=numbered(GIF, jpeg())),
        Draft("fill", "图中是____【图1】。", key=(("火",),), code="TP-3", pictures=numbered(ONE)),
        Draft("judge", "没有图片，只有【图1】这几个字。", key=False, code="TP-4"),
    )  # fmt: skip


def numbered(*files):
    return tuple(Picture(number, media_type(file), file) for number, file in enumerate(files, 1))


@pytest.mark.parametrize("form", [moodle_xml, json_form], ids=["moodle", "json"])
def test_pictures_go_out_and_come_in_again(form):
    written = form.write(drafts_with_pictures())

    assert intake.read(written.content.encode(), "题库").drafts == drafts_with_pictures()
    assert written.remarks == ()


def test_what_gift_cannot_carry_is_told():
    assert ["图片" in remark.message for remark in gift.write(drafts_with_pictures()).remarks] == [True, True, True]


ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="I1" title="" adaptive="false">
<responseDeclaration identifier="R" cardinality="single"><correctResponse><value>B</value></correctResponse></responseDeclaration>
<itemBody><p>看图<img src="../media/a%20b.png" alt="标志"/>：</p><choiceInteraction responseIdentifier="R" maxChoices="1">
<simpleChoice identifier="A"><object type="image/gif" data="../media/c.gif">火</object></simpleChoice>
<simpleChoice identifier="B"><img src="data:image/png;base64,DATA"/></simpleChoice></choiceInteraction></itemBody></assessmentItem>"""


def test_a_qti_package_brings_its_pictures():
    item = ITEM.replace("DATA", base64.b64encode(TWO).decode())
    package = packed({"imsmanifest.xml": "<manifest/>", "items/i1.xml": item, "media/a b.png": ONE, "media/c.gif": GIF})

    (draft,) = intake.read(package, "题.zip").drafts

    assert told(draft) == ("看图【图1】：", ("【图2】", "【图3】"), [(1, ONE), (2, GIF), (3, TWO)])


@pytest.mark.parametrize("gone", ["media/a b.png", "media/c.gif"])
def test_a_package_without_its_picture_waits_for_review(gone):
    item = ITEM.replace("DATA", base64.b64encode(TWO).decode())
    parts = {"imsmanifest.xml": "<manifest/>", "items/i1.xml": item, "media/a b.png": ONE, "media/c.gif": GIF}
    reading = intake.read(packed({name: part for name, part in parts.items() if name != gone}), "题.zip")

    assert not reading.drafts
    assert "图片没有随文件一起来" in reading.review[0].reason


def test_a_web_page_of_json_brings_pictures_as_data():
    uri = pictures.data_uri(Picture(1, "image/png", ONE))
    text = json.dumps([{"question": f"看图<img src='{uri}'>，对吗（ ）", "options": ["对对", "错错"], "answer": "A"}])

    assert told(intake.read_text(text).drafts[0]) == ("看图【图1】，对吗（ ）", ("对对", "错错"), [(1, ONE)])


def test_an_address_instead_of_a_picture_waits_for_review():
    text = json.dumps(
        [{"question": "看图<img src='https://example.org/a.png'>（ ）", "options": ["甲", "乙"], "answer": "A"}]
    )

    reading = intake.read_text(text)

    assert (reading.drafts, "只写了网址" in reading.review[0].reason) == ((), True)


@pytest.mark.parametrize(
    "pictures_said",
    [
        [{"number": 2, "data": "URI"}],
        [{"number": 1, "data": "URI"}, {"number": 1, "data": "URI"}],
        [{"number": 1, "data": "data:image/png;base64,PHN2Zy8+"}],
        [{"number": 1}],
        ["URI"],
    ],
    ids=["no sign", "twice", "an svg", "no data", "no object"],
)
def test_a_wrong_picture_in_our_json_waits_for_review(pictures_said):
    said = json.dumps(pictures_said).replace("URI", pictures.data_uri(Picture(1, "image/png", ONE)))
    question = f'{{"kind": "judge", "stem": "【图1】", "key": true, "pictures": {said}}}'
    text = f'{{"format": "school-questions", "version": 1, "questions": [{question}]}}'

    assert [len(intake.read_text(text).drafts), len(intake.read_text(text).review)] == [0, 1]


def test_pictures_are_printed_where_they_stand_and_read_back():
    single, _, fill, _ = drafts_with_pictures()
    asked = (replace(single, code="", stem="看图【图1】选（ ）。"), replace(fill, code=""))

    assert intake.read(printed.paper(asked, "测试", with_key=True), "试卷.docx").drafts == asked


def test_a_paper_holds_each_picture_once_and_shows_it_in_every_place():
    asked = [Draft("judge", f"第{place}幅【图1】，对。", key=True, pictures=numbered(ONE)) for place in range(3)]

    content = printed.paper(asked, "测试", with_key=False)

    with zipfile.ZipFile(io.BytesIO(content)) as paper:
        assert [paper.read(name) for name in paper.namelist() if "media" in name] == [ONE]
    assert len(Document(io.BytesIO(content)).inline_shapes) == 3
