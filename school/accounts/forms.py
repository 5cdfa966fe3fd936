"""Forms of sign-in and of account administration."""

from __future__ import annotations

from wtforms import BooleanField, DateField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, ValidationError

from school.access import Role
from school.accounts.passwords import LONGEST
from school.web.forms import Form

ROLES = [SelectChoice(r.value, r.text) for r in Role if r is not Role.LEARNER]
MISSING = DataRequired("请填写这一项。")
SHORT = Length(max=LONGEST, message=f"最多 {LONGEST} 个字符。")


class SignInForm(Form):
    login_name = StringField("工号或手机号", [MISSING, Length(max=40, message="最多 40 个字符。")])
    password = PasswordField("密码或首次登录码", [MISSING, SHORT])
    next = HiddenField()


class PasswordForm(Form):
    """A new password. `current` is asked only of those who have one."""

    current = PasswordField("现在的密码", [SHORT])
    new = PasswordField("新密码", [MISSING, SHORT])
    again = PasswordField("再输一遍新密码", [MISSING, EqualTo("new", "两次输入的新密码不一样，请重新输入。")])


class GrantForm(Form):
    role = SelectField("角色", [MISSING], choices=ROLES)
    unit = StringField("管理范围（单位编码或全称）", [MISSING])
    from_on = DateField("自", [InputRequired("请填写开始日期，例如 2026-11-01。")])
    until_on = DateField("至（不含当日，可留空）", [Optional()])

    def validate_until_on(self, field: DateField) -> None:
        if field.data and self.from_on.data and field.data <= self.from_on.data:
            raise ValidationError("结束日期要在开始日期以后；一直有效的请留空。")


class ViewModeForm(Form):
    elder = BooleanField("长辈版", false_values=("0", ""))
    letter_size = SelectField("字号", choices=["18", "22", "26", "30"], validators=[Optional()], default="18")
    next = HiddenField()
