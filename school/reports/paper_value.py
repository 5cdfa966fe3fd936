"""What is printed for people who answer on paper: the round's terms, its forms, and each person with their own order.

Nothing here has a place for a key, an explanation or a citation: what cannot be held cannot be printed. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Terms:
    """What the head of every paper says of a round. mode: "open", "onsite" or "closed"; multi_rule: in words."""

    county: str
    title: str
    mode: str
    opens_at: datetime
    closes_at: datetime
    minutes: int
    full: Decimal
    pass_mark: Decimal
    multi_rule: str


@dataclass(frozen=True)
class Asked:
    """A question as everybody with the form reads it. options: how many; blanks: how many a fill-in has.

    pictures: (number, hash) of those whose signs 【图1】 stand in the words.
    """

    position: int
    kind: str
    stem: str
    points: Decimal
    options: int = 0
    blanks: int = 0
    pictures: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Sitter:
    """One person with their paper. options: per question, the texts in this person's own order (none but for choices).

    codes: what the QR code of each page of the answer sheet says.  extra: minutes added for this person.
    """

    name: str
    unit: str
    staff_no: str
    form: str
    options: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...]
    extra: int = 0
    exempt: bool = False


@dataclass(frozen=True)
class Batch:
    """Everything one printing holds: forms by their letter, people in the order of printing, units together.

    pictures: the bytes of every picture by its hash.
    """

    terms: Terms
    forms: dict[str, tuple[Asked, ...]]
    people: tuple[Sitter, ...]
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What of a batch is printed. large: question papers in large print; duplex: every paper begins on a new leaf."""

    papers: bool
    sheets: bool
    lists: bool
    large: bool = False
    duplex: bool = False
