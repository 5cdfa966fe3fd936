"""The session card as a form. It asks for seven things and may never ask for more than eight (design.md §2)."""

from __future__ import annotations

import secrets

from wtforms import BooleanField, Field, HiddenField, IntegerField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from school import clock
from school.courses.attendance import REMARKS
from school.courses.card import Card
from school.courses.forms import MISSING, at_most
from school.courses.models import CourseSession
from school.courses.queries import RollRow
from school.web.forms import Form

MARKS = ("present", *REMARKS)


class RollField(Field):
    """Person id -> mark. Sent as "12:present" by a tick and "12:late" by the list beside it; what is chosen there wins."""

    def process_formdata(self, valuelist):
        self.data = {}
        for given in filter(None, valuelist):
            person, _, mark = given.partition(":")
            if not (person.isascii() and person.isdigit()) or len(person) > 9 or mark not in MARKS:
                raise ValueError("名单没有读懂，请重新打开这一页再点名。")
            self.data[int(person)] = mark


class CardForm(Form):
    roll = RollField("点名", default=dict)
    complete = BooleanField("名单已点完，未到的记缺席")
    head_count = IntegerField("名单以外来了多少人", [Optional(), NumberRange(0, 9999, "请填 0 到 9999 的整数。")])
    began = TimeField("实际开始时间", [InputRequired("请填写开始时间，例如 19:30。")])
    title = StringField("讲了什么", [MISSING, at_most(120)])
    outcome = StringField("一句话成效", [Optional(), at_most(300)])
    request = StringField("群众的一条诉求", [Optional(), at_most(300)])
    client_key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$", message="请重新打开这一页再填。")])
    seen_key = HiddenField(validators=[Length(max=40)])

    def validate_roll(self, field: RollField) -> None:
        if not field.data and not self.complete.data and self.head_count.data is None and not self.head_count.errors:
            raise ValidationError("请点名，或者填来了多少人；一个人也没有来的，人数填 0。")

    def card(self) -> Card:
        """What was typed, as the action wants it."""
        return Card(
            began=self.began.data,
            title=self.title.data,
            marks=self.roll.data,
            complete=self.complete.data,
            head_count=self.head_count.data,
            outcome=self.outcome.data or "",
            request=self.request.data or "",
        )


def card_form(night: CourseSession, rows: list[RollRow]) -> CardForm:
    """The card of a night: empty with what is known filled in, or as it was recorded; on a POST what was sent."""
    values = {row.value for row in rows}
    form = CardForm(
        roll={row.person.id: row.value for row in rows if row.value in MARKS},
        complete="absent" in values,
        head_count=night.head_count,
        began=clock.local(night.held_at or night.starts_at).time(),
        title=night.title,
        outcome=night.outcome,
        request=night.request,
        client_key=secrets.token_hex(16),
        seen_key=night.client_key or "",
    )
    if night.school.track == "farmer":
        form.head_count.label.text, form.head_count.flags.optional = "来了多少群众", False
    return form
