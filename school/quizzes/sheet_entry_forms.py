"""Forms of typing paper answer sheets: a field per mark, a field per blank."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from school.errors import Refused
from school.quizzes import sheet_entry
from school.quizzes.sheet_entry import Place
from school.web.forms import Form


class SheetForm(Form):
    """The fields of one sheet are added by `sheet_form`; `places` are the questions they stand for."""

    places: Sequence[Place] = ()
    reason = StringField("以纸质答题卡为准的理由", [Length(max=120, message="最多 120 个字。")])

    def validate(self, extra_validators=None) -> bool:
        """As every form does; marks that were left out are named together, a skipped line of twenty being one mistake."""
        right = super().validate(extra_validators)
        left_out = [str(place.position) for place in self.places if not place.blanks and not any(_typed(self, place))]
        if left_out:
            self.form_errors.append(f"第 {'、'.join(left_out)} 题没有录。没答的请打减号（-）。")
        return right and not left_out

    def fields_of(self, place: Place) -> list:
        """The fields of one question."""
        return [self[name] for name in names_of(place)]

    def given(self) -> list[list]:
        """What was typed, one answer per question; only of a form that is right."""
        return [sheet_entry.read(place, _typed(self, place)) for place in self.places]


class CorrectionForm(SheetForm):
    """A correction owes a reason."""

    reason = StringField("更正理由", [DataRequired("请填写更正理由。"), Length(max=120, message="最多 120 个字。")])


def names_of(place: Place) -> list[str]:
    """Names of a question's fields: q7, or q7_1, q7_2 where there are several blanks."""
    if place.blanks < 2:
        return [f"q{place.position}"]
    return [f"q{place.position}_{number}" for number in range(1, place.blanks + 1)]


def _typed(form: SheetForm, place: Place) -> list[str]:
    return [form[name].data or "" for name in names_of(place)]


def _readable(place: Place):
    def check(form: SheetForm, _field) -> None:
        typed = _typed(form, place)
        try:
            if any(typed):
                sheet_entry.read(place, typed)
        except Refused as refusal:
            raise ValidationError(refusal.message) from None

    return check


def sheet_form(
    places: Sequence[Place], *, kind: type[SheetForm] = SheetForm, shown: Sequence[Sequence[str]] | None = None
) -> SheetForm:
    """The form of one sheet. shown: per question what stands in its fields at first; empty without."""
    fields, values = {}, {}
    for number, place in enumerate(places):
        field = TextAreaField if place.kind == "short" else StringField
        for n, name in enumerate(names_of(place)):
            label = f"第 {place.position} 题" + (f"第 {n + 1} 空" if place.blanks > 1 else "")
            fields[name] = field(label, [_readable(place)])
            values[name] = shown[number][n] if shown else ""
    return type("SheetForm", (kind,), {**fields, "places": places})(data=values)
