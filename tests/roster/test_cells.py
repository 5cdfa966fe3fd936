from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.roster import cells
from school.roster.cells import Unreadable


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01", "2026/3/1", "2026.3.1", "2026.03.01", "2026年3月1日", "2026 年 3 月 1 日", "20260301",
        "2026-03-01 00:00:00", "２０２６－０３－０１", "2026年3月", "2026.03", "2026-3", " 2026/03 ",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_ways_it_is_written(written):
    assert cells.day(written) == date(2026, 3, 1)


@pytest.mark.parametrize("written", ["至今", "长期", "无", "-", "", "/"])
def test_words_for_no_end_are_no_day(written):
    assert cells.day(written) is None
    assert cells.day_after(written) is None


@pytest.mark.parametrize(
    ("written", "after"),
    [("2026-02-28", date(2026, 3, 1)), ("2026年2月", date(2026, 3, 1)), ("2028.02", date(2028, 3, 1))],
)
def test_a_last_day_ends_with_the_day_after_it(written, after):
    assert cells.day_after(written) == after


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-02-30", "没有 2026 年 2 月 30 日"),
        ("2026-13-01", "没有 2026 年 13 月 1 日"),
        ("0026-01-01", "年份 26 不合理"),
        ("去年三月", "认不出这个日期"),
        ("45000", "认不出这个日期"),
        ("2021.1", "分不清是 1 月还是 10 月"),
        ("3月1日", "认不出这个日期"),
    ],
)
def test_a_doubtful_day_is_not_guessed(written, reason):
    with pytest.raises(Unreadable, match=reason):
        cells.day(written)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13800000000", "13800000000"),
        ("138 0000 0000", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("+86 13800000000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("'13800000000", "13800000000"),
        ("0837-7730000", "08377730000"),
        ("(0837)7730000", "08377730000"),
        ("7730000", "7730000"),
        ("660123", "660123"),
        ("无", ""),
    ],
)
def test_a_phone_is_its_digits(written, digits):
    assert cells.phone(written, damaged=False) == digits


@pytest.mark.parametrize(
    "written", ["1380000000", "138000000000", "12800000000", "13800000000/13900000000", "张三", "1.38E+10"]
)
def test_an_unlikely_phone_is_refused(written):
    with pytest.raises(Unreadable, match="电话号码不对"):
        cells.phone(written, damaged=False)


@pytest.mark.parametrize(
    ("written", "number"), [("0012", "0012"), ("'0012", "0012"), ("ＹＬ－１", "YL-1"), ("a/1.2", "a/1.2")]
)
def test_a_staff_number_is_kept_as_written_but_in_half_width(written, number):
    assert cells.staff_no(written, damaged=False) == number


@pytest.mark.parametrize(
    ("written", "damaged", "reason"),
    [
        ("5.133E+17", True, "丢失了位数"),
        ("3862.0", False, "丢失了位数"),
        ("3862.5", False, "丢失了位数"),
        ("11010519491231002X", False, "像是身份证号"),
        ("00 12", False, "只能由字母、数字"),
        ("张三", False, "只能由字母、数字"),
        ("1" * 41, False, "最多 40 位"),
    ],
)
def test_a_doubtful_staff_number_is_refused(written, damaged, reason):
    with pytest.raises(Unreadable, match=reason):
        cells.staff_no(written, damaged=damaged)


@pytest.mark.parametrize(
    ("number", "genuine"),
    [("11010519491231002X", True), ("11010519491231002x", True), ("110105194912310021", False), ("0012", False)],
)
def test_an_identity_number_is_known_by_its_check_digit(number, genuine):
    """GB 11643; the example number of domain.md §5.3."""
    assert cells.is_identity_no(number) is genuine


@pytest.mark.parametrize(
    ("value", "shown"),
    [("11010519491231002X", "110***********002X"), ("513299199001010000", "513***********0000"), ("0012", "0012")],
)
def test_what_looks_like_an_identity_number_is_masked(value, shown):
    assert cells.masked(value) == shown


@pytest.mark.parametrize(
    ("written", "kind"),
    [("任职", "任职"), ("在编", "编制"), ("抽调", "借调"), ("第一书记", "驻村"), (" 兼 职 ", "兼任")],
)
def test_kinds_have_synonyms(written, kind):
    assert cells.kind(written) == kind
    assert kind in cells.KINDS


@pytest.mark.parametrize(
    ("written", "answer"), [("是", True), ("√", True), ("TRUE", True), ("否", False), ("×", False), ("0", False)]
)
def test_yes_and_no_are_read(written, answer):
    assert cells.counts(written) is answer


@pytest.mark.parametrize("reader", [cells.kind, cells.counts, cells.order_no])
def test_other_words_are_refused_with_the_ones_that_are_known(reader):
    with pytest.raises(Unreadable, match="填"):
        reader("也许")


@given(st.text(max_size=30))
def test_no_text_makes_a_reader_fail(text):
    readers = (
        cells.day, cells.day_after, cells.kind, cells.counts, cells.order_no, cells.at_most(10),
        lambda given: cells.phone(given, False), lambda given: cells.staff_no(given, False),
    )  # fmt: skip
    for reader in readers:
        try:
            reader(text)
        except Unreadable as reason:
            message = str(reason)
        else:
            message = "read"
        assert message == "read" or message.endswith("。")
