"""Forms of the officer: a round, its window, an exemption, an extension. Times are typed on the county's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from school import clock
from school.quizzes import makeup
from school.quizzes.actions import Plan
from school.quizzes.blueprint import demands_of
from school.quizzes.models import Round
from school.quizzes.paper import FORMS, Part
from school.quizzes.scoring import MULTI_RULES
from school.web.forms import Form

MISSING = DataRequired("请填写这一项。")
#: how a moment is typed
MINUTE = "%Y-%m-%dT%H:%M"
AUDIENCES = {"cadre": ("cadre", "both"), "farmer": ("farmer", "both"), "all": ("cadre", "farmer", "both")}
#: what a county that has never set a round starts with (domain.md §2.3): kind -> (questions, points each)
USUAL = {"single": (10, 5), "multi": (5, 5), "judge": (5, 5), "fill": (0, 5), "short": (0, 10)}
#: how a round is held, as the form and the pages say it
MODES = {
    "open": "开卷自测：在手机上答，可以查资料",
    "onsite": "现场开卷：集中到场答题，可以查资料",
    "closed": "现场闭卷：集中到场答题，不看资料，有工作人员在场",
}
#: fields that a round's columns take as they are
SAME = (
    "title", "month", "minutes", "scope", "multi_rule", "pass_mark", "excellent_mark", "asked_pass_percent",
    "asked_mean", "basis_body", "basis_title", "basis_number", "basis_on", "mode", "study_from", "makeups",
    "makeup_rule", "two_markers", "double_entry",
)  # fmt: skip


def unmarked(title: str | None) -> str | None:
    """A title without the book marks it was copied with; the pages put their own around it."""
    whole = bool(title) and title[0] + title[-1] == "《》" and title.count("《") == 1
    return title[1:-1] if whole else title


def _text(label: str, longest: int, **more) -> StringField:
    return StringField(label, [MISSING, Length(max=longest, message=f"最多 {longest} 个字。")], **more)


def _number(label: str, least: int, most: int, **more) -> IntegerField:
    limits = NumberRange(least, most, f"请填 {least} 到 {most} 之间的整数。")
    return IntegerField(label, [InputRequired("请填一个整数。"), limits], **more)


def _decimal(label: str, most: int, **more) -> DecimalField:
    limits = NumberRange(0, most, f"请填 0 到 {most} 之间的数，最多两位小数。")
    return DecimalField(label, [InputRequired("请填一个数。"), limits], places=2, **more)


class RoundForm(Form):
    """Everything an officer decides about a round; filled from the last one, so that a month takes five minutes."""

    title = _text("名称", 120)
    month = DateField("计入月份（填当月任一天）", [InputRequired("请填日期，例如 2026-11-01。")])
    opens_at = DateTimeLocalField("开始", [InputRequired("请填开始时间。")], format=MINUTE)
    closes_at = DateTimeLocalField("截止", [InputRequired("请填截止时间。")], format=MINUTE)
    minutes = _number("每人答题时间（分钟）", 5, 240, default=30)
    mode = RadioField("怎么考", choices=[SelectChoice(key, text) for key, text in MODES.items()], default="open")
    scope = TextAreaField("考什么（整月可看）", [Optional(), Length(max=2000, message="最多 2000 个字。")])
    single_count = _number("单选题题数", 0, 100)
    single_points = _decimal("单选题每题分值", 100)
    multi_count = _number("多选题题数", 0, 100)
    multi_points = _decimal("多选题每题分值", 100)
    judge_count = _number("判断题题数", 0, 100)
    judge_points = _decimal("判断题每题分值", 100)
    fill_count = _number("填空题题数", 0, 100)
    fill_points = _decimal("填空题每题分值", 100)
    short_count = _number("简答题题数", 0, 100)
    short_points = _decimal("简答题每题分值", 100)
    multi_rule = SelectField("多选题计分", choices=[SelectChoice(key, text) for key, text in MULTI_RULES.items()])
    topics = SelectMultipleField("专题（不选为全部）", choices=[])
    audience = SelectField(
        "题目对象",
        choices=[SelectChoice("cadre", "干部"), SelectChoice("farmer", "农民"), SelectChoice("all", "都可以")],
    )
    forms = _number("试卷套数（A、B……）", 1, len(FORMS), default=4)
    pass_mark = _decimal("合格线（分）", 1000, default=Decimal(60))
    excellent_mark = _decimal("优秀线（分）", 1000, default=Decimal(90))
    asked_pass_percent = _decimal("单位合格率标准（%）", 100, default=Decimal(90))
    asked_mean = _decimal("单位平均分标准（分）", 1000, default=Decimal(80))
    study_from = DateField("学习范围从哪天开放", [Optional()])
    review_at = DateTimeLocalField("答案和解析何时开放", [Optional()], format=MINUTE)
    makeups = _number("每人补考次数", 0, 2, default=1)
    makeup_rule = SelectField(
        "补考后以哪次为准", choices=[SelectChoice(key, text) for key, text in makeup.RULES.items()], default="best"
    )
    two_markers = BooleanField("人工评分由两人各评一遍，不一致的由第三人定")
    double_entry = BooleanField("纸质答卷由两人各录一遍，不一致的再核对")
    basis_body = _text("依据：发文机关", 120)
    basis_title = _text("依据：文件标题", 200, filters=[unmarked])
    basis_number = _text("依据：文号", 60)
    basis_on = DateField("依据：发文日期", [InputRequired("请填日期，例如 2026-01-15。")])

    def plan(self, kept: Round | None = None) -> Plan:
        """The plan as typed, with moments in UTC. kept: the round whose 细化, which has its own page, stays or is taken over."""
        parts = tuple(
            Part(kind, getattr(self, f"{kind}_count").data, getattr(self, f"{kind}_points").data)
            for kind in USUAL
            if getattr(self, f"{kind}_count").data
        )
        return Plan(
            opens_at=_moment(self.opens_at.data),
            closes_at=_moment(self.closes_at.data),
            review_at=self.review_at.data and _moment(self.review_at.data),
            parts=parts,
            demands=tuple(demands_of(kept.blueprint)) if kept is not None else (),
            topics=tuple(self.topics.data or ()),
            audiences=AUDIENCES[self.audience.data],
            forms=self.forms.data,
            **{name: getattr(self, name).data for name in SAME},
        )


def _moment(typed: datetime) -> datetime:
    return typed.replace(tzinfo=clock.ZONE).astimezone(UTC)


def values_of(round_: Round) -> dict:
    """A round as the form shows it."""
    blueprint = round_.blueprint
    values = {name: getattr(round_, name) for name in SAME}
    values |= {"opens_at": clock.local(round_.opens_at), "closes_at": clock.local(round_.closes_at)}
    values |= {"review_at": round_.review_at and clock.local(round_.review_at)}
    values |= {
        "topics": blueprint["topics"],
        "forms": blueprint["forms"],
        "audience": _audience(blueprint["audiences"]),
    }
    return values | _parts({p["kind"]: (p["count"], Decimal(p["points"])) for p in blueprint["parts"]})


def _audience(audiences: list[str]) -> str:
    return next(key for key, named in AUDIENCES.items() if list(named) == list(audiences))


def _parts(given: dict) -> dict:
    filled = {kind: given.get(kind, (0, Decimal(points))) for kind, (_, points) in USUAL.items()}
    counts = {f"{kind}_count": count for kind, (count, _) in filled.items()}
    return counts | {f"{kind}_points": points for kind, (_, points) in filled.items()}


def usual_values(last: Round | None, today: date) -> dict:
    """What a new round starts with: the last round's decisions, or the usual ones; an evening a week ahead, at no weekend."""
    first, on = clock.month(today), today + timedelta(days=7)
    if on.isoweekday() > 5:
        on += timedelta(days=8 - on.isoweekday())
    evening = datetime(on.year, on.month, on.day, 19, 0)  # noqa: DTZ001
    usual = _parts({kind: (count, Decimal(points)) for kind, (count, points) in USUAL.items()})
    values = values_of(last) if last is not None else usual
    values |= {"title": f"{first.year}年{first.month}月政策测试", "month": first, "review_at": None}
    # The day to study from is a day of the last month: the same habit means the first of this one.
    values |= {"study_from": first if values.get("study_from") else None}
    return values | {"opens_at": evening, "closes_at": evening + timedelta(hours=2)}


