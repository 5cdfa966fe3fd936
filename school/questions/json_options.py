"""The options of a question in JSON: texts, letters with texts, objects, pairs with right and wrong, one cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from school.questions import columns, json_tree, options
from school.questions.draft import LETTERS
from school.questions.json_tree import Item
from school.questions.keys import Doubtful
from school.questions.matching import Mirror

_TEXT_KEYS = ("text", "content", "optiontext", "optioncontent", "选项内容", "内容", "value", "title", "name", "desc")
_LABEL_KEYS = ("key", "letter", "label", "option", "prefix", "选项", "id", "no", "name", "value")
_RIGHT_KEYS = ("correct", "iscorrect", "right", "isright", "isanswer", "istrue", "answer", "是否正确")


@dataclass(frozen=True)
class Options:
    """Option texts in order. right: places marked right, None where none is marked or unmarked; labels: what they
    are called when not by letters in order; numbered: they are called 1, 2, 3."""

    texts: tuple[str, ...] = ()
    right: tuple[int, ...] | None = None
    labels: tuple[str, ...] = ()
    numbered: bool = False


def read_options(whole: list[tuple[str, object]], single: list[tuple[str, object]]) -> Options:
    """whole: values of keys that hold all options; single: of keys optionA, optionB … Raises Doubtful."""
    if len(whole) + bool(single) > 1:
        raise Doubtful("选项写了两处，请核对。")
    if single:
        return _single(single)
    return _whole(whole[0][1]) if whole else Options()


def _single(found: list[tuple[str, object]]) -> Options:
    header = [key for key, _ in found]
    order = columns.option_order(header)
    letters = [_text(found[place][1]) for place in order]
    names = [
        columns.word(header[place]).removeprefix("option").removeprefix("选项").removesuffix("选项") for place in order
    ]
    if names == list(LETTERS[: len(names)].lower()):
        return Options(tuple(letters))
    if names == [str(number) for number in range(1, len(names) + 1)]:
        return Options(tuple(letters), numbered=True)
    raise Doubtful("选项字母不连续，请核对选项。")


def _whole(value) -> Options:
    if isinstance(value, str):
        return _cell(value)
    if isinstance(value, Item):
        return _lettered(list(value), [_text(text) for text in value.values()])
    if not isinstance(value, list) or len(value) > len(LETTERS):
        raise Doubtful("选项的写法看不懂，请核对选项。")
    if all(isinstance(part, Item) for part in value):
        return _objects(value)
    if all(isinstance(part, list) and len(part) == 2 and isinstance(part[1], bool) for part in value):
        return Options(tuple(_text(part[0]) for part in value), _places([part[1] for part in value]))
    return Options(_unlettered([_text(part) for part in value]))


def _cell(text: str) -> Options:
    if text.strip().startswith(("[", "{")):
        try:
            return _whole(json_tree.parse(text.strip()))
        except json_tree.Malformed:
            pass
    return Options(options.in_cell(text))


def _text(value) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Doubtful("选项的写法看不懂，请核对选项。")
    return str(value).strip()


def _lettered(labels: list[str], texts: list[str]) -> Options:
    """Texts under labels: letters in any order, numbers from 1, or names of the file's own that the answer must use."""
    names = [label.strip().upper() for label in labels]
    if all(name in LETTERS and len(name) == 1 for name in names):
        return Options(options.in_order([(LETTERS.index(name), text) for name, text in zip(names, texts, strict=True)]))
    if names == [str(number) for number in range(1, len(names) + 1)]:
        return Options(tuple(texts), numbered=True)
    if len(set(labels)) < len(labels):
        raise Doubtful("选项的代号有重复，请核对选项。")
    return Options(tuple(texts), labels=tuple(labels))


def _objects(items: list[Item]) -> Options:
    if any(item.doubled for item in items) or not items:
        raise Doubtful("选项的写法看不懂，请核对选项。")
    by_word = [{columns.word(key): value for key, value in item.items()} for item in items]
    text_key = _shared(by_word, _TEXT_KEYS, ())
    label_key = _shared(by_word, _LABEL_KEYS, (text_key,))
    right_key = next((key for key in _RIGHT_KEYS if any(key in item for item in by_word)), None)
    if text_key is None:
        raise Doubtful("选项的写法看不懂，请核对选项。")
    texts = [_text(item[text_key]) for item in by_word]
    marks = [item.get(right_key, False) for item in by_word] if right_key else []
    if any(mark not in (True, False) for mark in marks):
        raise Doubtful("选项的对错标记看不懂，请核对答案。")
    if not label_key:
        return Options(tuple(texts), _places(marks) if right_key else None)
    found = _lettered([str(item[label_key]) for item in by_word], texts)
    if right_key and found.texts != tuple(texts):
        raise Doubtful("选项不按字母顺序，又另有对错标记，请核对答案。")
    return Options(found.texts, _places(marks) if right_key else None, found.labels, found.numbered)


def _shared(items: list[dict], names: tuple[str, ...], taken: tuple) -> str | None:
    """The first of some keys that every option has, with a plain value."""
    plain = (str, int, Decimal)
    return next(
        (name for name in names if name not in taken and all(isinstance(item.get(name), plain) for item in items)), None
    )


def _places(marks: list) -> tuple[int, ...]:
    return tuple(place for place, mark in enumerate(marks) if mark)


def _unlettered(texts: list[str]) -> tuple[str, ...]:
    """["A. …", "B. …"] without the letters, where every text has the one of its place."""
    mirrors = [Mirror(text) for text in texts]
    found = [options.at_start(mirror.norm) for mirror in mirrors]
    if all(label and label.place == place and label.sign != "blank" for place, label in enumerate(found)):
        return tuple(mirror.cut(label.end) for mirror, label in zip(mirrors, found, strict=True))
    return tuple(texts)
