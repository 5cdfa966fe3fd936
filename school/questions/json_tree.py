"""JSON whose objects know where in the text they stand, and which no object can make say two things."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from json import decoder, scanner

_OBJECT = re.compile(r'\s*(?:\[\s*){0,9}\{\s*"(?:[^"\\\n]|\\.){0,2000}"\s*:')
_LIST = re.compile(r'\s*\[\s*["\[{\]]')


class Malformed(ValueError):
    """Not JSON; the message is a Chinese sentence."""


class Item(dict):
    """An object. start, end: character positions in the text; doubled: keys that stand in it more than once."""

    start = end = 0
    doubled: tuple[str, ...] = ()


def fits(text: str) -> bool:
    """Whether a text begins like JSON that could hold questions; a paper that begins with [单选] does not."""
    text = text.lstrip("\ufeff")
    return bool(_OBJECT.match(text) or (_LIST.match(text) and text.rstrip().endswith("]")))


def parse(text: str) -> Item | list:
    """The value of a text, an object or a list. Raises Malformed."""
    try:
        value = _Decoder().decode(text.removeprefix("\ufeff").rjust(len(text)))
    except json.JSONDecodeError as error:
        raise Malformed(f"第 {error.lineno} 行第 {error.colno} 列的 JSON 写法有错，请检查括号、引号和逗号。") from error
    except (ValueError, RecursionError) as error:
        raise Malformed("JSON 里有读不了的数字，或者一层套一层太深，请检查。") from error
    if not isinstance(value, Item | list):
        raise Malformed("JSON 里没有题目。")
    return value


class _Decoder(json.JSONDecoder):
    """The standard decoder with its readable scanner, which asks this one for every object."""

    def __init__(self):
        super().__init__(object_pairs_hook=_item, parse_float=Decimal, parse_constant=_refused)
        self.parse_object = _object
        self.scan_once = scanner.py_make_scanner(self)


def _object(text_and_end: tuple[str, int], *rest) -> tuple[Item, int]:
    item, end = decoder.JSONObject(text_and_end, *rest)
    item.start, item.end = text_and_end[1] - 1, end
    return item, end


def _item(pairs: list[tuple]) -> Item:
    item = Item(pairs)
    names = [name for name, _ in pairs]
    item.doubled = tuple(name for name in item if names.count(name) > 1) if len(names) > len(item) else ()
    return item


def _refused(name: str):
    raise ValueError(f"{name} is no value")


def pairs(text: str, item: Item) -> list[tuple[str, object, int, int]]:
    """(key, value, start, end) of each pair of an object."""
    found, at, reader = [], item.start + 1, _Decoder()
    while begun := re.compile(r'[\s,]*(?=")').match(text, at):
        start = begun.end()
        key, at = decoder.scanstring(text, start + 1, True)
        value, at = reader.raw_decode(text, re.compile(r"\s*:\s*").match(text, at).end())
        found.append((key, value, start, at))
    return found


def unsafe(value) -> bool:
    """Whether a value holds characters that no file and no database keeps: half characters and NUL."""
    if isinstance(value, dict):
        return any(unsafe(key) or unsafe(part) for key, part in value.items())
    if isinstance(value, list):
        return any(map(unsafe, value))
    return isinstance(value, str) and bool(re.search("[\0\ud800-\udfff]", value))
