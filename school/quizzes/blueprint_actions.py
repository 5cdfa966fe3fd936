"""Deeds on a draft's blueprint: narrowing its parts down by topic and difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from school import audit
from school.access import Member
from school.errors import Refused
from school.quizzes import blueprint
from school.quizzes.blueprint import Demand
from school.quizzes.models import Round


def set_demands(db: Session, round_: Round, demands: Sequence[Demand], *, by: Member, now: datetime) -> None:
    """Put these in the place of all demands a draft had. Refused: not a draft, a repeating round, a contradiction."""
    must_be_open(round_)
    kept = round_.blueprint
    if wrong := blueprint.contradictions(blueprint.parts_of(kept), demands, kept["topics"]):
        raise Refused("".join(wrong))
    before = [row.said for row in blueprint.demands_of(kept)]
    round_.blueprint = {**kept, "demands": [asdict(row) for row in demands]}
    after = {"demands": [row.said for row in demands]}
    audit.record(db, by, "set_demands", round_, at=now, before={"demands": before}, after=after)


def must_be_open(round_: Round) -> None:
    """Refused for a round whose blueprint is no longer, or never was, its own to decide."""
    if round_.state != "draft":
        raise Refused("这一轮已经发布，细化蓝图不能再改。")
    if round_.repeats_id is not None:
        raise Refused("补考和复测沿用原来那一轮的题量和细化，不另外设。")
