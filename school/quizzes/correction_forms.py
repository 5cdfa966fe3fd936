"""Forms of corrections: what to do with a question, looked at first and proposed then."""

from __future__ import annotations

import re

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from school.quizzes import correction
from school.quizzes.asked import JUDGE, TRUTHS
from school.quizzes.correction import Remedy
from school.quizzes.correction_actions import Proposal
from school.quizzes.models import PaperQuestion
from school.web.forms import Form


class CorrectionForm(Form):
    """A proposal for one question. Looked at by GET (nothing is written), proposed by POST with the same fields."""

    deed = RadioField("怎样改判", [InputRequired("请选择怎样改判。")])
    key = SelectMultipleField("更正后的答案（改正答案时选）", choices=[])
    blanks = TextAreaField("更正后的答案（改正答案时写，每行一个空，几种写法都对的用分号隔开）")
    never_lower = BooleanField("不降低任何人的得分", default=True)
    reason = StringField(
        "原因", [DataRequired("请写明错在哪里。"), Length(max=200, message="最多 200 个字符。")]
    )  # fmt: skip

    def offer(self, question: PaperQuestion) -> None:
        """The choices that the question has."""
        deeds = [deed for deed in correction.DEEDS if deed != "rekey" or question.kind in correction.REKEYED]
        self.deed.choices = [SelectChoice(deed, correction.DEEDS[deed]) for deed in deeds]
        options = JUDGE if question.kind == "judge" else question.options
        self.key.choices = [SelectChoice(option["id"], option["text"]) for option in options]

    def proposal(self, question: PaperQuestion) -> Proposal:
        """What is proposed for the question."""
        key = self._key(question) if self.deed.data == "rekey" else None
        return Proposal(question.question_id, Remedy(self.deed.data, key, self.never_lower.data), self.reason.data)

    def _key(self, question: PaperQuestion) -> object:
        chosen = self.key.data or []
        if question.kind == "judge":
            return TRUTHS[chosen[0]] if len(chosen) == 1 else None
        if question.kind == "single":
            return chosen if len(chosen) == 1 else None
        if question.kind == "multi":
            return chosen
        lines = [line for line in (self.blanks.data or "").splitlines() if line.strip()]
        return [[one.strip() for one in re.split("[;；]", line) if one.strip()] for line in lines]
