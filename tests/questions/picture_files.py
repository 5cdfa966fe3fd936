"""Small pictures made on the spot, and Word files that hold some."""

import io
import struct
import zlib

from docx import Document
from docx.shared import Cm
from PIL import Image


def png(shade: int = 0, side: int = 8) -> bytes:
    """A grey square."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + bytes([shade]) * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


GIF = (
    b"GIF89a\x02\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x02\x00\x02\x00\x00\x02\x02\x84Q\x00;"
)


def jpeg() -> bytes:
    """A small grey photograph."""
    out = io.BytesIO()
    Image.new("L", (3, 2), 128).save(out, "JPEG")
    return out.getvalue()


def jpeg_head(width: int, height: int) -> bytes:
    """As much of a JPEG as tells its size: a comment, a frame header, an end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xfe\x00\x04ab\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def word(*paragraphs: str | list) -> bytes:
    """A .docx of paragraphs; in a list of pieces, bytes are pictures."""
    document = Document()
    for pieces in paragraphs:
        run = document.add_paragraph().add_run()
        for piece in [pieces] if isinstance(pieces, str | bytes) else pieces:
            if isinstance(piece, bytes):
                run.add_picture(io.BytesIO(piece), width=Cm(2))
            else:
                run.add_text(piece)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
