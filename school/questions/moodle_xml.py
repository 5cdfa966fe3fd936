"""Moodle's XML, in and out. Source: docs.moodle.org "Moodle XML format", read for its rules only.

Stems are read as text, whatever markup they came with. What the format has no place for goes into tags; the short
answer's model answer is the note to the grader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from school.questions import (
    bank_text,
    gift_answers,
    html_text,
    losses,
    markup,
    moodle_out,
    pictured,
    pictures,
    tags,
    weights,
)
from school.questions.draft import LETTERS, Draft, Heading, Place, Reading, ReviewItem, check
from school.questions.gift import category_topic
from school.questions.keys import Doubtful
from school.questions.ledger import Ledger, everything
from school.questions.losses import Written
from school.questions.markup import Node
from school.questions.moodle_texts import Texts
from school.questions.pictures import Album

_UNSUPPORTED = {
    "matching": "连线题", "cloze": "嵌入式填空题", "numerical": "允许误差的数值题", "calculated": "计算题",
    "ddwtos": "拖放题", "gapselect": "选词填空题", "ordering": "排序题", "ddimageortext": "拖放题", "ddmarker": "拖放题",
    "randomsamatch": "随机连线题", "random": "随机抽题",
}  # fmt: skip
#: the bytes of files that come with a text, of no use to who reads what was not understood
_BYTES = re.compile(r"(?<=>)[A-Za-z0-9+/=\s]{200,}(?=</file>)|(?<=;base64,)[A-Za-z0-9+/=\s]{200,}")
_FEEDBACK = {"correctfeedback": "答对反馈", "partiallycorrectfeedback": "部分答对反馈", "incorrectfeedback": "答错反馈"}


def fits(text: str) -> bool:
    """Whether a text is XML with <quiz> as its root."""
    return "<" in text[:1000] and markup.root_name(text) == "quiz"


def read(text: str) -> Reading:
    """Read a whole text; what is no XML goes to review whole."""
    try:
        return _Reader(text).reading(markup.children(text, 1))
    except markup.Malformed as problem:
        return Reading(review=(ReviewItem(everything(text), str(problem), text),))


class _Reader:
    """Goes through the questions of one file in their order, the category of the moment in hand."""

    def __init__(self, text: str):
        self.raw, self.ledger, self.topic = text.lstrip("\ufeff").encode("utf-8", "replace"), Ledger(text), ""
        self.shift = len(text) - len(text.lstrip("\ufeff"))
        self.drafts: list[Draft] = []
        self.review: list[ReviewItem] = []
        self.headings: list[Heading] = []
        self.album, self.originals = Album(), {}

    def reading(self, nodes: Iterable[Node]) -> Reading:
        at, seen = 0, self.shift
        for number, node in enumerate(nodes, 1):
            begin = seen + len(self.raw[at : node.start].decode())
            end = begin + len(self.raw[node.start : node.end].decode())
            at, seen = node.end, end
            self._take(node, self.ledger.between(begin, end + 1, f"第 {number} 题"))
        reading = Reading(
            tuple(self.drafts),
            tuple(self.review),
            (*self.headings, *self.ledger.rest()),
            weights.remarks(self.drafts),
        )
        return pictured.settle(reading, self.album, lambda draft: self.originals[draft.where])

    def _take(self, node: Node, where: Place) -> None:
        kind = node.get("type", "").strip()
        if kind == "category":
            path = node.text_of("category/text")
            self.topic = category_topic(path)
            self.headings.append(Heading(where, "chapter", path))
            return
        if kind == "description":
            self.headings.append(Heading(where, "note", html_text.plain(node.text_of("questiontext/text"))[0]))
            return
        original = _BYTES.sub("…", f"{self.raw[node.start : node.end].decode()}</{node.tag}>")
        result = _question(node, kind, self.topic, where, original, self.album)
        if self.album:
            self.originals[where] = original
        (self.review if isinstance(result, ReviewItem) else self.drafts).append(result)


def _question(node: Node, kind: str, topic: str, where: Place, original: str, album: Album) -> Draft | ReviewItem:
    reader = _KINDS.get(kind) if node.tag == "question" else None
    if reader is None:
        name = _UNSUPPORTED.get(kind, f"“{kind or node.tag}”这种内容")
        return ReviewItem(where, f"读不了{name}，请改成选择、判断、填空或简答题。", original)
    plain = Texts(album)
    material, stem = tags.split_material(plain(node.find("questiontext")))
    draft = Draft("", stem, material=material, topic=topic, where=where)
    try:
        draft = _rest(reader(draft, node, plain), node, plain)
        if plain.used < len(node.findall(".//file")):
            plain.others.append("附带的图片或文件")
        if plain.others:
            raise Doubtful(html_text.unreadable(plain.others))
    except Doubtful as doubt:
        return ReviewItem(where, doubt.reason, original, replace(draft, kind=doubt.kind, key=doubt.key))
    complaints = check(draft)
    return ReviewItem(where, " ".join(complaints), original, draft) if complaints else draft


def _rest(draft: Draft, node: Node, plain: Texts) -> Draft:
    """The values that every kind has."""
    told = tags.read([tag.text_of("text") or (tag.text or "").strip() for tag in node.iterfind("tags/tag")])
    extras = [*draft.extras, *told.pop("extras")]
    extras += [(label, text) for name, label in _FEEDBACK.items() if (text := plain(node.find(name)))]
    extras += [("提示", text) for hint in node.iterfind("hint") if (text := plain(hint))]
    code, title = node.text_of("idnumber"), node.text_of("name/text")
    if tags.title_tells(title, pictures.unmarked(draft.stem)) and title != code:
        extras.append(("标题", title))
    if grade := node.text_of("defaultgrade"):
        told["score"] = _score(grade)
    told["explanation"] = plain(node.find("generalfeedback"))
    return replace(draft, code=code, extras=tuple(extras), **told)


def _score(grade: str) -> Decimal:
    try:
        return bank_text.read_score(grade).normalize()
    except bank_text.Wrong as wrong:
        raise Doubtful(str(wrong)) from wrong


def _shares(node: Node) -> list[Decimal | None]:
    return [weights.percent(answer.get("fraction", "0")) for answer in node.iterfind("answer")]


def _with_feedback(draft: Draft, node: Node, plain: Texts) -> Draft:
    told = [plain(answer.find("feedback")) for answer in node.iterfind("answer")]
    named = [(f"选项 {LETTERS[place]} 反馈", text) for place, text in enumerate(told[: len(LETTERS)]) if text]
    return replace(draft, extras=(*draft.extras, *named))


def _choice(draft: Draft, node: Node, plain: Texts) -> Draft:
    single = node.text_of("single").lower() in ("true", "1", "")
    texts = tuple(plain(answer) for answer in node.iterfind("answer"))
    draft = replace(_with_feedback(draft, node, plain), options=texts)
    if not texts:
        raise Doubtful("选择题没有选项，请补上选项。")
    return replace(draft, kind="single" if single else "multi", key=weights.key(single, _shares(node)))


def _judge(draft: Draft, node: Node, plain: Texts) -> Draft:
    texts = [answer.text_of("text").lower() for answer in node.iterfind("answer")]
    key = weights.key(True, _shares(node))[0]
    if sorted(texts) != ["false", "true"]:
        raise Doubtful("判断题的两个答案应是 true 和 false，请核对。", "judge")
    return replace(_with_feedback(draft, node, plain), kind="judge", key=texts[key] == "true")


def _fill(draft: Draft, node: Node, plain: Texts) -> Draft:
    words, shares = [answer.text_of("text") for answer in node.iterfind("answer")], _shares(node)
    if any(share != weights.FULL for share in shares) or not words:
        raise Doubtful("有的答案不得满分，请核对哪些算对。", "fill")
    if any("*" in re.sub(r"\\\*", "", word) for word in words):
        raise Doubtful("答案里有代表任意文字的 * 号，请写出完整的答案。", "fill")
    words = [word.replace(r"\*", "*") for word in words]
    return gift_answers.accepted(_with_feedback(draft, node, plain), words)


def _number(draft: Draft, node: Node, plain: Texts) -> Draft:
    tolerances = [weights.percent(answer.text_of("tolerance")) for answer in node.iterfind("answer")]
    if tolerances != [0]:
        raise Doubtful("这是允许误差的数值题，读不进来，请改成填空题。", "fill")
    return _fill(draft, node, plain)


def _short(draft: Draft, node: Node, plain: Texts) -> Draft:
    return replace(draft, kind="short", key=plain(node.find("graderinfo")))


_KINDS = {
    "multichoice": _choice,
    "truefalse": _judge,
    "shortanswer": _fill,
    "numerical": _number,
    "essay": _short,
}


def write(drafts: Sequence[Draft]) -> Written:
    """Drafts as a Moodle XML file, with remarks on what it cannot carry."""
    content = moodle_out.document(drafts)
    return Written(content, losses.remarks(drafts, read(content), _back, "Moodle XML"))


def _back(draft: Draft) -> Reading | None:
    return read(moodle_out.document([draft])) if moodle_out.carries(draft) else None
