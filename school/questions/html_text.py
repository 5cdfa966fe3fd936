"""HTML of strangers as plain text. What text cannot carry (pictures, tables, struck words) is told, not dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

from school.questions.pictures import Unfit

_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section"}
_SILENT = {"script", "style", "head", "title", "template"}
_PICTURES = {"img", "object", "embed", "svg", "math", "canvas", "picture", "figure"}
_OTHERS = {
    "video": "视频",
    "audio": "录音",
    "iframe": "嵌入的网页",
    "table": "表格",
    "s": "划掉的字",
    "del": "划掉的字",
}
_OTHERS |= dict.fromkeys(_PICTURES, "图片或公式") | {"strike": "划掉的字", "input": "输入框", "select": "下拉框"}
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_MARKUP = re.compile(
    r"</?(?:p|br|b|i|u|s|em|strong|span|div|sub|sup|font|ul|ol|li|table|tr|td|img|a|h[1-6]|script|style|svg|iframe|object)"
    r"(?:\s[^<>]*)?/?>|&(?:nbsp|lt|gt|amp|quot|#\d{1,6}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
_HAN = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BROKEN = re.compile(rf"(?<={_HAN})[ \t]*[\r\n][ \t\r\n]*(?={_HAN})")
_DATA = re.compile("data:image/[^\"'<>]+")
#: characters besides pictures; a stem is a few hundred
LIMIT = 100_000


def looks_like(text: str) -> bool:
    """Whether a text of unknown form holds tags or entities."""
    return bool(_MARKUP.search(text))


def run_on(text: str) -> str:
    """White space of markup as a reader sees it: one blank, and none where a line was broken between Chinese words."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", _BROKEN.sub("", text))


def plain(markup: str, picture: Callable[[str], str] | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of HTML with its line breaks, and what it held besides, for `unreadable`: ("…", ("图片或公式",)).

    picture: from the address of a picture to the character that stands for it; Unfit where it cannot be had.
    """
    reader = _Reader(picture)
    too_long = len(markup) > LIMIT and len(_DATA.sub("", markup)) > LIMIT
    try:
        reader.feed(markup[:LIMIT] if too_long else markup)
        reader.close()
    except AssertionError:
        # html.parser gives up this way on some declarations
        return markup.strip(), ("看不懂的标记",)
    if too_long:
        reader.others.append("过长的内容")
    lines = [re.sub(r"[ \t]+$", "", line.strip(" \t")) for line in "".join(reader.pieces).split("\n")]
    text = "\n".join(line for line in lines if line.strip("\xa0"))
    return text.replace("\xa0", " ").strip(), tuple(dict.fromkeys(reader.others))


def unreadable(others: Iterable[str]) -> str:
    """What cannot be read in, as a sentence: from names of things, and sentences that say what to do about a picture."""
    told = list(dict.fromkeys(others))
    names = [one for one in told if not one.endswith("。")]
    rest = [f"题里有{'、'.join(names)}，读不进来，请改成文字。"] if names else []
    return " ".join([*(one for one in told if one.endswith("。")), *rest])


class _Reader(HTMLParser):
    """Collects the text of one piece of HTML."""

    def __init__(self, picture: Callable[[str], str] | None):
        super().__init__(convert_charrefs=True)
        self._picture = picture
        self.pieces: list[str] = []
        self.others: list[str] = []
        self._silent = 0
        self._raised = ""
        self._underlined = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "img" and self._picture:
            self._drawn(dict(attrs).get("src") or "")
        elif tag in _OTHERS:
            self.others.append(_OTHERS[tag])
        if tag in _BLOCKS or tag == "tr":
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append("\t")
        elif tag in _SILENT:
            self._silent += 1
        elif tag in ("sup", "sub"):
            self._raised = tag
        elif tag == "u":
            self._underlined = 1

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _BLOCKS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("sup", "sub"):
            self._raised = ""
        elif tag == "u":
            self._underlined = 0

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        text = run_on(data)
        if self._underlined and len(text) > 1 and not text.replace("\xa0", " ").strip():
            text = "____"
        self.pieces.append(self._script(text) if self._raised else text)

    def _drawn(self, address: str) -> None:
        try:
            self.pieces.append(self._picture(address))
        except Unfit as unfit:
            self.others.append(str(unfit))

    def _script(self, text: str) -> str:
        raised = text.strip().translate(_RAISED if self._raised == "sup" else _LOWERED)
        if any(char.isascii() for char in raised):
            self.others.append("上标或下标")
        return raised
