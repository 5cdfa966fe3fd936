"""The audit log in an auditor's words: no deed, thing or step of a case that the code records lacks its word."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from school import audit
from school.access import Role
from school.accounts import audit_words
from school.courses import attendance
from school.db import Base
from school.followups import case
from tests.makers import NOW, ROOT

PACKAGE = Path(__file__).parents[2] / "school"
#: deeds that are put together, and those that are handed down one call
MADE = {"close_school", "close_teacher", "close_course", "close_month", "correct_month"}


def recorded() -> dict[str, str]:
    """Every deed that an audit.record(db, by, "…", …) of the code writes, and where."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                for part in ast.walk(node.args[2]):
                    if isinstance(part, ast.Constant) and part.value not in ("close_", None):
                        found[part.value] = path.name
    return found


def test_every_deed_that_is_recorded_has_words():
    deeds = set(recorded()) | MADE

    assert {"sign_in", "hand_in", "move_case"} <= deeds
    assert deeds - audit_words.DEEDS.keys() == set()


def test_no_word_stands_for_a_deed_that_nobody_records():
    assert audit_words.DEEDS.keys() - set(recorded()) - MADE == set()


def test_every_thing_is_a_table_or_the_roster_as_a_whole_or_a_backup_or_the_clock():
    assert audit_words.THINGS.keys() - Base.metadata.tables.keys() == {"roster", "backup", "clock"}


def test_codes_read_as_the_rooms_say_them():
    said = {name: state.text for name, state in case.STATES.items()} | {
        name: move.text for name, move in case.MOVES.items()
    }
    said |= {value.key: value.text for value in attendance.VALUES.values()} | {role.value: role.text for role in Role}

    assert {key: audit_words.VALUES.get(key) for key in said} == said


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (None, ""),
        ({}, ""),
        ({"reason": "产假"}, "理由：产假"),
        ({"reason": ""}, "理由：无"),
        ({"late_entry": False}, "补录：否"),
        ({"unit": "513299", "from": "2026-09-01", "until": None}, "单位编码：513299；自：2026年9月1日；至：无"),
        ({"opens_at": "2026-10-20 11:00:00+00:00"}, "开始：2026年10月20日 19:00"),
        ({"role": "officer"}, "角色：县级管理员"),
        ({"text": "plan"}, "内容：plan"),
        ({"marks": {"Y00072": "present", "Y00125": "duty"}}, "点名：Y00072 到，Y00125 公差"),
        ({"papers": ["A", "B"]}, "试卷：A、B"),
        ({"2027-01-01": True}, "2027年1月1日：是"),
        ({"no_word_yet": 3}, "no_word_yet：3"),
        ({"closed_on": "2026-13-45"}, "关闭日期：2026-13-45"),
    ],
)
def test_values_are_read_as_one_line(kept, said):
    assert audit_words.values(kept) == said


def test_a_search_in_chinese_finds_the_deeds_and_the_things(client, cast, db):
    audit.record(db, ROOT, "grant_role", "account", at=NOW, after={"role": "clerk"})
    audit.record(db, ROOT, "upload_roster", "roster_import", at=NOW)
    db.commit()
    browser = client.as_(cast.auditor)

    by_deed, by_thing = browser.get("/audit?words=授予").text, browser.get("/audit?words=花名册").text

    assert "授予角色" in by_deed
    assert "上传花名册" not in by_deed
    assert "上传花名册" in by_thing
    assert "授予角色" not in by_thing
    assert "grant_role" not in by_deed
    assert "单位联络员" in by_deed
