"""XML of strangers as a tree: no document type, no entities, no depth without end.

Names lose their namespace; every element knows where in the text it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

#: elements inside elements; question files nest a dozen deep
LIMIT_DEPTH = 100
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[[^\]]*\])?[^<>]*>)", re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[\w.\-]+:)?([A-Za-z][\w.\-]*)(?=[\s/>])")
_BROKEN = "第 {} 行附近的 XML 不完整或写错了，请用原来的系统重新导出。"
#: characters that XML cannot hold
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Malformed(ValueError):
    """Not XML, or XML with a document type; the message is a Chinese sentence."""


class Node(ElementTree.Element):
    """An element. start, end: byte positions in the UTF-8 text, the end being that of its closing tag's first sign."""

    start = end = 0

    def text_of(self, path: str) -> str:
        """The text of the first child at a path, without blanks at its ends; "" for none."""
        return (self.findtext(path) or "").strip()


def root_name(text: str) -> str:
    """The local name of the first element, "" for what is no XML."""
    text, at = text[:4_000].lstrip("\ufeff"), 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return root[1] if root else ""


def parse(content: str | bytes) -> Node:
    """The root element. Raises Malformed."""
    builder = _Builder()
    try:
        builder.parser(isinstance(content, str)).Parse(_raw(content), True)
    except expat.ExpatError as error:
        raise Malformed(_BROKEN.format(error.lineno)) from error
    return builder.root


def children(content: str | bytes, depth: int) -> Iterator[Node]:
    """The elements at one depth (the root is 0) of a document, one after the other. Raises Malformed."""
    builder, raw = _Builder(depth), _raw(content)
    parser = builder.parser(isinstance(content, str))
    try:
        for at in range(0, len(raw), 2**16):
            parser.Parse(raw[at : at + 2**16], False)
            yield from builder.finished()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Malformed(_BROKEN.format(error.lineno)) from error
    yield from builder.finished()


def _raw(content: str | bytes) -> bytes:
    return content.lstrip("\ufeff").encode("utf-8", "replace") if isinstance(content, str) else content


class _Builder:
    """Turns the parser's calls into nodes. depth: that of the elements `finished` gives out and forgets."""

    def __init__(self, depth: int = -1):
        self._open: list[Node] = []
        self._depth, self._done = depth, []
        self._last: Node | None = None

    def parser(self, is_text: bool):
        parser = self._parser = expat.ParserCreate("utf-8" if is_text else None, "}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse
        return parser

    @property
    def root(self) -> Node:
        return self._open[0]

    def finished(self) -> list[Node]:
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > LIMIT_DEPTH:
            raise Malformed("这个文件一层套一层，不像题库，已拒绝读取。")
        node = Node(local(name), {local(key): value for key, value in attributes.items()})
        node.start = self._parser.CurrentByteIndex
        if self._open and self._depth != len(self._open):
            self._open[-1].append(node)
        self._open.append(node)
        self._last = None

    def _end(self, name: str) -> None:
        node = self._open[-1]
        node.end = self._parser.CurrentByteIndex
        if len(self._open) > 1:
            self._open.pop()
        if self._depth == len(self._open) and node is not self.root:
            self._done.append(node)
        self._last = node

    def _characters(self, text: str) -> None:
        if self._last is None:
            self._open[-1].text = (self._open[-1].text or "") + text
        else:
            self._last.tail = (self._last.tail or "") + text

    def _refuse(self, *_) -> None:
        raise Malformed("这个文件里有文档类型声明（DOCTYPE），可能有害，已拒绝读取。请删去这一段后重新上传。")


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def possible(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _IMPOSSIBLE.sub("", text)
