"""One font file, read and cut down by HarfBuzz; and where font files are found.

A face answers which glyph draws a character and how wide it is, and gives the few glyphs a paper needs as a
font program of its own. TrueType, CFF, collections and variable fonts are read alike.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import uharfbuzz as hb

from school.errors import BadFile

REGULAR, BOLD = 400, 700

#: tables a PDF reader does not look at inside an embedded font
_IDLE_TABLES = ("BASE", "GDEF", "GPOS", "GSUB", "OS/2", "STAT", "VORG", "cmap", "gasp", "name", "post", "vhea", "vmtx")

#: where systems keep fonts, and the faces with wide coverage worth asking, best first
_SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_WIDE_FACES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "NotoSerifCJK-Regular.ttc",
    "PingFang.ttc",
    "simsunb.ttf",
    "SimsunExtG.ttf",
    "BabelStoneHan.ttf",
    "HanaMinA.ttf",
    "HanaMinB.ttf",
)


@dataclass(frozen=True)
class Subset:
    """A font program that holds only the glyphs asked for; gids[i] is the new glyph number of the i-th one."""

    program: bytes
    gids: tuple[int, ...]
    tag: str


class Face:
    """One face of a font file. Widths are in 1/1000 em. Refused with BadFile: broken, forbidden to embed."""

    def __init__(self, path: Path, *, index: int = 0, weight: int = REGULAR):
        try:
            self._face = hb.Face(hb.Blob.from_file_path(str(path)), index)
        except hb.HarfBuzzError as error:
            raise BadFile(f"字体文件“{path.name}”无法读取，请换一个文件。") from error
        tables = set(self._face.table_tags)
        if not tables & {"glyf", "CFF "} or "cmap" not in tables:
            raise BadFile(f"字体文件“{path.name}”不是可用的 TrueType 或 OpenType 字体，请换一个文件。")
        self._refuse_what_may_not_be_embedded(path.name)
        self._font = hb.Font(self._face)
        self._weight = weight if any(axis.tag == "wght" for axis in self._face.axis_infos) else None
        if self._weight:
            self._font.set_variations({"wght": weight})
        self.outlines = "CFF" if "CFF " in tables else "TrueType"
        self.name = self._postscript_name(path)
        self.heavy = not self._weight and self._looks_heavy()

    def glyph(self, character: str) -> tuple[int, float] | None:
        """Glyph number and width of a character, or None when this face does not carry it."""
        gid = self._font.get_nominal_glyph(ord(character))
        return (gid, self._scaled(self._font.get_glyph_h_advance(gid))) if gid else None

    def metrics(self) -> dict[str, float | tuple]:
        """Ascent, descent, cap height and bounding box in 1/1000 em, for the font descriptor."""
        extents, box = self._font.get_font_extents("ltr"), struct.unpack(">4h", self._table("head")[36:44])
        return {
            "ascent": self._scaled(extents.ascender),
            "descent": self._scaled(extents.descender),
            "cap_height": self._scaled(extents.ascender * 0.7),
            "box": tuple(self._scaled(edge) for edge in box),
        }

    def subset(self, gids: Iterable[int]) -> Subset:
        """The glyphs as a font program; equal glyphs give equal bytes. A variable font is pinned to its weight."""
        wanted = tuple(gids)
        cut = hb.SubsetInput()
        cut.glyph_set.update(wanted)
        cut.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _IDLE_TABLES)
        cut.flags |= hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        if self._weight:
            cut.pin_all_axes_to_default(self._face)
            cut.pin_axis_location(self._face, "wght", self._weight)
        plan = hb.SubsetPlan(self._face, cut)
        new, program = plan.old_to_new_glyph_mapping, bytes(plan.execute().blob.data)
        if self.outlines == "CFF":
            program = _table_of(program, b"CFF ")
        return Subset(program, tuple(new[gid] for gid in wanted), _tag(self.name, program))

    def _table(self, tag: str) -> bytes:
        return bytes(self._face.reference_table(tag).data)

    def _scaled(self, units: float) -> float:
        return round(units * 1000 / self._face.upem, 3)

    def _refuse_what_may_not_be_embedded(self, file_name: str) -> None:
        # OS/2 fsType: 2 forbids embedding, 0x100 subsetting, 0x200 outlines.
        os2 = self._table("OS/2")
        rights = int.from_bytes(os2[8:10], "big") if len(os2) >= 10 else 0
        if rights & 0x000F == 0x0002 or rights & 0x0300:
            raise BadFile(f"字体文件“{file_name}”的许可不允许嵌入文件，请换一个字体。")

    def _postscript_name(self, path: Path) -> str:
        name = re.sub(r"[^A-Za-z0-9-]", "", self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or path.stem)
        name = name or "Face"
        return f"{name.removesuffix('-Thin').removesuffix('-Regular')}-{self._weight}" if self._weight else name

    def _looks_heavy(self) -> bool:
        os2 = self._table("OS/2")
        weight = int.from_bytes(os2[4:6], "big") if len(os2) >= 6 else REGULAR
        named = f"{self._face.get_name(hb.OTNameIdPredefined.FULL_NAME) or ''}{self.name}".lower()
        return weight >= 600 or any(word in named for word in ("bold", "标宋", "biaosong", "xbs", "黑体", "simhei"))


def _tag(name: str, program: bytes) -> str:
    # Six letters from the content: merged files never mistake one subset for another.
    digest = hashlib.sha256(name.encode() + program).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _table_of(program: bytes, tag: bytes) -> bytes:
    # A PDF takes the bare CFF table, not the OpenType file around it.
    for at in range(12, 12 + 16 * int.from_bytes(program[4:6], "big"), 16):
        if program[at : at + 4] == tag:
            start, length = struct.unpack(">II", program[at + 8 : at + 16])
            return program[start : start + length]
    raise ValueError(f"no table {tag!r}")


@cache
def built_in(weight: int) -> tuple[Face, ...]:
    """The faces that come with the product, Simplified Chinese first; the others know a few rare characters more."""
    fonts = resources.files("justmytype_intl_cjk") / "fonts" / "ofl"
    return tuple(
        Face(Path(str(fonts / f"notosans{region}" / f"NotoSans{region.upper()}[wght].ttf")), weight=weight)
        for region in ("sc", "jp", "tc", "kr")
    )


@cache
def of_system() -> tuple[Face, ...]:
    """Wide faces this system happens to have; asked last, and only for what nothing else carries."""
    return tuple(face for path in _wide_files() for face in _readable(path))


def of_folder(folder: Path) -> tuple[tuple[Face, ...], tuple[str, ...]]:
    """The county's own faces in the order of their file names, and a sentence for each file that cannot be used."""
    found, refused = [], []
    for path in files_in(folder):
        try:
            found.append(Face(path))
        except BadFile as error:
            refused.append(error.message)
    return tuple(found), tuple(refused)


def files_in(folder: Path) -> list[Path]:
    """Font files directly in a folder, by name; none when there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in {".ttf", ".otf", ".ttc"})


def _wide_files() -> Iterator[Path]:
    there: dict[str, Path] = {}
    for folder in _SYSTEM_FOLDERS:
        root = Path(folder).expanduser()
        for path in sorted(root.rglob("*.[to]t[fc]")) if root.is_dir() else ():
            there.setdefault(path.name, path)
    yield from (there[name] for name in _WIDE_FACES if name in there)


def _readable(path: Path) -> list[Face]:
    # In the Noto collections the third face is the Simplified Chinese one.
    try:
        return [Face(path, index=2 if path.name.startswith("Noto") and path.suffix == ".ttc" else 0)]
    except BadFile:
        return []
