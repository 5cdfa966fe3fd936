"""县级报告: a county's month on paper, units in 建制顺序, from the frozen value to bytes."""

from __future__ import annotations

from pathlib import Path

from school import words
from school.reports import charts, fonts
from school.reports.page import Paper
from school.reports.tables import Column
from school.reports.unit_report import TOPIC_BARS, TOPIC_COLUMNS, correction, notes, rates, six, topic_rows
from school.results import wording
from school.results.figures import SMALL_UNIT, Counts, MakeupCounts, Month, UnitMonth

#: bars on one page; a county of 160 units gets several charts
_BARS = 38

_UNITS = (
    Column("序号", 29, "middle"),
    Column("单位", 108),
    *(Column(name, 33, "end") for name, _ in wording.SIX),
    Column("平均分", 38, "end"),
    Column("合格率", 45, "end"),
    Column("优秀率", 45, "end"),
)
#: a unit's name may break, a figure may not: the column of the make-ups takes its room from the names
_WITH_MAKEUPS = (_UNITS[0], _UNITS[1]._replace(share=75), *_UNITS[2:], Column("补考合格", 33, "end"))
_SHORTFALLS = (
    Column("单位", 36),
    Column("达到", 38),
    Column("标准", 18, "end"),
    Column("相差", 26, "end"),
    Column("偶然能否解释", 24),
)
_NIGHTS = (
    Column("序号", 14, "middle"),
    Column("单位", 76),
    *(Column(name, 24, "end") for name in ("计划期数", "举办期数", "取消期数", "到课人次", "登记人数", "学时")),
)


def draw(month: Month, *, folder: Path | None = None) -> bytes:
    """The county's report as PDF. folder: the county's own fonts. Page one can be read alone."""
    title = f"{month.county}{words.month(month.first)}测试情况"
    paper = Paper(
        fonts.load(folder), title=title, subject=month.round_title, author=month.county, made_at=month.closed_at
    )
    paper.title(
        (f"{month.county}{words.month(month.first)}测试情况",),
        (month.round_title, *wording.period(month)),
        wording.correction(month),
    )
    correction(paper, month)
    paper.figures(six(month.total, month.makeup))
    if not month.total.small:
        paper.figures(rates(month.total))
    paper.chart(charts.bands(month.total))
    _text(paper, month)
    units = in_order(month)
    _unit_tables(paper, month, units)
    _topics_and_nights(paper, month, units)
    paper.closing((*notes(month), *comings_and_goings(month)))
    return paper.finish()


def in_order(month: Month) -> tuple[UnitMonth, ...]:
    """The units in 建制顺序."""
    return tuple(sorted(month.units, key=lambda unit: unit.order_no))


def good_news(month: Month) -> list[str]:
    """What went well in the county, as facts."""
    units, said = [unit for unit in month.units if unit.counts.sat], []
    judged = [unit for unit in units if not unit.small]
    if complete := [unit for unit in units if not unit.counts.absent]:
        said.append(f"{len(complete)}个单位应考人员全部参加（有人应考的单位共{_with_people(month)}个）。")
    if met := [unit for unit in judged if not unit.shortfalls]:
        said.append(f"参加比较的{len(judged)}个单位中，{len(met)}个单位各项达到标准。")
    if ends := wording.best_and_weakest(month.topics):
        said.append(f"全县掌握最好的专题是{wording.topic_share(ends[0], counts_only=month.total.small)}。")
    if month.nights.held:
        said.append(f"夜校举办{month.nights.held}期，到课{month.nights.attendances}人次。")
    return said or [f"合格{month.total.passed}人，实考{month.total.sat}人。"]


def gaps(month: Month) -> list[str]:
    """What is missing in the county, as facts with the standard next to them."""
    judged = [unit for unit in month.units if unit.counts.sat and not unit.small]
    missed = [unit for unit in judged if unit.shortfalls]
    said = []
    if missed:
        unlikely = sum(any(not each.by_chance for each in unit.shortfalls) for unit in missed)
        clear = f"其中{unlikely}个单位的差距偶然难以解释" if unlikely else "差距都可以用偶然解释"
        said.append(f"参加比较的{len(judged)}个单位中，{len(missed)}个单位有指标低于标准，{clear}（见表二）。")
    elif judged:
        said.append(f"参加比较的{len(judged)}个单位各项均达到标准。")
    if few := [unit for unit in month.units if unit.small]:
        said.append(f"{len(few)}个单位应考或实考不足{SMALL_UNIT}人，只列人数，不作比较。")
    if month.total.absent:
        said.append(f"缺考{month.total.absent}人（应考{month.total.expected}人）。")
    if ends := wording.best_and_weakest(month.topics):
        said.append(f"全县最需要补学的专题是{wording.topic_share(ends[1], counts_only=month.total.small)}。")
    return said


