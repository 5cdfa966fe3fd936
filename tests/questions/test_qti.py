"""QTI packages: every file in a zip is a question, a heading or a review item."""

from pathlib import Path

import pytest

from school.errors import BadFile
from school.questions import intake, qti
from tests.questions.word_files import packed

CORPUS = Path(__file__).parent / "corpus" / "qti"
ITEMS = {f"items/{path.name}": path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.xml"))}
STIMULUS = (
    '<qti-assessment-stimulus identifier="S"><qti-stimulus-body><p>老王三个月没有领到工资。</p>'
    "</qti-stimulus-body></qti-assessment-stimulus>"
)


def manifest(names):
    rows = "".join(
        f'<resource identifier="r{at}" type="imsqti_item_xmlv2p1" href="{name}"/>' for at, name in enumerate(names)
    )
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{rows}</resources></manifest>'


def package(parts, named=None):
    return packed({"imsmanifest.xml": manifest(parts if named is None else named)} | parts)


def test_every_file_of_a_package_is_in_one_place():
    parts = ITEMS | {
        "a.png": b"\x89PNG",
        "test.xml": "<assessmentTest/>",
        "old.xml": "<questestinterop/>",
        "x.xml": "<",
    }

    reading = intake.read(package(parts), "题库.zip")

    places = [str(part.where) for part in (*reading.drafts, *reading.review, *reading.headings)]
    assert sorted(places) == sorted([*parts, "imsmanifest.xml"])
    assert len(reading.drafts) == 5


def test_items_stand_in_the_order_of_the_manifest():
    names = ["items/judge_30.xml", "items/choice_21.xml"]

    reading = intake.read(package({name: ITEMS[name] for name in sorted(names)}, names), "题库.zip")

    assert [draft.code for draft in reading.drafts] == ["LD-02", "TD-01"]


def test_a_file_the_manifest_promises_and_the_zip_lacks_is_listed():
    reading = intake.read(package({}, ["items/lost.xml"]), "题库.zip")

    assert [(str(item.where), "没有" in item.reason) for item in reading.review] == [("items/lost.xml", True)]


def test_a_shared_text_of_the_package_becomes_the_material():
    item = ITEMS["items/judge_30.xml"].replace(
        "<qti-item-body>", '<qti-assessment-stimulus-ref identifier="S" href="../s.xml"/><qti-item-body>'
    )

    (draft,) = intake.read(package({"items/a.xml": item, "s.xml": STIMULUS}), "题库.zip").drafts
    alone = qti.read(item)

    assert draft.material == "老王三个月没有领到工资。"
    assert "共用的材料" in alone.review[0].reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("ChoiceC</value>", "ChoiceX</value>", "不在选项之中"),
        ("<value>ChoiceC</value>", "<value>ChoiceC</value><value>ChoiceA</value>", "单选题有不止一个答案"),
        ("<correctResponse><value>ChoiceC</value></correctResponse>", "", "没有答案"),
        ('maxChoices="1"', 'maxChoices="3"', "单选还是多选"),
        ('cardinality="single" baseType="identifier"', 'baseType="identifier"', "单选还是多选"),
        ('adaptive="false"', 'adaptive="true"', "随作答变化"),
        ("<b>三十</b>", "<math/>", "图片、公式"),
        ("<b>三十</b>", "三<sup>10</sup>", "上标"),
        ('responseIdentifier="RESPONSE"', 'responseIdentifier="OTHER"', "读不了这种题"),
    ],
)
def test_an_item_that_is_not_fully_understood_goes_to_review(old, new, reason):
    text = ITEMS["items/choice_21.xml"]

    reading = qti.read(text.replace(old, new))

    assert old in text
    assert reading.drafts == ()
    assert reason in reading.review[0].reason


@pytest.mark.parametrize(
    "content",
    [packed({"a.txt": "甲"}), packed({"imsmanifest.xml": "<manifest"}), b"PK\x03\x04" + bytes(100), packed({})],
    ids=["no package", "broken manifest", "broken zip", "empty zip"],
)
def test_a_zip_that_is_no_package_is_refused_with_a_sentence(content):
    with pytest.raises(BadFile) as caught:
        intake.read(content, "题库.zip")

    assert caught.value.message.endswith("。")


def test_a_path_that_leaves_the_package_reaches_nothing():
    reading = intake.read(package({}, ["../../etc/passwd"]), "题库.zip")

    assert reading.drafts == ()
    assert len(reading.review) == 1
