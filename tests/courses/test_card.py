from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.courses.card import Card, called, correctable, is_late_entry
from tests.makers import NOW, later


def card(marks=None, complete=False) -> Card:
    return Card(time(20, 0), "防火条例", marks or {}, complete, None, "", "")


def test_without_the_trainers_word_nobody_becomes_absent():
    """rules.md 35."""
    assert called(card({1: "present"}), listed=[1, 2, 3], recorded=[]) == {1: "present"}


def test_when_the_roll_was_called_to_its_end_the_others_are_absent():
    """rules.md 35."""
    values = called(card({1: "present", 2: "leave"}, complete=True), listed=[1, 2, 3], recorded=[])

    assert values == {1: "present", 2: "leave", 3: "absent"}


def test_who_was_marked_by_mistake_goes_back_to_unmarked():
    assert called(card({1: "present"}), listed=[1, 2], recorded=[1, 2]) == {1: "present", 2: "unmarked"}


def test_taking_back_the_trainers_word_takes_back_the_absences():
    assert called(card(), listed=[1], recorded=[1]) == {1: "unmarked"}


def test_a_mark_for_somebody_who_is_not_on_the_list_is_dropped():
    assert called(card({9: "present"}), listed=[1], recorded=[]) == {}


people = st.sets(st.integers(1, 8))


@given(st.dictionaries(st.integers(1, 8), st.sampled_from(["present", "late", "leave"])), people, people, st.booleans())
def test_a_roll_call_only_speaks_of_listed_people_and_keeps_every_mark(marks, listed, recorded, complete):
    values = called(card(marks, complete), listed, recorded)

    assert set(values) <= listed
    assert {person: values[person] for person in marks if person in listed} == {
        person: mark for person, mark in marks.items() if person in listed
    }
    assert complete or "absent" not in values.values()


@pytest.mark.parametrize(
    ("hours_later", "late"),
    [(-1, False), (0, False), (3.99, False), (4, True), (48, True)],
)
def test_an_entry_is_late_from_midnight_on_the_countys_clock(hours_later, late):
    """rules.md 7: NOW is 20:00 in the county, midnight there is 16:00 in UTC."""
    assert is_late_entry(NOW, later(hours=hours_later)) is late


@pytest.mark.parametrize(
    ("age", "open_"),
    [(timedelta(), True), (timedelta(days=7, microseconds=-1), True), (timedelta(days=7), False)],
)
def test_a_card_stays_open_for_seven_days(age, open_):
    """rules.md 41."""
    assert correctable(NOW, NOW + age) is open_


def test_a_card_nobody_filled_in_is_always_open():
    assert correctable(None, later(days=400)) is True
