"""Pages of a round while it runs: the board, the list to phone, the window, pausing, more time, comings and goings."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from school import audit
from school.access import Role
from school.quizzes import queries, running_actions
from school.quizzes.models import Candidate
from tests import makers
from tests.makers import NOW, ROOT, later


def shown(page: str) -> str:
    """The words of a page, without the marks between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0]).split())


def counted(page: str) -> dict[str, int]:
    """The four sums of the board: waiting, answering, handed in, exempt."""
    return {word: int(number) for word, number in re.findall(r'aria-label="(\S+) (\d+) 人，看名单"', page)}


# the board


def test_the_board_counts_who_stands_where_and_looks_again_by_itself(client, cast, db, round_):
    makers.make_attempt(db, round_, cast.person)
    makers.make_attempt(db, round_, cast.officer.person, right=1)
    row = queries.candidate_rows(db, round_.id, [cast.village.path])[0]
    running_actions.exempt(db, row, "产假", by=ROOT, now=NOW)

    page = client.as_(cast.officer).get(f"/rounds/{round_.id}").text

    assert counted(page) == {"未开始": 3, "答题中": 1, "已交卷": 1, "免考": 1}
    assert f'data-autorefresh="20" data-autorefresh-from="/rounds/{round_.id}/board"' in page


def test_a_clerk_reads_the_own_units_and_an_outsider_theirs(client, cast, round_):
    mine = client.as_(cast.clerk).get(f"/rounds/{round_.id}/board").text
    other = client.as_(cast.outsider).get(f"/rounds/{round_.id}/board").text

    assert ("青杠镇" in mine, "柏树村" in mine, "雪松乡" in mine) == (True, True, False)
    assert ("青杠镇" in other, "柏树村" in other, "雪松乡" in other) == (False, False, True)


def test_the_part_that_is_read_again_is_the_part_of_the_page(client, cast, round_):
    browser = client.as_(cast.officer)

    part = browser.get(f"/rounds/{round_.id}/board").text.strip()

    assert part.startswith('<section id="board"')
    assert part.endswith("</section>")
    assert "<html" not in part
    assert part in browser.get(f"/rounds/{round_.id}").text


@pytest.mark.parametrize(("minutes", "live"), [(-1, False), (0, True), (119, True), (121, False)])
def test_the_board_looks_again_only_while_people_can_answer(client, cast, round_, now, minutes, live):
    now(later(minutes=minutes))

    assert ("data-autorefresh" in client.as_(cast.officer).get(f"/rounds/{round_.id}/board").text) is live


def test_no_page_of_the_officer_says_when_a_person_began_or_finished(client, cast, db, round_, now):
    """No surveillance of a person by the minute."""
    begun = makers.make_attempt(db, round_, cast.person, at=later(minutes=3))
    makers.make_attempt(db, round_, cast.officer.person, right=1, at=later(minutes=7))
    now(later(minutes=11))
    browser, base = client.as_(cast.officer), f"/rounds/{round_.id}"

    for path in ("", "/board", "/people", "/missing", f"/people/{begun.candidate_id}"):
        page = browser.get(base + path).text
        assert re.findall("20:03|20:07|20:33", page) == [], path


@pytest.mark.parametrize("units", [1, 3])
def test_the_board_asks_as_many_queries_for_one_unit_as_for_three(client, cast, db, units, count_queries):
    for number in range(units):
        makers.make_person(db, "同事", makers.make_unit(db, f"单位{number}", cast.county))
    round_ = makers.make_round(db, cast.county)
    browser = client.as_(cast.officer)

    with count_queries() as sent:
        assert browser.get(f"/rounds/{round_.id}/board").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 5


# who is missing


def test_the_list_to_phone_names_those_who_have_not_begun_unit_by_unit(client, cast, db, round_):
    makers.make_attempt(db, round_, cast.officer.person)
    cast.person.phone = "13800000001"

    page = client.as_(cast.clerk).get(f"/rounds/{round_.id}/missing").text

    assert "没开始答题的 3 人" in page
    assert '<a href="tel:13800000001">' in page
    assert shown(page).index("青杠镇，2 人") < shown(page).index("柏树村，1 人")
    assert "县管理员" not in page
    assert "买买提" not in client.as_(cast.outsider).get(f"/rounds/{round_.id}/missing").text


