"""One file of every format through the pages: what is shown, taken in and left to settle adds up to what the file holds."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import func, select

from school.questions import gift, json_form, moodle_xml
from school.questions.draft import Draft
from school.questions.models import BankImport, QuestionVersion, ReviewEntry
from tests import makers, workbooks
from tests.questions.picture_files import word

ROWS = [
    ["题型", "题干", "选项A", "选项B", "选项C", "答案"],
    ["单选", "耕地的承包期为（　）年。", "十", "二十", "三十", "C"],
    ["多选", "妇女与男子平等享有（　）。", "承包土地", "免除税费", "使用宅基地", "AC"],
    ["判断", "工资可以用实物抵付。", "", "", "", "错"],
    ["单选", "每日工作不超过（　）小时。", "八", "九", "十", "G"],
]
DRAFTS = [
    Draft("single", "耕地的承包期为（　　）年。", ("十", "二十", "三十"), (2,)),
    Draft("multi", "妇女与男子平等享有（　　）。", ("承包土地", "免除税费", "使用宅基地"), (0, 2)),
    Draft("judge", "工资可以用实物抵付。", key=False),
]
PAPER = """一、单选题
1．耕地的承包期为（　　）年。
A．十　　B．二十　　C．三十
答案：C
2．每日工作不超过（　　）小时。
A．八　　B．九　　C．十
答案：G
二、多选题
1．妇女与男子平等享有（　　）。
A．承包土地
B．免除税费
C．使用宅基地
答案：AC
三、判断题
1．工资可以用实物抵付。
答案：错"""
AIKEN = "甲为（　）。\nA) 一\nB) 二\nANSWER: A\n\n乙为（　）。\nA) 一\nB) 二\nANSWER: B\n\n丙为（　）。\nA) 一\nB) 二\nANSWER: C\n"
SHAPES = [{"question": row[1], "options": row[2:5], "answer": row[5]} for row in (ROWS[1], ROWS[2], ROWS[4])]
ITEM = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{0}" title="{0}" adaptive="false" '
    'timeDependent="false"><responseDeclaration identifier="R" cardinality="single" baseType="identifier">'
    "<correctResponse><value>{1}</value></correctResponse></responseDeclaration><itemBody>"
    '<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>第 {0} 题为（　）。</prompt>'
    '<simpleChoice identifier="A">一</simpleChoice><simpleChoice identifier="B">二</simpleChoice></choiceInteraction>'
    "</itemBody></assessmentItem>"
)
MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
    + "".join(f'<resource type="imsqti_item_xmlv2p1" href="{n}.xml"><file href="{n}.xml"/></resource>' for n in (1, 2))
    + "</resources></manifest>"
)
PACKAGE = {"imsmanifest.xml": MANIFEST, "1.xml": ITEM.format(1, "A"), "2.xml": ITEM.format(2, "X")}
#: name -> (bytes, questions taken in, pieces left to settle)
FILES = {
    "题.xlsx": (workbooks.xlsx({"题": ROWS}), 3, 1),
    "题.xls": (workbooks.xls({"题": ROWS}), 3, 1),
    "题.ods": (workbooks.ods({"题": ROWS}), 3, 1),
    "题.csv": (workbooks.delimited(ROWS, encoding="gb18030"), 3, 1),
    "表格.txt": (workbooks.delimited(ROWS, delimiter="\t"), 3, 1),
    "题.docx": (word(*PAPER.split("\n")), 3, 1),
    "国标.txt": (PAPER.encode("gb18030"), 3, 1),
    "宽字符.txt": (PAPER.encode("utf-16"), 3, 1),
    "有签名.txt": (PAPER.replace("\n", "\r\n").encode("utf-8-sig"), 3, 1),
    "本系统.json": (json_form.write(DRAFTS).content.encode(), 3, 0),
    "网站.json": (json.dumps(SHAPES, ensure_ascii=False).encode(), 2, 1),
    "题.gift": ((gift.write(DRAFTS).content + "\n\n连线 {=甲 -> 乙 =丙 -> 丁}\n").encode(), 3, 1),
    "moodle.xml": (moodle_xml.write(DRAFTS).content.encode(), 3, 0),
    "题.aiken": (AIKEN.encode(), 2, 1),
    "qti.zip": (workbooks.zipped({name: part.encode() for name, part in PACKAGE.items()}), 1, 1),
}


@pytest.mark.parametrize("name", FILES)
def test_the_counts_of_a_file_add_up_to_what_it_holds(client, cast, db, name):
    content, accepted, left = FILES[name]
    bank, officer = makers.make_bank(db, cast.county), client.as_(cast.officer)
    data = {"csrf_token": officer.token(), "file": (io.BytesIO(content), name), "pasted": ""}

    look = officer.post(f"/banks/{bank.id}/import", data=data, content_type="multipart/form-data").location

    seen = db.scalars(select(BankImport)).one().preview["counts"]
    assert (seen["accepted"], seen["review"] + seen["refused"], seen["pieces"]) == (accepted, left, accepted + left)
    assert seen["lines"] == seen["lines_accepted"] + seen["lines_review"] + seen["lines_headings"]
    assert officer.get(look).status_code == 200
    officer.send(look)
    assert db.scalar(select(func.count()).select_from(QuestionVersion)) == accepted
    assert db.scalar(select(func.count()).select_from(ReviewEntry)) == left
