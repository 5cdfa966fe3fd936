from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from school.quizzes import makeup as makeup_rules
from school.reports import unit_report
from school.results import makeup, tally
from tests.figures_makers import make_month, make_people, make_person, make_short_unit, make_small_unit, make_unit
from tests.reports import reading

NAMES = ["王䶮", "买买提·艾力", "𠮷田", "㛃", "𬭊", "<b>甲</b>&", "阿卜杜·" * 12 + "力提"]
READERS = [
    pytest.param(reading.by_pdfium, id="pdfium"),
    pytest.param(
        reading.by_poppler, id="poppler", marks=pytest.mark.skipif(not reading.POPPLER, reason="no pdftotext here")
    ),
]


def draw(unit, **month) -> bytes:
    return unit_report.draw(make_month((unit,), **month), unit)


def read(unit, **month) -> str:
    return reading.squeezed(reading.by_pdfium(draw(unit, **month)))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_read_back_exactly(reader, name):
    unit = make_unit(people=(make_person(2, name=name, post="乡长"),))

    assert f"1{name}乡长实考" in reading.squeezed(reader(draw(unit)))


@pytest.mark.parametrize("people", [0, 1, 60, 300])
def test_the_list_holds_everybody_in_roster_order(people):
    line_up = tuple(make_person(n, name=f"人员{n:03d}") for n in range(2, people + 2))
    text = read(make_unit(people=line_up))
    places = [text.find(person.name) for person in line_up]

    assert -1 not in places
    assert places == sorted(places)


def test_the_list_says_band_and_reason_in_words_and_no_score():
    people = (make_person(0), make_person(1), make_person(2, score=None, band="excellent"))

    rows = unit_report.people_rows(people)

    assert [row[3:] for row in rows] == [("免考（产假）", "—"), ("缺考", "—"), ("实考", "优秀")]
    assert all(len(row) == 5 for row in rows)


def test_page_one_can_be_read_alone():
    page = reading.squeezed(reading.pages_of(draw(make_short_unit()))[0])

    for said in (
        "云岭县白水镇人民政府",
        "2026年10月政策应知应会测试",
        "2026年10月20日19:30至2026年10月27日22:00",
        "数据截止：2026年11月1日09:05",
        "在册25人，其中免考1人，应考24人；实考24人，缺考0人；合格20人，其中优秀4人",
        "合格率83.33%（20／24）",
        "计划4期，已举办4期，取消0期；到课96人次，具名登记41人，共8学时",
        "依据：云岭县委组织部《关于开展2026年度月度政策测试的通知》（云组通〔2026〕12号，2026年3月2日）",
        "偶然可以解释",
        "偶然难以解释",
    ):
        assert said in page
    assert page.index("做得好的方面") < page.index("需要补上的方面")


def test_a_small_unit_shows_counts_and_no_rate():
    text = read(make_small_unit())
    figures = text[: text.index("注：1.")]

    assert "应考或实考不足10人，只列人数" in figures
    assert figures.replace("合格率90.00%", "").replace("题次、%", "").count("%") == 0


def test_a_unit_of_ten_shows_rates():
    ten = make_small_unit(counts=make_short_unit().counts)

    assert "合格率83.33%（20／24）" in read(ten)


def test_a_unit_where_nobody_sat_still_has_a_paper():
    counts = make_unit().counts
    nobody = type(counts)(25, 24, 1, 24, 0, 0, 0, counts.score_sum * 0)

    text = read(make_unit(counts=nobody, topics=(), people=()))

    assert "本月无人实考，不与标准比较" in text
    assert "人员名单" not in text


@pytest.mark.parametrize(("number", "said"), [(0, False), (2, True)], ids=["first close", "second correction"])
def test_a_correction_carries_its_number(number, said):
    text = read(make_unit(), number=number, corrections=("第12题答案更正。",) * bool(number))

    assert ("更正第2号" in text) is said
    assert ("第12题答案更正。" in text) is said


def test_equal_value_gives_equal_bytes_and_every_font_is_embedded():
    unit = make_unit(people=make_people(60))

    assert draw(unit) == draw(unit)
    assert reading.unembedded(draw(unit)) == set()
    assert b"Helvetica" not in draw(unit)
    assert draw(unit) != draw(make_unit(people=make_people(61)))


def test_nobody_is_ranked():
    text = read(make_short_unit())

    assert [word for word in ("排名", "名次", "第一名", "倒数", "红榜", "黑榜") if word in text] == []


def after_a_makeup(rule: str) -> str:
    """The paper of a unit of twelve: one below and one absent passed the make-up, by whatever rule."""
    line_up = [make_person(n, name=f"人员{n:02}", score=Decimal(80), band="passed") for n in range(2, 12)]
    below = make_person(12, name="低分", score=Decimal(50), band="below")
    absent = make_person(1, name="缺席", reason="没有参加")
    later = makeup.tries([make_month((make_unit(people=(passed(below), passed(absent))),))])
    people = tuple(makeup.settled(one, later.get(one.person_id, ()), rule) for one in (*line_up, below, absent))
    unit = make_unit(people=people, counts=tally.counts(people), makeup=makeup.counts(people))
    return read(unit, makeup=unit.makeup, makeup_rule=rule)


def passed(person):
    return replace(person, state="sat", reason="", score=Decimal(70), band="passed")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("first", ("补考合格不计入合格人数", "低分", "实考（以原测为准，补考合格）", "缺考（没有参加；以原测为准，补考合格）")),
        ("best", ("各项数字已经这样计入", "低分", "实考（以补考为准，原测未合格）", "实考（以补考为准，原测缺考）")),
    ],
)  # fmt: skip
def test_after_a_make_up_the_paper_prints_who_passed_it_the_rule_and_which_result_counts(rule, said):
    """rules.md 26, 29"""
    text = after_a_makeup(rule)

    assert "补考：应补考2人，缺考0人，实考2人，补考合格2人。" in text
    assert [one in text for one in said] == [True] * 4
    assert makeup_rules.RULES[rule] in text


def test_without_a_make_up_the_paper_does_not_speak_of_one():
    assert "补考" not in read(make_unit())
