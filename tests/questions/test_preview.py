"""The look at a file: counts that add up, and what is very alike side by side."""

import json

from hypothesis import given
from hypothesis import strategies as st

from school.questions import intake
from school.questions.preview import counts, preview

PAPER = """一、单选题
1、耕地的承包期到底为（ ）年以上。
A、十    B、三十
答案：B
2、耕地的承包期到底为（ ）年以上？
A、十    B、三十
答案：A
3、下列哪一项没有答案（ ）。
A、甲
B、乙
"""


@given(st.text(alphabet="1、。A甲乙B答案：对错\n（） C", max_size=200))
def test_the_counts_add_up_to_what_the_text_holds(text):
    told = counts(intake.read_text(text))

    assert told["accepted"] + told["review"] + told["refused"] == told["pieces"]
    assert told["lines_accepted"] + told["lines_review"] + told["lines_headings"] == told["lines"]
    assert told["lines"] == sum(bool(line.strip()) for line in text.splitlines())


def test_two_questions_that_are_very_alike_stand_side_by_side():
    read = intake.read_text(PAPER)

    seen = preview(read, ["new", "new"], {}, [], ["一句话"])

    (pair,) = seen["pairs"]
    assert (pair["one"]["place"], pair["other"]["place"], pair["one"]["key"], pair["other"]["key"]) == (0, 1, "B", "A")
    assert (seen["pair_count"], seen["notes"]) == (1, ["一句话"])
    assert seen["fates"] == {"new": 2, "changed": 0, "same": 0}


def test_what_is_in_the_bank_already_is_no_pair():
    assert preview(intake.read_text(PAPER), ["new", "same"], {}, [], [])["pairs"] == []


def test_a_preview_can_be_kept():
    seen = preview(intake.read_text(PAPER), ["new", "new"], {}, [], [])

    assert json.loads(json.dumps(seen)) == seen
