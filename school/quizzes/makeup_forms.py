"""The form of a make-up: whom it is for, and its window."""

from __future__ import annotations

from datetime import datetime, timedelta

from wtforms import DateTimeLocalField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from school import clock
from school.quizzes.makeup import WHOM
from school.quizzes.makeup_actions import MakeupPlan
from school.quizzes.models import Round
from school.web.forms import Form

WEEK = timedelta(days=7)


class MakeupForm(Form):
    """Everything an officer decides about a make-up; what it asks and how it judges is the round's."""

    whom = RadioField(
        "请谁参加", [InputRequired("请选择请谁参加。")], choices=[SelectChoice(key, text) for key, text in WHOM.items()]
    )
    opens_at = DateTimeLocalField("开始", [InputRequired("请填开始时间。")], format="%Y-%m-%dT%H:%M")
    closes_at = DateTimeLocalField("截止", [InputRequired("请填截止时间。")], format="%Y-%m-%dT%H:%M")
    minutes = IntegerField(
        "每人答题时间（分钟）", [InputRequired("请填一个整数。"), NumberRange(5, 240, "请填 5 到 240 之间的整数。")]
    )

    def plan(self) -> MakeupPlan:
        """The plan as typed, with moments in UTC."""
        return MakeupPlan(_moment(self.opens_at.data), _moment(self.closes_at.data), self.minutes.data, self.whom.data)


def _moment(typed: datetime) -> datetime:
    return clock.at(typed.date(), typed.time())


def usual_values(round_: Round, now: datetime) -> dict:
    """What a make-up starts with: both groups, the same minutes, and the same hours a week (or more weeks) later."""
    weeks = max(1, (now - round_.opens_at) // WEEK + 1)
    opens_at, closes_at = round_.opens_at + weeks * WEEK, round_.closes_at + weeks * WEEK
    window = {"opens_at": clock.local(opens_at), "closes_at": clock.local(closes_at)}
    return {"whom": "both", "minutes": round_.minutes, **window}


def values_of(draft: Round) -> dict:
    """A make-up's draft as the form shows it."""
    window = {"opens_at": clock.local(draft.opens_at), "closes_at": clock.local(draft.closes_at)}
    return {"whom": draft.repeats_whom, "minutes": draft.minutes, **window}
