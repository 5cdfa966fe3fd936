"""QTI 2.1, 2.2 and 3.0: choice, text-entry and extended-text items, alone or in a package; everything else is listed.

Source: 1EdTech "QTI Assessment, Section and Item Information Model", read for its rules only. The two spellings
(responseIdentifier, response-identifier; choiceInteraction, qti-choice-interaction) are read as one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from school.errors import BadFile
from school.files import Archive
from school.questions import html_text, markup, pictured, pictures, tags
from school.questions.draft import Draft, Heading, Place, Reading, ReviewItem, check
from school.questions.keys import Doubtful
from school.questions.ledger import everything
from school.questions.markup import Node
from school.questions.pictures import Album
from school.questions.qti_item import Declared, Passage, attribute, declarations, key, name

MANIFEST = "imsmanifest.xml"
_ITEM = "assessmentitem"
_ROLES = {
    "assessmenttest": "试卷结构",
    "manifest": "目录",
    "assessmentstimulus": "材料",
    "assessmentsection": "试卷结构",
}
_NO_PACKAGE = "这是压缩包，不是题库文件。请先解压，再逐个上传里面的题库文件。"
_ENCRYPTED = "压缩包设有密码，无法读取。请取消密码，重新打包后上传。"


def fits(text: str) -> bool:
    """Whether a text is XML with an item, a test or another part of QTI as its root."""
    return "<" in text[:1000] and name(markup.root_name(text)) in {_ITEM, "questestinterop", *_ROLES} - {"manifest"}


def read(text: str) -> Reading:
    """One item as a file of its own."""
    return _Package(None).file(text, everything(text), "")


def read_package(content: bytes) -> Reading:
    """A zip with imsmanifest.xml. Every file in it becomes a question, a heading or a review item, in its place named
    by its path. Raises BadFile for a zip that is none."""
    archive = Archive(content)
    if archive.encrypted:
        raise BadFile(_ENCRYPTED)
    names = [path for path in archive.names if not path.endswith("/")]
    manifest = next((path for path in names if posixpath.basename(path) == MANIFEST), None)
    if manifest is None:
        raise BadFile(_NO_PACKAGE)
    order = _order(archive, manifest)
    missing, package = [path for path in order if path not in names], _Package(archive)
    in_order = sorted(names, key=lambda path: (order.get(path, len(order)), path))
    readings = [package.member(path) for path in in_order]
    lost = [ReviewItem(Place((), path), "目录里写着这个文件，压缩包里却没有，请重新导出。", path) for path in missing]
    return Reading(
        tuple(draft for reading in readings for draft in reading.drafts),
        (*(item for reading in readings for item in reading.review), *lost),
        tuple(heading for reading in readings for heading in reading.headings),
    )


def _order(archive: Archive, manifest: str) -> dict[str, int]:
    """Paths the manifest names, in its order."""
    try:
        root = markup.parse(archive.read(manifest))
    except markup.Malformed as problem:
        raise BadFile(f"压缩包里的 {MANIFEST} 读不了：{problem}") from problem
    found = [node.get("href", "") for node in root.iter() if node.tag == "resource" and node.get("href")]
    return {path: place for place, path in enumerate(dict.fromkeys(_resolved(manifest, href) for href in found))}


def _resolved(base: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))


class _Package:
    """Reads the files of one package, or one file without a package, and the pictures they show."""

    def __init__(self, archive: Archive | None):
        self._archive = archive

    def member(self, path: str) -> Reading:
        """One file of the package."""
        where = Place((), path)
        if posixpath.basename(path) == MANIFEST or not path.lower().endswith((".xml", ".qti")):
            return Reading(headings=(Heading(where, "note", path),))
        try:
            return self.file(self._archive.read(path), where, path)
        except markup.Malformed as problem:
            return Reading(review=(ReviewItem(where, str(problem), path),))

    def file(self, content: str | bytes, where: Place, path: str) -> Reading:
        """A file's one item, with the stimuli it refers to in other files."""
        original = content if isinstance(content, str) else content.decode("utf-8", "replace")
        try:
            root = markup.parse(content)
        except markup.Malformed as problem:
            return Reading(review=(ReviewItem(where, str(problem), original),))
        if name(root.tag) in _ROLES:
            return Reading(headings=(Heading(where, "note", _ROLES[name(root.tag)]),))
        if name(root.tag) != _ITEM:
            reason = "读不了这种 XML（QTI 只认 2.1、2.2 和 3.0 版的题目），请改成别的格式导出。"
            return Reading(review=(ReviewItem(where, reason, original),))
        album = Album()
        result = _item(root, where, original, self._shared(root, path, album), self._finder(path, album))
        found = Reading(review=(result,)) if isinstance(result, ReviewItem) else Reading(drafts=(result,))
        return pictured.settle(found, album, lambda _: original)

    def _shared(self, root: Node, path: str, album: Album) -> dict[str, str]:
        """The texts that an item refers to, by reference."""
        named = [node.get("href") for node in root if name(node.tag) == "assessmentstimulusref" and node.get("href")]
        stimuli = {href: _resolved(path, href) for href in named} if self._archive else {}
        return {href: self._stimulus(at, album) for href, at in stimuli.items() if at in self._archive.names}

    def _stimulus(self, path: str, album: Album) -> str:
        passage = Passage({}, picture=self._finder(path, album))
        for node in markup.parse(self._archive.read(path)):
            if name(node.tag) == "stimulusbody":
                passage.walk(node)
        if passage.others:
            raise markup.Malformed(html_text.unreadable(passage.others))
        return passage.text()

    def _finder(self, base: str, album: Album) -> Callable[[str], str]:
        """What finds the pictures that a file at `base` names."""

        def find(address: str) -> str:
            path = _resolved(base, address)
            if address.startswith("data:") or self._archive is None or path not in self._archive.names:
                return album.put(pictures.from_data_uri(address))
            return album.put(self._archive.read(path))

        return find


