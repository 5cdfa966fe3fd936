"""Papers as an optimisation: exact, apart, unseen first, of equal difficulty; a small bank refused with what it lacks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import combinations
from statistics import mean, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.errors import Refused
from school.questions.similar import near_duplicates
from school.quizzes import blueprint
from school.quizzes.assembly import assemble
from school.quizzes.blueprint import Demand
from school.quizzes.paper import Part
from tests.quizzes.drawables import FIVE, PARTS, county_bank, drawable

DEMANDS = (
    Demand("single", "农村土地", 0, 3), Demand("single", "", 3, 4), Demand("single", "森林防火", 2, 1),
    Demand("judge", "党建", 0, 2), Demand("multi", "", 5, 1),
)  # fmt: skip
#: stems of which two with the same first letter are near-duplicates
STEMS = {f"{name}{more}": name for name in "甲乙丙" for more in ("", "吗")}


def words(name: str) -> str:
    """A stem long enough that one letter more leaves it nearly the same."""
    return name[0] * 3 + "村里分到户的耕地第一轮承包期一共是多少年" + name


def ids(form) -> list[int]:
    return [question.question_id for question, _ in form]


def wide(values) -> float:
    """How far values lie apart, in percent of their mean."""
    return 100 * (max(values) - min(values)) / mean(values)


def shares(forms) -> list[list[float]]:
    return [[float(question.expected) for question, _ in form] for form in forms]


def singles(number: int, **values) -> list:
    return [drawable(**values) for _ in range(number)]


def test_twenty_papers_of_twenty_from_five_thousand_are_exact_apart_unseen_and_equally_hard():
    """rules.md 16, 22, and the figures that are asked: means within 1 %, spreads within 5 % of each other."""
    bank = county_bank(5000)

    forms = assemble(PARTS, DEMANDS, bank, forms=20, seed="s")

    rows = blueprint.rows(PARTS, DEMANDS)
    assert {tuple(sum(row.fits(q) for q, _ in form) for row in rows) for form in forms} == {(10, 5, 5, 3, 4, 1, 2, 1)}
    drawn = [question for form in forms for question, _ in form]
    assert len({question.question_id for question in drawn}) == len(drawn) == 400
    assert near_duplicates([question.words for question in drawn]) == []
    assert {question.asked for question in drawn} == {0}
    assert wide([mean(one) for one in shares(forms)]) <= 1
    assert wide([pstdev(one) for one in shares(forms)]) <= 5


def test_a_bank_of_exactly_enough_questions_is_dealt_out_evenly_to_the_last():
    bank = [
        drawable(kind, expected=Decimal(40 + 7 * n % 58) + Decimal(n % 10) / 10)
        for kind, many in (("single", 60), ("multi", 30), ("judge", 30))
        for n in range(many)
    ]

    forms = assemble(PARTS, (), bank, forms=6, seed="s")

    assert sorted(one for form in forms for one in ids(form)) == sorted(question.question_id for question in bank)
    assert wide([mean(one) for one in shares(forms)]) <= 1
    assert wide([pstdev(one) for one in shares(forms)]) <= 5


def test_where_points_differ_the_expected_points_are_equal_too():
    parts = (Part("single", 10, Decimal(3)), Part("multi", 5, Decimal(10)), Part("judge", 5, Decimal(4)))

    forms = assemble(parts, (), county_bank(400), forms=4, seed="s")

    earned = [sum(float(points * question.expected) for question, points in form) for form in forms]
    assert wide(earned) <= 1
    assert wide([mean(one) for one in shares(forms)]) <= 1


def test_the_same_seed_assembles_the_same_papers_and_another_seed_others():
    """rules.md 22."""
    bank = county_bank(300)
    forms = assemble(PARTS, (), bank, forms=3, seed="s")

    assert assemble(PARTS, (), bank[::-1], forms=3, seed="s") == forms
    assert assemble(PARTS, (), bank, forms=3, seed="t") != forms


def test_unseen_questions_come_before_those_asked_before_and_these_before_those_asked_often():
    """rules.md 22."""
    fresh, once, often = singles(6), singles(8, asked=1), singles(30, asked=4)

    forms = assemble([Part("single", 5, FIVE)], (), often + once + fresh, forms=2, seed="s")

    assert Counter(question.asked for form in forms for question, _ in form) == {0: 6, 1: 4}


def test_two_near_duplicates_stand_on_no_paper_together_and_on_two_papers_only_in_need():
    alike = [drawable(words=words(name)) for name in STEMS]
    part = [Part("single", 3, FIVE)]

    scarce = assemble(part, (), alike, forms=2, seed="s")
    plenty = assemble(part, (), alike + singles(3), forms=2, seed="s")

    assert all(len({q.words[0] for q, _ in form}) == 3 for form in scarce)
    assert len({one for form in scarce for one in ids(form)}) == 6
    drawn = [question.words[0] for form in plenty for question, _ in form if question.words]
    assert sorted(drawn) == ["丙", "乙", "甲"]


def test_a_bank_too_small_to_keep_forms_apart_shares_as_little_as_it_can():
    """Eight questions for four papers of four: each stands on two, and no two papers are the same."""
    forms = assemble([Part("single", 4, FIVE)], (), singles(8), forms=4, seed="s")

    assert set(Counter(one for form in forms for one in ids(form)).values()) == {2}
    assert max(len(set(ids(one)) & set(ids(other))) for one, other in combinations(forms, 2)) == 2


def test_rows_that_cross_leave_enough_for_the_later_papers():
    """What stands in two rows at once is not used up by the first paper."""
    demands = [Demand("single", "甲", 0, 1), Demand("single", "", 5, 1)]
    bank = singles(2, topic="甲", difficulty=5) + singles(2, topic="甲") + singles(2, topic="乙", difficulty=5)

    forms = assemble([Part("single", 2, FIVE)], demands, [*bank, *singles(2, topic="乙")], forms=4, seed="s")

    assert len({one for form in forms for one in ids(form)}) == 8


@pytest.mark.parametrize(
    ("bank", "demands", "said"),
    [
        (
            {"single": 9, "multi": 5, "judge": 0},
            (),
            "单选题需要 10 道，题库可用 9 道；判断题需要 5 道，题库可用 0 道。",
        ),
        (
            {"single": 10, "multi": 5, "judge": 5},
            (Demand("single", "党建", 0, 2), Demand("judge", "", 5, 1)),
            "单选题·党建需要 2 道，题库可用 0 道；判断题·难度5级需要 1 道，题库可用 0 道。",
        ),
        (
            {"single": 12, "multi": 5, "judge": 5},
            (Demand("single", "农村土地", 0, 6),),
            "单选题需要 10 道，要同时满足其他各项就只有 6 道。",
        ),
    ],
    ids=["kinds", "demands", "each row alone would do"],
)
def test_too_small_a_bank_is_refused_with_everything_that_is_missing(bank, demands, said):
    """rules.md 21."""
    questions = [drawable(kind) for kind, many in bank.items() for _ in range(many)]

    with pytest.raises(Refused) as refusal:
        assemble(PARTS, demands, questions, forms=1, seed="s")

    assert refusal.value.message.startswith(f"题库不够组卷：{said}")


def test_near_duplicates_that_cannot_share_a_paper_are_named_as_missing():
    """rules.md 21."""
    alike = [drawable(words=words(name)) for name in STEMS]

    with pytest.raises(Refused, match=r"单选题需要 4 道，题库可用 3 道（另有 3 道与它们近似，不能同卷）"):
        assemble([Part("single", 4, FIVE)], (), alike, forms=1, seed="s")


def test_a_blueprint_against_itself_is_refused_before_any_bank_is_looked_at():
    with pytest.raises(Refused, match=r"自相矛盾.*判断题只有 5 道，细分却要判断题·党建 6 道"):
        assemble(PARTS, [Demand("judge", "党建", 0, 6)], [], forms=1, seed="s")


QUESTIONS = st.builds(
    drawable,
    st.sampled_from(["single", "judge"]),
    topic=st.sampled_from("甲乙丙"),
    difficulty=st.integers(1, 3),
    asked=st.integers(0, 2),
    expected=st.integers(20, 95).map(Decimal),
    words=st.sampled_from(["", "", "", *map(words, STEMS)]),
)
NARROWED = st.tuples(st.sampled_from(["single", "judge"]), st.sampled_from(["", "甲", "乙"]), st.integers(0, 3))
BLUEPRINTS = st.builds(
    lambda single, judge, cells, asked: (
        [Part("single", single, FIVE), Part("judge", judge, Decimal(3))],
        [Demand(*cell, count) for cell, count in zip(cells, asked, strict=False) if cell[1] or cell[2]],
    ),
    st.integers(1, 3), st.integers(1, 2), st.lists(NARROWED, max_size=2, unique=True), st.tuples(*[st.integers(1, 2)] * 2),
)  # fmt: skip


def kept(rows, questions) -> bool:
    """Whether questions make a paper: every row exactly, no two near-duplicates."""
    right = all(sum(row.fits(question) for question in questions) == row.count for row in rows)
    return right and not near_duplicates([question.words for question in questions])


@settings(max_examples=80)
@given(st.lists(QUESTIONS, max_size=10), BLUEPRINTS, st.integers(1, 4))
def test_papers_are_assembled_exactly_when_trying_every_choice_finds_one(bank, asked, many):
    """rules.md 16, 21, 22: each paper keeps every row and repeats nothing, and the same seed gives the same papers."""
    parts, demands = asked
    rows, size = blueprint.rows(parts, demands), sum(part.count for part in parts)
    if not any(kept(rows, chosen) for chosen in combinations(bank, size)):
        with pytest.raises(Refused):
            assemble(parts, demands, bank, forms=many, seed="s")
        return

    forms = assemble(parts, demands, bank, forms=many, seed="s")

    assert len(forms) == many
    assert all(kept(rows, [question for question, _ in form]) for form in forms)
    assert all(len(set(ids(form))) == len(form) == size for form in forms)
    assert assemble(parts, demands, bank, forms=many, seed="s") == forms


@settings(max_examples=30)
@given(st.integers(0, 30), st.integers(1, 8), st.integers(1, 5))
def test_a_bank_of_one_kind_serves_exactly_when_it_has_enough_for_one_paper(size, count, forms):
    """rules.md 21; and forms share a question only where the bank is too small for all of them."""
    bank, parts = singles(size), [Part("single", count, FIVE)]
    if size < count:
        with pytest.raises(Refused, match=f"单选题需要 {count} 道，题库可用 {size} 道"):
            assemble(parts, (), bank, forms=forms, seed="s")
        return

    times = Counter(one for form in assemble(parts, (), bank, forms=forms, seed="s") for one in ids(form))

    assert len(times) == min(size, count * forms)
    assert max(times.values()) - min(times.values()) <= 1
