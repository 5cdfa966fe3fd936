"""Drafts as the elements of Moodle's XML. Source: docs.moodle.org "Moodle XML format", read for its rules only.

Stems are written as plain text. What the format has no place for goes into tags; the short answer's model answer is
the note to the grader.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from itertools import product
from math import prod
from xml.etree import ElementTree

from school.questions import gift_answers, markup, pictures, tags, weights
from school.questions.draft import Draft, check
from school.questions.gift import category_path
from school.questions.moodle_texts import FILES
from school.questions.pictures import Picture


def carries(draft: Draft) -> bool:
    """Whether a draft can be written: sound, and with no more combinations of answers than anybody would write."""
    return not check(draft) and not (draft.kind == "fill" and prod(map(len, draft.key)) > gift_answers.MOST_WORDS)


def document(drafts: Sequence[Draft]) -> str:
    """The XML of those drafts that it `carries`, under the categories of their topics."""
    root, topic = ElementTree.Element("quiz"), ""
    for draft in filter(carries, drafts):
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


def _pictured(parent: ElementTree.Element, name: str, text: str, draft: Draft, **attributes: str) -> None:
    """A text as it is, or where signs of pictures stand in it as HTML with their files."""
    shown = {one.number: one for one in draft.pictures if one.number in pictures.signs([text])}
    if not shown:
        _text(parent, name, text, **attributes, format="plain_text")
        return
    words = escape(text).replace("  ", " &#160;").replace("\n", "<br>")
    node = _text(parent, name, pictures.SIGN.sub(lambda sign: _image(sign, shown), words), **attributes, format="html")
    for number, picture in shown.items():
        file = ElementTree.SubElement(node, "file", name=f"{number}.{picture.ending}", path="/", encoding="base64")
        file.text = base64.b64encode(picture.content).decode()


def _image(sign: re.Match, shown: dict[int, Picture]) -> str:
    picture = shown.get(int(sign[1]))
    if picture is None:
        return sign[0]
    return f'<img src="{FILES}{picture.number}.{picture.ending}" alt="题图 {picture.number}">'


def _head(root: ElementTree.Element, draft: Draft) -> ElementTree.Element:
    kinds = {"single": "multichoice", "multi": "multichoice", "judge": "truefalse", "fill": "shortanswer"}
    node = ElementTree.SubElement(root, "question", type=kinds.get(draft.kind, "essay"))
    _text(node, "name", draft.code or " ".join(pictures.SIGN.sub("", draft.stem).split())[:40])
    _pictured(node, "questiontext", tags.with_material(draft), draft)
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
        _pictured(node, "answer", text, draft, fraction=share)


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
