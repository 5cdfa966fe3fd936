"""What a stem carries besides its words: type and score notes, and the answer in or after its bracket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from school.questions import vocabulary
from school.questions.matching import Mirror

_NOTE = r"[(\[【]\s*(?P<note>[^()\[\]【】]{1,16}?)\s*[)\]】]"
_FRONT = re.compile(rf"\s*\*?\s*{_NOTE}\s*")
_BACK = re.compile(rf"\s*{_NOTE}\s*(?P<stop>[。.]?)\s*$")
_POINTS = re.compile(r"(?:本题)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分$")

_BRACKET = re.compile(r"\(([^()]*)\)|【([^【】]*)】|\[([^\[\]]*)\]")
_KEY_LETTERS = re.compile(r"[A-Z](?:[\s,、/;]*[A-Z])*[\s,、.]*")
_AFTER = re.compile(
    r"(?:\(\s*\)|_{2,})\s*(?P<stop>[。.?？]?)\s*(?P<key>[A-Z](?:[\s,、/;]*[A-Z])*|[√×✓✗✔✘])\s*[。.]?\s*$"
)
_BARE_MARK = re.compile(r"(?P<key>[√×✓✗✔✘])\s*[。.]?\s*$")
_MARKS = re.compile(r"[√×✓✗✔✘╳❌]|对|错|正确|错误|[TFxXvV]")


@dataclass(frozen=True)
class Notes:
    """A stem without its notes; kind and score as the notes say, None where they do not; said: [B] after [单选]."""

    stem: str
    kind: str | None = None
    score: Decimal | None = None
    said: str = ""


def notes(raw: str) -> Notes:
    """Take type and score notes off both ends of a stem: （单选）, (多选题, 1.0 分), ［2分］."""
    found = Notes(raw.strip())
    while True:
        mirror = Mirror(found.stem)
        front, back = _FRONT.match(mirror.norm), _BACK.search(mirror.norm)
        for match, begin, end in ((front, front and front.end(), None), (back, 0, back and back.start())):
            told = _note(match["note"]) if match else None
            if told and (rest := mirror.cut(begin, end) + (match.groupdict().get("stop") or "")).strip("。. "):
                found = Notes(rest, found.kind or told[0], found.score if told[1] is None else told[1])
                break
        else:
            return _tagged_key(found) if found.kind else found


def _tagged_key(found: Notes) -> Notes:
    """[单选][B]…: a key in square brackets right behind the type."""
    mirror = Mirror(found.stem)
    key = re.match(r"\[\s*([A-Z]{1,10}|[√×]|对|错|正确|错误)\s*\]\s*(?=\S)", mirror.norm)
    return Notes(mirror.cut(key.end()), found.kind, found.score, key[1]) if key else found


def _note(text: str) -> tuple[str | None, Decimal | None] | None:
    """(kind, score) of a note, None when it is not one."""
    kind = score = None
    for part in re.split(r"[,;、\s]+", text.strip()):
        if points := _POINTS.fullmatch(part):
            score = Decimal(points[1])
        elif named := _named(part):
            kind = named
        elif part != "分" and not re.fullmatch(r"\d+(?:\.\d+)?", part):
            return None
    if re.fullmatch(r".*?(\d{1,3}(?:\.\d{1,2})?)\s*分", text) and score is None:
        score = Decimal(re.search(r"(\d{1,3}(?:\.\d{1,2})?)\s*分", text)[1])
    return (kind, score) if kind or score is not None else None


def _named(word: str) -> str | None:
    """A type word; plain nouns such as 判断 in a sentence's own bracket count too, 对 and 错 do not."""
    return vocabulary.kind(word)


@dataclass(frozen=True)
class Found:
    """A stem with its answer taken out (an empty bracket stays), and the answer as it stood there.

    without: the stem without the bracket as well, where it stood at the end; None elsewhere.
    """

    stem: str
    said: str
    without: str | None = None


def answers(raw: str, options: int, kind: str | None) -> list[Found]:
    """Every way to read an answer in or behind the brackets of a stem. options: how many options follow, 0 for none.

    Letters count only when options follow and reach that far, and only alone in their bracket; marks and words of
    right and wrong only without options, at the beginning or the end of the stem.
    """
    mirror = Mirror(raw)
    found = _behind(mirror, options, kind)
    inside = _letters_inside(mirror, options) if options else _marks_inside(mirror, kind)
    return found + [hit for hit in inside if hit not in found]


def _fits(key: str, options: int) -> bool:
    letters = re.findall("[A-Z]", key)
    return bool(letters) and len(set(letters)) == len(letters) and all(ord(char) - 65 < options for char in letters)


def _behind(mirror: Mirror, options: int, kind: str | None) -> list[Found]:
    """…（  ）C and …（  ）√ at the end of the stem, and a bare √ or × there."""
    found = _AFTER.search(mirror.norm)
    if found and (_fits(found["key"], options) if options else found["key"] in "√×✓✗✔✘"):
        return [Found(mirror.cut(0, found.start("key")), found["key"])]
    mark = None if options or kind not in (None, "judge") else _BARE_MARK.search(mirror.norm)
    return [Found(mirror.cut(0, mark.start()), mark["key"])] if mark else []


def _emptied(mirror: Mirror, match: re.Match) -> str:
    """The raw stem with the inside of one bracket replaced by blanks."""
    begin, end = match.start() + 1, match.end() - 1
    return f"{mirror.cut(0, begin)}  {mirror.cut(end)}"


def _at_end(mirror: Mirror, match: re.Match) -> str | None:
    return None if mirror.norm[match.end() :].strip(" 。.") else mirror.cut(0, match.start())


def _letters_inside(mirror: Mirror, options: int) -> list[Found]:
    hits = []
    for match in _BRACKET.finditer(mirror.norm):
        inside = next(group for group in match.groups() if group is not None).strip()
        if _KEY_LETTERS.fullmatch(inside) and _fits(inside, options):
            hits.append(Found(_emptied(mirror, match), inside, _at_end(mirror, match)))
    return hits


def _marks_inside(mirror: Mirror, kind: str | None) -> list[Found]:
    hits = []
    for match in _BRACKET.finditer(mirror.norm):
        inside = next(group for group in match.groups() if group is not None).strip()
        at_edge = not mirror.norm[: match.start()].strip() or not mirror.norm[match.end() :].strip(" 。.")
        signs = "TFxXvV"
        if at_edge and _MARKS.fullmatch(inside) and (kind == "judge" or inside not in signs):
            hits.append(Found(_emptied(mirror, match), inside, _at_end(mirror, match)))
    return hits


def empty_brackets(stem: str) -> int:
    """How many brackets wait for an answer."""
    return len(re.findall(r"\(\s*\)|【\s*】|\[\s*\]", Mirror(stem).norm))
