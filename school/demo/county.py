"""云岭县, which is nowhere: its units, its people and the awkward cases among them (domain.md §8.2). Pure.

The same seed gives the same county. Codes begin with 513299, which is assigned to no county.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import count, product

from school.demo import names

NAME, CODE, SEED = "云岭县", "513299", 20261101

TOWNS = (
    "青杠镇", "石梁镇", "雪松乡", "白鹿坪镇", "清水湾镇", "马鞍岭镇", "红桦乡", "羊角坪乡", "草坝乡", "长坪乡",
    "大草坡乡", "云顶乡",
)  # fmt: skip
VILLAGE_FIRST = (
    "柏树", "核桃", "青石", "红岩", "梨花", "向阳", "团结", "高山", "水磨", "花椒", "白杨", "石桥",
)  # fmt: skip
VILLAGE_LAST = (
    "坪", "坝", "湾", "岭", "沟", "寨", "坡", "口", "坎",
)  # fmt: skip
#: the first eight stand in the small county; the eighth has been merged into the seventh
DEPARTMENTS = (
    "县委组织部", "县委办公室", "县水务局", "县住房和城乡建设局", "县市场监督管理局", "县教育局", "县农业农村局",
    "县畜牧站", "县纪委监委", "县委宣传部", "县委统战部", "县委政法委", "县委编办", "县直机关工委", "县信访局",
    "县委党校", "县档案馆", "县人大办公室", "县政府办公室", "县政协办公室", "县法院", "县检察院", "县发展和改革局",
    "县经济商务和信息化局", "县民族宗教事务局", "县公安局", "县民政局", "县司法局", "县财政局",
    "县人力资源和社会保障局", "县自然资源局", "县生态环境局", "县交通运输局", "县文化广播电视和旅游局",
    "县卫生健康局", "县退役军人事务局", "县应急管理局", "县审计局", "县统计局", "县医疗保障局", "县林业和草原局",
    "县乡村振兴服务中心", "县政务服务中心", "县总工会", "团县委", "县妇联", "县科协", "县文联", "县残联",
    "县红十字会", "县气象站", "县融媒体中心", "县疾病预防控制中心", "县人民医院", "县中学", "县职业中学", "县图书馆",
    "县公路养护段", "县自来水站",
)  # fmt: skip
#: what becomes of whom on the day of changes: old unit -> new one
MERGED_DEPARTMENT = ("县畜牧站", "县农业农村局")

TOWN_POSTS = (
    "党委书记", "乡镇长", "人大主席", "党委副书记", "副乡镇长", "党政办主任", "农业农村干部", "民政干部", "应急干部",
    "综合执法队员",
)  # fmt: skip
VILLAGE_POSTS = (
    "村党支部书记", "村党支部副书记", "村委会委员", "村文书", "村监委会主任", "村妇联主席", "网格员",
)  # fmt: skip
OFFICE_POSTS = (
    "主要负责人", "分管负责人", "办公室主任", "一级主任科员", "二级主任科员", "四级主任科员", "一级科员",
    "专业技术人员", "工勤人员",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large a county: units of each kind before the mergers, people in each, office people sent to villages."""

    towns: int
    villages: int
    communities: int
    departments: int
    in_town: int
    in_village: tuple[int, int]
    in_department: tuple[int, int]
    posted_to_villages: int


SMALL = Size(3, 5, 0, 8, in_town=22, in_village=(5, 7), in_department=(13, 15), posted_to_villages=5)
FULL = Size(12, 97, 6, 59, in_town=60, in_village=(5, 8), in_department=(34, 42), posted_to_villages=340)


@dataclass(frozen=True)
class DemoUnit:
    """One unit. parent: its name, "" for the county.  kind: 县, 乡镇, 村, 社区 or 县级部门."""

    code: str
    name: str
    parent: str
    kind: str
    order_no: int


@dataclass(frozen=True)
class DemoPost:
    """One row of the roster: where a person stands, and whether they are counted there."""

    unit: str
    parent: str
    post: str
    kind: str = "任职"
    counts: bool = True


@dataclass(frozen=True)
class DemoPerson:
    """One person with their posts, the own one first."""

    staff_no: str
    name: str
    phone: str
    posts: tuple[DemoPost, ...]


@dataclass(frozen=True)
class County:
    """The county before the day of changes, and the changes.

    merged: (old unit, new unit), both DemoUnit.  moved: (person, new post) of that day, people of merged units included.
    on_leave: staff number of whoever is on maternity leave.
    """

    units: tuple[DemoUnit, ...]
    people: tuple[DemoPerson, ...]
    merged: tuple[tuple[DemoUnit, DemoUnit], ...] = ()
    moved: tuple[tuple[DemoPerson, DemoPost], ...] = ()
    on_leave: str = ""

    def of(self, *kinds: str) -> tuple[DemoUnit, ...]:
        """Units of some kinds that still stand after the mergers."""
        gone = {old.code for old, _new in self.merged}
        return tuple(unit for unit in self.units if unit.kind in kinds and unit.code not in gone)

    def staff(self, unit: DemoUnit) -> list[DemoPerson]:
        """People whose own post is at a unit, in roster order."""
        return [p for p in self.people if (p.posts[0].unit, p.posts[0].parent) == (unit.name, unit.parent)]


def county(size: Size = SMALL, seed: int = SEED) -> County:
    """The whole county of a seed."""
    dice = random.Random(seed)
    units = _units(size)
    people = _people(size, units, dice)
    people = _double_posts(people, units, dice)
    people = _posted_to_villages(people, units, size.posted_to_villages, dice)
    return _changes(County(units, people), dice)


