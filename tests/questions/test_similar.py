"""The same question is found again; nearly the same ones are shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.questions.draft import Draft
from school.questions.matching import bare
from school.questions.similar import compared, digest, near, near_duplicates

DRAFT = Draft("multi", "下列属于权益的有（ ）。", ("甲", "乙", "丙"), (0, 2), explanation="见法条。", code="A-1")


@pytest.mark.parametrize(
    "change",
    [
        {"options": ("丙", "乙", "甲"), "key": (0, 2)},
        {"options": ("乙", "甲", "丙"), "key": (1, 2)},
        {"stem": "下列属于权益的有(  )"},
        {"explanation": "另一种说法。"},
        {"code": "B-7"},
        {"options": ("甲。", "乙；", " 丙")},
    ],
)
def test_the_same_question_has_the_same_digest(change):
    assert digest(replace(DRAFT, **change)) == digest(DRAFT)


@pytest.mark.parametrize(
    "change",
    [
        {"key": (0, 1)},
        {"stem": "下列不属于权益的有（ ）。"},
        {"options": ("甲", "乙", "丁")},
        {"kind": "single", "key": (0,)},
        {"material": "阅读材料。"},
    ],
)
def test_another_question_has_another_digest(change):
    assert digest(replace(DRAFT, **change)) != digest(DRAFT)


def test_near_duplicates_are_found_with_their_likeness():
    stems = [
        "承包耕地的期限到底是多少年？",
        "发现火情应当拨打什么电话？",
        "承包草地的期限到底是多少年？",
        "发现火情，应当拨打什么电话",
    ]

    assert near_duplicates(stems, 0.5) == [(0, 2, 8 / 14), (1, 3, 1.0)]


def grams(stem):
    word = bare(stem)
    return {word[at : at + 3] for at in range(max(1, len(word) - 2))} - {""}


@given(st.lists(st.text("承包期限年", max_size=9), max_size=14), st.sampled_from([0.3, 0.5, 0.7, 0.8, 0.9, 1.0]))
def test_prefix_filtering_finds_exactly_what_comparing_all_pairs_finds(stems, threshold):
    sets = [grams(stem) for stem in stems]
    expected = [
        (one, other)
        for one in range(len(stems))
        for other in range(one + 1, len(stems))
        if sets[one] and sets[other] and len(sets[one] & sets[other]) >= threshold * len(sets[one] | sets[other])
    ]

    assert [(one, other) for one, other, _ in near_duplicates(stems, threshold)] == expected


@given(
    st.lists(st.text(alphabet="承包期限耕地", max_size=12), max_size=6),
    st.lists(st.text(alphabet="承包期限耕地", max_size=12), max_size=6),
)
def test_stems_like_those_of_a_bank_are_those_that_comparing_each_with_each_finds(stems, others):
    every = [
        (one, other, len(grams(stem) & grams(rival)) / len(grams(stem) | grams(rival)))
        for one, stem in enumerate(stems)
        for other, rival in enumerate(others)
        if grams(stem) | grams(rival)
    ]

    assert near(stems, others, 0.5) == [pair for pair in every if pair[2] >= 0.5]


def test_a_stem_that_says_little_is_compared_with_its_options():
    draft = Draft("single", "下列正确的是（ ）。", ("甲", "乙"), (0,))

    assert compared(draft) == "下列正确的是（ ）。 甲 乙"
    assert (
        compared(replace(draft, stem="耕地的承包期届满以后应当再延长多少年？"))
        == "耕地的承包期届满以后应当再延长多少年？"
    )
