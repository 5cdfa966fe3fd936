"""Turns between processes: one at a time, and none is left behind by a process that dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from school.turns import turn

CHECKOUT = Path(__file__).parents[1]
COUNT = """
import sys, pathlib
from school.turns import turn
counter = pathlib.Path(sys.argv[1])
for _ in range(200):
    with turn(pathlib.Path(sys.argv[2])):
        counter.write_text(str(int(counter.read_text()) + 1))
"""
HOLD = """
import sys, pathlib
from school.turns import turn
with turn(pathlib.Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""


def start(program: str, *arguments: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_processes_that_count_together_lose_no_count(tmp_path):
    counter, place = tmp_path / "count", tmp_path / "轮.turn"
    counter.write_text("0")

    processes = [start(COUNT, counter, place) for _ in range(3)]
    for process in processes:
        process.communicate()

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert counter.read_text() == "600"


def test_a_turn_is_free_again_when_its_holder_was_killed(tmp_path):
    holder = start(HOLD, tmp_path / "turn")
    assert holder.stdout.readline() == "mine\n"

    holder.kill()
    holder.communicate()

    with turn(tmp_path / "turn"):
        pass


def test_a_turn_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="x"), turn(tmp_path / "turn"):
        raise ValueError("x")

    with turn(tmp_path / "turn"):
        pass
