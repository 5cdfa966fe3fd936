"""Forms of the bank: an upload, a review entry being mended, a reason for retiring."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from school import files
from school.questions import columns, intake
from school.questions.draft import Draft
from school.questions.search import Wanted
from school.questions.told_columns import ROLE_WORDS
from school.web.forms import Form


class BankForm(Form):
    title = StringField("题库名称", [InputRequired("请填写名称。"), Length(max=120, message="最多 120 个字。")])


class UploadForm(Form):
    """A file, or pasted text."""

    file = FileField("题库文件", [Optional()])
    pasted = TextAreaField("或者把题目粘贴在这里", [Optional(), Length(max=500_000, message="一次最多 50 万字。")])

    def validate(self, extra_validators=None) -> bool:
        """One of the two must be given."""
        right = super().validate(extra_validators)
        if right and not (self.file.data and self.file.data.filename) and not self.pasted.data:
            self.file.errors = ["请选择一个文件，或者粘贴题目。"]
            return False
        return right


class KeyForm(UploadForm):
    """The answers of a paper, in a file or pasted."""

    file = FileField("答案文件", [Optional()])
    pasted = TextAreaField("或者把答案粘贴在这里", [Optional(), Length(max=100_000, message="一次最多 10 万字。")])


class MendForm(Form):
    text = TextAreaField("按下面的格式改好", [InputRequired("请填写题目。")])

    def draft(self) -> Draft | None:
        """The one question the text holds; None when there is none, with the reason at the field."""
        read = intake.read_text(self.text.data)
        if len(read.drafts) == 1 and not read.review:
            return read.drafts[0]
        self.text.errors = [read.review[0].reason if read.review else "请只留一道完整的题：题型、题干、选项、答案。"]
        return None


class ReasonForm(Form):
    reason = StringField("理由", [InputRequired("请填写理由。"), Length(max=120, message="最多 120 个字。")])


class PictureForm(Form):
    file = FileField(
        "图片文件", [InputRequired("请选择一张图片。")], render_kw={"accept": "image/png,image/jpeg,image/gif"}
    )


class ReviewForm(Form):
    """The last question that was shown, so that none passes unseen."""

    until = IntegerField(validators=[Optional()], widget=HiddenInput())


def wanted(args: Mapping[str, str]) -> Wanted:
    """What an address asks of a bank: ?words=…&topic=…&kind=…&law=…&difficulty=…&audience=…&state=…"""
    told = {name: args.get(name, "").strip() for name in ("words", "topic", "kind", "law", "audience", "state")}
    difficulty = args.get("difficulty", "")
    return Wanted(**told, difficulty=int(difficulty) if difficulty in tuple("12345") else None)


class ColumnsForm(Form):
    """What the columns of one table are; the fields for the columns are put on by `columns_form`."""

    header = SelectField("表头在哪一行", coerce=int)

    def said(self) -> columns.Mapping:
        """The columns as they were chosen."""
        return columns.Mapping(self.header.data, tuple(field.data for field in self.per_column()))

    def per_column(self) -> list[SelectField]:
        """One field per column, in order."""
        return [field for field in self if field.name.startswith("column-")]

    def complete(self) -> bool:
        """Whether questions can be read by it; else the form says what is missing."""
        if self.said().complete:
            return True
        self.form_errors.append("请至少指出哪一列是题干、哪一列是答案。")
        return False


def columns_form(asked: dict) -> ColumnsForm:
    """The form for a table that a preview asks about (told_columns.Unclear as a dictionary)."""
    words = {"ignore": "不用这一列", **ROLE_WORDS}
    roles = [SelectChoice(role, word) for role, word in words.items()]
    fields = {}
    for place, name in enumerate(asked["rows"][asked["header"]]):
        samples = [row[place] for row in asked["rows"][asked["header"] + 1 :] if row[place]]
        hint = f"例：{'；'.join(samples[:3])}" if samples else "下面都是空的"
        fields[f"column-{place}"] = SelectField(f"{files.letters(place)} 列　{name}", choices=roles, description=hint)
    guessed = {f"column-{place}": role or "ignore" for place, role in enumerate(asked["roles"])}
    form = type("TableForm", (ColumnsForm,), fields)(data={"header": asked["header"], **guessed})
    rows = [SelectChoice(at, f"第 {asked['first_row'] + at} 行") for at in range(len(asked["rows"]))]
    form.header.choices = [*rows, SelectChoice(-1, "没有表头，第一行就是题目")]
    return form
