"""Paper answer sheets typed in: handed in once, twice typed where asked, never over what the phone has handed in."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from school import db as ground
from school.access import Grant, Member, Role
from school.audit import AuditLine
from school.errors import NotFound, Refused
from school.quizzes import asked, queries, running_actions, sheet_entry, sheet_entry_actions, sheet_entry_queries
from school.quizzes import taking_actions as taking
from school.quizzes.models import Answer, Mark, SheetEntry
from school.quizzes.paper import Part
from school.roster.models import Person
from tests import makers
from tests.makers import NOW, later

PARTS = (
    Part("single", 1, Decimal(5)), Part("multi", 1, Decimal(5)), Part("judge", 1, Decimal(5)), Part("fill", 1, Decimal(5)),
)  # fmt: skip


def member(account, unit, role=Role.CLERK) -> Member:
    return Member(account.id, account.person_id, account.name, grants=(Grant(role, unit.path),))


@pytest.fixture
def clerk(cast):
    return member(cast.clerk, cast.town)


@pytest.fixture
def second(cast):
    return member(cast.teacher, cast.town)


@pytest.fixture
def officer(cast):
    return member(cast.officer, cast.county, Role.OFFICER)


@pytest.fixture
def round_(db, cast):
    return makers.make_round(db, cast.county, parts=PARTS)


def sheet_of(db, round_, person, by):
    row = next(row for row in queries.candidate_rows(db, round_.id, ("/",)) if row.person.id == person.id)
    return sheet_entry_queries.sheet(db, round_.id, row.candidate.id, by, *sheet_entry_queries.TYPISTS, lock=True)


def right(db, sheet) -> list[list]:
    """The right answer to every question, by way of the letters a typist reads."""
    questions = queries.questions_of(db, sheet.row.candidate.paper_id)
    kept = []
    for question, place in zip(questions, sheet.places, strict=True):
        given = {"judge": [True], "fill": ["30"]}.get(question.kind, question.key)
        kept.append(sheet_entry.read(place, sheet_entry.written(place, given)))
    return kept


def enter(db, round_, person, by, given=None, *, reason="", now=NOW):
    sheet = sheet_of(db, round_, person, by)
    return sheet_entry_actions.enter(
        db, sheet, right(db, sheet) if given is None else given, reason=reason, grace=20, by=by, now=now
    )


def attempt_of(db, round_, person):
    return queries.sitting(db, round_.id, person.id).attempt


def test_a_typed_sheet_is_handed_in_and_counted_like_a_phone(db, cast, round_, clerk):
    """Product law 8: paper equals phone."""
    assert enter(db, round_, cast.person, clerk) == "typed"

    attempt = attempt_of(db, round_, cast.person)
    assert (attempt.score, attempt.handed_in_how, attempt.handed_in_at) == (Decimal(20), "paper", NOW)
    assert (attempt.started_at, attempt.deadline_at) == (round_.opens_at, round_.closes_at)
    assert attempt.receipt
    assert [answer.points for answer in db.scalars(select(Answer))] == [Decimal(5)] * 4


def test_paper_equals_phone_in_the_order_of_options(db, cast, round_, clerk):
    """The letter on the sheet and the letter on the phone are the same option (rules.md 17, 22)."""
    sheet = sheet_of(db, round_, cast.person, clerk)
    candidate = sheet.row.candidate
    for question, place in zip(queries.questions_of(db, candidate.paper_id), sheet.places, strict=True):
        if question.options:
            phone = asked.options_of(question, seed=round_.seed, candidate_id=candidate.id)
            assert place.options == tuple(option["id"] for option in phone)


def test_what_comes_by_car_after_the_window_counts_until_the_round_is_closed(db, cast, round_, clerk):
    late = round_.closes_at + timedelta(days=2)

    assert enter(db, round_, cast.person, clerk, now=late) == "typed"
    assert attempt_of(db, round_, cast.person).handed_in_at == round_.closes_at

    running_actions.close(db, round_, grace=20, by=makers.ROOT, now=late)
    with pytest.raises(Refused, match="已经结束或取消"):
        enter(db, round_, db.get_one(Person, cast.teacher.person_id), clerk, now=late)


def test_nothing_is_typed_before_the_round_opens(db, cast, clerk):
    round_ = makers.make_round(db, cast.county, opens_at=later(hours=1), closes_at=later(hours=3))

    with pytest.raises(Refused, match="才开始"):
        enter(db, round_, cast.person, clerk)


def test_an_unanswered_question_leaves_no_answer(db, cast, round_, clerk):
    given = right(db, sheet_of(db, round_, cast.person, clerk))

    enter(db, round_, cast.person, clerk, [given[0], [], [], []])

    assert len(db.scalars(select(Answer)).all()) == 1
    assert attempt_of(db, round_, cast.person).score == Decimal(5)


def test_a_sheet_is_typed_once(db, cast, round_, clerk, second):
    """Hand-in happens once (rules.md 13)."""
    enter(db, round_, cast.person, clerk)
    receipt = attempt_of(db, round_, cast.person).receipt

    with pytest.raises(Refused, match="已经录好，回执号"):
        enter(db, round_, cast.person, second)
    assert attempt_of(db, round_, cast.person).receipt == receipt


def test_what_the_phone_handed_in_stands(db, cast, round_, clerk):
    """After hand-in every write is refused with a plain sentence (rules.md 12)."""
    makers.make_attempt(db, round_, cast.person, right=1)

    with pytest.raises(Refused, match="在手机上交卷"):
        enter(db, round_, cast.person, clerk)
    assert attempt_of(db, round_, cast.person).score == Decimal(5)


def test_for_somebody_excused_nothing_is_typed(db, cast, round_, clerk):
    row = sheet_of(db, round_, cast.person, clerk).row
    row.candidate.exempt_reason, row.candidate.exempt_by = "病假", "甲"

    with pytest.raises(Refused, match="免考"):
        enter(db, round_, cast.person, clerk)


def test_nobody_types_the_own_sheet(db, cast, round_, clerk):
    with pytest.raises(Refused, match="自己的答题卡"):
        enter(db, round_, db.get_one(Person, cast.clerk.person_id), clerk)


def test_answers_begun_on_the_phone_give_way_only_where_an_officer_confirms(db, cast, round_, clerk, officer):
    question = saved_on_the_phone(db, round_, cast.person)

    with pytest.raises(Refused, match="请管理员确认"):
        enter(db, round_, cast.person, clerk, reason="手机没电")
    with pytest.raises(Refused, match="请写明理由"):
        enter(db, round_, cast.person, officer)
    given = right(db, sheet_of(db, round_, cast.person, officer))
    assert enter(db, round_, cast.person, officer, [*given[:3], []], reason="手机没电", now=later(minutes=5)) == "typed"

    attempt = attempt_of(db, round_, cast.person)
    assert (attempt.handed_in_how, attempt.score, attempt.started_at) == ("paper", Decimal(15), NOW)
    assert db.scalars(select(Answer.given).where(Answer.question_id == question.id)).one() == []
    assert counted(db).before == {"how": "", "phone": "1- 2- 3- 4[九]", "saved": 1}
    with pytest.raises(Refused, match="已于"):
        taking.save(db, taking.Sending(round_.id, cast.person.id, 1, [], 9, "q", later(minutes=6)), grace=20)


def saved_on_the_phone(db, round_, person, given="九"):
    """Begun on the phone, the blank filled in; returns its question."""
    makers.make_attempt(db, round_, person)
    question = queries.questions_of(db, queries.sitting(db, round_.id, person.id).candidate.paper_id)[3]
    taking.save(db, taking.Sending(round_.id, person.id, question.position, [given], 1, "p", NOW), grace=20)
    return question


def counted(db) -> AuditLine:
    """The one note that a sheet counts and not the phone."""
    return db.scalars(select(AuditLine).where(AuditLine.deed == "count_sheet")).one()


@pytest.mark.parametrize("swept", [True, False])
def test_a_sheet_counts_where_the_phone_died_with_nothing_saved(db, cast, round_, clerk, swept):
    """Product law 8: who took to paper loses nothing. swept: the clockwork came by before the typist."""
    makers.make_attempt(db, round_, cast.person)
    morning = later(hours=14)
    if swept:
        taking.hand_in_overdue(db, now=later(hours=1), grace=20)
        assert sheet_of(db, round_, cast.person, clerk).said == "到时自动交上（存了 0 题）"

    assert enter(db, round_, cast.person, clerk, now=morning) == "typed"

    attempt = attempt_of(db, round_, cast.person)
    handed_in = db.scalars(select(AuditLine).where(AuditLine.deed == "hand_in")).one()
    assert (attempt.score, attempt.handed_in_how, attempt.handed_in_at) == (Decimal(20), "paper", later(minutes=30))
    assert attempt.receipt == handed_in.after["receipt"]
    assert counted(db).before == {"how": "deadline", "phone": "1- 2- 3- 4[]", "saved": 0}
    assert counted(db).after == {"how": "paper", "person": cast.person.staff_no, "reason": ""}


def test_an_answer_taken_back_on_the_phone_is_nothing_saved(db, cast, round_, clerk):
    """Clearing an answer is an answer (rules.md 11)."""
    question = saved_on_the_phone(db, round_, cast.person)
    taking.save(db, taking.Sending(round_.id, cast.person.id, question.position, [], 2, "q", NOW), grace=20)

    assert enter(db, round_, cast.person, clerk, now=later(hours=3)) == "typed"


def test_what_the_deadline_handed_in_gives_way_to_the_sheet_where_an_officer_says_why(db, cast, round_, clerk, officer):
    """Walking away hands in what was saved (rules.md 4), and is nobody's word that the phone is to count."""
    saved_on_the_phone(db, round_, cast.person)
    taking.hand_in_overdue(db, now=later(hours=1), grace=20)
    receipt = attempt_of(db, round_, cast.person).receipt
    given = right(db, sheet_of(db, round_, cast.person, officer))
    assert sheet_of(db, round_, cast.person, clerk).said == "到时自动交上（存了 1 题）"

    with pytest.raises(Refused, match="存了 1 题。要改用纸质答题卡的，请管理员确认"):
        enter(db, round_, cast.person, clerk, given, reason="手机没电", now=later(hours=3))
    with pytest.raises(Refused, match="存了 1 题。以纸质答题卡为准的，请写明理由"):
        enter(db, round_, cast.person, officer, given, now=later(hours=3))
    assert attempt_of(db, round_, cast.person).score == Decimal(0)
    assert enter(db, round_, cast.person, officer, given, reason="手机没电", now=later(hours=3)) == "typed"

    attempt = attempt_of(db, round_, cast.person)
    assert (attempt.score, attempt.handed_in_how, attempt.receipt) == (Decimal(20), "paper", receipt)
    assert counted(db).before == {"how": "deadline", "phone": "1- 2- 3- 4[九]", "saved": 1}
    assert (counted(db).actor, counted(db).after["reason"]) == (officer.name, "手机没电")
    assert sheet_of(db, round_, cast.person, officer).standing == "typed"


