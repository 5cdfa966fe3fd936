"""The demo county's night schools: opened, planned, held with attendance, cancelled, one left to be entered late."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from school import clock
from school import db as ground
from school.access import Member
from school.courses import actions, pool_actions, queries
from school.courses.calendar import Outline
from school.courses.card import Card
from school.courses.models import CourseSession, NightSchool
from school.demo.cast import MAKER
from school.demo.county import County
from school.demo.dates import Dates
from school.demo.quiz import Watch
from school.roster.models import Person, Unit

#: (title, topic, track, hours)
MENU = (
    ("农村土地承包：哪些能流转、怎么签合同", "农村土地", "farmer", "2"), ("森林草原防火：五月底前的禁令", "森林防火", "farmer", "2"),
    ("医保、养老怎么缴、怎么报", "社保医保", "farmer", "2"), ("认识骗局：刷单、贷款、冒充客服", "反诈", "farmer", "1.5"),
    ("花椒冬季管护（现场）", "农业技术", "farmer", "2"), ("牲畜越冬和圈舍消毒", "农业技术", "farmer", "2"),
    ("工资被拖欠怎么办", "劳动保障", "farmer", "1.5"), ("婚姻家庭：彩礼和赡养", "婚姻家庭", "farmer", "1.5"),
    ("为基层减负：哪些台账可以不要", "基层治理", "cadre", "2"), ("防返贫监测：范围、标准和程序", "乡村振兴", "cadre", "2"),
    ("宅基地审批：乡镇要做的六件事", "农村土地", "cadre", "2"), ("信访事项办理的时限", "基层治理", "cadre", "2"),
    ("值班值守和突发事件报送", "应急安全", "cadre", "2"), ("中央八项规定精神案例讨论", "干部纪律", "cadre", "2"),
)  # fmt: skip
#: (name, kind, topics) of teachers who are not in the roster
TEACHERS = (
    ("何技术员", "技术专家", "花椒、果树"), ("马兽医", "技术专家", "畜牧"), ("罗律师", "其他", "土地、婚姻、劳动"),
    ("牟老师", "学校教师", "普通话、文明新风"), ("泽医生", "医务人员", "慢病管理"), ("苟师傅", "土专家", "养蜂"),
)  # fmt: skip
OUTCOMES = (
    "大家记住了三条。",
    "现场示范了一遍，五户约好一起做。",
    "问得最多的是怎么报销。",
    "讨论热烈，约定下次讲案例。",
)
REQUESTS = ("希望请畜牧站的人来讲一次。", "想学手机上怎么查养老金。", "")
CANCELLED = ("连日大雨，道路有落石，改到下月。", "全镇防汛值守，教师抽不开身。")
EVENING, NOON = time(19, 30), time(12, 30)


@dataclass(frozen=True)
class _Night:
    """What shall become of one planned night. fate: held, cancelled, planned or due."""

    school: NightSchool
    starts_at: datetime
    fate: str


def run(engine: Engine, county: County, dates: Dates, *, seed: int, watch: Watch) -> None:
    """Open the schools and carry their nights through last month and this one."""
    dice = random.Random(f"{seed}/nights")
    with ground.writing(engine) as db:
        schools = _open(db, county, dates)
        pool = _fill_pool(db, schools, dates)
        db.flush()
    nights = [night for place, school in enumerate(schools) for night in _series(school, place, dates)]
    nights.sort(key=lambda night: night.starts_at)
    for place, night in enumerate(watch(nights, "夜校课次")):
        with ground.writing(engine) as db:
            _carry(db, night, pool, dates, place, dice)


def _open(db: Session, county: County, dates: Dates) -> list[NightSchool]:
    """A cadre school in each township, a farmer school in each village."""
    units = {unit.code: unit for unit in db.scalars(select(Unit))}
    people = {person.staff_no: person for person in db.scalars(select(Person))}
    opened = []
    for unit in county.of("乡镇", "村", "社区"):
        of_town = unit.kind == "乡镇"
        track, words, place = ("cadre", "干部夜校", "二楼会议室") if of_town else ("farmer", "农民夜校", "活动室")
        about = {"name": f"{unit.name}{words}", "place": f"{unit.name}{place}", "opened_on": dates.roster_on}
        head = people[county.staff(unit)[0].staff_no]
        opened.append(
            pool_actions.open_school(db, units[unit.code], track, head=head, **about, by=MAKER, now=dates.last(1, 8))
        )
    return opened


def _fill_pool(db: Session, schools: list[NightSchool], dates: Dates) -> dict[str, list]:
    """The menu by track, the county's teachers under "teachers", each school's head under "head/<school id>"."""
    top, now = db.scalars(select(Unit).where(Unit.parent_id.is_(None))).one(), dates.last(1, 8)
    found: dict[str, list] = {"farmer": [], "cadre": [], "teachers": []}
    for title, topic, track, hours in MENU:
        made = pool_actions.add_course(
            db, top, title=title, topic=topic, track=track, hours=Decimal(hours), materials="", by=MAKER, now=now
        )
        found[track].append(made)
    teachers = [(top, name, None, kind, topics, "teachers") for name, kind, topics in TEACHERS]
    heads = [(school.unit, school.head.name, school.head, "领导干部", "", f"head/{school.id}") for school in schools]
    for unit, name, person, kind, topics, key in teachers + heads:
        about = {"name": name, "person": person, "kind": kind, "topics": topics}
        found.setdefault(key, []).append(pool_actions.add_teacher(db, unit, **about, by=MAKER, now=now))
    return found


def _series(school: NightSchool, place: int, dates: Dates) -> list[_Night]:
    """Two nights last month, one held lately, one today or tomorrow, one next week; a few fall out."""
    at = NOON if school.track == "farmer" and place % 3 == 0 else EVENING
    days = [dates.last_month + timedelta(days=3 + place % 5), dates.last_month + timedelta(days=17 + place % 7)]
    fates = ["held", "cancelled" if place % 6 == 1 else "held"]
    if place % 4 == 3:
        days.append(dates.last_month + timedelta(days=25))
        fates.append("held")
    late = dates.today - timedelta(days=1 + place % 3)
    days += [late, dates.today + timedelta(days=(place + 1) % 2), dates.today + timedelta(days=7 + place % 3)]
    fates += ["due" if place % 5 == 1 else "held", "planned", "cancelled" if place % 7 == 5 else "planned"]
    return [_Night(school, clock.at(day, at), fate) for day, fate in zip(days, fates, strict=True)]


def _carry(db: Session, night: _Night, pool: dict[str, list], dates: Dates, place: int, dice: random.Random) -> None:
    """Plan one night a week before, and let happen to it what shall."""
    school = db.get_one(NightSchool, night.school.id)
    course = pool[school.track][place % len(pool[school.track])]
    guest = pool["teachers"][place % len(pool["teachers"])] if place % 3 == 0 else None
    kind = "集中授课" if school.track == "cadre" else dice.choice(("集中授课", "院坝会", "现场实训"))
    planned_at = min(night.starts_at, dates.now) - timedelta(days=7)
    for teacher in (guest, pool[f"head/{school.id}"][0]):
        outline = Outline(
            school.id, course.title, kind, school.place, course.hours, course.id, teacher.id if teacher else None
        )
        if teacher and not queries.clashes(db, outline, [night.starts_at]).get(night.starts_at):
            break
    (row,) = actions.plan_nights(db, outline, [night.starts_at], anyway=True, by=MAKER, now=planned_at)
    if night.fate == "cancelled":
        actions.cancel_night(db, row, CANCELLED[place % 2], by=MAKER, now=planned_at + timedelta(days=2))
    if night.fate == "held":
        _hold(db, row, dates, dice)


def _hold(db: Session, night: CourseSession, dates: Dates, dice: random.Random) -> None:
    """The head fills in the card the same evening; a cadre night is recognised afterwards."""
    db.flush()
    school, now = night.school, night.starts_at + timedelta(hours=float(night.hours))
    head = Member(None, school.head_id, school.head.name)
    roll = queries.roll(db, night)
    marks = {row.person.id: _mark(dice) for row in roll}
    began = clock.local(night.starts_at)
    card = Card(
        began=time(began.hour, began.minute), title=night.title, marks=marks, complete=True,
        head_count=dice.randint(8, 32) if school.track == "farmer" else None,
        outcome=dice.choice(OUTCOMES), request=dice.choice(REQUESTS),
    )  # fmt: skip
    actions.record_card(db, night, card, client_key=f"demo-{night.id}", seen_key="", by=head, now=min(now, dates.now))
    if school.track == "cadre" and dice.random() < 0.7:
        number = f"云组函〔{clock.day(now).year}〕18号"
        later = min(now + timedelta(days=1), dates.now)
        actions.recognise_night(db, night, "中共云岭县委组织部", number, by=MAKER, now=later)


def _mark(dice: random.Random) -> str:
    return dice.choices(("present", "late", "leave", "duty", "absent"), (84, 4, 6, 3, 3))[0]
