"""Zip containers (.xlsx, .ods, .docx) opened with their sizes checked first."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from school.errors import BadFile

#: bytes all parts may have together once unpacked
LIMIT_UNPACKED = 200 * 2**20
#: unpacked bytes per packed byte, above RATIO_FROM; 30,000 rows of empty formatted cells were measured at 12
LIMIT_RATIO = 100
RATIO_FROM = 8 * 2**20
#: bytes of one part that may be held in memory at once
LIMIT_READ = 32 * 2**20
#: entries of the directory; counted before zipfile builds an object for each
LIMIT_PARTS = 5_000

#: first bytes of a zip, of an empty one included
SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
CHUNK = 2**16
#: what zipfile and its compression methods raise for a broken part, an unknown method or a missing password
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError)
ENCRYPTED = 0x1

TRUNCATED = "文件不完整或已损坏，可能没有下载完。请用 Excel 或 WPS 打开原文件，另存一份后重新上传。"
UNUSUAL = "文件的内部结构不正常，已拒绝读取。请用 Excel 或 WPS 打开原文件，另存一份后重新上传。"
BOMB = "文件解压后过大，不像正常的表格或文档，已拒绝读取。请把需要的内容复制到新文件中，保存后重新上传。"


class Archive:
    """A zip whose directory has been checked. Raises BadFile when it is broken or unpacks to too much."""

    def __init__(self, content: bytes):
        if content.count(b"PK\x01\x02") > LIMIT_PARTS:
            raise BadFile(BOMB)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (*UNREADABLE, struct.error, OverflowError) as error:
            raise BadFile(TRUNCATED) from error
        self._parts = {part.filename.replace("\\", "/"): part for part in self._zip.infolist()}
        self._check_sizes(len(content))
        self._left = LIMIT_UNPACKED

    def _check_sizes(self, packed: int) -> None:
        unpacked = sum(part.file_size for part in self._zip.infolist())
        if unpacked > LIMIT_UNPACKED or (unpacked > RATIO_FROM and unpacked > LIMIT_RATIO * packed):
            raise BadFile(BOMB)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    @property
    def encrypted(self) -> bool:
        """Whether any part needs a password, the way zip or the way OpenDocument does it."""
        if any(part.flag_bits & ENCRYPTED for part in self._parts.values()):
            return True
        manifest = "META-INF/manifest.xml"
        return manifest in self._parts and b"encryption-data" in self.read(manifest)

    def read(self, name: str) -> bytes:
        """The bytes of one part, BadFile above LIMIT_READ; KeyError when there is none. `parse` walks larger ones."""
        pieces, size = [], 0
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > LIMIT_READ:
                raise BadFile(BOMB)
            pieces.append(chunk)
        return b"".join(pieces)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one part piece by piece: the directory promised sizes, this is where it is held to them."""
        part = self._parts[name]
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise BadFile(BOMB)
                    yield chunk
        except UNREADABLE as error:
            raise BadFile(TRUNCATED) from error

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        characters: Callable[[str], None] | None = None,
    ) -> None:
        """Walk one XML part, calling back as expat does. KeyError when there is none; a document type is refused."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BadFile(TRUNCATED) from error


def _refuse_doctype(*_) -> None:
    """Office files have none; entities in one could grow without bound or name other files."""
    raise BadFile(UNUSUAL)