def comings_and_goings(month: Month) -> list[str]:
    """Who came or went after the freeze: in a note, in no rate."""
    said = []
    if month.joined_after:
        said.append(f"名单冻结后新到{len(month.joined_after)}人，不计入：{'、'.join(month.joined_after)}。")
    if month.left_after:
        said.append(f"名单冻结后离开{len(month.left_after)}人，仍按冻结时统计：{'、'.join(month.left_after)}。")
    return said


def unit_row(number: str, name: str, counts: Counts) -> tuple[str, ...]:
    """One row of the units' table: six counts, mean, rates."""
    heads = (str(getattr(counts, field)) for _, field in wording.SIX)
    return (number, name, *heads, *wording.mean_and_rates(counts))


def made_up(month: Month, of: MakeupCounts | None) -> tuple[str, ...]:
    """The cell of 补考合格, where the month has that column."""
    return (str(of.passed if of else 0),) if month.makeup else ()


def shortfall_rows(units: tuple[UnitMonth, ...]) -> list[tuple[str, ...]]:
    """Every shortfall in 建制顺序: reached, asked, gap, whether chance can explain it."""
    return [
        (
            unit.short_name,
            wording.reached(unit.counts, missed),
            wording.asked(missed),
            wording.gap(missed),
            "可以" if missed.by_chance else "难以",
        )
        for unit in units
        for missed in unit.shortfalls
    ]


def _with_people(month: Month) -> int:
    return sum(1 for unit in month.units if unit.counts.expected)


def _text(paper: Paper, month: Month) -> None:
    paper.heading("一、总体情况")
    paper.text(f"共{len(month.units)}个单位。{wording.summary(month.total, month.standard)}")
    if month.makeup:
        paper.text(wording.makeup(month.makeup, month.makeup_rule))
    paper.text(wording.asked_of_units(month.standard))
    paper.text(f"夜校：{wording.nights(month.nights)}")
    paper.heading("二、做得好的方面")
    for n, said in enumerate(good_news(month), 1):
        paper.text(said, label=f"{n}.")
    paper.heading("三、需要补上的方面")
    for n, said in enumerate(gaps(month), 1):
        paper.text(said, label=f"{n}.")


def _unit_tables(paper: Paper, month: Month, units: tuple[UnitMonth, ...]) -> None:
    paper.heading("四、各单位情况", keep=120)
    rows = [
        unit_row(str(n), unit.short_name, unit.counts) + made_up(month, unit.makeup) for n, unit in enumerate(units, 1)
    ]
    total = unit_row("", "合计", month.total) + made_up(month, month.makeup)
    columns = _WITH_MAKEUPS if month.makeup else _UNITS
    paper.table("表一　各单位人数、平均分和比率", columns, rows, units="单位：人、分、%", total=total)
    if missed := shortfall_rows(units):
        paper.table("表二　低于标准的指标（按建制顺序）", _SHORTFALLS, missed)
        paper.text(f"依据：{wording.basis(month.standard.basis)}。“可以”“难以”是说差距能否用偶然解释：{_CHANCE}")
    parts = -(-len(units) // _BARS)
    for n in range(parts):
        some = units[len(units) * n // parts : len(units) * (n + 1) // parts]
        paper.chart(charts.pass_rates(some, month.standard))


_CHANCE = "实际达到标准的单位，每100个月中有5个月以上会出现这样的结果，为“可以”；不超过5个月，为“难以”。"


def _topics_and_nights(paper: Paper, month: Month, units: tuple[UnitMonth, ...]) -> None:
    few = month.total.small
    if month.topics:
        paper.heading("五、各专题情况", keep=130)
        if not few and len(month.topics) <= TOPIC_BARS:
            paper.chart(charts.topics(month.topics))
        paper.table(
            "表三　各专题答对情况", TOPIC_COLUMNS, topic_rows(month.topics, counts_only=few), units="单位：题次、%"
        )
    paper.heading("六、夜校情况" if month.topics else "五、夜校情况", keep=120)
    rows = [night_row(str(n), unit.short_name, unit.nights) for n, unit in enumerate(units, 1)]
    paper.table(
        "表四　各单位夜校（含下属单位）",
        _NIGHTS,
        rows,
        units="单位：期、人次、人、学时",
        total=night_row("", "全县", month.nights),
    )


def night_row(number: str, name: str, nights) -> tuple[str, ...]:
    """One row of the night schools' table."""
    counted = (nights.planned, nights.held, nights.cancelled, nights.attendances, nights.people)
    return (number, name, *map(str, counted), words.hours(nights.hours))
