"""Lines that declare what follows: sections of one type, chapters, answer keys, shared material, and ornaments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from school.questions import vocabulary
from school.questions.numerals import NUMERAL, number

_ORDINAL = (
    rf"(?:(?:第\s*)?(?P<han>{NUMERAL})\s*(?:[、.,:．]|\s|部分|大题|题(?!型))|\(\s*(?P<han2>{NUMERAL})\s*\)"
    rf"|第\s*(?P<digits>\d{{1,2}})\s*(?:部分|大题)|\d{{1,2}}\s*[.、])"
)
_WORDS = "|".join(sorted((word for word in vocabulary.KIND_BY_WORD if not word.isascii()), key=len, reverse=True))
_SECTION = re.compile(
    rf"[\s#*=]*{_ORDINAL}?[\s:、.]*(?:题型\s*[:：]\s*)?(?P<open>[【\[(<]*)\s*(?P<word>{_WORDS})\s*(?P<close>[】\])>]*)[*=\s]*"
    r"(?P<rest>$|[(:,。;.].*|\s*(?:共|每|说明|本大?题|下列|请|判断下列|\(|-|—).*)"
)
_MARKER = re.compile(r"[\s=<>\-#*]*SECTION\s*:\s*(?P<word>[A-Z_/ ]+?)[\s=<>\-]*$", re.IGNORECASE)
_CHAPTER_MARKER = re.compile(r"[\s=<>\-#*]*CHAPTER\s*:\s*(?P<title>.+?)[\s=<>\-]*$", re.IGNORECASE)
_CHAPTER = re.compile(
    rf"[\s#*]*(?:第\s*(?:{NUMERAL}|\d{{1,3}})\s*[章节编篇部分单元讲课]+|[(]?{NUMERAL}[)]?\s*[、.]|#+|专题{NUMERAL}?\s*:?)\s*(?P<title>\S.*)?$"
)
_KEY = re.compile(
    rf"[\s#*=【\[(]*{_ORDINAL}?[\s:、.]*(?:附\s*[:：]?\s*)?(?:试题|本章|各题|题库|习题|练习题?)?"
    r"(?:参考答案|标准答案|正确答案|答案)(?:部分|汇总|一览表?|表)?"
    r"(?:\s*(?:及|与|和|、)\s*(?:解析|详解|评分标准|说明|评分参考))?[\s】\])=*:：]*$"
)
_SCORE = re.compile(r"每\s*(?:小?题|空|个)\s*(\d+(?:\.\d+)?)\s*分|各\s*(\d+(?:\.\d+)?)\s*分")
_COUNT = re.compile(
    r"(?:共|计)\s*(\d{1,4})\s*(?:小?题|道|个)|(?:\+\d+)+=(\d{1,4})\s*题|\(\s*(\d{1,4})\s*(?:题|道)\s*\)"
)
_MATERIAL = re.compile(
    rf"[\s【\[(]*(?:(?:阅读|根据|依据|请阅读)(?:下列|以下|下面|下述)?(?:材料|案例|资料|文字|内容)|(?:背景)?材料\s*(?:{NUMERAL}|\d)?\s*[】\])]?\s*[:：]"
    rf"|(?:材料|案例)\s*(?:{NUMERAL}|\d{{1,2}})(?=[\s:】\]).、]|$)|案例\s*[】\])]?\s*[:：]|资料\s*[:：]|共用题干\s*[:：]|\(?共用题干)"
)
_RANGE = re.compile(r"第?\s*(\d{1,3})\s*题?\s*[-~～—至到]+\s*第?\s*(\d{1,3})\s*(?:小?题)")
_ORNAMENT = re.compile(r"[\s\-=_*@#~+·.—–…━─]{3,}$")
_PAGE = re.compile(
    r"\s*(?:[-—–]+\s*\d{1,4}\s*[-—–]+|第\s*\d{1,4}\s*页\s*[,、/|]?\s*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4})\s*$"
)


@dataclass(frozen=True)
class Section:
    """What a type heading declares. ordinal: 一 → 1, 0 for none; score per item; count of items it promises.

    key: True or False where the heading itself is the answer: 判断题（错误）.
    """

    kind: str
    ordinal: int = 0
    score: Decimal | None = None
    count: int | None = None
    key: bool | None = None


def section(norm: str) -> Section | None:
    """The declaration a normalised line makes, if it makes one and says nothing else."""
    if marker := _MARKER.match(norm):
        kind = vocabulary.kind(marker["word"].replace("_", ""))
        return Section(kind) if kind else None
    found = _SECTION.match(norm)
    if not found or len(norm) > 200 or bool(found["open"]) != bool(found["close"]) or _is_item(found):
        return None
    kind, rest = vocabulary.kind(found["word"]), found["rest"]
    inside = re.fullmatch(r"\(\s*(\S{1,2})\s*\)", rest.strip())
    return Section(kind, _ordinal(found), *_score_and_count(rest), _right(inside[1]) if inside else None)


def _is_item(found: re.Match) -> bool:
    """A bracketed type word with a whole sentence after it is a tag on a question: （单选）（ ）是…"""
    tagged = found["open"] and found["open"].strip() in "[【("
    return bool(tagged and not re.match(r"$|\s*[(:]?\s*(?:共|每|本|说明|请|下列)", found["rest"]))


def _right(word: str) -> bool | None:
    return vocabulary.clear_judgement(word)


def _ordinal(found: re.Match) -> int:
    told = found["han"] or found["han2"] or found["digits"] or ""
    return number(told) or 0


def _score_and_count(rest: str) -> tuple[Decimal | None, int | None]:
    score, count = _SCORE.search(rest), _COUNT.search(rest)
    return (
        Decimal(score[1] or score[2]) if score else None,
        int(next(filter(None, count.groups()))) if count else None,
    )


def chapter(norm: str) -> str | None:
    """The title of a line shaped like a chapter heading ("" for 第一章 alone); whether it is one, only its place tells."""
    if marker := _CHAPTER_MARKER.match(norm):
        return marker["title"].strip()
    found = _CHAPTER.match(norm)
    if not found or len(norm.strip()) > 40 or re.search(r"[。;:?!,]\s*$", norm):
        return None
    return (found["title"] or "").strip(" #*")


def is_marker(norm: str) -> bool:
    """Whether a chapter line says so itself, whatever stands around it."""
    return bool(_CHAPTER_MARKER.match(norm))


def is_key(norm: str) -> bool:
    """Whether a line reads 参考答案 or the like and nothing else."""
    return bool(_KEY.match(norm))


def is_material(norm: str) -> bool:
    """Whether a line opens a text that several questions share."""
    return bool(_MATERIAL.match(norm))


def material_range(text: str) -> tuple[int, int] | None:
    """The question numbers a material is for: 回答第5～7题 -> (5, 7)."""
    found = _RANGE.search(text)
    return (int(found[1]), int(found[2])) if found else None


def is_ornament(norm: str) -> bool:
    """Whether a line only separates or numbers a page."""
    return not norm.strip() or bool(_ORNAMENT.match(norm) or _PAGE.match(norm))


def separates(norm: str) -> bool:
    """Whether a line of ---- or @@@ stands between two questions."""
    return (
        bool(norm.strip())
        and bool(_ORNAMENT.match(norm))
        and len(set(norm.split()[0])) == 1
        and norm.strip()[0] in "-=*@#~—━─"
    )
