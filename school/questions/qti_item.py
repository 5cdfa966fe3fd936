"""One QTI item: the text of its body, the interactions in it, and what its declarations say is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from school.questions import html_text, vocabulary
from school.questions.draft import Key
from school.questions.keys import Doubtful
from school.questions.markup import Node
from school.questions.pictures import Unfit

CHOICE, ENTRY, ESSAY = "choiceinteraction", "textentryinteraction", "extendedtextinteraction"
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "prompt"}
_PICTURES = {"img", "object", "math", "audio", "video", "svg", "table", "picture", "iframe", "include"}
_SILENT = {"rubricblock", "stylesheet", "cataloginfo"}


def name(tag: str) -> str:
    """The name both spellings share: qti-choice-interaction and choiceInteraction are choiceinteraction."""
    return tag.removeprefix("qti-").replace("-", "").lower()


def attribute(node: Node, wanted: str) -> str:
    """An attribute in either spelling, "" for none."""
    return next((value for key, value in node.attrib.items() if name(key) == wanted), "")


@dataclass
class Declared:
    """A response declaration. correct: its right values; mapped: points per value."""

    cardinality: str
    correct: list[str] = field(default_factory=list)
    mapped: list[tuple[str, Decimal | None]] = field(default_factory=list)


def declarations(root: Node) -> dict[str, Declared]:
    """Response declarations by identifier."""
    found = {}
    for node in root:
        if name(node.tag) != "responsedeclaration":
            continue
        declared = found[node.get("identifier", "")] = Declared(attribute(node, "cardinality"))
        for part in node.iter():
            if name(part.tag) == "correctresponse":
                declared.correct += [(value.text or "").strip() for value in part if name(value.tag) == "value"]
            elif name(part.tag) == "mapentry":
                declared.mapped.append((attribute(part, "mapkey"), _points(attribute(part, "mappedvalue"))))
    return found


def _points(said: str) -> Decimal | None:
    try:
        return Decimal(said)
    except InvalidOperation:
        return None


def _nowhere(address: str) -> str:
    raise Unfit("图片")


@dataclass
class Passage:
    """The text of a body as it is walked over, with a gap where words are to be entered.

    interactions: (name, response identifier, node).  others: Chinese names of what text cannot carry.
    picture: from the address of a picture to the character that stands for it; Unfit where it cannot be had.
    """

    declared: dict[str, Declared]
    pieces: list[str] = field(default_factory=list)
    interactions: list[tuple[str, str, Node]] = field(default_factory=list)
    rubric: str = ""
    others: list[str] = field(default_factory=list)
    picture: Callable[[str], str] = _nowhere

    def walk(self, node: Node) -> None:
        """Take in what stands in a node."""
        self._words(node.text)
        for child in node:
            self._child(child)
            self._words(child.tail)

    def text(self) -> str:
        """The text so far, without blanks at the ends of its lines."""
        lines = [html_text.run_on(line).strip(" ") for line in "".join(self.pieces).split("\v")]
        return "\n".join(line for line in lines if line).replace("\xa0", " ")

    def _words(self, text: str | None) -> None:
        self.pieces.append((text or "").replace("\v", " "))

    def _child(self, node: Node) -> None:
        tag = name(node.tag)
        if tag.endswith("interaction"):
            self._interaction(tag, node)
        elif tag == "rubricblock" and "scorer" in attribute(node, "view"):
            scorer = Passage({}, picture=self.picture)
            scorer.walk(node)
            self.rubric += scorer.text()
        elif tag == "rubricblock" and attribute(node, "view") in ("", "candidate"):
            self._block(node)
        elif address := _picture(tag, node):
            self._drawn(address)
        elif tag in _PICTURES:
            self._other("图片、公式、表格或附件")
        elif tag.startswith(("feedback", "template")):
            self._other("随作答显示的内容")
        elif tag in _SILENT:
            return
        elif tag in _BLOCKS or tag == "simpleblock":
            self._block(node)
        else:
            if tag in ("sup", "sub"):
                self._other("上标或下标")
            self.walk(node)

    def _block(self, node: Node) -> None:
        self.pieces.append("\v")
        self.walk(node)
        self.pieces.append("\v")

    def _other(self, what: str) -> None:
        self.others += [what] if what not in self.others else []

    def _drawn(self, address: str) -> None:
        try:
            self.pieces.append(self.picture(address))
        except Unfit as unfit:
            self._other(str(unfit))

    def _interaction(self, tag: str, node: Node) -> None:
        self.interactions.append((tag, attribute(node, "responseidentifier"), node))
        if tag == ENTRY:
            self.pieces.append("____")
            return
        for prompt in (child for child in node if name(child.tag) == "prompt"):
            self._block(prompt)


def _picture(tag: str, node: Node) -> str:
    """The address of the picture an element shows, "" for other elements."""
    if tag == "object" and node.get("type", "").startswith("image/"):
        return node.get("data", "")
    return node.get("src", "") if tag == "img" else ""


def key(passage: Passage, declared: dict[str, Declared]) -> tuple[str, tuple[str, ...], Key]:
    """(kind, options, key) of an item. Raises Doubtful."""
    kinds = {tag for tag, *_ in passage.interactions}
    missing = [identifier for _, identifier, _ in passage.interactions if identifier not in declared]
    if kinds == {ENTRY} and not missing:
        return "fill", (), tuple(_accepted(declared[identifier]) for _, identifier, _ in passage.interactions)
    if len(passage.interactions) != 1 or not kinds <= {CHOICE, ESSAY} or missing:
        told = "、".join(sorted(kinds)) or "没有作答部分"
        raise Doubtful(f"读不了这种题（{told}），请改成选择、填空或简答题。")
    tag, identifier, node = passage.interactions[0]
    if tag == ESSAY:
        return "short", (), _model(passage, declared[identifier])
    return _choice(passage, node, declared[identifier])


def _model(passage: Passage, declared: Declared) -> str:
    answers = [text for text in ("\n".join(declared.correct), passage.rubric) if text]
    if len(answers) > 1:
        raise Doubtful("参考答案和评分说明都有内容，请确认哪个是答案。", "short", answers[0])
    return answers[0] if answers else ""


def _accepted(declared: Declared) -> tuple[str, ...]:
    """What is accepted in one blank: all values worth the most. Raises Doubtful for values worth less."""
    points = [value for _, value in declared.mapped if value is None or value > 0]
    words = [word for word, value in declared.mapped if value is None or value > 0]
    if None in points or len(set(points)) > 1 or declared.cardinality not in ("single", ""):
        raise Doubtful("有的答案只得部分分数，请核对哪些算对。", "fill")
    if words and not set(declared.correct) <= set(words):
        raise Doubtful("答案和得分表不一致，请核对。", "fill")
    return tuple(dict.fromkeys([*declared.correct, *words]))


def _choice(passage: Passage, node: Node, declared: Declared) -> tuple[str, tuple[str, ...], Key]:
    names, texts = [], []
    for child in node:
        if name(child.tag) == "simplechoice":
            inside = Passage({}, picture=passage.picture)
            inside.walk(child)
            names.append(child.get("identifier", ""))
            texts.append(inside.text())
            passage.others += [other for other in inside.others if other not in passage.others]
            if inside.interactions:
                raise Doubtful("选项里还有要作答的部分，读不进来。")
    if not declared.correct and declared.mapped:
        raise Doubtful("只有得分表，没有写明正确答案，请核对。")
    if len(set(names)) < len(names) or any(value not in names for value in declared.correct):
        raise Doubtful("答案不在选项之中，请检查答案和选项。")
    right = tuple(sorted({names.index(value) for value in declared.correct}))
    _agrees(names, right, declared)
    kind = "multi" if declared.cardinality == "multiple" else "single"
    if declared.cardinality not in ("single", "multiple") or (kind == "single" and attribute(node, "maxchoices") > "1"):
        raise Doubtful("看不出是单选还是多选，请选择题型。", kind, right)
    judged = tuple(vocabulary.clear_judgement(text) for text in texts)
    if kind == "single" and len(right) == 1 and sorted(map(str, judged)) == ["False", "True"]:
        return "judge", (), bool(judged[right[0]])
    return kind, tuple(texts), right


def _agrees(names: list[str], right: tuple[int, ...], declared: Declared) -> None:
    earning = {word for word, value in declared.mapped if value is None or value > 0}
    if declared.mapped and earning != {names[place] for place in right}:
        raise Doubtful("正确答案和得分表不一致，请核对。")
