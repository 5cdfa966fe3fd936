"""Forms of planning: narrowing the list of nights, planning, moving, calling off, recognising."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, StopValidation

from school.courses.calendar import MOST_WEEKS
from school.courses.models import Course, NightSchool, Teacher
from school.courses.vocabulary import KINDS, STATES, TRACKS
from school.web.forms import Form

MISSING = DataRequired("请填写这一项。")
CHOSEN = InputRequired("请选择一项。")
#: days before or after today on which a night can be planned; a wrong year is far outside
FAR = 366


def at_most(characters: int) -> Length:
    """No more characters than the table keeps."""
    return Length(max=characters, message=f"最多 {characters} 个字。")


def in_halves(form: Form, field: DecimalField) -> None:
    """学时 are given in halves, from 0.5 to 12."""
    if field.data is None or not field.data.is_finite() or not 0 < field.data <= 12 or field.data % 1 not in (0, 0.5):
        raise StopValidation("请填 0.5 到 12 之间的学时，以半学时为单位，例如 2 或 1.5。")


def number_or_none(value: str | None) -> int | None:
    """The id a choice stands for; the empty choice stands for none."""
    return int(value) if value else None


def choices(rows: Sequence, text, empty: str | None = None) -> list[SelectChoice]:
    """Rows as choices by id, after an empty one where nothing need be chosen."""
    first = [] if empty is None else [SelectChoice("", empty)]
    return first + [SelectChoice(str(row.id), text(row)) for row in rows]


class NarrowForm(Form):
    """Which nights are listed; read from the address, so without a token."""

    class Meta(Form.Meta):
        csrf = False

    month = SelectField("月份", default="")
    state = SelectField(
        "情况", default="", choices=[SelectChoice("", "全部"), *(SelectChoice(*pair) for pair in STATES.items())]
    )
    school = SelectField("夜校", default="")


class _Anyway(Form):
    """The trainer's word that a clash of place or school is meant."""

    anyway = BooleanField("仍要安排")


def _unless_from_menu(message: str):
    """A field that may stay empty when a course of the menu fills it."""

    def check(form: Form, field) -> None:
        if not "".join(field.raw_data or ()).strip():
            field.errors = []
            raise StopValidation("" if form.course.data else message)

    return check


class PlanForm(_Anyway):
    """A night or a weekly series. The choices depend on whoever plans; `nights` are the days kept from the series."""

    school = SelectField("夜校", [CHOSEN])
    course = SelectField("从菜单选课", [Optional()])
    title = StringField("课题", [_unless_from_menu("请写课题，或者从菜单里选一门课。"), at_most(120)])
    teacher = SelectField("教师", [Optional()])
    kind = SelectField("上课形式", [CHOSEN], choices=[SelectChoice(kind, kind) for kind in KINDS])
    place = StringField("地点", [Optional(), at_most(120)])
    on = DateField("日期", [InputRequired("请填写日期，例如 2026-11-25。")])
    at = TimeField("开始时间", [InputRequired("请填写开始时间，例如 19:30。")])
    hours = DecimalField("学时", [_unless_from_menu("请填学时；从菜单选课的可以不填。"), in_halves])
    weeks = IntegerField(
        "连续几周",
        [Optional(), NumberRange(1, MOST_WEEKS, f"请填 1 到 {MOST_WEEKS} 周；只上一次填 1。")],
        default=1,
    )
    nights = SelectMultipleField("要安排的日子", [Optional()])

    def offer(self, schools: Sequence[NightSchool], courses: Sequence[Course], teachers: Sequence[Teacher]) -> None:
        """Fill the lists with what the planner may choose."""
        self.school.choices = choices(schools, lambda school: school.name)
        self.course.choices = choices(
            courses, lambda row: f"{row.title}（{row.topic}，{TRACKS[row.track]}）", "不从菜单选，自己写课题"
        )
        self.teacher.choices = choices(
            teachers, lambda row: f"{row.name}（{row.kind}，{row.unit.short_name}）", "还没定"
        )
        self.nights.validate_choice = False

    def near(self, today: date) -> bool:
        """Whether the day lies within a year of today; complains on the field when not."""
        if abs((self.on.data - today).days) <= FAR:
            return True
        self.on.errors = ["日期离今天超过一年，请检查年份。"]
        return False


class MoveForm(_Anyway):
    on = DateField("新的日期", [InputRequired("请填写日期，例如 2026-11-25。")])
    at = TimeField("新的开始时间", [InputRequired("请填写开始时间，例如 12:30。")])
    place = StringField("地点", [Optional(), at_most(120)])

    near = PlanForm.near


class CancelForm(Form):
    reason = StringField("取消的原因", [DataRequired("请写一句原因，例如“大雪封路”。"), at_most(200)])


class RecogniseForm(Form):
    recognised_by = StringField("认可单位", [Optional(), at_most(120)])
    recognised_no = StringField("文号", [Optional(), at_most(60)])
