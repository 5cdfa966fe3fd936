from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from school.quizzes import queries, sheet_code, sheet_entry, sheet_entry_queries
from school.quizzes import taking_actions as taking
from school.quizzes.models import Attempt, SheetEntry
from school.quizzes.paper import Part
from school.quizzes.sheet_code import SheetCode
from tests import makers
from tests.makers import NOW, later


def candidate(db, round_, person) -> int:
    return queries.sitting(db, round_.id, person.id).candidate.id


def address(db, round_, person) -> str:
    return f"/rounds/{round_.id}/sheets/{candidate(db, round_, person)}"


def marks(db, round_, person, **changed) -> dict[str, str]:
    """What a typist types for a sheet that is all right, field by field."""
    row = next(row for row in queries.candidate_rows(db, round_.id, ("/",)) if row.person.id == person.id)
    questions = queries.questions_of(db, row.candidate.paper_id)
    places = sheet_entry.places(questions, seed=round_.seed, candidate_id=row.candidate.id)
    given = [[question.key] if question.kind == "judge" else question.key for question in questions]
    typed = {f"q{p.position}": sheet_entry.written(p, one)[0] for p, one in zip(places, given, strict=True)}
    return typed | changed


def test_a_clerk_types_a_sheet_and_gets_the_next_person_of_the_unit(client, cast, db, round_):
    other = makers.make_person(db, "王䶮", cast.town)
    db.commit()
    another = makers.make_round(db, cast.county)
    db.commit()
    clerk = client.as_(cast.clerk)

    page = clerk.get(address(db, another, cast.person)).text
    assert ("买买提·艾力" in page, page.count("data-answer")) == (True, 4)
    answer = clerk.send(address(db, another, cast.person), **marks(db, another, cast.person))

    attempt = queries.sitting(db, another.id, cast.person.id).attempt
    assert (attempt.score, attempt.handed_in_how) == (Decimal(20), "paper")
    assert answer.location == address(db, another, other)
    assert f"回执号 {attempt.receipt}" in clerk.get(answer.location).text


def test_what_cannot_be_read_stands_beside_its_field_and_nothing_is_kept(client, cast, db, round_):
    typed = marks(db, round_, cast.person, q1="", q2="E", q4="")

    page = client.as_(cast.clerk).send(address(db, round_, cast.person), **typed).text

    assert "第 1、4 题没有录。没答的请打减号（-）。" in page
    assert "第 2 题：这道题只有 A 至 D" in page
    assert db.scalars(select(SheetEntry)).all() == []


def test_the_page_asks_for_marks_and_shows_neither_questions_nor_keys(client, cast, db, round_):
    """Keys never leave the server before review time (rules.md 12)."""
    page = client.as_(cast.clerk).get(address(db, round_, cast.person)).text

    for question in queries.questions_of(db, queries.sitting(db, round_.id, cast.person.id).candidate.paper_id):
        assert question.stem not in page
        assert question.explanation not in page
        assert not any(option["text"] in page for option in question.options)


def test_the_second_typist_does_not_see_the_first_typing(client, cast, db):
    round_ = makers.make_round(db, cast.county, double_entry=True)
    db.commit()
    clerk, officer = client.as_(cast.clerk), client.as_(cast.officer)
    clerk.send(address(db, round_, cast.person), **marks(db, round_, cast.person))

    page = officer.get(address(db, round_, cast.person)).text

    assert "第二遍" in page
    fields = re.findall(r'<input[^>]*name="q\d+"[^>]*>', page)
    assert len(fields) == 4
    assert [field for field in fields if re.search(r'value="[^"]', field)] == []


