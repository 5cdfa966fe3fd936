"""The body of a Word document as lines of text and tables of such lines, in the order a person reads them.

Inserted text is read, deleted text is not. Pictures leave a character of their album in their place, formulas, objects and
pictures that cannot be kept leave PICTURE.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from school.files import Archive
from school.questions import docx_media, docx_styles, markup
from school.questions.docx_numbering import LEVELS, Numbering, whole
from school.questions.docx_styles import Looks, Styles
from school.questions.markup import Node
from school.questions.pictures import Album, unmarked

PICTURE = "\ufffc"
_THROUGH = {
    "ins",
    "moveTo",
    "hyperlink",
    "smartTag",
    "sdt",
    "sdtContent",
    "customXml",
    "fldSimple",
    "dir",
    "bdo",
    "ruby",
    "rubyBase",
}
_DRAWN = {"drawing", "pict", "object", "oMath", "oMathPara", "contentPart"}
_DINGBATS = {0xFC: "√", 0xFB: "×", 0xFE: "☑", 0xFD: "☒", 0x50: "√", 0x4F: "×", 0x52: "☑", 0x51: "☒", 0xA8: "□"}
_SIGNS = {0xB4: "×", 0xD6: "√"}
_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass
class Line:
    """A line: its text, the looks of every character, and what is wrong with it: hidden words, struck words."""

    text: str = ""
    marks: list[frozenset[str]] = field(default_factory=list)
    hidden: str = ""
    struck: bool = False

    def add(self, text: str, marks: frozenset[str] = frozenset()) -> None:
        """Put words at the end."""
        text = _BREAKS.sub(" ", text)
        self.text += text
        self.marks += [marks] * len(text)

    def join(self, other: Line) -> None:
        """Put another line at the end."""
        self.text += other.text
        self.marks += other.marks
        self.hidden += other.hidden
        self.struck = self.struck or other.struck


#: rows of cells of lines
Rows = list[list[list[Line]]]


class Body:
    """Reads word/document.xml of one archive. `blocks`: lists of lines (a paragraph each) and tables, in order.

    Pictures that can be kept go into the album and leave their character in the text.
    """

    def __init__(self, archive: Archive, album: Album):
        self._media = docx_media.Media(archive, album)
        self._styles = Styles(_part(archive, "word/styles.xml"))
        self._numbering = Numbering(_part(archive, "word/numbering.xml"))
        self.blocks: list[list[Line] | Rows] = []
        for node in markup.children(archive.read("word/document.xml"), 2):
            self.blocks += self._blocks([node])

    def _blocks(self, nodes: Iterable[Node]) -> list:
        found: list = []
        glued = False
        for node in nodes:
            if node.tag == "p":
                paragraph = _Paragraph(self, node)
                if glued and found and paragraph.lines:
                    found[-1][-1].join(paragraph.lines[0])
                    found[-1] += paragraph.lines[1:]
                else:
                    found.append(paragraph.lines)
                found += paragraph.boxes
                glued = paragraph.mark_deleted and not paragraph.boxes
            elif node.tag == "tbl":
                found.append(Table([self._row(row) for row in _rows(node)]))
                glued = False
            elif node.tag in _THROUGH:
                found += self._blocks(node)
                glued = False
        return found

    def _row(self, row: Node) -> list[list[Line]]:
        cells: list[list[Line]] = []
        for cell in _through(row, "tc"):
            lines = [line for block in self._blocks(cell) for line in _flat(block)]
            merged = cell.find("tcPr/vMerge")
            follows = merged is not None and merged.get("val") != "restart"
            cells.append([] if follows and not any(line.text.strip() for line in lines) else lines)
            span = cell.find("tcPr/gridSpan")
            width = span.get("val", "1") if span is not None else "1"
            cells += [[] for _ in range(int(width) - 1 if re.fullmatch(r"\d{1,2}", width) else 0)]
        return cells

    def label(self, properties: Node | None, style: str, filled: bool) -> str:
        """The number before a paragraph; empty paragraphs are counted, but only letters are drawn before them."""
        own = properties.find("numPr") if properties is not None else None
        number, level = self._styles.numbered(style)
        if own is not None and own.find("numId") is not None:
            number, level = own.find("numId").get("val", ""), 0
        if own is not None and own.find("ilvl") is not None:
            level = whole(own.find("ilvl").get("val")) % LEVELS
        if level is None:
            level = self._numbering.level_of_style(number, style)
        label = self._numbering.label(number, level)
        return f"{label} " if label and (filled or re.match(r"\(?[A-Z]", label)) else ""

    def looks(self, style: str) -> Looks:
        """What a style does to words."""
        return self._styles.looks(style)

    def pictured(self, parts: list[Node]) -> str:
        """The characters that stand for what is drawn by some elements; PICTURE for what cannot be kept."""
        return self._media.marks(parts) or PICTURE


class Table(list):
    """Rows of a table, told from a paragraph by its type."""


def _flat(block: list[Line] | Table) -> list[Line]:
    if not isinstance(block, Table):
        return block
    return [line for row in block for cell in row for line in cell]


def _part(archive: Archive, name: str) -> bytes | None:
    return archive.read(name) if name in archive.names else None


def _through(node: Node, wanted: str) -> list[Node]:
    """Children of a kind, those inside content controls too."""
    found = []
    for child in node:
        found += [child] if child.tag == wanted else _through(child, wanted) if child.tag in _THROUGH else []
    return found


def _rows(table: Node) -> list[Node]:
    return [row for row in _through(table, "tr") if row.find("trPr/del") is None]


class _Paragraph:
    """One paragraph. lines: split at line breaks; boxes: the paragraphs of text boxes that hang on it."""

    def __init__(self, body: Body, node: Node):
        self._body = body
        self.lines, self.boxes = [Line()], []
        properties = node.find("pPr")
        named = properties.find("pStyle") if properties is not None else None
        style = named.get("val", "") if named is not None else ""
        self.mark_deleted = node.find("pPr/rPr/del") is not None
        self._walk(node, body.looks(style))
        filled = any(line.text.strip() for line in self.lines)
        if filled or not self.mark_deleted:
            label = Line()
            label.add(body.label(properties, style, filled))
            label.join(self.lines[0])
            self.lines[0] = label

    def _walk(self, node: Node, told: Looks) -> None:
        for child in node:
            if child.tag == "r":
                self._run(child, told)
            elif child.tag in _DRAWN:
                self._drawn(child)
            elif child.tag in _THROUGH:
                self._walk(child, told)

    def _run(self, run: Node, told: Looks) -> None:
        properties = run.find("rPr")
        named = properties.find("rStyle") if properties is not None else None
        if named is not None:
            told = told | self._body.looks(named.get("val", ""))
        told = told | docx_styles.looks(properties)
        for child in run:
            if told.get("hidden"):
                self.lines[-1].hidden += child.text or "" if child.tag == "t" else ""
            else:
                self._piece(child, told)

    def _piece(self, node: Node, told: Looks) -> None:
        line = self.lines[-1]
        if node.tag == "t":
            text = unmarked(node.text or "")
            if told.get("font", "").startswith("Wingdings"):
                text = "".join(_DINGBATS.get(ord(char) & 0xFF, PICTURE) if char.strip() else char for char in text)
            line.add(text, docx_styles.marks(told))
            line.struck = line.struck or bool(told.get("struck") and text.strip())
        elif node.tag in ("tab", "ptab"):
            line.add("\t")
        elif node.tag in ("br", "cr"):
            self.lines.append(Line())
        elif node.tag == "noBreakHyphen":
            line.add("-")
        elif node.tag == "sym":
            line.add(_symbol(node))
        elif node.tag == "AlternateContent":
            self._alternative(node, told)
        elif node.tag in _DRAWN:
            self._drawn(node)
        elif node.tag in _THROUGH:
            self._walk(node, told)

    def _alternative(self, node: Node, told: Looks) -> None:
        """The first of several ways to draw the same thing."""
        for child in node[:1]:
            for part in child:
                self._piece(part, told)

    def _drawn(self, node: Node) -> None:
        texts = [box for box in node.iter() if box.tag == "txbxContent"]
        fallback = {inner for other in node.iter() if other.tag == "Fallback" for inner in other.iter()}
        texts = [box for box in texts if box not in fallback]
        inside = {inner for box in texts for inner in box.iter() if inner is not box}
        for box in (box for box in texts if box not in inside):
            self.boxes += self._body._blocks(box)
        own = [part for part in node.iter() if part not in inside and part not in fallback]
        pictured = any(part.tag in ("blip", "imagedata", "OLEObject", "chart", "relIds") for part in own)
        if pictured or not texts:
            self.lines[-1].add(self._body.pictured(own))


def _symbol(node: Node) -> str:
    code = int(node.get("char", "0"), 16) & 0xFF if re.fullmatch("[0-9A-Fa-f]{1,6}", node.get("char", "")) else 0
    font = node.get("font", "")
    return (_DINGBATS if font.startswith("Wingdings") else _SIGNS if font == "Symbol" else {}).get(code, PICTURE)
