"""Deeds of the officer for a make-up (补考): plan it for those who were absent or below the mark, change the draft, publish it."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from school import audit, words
from school.access import Member
from school.errors import Refused
from school.quizzes import actions, makeup, makeup_queries, marking_queries, running_queries, taking_actions
from school.quizzes.drawn import Drawn
from school.quizzes.models import Round

#: what a make-up takes over from the round: it asks as much, judges alike and rests on the same 依据
COPIED = (
    "month", "mode", "scope", "blueprint", "multi_rule", "pass_mark", "excellent_mark", "asked_pass_percent", "asked_mean",
    "makeups", "makeup_rule", "two_markers", "double_entry", "basis_body", "basis_title", "basis_number", "basis_on",
)  # fmt: skip
NOBODY = "现在没有可以参加补考的人员：选定的这类人员里，每个人都已合格、免考、不在花名册，或补考机会已经用完。"


@dataclass(frozen=True)
class MakeupPlan:
    """What an officer decides about a make-up. whom: a key of makeup.WHOM."""

    opens_at: datetime
    closes_at: datetime
    minutes: int
    whom: str

    def columns(self) -> dict:
        """The plan as values of a round's columns."""
        values = asdict(self)
        whom = values.pop("whom")
        return {**values, "repeats_whom": whom}


def plan_makeup(db: Session, round_: Round, plan: MakeupPlan, *, grace: int, by: Member, now: datetime) -> Round:
    """A draft round that repeats another for those who did not pass it, with the same blueprint and standard.

    Planned twice alike (a second click), it is the draft that is there already. The round is locked by the caller.

    Refused: the round allows none, is not over, or is a repeat itself; nobody may take one; too short a window.
    """
    must_allow(db, round_, grace=grace, now=now)
    _check(plan, now)
    taking_actions.hand_in_overdue(db, now=now, grace=grace, round_id=round_.id)
    if not makeup_queries.calling(db, round_, now=now).called(plan.whom):
        raise Refused(NOBODY)
    alike = select(Round).where(Round.repeats_id == round_.id, Round.repeats_kind == "makeup", Round.state == "draft")
    if twin := db.scalars(alike.filter_by(**plan.columns())).first():
        return twin
    made = Round(
        unit_id=round_.unit_id, title=makeup.title(round_.title, makeup_queries.earlier(db, round_.id)),
        seed=secrets.token_hex(8), repeats_id=round_.id, repeats_kind="makeup",
        **{name: getattr(round_, name) for name in COPIED}, **plan.columns(),
    )  # fmt: skip
    db.add(made)
    audit.record(db, by, "plan_makeup", made, at=now, after={"title": made.title, **_told(plan.columns())})
    return made


def must_allow(db: Session, round_: Round, *, grace: int, now: datetime) -> None:
    """Refuse a make-up of a round that has none, is not over yet, or repeats another itself."""
    if round_.repeats_id is not None:
        raise Refused("补考和复测以后不再安排补考。还需要再考的，请在原轮次安排下一次补考，或从跟进里安排复测。")
    if round_.makeups == 0:
        raise Refused("这一轮设定为不安排补考（0 次）。发布以后不能再改；下一轮需要补考的，请在草稿里填写补考次数。")
    if round_.state not in ("published", "closed"):
        raise Refused("这一轮没有发布或者已经取消，没有人需要补考。")
    if round_.paused_at:
        raise Refused("这一轮暂停着，还有人要接着答。请先恢复它，结束以后再安排补考。")
    ends = running_queries.ends_at(db, round_, grace, now)
    if round_.state == "published" and now < ends:
        raise Refused(f"还有人可以答题。请在 {words.moment(ends)} 以后再安排补考。")
    if unmarked := marking_queries.waiting_count(db, round_.id):
        raise Refused(f"这一轮还有 {unmarked} 份作答等人工评阅，评完才知道谁没有合格。请评完再安排补考。")


def _check(plan: MakeupPlan, now: datetime) -> None:
    if plan.closes_at <= now:
        raise Refused("补考的截止时间已经过去，请改到现在以后。")
    if plan.closes_at - plan.opens_at < timedelta(minutes=plan.minutes):
        raise Refused("开放时间比答题时间还短，请把截止时间往后移。")


def change_makeup(db: Session, draft: Round, plan: MakeupPlan, *, by: Member, now: datetime) -> None:
    """Change the window, the minutes or the people of a make-up's draft. Refused once it is published."""
    if draft.state != "draft":
        raise Refused("补考已经发布，时间和人员不能再从这里改；确需调整请取消后另行安排。")
    _check(plan, now)
    values = plan.columns()
    changed = {name: getattr(draft, name) for name in values if getattr(draft, name) != values[name]}
    for name in changed:
        setattr(draft, name, values[name])
    after = {name: values[name] for name in changed}
    audit.record(db, by, "change_makeup", draft, at=now, before=_told(changed), after=_told(after))


def _told(values: dict) -> dict:
    """A draft's columns as the audit log keeps them."""
    whom = {"whom": makeup.WHOM[values["repeats_whom"]]} if "repeats_whom" in values else {}
    return {name: value for name, value in values.items() if name != "repeats_whom"} | whom


def publish_makeup(db: Session, draft: Round, *, drawn: Drawn, grace: int, by: Member, now: datetime) -> int:
    """Publish a make-up for exactly those who may take it at this moment; returns how many they are.

    The people are found anew by rule, not kept from planning: who has been exempted, has left or has passed since then
    is not called. drawn: the papers, assembled before the transaction. Refused: nobody is left; and all that publishing refuses.
    """
    round_ = draft.repeats
    db.refresh(round_, ["state", "closed_at"], with_for_update=True)
    must_allow(db, round_, grace=grace, now=now)
    taking_actions.hand_in_overdue(db, now=now, grace=grace, round_id=round_.id)
    called = makeup_queries.calling(db, round_, now=now).called(draft.repeats_whom)
    if not called:
        raise Refused(NOBODY)
    return actions.publish(db, draft, by=by, now=now, only=called, drawn=drawn)