def test_two_typings_that_differ_are_shown_side_by_side_and_decided(client, cast, db):
    round_ = makers.make_round(db, cast.county, double_entry=True)
    person = makers.make_person(db, "县管理员乙", cast.county)
    third = makers.make_account(db, person, {makers.Role.OFFICER: cast.county})
    db.commit()
    client.as_(cast.clerk).send(address(db, round_, cast.person), **marks(db, round_, cast.person))
    wrong = marks(db, round_, cast.person, q1="-")
    officer = client.as_(cast.officer)
    assert "两遍录得不一致" in officer.get(officer.send(address(db, round_, cast.person), **wrong).location).text

    decide = address(db, round_, cast.person) + "/decide"
    page = client.as_(third).get(decide).text
    assert "两遍有 1 题不一致" in page
    assert re.search(r'<input[^>]*name="q1"[^>]*value=""', page)
    refused = officer.send(decide, **marks(db, round_, cast.person))
    assert (refused.status_code, "您录过其中一遍" in refused.text) == (409, True)
    client.as_(third).send(decide, **marks(db, round_, cast.person))

    assert queries.sitting(db, round_.id, cast.person.id).attempt.score == Decimal(20)


def test_an_officer_puts_a_typing_error_right_and_owes_a_reason(client, cast, db, round_):
    clerk, officer = client.as_(cast.clerk), client.as_(cast.officer)
    clerk.send(address(db, round_, cast.person), **marks(db, round_, cast.person, q1="-"))
    correct = address(db, round_, cast.person) + "/correct"

    assert clerk.get(correct).status_code == 403
    assert "请填写更正理由" in officer.send(correct, **marks(db, round_, cast.person)).text
    assert queries.sitting(db, round_.id, cast.person.id).attempt.score == Decimal(15)
    officer.send(correct, **marks(db, round_, cast.person), reason="看错一行")

    assert queries.sitting(db, round_.id, cast.person.id).attempt.score == Decimal(20)


def test_begun_on_the_phone_only_an_officer_is_asked_why_the_sheet_counts(client, cast, db, round_):
    makers.make_attempt(db, round_, cast.person)
    db.commit()
    clerk, officer, url = client.as_(cast.clerk), client.as_(cast.officer), address(db, round_, cast.person)

    asked = [[name in one.get(url).text for name in ('name="q1"', 'name="reason"')] for one in (clerk, officer)]
    assert asked == [[False, False], [True, True]]
    assert "请管理员确认后录入" in clerk.send(url, **marks(db, round_, cast.person), reason="没电").text
    assert "请写明理由" in officer.send(url, **marks(db, round_, cast.person)).text
    officer.send(url, **marks(db, round_, cast.person), reason="没电")

    assert queries.sitting(db, round_.id, cast.person.id).attempt.handed_in_how == "paper"


@pytest.mark.parametrize("saved", [0, 1])
def test_a_sheet_after_the_phone_timed_out_is_typed_and_the_person_reads_why_it_counts(
    client, cast, db, round_, now, saved
):
    """Product law 8: whoever went on on paper loses nothing."""
    makers.make_attempt(db, round_, cast.person)
    if saved:
        taking.save(db, taking.Sending(round_.id, cast.person.id, 1, ["a"], 1, "p", NOW), grace=20)
    taking.hand_in_overdue(db, now=later(hours=1), grace=20)
    db.commit()
    now(later(hours=14))
    clerk, officer, url = client.as_(cast.clerk), client.as_(cast.officer), address(db, round_, cast.person)

    listed = [one.get(f"/rounds/{round_.id}/sheets?unit={cast.town.id}").text for one in (clerk, officer)]
    assert [f"到时自动交上（存了 {saved} 题）" in one for one in listed] == [True, True]
    assert [f'href="{url}"' in one for one in listed] == [not saved, True]
    answer = clerk.send(url, **marks(db, round_, cast.person), reason="手机没电")
    assert (answer.status_code, "请管理员确认后录入" in answer.text) == ((200, True) if saved else (302, False))
    if saved:
        officer.send(url, **marks(db, round_, cast.person), reason="手机没电")

    attempt = queries.sitting(db, round_.id, cast.person.id).attempt
    told = client.as_(cast.learner).get(f"/quiz/{round_.id}/result").text
    assert (attempt.score, attempt.handed_in_how) == (Decimal(20), "paper")
    assert "这一轮按您的纸质答题卡计分" in told
    assert ("手机上存的 1 题不计入，县管理员" in told, "手机没电" in told) == (bool(saved), bool(saved))
    assert ("手机上没有存下答案" in told) == (not saved)


