"""A file that was looked at is taken in as it was read then, and read anew where it is another."""

import pytest

from school.questions import look_actions
from school.questions.columns import Mapping
from school.questions.look_actions import Upload
from tests import makers

ONE = "1. 防火期内可以烧荒。（ ）\nA. 对\nB. 错\n答案：B\n".encode()
TWO = ONE + "2. 森林防火人人有责。（ ）\nA. 对\nB. 错\n答案：A\n".encode()
TABLE = "题干,答案,A,B\n甲,A,对,错\n".encode()


@pytest.fixture
def bank(db):
    return makers.make_bank(db, makers.make_unit(db, "云岭县"))


@pytest.mark.parametrize("content", [ONE, TWO, TABLE])
def test_what_is_read_again_is_what_was_looked_at_however_often(db, bank, content):
    upload = Upload("题.txt", content)
    seen = look_actions.look(db, bank, upload)

    assert [look_actions.read_again(upload) for _ in range(3)] == [seen.reading] * 3


def test_another_file_or_other_columns_are_not_taken_for_the_one_looked_at(db, bank):
    look_actions.look(db, bank, Upload("题.txt", ONE))
    assert len(look_actions.read_again(Upload("题.txt", TWO)).drafts) == 2

    seen = look_actions.look(db, bank, Upload("题.csv", TABLE))
    said = Mapping(0, ("stem", "key", "option", ""))
    again = look_actions.read_again(Upload("题.csv", TABLE, (said,)))
    assert (len(seen.reading.drafts), len(again.drafts)) == (1, 0)
