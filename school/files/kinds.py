"""What an uploaded file is, by its content."""

from __future__ import annotations

import struct
from typing import Literal

from school.errors import BadFile
from school.files import encoding, ole, xls
from school.files.archive import SIGNATURES, Archive

Kind = Literal[
    "xlsx", "xls", "ods", "docx", "zip", "pdf", "text", "doc", "empty", "encrypted", "unknown",
]  # fmt: skip


def kind(content: bytes) -> Kind:
    """What the content is. Never raises: a broken container is what it would be if it were whole."""
    if not content:
        return "empty"
    if content.startswith(SIGNATURES):
        return _kind_of_zip(content)
    if content.startswith(ole.SIGNATURE):
        return _kind_of_compound(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"{\\rtf"):
        return "doc"
    return "text" if encoding.is_text(content) else "unknown"


def _kind_of_zip(content: bytes) -> Kind:
    try:
        archive = Archive(content)
        if archive.encrypted:
            return "encrypted"
        names = set(archive.names)
        opendocument = "mimetype" in names and archive.read("mimetype").strip()
    except BadFile:
        return "zip"
    if opendocument and opendocument.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else "zip"


def _kind_of_compound(content: bytes) -> Kind:
    try:
        compound = ole.Compound(content)
        if "EncryptedPackage" in compound.streams:
            return "encrypted"
        if name := xls.stream_of(compound):
            return "encrypted" if xls.locked(compound.read(name)) else "xls"
    except (OSError, ValueError, LookupError, RecursionError, struct.error):
        return "unknown"
    return "doc" if "WordDocument" in compound.streams else "unknown"
