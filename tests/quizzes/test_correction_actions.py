"""Corrections in the database: one proposes, another approves, all rows or none, and undoing puts every row back."""

from __future__ import annotations

import shutil
import threading
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from school import audit
from school import db as ground
from school.errors import Refused
from school.quizzes import (
    correction_actions,
    correction_queries,
    drawing_queries,
    judging_queries,
    marking,
    marking_actions,
    queries,
    rejudging_queries,
    taking_actions,
)
from school.quizzes.correction import Remedy
from school.quizzes.correction_actions import Proposal
from school.quizzes.models import Answer, Attempt, CorrectionChange, KeyCorrection, PaperQuestion
from tests import makers
from tests.makers import NOW, later
from tests.quizzes import exam_makers
from tests.quizzes.exam_makers import FIRST, SECOND, make_exam, sit

KINDLY_TO_B = Remedy("rekey", ["b"], True)
TO_B = Remedy("rekey", ["b"], False)
FULL, REMOVED, REMOVED_KINDLY = (
    Remedy("full", None, True),
    Remedy("removed", None, False),
    Remedy("removed", None, True),
)


@pytest.fixture
def exam(db, cast):
    """Two forms that share their first question. Of form A: three answered a, b and nothing; of form B one c."""
    made = make_exam(db, cast.county, ["single:1", "judge", "single"], ["single:1", "judge", "multi"])
    person = lambda: makers.make_person(db, "学员", cast.town)  # noqa: E731
    sit(db, made, person(), cast.town, {1: ["a"], 2: [True], 3: ["b"]})
    sit(db, made, person(), cast.town, {1: ["b"], 2: [True], 3: ["a"]})
    sit(db, made, person(), cast.town, {2: [True], 3: ["a"]})
    sit(db, made, person(), cast.village, {1: ["c"], 3: ["a"]}, form=1)
    db.commit()
    return made


def propose(db, exam, remedy, *, question=0, by=FIRST):
    asked = Proposal(exam.questions[question], remedy, "答案与法条不符")
    return correction_actions.propose(db, exam.round, asked, by=by, now=NOW)


def approve(db, exam, remedy, *, question=0, now=NOW):
    made = propose(db, exam, remedy, question=question)
    correction_actions.approve(db, made, by=SECOND, now=now)
    return made


def scores(db):
    return [str(score) for _, score in exam_makers.rows(db)[1]]


def test_the_scores_before_any_correction(db, exam):
    assert scores(db) == ["10", "10", "10", "2.5"]


@pytest.mark.parametrize(
    ("remedy", "after"),
    [
        (TO_B, ["5", "15", "10", "2.5"]),
        (KINDLY_TO_B, ["10", "15", "10", "2.5"]),
        (FULL, ["10", "15", "15", "7.5"]),
        (REMOVED, ["7.5", "15", "15", "3.75"]),
        (REMOVED_KINDLY, ["10", "15", "15", "3.75"]),
    ],
    ids=["rekey", "rekey, never lower", "full", "removed", "removed, never lower"],
)
def test_everybody_who_drew_the_question_is_judged_anew_on_every_form(db, exam, remedy, after):
    """rules.md 23, 24. Somebody who left it unanswered gets the full points of a void question, too."""
    approve(db, exam, remedy)

    assert scores(db) == after
    kept = db.scalars(select(CorrectionChange).order_by(CorrectionChange.attempt_id)).all()
    assert len(kept) == sum(one != old for one, old in zip(after, ["10", "10", "10", "2.5"], strict=True))
    assert all(str(row.score_after) == after[row.attempt_id - 1] for row in kept)


def test_the_frozen_key_never_changes(db, exam):
    """rules.md 16."""
    before = [(one.id, one.key, one.points) for one in db.scalars(select(PaperQuestion).order_by(PaperQuestion.id))]

    approve(db, exam, TO_B)

    assert [
        (one.id, one.key, one.points) for one in db.scalars(select(PaperQuestion).order_by(PaperQuestion.id))
    ] == before


def test_a_preview_names_every_person_and_unit_and_writes_nothing(db, cast, exam):
    """rules.md 23."""
    before = exam_makers.rows(db)

    preview = rejudging_queries.preview(db, exam.round, exam.questions[0], TO_B)

    assert [(one.points_before, one.points_after, one.score_before, one.score_after) for one in preview.people] == [
        (5, 0, 10, 5), (0, 5, 10, 15)
    ]  # fmt: skip
    assert (preview.now_passed, preview.now_failed, preview.waiting) == (0, 1, 0)
    unit = preview.units[0]
    assert [one.unit.short_name for one in preview.units] == ["青杠镇"]
    assert (unit.before.passed, unit.after.passed, unit.before.mean, unit.after.mean) == (3, 2, 10, 10)
    assert (unit.below_before, unit.below_after) == (None, None)
    assert exam_makers.rows(db) == before
    assert db.scalar(select(func.count()).select_from(KeyCorrection)) == 0


