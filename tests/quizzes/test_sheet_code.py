from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.quizzes import sheet_code
from school.quizzes.sheet_code import SheetCode

SEED = "0123456789abcdef"
CODE = SheetCode(12, 3456, "A", 1)
numbers = st.integers(1, 999_999_999)


@given(numbers, numbers, st.sampled_from("ABCDEFGHJKLMNPQRSTUV"), st.integers(1, 9))
def test_what_is_written_is_read_back(round_id, candidate_id, form, page):
    code = SheetCode(round_id, candidate_id, form, page)

    assert sheet_code.read(sheet_code.write(code, seed=SEED), seed=SEED) == code


def test_a_code_has_only_what_every_scanner_types():
    assert re.fullmatch(r"YX1-12-3456-A-1-[0-9A-HJKMNP-TV-Z]{8}", sheet_code.write(CODE, seed=SEED))


@pytest.mark.parametrize("place", range(1, len(sheet_code.write(CODE, seed=SEED))))
def test_one_misread_sign_is_noticed(place):
    """The printed code alone says whose sheet it is (rules.md 55)."""
    text = sheet_code.write(CODE, seed=SEED)
    other = "8" if text[place] != "8" else "9"

    assert sheet_code.read(text[:place] + other + text[place + 1 :], seed=SEED) is None


@pytest.mark.parametrize("text", ["", "G00012", "YX1-12", "YX1-12-3456-A-1-", "YX2-12-3456-A-1-00000000"])
def test_what_is_no_code_is_none(text):
    assert sheet_code.read(text, seed=SEED) is None


def test_a_sheet_of_another_round_is_none_and_small_letters_and_blanks_do_no_harm():
    text = sheet_code.write(CODE, seed=SEED)

    assert sheet_code.read(text, seed="another seed") is None
    assert sheet_code.read(f" {text.lower()} ", seed=SEED) == CODE
    assert (sheet_code.looks_like(f" {text.lower()}"), sheet_code.looks_like("YX100")) == (True, False)


@pytest.mark.parametrize("figure", ["１２", "١٢", "²"])
def test_figures_that_are_not_plain_make_no_code(figure):
    """An input method left on full width types them; the page finds nobody then, and does not break."""
    assert sheet_code.read(sheet_code.write(CODE, seed=SEED).replace("12", figure, 1), seed=SEED) is None
