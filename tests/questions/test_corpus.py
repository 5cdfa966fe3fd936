"""Every layout of question files we promise to read, in small files of our own, compared exactly."""

import json
from collections import Counter
from pathlib import Path

import pytest

from school.questions import intake

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(path.stem for path in CORPUS.glob("*.txt"))
LAYOUTS = [*(f"a{number:02}" for number in range(1, 14)), "b01", "b02", "b03", "b04", "d01", "d02", "d03", "e01"]


def text_of(case: str) -> str:
    content = (CORPUS / f"{case}.txt").read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def as_data(draft):
    """A draft in the shape of the expectations: plain lists and texts."""
    key = draft.key
    return {
        "kind": draft.kind,
        "stem": draft.stem,
        "options": list(draft.options),
        "key": [list(part) if isinstance(part, tuple) else part for part in key] if isinstance(key, tuple) else key,
        "explanation": draft.explanation,
        "score": None if draft.score is None else str(draft.score),
        "topic": draft.topic,
        "point": draft.point,
        "difficulty": draft.difficulty,
        "author": draft.author,
        "law": draft.citation.law,
        "article": draft.citation.article,
        "material": draft.material,
    }


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_read_exactly_as_its_expectation_says(case):
    expected = json.loads((CORPUS / f"{case}.json").read_text(encoding="utf-8"))

    reading = intake.read_text(text_of(case))

    blank = as_data(reading.drafts[0]) | dict.fromkeys(
        ("explanation", "topic", "point", "author", "law", "article"), ""
    )
    blank |= {"score": None, "difficulty": None, "material": ""}
    assert [as_data(draft) for draft in reading.drafts] == [blank | question for question in expected["questions"]]
    assert len(reading.review) == expected["review"]


@pytest.mark.parametrize("case", CASES)
def test_every_line_of_a_file_is_accounted_for_once(case):
    lines = [number for number, line in enumerate(text_of(case).splitlines(), 1) if line.strip()]

    assert intake.read_text(text_of(case)).accounted() == Counter(("", number) for number in lines)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_has_three_files(layout):
    assert sum(case.startswith(layout) for case in CASES) >= 3