def _units(size: Size) -> tuple[DemoUnit, ...]:
    order = count(1)
    units = [DemoUnit(CODE, NAME, "", "县", next(order))]
    for number, name in enumerate(DEPARTMENTS[: size.departments], 1):
        units.append(DemoUnit(f"{CODE}D{number:02}", name, NAME, "县级部门", next(order)))
    below = _villages(size)
    for number, name in enumerate(TOWNS[: size.towns]):
        code = f"{CODE}{(100 if name.endswith('镇') else 200) + number:03}"
        units.append(DemoUnit(code, name, NAME, "乡镇", next(order)))
        for n, (village, kind) in enumerate(below[number :: size.towns]):
            units.append(DemoUnit(f"{code}{200 + n:03}", village, name, kind, next(order)))
    return tuple(units)


def _villages(size: Size) -> list[tuple[str, str]]:
    """(name, kind) of every village, then of every community; no name twice."""
    words = [first + last for last, first in product(VILLAGE_LAST, VILLAGE_FIRST)]
    villages = [(f"{word}村", "村") for word in words[: size.villages]]
    return villages + [(f"{word}社区", "社区") for word in words[size.villages :][: size.communities]]


def _people(size: Size, units: tuple[DemoUnit, ...], dice: random.Random) -> list[DemoPerson]:
    many = {
        "县": lambda: 0,
        "乡镇": lambda: size.in_town,
        "村": lambda: dice.randint(*size.in_village),
        "社区": lambda: dice.randint(*size.in_village),
        "县级部门": lambda: dice.randint(*size.in_department),
    }
    words = {"乡镇": TOWN_POSTS, "村": VILLAGE_POSTS, "社区": VILLAGE_POSTS, "县级部门": OFFICE_POSTS}
    places = [(unit, place) for unit in units for place in range(many[unit.kind]())]
    named = names.people(dice, len(places))
    made = []
    for number, ((unit, place), name) in enumerate(zip(places, named, strict=True), 1):
        posts = words[unit.kind]
        post = posts[place] if place < len(posts) else dice.choice(posts[len(posts) // 2 :])
        phone = "" if dice.random() < 0.05 else f"{600000 + number}"
        made.append(DemoPerson(f"Y{number:05}", name, phone, (DemoPost(unit.name, unit.parent, post),)))
    return made


def _with_post(person: DemoPerson, post: DemoPost, *, counts_at_home: bool) -> DemoPerson:
    home = replace(person.posts[0], counts=counts_at_home)
    return replace(person, posts=(home, *person.posts[1:], post))


def _double_posts(people: list[DemoPerson], units: tuple[DemoUnit, ...], dice: random.Random) -> list[DemoPerson]:
    """Four people with a second post, and one who has long been on secondment: each counts at home only."""
    offices = [unit for unit in units if unit.kind == "县级部门"]
    candidates = [n for n, p in enumerate(people) if p.posts[0].post in OFFICE_POSTS[3:]]
    kinds = ("兼任", "兼任", "兼任", "挂职", "借调")
    for place, kind in zip(sorted(dice.sample(candidates, len(kinds))), kinds, strict=True):
        other = dice.choice([unit for unit in offices[:6] if unit.name != people[place].posts[0].unit])
        words = {"兼任": "领导小组办公室副主任", "挂职": "副局长（挂职）", "借调": "工作专班成员"}[kind]
        extra = DemoPost(other.name, other.parent, words, kind, counts=False)
        people[place] = _with_post(people[place], extra, counts_at_home=True)
    return people


def _posted_to_villages(
    people: list[DemoPerson], units: tuple[DemoUnit, ...], many: int, dice: random.Random
) -> tuple[DemoPerson, ...]:
    """驻村: they keep their post in the office and count in the village (domain.md §5.2)."""
    villages = [unit for unit in units if unit.kind == "村"]
    offices = set(DEPARTMENTS[5:]) - set(MERGED_DEPARTMENT)
    fit = [
        n
        for n, p in enumerate(people)
        if p.posts[0].unit in offices and len(p.posts) == 1 and p.posts[0].post in OFFICE_POSTS[3:]
    ]
    for turn, place in enumerate(sorted(dice.sample(fit, min(many, len(fit))))):
        village = villages[turn % len(villages)]
        word = "驻村第一书记" if turn < len(villages) else "驻村工作队员"
        people[place] = _with_post(
            people[place], DemoPost(village.name, village.parent, word, "驻村"), counts_at_home=False
        )
    return tuple(people)


def _changes(before: County, dice: random.Random) -> County:
    """Two mergers (an office, a village), five transfers, one maternity leave."""
    named = {unit.name: unit for unit in before.units if unit.kind != "村"}
    villages = [unit for unit in before.units if unit.kind == "村" and unit.parent == TOWNS[0]]
    merged = ((named[MERGED_DEPARTMENT[0]], named[MERGED_DEPARTMENT[1]]), (villages[1], villages[0]))
    moved = []
    for old, new in merged:
        moved += [(p, replace(p.posts[0], unit=new.name, parent=new.parent)) for p in before.staff(old)]
    juniors = before.staff(named["县教育局"])[3:] + before.staff(named[TOWNS[0]])[6:]
    free = [person for person in juniors if len(person.posts) == 1 and "·" not in person.name]
    goals = [named["县委办公室"], named["县教育局"]]
    for turn, person in enumerate(dice.sample(free, 6)):
        goal = goals[turn % 2] if person.posts[0].unit != goals[turn % 2].name else goals[(turn + 1) % 2]
        if turn < 5:
            moved.append((person, DemoPost(goal.name, goal.parent, "四级主任科员")))
        else:
            on_leave = person.staff_no
    return replace(before, merged=merged, moved=tuple(moved), on_leave=on_leave)
