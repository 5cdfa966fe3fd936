"""Words that can drift are checked: every setting, command and term stands in README."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import click
import pytest

from school import tables
from school.cli import school
from school.settings import Settings

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_stands_in_readme(setting):
    assert f"`SCHOOL_{setting.upper()}`" in README


@pytest.mark.parametrize("command", sorted(school.commands))
def test_every_command_stands_in_readme(command):
    assert f"| `{command}` |" in README


@pytest.mark.parametrize("command", sorted(school.commands))
def test_every_command_explains_itself_in_chinese_and_english(command):
    words = school.commands[command].get_help(click.Context(school.commands[command]))

    assert re.search(r"[\u4e00-\u9fff]{3}", words)
    assert re.search(r"[A-Za-z]{3,} [a-z]{2,}", words)


@pytest.mark.parametrize("term", ["Unit", "Assignment", "NightSchool", "CourseSession", "Candidate", "Attempt", "Case"])
def test_every_term_of_the_glossary_is_a_table(term):
    known = {mapper.class_.__name__ for mapper in tables.Base.registry.mappers}

    assert term in known
    assert f"`{term}`" in README


def test_every_folder_readme_names_exists():
    rooms = re.findall(r"^\| `([a-z]+)` ", README.split("## Commands")[0], re.MULTILINE)

    assert len(rooms) == 8
    assert [room for room in rooms if not (CHECKOUT / "school" / room).is_dir()] == []


def test_no_tracked_file_carries_a_path_of_a_machine_or_a_registry_host():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    forbidden = re.compile(r"/(?:home|root|work)/\w|pypi\.org|pythonhosted|index-url")
    text = [CHECKOUT / name for name in tracked if name and name != "tests/test_docs.py"]

    assert [
        str(path.relative_to(CHECKOUT))
        for path in text
        if path.suffix in {".py", ".md", ".toml", ".lock", ".txt", ".html", ".js", ".css", ""}
        if path.is_file() and forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
    ] == []


def test_readme_shows_the_two_commands_on_its_first_screen():
    first = README.split("## ")[0]

    assert "python3 start.py " in first
    assert "python3 start.py test" in first
