"""What people look at before a file is taken in: plain values, so that they can be kept with the upload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from school.questions import bank_text, references, similar
from school.questions.content import draft_of
from school.questions.draft import LETTERS, Draft, Reading, ReviewItem
from school.questions.pictures import Picture
from school.questions.told_columns import Unclear

#: so many questions, review items and remarks are shown; the rest is counted
SHOWN = 100
#: so many pairs of questions that are very alike are shown with a choice
PAIRS = 200
#: share of common 3-grams from which two questions are shown as very alike: one word changed in a line of twenty
ALIKE = 0.7


@dataclass(frozen=True)
class Standing:
    """A question of the bank that is like one of the file. place: what people call it."""

    place: str
    draft: Draft


def counts(reading: Reading) -> dict[str, int]:
    """What a file holds: accepted + review + refused = pieces, and the lines behind them and the headings = lines.

    To review is what was partly understood and can be mended; refused is what no question was found in.
    """
    told = reading.counts()
    refused = sum(item.partial is None for item in reading.review)
    return told | {
        "review": told["review"] - refused,
        "refused": refused,
        "pieces": told["accepted"] + told["review"],
    }


def preview(
    reading: Reading, fates: Sequence[str], alike: Mapping[int, Sequence[Standing]], unclear: Sequence[Unclear], notes
) -> dict:
    """The look of a file. fates: per draft new, changed or same; alike: by draft, the bank's questions very like it."""
    pairs = [*_across(reading, alike), *_inside(reading, fates)]
    return {
        "counts": counts(reading),
        "fates": {name: fates.count(name) for name in ("new", "changed", "same")},
        "drafts": [_shown(draft) | {"fate": fate} for draft, fate in zip(reading.drafts[:SHOWN], fates, strict=False)],
        "items": [_item(item) for item in reading.review[:SHOWN]],
        "remarks": [[str(remark.where), remark.message] for remark in reading.remarks[:SHOWN]],
        "pairs": pairs[:PAIRS],
        "pair_count": len(pairs),
        "unclear": [asdict(table) for table in unclear],
        "notes": list(notes),
    }


def pictures(seen: dict) -> set[str]:
    """The digests of the pictures that a look shows."""
    pairs = [side for pair in seen.get("pairs", ()) for side in (pair["one"], pair["other"])]
    shown = (*seen.get("drafts", ()), *pairs)
    return {picture["sha256"] for one in shown for picture in one["pictures"]}


def _inside(reading: Reading, fates: Sequence[str]) -> list[dict]:
    """Pairs inside the file that are very alike; one that repeats another exactly is 已有 and needs no choice."""
    compared = [similar.compared(draft) for draft in reading.drafts]
    return [
        {"one": _shown(reading.drafts[one], one), "other": _shown(reading.drafts[other], other)}
        for one, other, _ in similar.near_duplicates(compared, ALIKE)
        if fates[other] != "same" and fates[one] != "same"
    ]


def _across(reading: Reading, alike: Mapping[int, Sequence[Standing]]) -> list[dict]:
    return [
        {"one": _shown(reading.drafts[place], place), "other": _shown(standing.draft) | {"where": standing.place}}
        for place, standings in sorted(alike.items())
        for standing in standings
    ]


def _shown(draft: Draft, place: int | None = None) -> dict:
    """A draft as a page shows it. place: its index in the reading, where it can be left out."""
    return {
        "place": place,
        "where": str(draft.where),
        "code": draft.code,
        "kind": draft.kind,
        "stem": f"{draft.material}\n{draft.stem}" if draft.material else draft.stem,
        "options": [f"{letter}. {text}" for letter, text in zip(LETTERS, draft.options, strict=False)],
        "order_note": references.note(draft.options),
        "key": bank_text.written_key(draft),
        "explanation": draft.explanation,
        "pictures": [{"number": one.number, "sha256": one.sha256} for one in draft.pictures],
    }


def _item(item: ReviewItem) -> dict:
    return {
        "where": str(item.where),
        "reason": item.reason,
        "original": item.original,
        "refused": item.partial is None,
    }


def shown_version(version, code: str, pictures: Sequence[Picture] = ()) -> Standing:
    """A version of the bank, with its pictures, beside a draft of the file."""
    return Standing(f"题库 {code}", draft_of(version, code, pictures))
