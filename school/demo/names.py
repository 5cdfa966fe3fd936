"""Invented names for invented people. Pure: the same dice give the same names.

The common ones are put together from two short lists of our own; the awkward ones are those that break systems: the
middle dot, characters outside the old code pages, two characters only, twenty characters, two people of one name.
"""

from __future__ import annotations

import random

#: one character each
SURNAMES = "何罗邓蒲唐曾向冉谭覃马杨泽田彭龚夏付舒牟黎秦柏岳景安青文段苟"
GIVEN = "朝明家国正兴光德远立新成志开学春秀玉桂素晓文雪小云天林成全荣"
LAST = "华平英兰芳军勇强琼莲贵福生才海江山川峰波敏燕梅霞蓉香菊忠林泉"
TIBETAN_FIRST = ("扎西", "泽仁", "央金", "尼玛", "格桑", "仁青", "达瓦", "白玛")
TIBETAN_LAST = ("卓玛", "措", "多吉", "拉姆", "次仁", "旺姆", "邓珠", "罗布")

#: stand in every demo county, in this order
AWKWARD = (
    "买买提·艾力", "王䶮", "𠮷田心", "阿依努尔·买合苏提江", "阿布都热合曼江·阿布都克热木伊敏尼牙孜汗", "何㛃", "马𬭊", "罗𠅤", "李伟",
    "李伟", "吉克·阿果", "欧阳雪松", "文", "石䘵", "覃﨑", "白玛央宗",
)  # fmt: skip


def people(dice: random.Random, count: int) -> list[str]:
    """So many names, the awkward ones spread among them."""
    made = [_name(dice) for _ in range(count)]
    step = max(1, count // len(AWKWARD))
    for place, name in enumerate(AWKWARD[: count // step]):
        made[place * step] = name
    return made


def _name(dice: random.Random) -> str:
    if dice.random() < 0.12:
        return dice.choice(TIBETAN_FIRST) + dice.choice(TIBETAN_LAST)
    surname = dice.choice(SURNAMES)
    return surname + dice.choice(LAST) if dice.random() < 0.2 else surname + dice.choice(GIVEN) + dice.choice(LAST)
