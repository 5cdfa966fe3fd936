"""Which cited texts are no longer the ones in force."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from school.questions.changed_texts import Changed, Cited, changed, cited, stale
from school.questions.register import Entry, Register

OLD, NEW, TODAY = date(2018, 12, 29), date(2026, 6, 1), date(2026, 11, 20)


def entry(**values) -> Entry:
    told = {"title": "中华人民共和国甲法", "short_name": "甲法", "version_on": NEW, "articles": 9, "others": ()}
    return Entry(**{**told, "in_force_on": NEW, "ended_on": None, **values})


@pytest.mark.parametrize(
    ("told", "known", "expected"),
    [
        (("甲法", OLD, 3), entry(), "现行文本是 2026-06-01，题目写的是 2018-12-29"),
        (("甲法", NEW, 3), entry(), None),
        (("甲法", None, 3), entry(), None),
        (("甲法", None, NEW, 3), entry(), None),
        (
            ("甲法", None, date(2026, 5, 31), 3),
            entry(),
            "现行文本是 2026-06-01，自 2026-06-01 起施行；题目没有写文本日期，审核在那以前",
        ),
        (("甲法", None, date(2026, 5, 31), 3), entry(in_force_on=date(2027, 1, 1)), None),
        (("甲法", None, date(2026, 5, 31), 3), entry(ended_on=TODAY), "自 2026-11-20 起失效"),
        (("甲法", OLD, 3), entry(in_force_on=date(2027, 1, 1)), None),
        (("甲法", NEW, 3), entry(ended_on=TODAY, note="由乙法废止"), "自 2026-11-20 起失效（由乙法废止）"),
        (("甲法", NEW, 3), entry(ended_on=date(2026, 11, 21)), None),
        (("甲法", None, 3), entry(ended_on=TODAY), "自 2026-11-20 起失效"),
        (("乙法", OLD, 3), entry(), None),
        (("", OLD, 3), entry(), None),
    ],
    ids=[
        "an older text", "the present one", "no date, not reviewed",
        "no date, reviewed on its first day", "no date, reviewed before", "no date, the new text not yet in force",
        "no date, reviewed, ended", "a text not yet in force", "ended today", "ends tomorrow",
        "ended, no date", "an unknown law", "no law",
    ],
)  # fmt: skip
def test_a_text_has_changed_when_it_ended_or_has_a_newer_version_in_force(told, known, expected):
    *text, count = told
    found = changed([(Cited(*text), count)], Register((known,)), TODAY)

    assert [text.reason for text in found] == ([] if expected is None else [expected])
    assert [(text.law, text.count) for text in found] == [] if expected is None else [("甲法", 3)]


def test_those_reviewed_before_the_new_text_are_counted_together_the_others_not_at_all():
    before = [(Cited("甲法", None, date(2026, 5, day)), 2) for day in (1, 31)]

    found = changed([*before, (Cited("甲法", None, NEW), 5), (Cited("甲法", OLD), 1)], Register((entry(),)), TODAY)

    assert found == [Changed("甲法", None, 4, entry(), False), Changed("甲法", OLD, 1, entry(), False)]
    assert stale([before[0][0], Cited("甲法", None, NEW)], Register((entry(),)), TODAY) == {before[0][0]}


@pytest.mark.parametrize(
    ("law", "version_on", "expected"),
    [("甲法", OLD, ("甲法", OLD, None)), ("甲法", None, ("甲法", None, NEW)), ("", None, ("", None, None))],
    ids=["a date", "no date", "no law"],
)
def test_only_where_no_date_tells_the_text_the_day_of_the_review_does(law, version_on, expected):
    reviewed_at = datetime(2026, 5, 31, 16, tzinfo=UTC)

    assert cited(SimpleNamespace(law=law, version_on=version_on, reviewed_at=reviewed_at)) == expected