def test_when_nobody_is_missing_the_page_says_so(client, cast, db):
    round_ = makers.make_round(db, cast.county, only=[cast.person.id])
    makers.make_attempt(db, round_, cast.person)

    assert "没有人还没开始" in client.as_(cast.clerk).get(f"/rounds/{round_.id}/missing").text


# the window


def fields(opens="2026-11-20T20:00", closes="2026-11-20T22:30", sure=False):
    """sure: the effect of this window has been shown."""
    said = f"{opens}/{closes}" if sure else ""
    return {"opens_at": opens, "closes_at": closes, "reason": "停电", "sure": said}


def test_moving_the_window_first_says_whom_it_touches(client, cast, db, round_):
    """rules.md 6."""
    attempt = makers.make_attempt(db, round_, cast.person)
    late = makers.make_attempt(db, round_, cast.clerk.person, at=later(minutes=110))
    officer, url = client.as_(cast.officer), f"/rounds/{round_.id}/window"

    asked = officer.send(url, **fields())
    assert "没开始的 4 人" in asked.text
    assert "正在答题的 1 人，截止时间往后移" in asked.text
    db.refresh(round_)
    assert round_.closes_at == later(hours=2)

    assert officer.send(url, **fields(sure=True)).location == f"/rounds/{round_.id}"
    for row in (round_, attempt, late):
        db.refresh(row)
    assert (round_.closes_at, attempt.deadline_at) == (later(minutes=150), later(minutes=30))
    assert late.deadline_at == later(minutes=140)


def test_what_was_shown_for_one_window_does_not_confirm_another(client, cast, db, round_):
    shown_for_another = {**fields(closes="2026-11-20T22:30"), "sure": "2026-11-20T20:00/2026-11-20T21:00"}

    assert "没开始的 6 人" in client.as_(cast.officer).send(f"/rounds/{round_.id}/window", **shown_for_another).text
    db.refresh(round_)
    assert round_.closes_at == later(hours=2)


def test_a_window_that_cannot_be_is_said_on_the_form(client, cast, round_):
    page = client.as_(cast.officer).send(f"/rounds/{round_.id}/window", **fields(closes="2026-11-20T19:00", sure=True))

    assert "在现在以后" in page.text


def test_an_end_that_is_left_as_it_stands_keeps_its_seconds(client, cast, db, round_):
    round_.closes_at = later(hours=2, seconds=37)
    makers.make_attempt(db, round_, cast.person)

    page = client.as_(cast.officer).send(f"/rounds/{round_.id}/window", **fields(closes="2026-11-20T22:00", sure=True))

    assert "没有变" in page.text


# pausing, more time


def test_a_pause_and_its_end_by_the_pages(client, cast, db, round_, now):
    attempt = makers.make_attempt(db, round_, cast.person)
    officer, base = client.as_(cast.officer), f"/rounds/{round_.id}"
    assert "正在答题的 1 人" in officer.get(f"{base}/pause").text

    officer.send(f"{base}/pause", reason="停电")
    page = officer.get(base).text
    assert ("已暂停" in page, "恢复答题" in page, "改开放时间" in page) == (True, True, False)

    now(later(minutes=10))
    officer.send(f"{base}/resume")
    assert "补回 10 分" in officer.get(base).text
    db.refresh(attempt)
    assert attempt.deadline_at == later(minutes=40)


def test_the_reason_for_a_pause_is_owed(client, cast, db, round_):
    assert "请填写这一项" in client.as_(cast.officer).send(f"/rounds/{round_.id}/pause", reason="").text
    db.refresh(round_)
    assert round_.paused_at is None


def test_a_whole_unit_gets_more_time_and_reads_why(client, cast, db, round_):
    """rules.md 5: a reason is kept and the person reads it."""
    officer = client.as_(cast.officer)

    page = officer.send(f"/rounds/{round_.id}/extend", unit=cast.town.id, minutes="20", reason="镇上停电", follow=True)

    assert page.location == f"/rounds/{round_.id}"
    assert "已为 3 人延长到共 20 分钟" in officer.get(f"/rounds/{round_.id}").text
    assert "为您延长 20 分钟（镇上停电）" in client.as_(cast.learner).get(f"/quiz/{round_.id}").text


