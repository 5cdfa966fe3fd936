"""The records of old Excel workbooks and the strings in them. Source: [MS-XLS] §2.4.28, §2.5.293."""

from __future__ import annotations

import struct
from collections.abc import Iterator

BOF, EOF, CONTINUE, FILEPASS, BOUNDSHEET = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085
CODEPAGE, DATEMODE, FORMAT, XF, SST = 0x0042, 0x0022, 0x041E, 0x00E0, 0x00FC
LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
BOOLERR, FORMULA, STRING, MERGEDCELLS = 0x0205, 0x0006, 0x0207, 0x00E5

#: flags of a string: two bytes a character, reading aids behind it, formatting runs behind it
WIDE, EXTENDED, RICH = 0x01, 0x04, 0x08


def records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(kind, body) of each record until the stream ends."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def string(body: bytes, at: int, count: str, encoding: str | None) -> str:
    """A string behind its number of characters ("B" or "H"). Without an encoding it says its own width."""
    (characters,) = struct.unpack_from(f"<{count}", body, at)
    at += struct.calcsize(count)
    if encoding:
        return body[at : at + characters].decode(encoding, errors="replace")
    if body[at] & WIDE:
        return body[at + 1 : at + 1 + 2 * characters].decode("utf-16-le", errors="replace")
    return body[at + 1 : at + 1 + characters].decode("latin-1")


def shared_strings(bodies: list[bytes]) -> list[str]:
    """The texts of the SST record, given with the CONTINUE records behind it. Their stated number is not believed."""
    if not bodies:
        return []
    reader = _Pieces(bodies)
    reader.take(8)
    found = []
    while not reader.done:
        found.append(_shared_string(reader))
    return found


def _shared_string(reader: _Pieces) -> str:
    count, flags = struct.unpack("<HB", reader.take(3))
    runs = struct.unpack("<H", reader.take(2))[0] if flags & RICH else 0
    extra = struct.unpack("<I", reader.take(4))[0] if flags & EXTENDED else 0
    text = reader.characters(count, flags)
    reader.take(4 * runs + extra)
    return text


class _Pieces:
    """Reads on from one record into the next. LookupError when there is no more."""

    def __init__(self, bodies: list[bytes]):
        self._bodies = [body for body in bodies if body]
        self._number = self._at = 0

    @property
    def done(self) -> bool:
        return self._number >= len(self._bodies)

    def take(self, size: int) -> bytes:
        taken = self._some(size)
        while len(taken) < size:
            taken += self._some(size - len(taken))
        return taken

    def characters(self, count: int, flags: int) -> str:
        """A string's characters. Where a record ends among them, the next one begins by saying their width again."""
        found = b""
        while count:
            width = 2 if flags & WIDE else 1
            raw = self._some(count * width)
            found += raw if width == 2 else raw.decode("latin-1").encode("utf-16-le")
            count -= len(raw) // width
            if count:
                (flags,) = self.take(1)
        # Decoded only when whole: the seam may part the two halves of a rare character.
        return found.decode("utf-16-le", errors="replace")

    def _some(self, size: int) -> bytes:
        """As many bytes as this record still has, at most `size`."""
        if not size:
            return b""
        body = self._bodies[self._number]
        some = body[self._at : self._at + size]
        self._at += len(some)
        if self._at >= len(body):
            self._number, self._at = self._number + 1, 0
        return some
