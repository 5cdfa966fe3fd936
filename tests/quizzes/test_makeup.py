"""补考: who may take one, which result counts, and how one is planned and published."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from school import audit
from school.access import Role
from school.errors import Refused
from school.quizzes import actions, makeup, makeup_actions, makeup_queries, queries
from school.quizzes.makeup import Standing
from school.quizzes.makeup_actions import MakeupPlan
from school.quizzes.models import Candidate, Paper, PaperQuestion, Round
from school.quizzes.paper import Part
from tests import makers
from tests.makers import NOW, later

#: an hour after the last answer of a round open for two hours from NOW could arrive
OVER = later(hours=3)
MARK = Decimal(60)


def points(*numbers):
    return [None if number is None else Decimal(number) for number in numbers]


@pytest.mark.parametrize(
    ("scores", "first", "best", "last"),
    [
        ((50, 70), 0, 1, 1),
        ((50, 40), 0, 0, 1),
        ((50, 50), 0, 0, 1),
        ((None, 70), 0, 1, 1),
        ((50, None), 0, 0, 0),
        ((None, None), 0, 0, 0),
        ((50, 55, 70), 0, 2, 2),
        ((50, 70, 65), 0, 1, 2),
        ((None, 55, None), 0, 1, 1),
        ((50,), 0, 0, 0),
    ],
)
def test_the_rule_says_which_result_counts(scores, first, best, last):
    """rules.md 29"""
    assert [makeup.counted(points(*scores), rule) for rule in ("first", "best", "last")] == [first, best, last]


@pytest.mark.parametrize(
    ("standing", "group"),
    [
        (Standing(False, None), "absent"),
        (Standing(False, Decimal(59)), "below"),
        (Standing(False, Decimal(60)), "passed"),
        (Standing(True, Decimal(10)), "exempt"),
        (Standing(False, Decimal(10), (Decimal(60),)), "passed"),
        (Standing(False, None, (Decimal(59),)), "below"),
        (Standing(False, None, (None,)), "absent"),
    ],
)
def test_everybody_stands_in_one_group(standing, group):
    assert makeup.group(standing, MARK) == group


@pytest.mark.parametrize(
    ("standing", "allowed", "why"),
    [
        (Standing(False, None), 1, ""),
        (Standing(False, None, on_roster=False), 1, "已不在花名册应考人员里"),
        (Standing(False, None, (None,)), 1, "1 次补考机会已用"),
        (Standing(False, None, (None,), waiting=True), 2, "已列入另一场补考，那一场还没有结束"),
        (Standing(False, None, (None,)), 2, ""),
    ],
)
def test_who_may_not_take_one_is_told_why(standing, allowed, why):
    assert makeup.barred(standing, allowed) == why


def test_a_title_keeps_its_ending_however_long_the_round_is_called():
    assert makeup.title("十一月测试", 0) == "十一月测试补考"
    assert makeup.title("长" * 120, 1) == "长" * 115 + "第2次补考"


@pytest.mark.parametrize("rule", ["first", "best", "last"])
def test_the_rule_is_printed_for_those_who_answer(rule):
    assert makeup.said("makeup", 1, rule) == f"这是补考，{makeup.RULES[rule]}。"
    assert makeup.said("", 2, rule) == f"没有参加或者没有合格的，可以补考 2 次；{makeup.RULES[rule]}。"
    assert (makeup.said("", 0, rule), makeup.said("retest", 1, rule)) == ("", "")


@pytest.fixture
def over(db, cast):
    """A round that is over: of 青杠镇 甲 passed, 乙 stayed below, 丙 and all of the cast never came, 丁 is exempt."""
    people = {name: makers.make_person(db, name, cast.town) for name in "甲乙丙丁"}
    round_ = makers.make_round(db, cast.county, questions=20)
    makers.make_attempt(db, round_, people["甲"], 4)
    makers.make_attempt(db, round_, people["乙"], 1)
    exempt(db, round_, people["丁"])
    db.commit()
    return round_, people


def exempt(db, round_, person):
    candidate_id = db.scalars(
        select(Candidate.id).where(Candidate.round_id == round_.id, Candidate.person_id == person.id)
    ).one()
    row = queries.candidate(db, round_.id, candidate_id, makers.ROOT, Role.OFFICER)
    row.candidate.exempt_reason, row.candidate.exempt_by = "产假", "乙"
    db.flush()


def names(db, round_):
    return set(db.scalars(select(Candidate.name).where(Candidate.round_id == round_.id)))


def asked(db, *rounds):
    ids = [round_.id for round_ in rounds]
    statement = select(PaperQuestion.question_id).join(Paper, Paper.id == PaperQuestion.paper_id)
    return set(db.scalars(statement.where(Paper.round_id.in_(ids))))


CAST = {"买买提·艾力", "县管理员", "镇联络员", "村夜校校长", "审阅人", "邻乡联络员"}


@pytest.mark.parametrize(
    ("whom", "called"), [("both", {"乙", "丙"} | CAST), ("below", {"乙"}), ("absent", {"丙"} | CAST)]
)
def test_exactly_those_absent_or_below_are_called(db, cast, over, whom, called):
    made = makers.make_makeup(db, over[0], at=OVER, whom=whom)

    assert names(db, made) == called


def test_a_make_up_asks_and_judges_as_the_round_did_and_names_the_round_it_repeats(db, cast, over):
    round_, _ = over
    made = makers.make_makeup(db, round_, at=OVER)

    assert (made.title, made.repeats_id, made.repeats_kind) == ("2026年11月政策测试补考", round_.id, "makeup")
    same = ("blueprint", "pass_mark", "excellent_mark", "multi_rule", "basis_number", "month", "makeup_rule", "mode")
    assert [getattr(made, name) for name in same] == [getattr(round_, name) for name in same]
    assert queries.round_of_month(db, cast.county.id, round_.month).id == round_.id


def test_no_question_of_the_round_or_of_its_other_repeats_is_asked_again(db, cast, over):
    """rules.md 53"""
    round_, people = over
    round_.makeups = 2
    retest = actions.plan_retest(
        db, round_, cast.town, seed="r", opens_at=OVER, closes_at=OVER + timedelta(hours=2), by=makers.ROOT, now=OVER
    )
    makers.publish(db, retest, now=OVER, only=[people["乙"].id])
    first = makers.make_makeup(db, round_, at=OVER)
    second = makers.make_makeup(db, round_, at=OVER + timedelta(hours=4))

    drawn = [asked(db, one) for one in (round_, retest, first, second)]
    assert [len(one) for one in drawn] == [8, 8, 8, 8]
    assert len(set.union(*drawn)) == 32
    assert second.title == "2026年11月政策测试第2次补考"


def test_a_bank_without_unseen_questions_refuses_and_nothing_is_published(db, cast):
    """rules.md 21"""
    round_ = makers.make_round(db, cast.county)
    draft = makers.make_makeup(db, round_, at=OVER, published=False)

    with pytest.raises(Refused, match="题库不够组卷"):
        makers.publish_makeup(db, draft, now=OVER)

    assert (draft.state, names(db, draft)) == ("draft", set())


def test_the_people_are_found_anew_when_it_is_published(db, cast, over):
    round_, people = over
    draft = makers.make_makeup(db, round_, at=OVER, published=False)
    exempt(db, round_, people["乙"])
    people["丙"].assignments[0].until_on = makers.TODAY

    makers.publish_makeup(db, draft, now=OVER)

    assert names(db, draft) == CAST


def test_who_has_used_the_make_up_is_left_out_with_the_reason_whether_they_came_or_not(db, cast, over):
    round_, people = over
    first = makers.make_makeup(db, round_, at=OVER)
    makers.make_attempt(db, first, people["乙"], 0, at=OVER)

    calling = makeup_queries.calling(db, round_, now=OVER + timedelta(days=1))

    assert (calling.called("both"), calling.passed, calling.exempt) == ([], 1, 1)
    assert {line.barred for line in calling.barred} == {"1 次补考机会已用"}
    assert {line.row.candidate.name for line in calling.barred} == {"乙", "丙"} | CAST


def test_who_was_excused_from_a_make_up_may_take_the_next_one(db, cast, over):
    round_, people = over
    first = makers.make_makeup(db, round_, at=OVER)
    exempt(db, first, people["丙"])

    assert makeup_queries.calling(db, round_, now=OVER + timedelta(days=1)).called("both") == [people["丙"].id]


def test_with_two_allowed_nobody_is_called_to_two_at_a_time_and_who_passed_to_none(db, cast, over):
    round_, people = over
    round_.makeups = 2
    first = makers.make_makeup(db, round_, at=OVER, whom="below")

    assert people["乙"].id not in makeup_queries.calling(db, round_, now=OVER).called("both")
    makers.make_attempt(db, first, people["乙"], 4, at=OVER)
    calling = makeup_queries.calling(db, round_, now=OVER + timedelta(days=1))
    assert (calling.passed, people["乙"].id in calling.called("both")) == (2, False)


def test_the_counts_per_unit_stand_in_official_order(db, cast, over):
    lines = makeup_queries.calling(db, over[0], now=OVER).units

    assert [(line.unit.short_name, line.absent, line.below, line.barred) for line in lines] == [
        ("云岭县", 2, 0, 0), ("青杠镇", 3, 1, 0), ("柏树村", 1, 0, 0), ("雪松乡", 1, 0, 0),
    ]  # fmt: skip


def test_walking_away_is_handed_in_before_it_is_asked_who_passed(db, cast, over):
    """rules.md 4"""
    round_, people = over
    sitting = queries.sitting(db, round_.id, people["丙"].id)
    makers.make_attempt(db, round_, people["丙"], None)
    db.flush()
    assert sitting.attempt.handed_in_at is None

    made = makers.make_makeup(db, round_, at=OVER, whom="below")

    assert names(db, made) == {"乙", "丙"}


@pytest.mark.parametrize("moment", [NOW, later(hours=2, seconds=19)])
def test_a_round_that_is_not_over_has_no_make_up(db, cast, over, moment):
    """rules.md 6"""
    with pytest.raises(Refused, match="还有人可以答题"):
        makers.make_makeup(db, over[0], at=moment)


def test_a_round_may_have_none_at_all(db, cast, over):
    over[0].makeups = 0
    with pytest.raises(Refused, match="不安排补考"):
        makers.make_makeup(db, over[0], at=OVER)


def test_a_make_up_has_no_make_up_of_its_own(db, cast, over):
    first = makers.make_makeup(db, over[0], at=OVER)
    with pytest.raises(Refused, match="不再安排补考"):
        makers.make_makeup(db, first, at=OVER + timedelta(days=1))


def test_a_cancelled_round_has_none(db, cast):
    round_ = makers.make_round(db, cast.county, published=False)
    round_.state = "cancelled"
    with pytest.raises(Refused, match="没有发布或者已经取消"):
        makers.make_makeup(db, round_, at=OVER)


def test_with_nobody_left_none_is_planned_and_none_published(db, cast, over):
    round_, _ = over
    draft = makers.make_makeup(db, round_, at=OVER, published=False)
    makers.make_makeup(db, round_, at=OVER)

    with pytest.raises(Refused, match="没有可以参加补考的人员"):
        makers.publish_makeup(db, draft, now=OVER)
    with pytest.raises(Refused, match="没有可以参加补考的人员"):
        makers.make_makeup(db, round_, at=OVER + timedelta(days=1), published=False)


def test_it_is_never_published_for_everybody_by_the_way_of_a_regular_round(db, cast, over):
    draft = makers.make_makeup(db, over[0], at=OVER, published=False)

    with pytest.raises(Refused, match="只发给名单里的人"):
        makers.publish(db, draft, now=OVER)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (MakeupPlan(OVER, OVER + timedelta(minutes=29), 30, "both"), "比答题时间还短"),
        (MakeupPlan(NOW, OVER, 30, "both"), "已经过去"),
    ],
)
def test_a_window_must_hold_the_working_time_and_lie_ahead(db, cast, over, plan, said):
    with pytest.raises(Refused, match=said):
        makeup_actions.plan_makeup(db, over[0], plan, grace=20, by=makers.ROOT, now=OVER)


def test_a_draft_is_changed_and_leaves_a_line_a_published_one_is_not(db, cast, over):
    draft = makers.make_makeup(db, over[0], at=OVER, published=False)
    plan = MakeupPlan(OVER, OVER + timedelta(hours=2), 40, "below")

    makeup_actions.change_makeup(db, draft, plan, by=makers.ROOT, now=OVER)

    line = db.scalars(select(audit.AuditLine).order_by(audit.AuditLine.id.desc())).first()
    assert (draft.minutes, draft.repeats_whom, line.deed) == (40, "below", "change_makeup")
    assert (line.before, line.after) == (
        {"minutes": 30, "whom": "缺考和不合格的人员"}, {"minutes": 40, "whom": "不合格的人员"},
    )  # fmt: skip
    makers.publish_makeup(db, draft, now=OVER)
    with pytest.raises(Refused, match="已经发布"):
        makeup_actions.change_makeup(db, draft, plan, by=makers.ROOT, now=OVER)


def test_a_persons_two_results_are_found_from_either_and_the_rule_of_the_round_decides(db, cast, over):
    round_, people = over
    round_.makeup_rule = "best"
    made = makers.make_makeup(db, round_, at=OVER)
    makers.make_attempt(db, made, people["乙"], 4, at=OVER)

    for one in (round_, made):
        found = makeup_queries.sittings_of(db, one, people["乙"].id)
        assert [sitting.round.id for sitting in found] == [round_.id, made.id]
        assert [sitting.attempt.score for sitting in found] == [Decimal(5), Decimal(20)]
        assert makeup_queries.counted(found).round.id == made.id
    assert [one.round.id for one in makeup_queries.sittings_of(db, round_, people["甲"].id)] == [round_.id]


def test_two_drafts_cannot_be_in_the_way_of_the_regular_round(db, cast, over):
    makers.make_makeup(db, over[0], at=OVER, published=False)

    assert queries.last_round(db, cast.county.id).id == over[0].id
    assert db.scalars(select(Round.id).where(Round.repeats_id.is_(None))).all() == [over[0].id]


def test_while_answers_wait_for_a_marker_nobody_knows_who_is_below(db, cast):
    """rules.md 28"""
    round_ = makers.make_round(db, cast.county, questions=4, parts=(Part("short", 1, Decimal(20)),), forms=1)
    makers.make_attempt(db, round_, cast.person, 1)

    with pytest.raises(Refused, match="还有 1 份作答等人工评阅"):
        makers.make_makeup(db, round_, at=OVER)
