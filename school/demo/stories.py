"""What became of the units that fell short last month: five cases, each gone as far as cases in a county go.

石梁镇 has its 销号 refused, 雪松乡 is closed after a retest, 县水务局 has its objection upheld, 县住房和城乡建设局 waits for a decision,
and 县市场监督管理局 still owes its explanation.
"""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, undefer

from school import clock
from school import db as ground
from school.demo import quiz
from school.demo.cast import Cast, acting
from school.demo.dates import Dates
from school.demo.quiz import Ability, Watch
from school.followups import actions, queries
from school.followups.models import Case
from school.quizzes.models import Candidate, Round
from school.results import actions as results
from school.results.models import MonthResult
from school.roster.models import Unit

#: the units whose case this is; the last one's clerk is the first to be printed
REFUSED, CLOSED, UPHELD = "石梁镇", "雪松乡", "县水务局"
UNDECIDED, SILENT = "县住房和城乡建设局", "县市场监督管理局"
SHORT = (SILENT, REFUSED, CLOSED, UPHELD, UNDECIDED)

EXPLAINED = {
    REFUSED: "当月换届，8 名新到岗干部没有参加过农村土地和基层治理的集中学习，准备本月补上。",
    CLOSED: "测试那几天多数干部在村上核查住房安全，没有来得及复习，愿意补学补测。",
    UPHELD: "测试期间全局在河道抢险值守。",
    UNDECIDED: "人员新老交替，业务培训偏重规划审批，对减负、信访等内容不熟。",
}
PLANNED = (
    "1. 用两次干部夜校逐条学习薄弱专题；2. 每人重看自己答错的题和依据；3. 月底前由班子成员各讲一次。负责人：分管副职。"
)


def tell(engine: Engine, result_id: int, cast: Cast, dates: Dates, *, seed: int, watch: Watch) -> None:
    """Open the cases of a closed month and take them as far as the stories go."""
    with ground.writing(engine) as db:
        result = db.get_one(MonthResult, result_id, options=[undefer(MonthResult.value)])
        actions.open_cases(db, result, by=acting(db, cast.officer, dates.last(13)), now=dates.last(13, 11))
    teller = _Teller(engine, cast, dates, seed, watch)
    for name, words in EXPLAINED.items():
        teller.take(name, "explain", words, day=14, clerk=True)
    teller.take(UPHELD, "object", "抢险值守有县防汛办的通知，应当按公出免考，请复核。", day=15, clerk=True)
    teller.take(UPHELD, "uphold", "已与县防汛办核实，值守属实，本次结果不作为评价依据。", day=17, second=True)
    for name in (REFUSED, CLOSED):
        teller.take(name, "remind", "提醒一次：请按薄弱专题补学，写出一页措施。", day=15)
        teller.take(name, "plan", PLANNED, day=16, clerk=True)
        teller.take(name, "report", "两次夜校都已办完，36 人次参加，错题人人重看过一遍。", day=19, clerk=True)
        teller.retest(name)
    teller.take(
        REFUSED,
        "send_back",
        "复测人员只覆盖了原来不合格的人，其余干部的补学没有记录，请补办一次夜校再报。",
        day=24,
        second=True,
    )
    teller.take(CLOSED, "close", "复测达标，夜校签到和错题记录都已核对，同意销号。", day=24, second=True)


class _Teller:
    def __init__(self, engine: Engine, cast: Cast, dates: Dates, seed: int, watch: Watch):
        self.engine, self.cast, self.dates, self.seed, self.watch = engine, cast, dates, seed, watch

    def take(self, name: str, move: str, words: str, *, day: int, clerk: bool = False, second: bool = False) -> None:
        """One signed move of a unit's case, if the unit has one."""
        now = self.dates.last(day, 15)
        officer = self.cast.second_officer if second else self.cast.officer
        with ground.writing(self.engine) as db:
            case = _case(db, name)
            by = acting(db, self.cast.clerks[name] if clerk else officer, now)
            actions.move_case(db, case, move, words, by=by, now=now, calendar=queries.calendar(db))

    def retest(self, name: str) -> None:
        """The unit's people below the mark sit again with unseen questions; the result proposes the closing by itself."""
        opens, closes = self.dates.last(20, 19), self.dates.last(22, 22)
        with ground.writing(self.engine) as db:
            by, case = acting(db, self.cast.officer, opens), _case(db, name)
            below = actions.people_to_call(db, case, everyone=False)
            drawn = queries.retest_drawn(db, case, on=clock.day(opens))
            retest = actions.plan_retest(
                db, case, "复测在手机上答，也可以到镇政府用纸质卷。", drawn=drawn, opens_at=opens, closes_at=closes, everyone=not below,
                by=by, now=self.dates.last(20, 9), calendar=queries.calendar(db),
            )  # fmt: skip
            called = list(db.scalars(select(Candidate.person_id).where(Candidate.round_id == retest.id)))
        dice = random.Random(f"{self.seed}/{name}")
        starts = quiz.starts_between(called, opens, closes - timedelta(hours=1), dice)
        able = Ability(share=0.95, slump=0)
        quiz.answer(
            self.engine, retest.id, starts, lambda _row: able, seed=self.seed, watch=self.watch, words=f"{name}复测"
        )
        with ground.writing(self.engine) as db:
            now = self.dates.last(23, 9)
            by, round_ = acting(db, self.cast.officer, now), db.get_one(Round, retest.id)
            closed = results.close_month(db, round_, grace=20, by=by, now=now)
            actions.open_cases(db, closed, by=by, now=now)


def _case(db: Session, name: str) -> Case:
    return db.scalars(select(Case).join(Case.unit).where(Unit.name == name)).one()
