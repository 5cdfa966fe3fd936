from __future__ import annotations

from datetime import UTC, datetime

import pytest

from school.reports import slips
from school.reports.slips import Slip
from tests.reports import reading

UNTIL = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)


def make_slip(n: int = 0, **given) -> Slip:
    plain = {"unit": "云岭县青石乡人民政府", "name": f"人员{n:04d}", "staff_no": f"A{n:05d}", "code": "7KQM-2WXP-9F4H"}
    return Slip(**{**plain, "valid_until": UNTIL, **given})


def draw(*some: Slip) -> bytes:
    return slips.draw(some, county="云岭县", address="https://yexiao.example")


@pytest.mark.parametrize(("people", "pages"), [(0, 1), (1, 1), (8, 1), (9, 2), (400, 50)])
def test_eight_slips_stand_on_a_page(people, pages):
    texts = reading.pages_of(draw(*map(make_slip, range(people))))

    assert len(texts) == pages
    assert [f"人员{n:04d}" in texts[n // 8] for n in range(people)] == [True] * people


@pytest.mark.parametrize("name", ["王䶮", "买买提·艾力", "𠮷田", "<b>甲</b>&", "阿卜杜·" * 12 + "力提"])
def test_a_slip_says_who_how_and_until_when(name):
    text = reading.squeezed(reading.by_pdfium(draw(make_slip(7, name=name))))

    for said in (name, "云岭县青石乡人民政府", "A00007", "7KQM-2WXP-9F4H", "2026年11月30日23:59前有效"):
        assert said in text
    assert text.count("用手机或电脑打开https://yexiao.example，输入工号和登录码") == 8


def test_equal_slips_give_equal_bytes_and_every_font_is_embedded():
    pdf = draw(make_slip(1), make_slip(2))

    assert pdf == draw(make_slip(1), make_slip(2))
    assert reading.unembedded(pdf) == set()
    assert b"Helvetica" not in pdf
