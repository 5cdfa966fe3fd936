"""Forms of the results room."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from school.web.forms import Form


class CorrectForm(Form):
    reason = StringField(
        "更正的原因",
        [DataRequired("请写明为什么更正，例如“补登 10 月 20 日夜校”。"), Length(max=200, message="最多 200 个字符。")],
    )
