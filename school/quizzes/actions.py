"""Deeds of the officer before a round runs: plan it, publish it (which freezes papers and candidates), repeat it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from school import audit, clock
from school.access import Member
from school.errors import Refused
from school.questions.models import QuestionVersion
from school.quizzes import blueprint, paper, queries
from school.quizzes.blueprint import Demand
from school.quizzes.drawn import Drawn
from school.quizzes.models import Attempt, Candidate, Paper, PaperQuestion, Round
from school.quizzes.paper import Drawable
from school.roster import queries as roster
from school.roster.models import Assignment, Unit

#: candidates written in one statement
BATCH = 500


@dataclass(frozen=True)
class Plan:
    """What an officer decides about a round. parts: paper.Part; demands: what narrows them; topics: empty for the whole bank."""

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
    mode: str = "open"
    study_from: date | None = None
    review_at: datetime | None = None
    makeups: int = 1
    makeup_rule: str = "best"
    two_markers: bool = False
    double_entry: bool = False
    demands: tuple[Demand, ...] = ()

    def columns(self) -> dict:
        """The plan as values of a round's columns."""
        values = asdict(self)
        drawing = {name: values.pop(name) for name in ("parts", "demands", "topics", "audiences", "forms")}
        parts = [{**part, "points": str(part["points"])} for part in drawing["parts"]]
        listed = {name: list(drawing[name]) for name in ("demands", "topics", "audiences")}
        values["blueprint"] = {**drawing, **listed, "parts": parts}
        values["month"] = clock.month(self.month)
        return values


def parts_of(round_: Round) -> list[paper.Part]:
    """The parts of a round's blueprint."""
    return blueprint.parts_of(round_.blueprint)


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
    if plan.review_at is not None and plan.review_at < plan.closes_at:
        raise Refused("答案和解析不能在截止之前开放。不填就是截止后马上开放。")
    if plan.study_from is not None and plan.study_from > clock.day(plan.opens_at):
        raise Refused("学习范围要在开始答题以前开放。不填就是从发布时开放。")


def _must_be(round_: Round, state: str, sentence: str) -> None:
    if round_.state != state:
        raise Refused(sentence)


def must_be_draft(round_: Round) -> None:
    """Refused for a round that is published already, or cancelled: there is nothing to be drawn for it."""
    _must_be(round_, "draft", "这一轮已经发布过了，或者已经取消。")


def day_asked(round_: Round, now: datetime) -> date:
    """The day from which a draft's questions are asked: it opens then, or at once where that is past."""
    return clock.day(max(now, round_.opens_at))


def publish(
    db: Session,
    round_: Round,
    *,
    by: Member,
    now: datetime,
    drawn: Drawn,
    only: Sequence[int] | None = None,
) -> int:
    """Freeze the papers and the candidates, prepare their attempts; returns how many candidates there are.

    drawn: the papers as `drawing_queries.drawn` assembled them before the transaction, so that nobody's answer waits for it;
    where they are not equally hard, the audit line says how far apart. only: person ids, for a make-up or a retest.
    Refused: not a draft, a window already over, nobody to ask, a make-up that names nobody; what was drawn from has changed,
    or another repeat has just asked one of the questions.
    """
    must_be_draft(round_)
    if round_.repeats_kind == "makeup" and only is None:
        raise Refused("补考只发给名单里的人，请从补考的发布页发布。")
    if round_.closes_at <= now:
        raise Refused("截止时间已经过去，请先修改开放时间再发布。")
    if round_.repeats_id and drawn.questions & queries.questions_asked(db, round_.repeats_id, round_.unit.path):
        raise Refused("抽好的题里有刚刚在另一场补考或复测里用掉的，请再发布一次，重新抽题。")
    papers = _papers(db, round_, drawn)
    frozen = roster.counted_on(db, round_.unit.path, clock.day(now))
    wanted = None if only is None else set(only)
    called = [assignment for assignment in frozen if wanted is None or assignment.person_id in wanted]
    if not called:
        raise Refused("这个范围内没有计入应考的人员，请先核对花名册。")
    _freeze(db, round_, called, papers)
    round_.state, round_.published_at = "published", now
    after = {"candidates": len(called), "papers": [p.form for p in papers], "seed": round_.seed, **_uneven(drawn)}
    audit.record(db, by, "publish_round", round_, at=now, after=after)
    return len(called)


def _uneven(drawn: Drawn) -> dict:
    """What the audit log keeps of papers that were published although they are not equally hard."""
    apart = drawn.apart()
    found = {"shares_apart": apart.shares, "means_apart": apart.means, "spreads_apart": apart.spreads}
    return {} if apart.even else {"uneven": {name: f"{value}%" for name, value in found.items()}}


def _papers(db: Session, round_: Round, drawn: Drawn) -> list[Paper]:
    """The papers as they were drawn, with the words of their questions. Refused: something changed since."""
    if (drawn.blueprint, drawn.seed) != (round_.blueprint, round_.seed):
        raise Refused("题量或专题刚刚有人改过，请核对后再发布一次。")
    ids = {question.version_id for form in drawn.forms for question, _ in form}
    reviewed = select(QuestionVersion).where(QuestionVersion.id.in_(ids), QuestionVersion.state == "reviewed")
    versions = {v.id: v for v in db.scalars(reviewed.options(selectinload(QuestionVersion.pictures)))}
    if len(versions) < len(ids):
        raise Refused(f"抽好的题里有 {len(ids) - len(versions)} 道刚刚停用或退回审核，请再发布一次，重新抽题。")
    papers = []
    for name, form in zip(paper.FORMS, drawn.forms, strict=False):
        copied = [
            _copied(versions[question.version_id], question, points, position)
            for position, (question, points) in enumerate(form, 1)
        ]
        papers.append(Paper(round_id=round_.id, form=name, questions=copied))
    db.add_all(papers)
    db.flush()
    return papers


def _copied(version: QuestionVersion, drawn: Drawable, points: Decimal, position: int) -> PaperQuestion:
    citation = f"《{version.law}》{version.article}" if version.law else version.basis
    pictures = [{"number": picture.number, "sha256": picture.sha256} for picture in version.pictures]
    return PaperQuestion(
        position=position, question_id=version.question_id, version_id=version.id, kind=version.kind, stem=version.stem,
        options=version.options, key=version.key, points=points, explanation=version.explanation, citation=citation,
        topic=version.topic, difficulty=version.difficulty, expected=drawn.expected, measured_on=drawn.measured_on,
        pictures=pictures,
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


def plan_retest(
    db: Session, round_: Round, unit: Unit, *, seed: str, opens_at: datetime, closes_at: datetime, by: Member, now: datetime
) -> Round:  # fmt: skip
    """A draft round that repeats another for one unit, with the same blueprint and standard and unseen questions.

    seed: what its papers were drawn with beforehand.
    """
    copied = (
        "month", "minutes", "scope", "blueprint", "multi_rule", "pass_mark", "excellent_mark", "asked_pass_percent",
        "asked_mean", "basis_body", "basis_title", "basis_number", "basis_on", "mode", "makeups", "makeup_rule",
        "two_markers", "double_entry",
    )  # fmt: skip
    retest = Round(
        unit_id=unit.id, title=f"{round_.title}复测（{unit.short_name}）"[:120], opens_at=opens_at, closes_at=closes_at,
        seed=seed, repeats_id=round_.id, repeats_kind="retest",
        **{name: getattr(round_, name) for name in copied},
    )  # fmt: skip
    db.add(retest)
    audit.record(db, by, "plan_retest", retest, at=now, after={"unit": unit.code, "opens_at": opens_at})
    return retest
