"""Deeds of the officers who put a wrong key or a void question right: one proposes, another approves, both can undo it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from school import audit, words
from school.access import Member
from school.errors import Refused
from school.quizzes import correction, correction_queries, judging_actions, judging_queries, rejudging_queries
from school.quizzes.correction import Remedy
from school.quizzes.models import Candidate, CorrectionChange, KeyCorrection, PaperQuestion, Round
from school.quizzes.rejudging_queries import Change


@dataclass(frozen=True)
class Proposal:
    """What an officer proposes for a question of the bank, wherever it stands in the round."""

    question_id: int
    remedy: Remedy
    reason: str


def propose(db: Session, round_: Round, proposal: Proposal, *, by: Member, now: datetime) -> KeyCorrection:
    """Propose a correction; nobody's points change yet. The round is locked by the caller.

    Refused: a round nobody has taken, a key that does not fit, another correction of the same question under way, and
    the removal of the last question that is left on a paper.
    """
    check(db, round_, proposal.question_id, proposal.remedy)
    made = KeyCorrection(
        round=round_, question_id=proposal.question_id, deed=proposal.remedy.deed, key=proposal.remedy.key,
        never_lower=proposal.remedy.never_lower, reason=proposal.reason, proposed_by_id=by.account_id,
        proposed_by=by.name, proposed_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    audit.record(db, by, "propose_correction", made, at=now, after=_said(made))
    return made


def check(db: Session, round_: Round, question_id: int, remedy: Remedy) -> None:
    """Refuse what cannot be proposed; the preview and the proposal ask the same."""
    if round_.state not in ("published", "closed"):
        raise Refused("这一轮还没有发布或已经取消，没有可以改判的作答。")
    if correction_queries.live(db, round_.id, question_id):
        raise Refused("这道题已有一项改判待批准或已生效，请先驳回或撤销那一项。")
    question = correction_queries.item(db, round_.id, question_id).question
    if remedy.deed == "rekey":
        _fits(question, remedy.key)
    if remedy.deed == "removed":
        _leaves_something(db, round_, question_id)


def _fits(question: PaperQuestion, key: object) -> None:
    """Refuse a key that the question cannot have, or has."""
    if question.kind not in correction.REKEYED:
        raise Refused("这类题由人工评分，不能改正答案；评分有误的，请在“人工评阅”里改评，或者给满分、剔除。")
    if not key and key is not False:
        raise Refused("请选择更正后的答案。")
    if question.kind == "fill" and (len(key) != len(question.key) or not all(key)):
        raise Refused(f"这道题有 {len(question.key)} 个空，请每行写一个空的答案。")
    if _same(key) == _same(question.key):
        raise Refused("更正后的答案和原来的一样，请重新选择。")


def _same(key: object) -> object:
    return sorted(map(str, key)) if isinstance(key, list) else key


def _leaves_something(db: Session, round_: Round, question_id: int) -> None:
    gone = {one for one, remedy in judging_queries.remedies(db, round_.id).items() if remedy.deed == "removed"}
    gone.add(question_id)
    asked: dict[int, set[int]] = {}
    for paper_id, own in judging_queries.asked(db, round_.id).items():
        asked[paper_id] = {question.question_id for question in own}
    if any(questions <= gone for questions in asked.values()):
        raise Refused("剔除以后有的试卷就没有题目了，请改用“全部给满分”，或者取消这一轮。")


def approve(db: Session, made: KeyCorrection, *, by: Member, now: datetime) -> int:
    """Let a proposed correction take force and judge everybody anew; returns for how many something changed.

    One decision, however often and from wherever it is sent: by conditional update. Refused: by whoever proposed it, and
    when it has been decided.
    """
    _by_another(made, by)
    _move(db, made, "proposed", state="approved", decided_by=by.name, decided_at=now)
    if made.deed == "removed":
        _leaves_something(db, made.round, made.question_id)
    _hold(db, made)
    changes = rejudging_queries.judged_anew(db, made.round, made.question_id, judging_queries.remedy(made))
    changed = [one for one in changes if one.happens]
    _write(db, changed)
    rows = [_row(made, one) for one in changed]
    if rows:
        db.execute(insert(CorrectionChange), rows)
    after = {**_said(made), "changed": len(rows), "proposed_by": made.proposed_by}
    audit.record(db, by, "approve_correction", made, at=now, after=after)
    return len(rows)


def _by_another(made: KeyCorrection, by: Member) -> None:
    if by.account_id is not None and by.account_id == made.proposed_by_id:
        raise Refused("改判由一人提出、另一人批准，请另一位管理员来办理。")


def _move(db: Session, made: KeyCorrection, expected: str, **values) -> None:
    """Change the state if it is still the expected one; of several at once, one succeeds."""
    first = update(KeyCorrection).where(KeyCorrection.id == made.id, KeyCorrection.state == expected)
    moved = db.execute(first.values(**values)).rowcount
    db.refresh(made)
    if not moved:
        who, when = (made.undone_by, made.undone_at) if made.undone_at else (made.decided_by, made.decided_at)
        raise Refused(f"这项改判已由{who}于 {words.moment(when)} 办理过了，请刷新页面查看。")


def _hold(db: Session, made: KeyCorrection) -> None:
    """Wait for those who are handing in at this moment, so that everybody is judged either here or there by the new key."""
    papers = select(PaperQuestion.paper_id).where(PaperQuestion.question_id == made.question_id)
    judging_actions.hold(db, made.round_id, Candidate.paper_id.in_(papers))


def _write(db: Session, changes: list[Change]) -> None:
    points = {one.answer_id: one.points_after for one in changes if one.answer_id}
    judging_actions.write(db, points, {one.attempt_id: one.score_after for one in changes})


def _row(made: KeyCorrection, one: Change) -> dict:
    return {
        "correction_id": made.id, "attempt_id": one.attempt_id, "answer_id": one.answer_id,
        "points_before": one.points_before, "points_after": one.points_after,
        "score_before": one.score_before, "score_after": one.score_after,
    }  # fmt: skip


def reject(db: Session, made: KeyCorrection, reason: str, *, by: Member, now: datetime) -> None:
    """Turn a proposal down, with a reason; whoever made it takes it back this way. Refused when it has been decided."""
    _move(db, made, "proposed", state="rejected", decided_by=by.name, decided_at=now)
    audit.record(db, by, "reject_correction", made, at=now, after={"reason": reason})


def undo(db: Session, made: KeyCorrection, reason: str, *, by: Member, now: datetime) -> int:
    """Take an approved correction out of force and put every row back; returns how many attempts changed.

    Whoever handed in while it was in force is judged by the frozen key.  Refused: not approved, undone already, and
    while a later correction rests on the same attempts.
    """
    later = correction_queries.built_upon(db, made)
    if later is not None:
        raise Refused(f"后来的改判（{later.reason}）改动过同样的答卷，请先撤销后来的那一项。")
    _move(db, made, "approved", state="undone", undone_by=by.name, undone_at=now)
    _hold(db, made)
    kept = db.scalars(select(CorrectionChange).where(CorrectionChange.correction_id == made.id))
    rows = {row.attempt_id: row for row in kept}
    old = judging_queries.remedy(made)
    anew = rejudging_queries.judged_anew(db, made.round, made.question_id, None, old=old)
    changes = [restored for one in anew if (restored := _restored(one, rows.get(one.attempt_id))).happens]
    _write(db, changes)
    audit.record(db, by, "undo_correction", made, at=now, after={"reason": reason, "changed": len(changes)})
    return len(changes)


def _restored(one: Change, row: CorrectionChange | None) -> Change:
    """The change back: exactly what was kept where nothing has happened since, else as judged anew."""
    if row is None or (one.points_before, one.score_before) != (row.points_after, row.score_after):
        return one
    return replace(one, points_after=row.points_before, score_after=row.score_before)


def _said(made: KeyCorrection) -> dict:
    """What an audit line says of a correction: not the key, for auditors read it before the review time (rules.md 12)."""
    return {
        "question": made.question_id,
        "deed": made.deed,
        "never_lower": made.never_lower,
        "reason": made.reason,
    }
