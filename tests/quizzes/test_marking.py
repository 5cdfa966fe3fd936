"""Marking by hand: what waits, who marks what, when a mark stands, and what it does to the score."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from school import audit
from school import db as ground
from school.errors import Refused
from school.quizzes import marking, marking_actions, marking_queries, queries, running_actions
from school.quizzes.marking import Given
from school.quizzes.models import Answer, Attempt, Mark, Round
from tests import makers
from tests.makers import NOW, later
from tests.quizzes import exam_makers
from tests.quizzes.exam_makers import FIRST, SECOND, THIRD, make_exam, sit


def marks(*points):
    return [Given(number, Decimal(one), number) for number, one in enumerate(points, 1)]


@pytest.mark.parametrize(
    ("given", "two", "stands"),
    [([], False, None), ([3], False, 3), ([], True, None), ([3], True, None), ([3, 3], True, 3), ([3, 4], True, None),
     ([3, 4, "3.5"], True, "3.5")],
)  # fmt: skip
def test_a_mark_stands_as_the_table_says(given, two, stands):
    assert marking.standing(marks(*given), two) == (None if stands is None else Decimal(stands))


@pytest.mark.parametrize(
    ("given", "marker", "number"),
    [
        ([], 9, 1),
        ([3], 9, 2),
        ([3], 1, None),
        ([3, 3], 9, None),
        ([3, 4], 9, 3),
        ([3, 4], 2, None),
        ([3, 4, 4], 9, None),
    ],
)
def test_nobody_marks_the_same_answer_twice_and_a_third_person_decides(given, marker, number):
    assert marking.next_number(marks(*given), True, marker) == number


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [("fill", [" ３０ "], ["30"]), ("short", ["三十 年"], ["三十年"]), ("multi", ["b", "a"], ["a", "b"])],
)
def test_texts_that_differ_in_width_case_and_blanks_only_are_alike(kind, one, other):
    """rules.md 20: full and half width and spaces; the raw texts are kept."""
    assert marking.alike(kind, one) == marking.alike(kind, other)


@given(st.lists(st.text(max_size=8), min_size=2, max_size=2))
def test_what_stands_in_another_blank_is_not_alike(texts):
    one, other = texts
    folded = [marking.folded(text) for text in texts]

    assert (marking.alike("fill", [one, other]) == marking.alike("fill", [other, one])) == (folded[0] == folded[1])


@pytest.mark.parametrize(("full", "given"), [("2", ["0", "0.5", "1", "1.5", "2"]), ("0.75", ["0", "0.5", "0.75"])])
def test_points_go_in_halves_up_to_the_full_ones(full, given):
    assert marking.steps(Decimal(full)) == [Decimal(one) for one in given]


@pytest.fixture
def exam(db, cast):
    """Form A asks a single, a fill-in and a short answer; three people write the same thing, one another."""
    made = make_exam(db, cast.county, ["single", "fill", "short"])
    for number, text in enumerate(["三十年", "三十 年", "三十年", "七十年"]):
        person = makers.make_person(db, f"学员{number}", cast.town)
        sit(db, made, person, cast.town, {1: ["a"], 2: ["30"], 3: [text]})
    db.commit()
    return made


def mark(db, exam, text, points, by=FIRST, third=False, question=2):
    alike = marking.alike("short", [text])
    return marking_actions.mark(
        db, exam.round, exam.questions[question], alike, Decimal(points), third=third, by=by, now=NOW
    )


def scores(db):
    return [str(score) for _, score in exam_makers.rows(db)[1]]


def test_at_handing_in_the_score_is_what_is_known(db, cast, exam):
    """rules.md 18: exact; a fill-in that matches counts at once, the short answer not yet."""
    assert scores(db) == ["10", "10", "10", "10"]
    assert db.scalar(select(func.count()).where(Answer.points.is_(None))) == 4


def test_one_decision_marks_all_of_the_same_text_and_leaves_one_line(db, cast, exam):
    assert mark(db, exam, "三十年", "4.5") == 3

    assert scores(db) == ["14.5", "14.5", "14.5", "10"]
    line = db.scalars(select(audit.AuditLine).where(audit.AuditLine.deed == "mark_answers")).one()
    assert line.after == {"question": exam.questions[2], "points": "4.5", "answers": 3}
    assert [group.given for group in groups(db, exam, SECOND)] == [["七十年"]]


def groups(db, exam, by, question=2):
    waiting = marking_queries.waiting(db, exam.round.id, exam.questions[question])
    return marking_queries.groups(waiting, exam.round, by)


def test_the_most_frequent_text_comes_first(db, cast, exam):
    assert [(group.given, group.count) for group in groups(db, exam, FIRST)] == [(["三十年"], 3), (["七十年"], 1)]


@pytest.mark.parametrize("points", ["-0.5", "0.25", "5.5", "4.75"])
def test_points_that_are_no_halves_up_to_the_full_ones_are_refused(db, cast, exam, points):
    """rules.md 18: 0 ≤ points ≤ full."""
    with pytest.raises(Refused, match="半分"):
        mark(db, exam, "三十年", points)


def test_the_second_of_two_markers_makes_it_stand_when_both_agree(db, cast, exam):
    exam.round.two_markers = True
    mark(db, exam, "三十年", 4)
    assert scores(db)[0] == "10"
    assert mark(db, exam, "三十年", 4) == 0

    assert mark(db, exam, "三十年", 4, by=SECOND) == 3
    assert scores(db) == ["14", "14", "14", "10"]


def test_two_who_differ_are_decided_between_by_a_third_only(db, cast, exam):
    exam.round.two_markers = True
    mark(db, exam, "三十年", 4)
    mark(db, exam, "三十年", 2, by=SECOND)

    queue = marking_queries.queue(db, exam.round, THIRD)
    assert [(line.waiting, line.mine, line.disputed) for line in queue] == [(4, 4, 3)]
    assert mark(db, exam, "三十年", 3, by=FIRST, third=True) == 0
    assert mark(db, exam, "三十年", 3, by=THIRD) == 0
    assert groups(db, exam, THIRD)[-1].points == (4, 2)
    assert mark(db, exam, "三十年", 3, by=THIRD, third=True) == 3
    assert scores(db) == ["13", "13", "13", "10"]
    deeds = db.scalars(select(audit.AuditLine.deed).order_by(audit.AuditLine.id)).all()
    assert deeds[-3:] == ["mark_answers", "mark_answers", "decide_dispute"]


def test_the_second_marker_does_not_see_what_the_first_gave(db, cast, exam):
    exam.round.two_markers = True
    mark(db, exam, "三十年", 4)

    assert {group.points for group in groups(db, exam, SECOND)} == {()}


def test_one_takes_an_own_decision_back_until_somebody_goes_on_from_it(db, cast, exam):
    alike = marking.alike("short", ["三十年"])
    question_id = exam.questions[2]
    mark(db, exam, "三十年", 4)

    assert marking_actions.take_back(db, exam.round, question_id, alike, by=SECOND, now=NOW) == 0
    assert marking_actions.take_back(db, exam.round, question_id, alike, by=FIRST, now=NOW) == 3
    assert scores(db) == ["10", "10", "10", "10"]
    assert db.scalar(select(func.count()).select_from(Mark)) == 0

    exam.round.two_markers = True
    mark(db, exam, "三十年", 4)
    mark(db, exam, "三十年", 4, by=SECOND)
    assert marking_actions.take_back(db, exam.round, question_id, alike, by=FIRST, now=NOW) == 0
    assert marking_actions.take_back(db, exam.round, question_id, alike, by=SECOND, now=NOW) == 3
    assert scores(db)[0] == "10"


def test_somebody_who_hands_in_later_waits_with_the_same_text(db, cast, exam):
    mark(db, exam, "三十年", 4)
    sit(db, exam, cast.person, cast.town, {3: ["三十年"]}, at=later(minutes=5))

    assert [group.given for group in groups(db, exam, FIRST)] == [["七十年"], ["三十年"]]


def test_twenty_markers_at_once_make_one_decision(engine, db, cast, exam):
    """rules.md 13, 14: the round is held, so that the first decision is the only one."""
    ids = exam.round.id, exam.questions[2]
    alike = marking.alike("short", ["三十年"])
    db.commit()
    counts = []

    def once(number):
        by = exam_makers.officer(f"评{number}", number)
        with ground.writing(engine) as own:
            round_ = queries.own_round(own, ids[0], by)
            points = Decimal(number % 6)
            counts.append(marking_actions.mark(own, round_, ids[1], alike, points, third=False, by=by, now=NOW))

    threads = [threading.Thread(target=once, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == [0] * 19 + [3]
    assert db.scalar(select(func.count()).select_from(Mark)) == 3
    assert db.scalar(select(func.count()).where(audit.AuditLine.deed == "mark_answers")) == 1
    assert len(set(scores(db)[:3])) == 1


def test_a_round_is_not_closed_while_answers_wait(db, cast, exam):
    over = later(hours=3)
    with pytest.raises(Refused, match="还有 4 份作答等待人工评阅"):
        running_actions.close(db, exam.round, grace=20, by=FIRST, now=over)

    mark(db, exam, "三十年", 4)
    mark(db, exam, "七十年", 0)
    running_actions.close(db, exam.round, grace=20, by=FIRST, now=over)
    assert exam.round.state == "closed"
    with pytest.raises(Refused, match="已经结束"):
        marking_actions.take_back(db, exam.round, exam.questions[2], "x", by=FIRST, now=over)


def test_a_multi_choice_marked_by_hand_waits_only_where_it_is_neither_right_nor_wrong(db, cast):
    """rules.md 19: the fourth of the modes clerks know."""
    exam = make_exam(db, cast.county, ["multi"], multi_rule="hand")
    for given_ in (["a", "b"], ["c"], ["a", "c"], []):
        sit(db, exam, makers.make_person(db, "学员", cast.town), cast.town, {1: given_})

    assert [group.given for group in groups(db, exam, FIRST, 0)] == [["a", "c"]]
    assert scores(db) == ["5", "0", "0", "0"]


# pages


@pytest.fixture
def over(now):
    """Nobody can be answering any more."""
    return now(later(hours=3))


def test_a_reference_answer_is_shut_while_anybody_may_be_answering(client, cast, exam, now):
    """rules.md 12: for officers, too."""
    officer, where = client.as_(cast.officer), f"/rounds/{exam.round.id}/marking"

    queue = officer.get(where).text
    assert ("2026年11月20日 22:00 以后才打开" in queue, f"{where}/{exam.questions[2]}" in queue) == (True, False)
    assert [one.stem in queue for one in exam.papers[0].questions] == [False] * 3
    refused = officer.get(f"{where}/{exam.questions[2]}")
    assert (refused.status_code, "三十年不变" in refused.text) == (409, False)
    assert "2026年11月20日 22:00 以后才能看参考答案" in refused.text

    now(later(hours=2, seconds=20))
    officer = client.as_(cast.officer)
    queue = officer.get(where).text
    assert ("以后才打开" in queue, f"{where}/{exam.questions[2]}" in queue) == (False, True)
    assert "三十年不变" in officer.get(f"{where}/{exam.questions[2]}").text


def test_an_officer_marks_from_the_queue_and_the_next_text_comes_up(client, cast, db, exam, over):
    officer = client.as_(cast.officer)
    where = f"/rounds/{exam.round.id}/marking"
    assert "4 份等待" in officer.get(f"/rounds/{exam.round.id}").text

    page = officer.get(f"{where}/{exam.questions[2]}").text
    assert "这样写的有 3 份" in page
    assert "三十年不变" in page  # the reference answer
    assert "学员0" not in page

    alike = marking.alike("short", ["三十年"])
    page = officer.send(f"{where}/{exam.questions[2]}", alike=alike, points="2.5")
    page = officer.get(page.location).text
    assert "已给 2.5 分，共 3 份" in page
    assert "这样写的有 1 份" in page
    assert scores(db) == ["12.5", "12.5", "12.5", "10"]

    officer.send(f"{where}/{exam.questions[2]}/back", alike=alike)
    assert scores(db) == ["10", "10", "10", "10"]


def test_a_decision_that_was_taken_meanwhile_is_not_taken_twice(client, cast, db, exam, over):
    officer = client.as_(cast.officer)
    where = f"/rounds/{exam.round.id}/marking/{exam.questions[2]}"
    alike = marking.alike("short", ["三十年"])
    officer.send(where, alike=alike, points="2")

    again = officer.get(officer.send(where, alike=alike, points="5").location).text

    assert "刚才已经评过了" in again
    assert scores(db)[0] == "12"


def test_nobody_marks_while_anybody_may_be_answering(client, cast, db, exam):
    where = f"/rounds/{exam.round.id}/marking/{exam.questions[2]}"

    sent = client.as_(cast.officer).send(where, alike=marking.alike("short", ["三十年"]), points="2")

    assert sent.status_code == 409
    assert scores(db) == ["10", "10", "10", "10"]


def test_a_fill_in_shows_which_blanks_match(client, cast, db, over):
    exam = make_exam(db, cast.county, ["fill"])
    sit(db, exam, cast.person, cast.town, {1: ["二十九"]})

    page = client.as_(cast.officer).get(f"/rounds/{exam.round.id}/marking/{exam.questions[0]}").text

    assert "对不上" in page
    assert "三十 或 30" in page


@pytest.mark.parametrize("path", ["", "/{question}", "/{question}/back"])
def test_an_officer_of_another_township_finds_no_marking(client, cast, db, exam, path):
    outsider = makers.make_account(
        db, makers.make_person(db, "邻乡管理员", cast.other_town), {makers.Role.OFFICER: cast.other_town}
    )
    where = f"/rounds/{exam.round.id}/marking{path.format(question=exam.questions[2])}"
    sent = client.as_(outsider).send(where, alike=marking.alike("short", ["三十年"]), points="5")

    assert sent.status_code == (405 if not path else 404)
    if not path.endswith("back"):
        assert client.as_(outsider).get(where).status_code == 404
        assert client.as_(cast.outsider).get(where).status_code == 403
    assert scores(db)[0] == "10"


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_asks_as_many_queries_for_one_question_as_for_three(client, cast, db, count_queries, number):
    exam = make_exam(db, cast.county, ["short"] * number)
    sit(db, exam, cast.person, cast.town, {position: ["不知道"] for position in range(1, number + 1)})
    officer = client.as_(cast.officer)
    officer.get(f"/rounds/{exam.round.id}/marking")

    with count_queries() as sent:
        page = officer.get(f"/rounds/{exam.round.id}/marking").text

    assert page.count('data-label="题型"') == number
    assert len([line for line in sent if line.startswith("SELECT")]) == 8


def test_the_person_reads_that_a_question_waits_and_no_verdict(client, cast, db, now):
    exam = make_exam(db, cast.county, ["single", "short"], pass_mark=Decimal(6), excellent_mark=Decimal(9))
    attempt = sit(db, exam, cast.person, cast.town, {1: ["a"], 2: ["七十年"]})
    now(later(hours=3))

    page = client.as_(cast.learner).get(f"/quiz/{exam.round.id}/result").text
    assert "有 1 题待人工评阅" in page
    assert "目前 5 分" in page
    assert "未到合格线" not in page

    db.get_one(Attempt, attempt.id)
    exam.round = db.get_one(Round, exam.round.id)
    marking_actions.mark(
        db,
        exam.round,
        exam.questions[1],
        marking.alike("short", ["七十年"]),
        Decimal(2),
        third=False,
        by=FIRST,
        now=NOW,
    )
    page = client.as_(cast.learner).get(f"/quiz/{exam.round.id}/result").text
    assert "7 分（满分 10 分）" in page
    assert "待人工评阅" not in page
    assert "三十年不变" in page
