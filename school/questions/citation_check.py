"""Citations of a whole bank, checked against the register and, where they are at hand, against the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from school.questions.draft import Citation, Draft
from school.questions.law_texts import LawText, check_against
from school.questions.lint import Finding
from school.questions.register import Register


def check_citations(
    drafts: Sequence[Draft], register: Register, texts: Mapping[str, LawText] | None = None, *, on: date
) -> list[Finding]:
    """What is wrong with the citations of drafts on a day. texts: by short name; None where there are none.

    The text is opened only for a citation that the register lets pass: in another version 款 may be counted otherwise.
    """
    return [
        Finding("citation", complaint, (draft.code,))
        for draft in drafts
        for complaint in register.check(draft.citation, on) or _in_text(draft.citation, register, texts)
    ]


def _in_text(citation: Citation, register: Register, texts: Mapping[str, LawText] | None) -> list[str]:
    if texts is None or not citation.law:
        return []
    name = register.find(citation.law).short_name
    return check_against(citation, texts[name]) if name in texts else [f"手边没有“{name}”的文本，没法核对款和项。"]
