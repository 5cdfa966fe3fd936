"""补考 beside a closed month: which result counts, what stays, what is counted apart; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from school.errors import Refused
from school.results import actions, figures, listing, makeup, queries, tally, wording
from school.results.figures import Counts, MakeupCounts, Try
from school.roster.models import Person
from tests import figures_makers, makers
from tests.results.conftest import OVER
from tests.results.test_tally import COUNTY, make_line, make_sheet

#: the make-up is over
LATER = OVER + timedelta(hours=3)


def tries(*scores):
    """Results of make-ups as `makeup.tries` gives them; the pass mark is 60."""
    return tuple(Try(None if score is None else Decimal(score), band(score), counted=False) for score in scores)


def band(score):
    return "" if score is None else "excellent" if score >= 90 else "passed" if score >= 60 else "below"


def line_of(score, **given):
    return tally.person(
        make_line(score=None if score is None else Decimal(score), began=score is not None, **given), COUNTY
    )


@pytest.mark.parametrize(
    ("rule", "first", "later", "state", "score", "said"),
    [
        ("first", 50, (70,), "sat", 50, "以原测为准，补考合格"),
        ("best", 50, (70,), "sat", 70, "以补考为准，原测未合格"),
        ("last", 50, (40,), "sat", 40, "以补考为准，原测未合格"),
        ("best", 50, (40,), "sat", 50, "以原测为准，补考未合格"),
        ("first", None, (70,), "absent", None, "以原测为准，补考合格"),
        ("best", None, (95,), "sat", 95, "以补考为准，原测缺考"),
        ("last", 50, (None,), "sat", 50, "以原测为准，补考缺考"),
        ("best", None, (None,), "absent", None, "补考也没有参加"),
        ("best", 50, (40, 60), "sat", 60, "以第2次补考为准，原测未合格，补考未合格"),
    ],
)
def test_a_line_has_the_result_that_counts_and_says_why(rule, first, later, state, score, said):
    """rules.md 29"""
    person = makeup.settled(line_of(first), tries(*later), rule)

    assert (person.state, person.score) == (state, None if score is None else Decimal(score))
    assert person.band == band(score)
    assert [one.score for one in person.tries] == [None if s is None else Decimal(s) for s in (first, *later)]
    assert [one.counted for one in person.tries].count(True) == 1
    assert wording.which(person) == said


def test_who_is_exempt_or_took_none_has_one_result():
    exempt = line_of(None, exempt_reason="产假")

    assert makeup.settled(exempt, tries(70), "best") == exempt
    assert makeup.settled(line_of(50), (), "best") == line_of(50)
    assert wording.which(line_of(50)) == ""


SHEET = (
    make_line(1, score=Decimal(50)), make_line(2, score=None, began=False), make_line(3, score=Decimal(80)),
    make_line(4, score=Decimal(40)), make_line(5, score=Decimal(30), exempt_reason="公出"),
)  # fmt: skip
LATER_TRIES = {1: tries(70), 2: tries(95), 4: tries(None), 5: tries(60)}


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ("first", Counts(5, 4, 1, 1, 3, 1, 0, Decimal(170))),
        ("best", Counts(5, 4, 1, 0, 4, 3, 1, Decimal(285))),
        ("last", Counts(5, 4, 1, 0, 4, 3, 1, Decimal(285))),
    ],
)
def test_the_six_counts_follow_the_rule_and_the_make_up_is_counted_apart(rule, counts):
    """rules.md 26"""
    (unit,) = tally.units(replace(make_sheet(*SHEET), later=LATER_TRIES, rule=rule), COUNTY)

    assert unit.counts == counts
    assert unit.makeup == MakeupCounts(called=3, absent=1, sat=2, passed=2)


def test_topics_tell_of_the_round_alone():
    """rules.md 30"""
    sheet = replace(make_sheet(*SHEET, right={(7, "土地"): 4}), later=LATER_TRIES, rule="best")

    assert tally.topics(sheet, sheet.lines) == tally.topics(make_sheet(*SHEET, right={(7, "土地"): 4}), SHEET)


def test_a_person_called_to_two_is_counted_once():
    """rules.md 28"""
    people = [makeup.settled(line_of(50), tries(None, 40), "best"), makeup.settled(line_of(50), tries(40, 60), "best")]

    assert makeup.counts(people) == MakeupCounts(2, 0, 2, 1)
    assert makeup.counts([line_of(50)]) is None
    assert makeup.added([None, MakeupCounts(2, 0, 2, 1), MakeupCounts(1, 1, 0, 0)]) == MakeupCounts(3, 1, 2, 1)
    assert makeup.added([None]) is None


def test_who_takes_a_make_up_is_no_unit_to_be_judged():
    people = [make_line(n, score=Decimal(0)) for n in range(12)]

    assert tally.units(replace(make_sheet(*people), judged=False), COUNTY)[0].shortfalls == ()


@pytest.mark.parametrize(
    ("state", "names"), [("called", "甲乙丁"), ("makeup_absent", "丁"), ("makeup_sat", "甲乙"), ("made_up", "甲")]
)
def test_the_numbers_of_a_make_up_open_as_lists(state, names):
    people = (
        makeup.settled(line_of(50, person_id=1, name="甲"), tries(70), "first"),
        makeup.settled(line_of(50, person_id=2, name="乙"), tries(40), "first"),
        line_of(80, person_id=3, name="丙"),
        makeup.settled(line_of(50, person_id=4, name="丁"), tries(None), "first"),
    )
    rows = listing.listed([figures_makers.make_unit(people=people)], state, "")

    assert "".join(row.person.name for row in rows if row.counted) == names
    assert rows[0].why == "实考，未合格；以原测为准，" + {"甲": "补考合格", "丁": "补考缺考"}[rows[0].person.name]


@pytest.fixture
def month(db, cast, county):
    """The month is closed; 青杠镇 had 12 who answered 0…4 of four rightly, four of them passed; two never came."""
    bank = makers.make_bank(db, cast.county)
    for kind in ("single", "single", "multi", "judge"):
        for _ in range(4):
            makers.make_question(db, bank, kind)
    return county.close(db)


def sit(db, county, *, rule: str):
    """The make-up of the month: the cast's learner was absent and passes, 学员00 had 0 and passes, 学员01 had 5 and gets 0."""
    county.round.makeup_rule = rule
    made = makers.make_makeup(db, county.round, at=OVER)
    learner = next(
        row for row in figures_people(queries.month(queries.latest(db, county.round.id))) if row.state == "absent"
    )
    makers.make_attempt(db, made, person(db, learner.person_id), 4, at=OVER)
    makers.make_attempt(db, made, county.people[0], 3, at=OVER)
    makers.make_attempt(db, made, county.people[1], 0, at=OVER)
    return made


