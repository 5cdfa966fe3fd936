"""The texts of a question in Moodle's XML: the format each declares, and the pictures that come with it."""

from __future__ import annotations

from urllib.parse import unquote

from school.questions import html_text, pictures
from school.questions.markup import Node
from school.questions.pictures import Album

#: how a text names the files that come with it
FILES = "@@PLUGINFILE@@/"


class Texts:
    """Texts of one question in the format each declares, pictures in them put into the album.

    others: what they held besides.  used: how many of the attached files they show.
    """

    def __init__(self, album: Album):
        self.others: list[str] = []
        self.used = 0
        self._album = album

    def __call__(self, node: Node | None, form: str = "html") -> str:
        if node is None:
            return ""
        holder = node.find("text")
        text = (node if holder is None else holder).text or ""
        if holder is not None and len(holder):
            self.others.append("没有包好的标记")
        form = node.get("format", form)
        if form == "html" or (form != "plain_text" and html_text.looks_like(text)):
            files = {file.get("name", ""): file for file in node.iterfind("file")}
            text, others = html_text.plain(text, lambda address: self._picture(address, files))
            self.others += others
        return text.strip()

    def _picture(self, address: str, files: dict[str, Node]) -> str:
        name = unquote(address.removeprefix(FILES).partition("?")[0]).rpartition("/")[2]
        if not address.startswith(FILES) or name not in files:
            return self._album.put(pictures.from_data_uri(address))
        self.used += not files[name].get("shown")
        files[name].set("shown", "1")
        return self._album.put(pictures.from_base64(files[name].text or ""))
