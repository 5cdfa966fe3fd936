"""Moodle's XML, in and out. Source: docs.moodle.org "Moodle XML format", read for its rules only.

Stems are written as plain text and read as text, whatever markup they came with. What the format has no place for
goes into tags; the short answer's model answer is the note to the grader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import prod
from xml.etree import ElementTree

from school.questions import bank_text, gift_answers, html_text, losses, markup, tags, weights
from school.questions.draft import LETTERS, Draft, Heading, Place, Reading, ReviewItem, check
from school.questions.gift import category_path, category_topic
from school.questions.keys import Doubtful
from school.questions.ledger import Ledger, everything
from school.questions.losses import Written
from school.questions.markup import Node

_UNSUPPORTED = {
    "matching": "连线题", "cloze": "嵌入式填空题", "numerical": "允许误差的数值题", "calculated": "计算题",
    "ddwtos": "拖放题", "gapselect": "选词填空题", "ordering": "排序题", "ddimageortext": "拖放题", "ddmarker": "拖放题",
    "randomsamatch": "随机连线题", "random": "随机抽题",
}  # fmt: skip
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

    def reading(self, nodes: Iterable[Node]) -> Reading:
        at, seen = 0, self.shift
        for number, node in enumerate(nodes, 1):
            begin = seen + len(self.raw[at : node.start].decode())
            end = begin + len(self.raw[node.start : node.end].decode())
            at, seen = node.end, end
            self._take(node, self.ledger.between(begin, end + 1, f"第 {number} 题"))
        return Reading(
            tuple(self.drafts),
            tuple(self.review),
            (*self.headings, *self.ledger.rest()),
            weights.remarks(self.drafts),
        )

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
        original = f"{self.raw[node.start : node.end].decode()}</{node.tag}>"
        result = _question(node, kind, self.topic, where, original)
        (self.review if isinstance(result, ReviewItem) else self.drafts).append(result)


def _question(node: Node, kind: str, topic: str, where: Place, original: str) -> Draft | ReviewItem:
    reader = _KINDS.get(kind) if node.tag == "question" else None
    if reader is None:
        name = _UNSUPPORTED.get(kind, f"“{kind or node.tag}”这种内容")
        return ReviewItem(where, f"读不了{name}，请改成选择、判断、填空或简答题。", original)
    plain = _Plain()
    material, stem = tags.split_material(plain(node.find("questiontext")))
    draft = Draft("", stem, material=material, topic=topic, where=where)
    try:
        draft = _rest(reader(draft, node, plain), node, plain)
        if node.find(".//file") is not None:
            plain.others.append("附带的图片或文件")
        if plain.others:
            raise Doubtful(f"题里有{'、'.join(dict.fromkeys(plain.others))}，读不进来，请改成文字。")
    except Doubtful as doubt:
        return ReviewItem(where, doubt.reason, original, replace(draft, kind=doubt.kind, key=doubt.key))
    complaints = check(draft)
    return ReviewItem(where, " ".join(complaints), original, draft) if complaints else draft


class _Plain:
    """Texts of one question in the format each declares. others: what they held besides text."""

    def __init__(self):
        self.others: list[str] = []

    def __call__(self, node: Node | None, form: str = "html") -> str:
        if node is None:
            return ""
        holder = node.find("text")
        text = (node if holder is None else holder).text or ""
        if holder is not None and len(holder):
            self.others.append("没有包好的标记")
        form = node.get("format", form)
        if form == "html" or (form != "plain_text" and html_text.looks_like(text)):
            text, others = html_text.plain(text)
            self.others += others
        return text.strip()


def _rest(draft: Draft, node: Node, plain: _Plain) -> Draft:
    """The values that every kind has."""
    told = tags.read([tag.text_of("text") or (tag.text or "").strip() for tag in node.iterfind("tags/tag")])
    extras = [*draft.extras, *told.pop("extras")]
    extras += [(label, text) for name, label in _FEEDBACK.items() if (text := plain(node.find(name)))]
    extras += [("提示", text) for hint in node.iterfind("hint") if (text := plain(hint))]
    code, title = node.text_of("idnumber"), node.text_of("name/text")
    if tags.title_tells(title, draft.stem) and title != code:
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


def _with_feedback(draft: Draft, node: Node, plain: _Plain) -> Draft:
    told = [plain(answer.find("feedback")) for answer in node.iterfind("answer")]
    named = [(f"选项 {LETTERS[place]} 反馈", text) for place, text in enumerate(told[: len(LETTERS)]) if text]
    return replace(draft, extras=(*draft.extras, *named))


def _choice(draft: Draft, node: Node, plain: _Plain) -> Draft:
    single = node.text_of("single").lower() in ("true", "1", "")
    texts = tuple(plain(answer) for answer in node.iterfind("answer"))
    draft = replace(_with_feedback(draft, node, plain), options=texts)
    if not texts:
        raise Doubtful("选择题没有选项，请补上选项。")
    return replace(draft, kind="single" if single else "multi", key=weights.key(single, _shares(node)))


def _judge(draft: Draft, node: Node, plain: _Plain) -> Draft:
    texts = [answer.text_of("text").lower() for answer in node.iterfind("answer")]
    key = weights.key(True, _shares(node))[0]
    if sorted(texts) != ["false", "true"]:
        raise Doubtful("判断题的两个答案应是 true 和 false，请核对。", "judge")
    return replace(_with_feedback(draft, node, plain), kind="judge", key=texts[key] == "true")


def _fill(draft: Draft, node: Node, plain: _Plain) -> Draft:
    words, shares = [answer.text_of("text") for answer in node.iterfind("answer")], _shares(node)
    if any(share != weights.FULL for share in shares) or not words:
        raise Doubtful("有的答案不得满分，请核对哪些算对。", "fill")
    if any("*" in re.sub(r"\\\*", "", word) for word in words):
        raise Doubtful("答案里有代表任意文字的 * 号，请写出完整的答案。", "fill")
    words = [word.replace(r"\*", "*") for word in words]
    return gift_answers.accepted(_with_feedback(draft, node, plain), words)


def _number(draft: Draft, node: Node, plain: _Plain) -> Draft:
    tolerances = [weights.percent(answer.text_of("tolerance")) for answer in node.iterfind("answer")]
    if tolerances != [0]:
        raise Doubtful("这是允许误差的数值题，读不进来，请改成填空题。", "fill")
    return _fill(draft, node, plain)


def _short(draft: Draft, node: Node, plain: _Plain) -> Draft:
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
    content = _written(drafts)
    return Written(content, losses.remarks(drafts, read(content), _back, "Moodle XML"))


def _back(draft: Draft) -> Reading | None:
    return read(_written([draft])) if _carries(draft) else None


def _carries(draft: Draft) -> bool:
    """Whether a draft can be written: sound, and with no more combinations of answers than anybody would write."""
    return not check(draft) and not (draft.kind == "fill" and prod(map(len, draft.key)) > gift_answers.MOST_WORDS)


def _written(drafts: Sequence[Draft]) -> str:
    root, topic = ElementTree.Element("quiz"), ""
    for draft in filter(_carries, drafts):
        if draft.topic != topic:
            category = ElementTree.SubElement(root, "question", type="category")
            _text(category, "category", category_path(draft.topic))
            topic = draft.topic
        _WRITERS[draft.kind](_head(root, draft), draft)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> ElementTree.Element:
    node = ElementTree.SubElement(parent, name, attributes)
    ElementTree.SubElement(node, "text").text = markup.possible(text)
    return node


def _head(root: ElementTree.Element, draft: Draft) -> ElementTree.Element:
    kinds = {"single": "multichoice", "multi": "multichoice", "judge": "truefalse", "fill": "shortanswer"}
    node = ElementTree.SubElement(root, "question", type=kinds.get(draft.kind, "essay"))
    _text(node, "name", draft.code or " ".join(draft.stem.split())[:40])
    _text(node, "questiontext", tags.with_material(draft), format="plain_text")
    if draft.explanation:
        _text(node, "generalfeedback", draft.explanation, format="plain_text")
    if draft.score is not None:
        ElementTree.SubElement(node, "defaultgrade").text = f"{draft.score:f}"
    if draft.code:
        ElementTree.SubElement(node, "idnumber").text = markup.possible(draft.code)
    if told := tags.written(draft, ("分值",)):
        holder = ElementTree.SubElement(node, "tags")
        for tag in told:
            _text(holder, "tag", tag)
    return node


def _write_choice(node: ElementTree.Element, draft: Draft) -> None:
    ElementTree.SubElement(node, "single").text = "true" if draft.kind == "single" else "false"
    ElementTree.SubElement(node, "shuffleanswers").text = "true"
    ElementTree.SubElement(node, "answernumbering").text = "ABCD"
    wrong = "0" if draft.kind == "single" else "-100"
    for place, text in enumerate(draft.options):
        share = weights.even(len(draft.key)) if place in draft.key else wrong
        _text(node, "answer", text, fraction=share, format="plain_text")


def _write_judge(node: ElementTree.Element, draft: Draft) -> None:
    for word in (True, False):
        share = "100" if word is draft.key else "0"
        _text(node, "answer", str(word).lower(), fraction=share, format="moodle_auto_format")


def _write_fill(node: ElementTree.Element, draft: Draft) -> None:
    ElementTree.SubElement(node, "usecase").text = "0"
    for word in map("|".join, product(*draft.key)):
        _text(node, "answer", word.replace("*", r"\*"), fraction="100", format="moodle_auto_format")


def _write_short(node: ElementTree.Element, draft: Draft) -> None:
    ElementTree.SubElement(node, "responseformat").text = "editor"
    _text(node, "graderinfo", draft.key, format="plain_text")


_WRITERS = {
    "single": _write_choice,
    "multi": _write_choice,
    "judge": _write_judge,
    "fill": _write_fill,
    "short": _write_short,
}
