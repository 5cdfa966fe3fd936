"""What is taken in is written together, and is there for the next question of the same file."""

import pytest
from sqlalchemy import select

from school.questions import actions
from school.questions.draft import Draft, Reading
from school.questions.models import QuestionVersion, SearchLine
from tests import makers
from tests.makers import NOW, ROOT


@pytest.fixture
def bank(db):
    return makers.make_bank(db, makers.make_unit(db))


def load(db, bank, *drafts, trusted=False) -> dict[str, int]:
    kept = actions.keep_upload(db, bank, "题.xlsx", b"", by=ROOT, now=NOW)
    return actions.load_bank(db, kept, Reading(drafts), trusted=trusted, by=ROOT, now=NOW)


def judge(stem: str, code: str = "", **values) -> Draft:
    return Draft("judge", stem, key=True, code=code, **values)


def test_every_new_question_has_its_own_words_to_be_found_by(db, bank):
    load(db, bank, judge("甲。", "X"), judge("乙。"), judge("丙。", "Y"))

    found = select(QuestionVersion, SearchLine).join(SearchLine, SearchLine.version_id == QuestionVersion.id)
    rows = db.execute(found.order_by(QuestionVersion.id)).all()
    assert sorted((version.question.code, version.stem) for version, _ in rows) == [
        ("T00002", "乙。"),
        ("X", "甲。"),
        ("Y", "丙。"),
    ]
    assert all(version.stem[0] in line.words for version, line in rows)


def test_a_code_that_comes_twice_in_a_file_is_two_versions_of_one_question(db, bank):
    signed = {"author": "甲", "checker": "乙"}

    counts = load(db, bank, judge("甲。", "X", **signed), judge("甲乙。", "X", **signed), trusted=True)

    assert (counts["new"], counts["changed"]) == (1, 1)
    versions = db.scalars(select(QuestionVersion).order_by(QuestionVersion.number)).all()
    assert [(one.number, one.stem, one.state) for one in versions] == [
        (1, "甲。", "retired"),
        (2, "甲乙。", "reviewed"),
    ]


def test_the_same_file_twice_adds_nothing(db, bank):
    drafts = [judge("甲。", "X"), judge("乙。")]
    load(db, bank, *drafts)

    assert load(db, bank, *drafts) == {"new": 0, "changed": 0, "same": 2, "left": 0, "review": 0}