def test_what_markers_gave_the_phone_is_taken_back_before_the_sheet_counts(db, cast, officer):
    round_ = makers.make_round(db, cast.county, parts=(Part("short", 1, Decimal(20)),))
    makers.make_attempt(db, round_, cast.person)
    taking.save(db, taking.Sending(round_.id, cast.person.id, 1, ["答"], 1, "p", NOW), grace=20)
    taking.hand_in_overdue(db, now=later(hours=1), grace=20)
    answer = db.scalars(select(Answer)).one()
    db.add(Mark(answer_id=answer.id, number=1, points=Decimal(3), marked_by="甲", marked_at=NOW))
    db.flush()

    with pytest.raises(Refused, match="请先收回评分"):
        enter(db, round_, cast.person, officer, [["问"]], reason="手机没电", now=later(hours=3))


@pytest.fixture
def twice(db, cast):
    return makers.make_round(db, cast.county, parts=PARTS, double_entry=True)


def test_typed_twice_alike_by_two_people_it_is_handed_in(db, cast, twice, clerk, second):
    assert enter(db, twice, cast.person, clerk) == "once"
    assert attempt_of(db, twice, cast.person).handed_in_at is None
    with pytest.raises(Refused, match="换一个人"):
        enter(db, twice, cast.person, clerk)

    assert enter(db, twice, cast.person, second) == "typed"

    assert attempt_of(db, twice, cast.person).score == Decimal(20)
    assert [entry.number for entry in db.scalars(select(SheetEntry).order_by(SheetEntry.id))] == [1, 2]


