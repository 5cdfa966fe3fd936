"""Corrections through the browser's door: look, propose, approve by another, read it as the person, correct the month."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from school.access import Role
from school.quizzes import correction_actions, queries
from school.quizzes.correction import Remedy
from school.quizzes.models import Attempt, KeyCorrection
from school.results import actions as results
from school.results.models import MonthResult
from tests import makers
from tests.makers import NOW, later
from tests.quizzes import exam_makers
from tests.quizzes.exam_makers import FIRST, SECOND, make_exam, sit

LOOK = {"deed": "rekey", "key": "b", "never_lower": "y", "reason": "答案与第二十一条不符"}


def proposed(db, exam):
    """Full points for the first question, waiting for a second person."""
    asked = correction_actions.Proposal(exam.questions[0], Remedy("full", None, True), "题干缺字")
    return correction_actions.propose(db, exam.round, asked, by=FIRST, now=NOW)


@pytest.fixture
def exam(db, cast):
    made = make_exam(db, cast.county, ["single", "judge", "fill"])
    sit(db, made, cast.person, cast.town, {1: ["b"], 2: [True]})
    sit(db, made, makers.make_person(db, "学员", cast.town), cast.town, {1: ["a"], 2: [True]})
    db.commit()
    return made


@pytest.fixture
def over(now):
    """Nobody can be answering any more."""
    return now(later(hours=3))


@pytest.fixture
def second(db, cast):
    """Another officer of the county."""
    return makers.make_account(
        db, makers.make_person(db, "副管理员", cast.county), {Role.OFFICER: cast.county}
    )  # fmt: skip


def address(exam, question=0):
    return f"/rounds/{exam.round.id}/corrections/questions/{exam.questions[question]}"


def scores(db):
    return [str(score) for _, score in exam_makers.rows(db)[1]]


def test_answers_are_shut_while_anybody_may_be_answering(client, cast, db, exam, now):
    """rules.md 12: for officers, too."""
    officer, where = client.as_(cast.officer), f"/rounds/{exam.round.id}/corrections"
    remedy = Remedy("rekey", [["四十"]], True)
    made = correction_actions.propose(
        db, exam.round, correction_actions.Proposal(exam.questions[2], remedy, "答案印错"), by=FIRST, now=NOW
    )
    shut = [address(exam, 2), f"{where}/{made.id}"]

    listed = officer.get(where).text
    assert ("2026年11月20日 22:00 以后才打开" in listed, [one in listed for one in shut]) == (True, [False, False])
    assert [one.stem in listed for one in exam.papers[0].questions] == [False] * 3
    pages = [officer.get(one, query_string=LOOK) for one in shut] + [officer.send(shut[0], **LOOK)]
    assert [page.status_code for page in pages] == [409] * 3
    assert not any("四十" in page.text or "三十" in page.text for page in pages)

    now(later(hours=2, seconds=20))
    officer = client.as_(cast.officer)
    listed = officer.get(where).text
    assert ("以后才打开" in listed, [one in listed for one in shut]) == (False, [True, True])
    assert "四十" in officer.get(shut[1]).text


def test_an_officer_who_is_called_reads_no_question_before_the_window_closes(client, cast, db, now):
    """rules.md 12: whoever prepares a round may have to sit it."""
    round_ = makers.make_round(db, cast.county, opens_at=later(hours=1))
    db.commit()
    called = queries.sitting(db, round_.id, cast.officer.person_id)
    asked = queries.questions_of(db, called.candidate.paper_id)
    where = f"/rounds/{round_.id}/corrections"

    for moment in (NOW, later(hours=1, minutes=5)):
        now(moment)
        page = client.as_(cast.officer).get(where).text
        assert [question.stem in page for question in asked] == [False] * 4
    now(later(hours=5))
    page = client.as_(cast.officer).get(where).text
    assert [question.stem in page for question in asked] == [True] * 4
    assert client.as_(cast.outsider).get(where).status_code == 403


def test_one_proposes_after_looking_and_another_approves(client, cast, db, exam, second, over):
    """rules.md 23."""
    officer, other = client.as_(cast.officer), client.as_(second)
    assert "题目或答案有误时用" in officer.get(f"/rounds/{exam.round.id}").text
    assert "1/2" in officer.get(f"/rounds/{exam.round.id}/corrections").text
    assert "看会改变什么" in officer.get(address(exam)).text

    page = officer.get(address(exam), query_string=LOOK).text
    assert "买买提·艾力" in page
    assert "5 → 10" in page
    assert "变为合格" in page
    assert "学员" not in page.partition("人员的变化")[2].partition("</table>")[0]
    assert (scores(db), db.scalar(select(func.count()).select_from(KeyCorrection))) == (["5", "10"], 0)

    where = officer.send(address(exam), **LOOK).location
    assert scores(db) == ["5", "10"]
    page = officer.get(where).text
    assert "要请另一位管理员" in page
    assert "批准改判</button>" not in page
    assert officer.send(f"{where}/approve").status_code == 409

    assert "1 项待批准" in other.get(f"/rounds/{exam.round.id}").text
    assert "批准改判</button>" in other.get(where).text
    other.send(f"{where}/approve")
    assert scores(db) == ["10", "10"]
    page = officer.get(where).text
    assert "已生效" in page
    assert "5 → 10" in page

    assert "每份答卷都恢复" in officer.get(f"{where}/undo").text
    officer.send(f"{where}/undo", reason="看错了法条")
    assert scores(db) == ["5", "10"]
    assert "已撤销" in officer.get(where).text


def test_a_proposal_is_turned_down_with_a_reason(client, cast, db, exam, second, over):
    where = client.as_(cast.officer).send(address(exam), **LOOK).location
    other = client.as_(second)

    assert "请填写这一项" in other.send(f"{where}/reject", reason="").text
    other.send(f"{where}/reject", reason="原答案没有错")

    assert db.scalar(select(KeyCorrection.state)) == "rejected"
    assert "已驳回" in other.get(f"/rounds/{exam.round.id}/corrections").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "a"}, "和原来的一样"),
        ({"key": ["b", "c"]}, "请选择更正后的答案"),
        ({"key": []}, "请选择更正后的答案"),
        ({"reason": ""}, "请写明错在哪里"),
        ({"deed": ""}, "请选择怎样改判"),
    ],
)
def test_what_is_missing_or_wrong_is_named_on_the_form(client, cast, db, exam, over, changed, said):
    page = client.as_(cast.officer).get(address(exam), query_string={**LOOK, **changed})

    assert said in page.text
    assert "会改变什么</h2>" not in page.text


def test_a_fill_in_is_put_right_line_by_line(client, cast, db, exam, over):
    officer = client.as_(cast.officer)
    fields = {"deed": "rekey", "blanks": "四十；40", "never_lower": "y", "reason": "答案印错"}

    where = officer.send(address(exam, 2), **fields).location

    assert db.scalar(select(KeyCorrection.key)) == [["四十", "40"]]
    assert "四十 或 40" in officer.get(where).text
    page = officer.get(address(exam, 2), query_string={**fields, "blanks": "四十\n五十"}).text
    assert "已有一项改判" in page


def test_a_blank_for_which_nothing_would_be_right_is_no_key(client, cast, db, exam, over):
    fields = {"deed": "rekey", "blanks": "；", "never_lower": "", "reason": "答案印错"}

    answer = client.as_(cast.officer).send(address(exam, 2), **fields)

    assert "请每行写一个空的答案" in answer.text
    assert db.scalars(select(KeyCorrection)).all() == []


def test_the_number_nought_is_no_question(client, cast, exam, over):
    assert client.as_(cast.officer).get(f"/rounds/{exam.round.id}/corrections/questions/0").status_code == 404


@pytest.mark.parametrize("deed", ["full", "removed"])
def test_the_page_says_which_way_a_void_question_was_treated(client, cast, db, exam, now, deed):
    """rules.md 24, for the person, too."""
    made = correction_actions.propose(
        db,
        exam.round,
        correction_actions.Proposal(exam.questions[0], Remedy(deed, None, True), "题干缺字"),
        by=FIRST,
        now=NOW,
    )
    correction_actions.approve(db, made, by=SECOND, now=NOW)
    told = {"full": "抽到此题的人都得满分", "removed": "从总分中剔除"}[deed]
    db.commit()
    now(later(hours=3))

    assert told in client.as_(cast.officer).get(f"/rounds/{exam.round.id}/corrections/{made.id}").text
    page = client.as_(cast.learner).get(f"/quiz/{exam.round.id}/result").text
    assert told in page
    assert "此题作废" in page
    assert "题干缺字" in page


def test_the_person_reads_the_corrected_key_and_what_it_changed(client, cast, db, exam, now):
    made = correction_actions.propose(
        db,
        exam.round,
        correction_actions.Proposal(exam.questions[0], Remedy("rekey", ["b"], True), "答案印错"),
        by=FIRST,
        now=NOW,
    )
    correction_actions.approve(db, made, by=SECOND, now=NOW)
    db.commit()
    now(later(hours=3))

    page = client.as_(cast.learner).get(f"/quiz/{exam.round.id}/result").text

    assert "由 5 分改为 10 分" in page
    line = page.partition("正确答案")[2]
    right, _, note = line.partition("更正")
    assert "选项b" in right
    assert "选项a" not in right
    assert "选项a" in note.partition("原因")[0]


@pytest.mark.parametrize("path", ["", "/questions/{question}", "/{made}", "/{made}/undo", "/{made}/reject"])
def test_an_officer_of_another_township_finds_no_corrections(client, cast, db, exam, path):
    made = proposed(db, exam)
    outsider = makers.make_account(
        db, makers.make_person(db, "邻乡管理员", cast.other_town), {Role.OFFICER: cast.other_town}
    )
    where = f"/rounds/{exam.round.id}/corrections" + path.format(question=exam.questions[0], made=made.id)
    approving = f"/rounds/{exam.round.id}/corrections/{made.id}/approve"

    assert client.as_(outsider).get(where).status_code == 404
    assert client.as_(outsider).send(approving).status_code == 404
    assert client.as_(cast.outsider).get(where).status_code == 403
    assert db.scalar(select(KeyCorrection.state)) == "proposed"


def test_a_correction_of_another_round_is_not_found(client, cast, db, exam, over):
    made = proposed(db, exam)
    another = make_exam(db, cast.county, ["single"])
    officer = client.as_(cast.officer)

    assert officer.get(f"/rounds/{another.round.id}/corrections/{made.id}").status_code == 404
    assert officer.get(f"/rounds/{another.round.id}/corrections/questions/{exam.questions[0]}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_many_queries_for_one_question_and_correction_as_for_three(
    client, cast, db, count_queries, number
):
    exam = make_exam(db, cast.county, ["single"] * number)
    for question in exam.questions:
        asked = correction_actions.Proposal(question, Remedy("full", None, True), "题干缺字")
        correction_actions.propose(db, exam.round, asked, by=FIRST, now=NOW)
    officer = client.as_(cast.officer)
    officer.get(f"/rounds/{exam.round.id}/corrections")

    with count_queries() as sent:
        page = officer.get(f"/rounds/{exam.round.id}/corrections").text

    assert page.count("题干缺字") == number
    assert len([line for line in sent if line.startswith("SELECT")]) == 7


@pytest.fixture
def closed(db, exam):
    """The round's month, closed after everybody's time, and an approved correction since."""
    first = results.close_month(db, exam.round, grace=20, by=FIRST, now=later(hours=3))
    made = correction_actions.propose(
        db, exam.round, correction_actions.Proposal(exam.questions[0], Remedy("rekey", ["b"], True), "答案印错"), by=FIRST,
        now=later(hours=4),
    )  # fmt: skip
    correction_actions.approve(db, made, by=SECOND, now=later(hours=5))
    db.commit()
    return first, made


def versions(db):
    return [
        (row.number, row.reason, row.value["total"]["passed"])
        for row in db.scalars(select(MonthResult).order_by(MonthResult.number))
    ]


def test_a_correction_after_the_close_becomes_a_numbered_one_and_so_does_its_undoing(client, cast, db, now, closed):
    """rules.md 25: what was closed stays; 更正 1 counts the corrected scores, 更正 2 the undone ones."""
    first, made = closed
    now(later(hours=6))
    officer = client.as_(cast.officer)
    page = officer.get(f"/results/{first.id}").text
    assert "题目改判已生效（答案印错），这里的结果还没有更正" in page
    assert "题目改判：答案印错" in officer.get(f"/results/{first.id}/correct").text

    where = officer.send(f"/results/{first.id}/correct", reason="题目改判：答案印错").location
    assert "还没有更正" not in officer.get(where).text
    assert versions(db) == [(0, "", 1), (1, "题目改判：答案印错", 2)]

    now(later(hours=7))
    officer.send(f"/rounds/{made.round_id}/corrections/{made.id}/undo", reason="看错了")
    assert "题目改判已撤销（答案印错），这里的结果还没有更正" in officer.get(where).text
    assert "撤销改判：答案印错" in officer.get(f"{where}/correct").text
    officer.send(f"{where}/correct", reason="撤销改判")
    assert versions(db) == [(0, "", 1), (1, "题目改判：答案印错", 2), (2, "撤销改判", 1)]


def test_what_was_approved_and_undone_before_the_month_was_corrected_asks_for_nothing(client, cast, db, now, closed):
    first, made = closed
    correction_actions.undo(db, made, "看错了", by=FIRST, now=later(hours=6))
    db.commit()
    now(later(hours=7))

    assert "还没有更正" not in client.as_(cast.officer).get(f"/results/{first.id}").text


def test_the_committee_reads_no_button(client, cast, db, now, closed):
    now(later(hours=6))

    assert "办理更正" not in client.as_(cast.committee).get(f"/results/{closed[0].id}").text


def test_a_void_question_is_in_no_topic_share(db, cast, exam):
    """Of four questions asked and answered rightly by one of two: without the void one two, of which two are right."""
    made = proposed(db, exam)
    correction_actions.approve(db, made, by=SECOND, now=NOW)

    month = results.close_month(db, exam.round, grace=20, by=FIRST, now=later(hours=3)).value

    assert [(one["right"], one["asked"]) for one in month["topics"]] == [(2, 4)]


def test_the_month_is_not_closed_while_answers_wait_and_the_page_leads_to_them(client, cast, db, now):
    exam = make_exam(db, cast.county, ["short"])
    sit(db, exam, cast.person, cast.town, {1: ["七十年"]})
    db.commit()
    now(later(hours=3))
    officer = client.as_(cast.officer)

    page = officer.get(f"/results/rounds/{exam.round.id}/close").text
    assert "还有 1 份作答等待人工评阅" in page
    assert f"/rounds/{exam.round.id}/marking" in page
    assert officer.send(f"/results/rounds/{exam.round.id}/close").status_code == 409
    assert db.scalar(select(func.count()).select_from(MonthResult)) == 0
    assert db.scalar(select(Attempt.score)) == Decimal(0)
