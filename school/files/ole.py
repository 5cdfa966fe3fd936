"""Compound files (.xls, .doc, password-protected .xlsx): the streams that stand at their root."""

from __future__ import annotations

import io

import olefile

SIGNATURE = olefile.MAGIC


class Compound:
    """A compound file. Raises OSError or ValueError when it is broken."""

    def __init__(self, content: bytes):
        self._file = olefile.OleFileIO(io.BytesIO(content))
        self.streams = {path[0] for path in self._file.listdir() if len(path) == 1}

    def read(self, name: str) -> bytes:
        """The bytes of a stream at the root."""
        return self._file.openstream(name).read()
