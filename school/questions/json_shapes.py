"""JSON as other systems and quiz sites write it: lists, envelopes, maps; options and answers in a dozen shapes.

Every shape becomes `Pieces`, and `settling` decides the key as it does for tables. A number as answer is an index only
where the file itself shows from where it counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from school.questions import columns, html_text, json_tree, pictured, pictures, settling, vocabulary
from school.questions.draft import LETTERS, Place, Reading, ReviewItem
from school.questions.json_options import Options, read_options
from school.questions.json_tree import Item
from school.questions.keys import Doubtful
from school.questions.ledger import Ledger
from school.questions.pictures import Album
from school.questions.settling import Pieces

_MORE = {
    "choices": "options", "choice": "options", "optionlist": "options", "answerlist": "options", "key": "answer",
    "correct": "answer", "rightanswer": "answer", "right": "answer", "explain": "explanation", "desc": "explanation",
    "text": "stem", "questiontext": "stem", "topic": "topic", "category": "topic", "chapter": "topic",
    "point": "point", "level": "difficulty", "points": "score", "material": "material", "source": "citation",
}  # fmt: skip
_KIND_NUMBERS = {"1": "single", "2": "multi", "3": "judge"}
_TITLES = ("title", "name", "标题", "名称")


@dataclass
class _Asked:
    """A question on its way: its pieces and, where the answer is a number, what it may point at."""

    pieces: Pieces
    indexes: tuple[int, ...] = ()
    context: dict = field(default_factory=dict)


def role(key: str, value) -> str | None:
    """What a key of an object means."""
    name = columns.word(key)
    if name == "answers":
        return "options" if isinstance(value, list) and any(isinstance(part, Item) for part in value) else "answer"
    return _MORE.get(name) or columns.role(key)


def read(tree: Item | list, text: str) -> Reading:
    """Read the value of a whole text. Objects and list members are questions or wait for review."""
    ledger, found, review, album = Ledger(text), [], [], Album()
    for number, (item, start, end, context) in enumerate(_questions(tree, text), 1):
        name = f"第 {number} 题"
        where = ledger.between(start, end, name) if end else Place((), name)
        original = text[start:end] or json.dumps(item, ensure_ascii=False, default=str)
        try:
            found.append(_asked(item, where, original, context, album))
        except Doubtful as doubt:
            review.append(ReviewItem(where, doubt.reason, original))
    _point(found)
    pair = settling.judge_signs([asked.pieces for asked in found])
    drafts, remarks = [], []
    for asked in found:
        settling.tidy(asked.pieces)
        result, more = settling.settle(asked.pieces, pair)
        (review if isinstance(result, ReviewItem) else drafts).append(result)
        remarks += more
    review.sort(key=lambda item: item.where.lines or (ledger.last,))
    originals = {asked.pieces.where: asked.pieces.original for asked in found}
    reading = Reading(tuple(drafts), tuple(review), ledger.rest(), tuple(remarks))
    return pictured.settle(reading, album, lambda draft: originals[draft.where])


def _questions(tree: Item | list, text: str) -> Iterator[tuple]:
    """(object, start, end, context) of everything that should be a question; end is 0 where only objects have places."""
    if isinstance(tree, Item) and tree and not _is_question(tree) and not _kids(tree) and _is_map(tree):
        for key, value, start, end in json_tree.pairs(text, tree):
            yield Item(map=key, answer=value), start, end, {}
        return
    yield from _walk(tree, {})


def _is_map(tree: Item) -> bool:
    """{"stem|option|option": "answer", …}"""
    return not tree.doubled and all(isinstance(value, str | bool) for value in tree.values())


def _walk(value, context: dict) -> Iterator[tuple]:
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, context)
    elif isinstance(value, Item) and (kids := _kids(value)):
        for kid in kids:
            yield from _walk(kid, context | _context(value))
    elif isinstance(value, Item):
        yield value, value.start, value.end, context
    else:
        yield value, 0, 0, context


def _kids(item: Item) -> list:
    """The values of an object that hold questions of their own."""
    return [value for key, value in item.items() if role(key, value) not in ("options", "option") and _holds(value)]


def _holds(value) -> bool:
    if isinstance(value, list):
        return any(_holds(part) or (isinstance(part, Item) and _is_question(part)) for part in value)
    return isinstance(value, Item) and bool(_kids(value))


def _is_question(item: Item) -> bool:
    return any(role(key, value) == "stem" and isinstance(value, str) for key, value in item.items())


def _context(item: Item) -> dict:
    """What an object says about the questions in it: a chapter's title, or the text they share."""
    found = {}
    for key, value in item.items():
        if isinstance(value, str) and value.strip():
            name = "topic" if columns.word(key) in _TITLES else role(key, value)
            name = "material" if name == "stem" else name
            if name in ("topic", "material"):
                found[name] = value.strip()
    return found