def _item(
    root: Node, where: Place, original: str, shared: dict[str, str], picture: Callable[[str], str]
) -> Draft | ReviewItem:
    declared = declarations(root)
    draft = Draft("", "", code=root.get("identifier", ""), where=where)
    try:
        _check_plain(root, shared)
        passage = Passage(declared, picture=picture)
        for body in (node for node in root if name(node.tag) == "itembody"):
            passage.walk(body)
        draft = replace(draft, stem=passage.text(), material="\n".join(shared.values()))
        draft = _settled(draft, passage, declared, root)
        if passage.others:
            raise Doubtful(html_text.unreadable(passage.others))
    except Doubtful as doubt:
        return ReviewItem(where, doubt.reason, original, replace(draft, kind=doubt.kind, key=doubt.key))
    complaints = check(draft)
    return ReviewItem(where, " ".join(complaints), original, draft) if complaints else draft


def _check_plain(root: Node, shared: dict[str, str]) -> None:
    """Raises Doubtful for items that change while they are answered, or lean on files that are not there."""
    names = {name(node.tag) for node in root}
    if attribute(root, "adaptive") == "true" or "templatedeclaration" in names:
        raise Doubtful("这是随作答变化或随机出数的题，读不进来。")
    referred = [node for node in root if name(node.tag) == "assessmentstimulusref"]
    if len(referred) != len(shared):
        raise Doubtful("共用的材料不在这个文件里，请连同材料一起打包上传。")


def _settled(draft: Draft, passage: Passage, declared: dict[str, Declared], root: Node) -> Draft:
    kind, options, answer = key(passage, declared)
    feedback = [_feedback(node) for node in root if name(node.tag) == "modalfeedback"]
    texts = [text for text in feedback if text]
    draft = replace(draft, kind=kind, options=options, key=answer, explanation=texts[0] if len(texts) == 1 else "")
    draft = replace(draft, extras=tuple(("反馈", text) for text in texts) if len(texts) > 1 else ())
    title = root.get("title", "")
    if tags.title_tells(title, pictures.unmarked(draft.stem)) and title != draft.code:
        draft = replace(draft, extras=(*draft.extras, ("标题", title)))
    return draft


def _feedback(node: Node) -> str:
    passage = Passage({})
    passage.walk(node)
    return passage.text()
