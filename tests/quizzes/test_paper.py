from __future__ import annotations

from collections import Counter
from decimal import Decimal
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.errors import Refused
from school.quizzes import paper
from school.quizzes.paper import Drawable, Part

PARTS = [Part("single", 10, Decimal(5)), Part("multi", 5, Decimal(5)), Part("judge", 5, Decimal(5))]


def bank(single=40, multi=20, judge=20, asked=0):
    kinds = ["single"] * single + ["multi"] * multi + ["judge"] * judge
    return [Drawable(n, n, kind, "防火", n % 5 + 1, asked) for n, kind in enumerate(kinds)]


def test_every_form_has_exactly_what_the_blueprint_asks():
    for form in paper.draw(PARTS, bank(), forms=4, seed="s"):
        assert Counter(question.kind for question, _ in form) == {"single": 10, "multi": 5, "judge": 5}
        assert sum(points for _, points in form) == 100


def test_forms_share_no_question_while_the_bank_is_large_enough():
    drawn = [question.question_id for form in paper.draw(PARTS, bank(), forms=4, seed="s") for question, _ in form]

    assert len(drawn) == len(set(drawn)) == 80


def test_forms_are_of_nearly_equal_difficulty():
    means = [mean(q.difficulty for q, _ in form) for form in paper.draw(PARTS, bank(80, 40, 40), forms=4, seed="s")]

    assert max(means) - min(means) <= 0.3


def test_the_same_seed_draws_the_same_papers_and_another_seed_others():
    """Rule 22."""
    drawn = paper.draw(PARTS, bank(), forms=2, seed="s")

    assert paper.draw(PARTS, bank()[::-1], forms=2, seed="s") == drawn
    assert paper.draw(PARTS, bank(), forms=2, seed="t") != drawn


def test_unseen_questions_come_before_those_asked_before():
    """Rule 22."""
    seen = bank(asked=3)
    fresh = [Drawable(1000 + n, 1000 + n, "single", "防火", 3, 0) for n in range(10)]

    drawn = paper.draw([Part("single", 10, Decimal(5))], seen + fresh, forms=1, seed="s")[0]

    assert {question.question_id for question, _ in drawn} == {question.question_id for question in fresh}


def test_too_small_a_bank_stops_publishing_and_names_everything_that_is_missing():
    """Rule 21."""
    with pytest.raises(Refused) as refusal:
        paper.draw(PARTS, bank(single=9, multi=5, judge=0), forms=1, seed="s")

    assert refusal.value.message.startswith(
        "题库不够组卷：单选题需要 10 道，题库可用 9 道；判断题需要 5 道，题库可用 0 道。"
    )


@given(st.integers(10, 60), st.integers(1, 6))
def test_no_form_asks_a_question_twice_however_small_the_bank(size, forms):
    for form in paper.draw([Part("single", 10, Decimal(5))], bank(size, 0, 0), forms=forms, seed="s"):
        ids = [question.question_id for question, _ in form]
        assert len(set(ids)) == len(ids) == 10


def test_neighbours_in_a_list_get_different_forms():
    assert [paper.form_for(place, 4) for place in range(6)] == [0, 1, 2, 3, 0, 1]


def test_a_person_sees_the_options_in_the_same_order_every_time():
    options = [{"id": one} for one in "abcdefgh"]
    once = paper.shuffled(options, seed="s", candidate_id=1, question_id=2)

    assert paper.shuffled(options, seed="s", candidate_id=1, question_id=2) == once
    assert sorted(o["id"] for o in once) == list("abcdefgh")
    assert paper.shuffled(options, seed="s", candidate_id=3, question_id=2) != once
