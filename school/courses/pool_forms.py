"""Forms of schools, teachers and the menu."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, DecimalField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from school.courses.forms import CHOSEN, MISSING, at_most, choices, in_halves
from school.courses.vocabulary import TEACHER_KINDS, TRACKS
from school.roster.models import Unit
from school.web.forms import Form

TRACK_CHOICES = [SelectChoice(*pair) for pair in TRACKS.items()]


class _OfUnit(Form):
    unit = SelectField("单位", [CHOSEN])

    def offer(self, units: Sequence[Unit]) -> None:
        """Fill the list with the units one keeps."""
        self.unit.choices = choices(units, lambda unit: unit.name)


class SchoolForm(_OfUnit):
    track = SelectField("类别", [CHOSEN], choices=TRACK_CHOICES)
    name = StringField("名称", [Optional(), at_most(120)])
    head = StringField("校长的工号", [Optional(), at_most(40)])
    place = StringField("上课地点", [Optional(), at_most(120)])
    opened_on = DateField("开办日期", [InputRequired("请填写日期，例如 2026-11-01。")])


class ChangeSchoolForm(Form):
    name = StringField("名称", [MISSING, at_most(120)])
    head = StringField("校长的工号", [Optional(), at_most(40)])
    place = StringField("上课地点", [Optional(), at_most(120)])


class TeacherForm(_OfUnit):
    name = StringField("姓名", [MISSING, at_most(50)])
    person = StringField("工号", [Optional(), at_most(40)])
    kind = SelectField("类别", [CHOSEN], choices=[SelectChoice(kind, kind) for kind in TEACHER_KINDS])
    topics = StringField("能讲什么", [Optional(), at_most(200)])


class CourseForm(_OfUnit):
    title = StringField("课程名称", [MISSING, at_most(120)])
    topic = StringField("专题", [MISSING, at_most(40)])
    track = SelectField("讲给谁", [CHOSEN], choices=TRACK_CHOICES)
    hours = DecimalField("学时", [MISSING, in_halves])
    materials = TextAreaField("教材和资料", [Optional(), at_most(2000)])


class CloseForm(Form):
    on = DateField("自哪一天起", [InputRequired("请填写日期，例如 2026-12-01。")])
