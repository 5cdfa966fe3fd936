"""Deeds of those who type paper answer sheets: enter one, decide between two typings, put a typing error right.

Typed on paper is handed in as on the phone: the same judging, the same receipt, how="paper". The sitting is dated by the
round's window, whenever the paper comes in, until the round is closed. What a typist typed is kept for good.

Which of two counts, where somebody began on the phone and wrote on paper as well (product law 8: paper equals phone):

| on the phone                         | the sheet counts                          |
|--------------------------------------|-------------------------------------------|
| the time still runs                  | where an officer writes why               |
| the time ran out, nothing is saved   | like any other sheet                      |
| the time ran out, something is saved | where an officer writes why               |
| handed in by the person              | never: the phone is what the person chose |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from school import audit, words
from school.access import Member, Role
from school.errors import Refused
from school.quizzes import judging_actions, queries, sheet_entry, sheet_entry_queries, taking_actions
from school.quizzes.models import Answer, SheetEntry
from school.quizzes.sheet_entry_queries import Sheet


def enter(
    db: Session, sheet: Sheet, given: Sequence[list], *, reason: str = "", grace: int, by: Member, now: datetime
) -> str:
    """Keep what was typed, one answer per question, and hand it in where nothing is open; returns where the sheet stands.

    | the round asks for | typed before    | the two       | then                           |
    |--------------------|-----------------|---------------|--------------------------------|
    | one typing         | no              |               | handed in: "typed"             |
    | two                | no              |               | waits for another typist: once |
    | two                | by another      | read alike    | handed in: "typed"             |
    | two                | by another      | differ        | an officer decides: "differs"  |

    sheet: locked.  reason: why the sheet counts and not the phone, where there is something on it.  Refused: see
    _must_be_typable; one's own sheet; a second typing by the first typist.
    """
    taking_actions.hand_in_if_over(db, sheet.sitting, now=now, grace=grace)
    _must_be_typable(db, sheet, reason=reason, by=by, now=now)
    entry = SheetEntry(
        attempt_id=sheet.row.attempt.id, number=len(sheet.entries) + 1, given=list(given), typist_id=by.account_id,
        typed_by=by.name, typed_at=now,
    )  # fmt: skip
    db.add(entry)
    after = {
        "person": sheet.row.person.staff_no,
        "number": entry.number,
        "typed": sheet_entry.line(sheet.places, given),
    }
    audit.record(db, by, "enter_sheet", entry, at=now, after=after)
    if sheet.round.double_entry and not sheet.entries:
        return "once"
    if sheet.entries and sheet_entry.differing(sheet.places, sheet.entries[0].given, given):
        return "differs"
    _hand_in(db, sheet, given, reason, by=by, now=now)
    return "typed"


def _must_be_typable(db: Session, sheet: Sheet, *, reason: str, by: Member, now: datetime) -> None:
    name, attempt = sheet.row.candidate.name, sheet.row.attempt
    _must_be_open(sheet, by=by, now=now)
    if sheet.standing == "exempt":
        raise Refused(f"{name}已办理免考，不用录入；确实答了的，请先撤销免考。")
    if sheet.standing == "typed":
        raise Refused(f"{name}的答题卡已经录好，回执号 {attempt.receipt}。打错了的，请管理员更正。")
    if sheet.standing == "phone":
        raise Refused(
            f"{name}已于 {words.moment(attempt.handed_in_at)} 在手机上交卷，以手机答题为准，纸质答题卡不再录入。"
        )
    if sheet.standing == "differs":
        raise Refused(f"{name}的答题卡已录两遍，两遍不一致，请管理员核对后确定。")
    if by.account_id in [entry.typist_id for entry in sheet.entries]:
        raise Refused(f"{name}的答题卡您已录过一遍，第二遍请换一个人录。")
    _phone_must_give_way(db, sheet, reason, by=by)


def _must_be_open(sheet: Sheet, *, by: Member, now: datetime) -> None:
    if sheet.round.state != "published":
        raise Refused("这一轮已经结束或取消，不能再录入答题卡。")
    if now < sheet.round.opens_at:
        raise Refused(f"这一轮 {words.moment(sheet.round.opens_at)} 才开始，还不能录入答题卡。")
    if by.person_id is not None and by.person_id == sheet.row.person.id:
        raise Refused("自己的答题卡不能自己录入，请换一个人录。")


def _phone_must_give_way(db: Session, sheet: Sheet, reason: str, *, by: Member) -> None:
    """What the phone has gives way to the sheet where an officer says why, and nobody has judged it by hand."""
    if sheet.at_stake:
        begun = _begun(sheet)
        if not by.covers(sheet.row.unit.path, Role.OFFICER):
            raise Refused(f"{begun}。要改用纸质答题卡的，请管理员确认后录入。")
        if not reason:
            raise Refused(f"{begun}。以纸质答题卡为准的，请写明理由再保存。")
    _must_be_unjudged(db, sheet)


def _begun(sheet: Sheet) -> str:
    name = sheet.row.candidate.name
    if sheet.row.attempt.handed_in_at:
        return f"{name}的手机答题到时自动交上，存了 {sheet.saved} 题"
    return f"{name}已在手机上开始答题"


def _must_be_unjudged(db: Session, sheet: Sheet) -> None:
    if sheet_entry_queries.judged_by_hand(db, sheet.row.attempt.id):
        raise Refused("这份答卷已有人工评分或改判，不能再改录入。请先收回评分、撤销改判，再来录入。")


def _hand_in(db: Session, sheet: Sheet, given: Sequence[list], reason: str, *, by: Member, now: datetime) -> None:
    attempt, round_ = sheet.row.attempt, sheet.round
    if attempt.started_at:
        _count_instead(db, sheet, reason, by=by, now=now)
    else:
        attempt.started_at = round_.opens_at
        attempt.deadline_at = round_.closes_at + timedelta(minutes=sheet.row.candidate.extension)
    _write(db, sheet, given, now=now)
    if attempt.handed_in_at:
        attempt.handed_in_how, attempt.score = "paper", judging_actions.judge(db, sheet.sitting)
    else:
        taking_actions.hand_in(db, sheet.sitting, how="paper", by=by, now=now)


def _count_instead(db: Session, sheet: Sheet, reason: str, *, by: Member, now: datetime) -> None:
    """Note what the phone had. No score is in it: auditors read it before the review time (rules.md 12)."""
    phone = sheet_entry.line(sheet.places, sheet_entry_queries.given(db, sheet))
    before = {"how": sheet.row.attempt.handed_in_how, "phone": phone, "saved": sheet.saved}
    why = reason if sheet.at_stake else ""
    after = {"how": "paper", "person": sheet.row.person.staff_no, "reason": why}
    audit.record(db, by, "count_sheet", sheet.row.attempt, at=now, before=before, after=after)


def _write(db: Session, sheet: Sheet, given: Sequence[list], *, now: datetime) -> None:
    """The sheet's answers stand, also where the phone had another or the sheet has none."""
    answers = queries.answers_of(db, sheet.row.attempt.id)
    for question, one in zip(queries.questions_of(db, sheet.row.candidate.paper_id), given, strict=True):
        answer = answers.get(question.id)
        if answer is None and one:
            db.add(
                Answer(
                    attempt_id=sheet.row.attempt.id, question_id=question.id, given=one, sequence=1, packet="paper",
                    saved_at=now,
                )
            )  # fmt: skip
        elif answer is not None and answer.given != one:
            answer.given, answer.sequence, answer.packet, answer.saved_at = one, answer.sequence + 1, "paper", now
    db.flush()


