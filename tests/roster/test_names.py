from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.roster import names


@pytest.mark.parametrize(
    ("given_name", "tidied"),
    [
        ("张三", "张三"),
        ("张　三", "张三"),
        ("张  三", "张三"),
        ("张\u00a0三", "张三"),
        ("张\n三", "张三"),
        ("　张 三 ", "张三"),
        ("王 小 明", "王小明"),
        ("张三 李四", "张三 李四"),
        ("𠮷 䶮", "𠮷䶮"),
        ("王䶮", "王䶮"),
        ("Anna  Maria", "Anna Maria"),
        (" O'Neil Brown ", "O'Neil Brown"),
        ("A. K.", "A. K."),
        ("a•b", "a•b"),
        ("买买提·艾力", "买买提·艾力"),
        ("\uf92c\uf979\ufa18", "\uf92c\uf979\ufa18"),
        ("ＡＢ", "ＡＢ"),
        ("", ""),
    ],
)
def test_a_name_keeps_every_character_but_padding(given_name, tidied):
    """domain.md §5.3: no NFC or NFKC, blanks of display padding only."""
    assert names.tidy(given_name) == tidied


@pytest.mark.parametrize("dot", "·•・‧．∙⋅･●")
def test_look_alike_dots_between_han_characters_become_the_one_separator(dot):
    assert names.tidy(f"买买提{dot}艾力") == "买买提·艾力"
    assert names.tidy(f"𠮷 {dot} 䶮") == "𠮷·䶮"
    assert names.tidy(f"Ali{dot}Han") == f"Ali{dot}Han"
    assert names.tidy(f"{dot}艾力") == f"{dot}艾力"


@pytest.mark.parametrize(
    "name", ["王䶮", "买买提·艾力", "𠮷", "㛃𬭊𠅤\U000323af", "Anna Maria", "李", "字" * 50, "葛\U000e0100"]
)
def test_a_good_name_has_no_trouble(name):
    assert names.trouble(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("张\ue000", "自造字（U+E000）"),
        ("张\uf8ff", "自造字（U+F8FF）"),
        ("张\U000f0001", "自造字（U+F0001）"),
        ("张\u200b三", "看不见的字符（U+200B）"),
        ("\ufeff张三", "看不见的字符（U+FEFF）"),
        ("张\u202e三", "看不见的字符（U+202E）"),
        ("张\u2066三", "看不见的字符（U+2066）"),
        ("张\u00ad三", "看不见的字符（U+00AD）"),
        ("张\x07三", "看不见的字符（U+0007）"),
        ("张\u3164", "看不见的字符（U+3164）"),
        ("张\ufffd", "已损坏的字"),
        ("张三 李四", "中间有空格"),
        ("字" * 51, "姓名有 51 个字"),
    ],
)
def test_what_a_person_must_look_at_is_said_with_its_remedy(name, reason):
    assert reason in names.trouble(name)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("张三 　·•艾力𠮷a"))))
def test_tidying_twice_changes_nothing_and_trouble_never_fails(text):
    once = names.tidy(text)

    assert names.tidy(once) == once
    assert names.trouble(once) is None or names.trouble(once).endswith("。")
