"""The bank we ship, as a whole: what issue and README promise of it, and every citation against what it cites.

The official texts lie beside a checkout in shared/laws; where they do not, the register we carry still judges.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from school import bank_commands
from school.questions import bank_text, shipped
from school.questions.citation_check import check_citations
from school.questions.draft import blanks
from school.questions.lint import lint
from tests.makers import TODAY

ROOT = Path(__file__).parents[1]
LAWS = Path(__file__).parents[2] / "shared" / "laws"
FILES = sorted((ROOT / "question_banks").glob("*.txt"))

needs_laws = pytest.mark.skipif(not LAWS.is_dir(), reason=f"the official texts are not there: {LAWS}")


@pytest.fixture(scope="module")
def drafts():
    return [draft for path in FILES for draft in bank_text.read(path.read_text(encoding="utf-8")).drafts]


@pytest.fixture(scope="module")
def register():
    return shipped.texts()


@pytest.fixture(scope="module")
def laws():
    return bank_commands.read_laws(LAWS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_item_of_every_file_is_understood(path):
    reading = bank_text.read(path.read_text(encoding="utf-8"))

    assert reading.review == ()
    assert reading.drafts != ()


def test_lint_finds_nothing_against_the_bank(drafts):
    """Shares of types, spread of the key, longest options, true and false, unique 编号, no doubles, every field."""
    assert lint(drafts) == []


def test_there_are_enough_questions_for_both_audiences(drafts):
    audiences = Counter(draft.audience for draft in drafts)

    assert len(drafts) >= 800
    assert audiences["cadre"] >= 450
    assert audiences["farmer"] >= 350


def test_every_item_was_checked_by_another_than_its_author(drafts):
    roles = {(draft.author, draft.checker) for draft in drafts}

    assert [pair for pair in roles if not all(pair) or pair[0] == pair[1]] == []
    assert all(author.startswith("编写员") and checker.startswith("复核员") for author, checker in roles)


def test_every_blank_of_a_fill_in_item_is_written_the_same_way(drafts):
    assert [
        draft.code for draft in drafts if draft.kind == "fill" and draft.stem.count("____") != blanks(draft.stem)
    ] == []


def test_every_citation_names_a_law_an_article_and_the_date_of_its_text(drafts):
    cited = [(draft.code, draft.citation) for draft in drafts]

    assert [code for code, c in cited if c.basis or not (c.law and c.article and c.version_on)] == []


def test_every_citation_holds_against_our_own_register(drafts, register):
    assert check_citations(drafts, register, on=TODAY) == []


def test_nothing_rests_on_a_text_that_has_ended(drafts, register):
    ended = {entry.short_name for entry in register.entries if entry.ended_on}

    assert "环境保护法" in ended
    assert [draft.code for draft in drafts if draft.citation.law in ended] == []


@needs_laws
def test_every_citation_holds_against_the_official_texts(drafts, laws):
    official, texts = laws

    assert check_citations(drafts, official, texts, on=TODAY) == []


@needs_laws
def test_our_register_is_the_one_the_official_texts_make(register, laws):
    official, texts = laws

    assert register == official
    assert len(official.entries) == len(texts) == 149


@needs_laws
def test_the_register_counts_the_articles_of_the_texts(register, laws):
    _, texts = laws
    counted = {entry.short_name: entry.articles + len(entry.others) for entry in register.entries}

    assert counted == {name: len(text.articles) for name, text in texts.items()}
