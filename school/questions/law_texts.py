"""Official texts, read from the form in which a folder of laws keeps them: label, TAB, text; ¶ between paragraphs.

A paragraph that begins with （一） is a 项 of the 款 above it; any other paragraph is the next 款.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from school.errors import BadFile
from school.questions.citation import article
from school.questions.draft import Citation
from school.questions.numerals import NUMERAL, number, spoken

_HEAD = re.compile(r"# (short|version): *(.*)")
_ITEM = re.compile(rf"[（(]\s*({NUMERAL}|\d{{1,3}})\s*[）)]")


@dataclass(frozen=True)
class LawText:
    """A text's bones. articles: by label (第二百八十条之一, 总纲), for each 款 the numbers of its 项."""

    short_name: str
    version_on: date
    articles: dict[str, tuple[tuple[int, ...], ...]]


def read(text: str) -> LawText:
    """Read one text. BadFile: no text of this form, or a line that is neither heading nor article."""
    head, articles = {}, {}
    for line_number, line in enumerate(text.splitlines(), 1):
        label, tab, words = line.partition("\t")
        if found := _HEAD.match(line):
            head[found[1]] = found[2].strip()
        elif tab and not line.startswith("#"):
            articles[_canonical(label)] = _paragraphs(words)
        elif line.strip() and not line.startswith("#"):
            raise BadFile(f"第 {line_number} 行既不是标题也不是条文，请检查法律文本的格式（条号、制表符、正文）。")
    try:
        return LawText(head["short"], date.fromisoformat(head["version"]), articles)
    except (KeyError, ValueError):
        raise BadFile("法律文本的开头缺少简称（# short:）或文本日期（# version:），请补上。") from None


def _canonical(label: str) -> str:
    return str(article(label) or label.strip())


def _paragraphs(words: str) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = []
    for paragraph in words.split("¶"):
        item = _ITEM.match(paragraph.strip())
        if not item or not found:
            found.append([])
        if item:
            found[-1].append(number(item[1]))
    return tuple(map(tuple, found))


def check_against(citation: Citation, text: LawText) -> list[str]:
    """What a citation names that its text does not have, as Chinese sentences: the article, its 款, its 项."""
    cited = article(citation.article)
    label = cited.label if cited else citation.article
    if not label:
        return []
    if label not in text.articles:
        return [f"“{text.short_name}”的文本里没有{label}，请核对条号。"]
    paragraphs = text.articles[label]
    if cited is None or not (cited.paragraph or cited.item):
        return []
    if cited.paragraph > len(paragraphs):
        return [f"“{text.short_name}”{label}只有 {len(paragraphs)} 款，没有第{spoken(cited.paragraph)}款，请核对。"]
    return _check_item(f"“{text.short_name}”{label}", cited.paragraph, cited.item, paragraphs)


def _check_item(where: str, paragraph: int, item: int, paragraphs: tuple[tuple[int, ...], ...]) -> list[str]:
    asked = paragraphs[paragraph - 1 : paragraph] if paragraph else paragraphs
    having = sum(item in items for items in asked)
    if item and not having:
        told = f"第{spoken(paragraph)}款" if paragraph else ""
        return [f"{where}{told}没有第{spoken(item)}项，请核对。"]
    if having > 1:
        return [f"{where}有 {having} 款都有第{spoken(item)}项，请写明是第几款。"]
    return []