def test_typed_twice_differently_an_officer_who_typed_neither_decides(db, cast, twice, clerk, officer):
    given = right(db, sheet_of(db, twice, cast.person, clerk))
    enter(db, twice, cast.person, clerk, given)
    assert enter(db, twice, cast.person, officer, [[], *given[1:]]) == "differs"
    sheet = sheet_of(db, twice, cast.person, officer)
    assert (sheet.standing, sheet.row.attempt.handed_in_at) == ("differs", None)

    with pytest.raises(Refused, match="您录过其中一遍"):
        sheet_entry_actions.decide(db, sheet, given, grace=20, by=officer, now=NOW)
    with pytest.raises(Refused, match="两遍不一致"):
        enter(db, twice, cast.person, makers.ROOT, given)
    sheet_entry_actions.decide(db, sheet, given, grace=20, by=makers.ROOT, now=NOW)

    assert attempt_of(db, twice, cast.person).score == Decimal(20)
    noted = db.scalars(select(AuditLine).where(AuditLine.deed == "decide_sheet")).one()
    assert (noted.before["first"] == noted.after["typed"], noted.before["second"][:2]) == (True, "1-")
    assert len(db.scalars(select(SheetEntry)).all()) == 2


def test_between_two_typings_an_attempt_begun_on_the_phone_is_not_lost_unsaid(db, cast, twice, clerk, officer):
    given = right(db, sheet_of(db, twice, cast.person, clerk))
    enter(db, twice, cast.person, clerk, given)
    enter(db, twice, cast.person, officer, [[], *given[1:]])
    saved_on_the_phone(db, twice, cast.person)
    sheet, late = sheet_of(db, twice, cast.person, officer), later(hours=3)

    with pytest.raises(Refused, match="到时自动交上，存了 1 题。以纸质答题卡为准的，请写明理由"):
        sheet_entry_actions.decide(db, sheet, given, grace=20, by=makers.ROOT, now=late)
    sheet_entry_actions.decide(db, sheet, given, reason="手机没电", grace=20, by=makers.ROOT, now=late)

    attempt = attempt_of(db, twice, cast.person)
    assert (attempt.score, attempt.handed_in_how, counted(db).after["reason"]) == (Decimal(20), "paper", "手机没电")


