"""The form that narrows a round's parts down, one row per demand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import request
from wtforms import FieldList, FormField, IntegerField, SelectField
from wtforms import Form as Rows
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from school.errors import NotFound
from school.quizzes.blueprint import DIFFICULTIES, Demand
from school.quizzes.paper import KINDS, Part
from school.web.forms import Form

#: rows a page begins with, empty ones it always has, and the most it takes
ROWS, SPARE, MOST = 8, 3, 60
#: names of the fields in the rows
NAME = re.compile(r"rows-[0-9]{1,3}-(kind|topic|difficulty|count)", re.ASCII)


class DemandRow(Rows):
    """One demand; without a number of questions the row asks nothing."""

    class Meta:
        locales = ("zh_CN", "zh")

    kind = SelectField("题型", choices=[])
    topic = SelectField("专题", choices=[])
    difficulty = SelectField(
        "难度",
        coerce=int,
        choices=[SelectChoice(0, "不限"), *(SelectChoice(n, f"{n} 级") for n in DIFFICULTIES)],
        default=0,
    )
    count = IntegerField("每卷题数", [Optional(), NumberRange(0, 100)])

    def validate(self, extra_validators=None) -> bool:
        """As WTForms does; and one sentence at the number where a row was forgotten half-way or narrows nothing down."""
        right, wrong = super().validate(extra_validators), self._wrong()
        self.count.errors = [wrong] if wrong else []
        return right and not wrong

    def _wrong(self) -> str:
        narrowed = bool(self.topic.data or self.difficulty.data)
        if self.count.errors:
            return "请填 0 到 100 之间的整数。"
        if self.count.data is None and narrowed:
            return "请填题数；不要这一行，就填 0。"
        return "请选专题或难度；只按题型的题数在“修改”里定。" if self.count.data and not narrowed else ""

    def demand(self) -> Demand:
        """The row as a demand."""
        return Demand(self.kind.data, self.topic.data, self.difficulty.data, self.count.data or 0)


class BlueprintForm(Form):
    class Meta:
        def bind_field(self, form, unbound_field, options):
            """Without the ground form's filters: rows take none, and the fields inside them are bound by the row."""
            return unbound_field.bind(form=form, **options)

    rows = FieldList(FormField(DemandRow), max_entries=MOST)

    def __init__(self, formdata=None, **kwargs):
        """NotFound for names of rows that no page of ours has: WTForms would read any digit as the number of a row (²)."""
        if any(name.startswith("rows") and not NAME.fullmatch(name) for name in request.form):
            raise NotFound
        super().__init__(formdata, **kwargs)

    def demands(self) -> list[Demand]:
        """The rows that ask for something."""
        return [row.form.demand() for row in self.rows if row.form.count.data]


def blueprint_form(parts: Sequence[Part], demands: Sequence[Demand], topics: Sequence[str]) -> BlueprintForm:
    """The saved demands and empty rows below them; on a POST what was sent."""
    given = [{name: getattr(row, name) for name in ("kind", "topic", "difficulty", "count")} for row in demands]
    spare = max(SPARE, ROWS - len(given))
    form = BlueprintForm(data={"rows": given + [{} for _ in range(spare)][: MOST - len(given)]})
    for row in form.rows:
        row.form.kind.choices = [SelectChoice(part.kind, KINDS[part.kind]) for part in parts]
        row.form.topic.choices = [SelectChoice("", "不限"), *(SelectChoice(topic, topic) for topic in topics)]
    return form
