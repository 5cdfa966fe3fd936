"""The picture files of a Word document, found from the drawings that show them."""

from __future__ import annotations

import posixpath
import re

from school.errors import BadFile
from school.files import Archive
from school.questions import markup
from school.questions.markup import Node
from school.questions.pictures import Album, Unfit

_RELATIONS = "word/_rels/document.xml.rels"
#: thousandths of a percent cut off a side: converters write a few where nothing was cut
_SLIGHT = re.compile(r"-?\d{0,3}")
_OTHERS = {"OLEObject", "chart", "relIds", "oMath", "oMathPara", "contentPart"}


class Media:
    """Looks up pictures by the relation a drawing names and puts them into an album."""

    def __init__(self, archive: Archive, album: Album):
        self._archive, self._album = archive, album
        root = markup.parse(archive.read(_RELATIONS)) if _RELATIONS in archive.names else ()
        self._paths = {
            node.get("Id", ""): posixpath.normpath(posixpath.join("/word", node.get("Target", ""))).lstrip("/")
            for node in root
            if node.get("TargetMode") != "External"
        }
        self._known: dict[str, str] = {}

    def marks(self, parts: list[Node]) -> str:
        """The characters for the pictures a drawing's elements name; "" where the drawing is anything else as well.

        A picture that the document shows cropped, turned or mirrored is not kept: whole, it might tell too much.
        """
        named = [
            part.get("embed" if part.tag == "blip" else "id", "") for part in parts if part.tag in ("blip", "imagedata")
        ]
        if not named or any(part.tag in _OTHERS or _altered(part) for part in parts):
            return ""
        try:
            return "".join(self._mark(relation) for relation in named)
        except (Unfit, KeyError, BadFile):
            return ""

    def _mark(self, relation: str) -> str:
        if relation not in self._known:
            self._known[relation] = self._album.put(self._archive.read(self._paths[relation]))
        return self._known[relation]


def _altered(part: Node) -> bool:
    if part.tag == "srcRect":
        return any(not _SLIGHT.fullmatch(part.get(side, "0")) for side in "ltrb")
    if part.tag == "xfrm":
        return any(part.get(name, "0") not in ("", "0", "false") for name in ("rot", "flipH", "flipV"))
    return part.tag == "imagedata" and any(name.startswith("crop") for name in part.attrib)
