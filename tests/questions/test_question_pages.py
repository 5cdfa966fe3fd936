"""One question on its way: draft, in review, reviewed, retired; what changed; never reviewed by whoever wrote it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from school.access import Role
from school.audit import AuditLine
from school.questions.models import QuestionVersion
from tests import makers

TEXT = """编号：{}
题型：判断
对象：农民
题干：耕地承包期届满后{}三十年。
答案：对
依据：农村土地承包法 第二十一条第一款 2018-12-29
专题：农村土地
难度：1
"""


@pytest.fixture
def bank(db, cast):
    return makers.make_bank(db, cast.county)


@pytest.fixture
def other_officer(db, cast):
    return makers.make_account(db, makers.make_person(db, "另一位", cast.county), {Role.OFFICER: cast.county})


@pytest.fixture
def stranger(db, cast):
    person = makers.make_person(db, "邻乡管理员", cast.other_town)
    return makers.make_account(db, person, {Role.OFFICER: cast.other_town})


def states(db, version) -> list[tuple[int, str, str]]:
    """(number, state, reviewer) of all versions of a version's question."""
    db.expire_all()
    asked = select(QuestionVersion).where(QuestionVersion.question_id == version.question_id)
    return [(one.number, one.state, one.reviewer) for one in db.scalars(asked.order_by(QuestionVersion.number))]


def page_of(bank, version, deed="") -> str:
    return f"/banks/{bank.id}/questions/{version.question_id}{deed}"


def test_a_rewritten_question_goes_from_draft_through_review_by_another_to_the_only_one_in_use(
    client, cast, db, bank, other_officer
):
    version = makers.make_question(db, bank, "judge", stem="耕地承包期届满后延长三十年。")
    officer, other = client.as_(cast.officer), client.as_(other_officer)

    officer.send(page_of(bank, version, "/rewrite"), text=TEXT.format("X", "再延长"))
    assert states(db, version) == [(1, "reviewed", "乙"), (2, "draft", "")]
    other.send(page_of(bank, version, "/review"))
    assert states(db, version)[1] == (2, "draft", "")

    officer.send(page_of(bank, version, "/submit"))
    assert officer.send(page_of(bank, version, "/review")).status_code == 403
    other.send(page_of(bank, version, "/review"))
    assert states(db, version) == [(1, "retired", "乙"), (2, "reviewed", "另一位")]


def test_a_question_is_sent_back_with_a_reason_that_its_page_shows(client, cast, db, bank, other_officer):
    version = makers.make_question(db, bank, state="in_review", author="县管理员", reviewer="")

    client.as_(other_officer).send(page_of(bank, version, "/send-back"), reason="选项 B 也对")

    assert states(db, version) == [(1, "draft", "")]
    assert "退回的理由：选项 B 也对" in client.as_(cast.officer).get(page_of(bank, version)).text
    assert db.scalars(select(AuditLine.after).where(AuditLine.deed == "send_back_question")).one() == {
        "reason": "选项 B 也对"
    }


@pytest.mark.parametrize(
    ("state", "deed", "becomes", "code"),
    [
        ("draft", "submit", "in_review", 302),
        ("draft", "review", "draft", 302),
        ("draft", "send-back", "draft", 409),
        ("in_review", "submit", "in_review", 409),
        ("in_review", "review", "reviewed", 302),
        ("in_review", "send-back", "draft", 302),
        ("reviewed", "submit", "reviewed", 409),
        ("reviewed", "review", "reviewed", 302),
        ("reviewed", "send-back", "reviewed", 409),
        ("retired", "submit", "retired", 409),
        ("retired", "review", "retired", 302),
        ("retired", "send-back", "retired", 409),
        *((state, "retire", "retired", 302) for state in ("draft", "in_review", "reviewed")),
    ],
)
def test_a_state_goes_only_where_it_may(client, cast, db, bank, state, deed, becomes, code):
    version = makers.make_question(db, bank, state=state, reviewer="乙" if state == "reviewed" else "")

    answer = client.as_(cast.officer).send(page_of(bank, version, f"/{deed}"), reason="理由")

    assert answer.status_code == code
    assert states(db, version)[0][1] == becomes


@pytest.mark.parametrize(("state", "after"), [("draft", "retired"), ("in_review", "retired"), ("reviewed", "reviewed")])
def test_a_version_that_only_waited_gives_way_to_the_next(client, cast, db, bank, state, after):
    version = makers.make_question(db, bank, "judge", state=state, reviewer="乙" if state == "reviewed" else "")

    client.as_(cast.officer).send(page_of(bank, version, "/rewrite"), text=TEXT.format("X", "再"))

    assert [one[1] for one in states(db, version)] == [after, "draft"]


