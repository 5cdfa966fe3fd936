"""A question as its person sees it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from school.quizzes import sheet_entry
from school.quizzes.asked import asked, in_words, options_of

OPTIONS = [{"id": one, "text": f"说法{one}"} for one in "abcd"]


def shown(**values):
    row = {
        "id": 1,
        "position": 1,
        "kind": "multi",
        "stem": "题",
        "options": OPTIONS,
        "key": ["a"],
        "given": None,
        "saved_at": None,
    }
    row["pictures"] = []
    return asked(SimpleNamespace(**{**row, **values}), seed="s", candidate_id=7, multi_rule="half")


@pytest.mark.parametrize(
    ("kind", "given", "chosen"),
    [("single", ["b"], {"b"}), ("multi", ["a", "d"], {"a", "d"}), ("judge", [False], {"false"}), ("judge", [], set())],
)
def test_what_was_given_is_ticked_again(kind, given, chosen):
    assert shown(kind=kind, given=given).chosen == chosen


@pytest.mark.parametrize(
    ("kind", "key", "blanks"), [("fill", [["三十"], ["七"]], 2), ("short", ["略"], 1), ("single", ["a"], 0)]
)
def test_as_many_boxes_stand_there_as_texts_are_asked_for(kind, key, blanks):
    assert shown(kind=kind, key=key).blanks == blanks


def test_a_blank_that_was_not_filled_in_is_empty():
    question = shown(kind="fill", key=[["三十"], ["七"]], given=["三十"])

    assert [question.text(0), question.text(1)] == ["三十", ""]


def test_an_answer_taken_back_is_no_answer():
    assert (shown(given=[]).answered, shown(given=["a"]).answered) == (False, True)


def test_options_stand_in_the_same_order_for_the_same_person():
    """rules.md 22."""
    question = SimpleNamespace(id=3, kind="single", options=OPTIONS)
    orders = {person: [o["id"] for o in options_of(question, seed="s", candidate_id=person)] for person in range(20)}

    assert orders == {p: [o["id"] for o in options_of(question, seed="s", candidate_id=p)] for p in range(20)}
    assert len(set(map(tuple, orders.values()))) > 1


@pytest.mark.parametrize(("last", "moves"), [("以上都对", True), ("A和B", False)], ids=["all of the above", "letters"])
def test_the_letter_on_the_sheet_is_the_option_that_is_judged_and_shown_where_options_keep_their_places(last, moves):
    """rules.md 17; phone, printed paper, typed sheet and result go by the same order."""
    options = [*OPTIONS[:3], {"id": "d", "text": last}]
    question = SimpleNamespace(id=3, position=1, kind="single", options=options, key=["d"])
    orders = set()
    for person in range(40):
        (place,) = sheet_entry.places([question], seed="s", candidate_id=person)
        ordered = options_of(question, seed="s", candidate_id=person)
        assert sheet_entry.read(place, ["D"]) == ["d"]
        assert in_words("single", ordered, ["d"]) == f"D. {last}"
        for letter, option in zip("ABCD", ordered, strict=True):
            assert sheet_entry.read(place, [letter]) == [option["id"]]
        orders.add(place.options)
    assert (len(orders) > 1) is moves


@pytest.mark.parametrize(
    ("kind", "chosen", "said"),
    [
        ("multi", ["c", "a"], "A. 说法a；C. 说法c"),
        ("judge", [True], "对"),
        ("fill", [["三十", "30"], "七"], "三十 或 30；七"),
        ("short", ["我的看法"], "我的看法"),
        ("single", [], ""),
    ],
)
def test_answers_are_said_in_words(kind, chosen, said):
    options = options_of(SimpleNamespace(id=1, kind="judge"), seed="", candidate_id=1) if kind == "judge" else OPTIONS

    assert in_words(kind, options, chosen) == said
