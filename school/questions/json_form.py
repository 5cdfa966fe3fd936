"""Our JSON form of a bank, in and out without loss; other people's JSON goes on to `json_shapes`.

{"format": "school-questions", "version": 1, "questions": [{"kind": "single", "stem": "…", "options": ["…"], "key": "C"}]}

Fields are those of `Draft` and left out when empty; SCHEMA says the same for programs. key: option letters for single
and multi, true or false for judge, a list of alternatives per blank for fill, the model answer for short. pictures:
each with the number of its sign 【图1】 in the words and its bytes as a data URI.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from school.questions import bank_text, json_shapes, json_tree, losses, pictures
from school.questions.draft import AUDIENCE_WORDS, KINDS, Citation, Draft, Key, Place, Reading, ReviewItem, check
from school.questions.json_tree import Item
from school.questions.ledger import Ledger, everything
from school.questions.losses import Written
from school.questions.pictures import Picture, Unfit

FORMAT, VERSION = "school-questions", 1
_TEXTS = ("stem", "explanation", "topic", "point", "code", "author", "checker", "material")
_TEXT = {"type": "string"}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["format", "version", "questions"],
    "properties": {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "questions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "stem", "key"],
                "additionalProperties": False,
                "properties": dict.fromkeys(_TEXTS, _TEXT)
                | {
                    "kind": {"enum": list(KINDS)},
                    "options": {"type": "array", "items": _TEXT, "maxItems": 26},
                    "key": {
                        "oneOf": [
                            _TEXT,
                            {"type": "boolean"},
                            {"type": "array", "items": {"type": "array", "items": _TEXT, "minItems": 1}},
                        ]
                    },
                    "citation": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"law": _TEXT, "article": _TEXT, "basis": _TEXT}
                        | {"version_on": {"type": "string", "format": "date"}},
                    },
                    "difficulty": {"type": "integer", "minimum": 1, "maximum": 5},
                    "audience": {"enum": list(AUDIENCE_WORDS)},
                    "score": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
                    "extras": {
                        "type": "array",
                        "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
                    },
                    "pictures": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["number", "data"],
                            "additionalProperties": False,
                            "properties": {
                                "number": {"type": "integer", "minimum": 1, "maximum": 99},
                                "data": {"type": "string", "pattern": "^data:image/(png|jpeg|gif);base64,"},
                            },
                        },
                    },
                },
            },
        },
    },
}
_FIELDS = SCHEMA["properties"]["questions"]["items"]["properties"]

fits = json_tree.fits


def read(text: str) -> Reading:
    """Read JSON of our own or another form; what is no JSON goes to review whole."""
    try:
        tree = json_tree.parse(text)
        if isinstance(tree, Item) and tree.get("format") == FORMAT:
            return _own(tree, text)
        return json_shapes.read(tree, text)
    except json_tree.Malformed as problem:
        return Reading(review=(ReviewItem(everything(text), str(problem), text),))
    except RecursionError:
        return Reading(review=(ReviewItem(everything(text), "JSON 一层套一层太深，读不进来。", text),))


def _own(tree: Item, text: str) -> Reading:
    questions = tree.get("questions")
    if tree.get("version") != VERSION or not isinstance(questions, list) or tree.doubled:
        reason = f"只认得第 {VERSION} 版的题库 JSON（format、version、questions 各写一次），请用本系统重新导出。"
        return Reading(review=(ReviewItem(everything(text), reason, text),))
    ledger, drafts, review = Ledger(text), [], []
    for number, item in enumerate(questions, 1):
        where = ledger.between(item.start, item.end, f"第 {number} 题") if isinstance(item, Item) else None
        result = _question(item, where or Place((), f"第 {number} 题"), text)
        (review if isinstance(result, ReviewItem) else drafts).append(result)
    return Reading(tuple(drafts), tuple(review), ledger.rest())


def _question(item, where: Place, text: str) -> Draft | ReviewItem:
    if not isinstance(item, Item):
        return ReviewItem(where, "这里应是一道题，用花括号括起来。", json.dumps(item, ensure_ascii=False, default=str))
    original = text[item.start : item.end]
    try:
        draft = _draft(item, where)
    except bank_text.Wrong as wrong:
        return ReviewItem(where, str(wrong), original)
    complaints = check(draft)
    return ReviewItem(where, " ".join(complaints), original, draft) if complaints else draft


def _draft(item: Item, where: Place) -> Draft:
    strange = [*item.doubled, *(name for name in item if name not in _FIELDS)]
    if strange:
        raise bank_text.Wrong(f"“{strange[0]}”不认识或写了两次，请改正。")
    values = {name: _string(item.get(name, ""), name) for name in _TEXTS}
    kind = _string(item.get("kind", ""), "kind")
    choices = tuple(_string(option, "options") for option in _list(item.get("options", []), "options"))
    draft = Draft(
        kind,
        options=choices,
        key=_key(kind, item.get("key"), len(choices)),
        citation=_citation(item.get("citation", Item())),
        difficulty=_difficulty(item.get("difficulty")),
        audience=_audience(item.get("audience", "")),
        score=bank_text.read_score(_string(item["score"], "score")) if "score" in item else None,
        extras=tuple(_pair(pair) for pair in _list(item.get("extras", []), "extras")),
        where=where,
        **values,
    )
    return replace(draft, pictures=_pictures(_list(item.get("pictures", []), "pictures"), draft.asked))


def _pictures(said: list, texts: Sequence[str]) -> tuple[Picture, ...]:
    found = [_picture(item) for item in said]
    numbers = [picture.number for picture in found]
    if len(set(numbers)) < len(numbers) or not set(numbers) <= set(pictures.signs(texts)):
        raise bank_text.Wrong("每张图片要有自己的号码，题里要有它的记号，例如【图1】，请改正。")
    return tuple(found)


def _picture(item) -> Picture:
    if not isinstance(item, Item) or item.doubled or item.keys() != {"number", "data"}:
        raise bank_text.Wrong("“pictures”的每一项应有 number 和 data，请改正。")
    try:
        content = pictures.from_data_uri(_string(item["data"], "data"))
        number = item["number"] if type(item["number"]) is int else 0
        return Picture(number, pictures.media_type(content), content)
    except Unfit as unfit:
        raise bank_text.Wrong(str(unfit)) from unfit


def _string(value, name: str) -> str:
    if not isinstance(value, str) or json_tree.unsafe(value):
        raise bank_text.Wrong(f"“{name}”应是文字（写在引号里），请改正。")
    return value


def _list(value, name: str) -> list:
    if not isinstance(value, list):
        raise bank_text.Wrong(f"“{name}”应是列表（写在方括号里），请改正。")
    return value


def _pair(value) -> tuple[str, str]:
    if len(_list(value, "extras")) != 2:
        raise bank_text.Wrong("“extras”的每一项应有名称和内容两段文字，请改正。")
    return _string(value[0], "extras"), _string(value[1], "extras")


def _key(kind: str, said, options: int) -> Key | None:
    if said is None:
        return None
    if kind == "judge":
        if not isinstance(said, bool):
            raise bank_text.Wrong("判断题的“key”应是 true 或 false，请改正。")
        return said
    if kind == "fill":
        return tuple(tuple(_string(word, "key") for word in _list(blank, "key")) for blank in _list(said, "key"))
    return bank_text.read_key(kind, _string(said, "key"), options)


def _citation(value) -> Citation:
    if not isinstance(value, Item) or value.doubled or not value.keys() <= {"law", "article", "version_on", "basis"}:
        raise bank_text.Wrong("“citation”应只有 law、article、version_on、basis，请改正。")
    told = {name: _string(text, name) for name, text in value.items()}
    try:
        day = date.fromisoformat(told.pop("version_on")) if "version_on" in told else None
    except ValueError as error:
        raise bank_text.Wrong("“version_on”应写成 2018-12-29 的样子，请改正。") from error
    return Citation(version_on=day, **told)


def _difficulty(value) -> int | None:
    if value is not None and (type(value) is not int or value not in range(1, 6)):
        raise bank_text.Wrong("“difficulty”应是 1 到 5 的整数，请改正。")
    return value


def _audience(value) -> str:
    if value != "" and value not in AUDIENCE_WORDS:
        raise bank_text.Wrong(f"“audience”应是 {'、'.join(AUDIENCE_WORDS)} 之一，请改正。")
    return value


def write(drafts: Sequence[Draft]) -> Written:
    """Drafts in our JSON form; remarks only on drafts that are no sound questions."""
    content = _dumped(drafts)
    return Written(content, losses.remarks(drafts, read(content), lambda draft: read(_dumped([draft])), "JSON"))


def _dumped(drafts: Sequence[Draft]) -> str:
    tree = {"format": FORMAT, "version": VERSION, "questions": [_item(draft) for draft in drafts]}
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def _item(draft: Draft) -> dict:
    told = {name: getattr(draft, name) for name in _FIELDS}
    told["citation"] = {name: value for name, value in vars(draft.citation).items() if value}
    if draft.citation.version_on:
        told["citation"]["version_on"] = draft.citation.version_on.isoformat()
    told["pictures"] = [{"number": one.number, "data": pictures.data_uri(one)} for one in draft.pictures]
    if draft.score is not None:
        told["score"] = f"{draft.score:f}"
    if draft.kind in ("single", "multi") and draft.key is not None:
        told["key"] = bank_text.written_key(draft)
    return {name: value for name, value in told.items() if value not in (None, "", (), {}, [])}
