"""A picture that somebody brought in, as an answer."""

from __future__ import annotations

from io import BytesIO
from typing import Protocol

from flask import Response, send_file


class File(Protocol):
    """A picture as it is kept; its type was told by its content."""

    sha256: str
    media_type: str
    content: bytes


def sent(file: File) -> Response:
    """The type that the content told, a name of ours, and nothing that could run."""
    name = "picture." + file.media_type.removeprefix("image/")
    answer = send_file(BytesIO(file.content), file.media_type, download_name=name, etag=file.sha256)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
