"""Our own text form, read exactly and written back."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.questions import bank_text
from school.questions.draft import Citation, Draft, check

BANKS = sorted((Path(__file__).parents[2] / "question_banks").glob("*.txt"))

FILE = """# 农村土地：承包、流转、宅基地
专题：农村土地
编写：编写员甲
复核：复核员乙

编号：TD-001
题型：单选
对象：农民
题干：村里分到户的耕地，一轮承包期是多少年？
A. 十年
B. 二十年
C. 三十年
D. 五十年
答案：C
解析：耕地的承包期是三十年，届满后再延长三十年。
依据：农村土地承包法 第二十一条第一款 2018-12-29
知识点：承包期限
难度：1

# 第二题有两处写法
编号：TD-002
题型：填空
对象：通用
题干：耕地承包期为____年。
答案：三十;30
解析：见法条。
  届满后再延长。
依据：农村土地承包法 第二十一条第一款 2018-12-29
知识点：承包期限
难度：2
编写：编写员丙
"""


def test_a_bank_file_is_read_with_its_head():
    reading = bank_text.read(FILE)

    cited = Citation("农村土地承包法", "第二十一条第一款", date(2018, 12, 29))
    assert reading.drafts == (
        Draft(
            kind="single",
            stem="村里分到户的耕地，一轮承包期是多少年？",
            options=("十年", "二十年", "三十年", "五十年"),
            key=(2,),
            explanation="耕地的承包期是三十年，届满后再延长三十年。",
            citation=cited,
            topic="农村土地",
            point="承包期限",
            difficulty=1,
            audience="farmer",
            code="TD-001",
            author="编写员甲",
            checker="复核员乙",
        ),
        Draft(
            kind="fill",
            stem="耕地承包期为____年。",
            key=(("三十", "30"),),
            explanation="见法条。\n届满后再延长。",
            citation=cited,
            topic="农村土地",
            point="承包期限",
            difficulty=2,
            audience="both",
            code="TD-002",
            author="编写员丙",
            checker="复核员乙",
        ),
    )
    assert [draft.where.lines[0] for draft in reading.drafts] == [6, 21]
    assert [(heading.role, heading.where.lines) for heading in reading.headings] == [
        ("note", (1,)),
        ("section", (2,)),
        ("section", (3,)),
        ("section", (4,)),
        ("note", (20,)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("答案：C", "答案：E", "答案“E”超出了选项范围。"),
        ("答案：C", "答案：c", "答案应写选项字母，例如 C 或 ABD，现在是“c”。"),
        ("答案：C", "答案：CC", "答案应写选项字母，例如 C 或 ABD，现在是“CC”。"),
        ("题型：单选", "题型：选择", "题型“选择”不认识，请写单选、多选、判断、填空、简答。"),
        ("C. 三十年", "D. 三十年", "选项 D 不连续。 “D”写了两次。"),
        ("难度：1", "难度：易", "难度应写 1 到 5，现在是“易”。"),
        ("难度：1", "难渡：1", "第 18 行不认识：“难渡”。"),
        ("对象：农民", "对象：村民", "对象“村民”不认识，请写干部、农民、通用。"),
        ("知识点：承包期限\n难度：1", "答案：B\n难度：1", "“答案”写了两次。"),
    ],
)
def test_a_faulty_item_goes_to_review_and_the_others_stay(old, new, reason):
    reading = bank_text.read(FILE.replace(old, new, 1))

    assert [item.reason for item in reading.review] == [reason]
    assert [draft.code for draft in reading.drafts] == ["TD-002"]


def test_full_width_separators_in_a_fill_answer_are_not_taken_for_words():
    reading = bank_text.read(FILE.replace("三十;30", "三十；30"))

    assert [item.where.lines[0] for item in reading.review] == [21]


words = (
    st.text(st.sampled_from("承包期限三十年ABC1.：:#；、《》（）"), min_size=1, max_size=12).map(str.strip).filter(bool)
)
texts = st.lists(words, min_size=1, max_size=3).map("\n".join)
plain = words.filter(lambda word: not set(word) & set(";；|｜"))


@st.composite
def drafts(draw):
    """Any sound question our form can hold."""
    kind = draw(st.sampled_from(["single", "multi", "judge", "fill", "short"]))
    options, stem = (), draw(texts)
    if kind in ("single", "multi"):
        options = tuple(draw(st.lists(texts, min_size=2, max_size=6, unique_by=lambda text: "".join(text.split()))))
        places = st.integers(0, len(options) - 1)
        key = tuple(sorted(draw(st.sets(places, min_size=1, max_size=1 if kind == "single" else None))))
    elif kind == "judge":
        key = draw(st.booleans())
    elif kind == "fill":
        key = tuple(
            tuple(blank) for blank in draw(st.lists(st.lists(plain, min_size=1, max_size=3), min_size=1, max_size=3))
        )
        stem += "____甲" * len(key)
    else:
        key = draw(texts)
    cited = st.builds(
        Citation, st.sampled_from(["土地管理法", "民法典"]), st.just("第二条"), st.none() | st.dates(date(1990, 1, 1))
    )
    return Draft(
        kind,
        stem,
        options,
        key,
        explanation=draw(st.just("") | texts),
        citation=draw(st.just(Citation()) | cited),
        topic=draw(words),
        point=draw(st.just("") | words),
        difficulty=draw(st.none() | st.integers(1, 5)),
        audience=draw(st.sampled_from(["", "cadre", "farmer", "both"])),
        code=draw(words),
        author=draw(words),
        score=draw(st.none() | st.decimals(0, 100, places=1)),
        material=draw(st.just("") | texts),
    )


@given(st.lists(drafts().filter(lambda draft: not check(draft)), min_size=1, max_size=4))
def test_what_is_written_is_read_back_unchanged(group):
    assert bank_text.read(bank_text.write(group)).drafts == tuple(group)


@given(st.lists(drafts().filter(lambda draft: not check(draft)), min_size=1, max_size=3))
def test_a_topic_in_the_head_is_read_back_into_the_items(group):
    assert bank_text.read(bank_text.write(group, topic=group[0].topic)).drafts == tuple(group)


@given(st.text(alphabet="编号题干：答案A. #\n甲\ufeff \x0b", max_size=200))
def test_every_line_of_any_text_is_accounted_for_once(text):
    lines = [("", number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]

    accounted = bank_text.read(text).accounted()

    assert sorted(accounted) == lines
    assert set(accounted.values()) <= {1}


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_the_banks_we_ship_are_in_the_form(path):
    text = path.read_text(encoding="utf-8")

    reading = bank_text.read(text)

    assert bank_text.fits(text)
    assert reading.review == ()
    assert bank_text.read(bank_text.write(list(reading.drafts))).drafts == reading.drafts