def test_a_scanned_code_a_staff_number_and_a_name_lead_to_the_sheet(client, cast, db, round_):
    clerk, number = client.as_(cast.clerk), candidate(db, round_, cast.person)
    code = sheet_code.write(SheetCode(round_.id, number, "A", 1), seed=round_.seed)

    for words in (code, code.lower(), cast.person.staff_no, "买买提"):
        answer = clerk.get(f"/rounds/{round_.id}/sheets", query_string={"find": words})
        assert answer.location == f"/rounds/{round_.id}/sheets/{number}"


@pytest.mark.parametrize("words", ["YX1-1-1-A-1-00000000", "无此人"])
def test_what_is_not_found_says_what_to_check(client, cast, round_, words):
    page = client.as_(cast.clerk).get(f"/rounds/{round_.id}/sheets", query_string={"find": words})

    assert (page.status_code, "没有找到" in page.text) == (200, True)


def test_a_sheet_of_another_unit_is_not_found_by_its_code(client, cast, db, round_):
    code = sheet_code.write(SheetCode(round_.id, candidate(db, round_, cast.person), "A", 1), seed=round_.seed)

    page = client.as_(cast.outsider).get(f"/rounds/{round_.id}/sheets", query_string={"find": code}).text

    assert "没有找到" in page
    assert "买买提" not in page


def test_the_list_counts_what_is_typed_and_what_remains(client, cast, db, round_):
    clerk = client.as_(cast.clerk)
    clerk.send(address(db, round_, cast.person), **marks(db, round_, cast.person))

    rows = sheet_entry_queries.sheets(db, round_, makers.ROOT)
    of_town = [one.standing for one in rows if one.row.unit.id == cast.town.id]
    assert sorted(of_town) == ["typed", "waiting"]
    page = clerk.get(f"/rounds/{round_.id}/sheets", query_string={"unit": cast.town.id}).text
    assert ("已录" in page, "更正录入" in page) == (True, False)
    assert "更正录入" in client.as_(cast.officer).get(f"/rounds/{round_.id}/sheets?unit={cast.town.id}").text


@pytest.mark.parametrize("path", ["", "/decide", "/correct"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 404), ("committee", 403), ("teacher", 403), ("learner", 403), ("auditor", 403), ("sysadmin", 403)],
)
def test_others_neither_see_nor_type(client, cast, db, round_, who, status, path):
    browser, url = client.as_(getattr(cast, who)), address(db, round_, cast.person) + path
    expected = 403 if path else status

    assert browser.get(url).status_code == expected
    assert browser.send(url, **marks(db, round_, cast.person)).status_code == expected
    assert db.scalars(select(Attempt).where(Attempt.handed_in_at.is_not(None))).all() == []


def test_without_the_token_nothing_is_typed(client, cast, db, round_):
    client.as_(cast.clerk).post(address(db, round_, cast.person), data=marks(db, round_, cast.person))

    assert db.scalars(select(SheetEntry)).all() == []


def test_a_blank_and_a_short_answer_have_fields_of_their_own(client, cast, db):
    parts = (Part("fill", 1, Decimal(10)), Part("short", 1, Decimal(10)))
    round_ = makers.make_round(db, cast.county, parts=parts)
    db.commit()
    clerk, url = client.as_(cast.clerk), address(db, round_, cast.person)

    clerk.send(url, q1="三十", q2="因地制宜")

    assert [entry.given for entry in db.scalars(select(SheetEntry))] == [[["三十"], ["因地制宜"]]]
    assert queries.sitting(db, round_.id, cast.person.id).attempt.handed_in_at == NOW


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_as_many_queries_for_one_as_for_three(client, cast, db, people, count_queries):
    for _ in range(people):
        makers.make_person(db, "新来", cast.village)
    round_ = makers.make_round(db, cast.county)
    db.commit()
    clerk = client.as_(cast.clerk)

    with count_queries() as sent:
        page = clerk.get(f"/rounds/{round_.id}/sheets?unit={cast.village.id}").text

    assert page.count("新来</") == 2 * people
    assert len([line for line in sent if line.startswith("SELECT")]) == 8