def test_a_preview_is_what_the_approval_writes(db, exam):
    """rules.md 23."""
    made = propose(db, exam, REMOVED)
    preview = rejudging_queries.preview(db, exam.round, exam.questions[0], REMOVED)

    correction_actions.approve(db, made, by=SECOND, now=NOW)

    assert rejudging_queries.kept(db, made).people == preview.people


def test_a_unit_large_enough_is_told_when_it_falls_below_the_standard(db, cast):
    exam = make_exam(db, cast.county, ["single", "single"])
    for _ in range(10):
        sit(db, exam, makers.make_person(db, "学员", cast.town), cast.town, {1: ["a"], 2: ["a"]})

    unit = rejudging_queries.preview(db, exam.round, exam.questions[0], TO_B).units[0]

    assert (unit.below_before, unit.below_after) == (False, True)


def test_nothing_changes_until_somebody_else_approves(db, exam):
    """rules.md 23: a second person."""
    made = propose(db, exam, TO_B)
    with pytest.raises(Refused, match="另一位管理员"):
        correction_actions.approve(db, made, by=FIRST, now=NOW)

    assert scores(db) == ["10", "10", "10", "2.5"]
    assert judging_queries.remedies(db, exam.round.id) == {}


def test_the_command_line_may_approve(db, exam):
    made = propose(db, exam, TO_B)

    assert correction_actions.approve(db, made, by=makers.ROOT, now=NOW) == 2


def test_every_deed_leaves_a_line(db, exam):
    made = approve(db, exam, TO_B)
    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1))
    correction_actions.reject(db, propose(db, exam, FULL), "不必", by=SECOND, now=later(hours=2))

    lines = db.scalars(select(audit.AuditLine).order_by(audit.AuditLine.id)).all()
    assert [line.deed for line in lines] == [
        "propose_correction", "approve_correction", "undo_correction", "propose_correction", "reject_correction"
    ]  # fmt: skip
    assert lines[1].after["changed"] == 2
    assert lines[1].actor == "乙"


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        (Remedy("rekey", ["a"], True), "和原来的一样"),
        (Remedy("rekey", [], True), "请选择更正后的答案"),
        (Remedy("rekey", None, True), "请选择更正后的答案"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(db, exam, remedy, said):
    with pytest.raises(Refused, match=said):
        propose(db, exam, remedy)


def test_a_judge_item_is_put_right_to_false(db, cast):
    exam = make_exam(db, cast.county, ["judge"])
    sit(db, exam, cast.person, cast.town, {1: [False]})

    approve(db, exam, Remedy("rekey", False, True))

    assert scores(db) == ["5"]


def test_the_last_question_of_a_paper_is_not_removed(db, cast):
    exam = make_exam(db, cast.county, ["single", "single"])
    propose(db, exam, REMOVED)
    second = propose(db, exam, REMOVED, question=1)
    correction_actions.approve(db, second, by=SECOND, now=NOW)
    first = db.scalars(select(KeyCorrection).where(KeyCorrection.state == "proposed")).one()

    with pytest.raises(Refused, match="没有题目了"):
        correction_actions.approve(db, first, by=SECOND, now=NOW)


def test_a_question_has_one_correction_at_a_time(db, exam):
    """By constraint, not by looking first (rule 14)."""
    first = propose(db, exam, TO_B)
    with pytest.raises(Refused, match="已有一项改判"):
        propose(db, exam, FULL)
    correction_actions.reject(db, first, "重提", by=FIRST, now=NOW)
    second = propose(db, exam, FULL)

    twin = {
        name: getattr(second, name)
        for name in ("round_id", "question_id", "deed", "never_lower", "reason", "proposed_by")
    }
    db.add(KeyCorrection(**twin, state="proposed", proposed_at=NOW))
    with pytest.raises(IntegrityError):
        db.flush()


def test_whoever_hands_in_later_is_judged_by_the_corrected_key(db, cast, exam):
    late = sit(db, exam, cast.person, cast.town, {1: ["b"], 2: [True]}, hand_in=False)
    approve(db, exam, TO_B)
    assert db.get_one(Attempt, late.id).score is None

    exam_makers.finish(db, exam, late)

    assert late.score == 10


def test_undoing_judges_those_who_handed_in_meanwhile_by_the_frozen_key(db, cast, exam):
    before = exam_makers.rows(db)
    made = approve(db, exam, TO_B)
    late = sit(db, exam, cast.person, cast.town, {1: ["b"], 2: [True]})

    assert correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1)) == 3

    points, all_scores = exam_makers.rows(db)
    assert (points[: len(before[0])], all_scores[:-1]) == before
    assert all_scores[-1] == (late.id, 5)