def figures_people(month):
    return [row for unit in month.units for row in unit.people]


def person(db, person_id):
    return db.get_one(Person, person_id)


def close(db, round_):
    return actions.close_month(db, round_, grace=20, by=makers.ROOT, now=LATER)


def test_a_closed_make_up_leaves_the_month_as_it_was_closed(db, cast, county, month):
    """rules.md 25, 29"""
    before = queries.month(month)

    result = close(db, sit(db, county, rule="first"))

    assert queries.month(month) == before
    assert [one.id for one in queries.makeups(db, county.round.id)] == [result.id]
    assert queries.retests(db, county.round.id, makers.ROOT) == []
    own = queries.month(result)
    assert (own.total.sat, own.total.passed, own.total.absent) == (3, 2, own.total.on_roster - 3)
    assert {unit.shortfalls for unit in own.units} == {()}
    assert own.joined_after == ()


@pytest.mark.parametrize(
    ("rule", "absent", "sat", "passed", "score_sum"),
    [("first", 6, 12, 4, 105), ("best", 5, 13, 6, 140), ("last", 5, 13, 6, 135)],
)
def test_the_correction_counts_by_the_rule_and_both_versions_stay(
    db, cast, county, month, rule, absent, sat, passed, score_sum
):
    """rules.md 25, 29: 0 → 15, 5 → 0, absent → 20 points. Nothing is added up per person."""
    before = queries.month(month)
    close(db, sit(db, county, rule=rule))

    corrected = actions.correct_month(db, month, "补考已结束", by=makers.ROOT, now=LATER)

    after = queries.month(corrected)
    assert (before.total.absent, before.total.sat, before.total.passed) == (6, 12, 4)
    assert (after.total.absent, after.total.sat, after.total.passed) == (absent, sat, passed)
    assert after.total.score_sum == Decimal(score_sum)
    assert (after.makeup.sat, after.makeup.passed, after.makeup_rule) == (3, 2, rule)
    assert after.topics == before.topics
    assert queries.month(month) == before
    assert figures.from_data(figures.as_data(after)) == after


def test_after_the_correction_there_is_nothing_more_to_correct(db, cast, county, month):
    close(db, sit(db, county, rule="best"))
    actions.correct_month(db, month, "补考已结束", by=makers.ROOT, now=LATER)

    with pytest.raises(Refused, match="完全一样"):
        actions.correct_month(db, month, "再来一次", by=makers.ROOT, now=LATER)


def test_before_the_correction_the_page_has_the_make_up_beside_figures_that_stay(db, cast, county, month):
    close(db, sit(db, county, rule="best"))

    shown = queries.beside(db, queries.seen(db, month.id, makers.ROOT))

    assert (shown.waiting, len(shown.makeups)) == (True, 1)
    assert shown.seen.month.total == queries.month(month).total
    assert (shown.seen.month.makeup.sat, shown.seen.month.makeup.passed) == (3, 2)
    said = {row.name: wording.which(row) for row in figures_people(shown.seen.month)}
    assert (said["学员00"], said["学员01"], said["学员03"]) == ("以原测为准，补考合格", "以原测为准，补考未合格", "")


def test_a_version_that_knows_the_make_up_is_shown_as_it_was_frozen(db, cast, county, month):
    close(db, sit(db, county, rule="best"))
    corrected = actions.correct_month(db, month, "补考已结束", by=makers.ROOT, now=LATER)

    seen = queries.seen(db, corrected.id, makers.ROOT)
    shown = queries.beside(db, seen)

    assert (shown.waiting, shown.seen) == (False, seen)


def test_a_month_closed_after_its_make_up_counts_by_the_rule_at_once(db, cast, county):
    bank = makers.make_bank(db, cast.county)
    for kind in ("single", "single", "multi", "judge"):
        for _ in range(4):
            makers.make_question(db, bank, kind)
    county.round.makeup_rule = "best"
    made = makers.make_makeup(db, county.round, at=OVER)
    makers.make_attempt(db, made, county.people[0], 3, at=OVER)
    close(db, made)

    first = queries.month(county.close(db, at=LATER))

    assert (first.number, first.total.passed, first.makeup.passed) == (0, 5, 1)
