"""What a question rests on, taken apart: law short name, article with 款/项, date of the text version."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from school.questions.draft import Citation
from school.questions.matching import Mirror
from school.questions.numerals import NUMERAL, number, spoken

_N = rf"(?:\d{{1,4}}|{NUMERAL})"
#: 第二十一条 · 第21条之一第2款第（三）项 · 第三款第二项目 is not one
ARTICLE = re.compile(
    rf"第\s*(?P<article>{_N})\s*条(?:\s*之\s*(?P<inserted>{_N}))?"
    rf"(?:\s*第\s*(?P<paragraph>{_N})\s*款)?(?:\s*第\s*\(?\s*(?P<item>{_N})\s*\)?\s*项)?"
)
#: parts of a law that are no numbered article
_UNNUMBERED = re.compile(rf"序言|总纲|附则|附件\s*{_N}?")
#: words before a citation; 法律 or 文件 alone only with a colon, or 法律援助法 would lose its head
_LEAD = re.compile(
    r"(?:(?:法条|法律|政策|文件)?(?:依据|根据|依照|按照|出自|参见|见(?!义勇为)|来源|出处)\s*:?|(?:法条|法律|政策|文件)\s*:)\s*"
)
_WORD = r"[^\s《》〈〉第,;。]"
#: a province's or city's measures to a law carry its name inside theirs: 四川省《农村土地承包法》实施办法
_LOCAL = rf"{_WORD}{{1,14}}[省市州县区](?:实施)?[《〈][^《》〈〉]{{2,40}}[》〉]{_WORD}{{2,10}}"
_BARE = rf"(?:{_LOCAL}|{_WORD}{{2,40}}?)"
_QUOTED = rf"(?:{_LOCAL}|[^《》〈〉]{{2,60}})"
_QUOTES = str.maketrans("〈〉", "《》")
_YEAR = re.compile(r"\(\s*((?:19|20)\d{2})\s*年?\s*[^()]{0,8}\)")
_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Article:
    """条, 之一, 款 and 项 as numbers; 0 where not said. Written as laws cite one another: 第四条第二款第三项."""

    article: int
    inserted: int = 0
    paragraph: int = 0
    item: int = 0

    @property
    def label(self) -> str:
        """The article alone, without 款 and 项: 第二百八十条之一."""
        return str(replace(self, paragraph=0, item=0))

    def __str__(self) -> str:
        return (
            f"第{spoken(self.article)}条"
            + (f"之{spoken(self.inserted)}" if self.inserted else "")
            + (f"第{spoken(self.paragraph)}款" if self.paragraph else "")
            + (f"第{spoken(self.item)}项" if self.item else "")
        )


def article(text: str) -> Article | None:
    """The article a text consists of, and nothing else; None otherwise: "第二十一条第一款" -> Article(21, 0, 1)."""
    found = ARTICLE.fullmatch(Mirror(text).norm.strip())
    if not found:
        return None
    parts = [number(found[name]) if found[name] else 0 for name in ("article", "inserted", "paragraph", "item")]
    return Article(*parts) if parts[0] and None not in parts else None


def short_name(law: str) -> str:
    """《中华人民共和国土地管理法》 -> 土地管理法; a law named inside another's name loses 中华人民共和国 as well."""
    bare = law.strip().translate(_QUOTES)
    if re.fullmatch("《.*》", bare):
        bare = bare[1:-1]
    return re.sub(r"(^|《)\s*(?:中华人民共和国\s*)+", r"\1", bare.strip())


@lru_cache(maxsize=2**12)
def parse(text: str) -> Citation:
    """Take a citation apart; what does not fit law + article + date goes whole into `basis`.

    Understood: "农村土地承包法 第二十一条第一款 2018-12-29", "《土地管理法》第六十二条", "根据《…法》（2019年修正）第62条".
    A text that cites two laws, or says more than the citation, keeps its words in `basis`.
    """
    mirror = Mirror(text.strip())
    rest = mirror.norm.strip().rstrip("。.;")
    if not rest:
        return Citation()
    rest, version_on = _split_day(_unled(rest))
    law, rest = _split_law(rest)
    found = ARTICLE.match(rest) or _UNNUMBERED.match(rest)
    if not re.fullmatch(_QUOTED, law) or (rest and not found):
        return Citation(basis=mirror.raw.strip())
    told = "" if not found else _told(found)
    more = rest[found.end() :].strip(" 。,;规定的") if found else ""
    return Citation(law, told, version_on, mirror.raw.strip() if more else "")


def _told(found: re.Match) -> str:
    parts = article(found.group())
    return str(parts) if parts else found.group().strip()


def _split_day(text: str) -> tuple[str, date | None]:
    found = _DAY.search(text)
    if not found or text[found.end() :].strip(" ()"):
        return text, None
    try:
        on = date(*map(int, found.groups()))
    except ValueError:
        return text, None
    return text[: found.start()].rstrip(" ("), on


def _unled(text: str) -> str:
    found = _LEAD.match(text)
    return text[found.end() :] if found else text


def _split_law(text: str) -> tuple[str, str]:
    """Law short name and what follows it; ("", text) when the text does not begin with one."""
    if found := re.match(rf"《({_QUOTED})》\s*", text):
        rest = text[found.end() :]
        if year := _YEAR.match(rest):
            rest = rest[year.end() :]
        return ("", text) if "《" in rest else (short_name(found[1]), rest.strip())
    if found := re.match(rf"({_BARE})\s*(?=第\s*{_N}\s*条|\s(?:序言|总纲|附则|附件))", text):
        return short_name(found[1]), text[found.end() :].strip()
    return "", text


def written(citation: Citation) -> str:
    """A citation as our own files write it; `parse` gives it back unchanged."""
    if citation.basis or not citation.law:
        return citation.basis
    day = citation.version_on.isoformat() if citation.version_on else ""
    bare = citation.article and re.fullmatch(_BARE, citation.law) and not _LEAD.match(citation.law)
    return " ".join(part for part in (citation.law if bare else f"《{citation.law}》", citation.article, day) if part)
