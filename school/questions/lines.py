"""The lines of a text file before anybody reads them: numbered, mirrored, running headers and page numbers set aside."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from school.questions import headings, labels, numbering, options
from school.questions.draft import Heading, Place
from school.questions.matching import Mirror, normal


@dataclass(frozen=True)
class Line:
    """One non-blank line. gap: a blank line stands before it; cut: a line of ---- or @@@ does."""

    number: int
    mirror: Mirror
    gap: bool = False
    cut: bool = False

    @property
    def norm(self) -> str:
        return self.mirror.norm

    @property
    def raw(self) -> str:
        return self.mirror.raw


def read(text: str) -> tuple[list[Line], list[Heading]]:
    """The lines that may mean something, and as headings those that only adorn the page."""
    raws = text.splitlines()
    mirrors = [Mirror(raw) for raw in raws]
    running = _running([mirror.norm.strip() for mirror in mirrors])
    kept, ornaments = [], []
    gap = cut = False
    for place, mirror in enumerate(mirrors):
        if place in running or (mirror.raw.strip() and headings.is_ornament(mirror.norm)):
            ornaments.append(Heading(Place((place + 1,)), "ornament", mirror.raw.strip()))
            cut = cut or headings.separates(mirror.norm)
        elif mirror.raw.strip():
            kept.append(Line(place + 1, mirror, gap, cut))
            gap = cut = False
        else:
            gap = True
    return kept, ornaments


def _running(norms: list[str]) -> set[int]:
    """Places of running headers and footers (the same line at least three times at regular distance) and page numbers."""
    places = defaultdict(list)
    for place, norm in enumerate(norms):
        if norm and not _means_something(norm):
            places[norm].append(place)
    found = {place for group in places.values() if len(group) >= 3 and _regular(group) for place in group}
    return found | _page_numbers(norms)


def _means_something(norm: str) -> bool:
    return bool(
        len(norm) < 4
        or options.at_start(norm)
        or numbering.at_start(norm)
        or labels.of(norm)
        or headings.section(norm)
        or headings.is_key(norm)
        or headings.is_material(norm)
        or headings.chapter(norm) is not None
        or re.search(r"[()。?;,:]$|[√×]", norm)
    )


def _regular(group: list[int]) -> bool:
    steps = [after - before for before, after in pairwise(group)]
    return min(steps) >= 5 and max(steps) <= 3 * min(steps)


def _page_numbers(norms: list[str]) -> set[int]:
    """Bare numbers 1, 2, 3 … far apart in a file whose questions are numbered in another way."""
    bare = [(place, int(norm)) for place, norm in enumerate(norms) if re.fullmatch(r"\d{1,4}", norm)]
    rising = all(b[1] == a[1] + 1 and b[0] - a[0] >= 8 for a, b in pairwise(bare))
    numbered = sum(bool((found := numbering.at_start(norm)) and found.style == "dot") for norm in norms)
    return {place for place, _ in bare} if len(bare) > 1 and rising and numbered > len(bare) else set()


_UNFINISHED = re.compile(r"[^。?!:)；;]$")
_LISTED = re.compile(r"\s*(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]|[①-⑳]|第\S{1,8}[条款项])")


def joined(lines: list[Line], first: str | None = None) -> str:
    """Raw text of consecutive lines: hard-wrapped lines run on, finished ones and list items keep their line break.

    first: the text of the first line where only a part of it belongs here.
    """
    text = (lines[0].raw if first is None else first).strip() if lines else ""
    for line in lines[1:]:
        wrapped = _UNFINISHED.search(Mirror(text).norm[-1:]) and not line.gap and not _LISTED.match(line.norm)
        latin = text[-1:].isascii() and text[-1:].isalnum() and line.raw.strip()[:1].isascii()
        text += (" " if latin else "") if wrapped or not text else "\n"
        text += line.raw.strip()
    return text


def original(lines: list[Line]) -> str:
    """Raw lines as they stand in the file."""
    return "\n".join(line.raw for line in lines)


def place(lines: list[Line]) -> Place:
    """Where lines stand."""
    return Place(tuple(line.number for line in lines))


def same(left: str, right: str) -> bool:
    """Whether two texts are equal as far as their words go."""
    return normal(left) == normal(right)
