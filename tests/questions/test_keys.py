"""A key is decided only where one reading is possible."""

import pytest

from school.questions import keys
from school.questions.keys import Asked, Doubtful

FOUR = ("十年", "二十年", "三十年", "五十年")


@pytest.mark.parametrize(
    "said",
    [
        "ABD",
        "A B D",
        "A,B,D",
        "A，B，D",
        "A、B、D",
        "A/B/D",
        "A;B;D",
        "ＡＢＤ",
        "abd",
        "ABD。",
        "（ABD）",
        "DBA",
        "A|B|D",
    ],
)
def test_letters_are_read_with_every_usual_separator(said):
    assert keys.decide(Asked(None, "下列（ ）", FOUR), said).key == (0, 1, 3)


@pytest.mark.parametrize("said", ["C", "三十年", "C 三十年", "C、三十年", "C.三十年", "三十年。", "c"])
def test_a_single_answer_may_be_letter_text_or_both(said):
    assert keys.decide(Asked("single", "期限为（ ）", FOUR), said) == keys.Answer("single", (2,))


def test_letter_and_text_that_contradict_each_other_are_doubtful():
    with pytest.raises(Doubtful):
        keys.decide(Asked("single", "期限为（ ）", FOUR), "B、三十年")


def test_a_letter_that_is_also_the_text_of_another_option_is_doubtful():
    with pytest.raises(Doubtful, match="两种读法"):
        keys.decide(Asked("single", "血型是（ ）", ("B", "A", "O")), "A")


def test_a_number_names_an_option_only_where_options_are_numbered():
    assert keys.decide(Asked("single", "期限为（ ）", FOUR, numbered=True), "3").key == (2,)
    with pytest.raises(Doubtful):
        keys.decide(Asked("single", "期限为（ ）", FOUR), "3")


def test_a_number_that_is_also_an_option_text_is_doubtful():
    with pytest.raises(Doubtful, match="两种读法"):
        keys.decide(Asked("single", "几次（ ）", ("2", "3", "1"), numbered=True), "2")


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("√", True),
        ("×", False),
        ("✓", True),
        ("✗", False),
        ("✔", True),
        ("❌", False),
        ("对", True),
        ("错", False),
        ("正确", True),
        ("错误", False),
        ("是", True),
        ("否", False),
        ("True", True),
        ("FALSE", False),
        ("（对）", True),
        ("同意", True),
        ("不同意", False),
    ],
)
def test_clear_words_of_judgement(said, right):
    """rules.md 20."""
    assert keys.decide(Asked("judge", "三十年。"), said) == keys.Answer("judge", right)


@pytest.mark.parametrize("said", ["T", "F", "Y", "N", "1", "0", "2", "A", "B", "v", "x"])
def test_a_sign_without_its_section_is_doubtful(said):
    with pytest.raises(Doubtful):
        keys.decide(Asked("judge", "三十年。"), said)


@pytest.mark.parametrize(("said", "right"), [("T", True), ("F", False), ("f", False)])
def test_a_sign_is_read_by_the_scale_of_its_section(said, right):
    assert keys.decide(Asked("judge", "三十年。", pair={"t": True, "f": False}), said).key is right


@pytest.mark.parametrize(("options", "said", "right"), [(("正确", "错误"), "A", True), (("错", "对"), "A", False)])
def test_a_judge_item_with_options_is_read_by_their_words(options, said, right):
    assert keys.decide(Asked(None, "三十年。", options), said) == keys.Answer("judge", right)


@pytest.mark.parametrize(
    ("stem", "said", "key"),
    [
        ("期限____年", "三十", (("三十",),)),
        ("方针____", "预防为主、防消结合", (("预防为主、防消结合",),)),
        ("甲____乙____", "三十|五十", (("三十",), ("五十",))),
        ("甲____乙____", "三十；五十", (("三十",), ("五十",))),
        ("甲（ ）乙（ ）", "三十;五十", (("三十",), ("五十",))),
        ("甲[填空(1)]乙[填空(2)]", "三十\\五十", (("三十",), ("五十",))),
        ("甲____乙____", "（1）三十（2）五十", (("三十",), ("五十",))),
        ("甲____乙____", "①三十②五十", (("三十",), ("五十",))),
        ("期限____年", "三十 / 30", (("三十", "30"),)),
        ("甲____乙____", "三十 / 30；五十", (("三十", "30"), ("五十",))),
    ],
)
def test_fill_answers_are_dealt_to_their_blanks(stem, said, key):
    """rules.md 20."""
    assert keys.fill(stem, said) == key


@pytest.mark.parametrize("said", ["三十/30", "三十;30", "三十|30", "1/3", "三十 / 30;三"])
def test_several_words_for_one_blank_are_doubtful_but_proposed(said):
    with pytest.raises(Doubtful) as caught:
        keys.fill("期限____年", said)

    assert caught.value.kind == "fill"
    assert len(caught.value.key[0]) >= 2


@pytest.mark.parametrize("said", ["三十、五十", "三十，五十", "三十 五十"])
def test_dangerous_separators_are_proposed_and_asked_about(said):
    with pytest.raises(Doubtful) as caught:
        keys.fill("甲____乙____", said)

    assert caught.value.key == (("三十",), ("五十",))
