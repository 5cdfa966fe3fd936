"""What a paper is made of, and how forms and options are dealt to people."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from school.questions import references
from school.quizzes import paper
from tests.quizzes.drawables import PARTS


def test_the_full_mark_is_exact():
    """rules.md 18."""
    assert paper.full_mark(PARTS) == 100
    assert paper.full_mark([paper.Part("single", 3, Decimal("2.5"))]) == Decimal("7.5")


def test_twenty_forms_have_letters_that_look_like_no_figure():
    assert len(set(paper.FORMS)) == len(paper.FORMS) == 20
    assert set(paper.FORMS) & set("IO") == set()


def test_neighbours_in_a_list_get_different_forms():
    assert [paper.form_for(place, 4) for place in range(6)] == [0, 1, 2, 3, 0, 1]


def order(options, **who) -> list[str]:
    given = {"seed": "s", "candidate_id": 1, "question_id": 2, **who}
    return [option["id"] for option in paper.shuffled(options, **given)]


def options_of(*texts: str) -> list[dict]:
    return [{"id": one, "text": text} for one, text in zip("abcdefgh", texts, strict=False)]


def test_a_person_sees_the_options_in_the_same_order_every_time():
    """rules.md 22."""
    options = options_of(*"甲乙丙丁戊己庚辛")
    once = order(options)

    assert order(options) == once
    assert sorted(once) == list("abcdefgh")
    assert order(options, candidate_id=3) != once


def test_all_of_the_above_comes_last_for_everybody_and_the_others_in_every_order():
    options = options_of("甲", "乙", "丙", "以上都对")

    seen = {"".join(order(options, candidate_id=person)) for person in range(400)}

    assert seen == {"abcd", "acbd", "bacd", "bcad", "cabd", "cbad"}


def test_where_an_option_names_letters_everybody_reads_the_printed_order():
    options = options_of("甲", "乙", "丙", "A和B")

    assert {"".join(order(options, candidate_id=person)) for person in range(100)} == {"abcd"}


TEXTS = st.lists(st.sampled_from(["甲", "乙", "三十年", "以上都对", "都不是", "A和B", "①②", "A级"]), max_size=8)


@given(TEXTS, st.text(max_size=5), st.integers(1, 5000), st.integers(1, 5000))
def test_the_order_is_always_a_permutation_of_its_own_with_what_is_kept_in_its_place(texts, seed, person, question):
    """rules.md 22."""
    options = options_of(*texts)
    who = {"seed": seed, "candidate_id": person, "question_id": question}

    seen = order(options, **who)

    printed = [option["id"] for option in options]
    free = len(options) - references.kept(texts)
    assert sorted(seen) == printed
    assert seen[free:] == printed[free:]
    assert order(options, **who) == seen
