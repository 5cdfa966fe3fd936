"""The rules learned the hard way that a quiz is judged by: each has a test that names its number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

#: rules on time, saving, questions and scores, statistics
RULES = set(range(1, 32))
NAMED = re.compile(r"rules\.md (\d+(?:, \d+)*)")


def numbers_named(text: str) -> set[int]:
    """The numbers after "rules.md" in a text, lists such as "rules.md 8, 12" whole."""
    return {int(number) for listed in NAMED.findall(text) for number in listed.split(", ")}


def docstrings() -> list[str]:
    """Of every test in this folder and below."""
    paths = Path(__file__).parent.rglob("test_*.py")
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    tests = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return [ast.get_docstring(test) or "" for test in tests]


def test_every_rule_of_a_quiz_is_named_by_a_test():
    named = set().union(*map(numbers_named, docstrings()))

    assert RULES - named == set()


def test_lists_of_numbers_are_read_whole_and_other_numbers_are_not():
    assert numbers_named("Saving (rules.md 8, 12). rules.md 30: 20 of 24, rules.md 4.") == {8, 12, 30, 4}
