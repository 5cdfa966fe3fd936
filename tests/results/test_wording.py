from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from school.results import wording
from school.results.figures import Basis, MakeupCounts, Shortfall, Try
from tests.figures_makers import make_counts, make_month, make_nights, make_person


@pytest.mark.parametrize("title", ["关于测试的通知", "《关于测试的通知》"])
def test_a_basis_names_body_title_number_and_date(title):
    basis = Basis("云岭县委组织部", title, "云组通〔2026〕12号", date(2026, 3, 2))

    assert wording.basis(basis) == "云岭县委组织部《关于测试的通知》（云组通〔2026〕12号，2026年3月2日）"


@pytest.mark.parametrize(
    ("missed", "said"),
    [
        (
            Shortfall("pass_rate", Fraction(20, 24), Decimal("0.9"), True),
            "合格率83.33%（20／24），标准90.00%，低6.67个百分点。偶然可以解释",
        ),
        (
            Shortfall("mean", Fraction(145, 2), Decimal("80.0"), False),
            "平均72.50分（实考24人），标准80分，低7.50分。偶然难以解释",
        ),
        (
            Shortfall("pass_rate", Fraction(89_999, 100_000), Decimal("0.9"), True),
            "合格率90.00%（20／24），标准90.00%，低不足0.01个百分点。偶然可以解释",
        ),
    ],
    ids=["pass rate", "mean", "hidden by rounding"],
)
def test_a_shortfall_is_a_fact_with_its_standard_and_with_chance(missed, said):
    assert wording.shortfall(make_counts(sat=24, passed=20), missed).startswith(said)


def test_a_small_unit_is_summed_up_without_any_rate():
    said = wording.summary(make_counts(on_roster=6, expected=6, sat=6, passed=5), make_month().standard)

    assert "%" not in said
    assert "应考或实考不足10人，只列人数" in said


def test_each_rate_of_the_summary_stands_with_its_denominator():
    """rules.md 26."""
    said = wording.summary(make_counts(), make_month().standard)

    assert "参考率95.83%（23／24），合格率91.30%（21／23），优秀率34.78%（8／23），实考人员平均82.33分" in said


def test_sessions_attendances_people_and_hours_are_four_numbers():
    assert wording.nights(make_nights()) == "计划4期，已举办4期，取消0期；到课96人次，具名登记41人，共8学时。"
    assert wording.nights(make_nights(planned=0, held=0)) == "本月没有安排夜校。"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("first", "以原测结果为准，补考合格另列，不改变原测的合格率和平均分；补考合格不计入合格人数。"),
        ("best", "以两次中较好的一次为准，两次成绩都保留，不相加；各项数字已经这样计入。"),
        ("last", "以最后一次参加的结果为准，两次成绩都保留，不相加；各项数字已经这样计入。"),
    ],
)
def test_a_make_up_is_said_with_its_counts_and_its_rule(rule, said):
    assert wording.makeup(MakeupCounts(8, 1, 7, 5), rule) == "补考：应补考8人，缺考1人，实考7人，补考合格5人。" + said


@pytest.mark.parametrize(
    ("rule", "effect"), [("first", "不计入合格人数"), ("best", "还没有计入补考"), ("last", "还没有计入补考")]
)
def test_a_version_closed_before_the_make_up_says_what_it_does_not_know(rule, effect):
    assert effect in wording.makeup_rule(rule, waiting=True)


def test_both_scores_are_named_and_a_correction_is_begun_with_its_reason():
    person = make_person(tries=(Try(None, "", False), Try(Decimal("62.5"), "passed", True)))

    assert wording.every_score(person) == "原测 —，补考 62.5"
    assert wording.which(person) == "以补考为准，原测缺考"
    assert wording.makeup_reason(["十月补考"]) == "“十月补考”已结束，补记补考结果"
    assert wording.makeup_reason([]) == ""
