"""The one place that registers fonts: a stack of faces that ReportLab takes for a single font.

ReportLab asks a dynamic font to split a text into pieces of numbered subsets. Here the number of a subset is the
number of a face in the stack, so that every character is drawn by the first face that carries it, on every page
and in every table. Codes are given out per character and not per glyph: what is copied out of the file is
exactly what was put in, also where one glyph serves two characters. Each face becomes one embedded font.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, pdfmetrics

from school.reports import faces
from school.reports.faces import BOLD, REGULAR, Face

#: characters that show nothing of their own: variation selectors, joiners, marks of direction
_INVISIBLE = {0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)} | {
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
}


@dataclass(frozen=True)
class Fonts:
    """The two stacks a paper is set in, and a sentence for each file of the county's folder that was refused."""

    regular: Stack
    bold: Stack
    refused: tuple[str, ...]

    def missing(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Characters that no face carries, in the order of their code points."""
        return tuple(sorted({c for c in set().union(*texts) if self.regular.lacks(c)}))


def load(folder: Path | None = None) -> Fonts:
    """The county's own faces (folder), then the built-in ones, then what the system has. Registered once.

    A heavy face in the folder (小标宋, 黑体) serves bold text, any other serves plain text. Files are asked in the
    order of their names, and again when the folder has changed.
    """
    files = faces.files_in(folder) if folder else []
    return _load(folder, tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=8)
def _load(folder: Path | None, listing: tuple) -> Fonts:
    own, refused = faces.of_folder(folder) if listing else ((), ())
    light, heavy = [f for f in own if not f.heavy], [f for f in own if f.heavy]
    plain, strong = faces.built_in(REGULAR), faces.built_in(BOLD)
    mark = hashlib.sha256(repr((str(folder), listing)).encode()).hexdigest()[:12]
    stacks = (
        Stack(f"school-regular-{mark}", [*light, plain[0], *heavy, *plain[1:]]),
        Stack(f"school-bold-{mark}", [*heavy, strong[0], *light, *strong[1:]]),
    )
    for stack in stacks:
        pdfmetrics.registerFont(stack)
    return Fonts(*stacks, refused)


@dataclass
class _Used:
    """What one document has used so far: per face, the characters in the order of their codes, from 1."""

    codes: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    characters: dict[int, list[str]] = field(default_factory=dict)
    name: str = ""


class Stack:
    """A font in ReportLab's eyes: the first face that carries a character draws it.

    A character that no face carries is drawn as 〔U+20BB7〕, visible and findable, never dropped.
    """

    _multiByte = _dynamicFont = 1
    shapable = False

    def __init__(self, name: str, own: list[Face]):
        self.fontName = name
        self._own = own
        # Glyph 0 is emptied when a TrueType face is cut down, but not in a CFF one: such a face shows a box.
        self._blank = next(number for number, face in enumerate(own) if face.outlines == "TrueType")
        self._found: dict[str, tuple[int, int, float] | None] = {}
        self._used: WeakKeyDictionary = WeakKeyDictionary()
        self.face = SimpleNamespace(name=name, ascent=880, descent=-120, builtIn=False)

    @cached_property
    def _all(self) -> list[Face]:
        return [*self._own, *faces.of_system()]

    def lacks(self, character: str) -> bool:
        """Whether no face carries the character; a line break is none."""
        return self._find(character) is None and not character.isspace()

    def shown(self, text: str) -> str:
        """The text as it will be drawn: blanks for line breaks, a visible substitute for what no face carries."""
        return "".join((" " if c.isspace() else f"〔U+{ord(c):04X}〕") if self._find(c) is None else c for c in text)

    def width(self, text: str, size: float) -> float:
        """Width in points of a text at a size in points."""
        found = self._found
        try:
            return sum([found[c][2] for c in text]) * size / 1000
        except (KeyError, TypeError):  # a character not met before, or one that no face carries
            return sum([self._find(c)[2] for c in self.shown(text)]) * size / 1000

    def encode(self, text: str, document: pdfdoc.PDFDocument) -> list[tuple[int, bytes]]:
        """The text in pieces: number of the face, codes of two bytes each."""
        used = self._used.setdefault(document, _Used())
        try:
            coded = [used.codes[c] for c in text]
        except KeyError:  # a character new to this document, or one that no face carries
            coded = [used.codes.get(c) or self._code(c, used) for c in self.shown(text)]
        return [(n, b"".join(code for _, code in run)) for n, run in groupby(coded, key=lambda pair: pair[0])]

    def _find(self, character: str) -> tuple[int, int, float] | None:
        if character not in self._found:
            self._found[character] = self._ask(character)
        return self._found[character]

    def _ask(self, character: str) -> tuple[int, int, float] | None:
        if ord(character) in _INVISIBLE:
            return self._blank, 0, 0.0
        for number, face in enumerate(self._own):
            if glyph := face.glyph(character):
                return number, *glyph
        for number, face in enumerate(self._all[len(self._own) :], len(self._own)):
            if glyph := face.glyph(character):
                return number, *glyph
        return None

    def _code(self, character: str, used: _Used) -> tuple[int, bytes]:
        number = self._find(character)[0]
        known = used.characters.setdefault(number, [])
        known.append(character)
        used.codes[character] = number, len(known).to_bytes(2, "big")
        return used.codes[character]

    # What ReportLab asks of a dynamic font.

    def stringWidth(self, text: str, size: float, encoding: str = "utf-8") -> float:
        """Width in points, under the name ReportLab calls."""
        return self.width(text, size)

    def splitString(self, text: str, document, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """The encoded pieces, under the name ReportLab calls."""
        return self.encode(text, document)

    def getSubsetInternalName(self, number: int, document) -> str:
        """Name of a face in the resources of this document; the first asking announces the font to it."""
        used = self._used.setdefault(document, _Used())
        if not used.name:
            used.name = f"F{len(document.fontMapping) + 1}"
            document.fontMapping[self.fontName] = f"/{used.name}"
            document.delayedFonts.append(self)
        return f"/{used.name}+{number}"

    def addObjects(self, document) -> None:
        """Embed every face this document has used."""
        used = self._used.pop(document)
        for number, characters in sorted(used.characters.items()):
            name = f"{used.name}+{number}"
            font = _embedded(document, self._all[number], characters, [self._find(c) for c in characters])
            document.idToObject["BasicFonts"].dict[name] = document.Reference(font, name)


def _embedded(document, face: Face, characters: list[str], found: list[tuple]) -> pdfdoc.PDFDictionary:
    subset = face.subset(gid for _, gid, _ in found)
    name = pdfdoc.PDFName(f"{subset.tag}+{face.name}")
    widths, cff = [width for *_, width in found], face.outlines == "CFF"
    below = {
        "Type": pdfdoc.PDFName("Font"),
        "Subtype": pdfdoc.PDFName("CIDFontType0" if cff else "CIDFontType2"),
        "BaseFont": name,
        "CIDSystemInfo": pdfdoc.PDFDictionary(
            {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
        ),
        "FontDescriptor": document.Reference(_descriptor(document, face, subset.program, name)),
        "DW": 1000,
        "W": _widths_of_glyphs(subset.gids, widths) if cff else _array([1, _array(widths)]),
    }
    if not cff:
        codes_to_glyphs = b"".join(gid.to_bytes(2, "big") for gid in (0, *subset.gids))
        below["CIDToGIDMap"] = _stream(document, codes_to_glyphs)
    encoding = _stream(document, _code_map(subset.gids)) if cff else pdfdoc.PDFName("Identity-H")
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("Type0"),
            "BaseFont": name,
            "Encoding": encoding,
            "DescendantFonts": _array([document.Reference(pdfdoc.PDFDictionary(below))]),
            "ToUnicode": _stream(document, _to_unicode(characters)),
        }
    )


def _descriptor(document, face: Face, program: bytes, name: pdfdoc.PDFName) -> pdfdoc.PDFDictionary:
    metrics, cff = face.metrics(), face.outlines == "CFF"
    extra = {"Subtype": pdfdoc.PDFName("CIDFontType0C")} if cff else {"Length1": len(program)}
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("FontDescriptor"),
            "FontName": name,
            "Flags": 4,
            "FontBBox": _array(metrics["box"]),
            "Ascent": metrics["ascent"],
            "Descent": metrics["descent"],
            "CapHeight": metrics["cap_height"],
            "ItalicAngle": 0,
            "StemV": 80,
            "FontFile3" if cff else "FontFile2": _stream(document, program, extra),
        }
    )


def _array(values: Iterable) -> pdfdoc.PDFArray:
    array = pdfdoc.PDFArray(list(values))
    array.multiline = False
    return array


def _stream(document, content: bytes, entries: dict | None = None):
    stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries or {}), content, [pdfdoc.PDFZCompress])
    return document.Reference(stream)


def _widths_of_glyphs(gids: tuple[int, ...], widths: list[float]) -> pdfdoc.PDFArray:
    pairs = sorted(dict(zip(gids, widths, strict=True)).items())
    return _array(part for gid, width in pairs for part in (gid, _array([width])))


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def
/CMapName /School-{ordering} def
/CMapType {kind} def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def _to_unicode(characters: list[str]) -> bytes:
    # UTF-16, with surrogate pairs above U+FFFF, where the stock class writes five hex digits.
    lines = [f"<{n:04X}> <{c.encode('utf-16-be').hex().upper()}>" for n, c in enumerate(characters, 1)]
    return _CMAP.format(ordering="UCS", kind=2, body=_blocks("bfchar", lines)).encode()


def _code_map(gids: tuple[int, ...]) -> bytes:
    lines = [f"<{n:04X}> {gid}" for n, gid in enumerate(gids, 1)]
    return _CMAP.format(ordering="Identity", kind=1, body=_blocks("cidchar", lines)).encode()


def _blocks(kind: str, lines: list[str]) -> str:
    # Readers need not take more than 100 lines in one block.
    parts = [lines[n : n + 100] for n in range(0, len(lines), 100)]
    return "\n".join(f"{len(part)} begin{kind}\n" + "\n".join(part) + f"\nend{kind}" for part in parts)
