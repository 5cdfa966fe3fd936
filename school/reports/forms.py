"""Forms of the reports room."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from school.reports.papers import FORMATS
from school.web.forms import Form

CHOICES = [SelectChoice(format, words) for format, (words, _) in FORMATS.items()]


class IssueForm(Form):
    """Which paper to issue; without a unit the one of the whole round."""

    format = SelectField("格式", [InputRequired("请选择格式。")], choices=CHOICES)
    unit = IntegerField("单位", [Optional()])


class SlipsForm(Form):
    """For whom slips are printed: everybody new, and whoever is ticked."""

    new = BooleanField("还没有设过密码的人", false_values=("0", ""))
    people = SelectMultipleField("另外给已经设过密码的人补打", coerce=int, choices=[])
