from __future__ import annotations

import pytest

from school import settings
from school.errors import Refused


@pytest.mark.parametrize(("text", "on"), [("on", True), ("YES", True), ("off", False), ("0", False)])
def test_a_switch_is_read(text, on):
    assert settings.read({"SCHOOL_HTTPS": text}).https is on


@pytest.mark.parametrize(("name", "text"), [("SCHOOL_HTTPS", "ture"), ("SCHOOL_LOGIN_DAYS", "thirty")])
def test_a_value_that_cannot_be_read_is_refused_by_name(name, text):
    with pytest.raises(Refused, match=name):
        settings.read({name: text})


def test_empty_variables_mean_the_defaults():
    assert settings.read({"SCHOOL_COUNTY": "", "SCHOOL_PROXIES": ""}) == settings.Settings()