def _asked(item, where: Place, original: str, context: dict, album: Album) -> _Asked:
    """Raises Doubtful for what is no question."""
    if not isinstance(item, Item):
        raise Doubtful("这里应是一道题，现在只有一个值，请查看。")
    if item.doubled:
        raise Doubtful(f"“{item.doubled[0]}”写了两次，请核对。")
    if json_tree.unsafe(item):
        raise Doubtful("有不能保存的字符，请改正。")
    if "map" in item:
        stem, *choices = [part.strip() for part in item["map"].split("|")]
        return _with_answer(
            Pieces(stem, where, original, None, tuple(choices)), Options(tuple(choices)), item["answer"]
        )
    told: dict[str, list[tuple[str, object]]] = {}
    for key, value in item.items():
        if value not in (None, "", []):
            told.setdefault(role(key, value) or "extra", []).append((key, value))
    pieces = Pieces(_stem(told.pop("stem", [])), where, original)
    kinds, given = told.pop("kind", []), told.pop("answer", [])
    _kind(pieces, kinds)
    choices = read_options(told.pop("options", []), told.pop("option", []))
    pieces.options, pieces.numbered_options = choices.texts, choices.numbered
    fields = {name: [(key, _spoken(value)) for key, value in values] for name, values in told.items()}
    rest, remarks = settling.rest({name: values for name, values in fields.items() if name in _CARRIED})
    pieces.rest, pieces.remarks = context | rest, remarks
    _reduce(pieces, album)
    if len(given) > 1:
        raise Doubtful("有两处都像答案，请核对。")
    return _with_answer(pieces, choices, given[0][1] if given else None)


_CARRIED = (
    "explanation", "citation", "topic", "point", "difficulty", "audience", "score", "code", "author", "checker",
    "material", "extra",
)  # fmt: skip


def _stem(found: list[tuple[str, object]]) -> str:
    texts = {value for _, value in found if isinstance(value, str)}
    if len(texts) != 1 or len(found) > len(texts):
        raise Doubtful("没有题干，或者有几处都像题干，请核对。")
    return texts.pop().strip()


def _kind(pieces: Pieces, kinds: list[tuple[str, object]]) -> None:
    if not kinds:
        return
    said = _spoken(kinds[0][1])
    pieces.kind = vocabulary.kind(said.replace("_", "").replace("-", "")) or _KIND_NUMBERS.get(said)
    if pieces.kind is None or len(kinds) > 1:
        pieces.doubts.append(f"不认识题型“{said[:20]}”，请改为单选、多选、判断、填空或简答。")


def _spoken(value) -> str:
    """A value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str | int | Decimal) for part in value):
        return "、".join(map(str, value))
    return str(value) if isinstance(value, int | Decimal) else json.dumps(value, ensure_ascii=False, default=str)


def _reduce(pieces: Pieces, album: Album) -> None:
    """HTML in stem, options and explanation as text, with the pictures that come with it."""
    others: list[str] = []

    def picture(address: str) -> str:
        return album.put(pictures.from_data_uri(address))

    def plain(text: str) -> str:
        reduced, more = html_text.plain(text, picture) if html_text.looks_like(text) else (text, ())
        others.extend(more)
        return reduced

    pieces.stem, pieces.options = plain(pieces.stem), tuple(map(plain, pieces.options))
    if "explanation" in pieces.rest:
        pieces.rest["explanation"] = plain(pieces.rest["explanation"])
    if others:
        pieces.doubts.append(html_text.unreadable(others))


def _with_answer(pieces: Pieces, choices: Options, value) -> _Asked:
    if choices.right is not None:
        pieces.said.append("".join(LETTERS[place] for place in choices.right))
    values = value if isinstance(value, list) else [] if value is None else [value]
    named = [choices.labels.index(str(part)) for part in values if str(part) in choices.labels]
    if values and len(named) == len(values) and not isinstance(value, bool):
        pieces.said.append("".join(LETTERS[place] for place in named))
    elif any(not isinstance(part, str | int | Decimal) for part in values):
        raise Doubtful("答案的写法看不懂，请核对。")
    elif pieces.options and values and all(type(part) is int for part in values) and not choices.numbered:
        return _Asked(pieces, tuple(values))
    elif values:
        pieces.said.append(_joined(pieces, values))
    return _Asked(pieces)


def _joined(pieces: Pieces, values: list) -> str:
    words = [("正确" if part else "错误") if isinstance(part, bool) else str(part) for part in values]
    if len(words) == 1:
        return words[0]
    if any(sign in word for word in words for sign in "|;；｜\n"):
        pieces.doubts.append("答案里有分号、竖线或换行，请核对各部分。")
    return "\n".join(words) if pieces.options else "|".join(words)


def _point(found: list[_Asked]) -> None:
    """Turn indexes into letters where the file shows whether they count from 0 or from 1."""
    pointed = [asked for asked in found if asked.indexes]
    from_zero = any(0 in asked.indexes for asked in pointed)
    to_last = any(len(asked.pieces.options) in asked.indexes for asked in pointed)
    for asked in pointed:
        places = [index - (not from_zero) for index in asked.indexes]
        if from_zero == to_last:
            asked.pieces.doubts.append("答案是序号，看不出从 0 数还是从 1 数，请核对。")
        elif any(place not in range(len(asked.pieces.options)) for place in places):
            asked.pieces.doubts.append("答案的序号超出了选项范围，请核对。")
        else:
            asked.pieces.said.append("".join(LETTERS[place] for place in places))
