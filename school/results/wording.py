"""How the figures of a month are said in Chinese, the same on every page, paper and sheet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from school import words
from school.quizzes.makeup import RULES
from school.results.figures import (
    SMALL_UNIT,
    Basis,
    Counts,
    MakeupCounts,
    Month,
    NightFigures,
    PersonLine,
    Shortfall,
    Standard,
    TopicShare,
)

NONE = "—"
BANDS = {"excellent": "优秀", "passed": "合格", "below": "未合格", "": NONE}
STATES = {"sat": "实考", "absent": "缺考", "exempt": "免考"}
SIX = (
    ("在册", "on_roster"),
    ("应考", "expected"),
    ("免考", "exempt"),
    ("缺考", "absent"),
    ("实考", "sat"),
    ("合格", "passed"),
)
SMALL_NOTE = f"应考或实考不足{SMALL_UNIT}人的单位只列人数，不计算平均分和比率（以“—”表示），也不与标准比较。"
FORMULAS = (
    "应考＝在册－免考；实考＝应考－缺考；合格人数含优秀人数。",
    "参考率＝实考÷应考；合格率＝合格÷实考；优秀率＝优秀÷实考；平均分＝实考人员得分之和÷实考；"
    "答对率＝答对题次÷作答题次（一人一题为一题次）。",
    "平均分和比率保留两位小数，四舍五入；是否达到标准按未经四舍五入的数比较。单位按建制顺序排列。",
    SMALL_NOTE,
)
#: what make-ups do to the figures beside them, by rule
EFFECTS = {
    "first": "补考合格不计入合格人数",
    "best": "各项数字已经这样计入",
    "last": "各项数字已经这样计入",
}
MAKEUP_NOTE = "补考合格＝补考中达到合格线的人数，每人只算一次；补考缺考的，不影响原测结果。各专题答对率只按原测统计。"
NIGHT_NOTE = (
    "期为夜校课次，人次为各期到课人数之和（含未具名的人头数），人数为具名登记的不同人员数，学时为已举办各期的学时。"
)


def basis(of: Basis) -> str:
    """云岭县委组织部《关于……的通知》（云组发〔2026〕12号，2026年3月1日）."""
    title = of.title if of.title.startswith("《") else f"《{of.title}》"
    number = f"{of.number}，" if of.number else ""
    return f"{of.body}{title}（{number}{words.day(of.dated_on)}）"


def mean(of: Fraction | None) -> str:
    """A mean score with both decimals, as tables want it: 82.35; a dash for none."""
    return NONE if of is None else str(words.half_up(of))


def mean_and_rates(counts: Counts) -> tuple[str, str, str]:
    """平均分, 合格率, 优秀率 as they are printed; dashes for a small unit."""
    if counts.small:
        return NONE, NONE, NONE
    return (
        mean(counts.mean),
        words.percent(counts.share("passed", "sat")),
        words.percent(counts.share("excellent", "sat")),
    )


def summary(counts: Counts, standard: Standard) -> str:
    """The counts and, unless the unit is small, every rate with its denominator, as one sentence."""
    heads = (
        f"在册{counts.on_roster}人，其中免考{counts.exempt}人，应考{counts.expected}人；"
        f"实考{counts.sat}人，缺考{counts.absent}人；合格{counts.passed}人，其中优秀{counts.excellent}人。"
    )
    if counts.small:
        return f"{heads}应考或实考不足{SMALL_UNIT}人，只列人数，不计算平均分和比率。"
    mean, passed, excellent = mean_and_rates(counts)
    return (
        f"{heads}参考率{words.percent(counts.share('sat', 'expected'))}（{counts.sat}／{counts.expected}），"
        f"合格率{passed}（{counts.passed}／{counts.sat}），优秀率{excellent}（{counts.excellent}／{counts.sat}），"
        f"实考人员平均{mean}分（满分{words.points(standard.full_mark)}分）。"
    )


def makeup(of: MakeupCounts, rule: str) -> str:
    """The make-ups of a version that knows them as two sentences: how many, and which result counts."""
    counted = f"补考：应补考{of.called}人，缺考{of.absent}人，实考{of.sat}人，补考合格{of.passed}人。"
    return counted + makeup_rule(rule)


def makeup_rule(rule: str, *, waiting: bool = False) -> str:
    """Which result counts and what that does to the figures. rule: a key of quizzes.makeup.RULES; waiting: not yet done."""
    effect = "这里的数字还没有计入补考" if waiting and rule != "first" else EFFECTS[rule]
    return f"{RULES[rule]}；{effect}。"


def which(person: PersonLine) -> str:
    """Which of several results counts, and what the others were: 以补考为准，原测未合格. Empty where there is only one."""
    if not person.tries:
        return ""
    if all(one.score is None for one in person.tries):
        return "补考也没有参加"
    said = [
        (_sitting(n), STATES["absent"] if one.score is None else BANDS[one.band]) for n, one in enumerate(person.tries)
    ]
    place = next(n for n, one in enumerate(person.tries) if one.counted)
    others = "，".join(f"{name}{band}" for n, (name, band) in enumerate(said) if n != place)
    return f"以{said[place][0]}为准，{others}"


def makeup_reason(titles: Sequence[str]) -> str:
    """Why a month is corrected after make-ups, to begin with; empty without any."""
    return f"{'、'.join(f'“{title}”' for title in titles)}已结束，补记补考结果" if titles else ""


def every_score(person: PersonLine) -> str:
    """All results of a person in points, never added: 原测 8，补考 14."""
    return "，".join(f"{_sitting(n)} {words.points(one.score)}" for n, one in enumerate(person.tries))


def _sitting(number: int) -> str:
    return ("原测", "补考")[number] if number < 2 else f"第{number}次补考"


def asked_of_units(standard: Standard) -> str:
    """The standard with its 依据, as one sentence."""
    return (
        f"标准：得分{words.points(standard.pass_mark)}分以上为合格，{words.points(standard.excellent_mark)}分以上为优秀（均含本数）；"
        f"合格率{words.percent(standard.pass_rate)}，平均{words.points(standard.mean)}分。依据：{basis(standard.basis)}。"
    )


def reached(counts: Counts, missed: Shortfall) -> str:
    """What was reached, with its denominator: 合格率83.33%（20／24）."""
    if missed.measure == "mean":
        return f"平均{mean(missed.reached)}分（实考{counts.sat}人）"
    return f"合格率{words.percent(missed.reached)}（{counts.passed}／{counts.sat}）"


def asked(missed: Shortfall) -> str:
    """What the standard asks: 90.00% or 80分."""
    return f"{words.points(missed.asked)}分" if missed.measure == "mean" else words.percent(missed.asked)


def gap(missed: Shortfall) -> str:
    """How far below, in points or percentage points."""
    number, unit = (missed.gap, "分") if missed.measure == "mean" else (missed.gap * 100, "个百分点")
    return f"{words.half_up(number)}{unit}" if words.half_up(number) else f"不足0.01{unit}"


def chance(missed: Shortfall) -> str:
    """Whether chance can explain it, in words that stand alone."""
    if missed.by_chance:
        return "偶然可以解释：实际达到标准的单位，每100个月中也有5个月以上会出现这样的结果，不宜据此下结论。"
    return "偶然难以解释：实际达到标准的单位，每100个月中出现这样结果的不超过5个月。"


def shortfall(counts: Counts, missed: Shortfall) -> str:
    """One shortfall as a fact: reached, asked, gap, chance."""
    return f"{reached(counts, missed)}，标准{asked(missed)}，低{gap(missed)}。{chance(missed)}"


def nights(figures: NightFigures) -> str:
    """期, 人次, 人数, 学时 as one sentence."""
    if not (figures.planned or figures.held or figures.cancelled):
        return "本月没有安排夜校。"
    return (
        f"计划{figures.planned}期，已举办{figures.held}期，取消{figures.cancelled}期；"
        f"到课{figures.attendances}人次，具名登记{figures.people}人，共{words.hours(figures.hours)}学时。"
    )


def topic_share(topic: TopicShare, *, counts_only: bool) -> str:
    """“农村土地”答对率95.00%（190／200）, or the counts alone."""
    if counts_only or not topic.asked:
        return f"“{topic.topic}”答对{topic.right}／{topic.asked}题次"
    return f"“{topic.topic}”答对率{words.percent(Fraction(topic.right, topic.asked))}（{topic.right}／{topic.asked}）"


def best_and_weakest(topics: tuple[TopicShare, ...]) -> tuple[TopicShare, TopicShare] | None:
    """The topics answered best and worst; None where there are not two that differ."""
    answered = [topic for topic in topics if topic.asked]
    if len(answered) < 2:
        return None
    best = max(answered, key=lambda topic: Fraction(topic.right, topic.asked))
    weakest = min(answered, key=lambda topic: Fraction(topic.right, topic.asked))
    same = Fraction(best.right, best.asked) == Fraction(weakest.right, weakest.asked)
    return None if same else (best, weakest)


def period(month: Month) -> tuple[str, str]:
    """统计时段 and 截止时间, as two lines."""
    return (
        f"统计时段：{words.moment(month.opens_at)}至{words.moment(month.closes_at)}",
        f"名单冻结：{words.moment(month.frozen_at)}；数据截止：{words.moment(month.closed_at)}（月结：{month.closed_by}）",
    )


def correction(month: Month) -> str:
    """更正第1号, or nothing for the first close."""
    return f"更正第{month.number}号" if month.number else ""


def rejudged_reason(corrections: Sequence[tuple[str, str]]) -> str:
    """Why a month is corrected after questions were judged anew, to begin with: (state, reason) of each; empty without any."""
    said = {"approved": "题目改判", "undone": "撤销改判"}
    return "；".join(f"{said[state]}：{reason}" for state, reason in corrections)