class PublishForm(Form):
    """Publishing. `shown` is the digest of the papers that have been shown and agreed to, if any were."""

    shown = HiddenField(default="")


class ReasonForm(Form):
    """A deed that owes a reason."""

    reason = _text("理由", 120)


class PauseForm(ReasonForm):
    """Stopping the clock, from now or from a moment that is past."""

    since = DateTimeLocalField("从几点起停的", [Optional()], format=MINUTE)

    @property
    def stopped_at(self) -> datetime | None:
        """The moment as typed, in UTC; None for now."""
        return self.since.data and _moment(self.since.data)


class ExtendForm(Form):
    minutes = _number("共延长（分钟）", 1, 240)
    reason = _text("理由", 120)


class ExtendAllForm(ExtendForm):
    """More minutes for a unit or for everybody."""

    unit = SelectField("给谁延长", coerce=int, choices=[])


class WindowForm(Form):
    """A published round's window, with a reason. `sure` names the window whose effect has been shown."""

    opens_at = DateTimeLocalField("开始", [InputRequired("请填开始时间。")], format=MINUTE)
    closes_at = DateTimeLocalField("截止", [InputRequired("请填截止时间。")], format=MINUTE)
    reason = _text("理由", 120)
    sure = HiddenField()

    @property
    def named(self) -> str:
        """The window as typed, in one word."""
        return f"{self.opens_at.data:{MINUTE}}/{self.closes_at.data:{MINUTE}}"

    def window(self, round_: Round) -> tuple[datetime, datetime]:
        """The window as typed, in UTC; an end that was left as it stood keeps its seconds."""
        return _kept(self.opens_at.data, round_.opens_at), _kept(self.closes_at.data, round_.closes_at)


def _kept(typed: datetime, standing: datetime) -> datetime:
    same = f"{typed:{MINUTE}}" == f"{clock.local(standing):{MINUTE}}"
    return standing if same else _moment(typed)
