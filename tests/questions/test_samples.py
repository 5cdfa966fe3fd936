"""Small files of our own in every interchange format and in Word, compared exactly."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from school.questions import intake
from tests.questions.word_files import word

CORPUS = Path(__file__).parent / "corpus"
FORMATS = ["gift", "moodle", "json", "aiken", "qti", "docx"]
SAMPLES = [path for name in FORMATS for path in sorted((CORPUS / name).glob("*.*")) if ".expected" not in path.name]


def plain(value):
    """A value as JSON has it, empty parts left out."""
    if isinstance(value, dict):
        parts = {name: plain(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is False or part not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def as_data(draft):
    """A draft in the shape of the expectations, with its place in words."""
    told = plain(asdict(draft))
    del told["where"]
    return told | {"at": str(draft.where)}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_sample_is_read_exactly_as_its_expectation_says(path):
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    content = word(path.read_text(encoding="utf-8")) if path.parent.name == "docx" else path.read_bytes()

    reading = intake.read(content, path.name)

    assert [as_data(draft) for draft in reading.drafts] == expected["questions"]
    assert [[str(item.where), item.reason] for item in reading.review] == expected["review"]
    assert [remark.message for remark in reading.remarks] == expected["remarks"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_three_samples(name):
    assert sum(path.parent.name == name for path in SAMPLES) >= 3
