"""The ground form: session CSRF, stripped text, words in Chinese, bound to the request."""

from __future__ import annotations

import hmac
import secrets
from datetime import date
from decimal import Decimal

from flask import current_app, request, session
from wtforms import DecimalField, IntegerField, ValidationError
from wtforms import Form as WTForm
from wtforms.csrf.core import CSRF

#: characters that change how a line reads without being seen; no name or sentence needs them
INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0])


#: years of anything that is planned or kept; a day outside would not even stand between two time zones
YEARS = range(1950, 2101)


def quiet(value):
    """A field's value; of numbers that are none, the one that can be compared without a crash ("sNaN" can be typed)."""
    return Decimal("NaN") if isinstance(value, Decimal) and value.is_snan() else value


def sane(value):
    """A field's day or number, as it is; one that no table could keep is refused with a sentence on the field."""
    if isinstance(value, date) and value.year not in YEARS:
        raise ValueError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间，请检查。")
    if isinstance(value, Decimal) and not _two_places(value):
        raise ValueError("请填一个数，最多两位小数。")
    return value


def _two_places(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < 10**9 and value * 100 == int(value * 100)


def stripped(value):
    """A field's text without blanks at either end and without invisible controls; other values as they are."""
    return value.translate(INVISIBLE).strip() if isinstance(value, str) else value


def token() -> str:
    """The CSRF token of this browser: a keyed hash of a random value in its session."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(20)
    return hmac.digest(current_app.secret_key.encode(), session["csrf"].encode(), "sha256").hex()


def is_token(given: str | None) -> bool:
    """Whether somebody sent this browser's token back."""
    return hmac.compare_digest((given or "").encode(), token().encode())


class SessionToken(CSRF):
    """The token as a field of every form."""

    def generate_csrf_token(self, _field) -> str:
        return token()

    def validate_csrf_token(self, _form, field) -> None:
        if not is_token(field.data):
            raise ValidationError("这一页放得太久了，请刷新后再办。")


class Form(WTForm):
    """A form of a page. `submitted()` is true for a POST whose token and fields are right."""

    class Meta:
        csrf = True
        csrf_class = SessionToken
        locales = ("zh_CN", "zh")

        def bind_field(self, form, unbound_field, options):
            filters = [stripped, quiet, sane, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

    def __init__(self, formdata=None, **kwargs):
        if formdata is None and request.method == "POST":
            formdata = request.form.copy()
            formdata.update(request.files)
        super().__init__(formdata, **kwargs)

    def validate(self, extra_validators=None) -> bool:
        """As WTForms does; a number that could not be read is complained about once, in our own words."""
        right = super().validate(extra_validators)
        for field in self:
            if isinstance(field, IntegerField | DecimalField) and field.process_errors and len(field.errors) > 1:
                field.errors = field.errors[-1:]
        return right

    def submitted(self) -> bool:
        """Whether this is a POST and everything in it is right."""
        return request.method == "POST" and self.validate()


class Confirm(Form):
    """A form with nothing but its token: for deeds that need no words."""
