"""Which cited texts are no longer the ones in force."""

from datetime import date

import pytest

from school.questions.changed_texts import changed
from school.questions.register import Entry, Register

OLD, NEW, TODAY = date(2018, 12, 29), date(2026, 6, 1), date(2026, 11, 20)


def entry(**values) -> Entry:
    told = {"title": "中华人民共和国甲法", "short_name": "甲法", "version_on": NEW, "articles": 9, "others": ()}
    return Entry(**{**told, "in_force_on": NEW, "ended_on": None, **values})


@pytest.mark.parametrize(
    ("cited", "known", "expected"),
    [
        (("甲法", OLD, 3), entry(), "现行文本是 2026-06-01，题目写的是 2018-12-29"),
        (("甲法", NEW, 3), entry(), None),
        (("甲法", None, 3), entry(), None),
        (("甲法", OLD, 3), entry(in_force_on=date(2027, 1, 1)), None),
        (("甲法", NEW, 3), entry(ended_on=TODAY, note="由乙法废止"), "自 2026-11-20 起失效（由乙法废止）"),
        (("甲法", NEW, 3), entry(ended_on=date(2026, 11, 21)), None),
        (("甲法", None, 3), entry(ended_on=TODAY), "自 2026-11-20 起失效"),
        (("乙法", OLD, 3), entry(), None),
        (("", OLD, 3), entry(), None),
    ],
    ids=[
        "an older text", "the present one", "no date", "a text not yet in force", "ended today", "ends tomorrow",
        "ended, no date", "an unknown law", "no law",
    ],
)  # fmt: skip
def test_a_text_has_changed_when_it_ended_or_has_a_newer_version_in_force(cited, known, expected):
    found = changed([cited], Register((known,)), TODAY)

    assert [text.reason for text in found] == ([] if expected is None else [expected])
    assert [(text.law, text.count) for text in found] == [] if expected is None else [("甲法", 3)]
