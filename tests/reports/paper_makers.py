"""Values for printing papers: a form of every kind of question, and people who sit it."""

from __future__ import annotations

from decimal import Decimal

from school.reports.paper_value import Asked, Batch, Sitter, Terms, Wanted
from tests.makers import NOW, later

EVERYTHING = Wanted(papers=True, sheets=True, lists=True)
STEM = (
    "耕地的承包期届满后再延长（　　）。国家依法保护农村土地承包关系稳定并长久不变，承包方案应当经三分之二以上成员同意"
)


def make_terms(**given) -> Terms:
    plain = {
        "county": "云岭县", "title": "2026年11月政策测试", "mode": "open", "opens_at": NOW, "closes_at": later(hours=2),
        "minutes": 30, "full": Decimal(100), "pass_mark": Decimal(60), "multi_rule": "多选题少选得一半分，错选不得分",
    }  # fmt: skip
    return Terms(**{**plain, **given})


def make_form(*, single: int = 10, multi: int = 5, judge: int = 5, fill: int = 0, short: int = 0) -> tuple[Asked, ...]:
    kinds = ["single"] * single + ["multi"] * multi + ["judge"] * judge + ["fill"] * fill + ["short"] * short
    more = {"single": {"options": 4}, "multi": {"options": 4}, "fill": {"blanks": 2}}
    return tuple(
        Asked(n, kind, f"第{n}问{STEM}" + ("____，____" if kind == "fill" else ""), Decimal(5), **more.get(kind, {}))
        for n, kind in enumerate(kinds, 1)
    )


def make_sitter(questions=None, n: int = 1, **given) -> Sitter:
    questions = make_form() if questions is None else questions
    options = tuple(
        tuple(f"选项{question.position}{letter}" for letter in "甲乙丙丁"[: question.options]) for question in questions
    )
    plain = {
        "name": f"人员{n:04}", "unit": "青杠镇人民政府", "staff_no": f"G{n:05}", "form": "A", "options": options,
        "codes": tuple(f"YX1-12-{n}-A-{page}-7KQM2WXP" for page in (1, 2, 3)),
    }  # fmt: skip
    return Sitter(**{**plain, **given})


def make_batch(*people: Sitter, questions=None, **given) -> Batch:
    questions = make_form() if questions is None else questions
    return Batch(make_terms(**given), dict.fromkeys("AB", questions), people or (make_sitter(questions),))
