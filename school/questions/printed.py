"""Questions as a Word paper on A4, with the key or without it; what it prints with the key, `docx` reads back."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from school.questions import bank_text, citation, markup
from school.questions.draft import KINDS, LETTERS, Draft
from school.questions.matching import normal
from school.questions.numerals import spoken
from school.questions.printed_body import TEXT_CM, Body

_HEADINGS = {"single": "单项选择题", "multi": "多项选择题", "judge": "判断题", "fill": "填空题", "short": "简答题"}
#: centimetres of one Chinese character at 12 points
_CHARACTER_CM = 0.4233


def paper(drafts: Sequence[Draft], title: str, *, with_key: bool) -> bytes:
    """A .docx: title, one section per kind, options side by side where they are short. with_key: answer, explanation and
    依据 below each question; without it, lines for name and unit instead. Same questions, same bytes."""
    document = _blank(title)
    body = Body(document)
    body.add(title, style="Title")
    if not with_key:
        body.add("单位：________________　　姓名：____________　　得分：________")
    kinds = [kind for kind in KINDS if any(draft.kind == kind for draft in drafts)]
    for place, kind in enumerate(kinds, 1):
        _section(body, place, [draft for draft in drafts if draft.kind == kind], with_key)
    body.close()
    return _bytes(document)


def _blank(title: str):
    document = Document()
    document.core_properties.title = markup.possible(title)[:200]
    document.core_properties.author = ""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    _style(document.styles["Normal"], "宋体", 12)
    _style(document.styles["Title"], "黑体", 18)
    _style(document.styles["Heading 1"], "黑体", 14)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    normal_format = document.styles["Normal"].paragraph_format
    normal_format.space_after, normal_format.line_spacing = Pt(0), 1.4
    _page_number(page.footer.paragraphs[0])
    return document


def _style(style, face: str, points: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(points), None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), face)


def _page_number(paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _section(body: Body, place: int, drafts: list[Draft], with_key: bool) -> None:
    scores = {draft.score for draft in drafts}
    each = f"每题{scores.pop():f}分，" if len(scores) == 1 and None not in scores else ""
    body.add(f"{spoken(place)}、{_HEADINGS[drafts[0].kind]}（{each}共{len(drafts)}题）", style="Heading 1")
    number = 0
    for material, group in groupby(drafts, key=lambda draft: draft.material):
        questions = list(group)
        if material:
            asked = f"{number + 1}～{number + len(questions)}" if len(questions) > 1 else number + 1
            _lines(body, f"阅读下列材料，回答第{asked}题。\n{material}", questions[0])
        for draft in questions:
            number += 1
            _question(body, number, draft, with_key, each)


def _question(body: Body, number: int, draft: Draft, with_key: bool, each: str) -> None:
    points = f"（{draft.score:f}分）" if draft.score is not None and not each else ""
    bracket = "（　　）" if draft.kind == "judge" and not with_key else ""
    _lines(body, f"{number}．{draft.stem}{points}{bracket}", draft, apart=True, keep=bool(draft.options))
    for row in rows(draft.options):
        _lines(body, "\t".join(row), draft, columns=4 if len(row) > 2 else 2)
    if with_key:
        _lines(body, f"答案：{spoken_key(draft)}")
        for label, text in (("解析", draft.explanation), ("依据", citation.written(draft.citation))):
            if text:
                _lines(body, f"{label}：{text}")
    elif draft.kind == "short":
        for _ in range(5):
            body.add("　")


def _lines(body: Body, text: str, draft: Draft | None = None, **look) -> None:
    """One paragraph per line, with the pictures of the draft whose words they are; `look` is that of the first."""
    for line in text.split("\n"):
        body.add(line, draft.pictures if draft else (), **look)
        look.pop("apart", None)
        look.pop("keep", None)


def spoken_key(draft: Draft) -> str:
    """A key as people read it: ABD · 对 · 三十 / 30；五."""
    if draft.kind == "fill":
        return "；".join(" / ".join(blank) for blank in draft.key)
    return bank_text.written_key(draft)


def rows(options: Sequence[str]) -> list[list[str]]:
    """Options with their letters in rows of four, two or one, as the longest one allows."""
    told = [f"{LETTERS[place]}．{text}" for place, text in enumerate(options)]
    widest = max((len(normal(text)) for text in told), default=0) + 1
    fitting = int(TEXT_CM / _CHARACTER_CM / widest) if not any("\n" in text for text in told) else 1
    across = 4 if fitting >= 4 else 2 if fitting >= 2 else 1
    return [told[at : at + across] for at in range(0, len(told), across)]


def _bytes(document) -> bytes:
    """The file with the time of its parts fixed."""
    raw, out = BytesIO(), BytesIO()
    document.core_properties.created = document.core_properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001
    document.save(raw)
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in made.infolist():
            kept.writestr(zipfile.ZipInfo(part.filename, (2026, 1, 1, 0, 0, 0)), made.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()
