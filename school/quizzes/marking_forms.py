"""Forms of markers: a decision for answers that read alike, and taking one back. Each points button sends a decision."""

from __future__ import annotations

from wtforms import BooleanField, DecimalField, HiddenField
from wtforms.validators import InputRequired

from school.web.forms import Form


class AlikeForm(Form):
    """Names answers that read alike by their digest."""

    alike = HiddenField(validators=[InputRequired("请从页面上的一种答案开始。")])


class MarkForm(AlikeForm):
    points = DecimalField("得分", [InputRequired("请点一个分数。")])
    third = BooleanField("两人不一致，由第三人定")