def test_a_typing_error_is_put_right_with_a_reason_and_the_receipt_stays(db, cast, round_, clerk, officer):
    """Before and after are kept (rules.md 41)."""
    given = right(db, sheet_of(db, round_, cast.person, clerk))
    enter(db, round_, cast.person, clerk, [[], *given[1:]])
    receipt = attempt_of(db, round_, cast.person).receipt
    sheet = sheet_of(db, round_, cast.person, officer)

    with pytest.raises(Refused, match="没有改动"):
        sheet_entry_actions.correct(db, sheet, [[], *given[1:]], "看错", by=officer, now=NOW)
    sheet_entry_actions.correct(db, sheet, given, "看错", by=officer, now=NOW)

    attempt = attempt_of(db, round_, cast.person)
    assert (attempt.score, attempt.receipt) == (Decimal(20), receipt)
    noted = db.scalars(select(AuditLine).where(AuditLine.deed == "correct_sheet")).one()
    assert (noted.before["typed"][:2], noted.after["reason"]) == ("1-", "看错")
    assert db.scalars(select(SheetEntry.given)).one()[0] == []


def test_what_markers_have_worked_on_is_not_typed_anew(db, cast, clerk, officer):
    round_ = makers.make_round(db, cast.county, parts=(Part("short", 1, Decimal(20)),))
    enter(db, round_, cast.person, clerk, [["答"]])
    answer = db.scalars(select(Answer)).one()
    db.add(Mark(answer_id=answer.id, number=1, points=Decimal(3), marked_by="甲", marked_at=NOW))
    db.flush()

    with pytest.raises(Refused, match="已有人工评分"):
        sheet_entry_actions.correct(
            db, sheet_of(db, round_, cast.person, officer), [["问"]], "看错", by=officer, now=NOW
        )


def test_a_sheet_outside_ones_units_is_not_there(db, cast, round_):
    outsider = member(cast.outsider, cast.other_town)

    with pytest.raises(NotFound):
        sheet_of(db, round_, cast.person, outsider)


def test_a_sheet_that_is_being_entered_is_in_before_the_round_is_closed(engine, db, cast, round_, clerk):
    """The second deed waits for the first, and sees what it has done: a closed round gets no answers any more."""
    sheet = sheet_of(db, round_, cast.person, clerk)
    typed, round_id, candidate_id = right(db, sheet), round_.id, sheet.row.candidate.id
    db.commit()
    held, closed = threading.Event(), threading.Event()

    def close():
        held.wait()
        with ground.writing(engine) as own:
            found = queries.own_round(own, round_id, makers.ROOT)
            running_actions.close(own, found, grace=20, by=makers.ROOT, now=later(hours=3))
        closed.set()

    officer_closes = threading.Thread(target=close)
    officer_closes.start()
    with ground.writing(engine) as own:
        sheet = sheet_entry_queries.sheet(own, round_id, candidate_id, clerk, Role.CLERK, lock=True)
        held.set()
        assert closed.wait(0.5) is False
        sheet_entry_actions.enter(own, sheet, typed, grace=20, by=clerk, now=later(hours=3))
    officer_closes.join()

    deeds = [line.deed for line in db.scalars(select(AuditLine).order_by(AuditLine.id))]
    assert deeds[-2:] == ["hand_in", "close_round"]


def test_after_a_sheet_only_its_unit_is_looked_through(db, cast, round_, officer):
    """Whoever types for the whole county does not load the county for every sheet."""
    rows = sheet_entry_queries.sheets(db, round_, officer, unit_id=cast.town.id)

    assert [row.row.candidate.name for row in rows] == ["买买提·艾力", "镇联络员"]
    assert len(sheet_entry_queries.sheets(db, round_, officer)) == 6
