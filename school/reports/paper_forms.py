"""Forms of printing for people who answer on paper."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.validators import Optional

from school.reports.paper_value import Wanted
from school.web.forms import Form

OFF = {"false_values": ("0", "")}


class PaperForm(Form):
    """What is printed and for whom; nobody ticked means everybody of the unit, no unit means all of one's units."""

    unit = IntegerField("单位", [Optional()])
    papers = BooleanField("试卷", **OFF)
    sheets = BooleanField("答题卡", **OFF)
    lists = BooleanField("签到表", **OFF)
    large = BooleanField("试卷用大字版", **OFF)
    duplex = BooleanField("双面打印", **OFF)
    people = SelectMultipleField("只打印这些人（不选为全部）", coerce=int, choices=[])

    def wanted(self) -> Wanted:
        """What was asked for."""
        names = ("papers", "sheets", "lists", "large", "duplex")
        return Wanted(**{name: getattr(self, name).data for name in names})
