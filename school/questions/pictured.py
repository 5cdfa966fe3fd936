"""What a reader understood of a file with pictures, each of them given to the question in whose words it stands.

A picture belongs to a question only where there is no doubt: in what is asked. One behind the last option, in an
explanation or between two questions may belong to the one before or the one after it; that a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from school.questions import pictures
from school.questions.draft import Draft, Reading, Remark, ReviewItem
from school.questions.pictures import Album

_ELSEWHERE = "图片在解析或答案里，也可能是下一题的，请核对属于哪一题，再在题目页上添加。"
_LAST = "只有一部分选项带图片，也可能是题干或下一题的图，请核对，再在题目页上添加。"
_BETWEEN = "这张图片在两道题之间，请看它属于哪一题，再在那道题的页上添加。"
_LOOSE = "这里有一张图片，不属于哪一道题，没有读入。"


def settle(reading: Reading, album: Album, original: Callable[[Draft], str]) -> Reading:
    """A reading with numbered pictures for pictures' characters. original: what the file says where a draft stands."""
    if not album:
        return reading
    drafts, review = [], []
    for item in reading.review:
        review.append(_reviewed(item, album))
    for draft in reading.drafts:
        settled, doubts = numbered(draft, album), _doubts(draft)
        if doubts:
            review.append(ReviewItem(draft.where, " ".join(doubts), pictures.shown(original(draft)), settled))
        else:
            drafts.append(settled)
    loose = [Remark(heading.where, _LOOSE) for heading in reading.headings if pictures.marked(heading.text)]
    headings = tuple(replace(heading, text=pictures.shown(heading.text)) for heading in reading.headings)
    return Reading(tuple(drafts), tuple(review), headings, (*reading.remarks, *loose))


def _reviewed(item: ReviewItem, album: Album) -> ReviewItem:
    alone = pictures.marked(item.original) and not pictures.unmarked(item.original).strip()
    partial = item.partial and numbered(item.partial, album)
    reason = _BETWEEN if alone else item.reason
    return replace(item, reason=reason, original=pictures.shown(item.original), partial=partial)


def numbered(draft: Draft, album: Album) -> Draft:
    """A draft with signs for the characters of its pictures; in other texts than those asked, 【图】."""
    texts, found = album.numbered(*draft.asked)
    if not found and not any(map(pictures.marked, _others(draft))):
        return draft
    values = {"material": texts[0], "stem": texts[1], "options": tuple(texts[2:])}
    key = draft.key
    if isinstance(key, str):
        key = pictures.shown(key)
    elif draft.kind == "fill" and key:
        key = tuple(tuple(map(pictures.shown, blank)) for blank in key)
    extras = tuple((label, pictures.shown(text)) for label, text in draft.extras)
    told = {name: pictures.shown(getattr(draft, name)) for name in ("explanation", "topic", "point", "code")}
    return replace(draft, **values, **told, key=key, extras=extras, pictures=found)


def _others(draft: Draft) -> tuple[str, ...]:
    citation = draft.citation
    told = (draft.explanation, draft.topic, draft.point, draft.code, str(draft.key), citation.law, citation.basis)
    return (*told, citation.article, *(text for _, text in draft.extras))


def _doubts(draft: Draft) -> list[str]:
    having = [pictures.marked(text) for text in draft.options]
    doubts = [_ELSEWHERE] if any(map(pictures.marked, _others(draft))) else []
    return [*doubts, _LAST] if any(having) and not all(having) else doubts
