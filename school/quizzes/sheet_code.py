"""The code on a paper answer sheet: whose it is, of which round, form and page, and a part that shows a misreading.

    YX1-12-3456-A-1-7KQM2WXP
    │   │  │    │ │ └ check: 40 bits of HMAC-SHA256 over all before it, keyed with the round's seed, in Crockford's base 32
    │   │  │    │ └ page of the sheet, from 1
    │   │  │    └ form of the paper
    │   │  └ candidate
    │   └ round
    └ version of this layout

Capitals, figures and hyphens only: a QR code holds these most densely, and every scanner types them. Whoever reads a sheet
takes the candidate from here and never from what is written by hand (rules.md 55). Pure.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

VERSION = "YX1"
_SHAPE = re.compile(rf"{VERSION}-(\d{{1,9}})-(\d{{1,9}})-([A-Z])-(\d)-([0-9A-Z]{{8}})", re.ASCII)
_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@dataclass(frozen=True)
class SheetCode:
    """What a code says. page counts from 1."""

    round_id: int
    candidate_id: int
    form: str
    page: int


def write(code: SheetCode, *, seed: str) -> str:
    """The code as it is printed. seed: the round's own."""
    plain = f"{VERSION}-{code.round_id}-{code.candidate_id}-{code.form}-{code.page}"
    digest = hmac.new(seed.encode(), plain.encode(), hashlib.sha256).digest()[:5]
    return f"{plain}-{base64.b32encode(digest).decode().translate(_CROCKFORD)}"


def looks_like(text: str) -> bool:
    """Whether a text is a code at all, right or wrong."""
    return text.strip().upper().startswith(f"{VERSION}-")


def read(text: str, *, seed: str) -> SheetCode | None:
    """What a scanned code says; None when it is none, or its check does not fit this round's seed."""
    shaped = _SHAPE.fullmatch(text.strip().upper())
    if shaped is None:
        return None
    round_id, candidate_id, form, page, _ = shaped.groups()
    code = SheetCode(int(round_id), int(candidate_id), form, int(page))
    return code if hmac.compare_digest(write(code, seed=seed), text.strip().upper()) else None
