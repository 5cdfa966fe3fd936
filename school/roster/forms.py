"""Forms of the roster: an upload and its confirmation."""

from __future__ import annotations

from wtforms import BooleanField, DateField, FileField
from wtforms.validators import InputRequired

from school.web.forms import Form


class UploadForm(Form):
    file = FileField("花名册文件", [InputRequired("请选择一个文件。")])
    on = DateField("从哪一天起生效", [InputRequired("请填写日期，例如 2026-11-01。")])


class WriteForm(Form):
    leaving = BooleanField("文件里没有的人，记为离开原单位（不勾选则保持不动）")
