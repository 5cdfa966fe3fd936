"""Deeds of the officer: plan a round, publish it (which freezes papers and candidates), exempt, extend, close."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from school import audit, clock
from school.access import Member
from school.errors import Refused
from school.questions.models import QuestionVersion
from school.quizzes import paper, queries, taking_actions, timing
from school.quizzes.models import Attempt, Candidate, Paper, PaperQuestion, Round
from school.roster import queries as roster
from school.roster.models import Assignment, Unit

#: candidates written in one statement
BATCH = 500


@dataclass(frozen=True)
class Plan:
    """What an officer decides about a round. parts: paper.Part; topics: empty for the whole bank."""

    title: str
    month: date
    opens_at: datetime
    closes_at: datetime
    minutes: int
    scope: str
    parts: tuple[paper.Part, ...]
    topics: tuple[str, ...]
    audiences: tuple[str, ...]
    forms: int
    multi_rule: str
    pass_mark: Decimal
    excellent_mark: Decimal
    asked_pass_percent: Decimal
    asked_mean: Decimal
    basis_body: str
    basis_title: str
    basis_number: str
    basis_on: date

    def columns(self) -> dict:
        """The plan as values of a round's columns."""
        values = asdict(self)
        parts, topics, audiences, forms = (values.pop(name) for name in ("parts", "topics", "audiences", "forms"))
        named = [{**part, "points": str(part["points"])} for part in parts]
        values["blueprint"] = {"parts": named, "topics": list(topics), "audiences": list(audiences), "forms": forms}
        values["month"] = clock.month(self.month)
        return values


def parts_of(round_: Round) -> list[paper.Part]:
    """The blueprint of a round."""
    return [paper.Part(p["kind"], p["count"], Decimal(p["points"])) for p in round_.blueprint["parts"]]


def plan_round(db: Session, unit: Unit, plan: Plan, *, by: Member, now: datetime) -> Round:
    """A draft round of a unit. Refused: marks that do not fit the paper, a window shorter than the working time."""
    _check(plan)
    round_ = Round(unit_id=unit.id, seed=secrets.token_hex(8), **plan.columns())
    db.add(round_)
    audit.record(db, by, "plan_round", round_, at=now, after={"title": plan.title, "opens_at": plan.opens_at})
    return round_


def change_round(db: Session, round_: Round, plan: Plan, *, by: Member, now: datetime) -> None:
    """Change a draft. Refused once it is published."""
    _must_be(round_, "draft", "这一轮已经发布，不能再改题量和标准；确需调整请取消后另设一轮。")
    _check(plan)
    before = {name: getattr(round_, name) for name in plan.columns()}
    for name, value in plan.columns().items():
        setattr(round_, name, value)
    after = {name: getattr(round_, name) for name in before}
    changed = [name for name in before if before[name] != after[name]]
    audit.record(
        db, by, "change_round", round_, at=now,
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip


def _check(plan: Plan) -> None:
    full = paper.full_mark(plan.parts)
    if not plan.parts:
        raise Refused("请至少填写一种题型的题数。")
    if not plan.pass_mark <= plan.excellent_mark <= full:
        raise Refused(f"合格线、优秀线要依次升高，且不超过卷面总分 {full} 分。")
    if plan.asked_mean > full:
        raise Refused(f"平均分标准不能超过卷面总分 {full} 分。")
    if plan.closes_at - plan.opens_at < timedelta(minutes=plan.minutes):
        raise Refused("开放时间比答题时间还短，请把截止时间往后移。")


def _must_be(round_: Round, state: str, sentence: str) -> None:
    if round_.state != state:
        raise Refused(sentence)


def publish(db: Session, round_: Round, *, by: Member, now: datetime, only: Sequence[int] | None = None) -> int:
    """Draw the papers, freeze the candidates, prepare their attempts; returns how many candidates there are.

    only: person ids, for a retest. Refused: not a draft, a window already over, too small a bank, nobody to ask.
    """
    _must_be(round_, "draft", "这一轮已经发布过了。")
    if round_.closes_at <= now:
        raise Refused("截止时间已经过去，请先修改开放时间再发布。")
    papers = _draw_papers(db, round_, on=clock.day(max(now, round_.opens_at)))
    frozen = roster.counted_on(db, round_.unit.path, clock.day(now))
    called = [assignment for assignment in frozen if only is None or assignment.person_id in set(only)]
    if not called:
        raise Refused("这个范围内没有计入应考的人员，请先核对花名册。")
    _freeze(db, round_, called, papers)
    round_.state, round_.published_at = "published", now
    after = {"candidates": len(called), "papers": [p.form for p in papers], "seed": round_.seed}
    audit.record(db, by, "publish_round", round_, at=now, after=after)
    return len(called)


def _draw_papers(db: Session, round_: Round, *, on: date) -> list[Paper]:
    blueprint = round_.blueprint
    seen = queries.questions_asked(db, round_.repeats_id) if round_.repeats_id else set()
    bank = queries.pool(
        db, round_.unit.path, topics=blueprint["topics"], audiences=blueprint["audiences"], without=seen, on=on
    )
    drawn = paper.draw(parts_of(round_), bank, forms=blueprint["forms"], seed=round_.seed)
    ids = [question.version_id for form in drawn for question, _ in form]
    versions = {v.id: v for v in db.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids)))}
    papers = []
    for name, form in zip(paper.FORMS, drawn, strict=False):
        copied = [
            _copied(versions[question.version_id], points, position)
            for position, (question, points) in enumerate(form, 1)
        ]
        papers.append(Paper(round_id=round_.id, form=name, questions=copied))
    db.add_all(papers)
    db.flush()
    return papers