def test_a_later_correction_of_the_same_people_is_undone_first(db, exam):
    first = approve(db, exam, TO_B)
    second = approve(db, exam, FULL, question=2, now=later(minutes=5))
    with pytest.raises(Refused, match="请先撤销后来的"):
        correction_actions.undo(db, first, "看错了", by=FIRST, now=later(hours=1))

    correction_actions.undo(db, second, "看错了", by=FIRST, now=later(hours=1))
    correction_actions.undo(db, first, "看错了", by=FIRST, now=later(hours=1))
    assert scores(db) == ["10", "10", "10", "2.5"]


def test_a_correction_is_decided_and_undone_once(db, exam):
    made = approve(db, exam, TO_B)
    with pytest.raises(Refused, match="办理过了"):
        correction_actions.approve(db, made, by=SECOND, now=NOW)
    with pytest.raises(Refused, match="办理过了"):
        correction_actions.reject(db, made, "不必", by=SECOND, now=NOW)
    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1))
    with pytest.raises(Refused, match="办理过了"):
        correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1))


def test_a_void_short_answer_needs_no_marker_until_it_is_undone(db, cast):
    exam = make_exam(db, cast.county, ["single", "short"])
    sit(db, exam, cast.person, cast.town, {1: ["a"], 2: ["七十年"]})
    made = approve(db, exam, FULL, question=1)
    marking_actions.must_be_marked(db, exam.round)
    assert scores(db) == ["10"]

    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1))
    assert scores(db) == ["5"]
    with pytest.raises(Refused, match="还有 1 份"):
        marking_actions.must_be_marked(db, exam.round)


@pytest.mark.parametrize("remedy", [REMOVED, REMOVED_KINDLY])
def test_a_removed_short_answer_waits_for_nobody_and_a_mark_given_before_is_put_back(db, cast, remedy):
    exam = make_exam(db, cast.county, ["single", "short"])
    for text in ("七十年", "三十年"):
        sit(db, exam, makers.make_person(db, "学员", cast.town), cast.town, {1: ["a"], 2: [text]})
    alike = marking.alike("short", ["七十年"])
    marking_actions.mark(
        db, exam.round, exam.questions[1], alike, Decimal(2), third=False, by=FIRST, now=NOW
    )  # fmt: skip
    before = exam_makers.rows(db)
    made = approve(db, exam, remedy, question=1)
    assert scores(db) == ["10", "10"]
    marking_actions.must_be_marked(db, exam.round)

    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1))
    assert exam_makers.rows(db) == before


def test_a_fill_in_that_the_new_key_does_not_decide_goes_back_to_a_person(db, cast):
    exam = make_exam(db, cast.county, ["fill"])
    sit(db, exam, cast.person, cast.town, {1: ["三十"]})
    to_forty = Remedy("rekey", [["四十"]], False)
    assert rejudging_queries.preview(db, exam.round, exam.questions[0], to_forty).waiting == 1
    made = approve(db, exam, to_forty)
    assert scores(db) == ["0"]

    alike = marking.alike("fill", ["三十"])
    assert marking_actions.mark(
        db, exam.round, exam.questions[0], alike, Decimal(1), third=False, by=FIRST, now=NOW
    ) == 1  # fmt: skip
    assert scores(db) == ["1"]

    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=1))
    assert scores(db) == ["5"]


def test_twenty_approvals_at_once_make_one_decision(engine, db, cast, exam):
    """rules.md 13, 23: by conditional update; the others are told who decided."""
    made = propose(db, exam, TO_B)
    ids = exam.round.id, made.id
    db.commit()
    outcomes = []

    def once(number):
        by = exam_makers.officer(f"官{number}", number)
        try:
            with ground.writing(engine) as own:
                found = correction_queries.correction_of(own, *ids, by, lock=True)
                outcomes.append(correction_actions.approve(own, found, by=by, now=NOW))
        except Refused as refusal:
            outcomes.append(refusal.message[:7])

    run(once)

    assert sorted(map(str, outcomes)) == ["2", *["这项改判已由官"] * 19]
    assert scores(db) == ["5", "15", "10", "2.5"]
    assert db.scalar(select(func.count()).select_from(CorrectionChange)) == 2
    assert db.scalar(select(func.count()).where(audit.AuditLine.deed == "approve_correction")) == 1


