"""What a paper is made of, and how forms and options are dealt to people."""

from __future__ import annotations

from decimal import Decimal

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


def test_a_person_sees_the_options_in_the_same_order_every_time():
    """rules.md 22."""
    options = [{"id": one} for one in "abcdefgh"]
    once = paper.shuffled(options, seed="s", candidate_id=1, question_id=2)

    assert paper.shuffled(options, seed="s", candidate_id=1, question_id=2) == once
    assert sorted(o["id"] for o in once) == list("abcdefgh")
    assert paper.shuffled(options, seed="s", candidate_id=3, question_id=2) != once
