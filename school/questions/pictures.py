"""Pictures of a question: PNG, JPEG or GIF by their content, and the sign 【图1】 in its words where each of them stands.

While a file is read, each picture leaves one character of its own in the text, so that readers carry it to its place as
they carry words. An `Album` gives these characters out and afterwards turns them into signs and numbered pictures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

LIMIT_BYTES = 2 * 1024 * 1024
#: pixels of a side, and of a picture: a phone's photograph has 4000 by 3000. Paper needs every one of them in memory, and a
#: blank picture of 8000 by 8000 is a small file
LIMIT_SIDE, LIMIT_PIXELS = 8_000, 16_000_000
LIMIT_PICTURES = 20
SIGN = re.compile(r"【图(\d{1,2})】")
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}

#: characters for private use that no font of an office fills
_FIRST, _LAST = 0xF0000, 0xFFFFD
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_SIZED = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_LARGE = (
    f"图片太大（最多 {LIMIT_BYTES >> 20} MB，边长 {LIMIT_SIDE} 像素，共 {LIMIT_PIXELS // 10**4} 万像素），"
    "请缩小以后再放进题里。"
)
_BROKEN = "图片的内容已损坏，请重新放一张。"
_STRANGE = "有图片不是 PNG、JPEG 或 GIF，请另存为这几种格式以后再放进题里。"


class Unfit(ValueError):
    """Bytes that are no picture we keep; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Picture:
    """A picture of a question. number: that of its sign."""

    number: int
    media_type: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def ending(self) -> str:
        """The ending of a file that holds it."""
        return ENDINGS[self.media_type]


def media_type(content: bytes) -> str:
    """What a picture is, told by its content alone. Raises Unfit: another format, too large, or torn."""
    if len(content) > LIMIT_BYTES:
        raise Unfit(_LARGE)
    told = next((told for told, size in _SIZES.items() if size(content)), None)
    if told is None:
        raise Unfit(_STRANGE)
    _fits(*sides(content))
    _whole(content)
    return told


def _fits(width: int, height: int) -> None:
    if max(width, height) > LIMIT_SIDE or not 0 < width * height <= LIMIT_PIXELS:
        raise Unfit(_LARGE)


def _whole(content: bytes) -> None:
    """Refuse what cannot be drawn: one torn picture would keep a whole county's papers from being printed."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF")) as image:
            _fits(*image.size)
            image.load()
    except Unfit:
        raise
    except Exception as problem:  # what broken bytes make of a decoder is not told beforehand
        raise Unfit(_BROKEN) from problem


def sides(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that is kept, in pixels."""
    return next(filter(None, (size(content) for size in _SIZES.values())))


def _png(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 33:
        return None
    return struct.unpack(">II", content[16:24])


def _gif(content: bytes) -> tuple[int, int] | None:
    return struct.unpack("<HH", content[6:10]) if content[:6] in (b"GIF87a", b"GIF89a") and len(content) > 13 else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """The sides a JPEG names in its frame header, which stands behind segments of any kind."""
    at = 2 if content[:3] == b"\xff\xd8\xff" else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        kind, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if kind in _SIZED:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 1 if kind == 0xFF else 2 + length
    return None


_SIZES = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif}


def signs(texts: Iterable[str]) -> list[int]:
    """The numbers of the signs in some texts."""
    return [int(number) for text in texts for number in SIGN.findall(text)]


def carried(pictures: Iterable[Picture], texts: Iterable[str]) -> tuple[Picture, ...]:
    """Those pictures whose signs still stand in the texts: when words are written anew, their pictures stay with them."""
    told = set(signs(texts))
    return tuple(picture for picture in pictures if picture.number in told)


def data_uri(picture: Picture) -> str:
    """A picture as text for JSON: data:image/png;base64,…"""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


def from_data_uri(said: str) -> bytes:
    """The bytes of a data URI. Raises Unfit for anything else than one of base64."""
    head, comma, body = said.partition(",")
    if not comma or not re.fullmatch(r"data:[\w/+.\-]*;base64", head.strip()):
        raise Unfit("图片没有随文件一起来（只写了网址），请把图片放进文件里，或者收下以后在题目页上添加。")
    return from_base64(body)


def from_base64(said: str) -> bytes:
    """The bytes of base64, blanks and line breaks passed over. Raises Unfit."""
    if len(said) > LIMIT_BYTES * 3 // 2:
        raise Unfit(_LARGE)
    try:
        return base64.b64decode("".join(said.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Unfit(_BROKEN) from problem


class Album:
    """The pictures met in one file. put: a picture's bytes to the character that stands for it."""

    def __init__(self):
        self._found: list[tuple[str, bytes]] = []
        self._marks: dict[bytes, str] = {}

    def put(self, content: bytes) -> str:
        """The character that stands for a picture, the same one for the same picture. Raises Unfit."""
        digest = hashlib.sha256(content).digest()
        if digest not in self._marks:
            if _FIRST + len(self._found) > _LAST:
                raise Unfit("文件里的图片太多，请拆成几个文件。")
            self._marks[digest] = chr(_FIRST + len(self._found))
            self._found.append((media_type(content), content))
        return self._marks[digest]

    def numbered(self, *texts: str) -> tuple[list[str], tuple[Picture, ...]]:
        """The texts of one question with signs for characters, and its pictures, numbered as they come.

        A number that the words have already (“见【图1】”) is not given again.
        """
        marks = list(dict.fromkeys(mark for text in texts for mark in _MARK.findall(text) if self._has(mark)))
        first = max(signs(texts), default=0) + 1
        numbers = {mark: first + place for place, mark in enumerate(marks)}
        written = [_MARK.sub(lambda mark: _sign(numbers.get(mark[0])), text) for text in texts]
        return written, tuple(Picture(number, *self._found[ord(mark) - _FIRST]) for mark, number in numbers.items())

    def __bool__(self) -> bool:
        return bool(self._found)

    def _has(self, mark: str) -> bool:
        return ord(mark) - _FIRST < len(self._found)


def _sign(number: int | None) -> str:
    return f"【图{number}】" if number else "【图】"


def marked(text: str) -> bool:
    """Whether a picture's character stands in a text."""
    return bool(_MARK.search(text))


def shown(text: str) -> str:
    """A text for people, 【图】 for every picture's character."""
    return _MARK.sub("【图】", text)


def unmarked(text: str) -> str:
    """A text without pictures' characters."""
    return _MARK.sub("", text)