def run(once):
    threads = [threading.Thread(target=once, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_whoever_hands_in_while_a_correction_is_approved_is_judged_by_it(engine, db, cast, exam):
    """Nobody falls between the old key and the new: twenty hand in at the same moment."""
    made = propose(db, exam, TO_B)
    for number in range(19):
        sit(db, exam, makers.make_person(db, f"晚{number}", cast.town), cast.town, {1: ["b"]}, hand_in=False)
    waiting = db.scalars(select(Attempt).where(Attempt.handed_in_at.is_(None)).order_by(Attempt.id)).all()
    ids = exam.round.id, made.id, [one.candidate.person_id for one in waiting]
    db.commit()

    def once(number):
        with ground.writing(engine) as own:
            if number == 7:
                found = correction_queries.correction_of(own, ids[0], ids[1], SECOND, lock=True)
                correction_actions.approve(own, found, by=SECOND, now=NOW)
            else:
                person = ids[2][number - (number > 7)]
                sitting = queries.sitting(own, ids[0], person, lock=True)
                taking_actions.hand_in(own, sitting, how="self", by=makers.ROOT, now=NOW)

    run(once)

    assert scores(db)[4:] == ["5"] * 19


REMEDIES = st.builds(
    Remedy, st.just("rekey"), st.sampled_from([["b"], ["c"]]), st.booleans()
) | st.builds(Remedy, st.sampled_from(["full", "removed"]), st.none(), st.booleans())  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(
    answers=st.lists(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=3, max_size=3), min_size=1, max_size=4),
    remedies=st.lists(REMEDIES, min_size=1, max_size=2),
)
def test_undoing_what_was_approved_leaves_every_row_as_it_was(migrated_file, tmp_path_factory, answers, remedies):
    """rules.md 23 as a property: approve some corrections, undo them backwards; and none that may not lower has lowered."""
    path = tmp_path_factory.mktemp("p") / "school.db"
    shutil.copy(migrated_file, path)
    engine = ground.make_engine(f"sqlite:///{path}")
    with ground.writing(engine) as db:
        county = makers.make_unit(db)
        exam = make_exam(db, county, ["single", "single", "single"])
        for given_ in answers:
            chosen = {place: [one] for place, one in enumerate(given_, 1) if one}
            sit(db, exam, makers.make_person(db, "王䶮", county), county, chosen)
        states = [exam_makers.rows(db)]
        made = []
        for number, remedy in enumerate(remedies):
            made.append(approve(db, exam, remedy, question=number, now=later(minutes=number)))
            states.append(exam_makers.rows(db))
            if remedy.never_lower:
                pairs = zip(states[-2][1], states[-1][1], strict=True)
                assert all(after >= before for (_, before), (_, after) in pairs)
        for one, before in reversed(list(zip(made, states, strict=False))):
            correction_actions.undo(db, one, "看错了", by=FIRST, now=later(hours=1))
            assert exam_makers.rows(db) == before
    engine.dispose()


def test_an_approval_that_is_cut_off_leaves_nothing_behind(engine, db, exam):
    """rules.md 23: all rows or nothing."""
    made = propose(db, exam, TO_B)
    ids = exam.round.id, made.id
    db.commit()

    def cut_off():
        with ground.writing(engine) as own:
            found = correction_queries.correction_of(own, *ids, SECOND, lock=True)
            correction_actions.approve(own, found, by=SECOND, now=NOW)
            raise RuntimeError("断电")

    with pytest.raises(RuntimeError, match="断电"):
        cut_off()

    assert scores(db) == ["10", "10", "10", "2.5"]
    assert db.scalar(select(KeyCorrection.state)) == "proposed"
    assert db.scalar(select(func.count()).select_from(CorrectionChange)) == 0
    assert db.scalar(select(func.count()).where(Answer.points == 0)) == 3


def test_a_void_question_tells_nothing_about_how_hard_it_is(db, exam):
    version = db.scalars(select(PaperQuestion.version_id).where(PaperQuestion.question_id == exam.questions[0])).first()
    exam.round.state, exam.round.closed_at = "closed", later(hours=3)
    assert drawing_queries.measured(db)[version].attempts == 4

    made = approve(db, exam, FULL)
    assert version not in drawing_queries.measured(db)

    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=4))
    assert drawing_queries.measured(db)[version].attempts == 4
