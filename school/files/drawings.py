"""The pictures that lie on a sheet of an .xlsx. Source: ECMA-376 part 1, §20.5 (spreadsheet drawings).

They are not read, for they only lie over cells; whoever brings the file must know that they are there.
"""

from __future__ import annotations

import posixpath

from school.files.archive import Archive

#: pictures that are told of; a sheet of questions has a few
MOST = 1_000


def picture_rows(archive: Archive, sheet: str) -> tuple[int, ...]:
    """Of each picture on a sheet (the name of its part) the row its upper edge lies in, counted from 1; 0 for none."""
    found: list[int] = []
    for part in _drawings(archive, sheet):
        if part in archive.names:
            drawing = _Drawing(found)
            archive.parse(part, drawing.start, drawing.end, drawing.characters)
    return tuple(sorted(found))


def _drawings(archive: Archive, sheet: str) -> list[str]:
    folder, name = posixpath.split(sheet)
    relations, found = f"{folder}/_rels/{name}.rels", []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship") and attributes.get("Type", "").endswith("/drawing"):
            target = posixpath.join(f"/{folder}", attributes.get("Target", ""))
            found.append(posixpath.normpath(target).lstrip("/"))

    if relations in archive.names:
        archive.parse(relations, start)
    return found


class _Drawing:
    """Goes through the anchors of one drawing: the row each begins in, and the pictures that hang on it."""

    def __init__(self, found: list[int]):
        self._found, self._row, self._path, self._text = found, 0, [], ""

    def start(self, tag: str, _: dict[str, str]) -> None:
        self._path.append(tag.rpartition(":")[2])
        self._text = ""
        if self._path[-1].endswith("Anchor"):
            self._row = 0
        if self._path[-1] == "pic" and len(self._found) < MOST:
            self._found.append(self._row)

    def end(self, tag: str) -> None:
        if self._path[-2:] == ["from", "row"]:
            self._row = int(self._text) + 1
        self._path.pop()

    def characters(self, text: str) -> None:
        if self._path[-1] == "row":
            self._text += text