def _copied(version: QuestionVersion, points: Decimal, position: int) -> PaperQuestion:
    citation = f"《{version.law}》{version.article}" if version.law else version.basis
    return PaperQuestion(
        position=position, question_id=version.question_id, version_id=version.id, kind=version.kind, stem=version.stem,
        options=version.options, key=version.key, points=points, explanation=version.explanation, citation=citation,
        topic=version.topic,
    )  # fmt: skip


def _freeze(db: Session, round_: Round, called: Sequence[Assignment], papers: Sequence[Paper]) -> None:
    """Neighbours in a unit's list get different forms; candidates and attempts are written in batches."""
    place: dict[int, int] = {}
    rows = []
    for assignment in called:
        place[assignment.unit_id] = place.get(assignment.unit_id, -1) + 1
        form = papers[paper.form_for(place[assignment.unit_id], len(papers))]
        rows.append({
            "round_id": round_.id, "person_id": assignment.person_id, "unit_id": assignment.unit_id,
            "name": assignment.person.name, "post": assignment.post, "paper_id": form.id,
        })  # fmt: skip
    for start in range(0, len(rows), BATCH):
        db.execute(insert(Candidate), rows[start : start + BATCH])
    ids = db.scalars(select(Candidate.id).where(Candidate.round_id == round_.id).order_by(Candidate.id)).all()
    for start in range(0, len(ids), BATCH):
        db.execute(insert(Attempt), [{"candidate_id": one} for one in ids[start : start + BATCH]])


def exempt(db: Session, row: queries.CandidateRow, reason: str, *, by: Member, now: datetime) -> None:
    """Excuse a candidate with a reason (免考). Refused for somebody who has begun."""
    if row.attempt.started_at:
        raise Refused(f"{row.candidate.name}已经开始答题，不能再办免考。")
    before = {"reason": row.candidate.exempt_reason}
    row.candidate.exempt_reason, row.candidate.exempt_by = reason, by.name
    after = {"person": row.person.staff_no, "reason": reason}
    audit.record(db, by, "exempt_candidate", row.candidate, at=now, before=before, after=after)


def unexempt(db: Session, row: queries.CandidateRow, *, by: Member, now: datetime) -> None:
    """Take an exemption back."""
    before = {"person": row.person.staff_no, "reason": row.candidate.exempt_reason}
    row.candidate.exempt_reason = row.candidate.exempt_by = ""
    audit.record(db, by, "unexempt_candidate", row.candidate, at=now, before=before)


def extend(
    db: Session, round_: Round, row: queries.CandidateRow, minutes: int, reason: str, *, by: Member, now: datetime
) -> None:
    """Give one person more minutes, in all. An open attempt gets them at once; a finished one is never reopened.

    Refused once nobody has time left: keys have been shown, or are about to be.
    """
    if round_.state != "published" or now >= timing.reveals_at(
        round_.closes_at, queries.longest_extension(db, round_.id), 0
    ):
        raise Refused("这一轮的答题时间已经结束，答案已可查看，不能再延长。需要补测的，请安排复测。")
    if row.attempt.handed_in_at:
        raise Refused(f"{row.candidate.name}已经交卷，不能再延长。")
    before = {"minutes": row.candidate.extension, "deadline_at": row.attempt.deadline_at}
    if row.attempt.deadline_at:
        row.attempt.deadline_at += timedelta(minutes=minutes - row.candidate.extension)
    row.candidate.extension, row.candidate.extension_reason = minutes, reason
    after = {
        "person": row.person.staff_no,
        "minutes": minutes,
        "reason": reason,
        "deadline_at": row.attempt.deadline_at,
    }
    audit.record(db, by, "extend_candidate", row.candidate, at=now, before=before, after=after)


def cancel(db: Session, round_: Round, reason: str, *, by: Member, now: datetime) -> None:
    """Call a round off; what was answered stays readable to the people themselves. Refused once it is closed."""
    if round_.state not in ("draft", "published"):
        raise Refused("这一轮已经结束，不能取消。")
    before = {"state": round_.state}
    round_.state = "cancelled"
    audit.record(db, by, "cancel_round", round_, at=now, before=before, after={"reason": reason})


def close(db: Session, round_: Round, *, grace: int, by: Member, now: datetime) -> None:
    """End a round after its time: open attempts are handed in as saved. Refused while anybody has time left."""
    _must_be(round_, "published", "只有已发布的轮次才能结束。")
    ends = timing.reveals_at(round_.closes_at, queries.longest_extension(db, round_.id), grace)
    if now < ends:
        raise Refused(f"还有人可以答题，{clock.local(ends):%m月%d日 %H:%M} 以后才能结束这一轮。")
    taking_actions.hand_in_overdue(db, now=now, grace=grace, round_id=round_.id)
    round_.state, round_.closed_at = "closed", now
    audit.record(db, by, "close_round", round_, at=now)


def plan_retest(
    db: Session, round_: Round, unit: Unit, *, opens_at: datetime, closes_at: datetime, by: Member, now: datetime
) -> Round:
    """A draft round that repeats another for one unit, with the same blueprint and standard and unseen questions."""
    copied = (
        "month", "minutes", "scope", "blueprint", "multi_rule", "pass_mark", "excellent_mark", "asked_pass_percent",
        "asked_mean", "basis_body", "basis_title", "basis_number", "basis_on",
    )  # fmt: skip
    retest = Round(
        unit_id=unit.id, title=f"{round_.title}复测（{unit.short_name}）"[:120], opens_at=opens_at, closes_at=closes_at,
        seed=secrets.token_hex(8), repeats_id=round_.id, repeats_kind="retest",
        **{name: getattr(round_, name) for name in copied},
    )  # fmt: skip
    db.add(retest)
    audit.record(db, by, "plan_retest", retest, at=now, after={"unit": unit.code, "opens_at": opens_at})
    return retest
