"""单位报告: one unit's month on paper, from the frozen value to bytes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from school import words
from school.reports import charts, fonts
from school.reports.page import Figure, Paper
from school.reports.tables import Column
from school.results import wording
from school.results.figures import SMALL_UNIT, Counts, MakeupCounts, Month, PersonLine, TopicShare, UnitMonth

TOPIC_COLUMNS = (
    Column("序号", 10, "middle"),
    Column("专题", 60),
    Column("答对题次", 22, "end"),
    Column("作答题次", 22, "end"),
    Column("答对率", 22, "end"),
)
#: more bars than this do not fit a page beside their table
TOPIC_BARS = 30
_PEOPLE = (
    Column("序号", 10, "middle"),
    Column("姓名", 36),
    Column("职务", 48),
    Column("参加情况", 34),
    Column("档次", 16),
)


def draw(month: Month, unit: UnitMonth, *, folder: Path | None = None) -> bytes:
    """The unit's report as PDF. folder: the county's own fonts. Page one can be read alone."""
    title = f"{unit.name}{words.month(month.first)}测试情况"
    paper = Paper(
        fonts.load(folder), title=title, subject=month.round_title, author=month.county, made_at=month.closed_at
    )
    paper.title(
        (unit.name, f"{words.month(month.first)}测试情况"),
        (month.round_title, *wording.period(month)),
        wording.correction(month),
    )
    correction(paper, month)
    paper.figures(six(unit.counts, unit.makeup))
    if not unit.small:
        paper.figures(rates(unit.counts))
    paper.chart(charts.bands(unit.counts))
    _text(paper, month, unit)
    _annex(paper, unit)
    paper.closing(notes(month))
    return paper.finish()


def correction(paper: Paper, month: Month) -> None:
    """What a 更正 changed, before anything else is said."""
    if month.number:
        paper.text(f"本件为{wording.correction(month)}，此前各件予以保留。更正内容：{''.join(month.corrections)}")


def six(counts: Counts, makeup: MakeupCounts | None) -> list[Figure]:
    """The six counts as a strip; 补考合格 stands beside them where there were make-ups."""
    strip = [Figure(name, str(getattr(counts, field)), unit="人") for name, field in wording.SIX]
    return strip if makeup is None else [*strip, Figure("补考合格", str(makeup.passed), unit="人")]


def notes(month: Month) -> tuple[str, ...]:
    """The formulas below every paper of a month."""
    return (*wording.FORMULAS, *((wording.MAKEUP_NOTE,) if month.makeup else ()), wording.NIGHT_NOTE)


def rates(counts: Counts) -> list[Figure]:
    """Mean and rates as a strip, each over its denominator."""
    mean, passed, excellent = wording.mean_and_rates(counts)
    sat = f"实考{counts.sat}"
    taking_part = words.percent(counts.share("sat", "expected"))
    return [
        Figure("平均分", mean, unit="分", below=f"{sat}人"),
        Figure("参考率", taking_part, below=f"{sat}／应考{counts.expected}"),
        Figure("合格率", passed, below=f"合格{counts.passed}／{sat}"),
        Figure("优秀率", excellent, below=f"优秀{counts.excellent}／{sat}"),
    ]


def topic_rows(topics: tuple[TopicShare, ...], *, counts_only: bool) -> list[tuple[str, ...]]:
    """Rows of the topic table; a dash for the share of a small unit."""
    return [
        (
            str(n),
            topic.topic,
            str(topic.right),
            str(topic.asked),
            wording.NONE if counts_only or not topic.asked else words.percent(Fraction(topic.right, topic.asked)),
        )
        for n, topic in enumerate(topics, 1)
    ]


def good_news(month: Month, unit: UnitMonth) -> list[str]:
    """What went well, as facts: everybody came, a standard was reached, a topic sits, the nights were held."""
    counts, missed, said = unit.counts, {shortfall.measure for shortfall in unit.shortfalls}, []
    if counts.sat and not counts.absent:
        said.append(f"应考{counts.expected}人全部参加。")
    if not unit.small and counts.sat and "pass_rate" not in missed:
        rate = words.percent(counts.share("passed", "sat"))
        said.append(
            f"合格率{rate}（{counts.passed}／{counts.sat}），达到标准{words.percent(month.standard.pass_rate)}。"
        )
    if not unit.small and counts.sat and "mean" not in missed:
        said.append(f"平均{wording.mean(counts.mean)}分，达到标准{words.points(month.standard.mean)}分。")
    if ends := wording.best_and_weakest(unit.topics):
        said.append(f"掌握最好的专题是{wording.topic_share(ends[0], counts_only=unit.small)}。")
    if unit.nights.held and unit.nights.held >= unit.nights.planned and not unit.nights.cancelled:
        said.append(f"夜校计划{unit.nights.planned}期，全部如期举办。")
    return said or [f"合格{counts.passed}人，实考{counts.sat}人。"]


def gaps(unit: UnitMonth) -> list[str]:
    """What is missing, as facts; nothing is judged in a small unit."""
    said = [wording.shortfall(unit.counts, missed) for missed in unit.shortfalls]
    if not unit.counts.sat:
        said.append("本月无人实考，不与标准比较。")
    elif unit.small:
        said.append(f"应考{unit.counts.expected}人、实考{unit.counts.sat}人，有一项不足{SMALL_UNIT}人，不与标准比较。")
    elif not said:
        said.append("各项均达到标准。")
    if ends := wording.best_and_weakest(unit.topics):
        said.append(f"最需要补学的专题是{wording.topic_share(ends[1], counts_only=unit.small)}。")
    return said


def _text(paper: Paper, month: Month, unit: UnitMonth) -> None:
    paper.heading("一、总体情况")
    paper.text(wording.summary(unit.counts, month.standard))
    if unit.makeup:
        paper.text(wording.makeup(unit.makeup, month.makeup_rule))
    paper.text(wording.asked_of_units(month.standard))
    paper.text(f"夜校：{wording.nights(unit.nights)}")
    paper.heading("二、做得好的方面")
    for n, said in enumerate(good_news(month, unit), 1):
        paper.text(said, label=f"{n}.")
    paper.heading("三、需要补上的方面")
    for n, said in enumerate(gaps(unit), 1):
        paper.text(said, label=f"{n}.")


def _annex(paper: Paper, unit: UnitMonth) -> None:
    if unit.topics:
        paper.heading("四、各专题情况", keep=130)
        if not unit.small and len(unit.topics) <= TOPIC_BARS:
            paper.chart(charts.topics(unit.topics))
        paper.table(
            "表一　各专题答对情况",
            TOPIC_COLUMNS,
            topic_rows(unit.topics, counts_only=unit.small),
            units="单位：题次、%",
        )
    if unit.people:
        paper.heading("五、人员名单" if unit.topics else "四、人员名单", keep=120)
        paper.table(
            "表二　参加情况" if unit.topics else "表一　参加情况",
            _PEOPLE,
            people_rows(unit.people),
            units="按花名册顺序",
        )


def people_rows(people: tuple[PersonLine, ...]) -> list[tuple[str, ...]]:
    """The name list in roster order: the band in words, no score."""
    return [
        (str(n), person.name, person.post, taking_part(person), wording.BANDS[person.band])
        for n, person in enumerate(people, 1)
    ]


def taking_part(person: PersonLine) -> str:
    """实考, 缺考, 免考（产假）; after a make-up with which result counts: 实考（以补考为准，原测未合格）."""
    why = "；".join(filter(None, (person.reason, wording.which(person))))
    return f"{wording.STATES[person.state]}（{why}）" if why else wording.STATES[person.state]
