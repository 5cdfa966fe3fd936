"""Finds units by what people write for them: code, full name, short name, with or without the unit above. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from school.roster.cells import Unreadable
from school.roster.known import KnownUnit

#: unknown names for which a nearest one is looked up; comparing is slow and one mistake repeats on many lines
SUGGESTIONS = 200
SEPARATORS = re.compile(r"[\s/\\>＞→·]+")


def key(written: str) -> str:
    """A name for comparison: half-width, without blanks and path marks."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", written)).casefold()


class Directory:
    """The units as they stand on a day, found by name. Unreadable says why one is not found, and what to do."""

    def __init__(self, units: Iterable[KnownUnit], on: date):
        self.units = {unit.code: unit for unit in units}
        self._on = on
        self._steps = [self._index(names) for names in (_codes, _full_names, _short_names, self._with_parent)]
        self._found: dict[tuple[str, str], str | Unreadable] = {}
        self._suggested = 0

    def find(self, written: str, below: str = "") -> str:
        """The code of the one open unit of this name, somewhere below the unit `below` when that is given."""
        asked = (written, below)
        if asked not in self._found:
            try:
                self._found[asked] = self._look_up(written, below)
            except Unreadable as reason:
                self._found[asked] = reason
        answer = self._found[asked]
        if isinstance(answer, Unreadable):
            raise answer
        return answer

    def above(self, code: str) -> Iterator[KnownUnit]:
        """The units above one, nearest first."""
        seen = {code}
        while (code := self.units[code].parent) in self.units and code not in seen:
            seen.add(code)
            yield self.units[code]

    def _look_up(self, written: str, below: str) -> str:
        closed: list[KnownUnit] = []
        elsewhere: list[KnownUnit] = []
        for index in self._steps:
            named = index.get(key(written), [])
            placed = [unit for unit in named if not below or self._is_below(unit, below)]
            standing = [unit for unit in placed if not (unit.closed_on and unit.closed_on <= self._on)]
            if len(standing) == 1:
                return standing[0].code
            if standing:
                raise Unreadable(self._several(written, standing))
            closed += placed
            elsewhere += [unit for unit in named if unit not in placed]
        if closed:
            raise Unreadable(self._closed(closed[0]))
        if elsewhere:
            raise Unreadable(f"“{written}”不在“{below}”之下，而在{self._place(elsewhere[0])}。请改正上级单位或单位。")
        raise Unreadable(self._unknown(written))

    def _index(self, names) -> dict[str, list[KnownUnit]]:
        index: dict[str, list[KnownUnit]] = defaultdict(list)
        for unit in self.units.values():
            for name in dict.fromkeys(map(key, names(unit))):
                if name:
                    index[name].append(unit)
        return index

    def _with_parent(self, unit: KnownUnit) -> Iterator[str]:
        """白沙镇和平村: names that begin with that of a unit above."""
        for above in self.above(unit.code):
            for first in (above.name, above.short_name):
                yield from (first + last for last in (unit.name, unit.short_name) if first and last)

    def _is_below(self, unit: KnownUnit, below: str) -> bool:
        """Whether a unit lies below one of this name; of a path the last unit named is enough."""
        asked = key(below)
        return any(
            key(name) and (asked == key(name) or ("/" in below and asked.endswith(key(name))))
            for above in self.above(unit.code)
            for name in (above.code, above.name, above.short_name)
        )

    def _place(self, unit: KnownUnit) -> str:
        above = next(self.above(unit.code), None)
        return f"“{above.name}”之下" if above else "最上一级"

    def _several(self, written: str, units: list[KnownUnit]) -> str:
        places = "、".join(self._place(unit) for unit in units[:4])
        return f"叫“{written}”的单位有 {len(units)} 个（{places}），分不清是哪一个。请填写上级单位，或改填单位编码。"

    def _closed(self, unit: KnownUnit) -> str:
        into = "、".join(self.units[code].name for code in unit.successors if code in self.units)
        went = f"，并入“{into}”" if into else ""
        return f"“{unit.name}”已于 {unit.closed_on.isoformat()} 撤销{went}。请改填现在的单位。"

    def _unknown(self, written: str) -> str:
        near = self._near(written)
        guess = f"是不是“{'”或“'.join(near)}”？" if near else ""
        return f"系统中没有单位“{written}”。{guess}请改正单位名称；确实是新单位的，请在文件的单位表中加上它。"

    def _near(self, written: str) -> list[str]:
        self._suggested += 1
        if self._suggested > SUGGESTIONS:
            return []
        standing = [unit for unit in self.units.values() if not (unit.closed_on and unit.closed_on <= self._on)]
        names = dict.fromkeys(name for unit in standing for name in (unit.name, unit.short_name) if name)
        return difflib.get_close_matches(written, names, n=2, cutoff=0.5)


def _codes(unit: KnownUnit) -> tuple[str, ...]:
    return (unit.code,)


def _full_names(unit: KnownUnit) -> tuple[str, ...]:
    return (unit.name,)


def _short_names(unit: KnownUnit) -> tuple[str, ...]:
    return (unit.short_name,)