def test_an_officer_of_a_township_extends_the_own_units_only(client, cast, db, round_):
    officer = makers.make_account(db, makers.make_person(db, "镇管理员", cast.town), {Role.OFFICER: cast.town})
    browser = client.as_(officer)
    page = browser.get(f"/rounds/{round_.id}/extend").text
    assert ("青杠镇" in page, "雪松乡" in page) == (True, False)

    answer = browser.send(f"/rounds/{round_.id}/extend", unit=cast.other_town.id, minutes="20", reason="停电")

    assert answer.status_code == 200
    assert set(db.scalars(select(Candidate.extension))) == {0}


@pytest.mark.parametrize("path", ["window", "pause", "resume", "extend", "cancel", "moves", "missing", "board"])
@pytest.mark.parametrize("who", ["clerk", "learner", "outsider", "committee"])
def test_running_a_round_is_not_for_everybody(client, cast, db, round_, who, path):
    browser, url = client.as_(getattr(cast, who)), f"/rounds/{round_.id}/{path}"
    reads = {"moves": {"clerk", "outsider", "committee"}, "board": {"clerk", "outsider", "committee"}}
    reads["missing"] = {"clerk", "outsider"}

    answer = browser.get(url)

    assert (answer.status_code == 200) is (who in reads.get(path, ()))
    if path not in reads:
        assert browser.send(url, minutes="5", unit="0", **fields(sure=True)).status_code in {403, 404}
        db.refresh(round_)
        assert (round_.state, round_.paused_at, round_.closes_at) == ("published", None, later(hours=2))


@pytest.mark.parametrize("path", ["window", "pause", "resume", "extend", "cancel", "moves", "missing", "board"])
def test_a_round_of_another_township_is_not_run_from_outside(client, cast, db, path):
    other = makers.make_round(db, cast.town)
    officer = makers.make_account(
        db, makers.make_person(db, "邻乡管理员", cast.other_town), {Role.OFFICER: cast.other_town}
    )

    assert client.as_(officer).get(f"/rounds/{other.id}/{path}").status_code == 404


# exemptions after the end, comings and goings


def test_after_the_end_the_clerk_reads_and_the_officer_exempts(client, cast, db, round_, now):
    candidate = queries.sitting(db, round_.id, cast.person.id).candidate
    url = f"/rounds/{round_.id}/people/{candidate.id}"
    now(later(days=1))

    assert "登记免考" not in client.as_(cast.clerk).get(url).text
    assert client.as_(cast.clerk).send(f"{url}/exempt", reason="产假").status_code == 409
    assert "登记免考" in client.as_(cast.officer).get(url).text
    client.as_(cast.officer).send(f"{url}/exempt", reason="产假")

    db.refresh(candidate)
    assert (candidate.exempt_reason, candidate.exempt_by) == ("产假", cast.officer.name)
    assert (
        db.scalars(select(audit.AuditLine).where(audit.AuditLine.deed == "exempt_candidate")).one().after["reason"]
        == "产假"
    )


def test_later_joiners_and_leavers_stand_in_a_note(client, cast, db, round_):
    """rules.md 27."""
    makers.make_person(db, "新来的", cast.village)
    cast.person.assignments[0].until_on = makers.TODAY
    officer, base = client.as_(cast.officer), f"/rounds/{round_.id}"

    assert "新到 1 人、离开 1 人" in shown(officer.get(base).text)
    page = shown(officer.get(f"{base}/moves").text)
    assert ("新来的（柏树村）" in page, "买买提·艾力（青杠镇）" in page) == (True, True)
    assert "新来的" not in client.as_(cast.outsider).get(f"{base}/moves").text


@pytest.mark.parametrize(
    ("minutes", "state", "said"),
    [
        (0, "draft", "草稿"), (-1, "published", "未开始"), (1, "published", "进行中"), (121, "published", "已截止"),
        (300, "closed", "已月结"), (1, "cancelled", "已取消"),
    ],
)  # fmt: skip
def test_a_round_says_in_words_where_it_stands(client, cast, db, now, minutes, state, said):
    round_ = makers.make_round(db, cast.county, published=state != "draft")
    if state in ("closed", "cancelled"):
        round_.state = state
    now(later(minutes=minutes))

    assert f"</svg> {said}</span>" in client.as_(cast.officer).get("/rounds/").text
