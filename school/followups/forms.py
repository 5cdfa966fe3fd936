"""Forms of a case: what the person looking writes next, a waiver, a retest, a month to check, the calendar."""

from __future__ import annotations

from wtforms import DateField, DateTimeLocalField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from school.web.forms import Form

MISSING = DataRequired("请填写这一项。")
#: a page of text
LONG = Length(max=2000, message="最多 2000 个字，一页以内就够了。")
MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class MoveForm(Form):
    """One step, signed. move: offered by the page; whether it still fits is for the action to say."""

    move = RadioField("怎样办理", [InputRequired("请选择怎样办理。")], choices=[], validate_choice=False)
    text = TextAreaField("内容", [MISSING, LONG])


class SideForm(Form):
    """A step beside the usual way: an objection, a reopening."""

    text = TextAreaField("内容", [MISSING, LONG])


class WaiveForm(SideForm):
    """暂缓: with somebody in charge and an expiry."""

    owner = StringField("谁负责到期恢复办理", [MISSING, Length(max=50, message="最多 50 个字。")])
    until = DateField("暂缓到哪一天", [InputRequired("请填写到期日，例如 2026-12-31。")])


class RetestForm(Form):
    """The window of a retest and whom it calls."""

    whom = RadioField(
        "请谁参加",
        [InputRequired("请选择请谁参加。")],
        choices=[SelectChoice("below", "原测低于合格线的人员"), SelectChoice("all", "本单位全体应考人员")],
        default="below",
    )
    opens_at = DateTimeLocalField("开放时间", [InputRequired("请填写开放时间。")], format=MOMENT)
    closes_at = DateTimeLocalField("截止时间", [InputRequired("请填写截止时间。")], format=MOMENT)
    text = TextAreaField("写给单位的话", [MISSING, LONG])
    #: digest of the papers that have been shown and agreed to, if any were
    shown = HiddenField(default="")


class CalendarForm(Form):
    """Days off and exchanged working days, one per line."""

    days = TextAreaField("放假和调休的日子", [MISSING, Length(max=20_000, message="一次最多约 500 行。")])
