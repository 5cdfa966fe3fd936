"""Makers of closed months, small by default; every argument can be given."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from school.results.figures import (
    Basis,
    Counts,
    Month,
    NightFigures,
    PersonLine,
    Shortfall,
    Standard,
    TopicShare,
    UnitMonth,
)

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "春兰秋菊文武德才志远明亮和平安康家兴国泰民丰"
_POSTS = (
    "党委书记",
    "乡长",
    "党委副书记",
    "副乡长",
    "武装部部长",
    "党政办主任",
    "驻村第一书记",
    "四级主任科员",
    "村党支部书记",
)
_TOPICS = ("农村土地承包", "森林草原防灭火", "城乡居民医保", "反电信网络诈骗", "基层减负规定")


def make_counts(**given) -> Counts:
    """25 on the roster, 24 expected, 23 sat, 21 passed, 8 of them excellent."""
    plain = {"on_roster": 25, "expected": 24, "exempt": 1, "absent": 1, "sat": 23, "passed": 21, "excellent": 8}
    return Counts(**{**plain, "score_sum": Decimal("1893.5"), **given})


def make_standard(**given) -> Standard:
    """合格 60, 优秀 90, asked of units: 90 % and 80 points."""
    basis = Basis("云岭县委组织部", "关于开展2026年度月度政策测试的通知", "云组通〔2026〕12号", date(2026, 3, 2))
    plain = {
        "full_mark": Decimal(100),
        "pass_mark": Decimal(60),
        "excellent_mark": Decimal(90),
        "pass_rate": Decimal("0.9"),
        "mean": Decimal(80),
    }
    return Standard(**{**plain, "basis": basis, **given})


def make_people(count: int, *, seed: int = 1) -> tuple[PersonLine, ...]:
    """A roster of invented people: one exempt, one absent, the others sat."""
    draw = random.Random(seed)
    return tuple(make_person(n, draw) for n in range(count))


def make_person(n: int = 2, draw: random.Random | None = None, **given) -> PersonLine:
    """The n-th person: 0 is exempt, 1 absent."""
    draw = draw or random.Random(n)
    name = draw.choice(_SURNAMES) + "".join(draw.sample(_GIVEN, draw.choice((1, 2, 2))))
    state = {0: "exempt", 1: "absent"}.get(n, "sat")
    score = Decimal(draw.randrange(50, 101, 5)) if state == "sat" else None
    band = "" if score is None else "excellent" if score >= 90 else "passed" if score >= 60 else "below"
    plain = {"person_id": n, "staff_no": f"A{n:05d}", "name": name, "post": draw.choice(_POSTS), "state": state}
    return PersonLine(**{**plain, "reason": "产假" if state == "exempt" else "", "score": score, "band": band, **given})


def make_topics(asked: int = 92) -> tuple[TopicShare, ...]:
    """Five topics, the first known best."""
    return tuple(TopicShare(topic, asked * (95 - 7 * n) // 100, asked) for n, topic in enumerate(_TOPICS))


def make_nights(**given) -> NightFigures:
    """Four nights held of four."""
    plain = {"planned": 4, "held": 4, "cancelled": 0, "attendances": 96, "people": 41, "hours": Decimal("8.0")}
    return NightFigures(**{**plain, **given})


def make_unit(n: int = 1, **given) -> UnitMonth:
    """A township that reached every standard."""
    plain = {
        "unit_id": n,
        "code": f"513299{n:03d}",
        "name": "云岭县青石乡人民政府",
        "short_name": "青石乡",
        "order_no": n,
        "counts": make_counts(),
        "topics": make_topics(),
        "shortfalls": (),
        "people": make_people(25),
        "nights": make_nights(),
    }
    return UnitMonth(**{**plain, **given})


def make_short_unit(n: int = 2, **given) -> UnitMonth:
    """A township below both measures: one chance explains, one it does not."""
    counts = make_counts(sat=24, absent=0, passed=20, excellent=4, score_sum=Decimal("1740"))
    missed = (
        Shortfall("pass_rate", Fraction(20, 24), Decimal("0.9"), True),
        Shortfall("mean", Fraction(1740, 24), Decimal(80), False),
    )
    plain = {"name": "云岭县白水镇人民政府", "short_name": "白水镇", "counts": counts, "shortfalls": missed}
    return make_unit(n, **{**plain, **given})


def make_small_unit(n: int = 3, **given) -> UnitMonth:
    """An office with six people expected."""
    counts = make_counts(
        on_roster=6, expected=6, exempt=0, absent=0, sat=6, passed=5, excellent=1, score_sum=Decimal("455")
    )
    plain = {
        "name": "云岭县档案馆",
        "short_name": "县档案馆",
        "counts": counts,
        "topics": make_topics(24),
        "people": make_people(6),
        "nights": make_nights(planned=0, held=0, attendances=0, people=0, hours=Decimal(0)),
    }
    return make_unit(n, **{**plain, **given})


def make_month(units: tuple[UnitMonth, ...] | None = None, **given) -> Month:
    """October 2026 of 云岭县 with three units, closed on 1 November; totals are the sums of the units."""
    units = units if units is not None else (make_unit(1), make_short_unit(2), make_small_unit(3))
    plain = {
        "county": "云岭县",
        "first": date(2026, 10, 1),
        "number": 0,
        "round_title": "2026年10月政策应知应会测试",
        "opens_at": datetime(2026, 10, 20, 11, 30, tzinfo=UTC),
        "closes_at": datetime(2026, 10, 27, 14, 0, tzinfo=UTC),
        "frozen_at": datetime(2026, 10, 19, 16, 30, tzinfo=UTC),
        "closed_at": datetime(2026, 11, 1, 1, 5, tzinfo=UTC),
        "closed_by": "何文兰",
        "standard": make_standard(),
        "units": units,
        "total": add_up(units),
        "topics": make_topics(92 * max(1, len(units))),
        "nights": make_nights(planned=9, held=8, cancelled=1, attendances=190, people=77, hours=Decimal(16)),
    }
    return Month(**{**plain, **given})


def add_up(units: tuple[UnitMonth, ...]) -> Counts:
    """The sum of the units' counts."""
    names = ("on_roster", "expected", "exempt", "absent", "sat", "passed", "excellent", "score_sum")
    return Counts(
        *(
            sum((getattr(unit.counts, name) for unit in units), start=0 * Decimal(0) if name == "score_sum" else 0)
            for name in names
        )
    )
