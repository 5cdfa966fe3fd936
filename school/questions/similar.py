"""Questions that are the same, or nearly: digests for the one, character 3-grams for the other."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

from school.questions.draft import CHOICES, Draft
from school.questions.matching import bare

#: characters from which on a stem tells its question from others
SAYING = 12


def digest(draft: Draft) -> str:
    """64 hexadecimal characters: equal for the same words, pictures, options and key, whatever the options' order."""
    words = [bare(text) for text in draft.options]
    key = draft.key
    if draft.kind in CHOICES:
        key = sorted(words[place] for place in draft.key)
    elif draft.kind == "fill":
        key = [sorted(map(bare, blank)) for blank in draft.key]
    # A shared stem becomes part of the stem in the bank and comes out of it so.
    told = [draft.kind, bare(draft.material + draft.stem), sorted(words), key]
    told += [sorted(picture.sha256 for picture in draft.pictures)] if draft.pictures else []
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def near_duplicates(stems: Sequence[str], threshold: float = 0.8) -> list[tuple[int, int, float]]:
    """Pairs (earlier, later, likeness) of stems whose sets of 3-grams overlap by at least `threshold` (Jaccard, 0 … 1].

    Prefix filtering: two sets that overlap so far share one of the rarest grams of each, so only those are compared.
    """
    ranked = _ranked([_grams(stem) for stem in stems])
    index: dict[int, list[int]] = defaultdict(list)
    pairs = []
    for later in sorted(range(len(stems)), key=lambda place: len(ranked[place])):
        grams = ranked[later]
        prefix = grams[: len(grams) - ceil(threshold * len(grams)) + 1] if grams else []
        rivals = {place for gram in prefix for place in index[gram]}
        for place in rivals:
            likeness = _likeness(ranked[place], grams, threshold)
            if likeness >= threshold:
                pairs.append((min(place, later), max(place, later), likeness))
        for gram in prefix:
            index[gram].append(later)
    return sorted(pairs)


def families(stems: Sequence[str], threshold: float = 0.8) -> list[int]:
    """A number per stem, the same for all that near-duplicates lead to from one to the next; -1 for a stem near to none."""
    head = list(range(len(stems)))

    def first(place: int) -> int:
        while head[place] != place:
            head[place] = place = head[head[place]]
        return place

    pairs = near_duplicates(stems, threshold)
    for one, other, _ in pairs:
        head[first(other)] = first(one)
    alike = {place for one, other, _ in pairs for place in (one, other)}
    return [first(place) if place in alike else -1 for place in range(len(stems))]


def near(stems: Sequence[str], others: Sequence[str], threshold: float = 0.8) -> list[tuple[int, int, float]]:
    """Pairs (stem, other, likeness) across two lists: a few new stems against the many of a bank, which are only read.

    A gram that no stem has cannot be shared, so most of the others are told apart by counting alone.
    """
    sets = [_grams(stem) for stem in stems] if others else []
    having: dict[str, list[int]] = defaultdict(list)
    for place, grams in enumerate(sets):
        for gram in grams:
            having[gram].append(place)
    pairs = []
    for at, other in enumerate(others):
        grams = _grams(other)
        if grams and sum(gram in having for gram in grams) >= threshold * len(grams):
            shared = Counter(place for gram in grams for place in having.get(gram, ()))
            likely = ((place, count / (len(sets[place]) + len(grams) - count)) for place, count in shared.items())
            pairs += [(place, at, likeness) for place, likeness in likely if likeness >= threshold]
    return sorted(pairs)


def compared(draft: Draft) -> str:
    """What of a question is compared: its stem, with the options where the stem alone (下列说法正确的是) says little."""
    return draft.stem if len(bare(draft.stem)) >= SAYING else " ".join((draft.stem, *draft.options))


def _grams(stem: str) -> set[str]:
    word = bare(stem)
    return {word[at : at + 3] for at in range(max(1, len(word) - 2))} - {""}


def _ranked(sets: list[set[str]]) -> list[list[int]]:
    """Each set as a list of numbers, rarest gram first."""
    often = Counter(gram for grams in sets for gram in grams)
    rank = {gram: at for at, gram in enumerate(sorted(sorted(often), key=often.__getitem__))}
    return [sorted(rank[gram] for gram in grams) for grams in sets]


def _likeness(one: list[int], other: list[int], threshold: float) -> float:
    if len(one) < threshold * len(other):
        return 0.0
    shared = len(set(one).intersection(other))
    return shared / (len(one) + len(other) - shared)
