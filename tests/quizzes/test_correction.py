"""What a correction means for an answer and for a score: the tables of the rule, and what must hold for any of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.quizzes import correction, marking
from school.quizzes.correction import Asked, Line, Remedy, Tally
from school.quizzes.scoring import MULTI_RULES
from school.results import figures

FIVE = Decimal(5)
SINGLE = Asked("single", ["a"], FIVE, "half")
REMOVED, REMOVED_KINDLY = Remedy("removed", None, False), Remedy("removed", None, True)


def rekey(key, never_lower=False):
    return Remedy("rekey", key, never_lower)


@pytest.mark.parametrize(
    ("given", "remedy", "points"),
    [
        (["b"], rekey(["b"]), 5),
        (["a"], rekey(["b"]), 0),
        (["a"], rekey(["b"], never_lower=True), 5),
        (["b"], rekey(["b"], never_lower=True), 5),
        (["c"], rekey(["b"], never_lower=True), 0),
        (["c"], Remedy("full", None, True), 5),
        ([], Remedy("full", None, False), 5),
        (["a"], REMOVED, 5),
        (["c"], REMOVED, 0),
    ],
)
def test_an_answer_earns_what_the_table_says(given, remedy, points):
    assert correction.earned(SINGLE, given, remedy=remedy) == points


@pytest.mark.parametrize(
    ("given", "never_lower", "points"),
    [
        (["四十"], False, "5"),
        (["三十"], False, "2"),
        (["三十"], True, "5"),
        (["五十"], True, "2"),
        (["五十"], False, "2"),
    ],
)
def test_what_no_key_decides_keeps_what_a_person_gave(given, never_lower, points):
    """A fill-in whose key was 三十 and is 四十; a person gave 2 wherever the text matches none."""
    asked = Asked("fill", [["三十"]], FIVE, "half")
    remedy = rekey([["四十"]], never_lower)

    assert correction.earned(asked, given, marked=Decimal(2), remedy=remedy) == Decimal(points)


@pytest.mark.parametrize(
    ("earned", "of_it", "score", "kindly"),
    [(57, 0, "60", "60"), (59, 5, "56.84", "59"), (100, 5, "100", "100"), (0, 0, "0", "0")],
)
def test_a_removed_question_leaves_the_total(earned, of_it, score, kindly):
    """rules.md 24: the worked table."""
    lines = [Line(Decimal(95), Decimal(earned - of_it)), Line(FIVE, Decimal(of_it), REMOVED)]

    assert correction.total(lines) == Decimal(score)
    assert correction.total([lines[0], replace(lines[1], remedy=REMOVED_KINDLY)]) == Decimal(kindly)


def test_a_paper_without_any_question_has_no_score():
    with pytest.raises(ValueError, match="every question"):
        correction.total([Line(FIVE, FIVE, REMOVED)])


def test_the_floor_is_that_of_all_figures():
    assert correction.FLOOR == figures.SMALL_UNIT


@pytest.mark.parametrize(
    ("sat", "passed", "points", "below"),
    [(10, 9, 160, False), (10, 8, 160, True), (10, 9, "159.99", True), (9, 0, 0, None)],
)
def test_a_unit_is_below_when_either_measure_is(sat, passed, points, below):
    people = Tally(sat, passed, Decimal(points))

    assert correction.below_standard(people, 10, Decimal(90), Decimal(16)) is below


# properties

LETTERS = st.lists(st.sampled_from("abcd"), unique=True)
KEYS = LETTERS.filter(bool)
TEXTS = st.lists(st.sampled_from(["三十", "30", "七十", ""]), min_size=2, max_size=2)
BLANKS = st.lists(st.lists(st.sampled_from(["三十", "30", "四十"]), min_size=1, max_size=2), min_size=2, max_size=2)
FULL = st.sampled_from([Decimal("0.5"), Decimal(2), Decimal("3.5"), Decimal(5)])


@st.composite
def judged(draw):
    """A question of any kind with an answer, perhaps a mark, and perhaps a remedy."""
    kind = draw(st.sampled_from(["single", "multi", "judge", "fill", "short"]))
    rule, full = draw(st.sampled_from(list(MULTI_RULES))), draw(FULL)
    one = st.sampled_from("abcd").map(lambda letter: [letter])
    key, answer = {
        "single": (one, st.just([]) | one),
        "multi": (KEYS, LETTERS),
        "judge": (st.booleans(), st.sampled_from([[], [True], [False]])),
        "fill": (BLANKS, TEXTS),
        "short": (st.just("略"), st.sampled_from([[], ["写了"]])),
    }[kind]
    deeds = ["full", "removed"] + (["rekey"] if kind in correction.REKEYED else [])
    deed = draw(st.sampled_from(deeds))
    remedy = Remedy(deed, draw(key) if deed == "rekey" else None, draw(st.booleans()))
    asked, marked = Asked(kind, draw(key), full, rule), draw(st.none() | st.sampled_from(marking.steps(full)))
    return asked, draw(answer), marked, draw(st.none() | st.just(remedy))


def line(asked, answer, marked, remedy):
    return Line(asked.full, correction.earned(asked, answer, marked=marked, remedy=remedy) or Decimal(0), remedy)


def paper(questions):
    return [Line(FIVE, Decimal(2)), *(line(*one) for one in questions)]


PAPERS = st.lists(judged(), min_size=1, max_size=6)


@given(PAPERS)
def test_a_score_is_never_below_nothing_nor_above_the_full_mark(questions):
    """rules.md 18, for any kinds, rules, marks and corrections."""
    lines = paper(questions)

    assert all(0 <= one.points <= one.full for one in lines)
    assert 0 <= correction.total(lines) <= sum(one.full for one in lines)


@given(PAPERS, st.data())
def test_a_correction_that_may_lower_nobody_lowers_nobody(questions, data):
    """rules.md 23, however many others are in force."""
    number = data.draw(st.integers(0, len(questions) - 1))
    asked, answer, marked, remedy = questions[number]
    kindly = replace(remedy, never_lower=True) if remedy else REMOVED_KINDLY
    before, after = list(questions), list(questions)
    before[number], after[number] = (asked, answer, marked, None), (asked, answer, marked, kindly)

    assert correction.total(paper(after)) >= correction.total(paper(before))


@given(PAPERS, FULL, st.data())
def test_who_drew_a_removed_question_is_judged_by_the_rest_alone_like_who_drew_a_sibling(questions, full, data):
    """rules.md 24: what was answered to the removed question does not matter, and all right is the full mark for both."""
    rest = [Line(FIVE, Decimal(2)), *(line(asked, answer, marked, None) for asked, answer, marked, _ in questions)]
    points = data.draw(st.sampled_from(marking.steps(full)))
    drew = [*rest, Line(full, points, REMOVED)]

    assert correction.total(drew) == correction.total([*rest, Line(full, Decimal(0), REMOVED)])
    flawless = [replace(one, points=one.full) for one in rest]
    sibling = correction.total([*flawless, Line(full, full)])
    assert correction.total([*flawless, Line(full, Decimal(0), REMOVED)]) == sibling


@given(st.lists(st.tuples(FULL, st.fractions(0, 1)), min_size=1, max_size=5))
def test_leaving_in_whichever_removed_questions_are_better_is_found_without_trying_all(given_):
    """Against trying every choice of what goes."""
    kindly = [Line(full, (full * share.numerator / share.denominator).quantize(Decimal("0.01")), REMOVED_KINDLY)
              for full, share in given_]  # fmt: skip
    every = [
        correction.total(
            [Line(FIVE, Decimal(2)), *(replace(one, remedy=REMOVED if gone >> n & 1 else None) for n, one in enumerate(kindly))]
        )
        for gone in range(2 ** len(kindly))
    ]  # fmt: skip

    assert correction.total([Line(FIVE, Decimal(2)), *kindly]) == max(every)