@pytest.mark.parametrize("deed", ["send-back", "retire"])
def test_a_deed_that_owes_a_reason_is_not_done_without_one(client, cast, db, bank, deed):
    version = makers.make_question(db, bank, state="in_review", reviewer="")
    officer = client.as_(cast.officer)

    officer.send(page_of(bank, version, f"/{deed}"), reason="")

    assert states(db, version) == [(1, "in_review", "")]
    assert "请填写理由" in officer.get(page_of(bank, version)).text


@pytest.mark.parametrize("deed", ["submit", "review", "send-back", "retire", "rewrite"])
def test_nothing_is_done_to_a_question_without_a_token(client, cast, db, bank, deed):
    version = makers.make_question(db, bank, "judge", state="draft" if deed == "submit" else "in_review", reviewer="")

    client.as_(cast.officer).post(
        page_of(bank, version, f"/{deed}"), data={"reason": "x", "text": TEXT.format("X", "再")}
    )

    assert len(states(db, version)) == 1
    assert states(db, version)[0][1] == ("draft" if deed == "submit" else "in_review")


def test_what_changed_between_two_versions_is_marked_in_words(client, cast, db, bank):
    version = makers.make_question(db, bank, "judge", stem="耕地承包期届满后延长三十年。")
    officer = client.as_(cast.officer)
    officer.send(page_of(bank, version, "/rewrite"), text=TEXT.format("X", "再延长"))

    page = officer.get(page_of(bank, version)).text

    assert "第 2 版改了什么" in page
    assert '<ins><span class="change">增</span>再</ins>' in page
    assert (
        '<dt>难度</dt><dd><del><span class="change">删</span>2</del><ins><span class="change">增</span>1</ins></dd>'
        in page
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("题型：判断", "要改"), (TEXT.format("X", "再") + "\n" + TEXT.format("Y", "又"), "请只留一道完整的题")],
    ids=["no question", "two questions"],
)
def test_a_text_that_is_no_single_question_is_not_taken_as_a_version(client, cast, db, bank, text, sentence):
    version = makers.make_question(db, bank, "judge")

    answer = client.as_(cast.officer).send(page_of(bank, version, "/rewrite"), text=text)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(states(db, version)) == 1


def test_a_question_written_anew_without_a_change_is_refused(client, cast, db, bank):
    version = makers.make_question(db, bank, "judge")
    officer = client.as_(cast.officer)
    officer.send(page_of(bank, version, "/rewrite"), text=TEXT.format("X", "再"))

    again = officer.send(page_of(bank, version, "/rewrite"), text=TEXT.format("X", "再"))

    assert again.status_code == 409
    assert len(states(db, version)) == 2


def test_only_what_was_shown_is_passed_together(client, cast, db, bank, other_officer):
    seen = makers.make_question(db, bank, state="in_review", reviewer="", author="县管理员")
    later = makers.make_question(db, bank, state="in_review", reviewer="", author="县管理员")
    own = makers.make_question(db, bank, state="in_review", reviewer="", author="另一位")
    other = client.as_(other_officer)
    page = other.get(f"/banks/{bank.id}/review").text
    assert f'value="{later.id}"' in page
    assert "另有 1 道是您自己编写或导入的" in page

    other.send(f"/banks/{bank.id}/review", until=seen.id)

    assert [states(db, version)[0][1] for version in (seen, later, own)] == ["reviewed", "in_review", "in_review"]


@pytest.mark.parametrize("deed", ["", "/rewrite"])
def test_a_question_of_another_township_is_not_there(client, cast, db, bank, stranger, deed):
    version = makers.make_question(db, bank)

    assert client.as_(stranger).get(page_of(bank, version, deed)).status_code == 404
    assert client.as_(cast.outsider).get(page_of(bank, version, deed)).status_code == 403


@pytest.mark.parametrize("deed", ["submit", "review", "send-back", "retire", "rewrite"])
def test_nobody_from_outside_changes_a_question(client, cast, db, bank, stranger, deed):
    version = makers.make_question(db, bank, state="in_review", reviewer="")

    answer = client.as_(stranger).send(page_of(bank, version, f"/{deed}"), reason="x", text=TEXT.format("X", "再"))

    assert answer.status_code == 404
    assert states(db, version) == [(1, "in_review", "")]