def decide(
    db: Session, sheet: Sheet, given: Sequence[list], *, reason: str = "", grace: int, by: Member, now: datetime
) -> None:
    """Settle what two typists read differently. sheet: locked, in an officer's scope; reason: as in `enter`.

    Refused: one of the typists, and where the phone does not give way.
    """
    taking_actions.hand_in_if_over(db, sheet.sitting, now=now, grace=grace)
    _must_be_open(sheet, by=by, now=now)
    if sheet.standing != "differs":
        raise Refused("这张答题卡没有等待确定的差异。")
    if by.account_id in [entry.typist_id for entry in sheet.entries]:
        raise Refused("您录过其中一遍，请没有录过这张答题卡的管理员来确定。")
    _phone_must_give_way(db, sheet, reason, by=by)
    first, second = (sheet_entry.line(sheet.places, entry.given) for entry in sheet.entries)
    after = {"person": sheet.row.person.staff_no, "typed": sheet_entry.line(sheet.places, given)}
    audit.record(
        db, by, "decide_sheet", sheet.row.attempt, at=now, before={"first": first, "second": second}, after=after
    )
    _hand_in(db, sheet, given, reason, by=by, now=now)


def correct(db: Session, sheet: Sheet, given: Sequence[list], reason: str, *, by: Member, now: datetime) -> None:
    """Put a typing error right before the round is closed; the receipt stays. sheet: locked, in an officer's scope.

    Refused: not typed, nothing changed, or markers have already worked on it.
    """
    _must_be_open(sheet, by=by, now=now)
    if sheet.standing != "typed":
        raise Refused("这张答题卡还没有录好，不用更正。")
    before = sheet_entry_queries.given(db, sheet)
    if [*before] == [*given]:
        raise Refused("没有改动任何一题，请核对后再保存。")
    _must_be_unjudged(db, sheet)
    _write(db, sheet, given, now=now)
    sheet.row.attempt.score = judging_actions.judge(db, sheet.sitting)
    after = {"person": sheet.row.person.staff_no, "reason": reason, "typed": sheet_entry.line(sheet.places, given)}
    old = {"typed": sheet_entry.line(sheet.places, before)}
    audit.record(db, by, "correct_sheet", sheet.row.attempt, at=now, before=old, after=after)
