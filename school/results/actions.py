"""Closing a month and correcting it. What was closed stays; a correction is a new version beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from school import audit, clock, words
from school.access import Member
from school.errors import Refused
from school.quizzes import actions as quizzes
from school.quizzes import marking_actions, paper, running_actions, running_queries
from school.quizzes.models import Round
from school.results import figures, makeup, queries, tally
from school.results.figures import Basis, Month, Standard
from school.results.models import MonthResult


def close_month(db: Session, round_: Round, *, grace: int, by: Member, now: datetime) -> MonthResult:
    """End a round and freeze what it says as number 0; a second close returns the first.

    grace: seconds a late answer may travel. Refused: a round not published, or while anybody has time left.
    """
    db.refresh(round_, ["state", "closed_at"], with_for_update=True)
    first = db.scalars(select(MonthResult).where(MonthResult.round_id == round_.id, MonthResult.number == 0))
    if standing := first.one_or_none():
        return standing
    if round_.state != "closed":
        running_actions.close(db, round_, grace=grace, by=by, now=now)
        db.flush()
    month = _counted(db, round_, number=0, by=by, now=now)
    joined, left = running_queries.moves(db, round_, clock.day(now))
    return _kept(db, round_, replace(month, joined_after=joined, left_after=left), "close_month", by=by, now=now)


def correct_month(db: Session, result: MonthResult, reason: str, *, by: Member, now: datetime) -> MonthResult:
    """Count a closed month anew as the next 更正; every earlier version is kept.

    Refused when nothing has changed, and while answers wait to be marked by hand.

    Units keep the names they had, and the note on comings and goings stays that of the first close.
    """
    round_ = result.round
    db.refresh(round_, ["state", "closed_at"], with_for_update=True)
    marking_actions.must_be_marked(db, round_)
    last = queries.versions(db, round_.id)[-1]
    old = queries.month(last)
    new = _counted(db, round_, number=last.number + 1, by=by, now=now, names=old)
    new = replace(new, joined_after=old.joined_after, left_after=old.left_after)
    if _only_figures(new) == _only_figures(old):
        raise Refused("重新计算的结果与现有版本完全一样，不需要更正。")
    line = f"更正第{new.number}号（{words.day(clock.day(now))}）：{reason}"
    new = replace(new, corrections=(*old.corrections, line))
    return _kept(db, round_, new, "correct_month", by=by, now=now, reason=reason)


def _only_figures(month: Month) -> Month:
    return replace(month, number=0, closed_at=month.frozen_at, closed_by="", corrections=())


def _counted(
    db: Session, round_: Round, *, number: int, by: Member, now: datetime, names: Month | None = None
) -> Month:
    """What the stored candidates, scores, answers and nights say. names: the month whose units' names still hold."""
    sheet, standard = queries.sheet(db, round_), standard_of(round_)
    if names:
        known = {unit.unit_id: _name(unit) for unit in names.units}
        sheet = replace(sheet, units=tuple(known.get(unit.unit_id, unit) for unit in sheet.units))
    units = tally.units(sheet, standard)
    return Month(
        county=names.county if names else round_.unit.name,
        first=round_.month,
        number=number,
        round_title=round_.title,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        frozen_at=round_.published_at,
        closed_at=now,
        closed_by=by.name,
        standard=standard,
        units=units,
        total=tally.added(unit.counts for unit in units),
        topics=tally.topics(sheet, sheet.lines),
        nights=queries.month_nights(db, round_),
        makeup=makeup.added(unit.makeup for unit in units),
        makeup_rule=round_.makeup_rule,
    )


def _name(unit: figures.UnitMonth) -> tally.UnitName:
    return tally.UnitName(unit.unit_id, unit.code, unit.name, unit.short_name, unit.order_no)


def standard_of(round_: Round) -> Standard:
    """The standard a round was published with."""
    return Standard(
        full_mark=paper.full_mark(quizzes.parts_of(round_)),
        pass_mark=round_.pass_mark,
        excellent_mark=round_.excellent_mark,
        pass_rate=Decimal(round_.asked_pass_percent) / 100,
        mean=round_.asked_mean,
        basis=Basis(round_.basis_body, round_.basis_title, round_.basis_number, round_.basis_on),
    )


def _kept(
    db: Session, round_: Round, month: Month, deed: str, *, by: Member, now: datetime, reason: str = ""
) -> MonthResult:
    result = MonthResult(
        round_id=round_.id, number=month.number, month=month.first, closed_at=now, closed_by=by.name, reason=reason,
        value=figures.as_data(month), digest=figures.digest(month),
    )  # fmt: skip
    db.add(result)
    after = {"round": round_.title, "number": month.number, "digest": result.digest}
    audit.record(db, by, deed, result, at=now, after={**after, "reason": reason} if reason else after)
    return result
