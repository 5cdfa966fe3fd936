from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.results import tally
from school.results.figures import Counts, NightFigures, TopicShare
from school.results.tally import CandidateLine, Sheet, UnitName
from tests.figures_makers import make_standard

COUNTY = make_standard()
TOWN, VILLAGE = UnitName(7, "A7", "青杠镇人民政府", "青杠镇", 1), UnitName(3, "A3", "柏树村", "柏树村", 2)


def make_line(person_id=1, unit_id=7, **given) -> CandidateLine:
    plain = {
        "staff_no": f"G{person_id}",
        "name": "张三",
        "post": "干部",
        "paper_id": 1,
        "exempt_reason": "",
        "began": True,
    }
    return CandidateLine(**{"unit_id": unit_id, "person_id": person_id, **plain, "score": Decimal(80), **given})


def make_sheet(*lines, right=None, papers=None) -> Sheet:
    return Sheet(lines, (VILLAGE, TOWN), papers or {1: ["土地", "土地", "防火"]}, right or {}, {})


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"score": Decimal(90)}, ("sat", "", Decimal(90), "excellent")),
        ({"score": Decimal(0)}, ("sat", "", Decimal(0), "below")),
        ({"score": None, "began": False}, ("absent", "没有参加", None, "")),
        ({"score": None}, ("absent", "开始了答题，没有交卷", None, "")),
        ({"score": None, "began": False, "exempt_reason": "产假"}, ("exempt", "产假", None, "")),
        ({"score": Decimal(90), "exempt_reason": "产假"}, ("exempt", "产假", None, "")),
    ],
    ids=["handed in", "handed in empty", "never began", "broke off", "exempt", "exempt and yet handed in"],
)
def test_everybody_is_in_or_out_with_the_reason(given, found):
    """rules.md 28"""
    person = tally.person(make_line(**given), COUNTY)

    assert (person.state, person.reason, person.score, person.band) == found


def test_the_six_counts_of_a_handful():
    """rules.md 26."""
    people = [
        tally.person(make_line(n, **given), COUNTY)
        for n, given in enumerate([
            {"score": Decimal(95)}, {"score": Decimal("62.5")}, {"score": Decimal(40)},
            {"score": None, "began": False}, {"score": None, "exempt_reason": "病假"},
        ])
    ]  # fmt: skip

    assert tally.counts(people) == Counts(
        on_roster=5, expected=4, exempt=1, absent=1, sat=3, passed=2, excellent=1, score_sum=Decimal("197.5")
    )
    assert tally.counts([]) == Counts(0, 0, 0, 0, 0, 0, 0, Decimal(0))


lines = st.lists(
    st.builds(
        make_line, st.integers(1, 10_000), st.sampled_from([3, 7]), score=st.none() | st.decimals(0, 100, places=2),
        exempt_reason=st.sampled_from(["", "", "公出"]), began=st.booleans(),
    ),
    max_size=60, unique_by=lambda line: line.person_id,
)  # fmt: skip


@given(lines)
def test_the_counts_always_add_up_and_the_units_add_up_to_the_total(drawn):
    """rules.md 26"""
    units = tally.units(make_sheet(*drawn), COUNTY)
    total = tally.added(unit.counts for unit in units)

    for counts in [total, *(unit.counts for unit in units)]:
        assert counts.on_roster == counts.expected + counts.exempt
        assert counts.expected == counts.absent + counts.sat
        assert counts.excellent <= counts.passed <= counts.sat
    assert total == tally.counts(person for unit in units for person in unit.people)
    assert total.on_roster == len(drawn)


def test_a_person_named_twice_is_an_error_and_never_counted_twice():
    """rules.md 28"""
    with pytest.raises(ValueError, match="counts once"):
        tally.units(make_sheet(make_line(1, 7), make_line(1, 3)), COUNTY)


def test_units_stand_in_their_official_order_whatever_their_scores_and_only_with_candidates():
    sheet = make_sheet(make_line(1, 3, score=Decimal(100)), make_line(2, 7, score=Decimal(10)))

    assert [unit.short_name for unit in tally.units(sheet, COUNTY)] == ["青杠镇", "柏树村"]
    assert [unit.short_name for unit in tally.units(make_sheet(make_line(1, 3)), COUNTY)] == ["柏树村"]


@pytest.mark.parametrize(("people", "small"), [(9, True), (10, False)])
def test_a_unit_is_small_below_ten_people_expected_and_then_not_judged(people, small):
    """rules.md 31"""
    absent = [make_line(100 + n, exempt_reason="公出") for n in range(5)]
    unit = tally.units(make_sheet(*(make_line(n, score=Decimal(0)) for n in range(people)), *absent), COUNTY)[0]

    assert (unit.small, [one.measure for one in unit.shortfalls]) == (small, [] if small else ["pass_rate", "mean"])


def test_the_spread_that_chance_is_measured_by_is_that_of_the_whole_round():
    low = [make_line(n, 7, score=Decimal(79)) for n in range(12)]
    far = [make_line(100 + n, 3, score=Decimal(score)) for n, score in enumerate([40, 100] * 6)]

    alone = tally.units(make_sheet(*low), COUNTY)[0].shortfalls
    among_others = tally.units(make_sheet(*low, *far), COUNTY)[0].shortfalls

    assert [one.by_chance for one in alone] == [False]
    assert [(one.reached, one.by_chance) for one in among_others] == [(Fraction(79), True)]


def test_topics_count_every_question_of_the_papers_of_those_who_sat_in_the_order_of_the_papers():
    papers = {1: ["土地", "防火", "土地"], 2: ["防火", "医保", "土地"]}
    people = (make_line(1), make_line(2, paper_id=2), make_line(3, score=None), make_line(4, exempt_reason="病假"))
    sheet = make_sheet(*people, papers=papers, right={(7, "土地"): 2, (3, "土地"): 9})

    assert tally.topics(sheet, people) == (TopicShare("土地", 2, 3), TopicShare("防火", 0, 2), TopicShare("医保", 0, 1))


def test_without_anybody_who_sat_there_are_no_topics():
    absent = make_line(score=None)

    assert tally.topics(make_sheet(absent), [absent]) == ()


def test_a_unit_without_nights_has_zeros():
    assert tally.units(make_sheet(make_line()), COUNTY)[0].nights == NightFigures(0, 0, 0, 0, 0, Decimal(0))
