"""Keys and explanations are nowhere before review time: every address, everybody, every state of a round. Both databases."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from school.access import Role
from school.questions.exports import EXPORTS
from school.questions.models import QuestionVersion
from school.quizzes import correction_actions, queries, running_actions, taking_actions
from school.quizzes.correction import Remedy
from school.quizzes.correction_actions import Proposal
from school.quizzes.models import Answer, Attempt, PaperQuestion, Round
from school.quizzes.paper import Part
from school.results import actions as results
from school.roster.models import Person
from tests import makers
from tests.makers import NOW, ROOT, later
from tests.quizzes.exam_makers import FIRST
from tests.reports import reading
from tests.test_security import FIELDS, addresses, filled

KINDS = ("single", "multi", "judge", "fill", "short")
PARTS = tuple(Part(kind, 1, Decimal(5)) for kind in KINDS)
#: stands in every explanation, in every clause of the paper, in every key that is a text and in a proposed correction
SIGN = "哨兵"
TEXT_KEYS = {"fill": [["哨兵甲", "哨兵乙"]], "short": "哨兵参考答案"}
#: other keys with as many blanks, so that whatever hangs on a key shows another word
OTHER_KEYS = {"single": ["c"], "multi": ["b", "d"], "judge": False, "fill": [["五十"]], "short": "另一种"}
#: what the learner answers; the written ones wait for a marker
GIVEN = {"single": ["b"], "multi": ["a", "c"], "judge": [True], "fill": ["三十一"], "short": ["不知道"]}
STATES = {
    "draft": later(hours=-1), "before the opening": later(hours=-1), "open": NOW, "answering": later(minutes=5),
    "paused": later(hours=5), "somebody has more time": later(hours=2, minutes=30),
    "before the review time": later(days=1), "closed before the review time": later(days=1),
    "cancelled": later(days=1),
}  # fmt: skip
REVIEW_AT = later(days=2)
#: an officer of the unit that owns the bank works on its questions here: the only rooms where keys are told (what waits
#: for its review, and the files and lists of an import, have them too, but no paper is drawn from those)
BANK_ROOMS = {"questions.question.show", "questions.question.rewrite", "questions.exports.file"}
#: an officer of the round judges here what was handed in, as soon as nobody can be answering
JUDGING = {"quizzes.marking.question", "quizzes.corrections.question", "quizzes.corrections.one"}
#: staff: teacher, committee, auditor and system administrator in one; neighbour: all roles of units in the next township
EVERYBODY = ["officer", "learner", "colleague", "clerk", "staff", "neighbour"]


@pytest.fixture
def people(db, cast):
    """Accounts by what they are called here; the colleague is called to the round and has answered everything."""
    colleague = makers.make_person(db, "同事", cast.town)
    neighbour = makers.make_person(db, "邻乡管理员", cast.other_town)
    units = (Role.OFFICER, Role.CLERK, Role.TEACHER, Role.COMMITTEE, Role.SYSADMIN)
    staff = {
        Role.TEACHER: cast.town,
        Role.COMMITTEE: cast.county,
        Role.AUDITOR: cast.county,
        Role.SYSADMIN: cast.county,
    }
    made = {
        "colleague": makers.make_account(db, colleague),
        "neighbour": makers.make_account(db, neighbour, dict.fromkeys(units, cast.other_town)),
        "staff": makers.make_account(db, None, staff),
    }
    db.commit()
    return {who: made.get(who) or getattr(cast, who) for who in EVERYBODY}


@pytest.fixture
def ids(db, cast, people, state) -> dict[str, int]:
    """The round in its state; argument of an address -> id. Whoever looks at it has to set the clock first."""
    bank = makers.make_bank(db, cast.county)
    versions = [
        makers.make_question(
            db, bank, kind, explanation=f"{SIGN}解析", **({"key": TEXT_KEYS[kind]} if kind in TEXT_KEYS else {})
        )
        for kind in KINDS
    ]
    planned = {"parts": PARTS, "forms": 1, "review_at": REVIEW_AT if "review" in state else None}
    round_ = makers.make_round(db, cast.county, questions=0, published=state != "draft", **planned)
    more = taken(db, cast, people, round_, state) if state != "draft" else {}
    db.commit()
    return {
        "round_id": round_.id, "bank_id": bank.id, "question_id": versions[-1].question_id, "unit_id": cast.town.id,
        "person_id": cast.person.id, "account_id": cast.learner.id, "version_id": versions[0].id, **more,
    }  # fmt: skip


def taken(db, cast, people, round_: Round, state: str) -> dict[str, int]:
    """Let people answer as far as the state says."""
    for question in db.scalars(select(PaperQuestion)):
        question.citation = f"{SIGN}依据"
    when = list(STATES).index(state)
    ids = {"candidate_id": queries.sitting(db, round_.id, cast.person.id).candidate.id}
    if when >= list(STATES).index("answering"):
        colleague = db.get_one(Person, people["colleague"].person_id)
        makers.make_attempt(db, round_, colleague, right=3)
        makers.make_attempt(db, round_, cast.person)
        answer(db, round_, cast.person)
        fill = db.scalars(select(PaperQuestion).where(PaperQuestion.kind == "fill")).one()
        proposal = Proposal(fill.question_id, Remedy("rekey", [[f"{SIGN}丙"]], True), "答案印错")
        ids["correction_id"] = correction_actions.propose(db, round_, proposal, by=FIRST, now=NOW).id
    if when > list(STATES).index("answering"):
        sitting = queries.sitting(db, round_.id, cast.person.id)
        taking_actions.hand_in(db, sitting, how="self", by=ROOT, now=later(minutes=10))
    if state == "paused":
        running_actions.pause(db, round_, "停电", by=ROOT, now=later(minutes=15))
    if state == "somebody has more time":
        other = queries.sitting(db, round_.id, cast.clerk.person_id).candidate
        row = queries.candidate(db, round_.id, other.id, ROOT, Role.OFFICER)
        running_actions.extend(db, round_, row, 60, "视力", by=ROOT, now=NOW)
    if state == "cancelled":
        running_actions.cancel(db, round_, "试卷印错了", by=ROOT, now=later(minutes=15))
    if state.startswith("closed"):
        for one in db.scalars(select(Answer).where(Answer.points.is_(None))):
            one.points = Decimal(1)
        ids["result_id"] = results.close_month(db, round_, grace=20, by=ROOT, now=later(hours=3)).id
    return ids


def answer(db, round_: Round, person: Person) -> None:
    paper_id = queries.sitting(db, round_.id, person.id).candidate.paper_id
    for one in queries.questions_of(db, paper_id):
        sending = taking_actions.Sending(round_.id, person.id, one.position, GIVEN[one.kind], 1, "p", NOW)
        taking_actions.save(db, sending, grace=20)


def looked_at(app, ids: dict[str, int]) -> dict[str, str]:
    """Every address that can be read, with the round's own numbers, and every question of the paper and kind of file."""
    found = {named: address for named, address in addresses(app, "GET", "1").items() if "<int:" not in named}
    found |= filled(app, "GET", ids)
    for position in range(1, len(KINDS) + 1):
        found[f"quiz.answering.question {position}"] = f"/quiz/{ids['round_id']}/{position}"
    for kind in EXPORTS:
        found[f"questions.exports.file {kind}"] = f"/banks/{ids['bank_id']}/export/{kind}"
    return found


def told(answer) -> str:
    """All words of an answer, those of a PDF and of the members of a packed file, too."""
    if answer.data.startswith(b"%PDF"):
        return reading.squeezed(reading.by_pdfium(answer.data))
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(answer.data)) as packed:
            return "".join(
                packed.read(name).decode("utf-8", "replace")
                for name in packed.namelist()
                if name != "docProps/core.xml"
            )
    return answer.data.decode("utf-8", "replace")


def read_by(browser, places: dict[str, str]) -> dict[str, str]:
    """What somebody reads at every address; nothing where the house says no."""
    answers = {named: browser.get(address) for named, address in places.items()}
    assert [named for named, answer in answers.items() if answer.status_code >= 500] == []
    assert SIGN not in "".join(told(answer) for answer in answers.values() if answer.status_code != 200)
    return {named: told(answer) if answer.status_code == 200 else "" for named, answer in answers.items()}


def telling(pages: dict[str, str]) -> set[str]:
    """Endpoints whose words hold the sign."""
    return {named.split()[0] for named, words in pages.items() if SIGN in words}


def turn_the_keys(db) -> None:
    """Let other answers be right, for other reasons, with other points."""
    for one in [*db.scalars(select(PaperQuestion)), *db.scalars(select(QuestionVersion))]:
        one.key, one.explanation = OTHER_KEYS[one.kind], "为什么"
    for one in db.scalars(select(PaperQuestion)):
        one.citation = "另一条"
    for one in db.scalars(select(Answer).where(Answer.points.is_not(None))):
        one.points = Decimal(5) - one.points
    for one in db.scalars(select(Attempt).where(Attempt.score.is_not(None))):
        one.score = Decimal(25) - one.score
    db.commit()


#: what differs between two readings of the same page
PASSING = re.compile(r'name="(csrf_token|packet)" value="[^"]*"|nonce-?="?[^"\s]*')


def still(words: str) -> str:
    return PASSING.sub("", words)


def again(browser, address: str, words: str) -> str:
    """A page that was there, read once more; one that was not is as it was."""
    return still(told(browser.get(address)) if words else words)


@pytest.mark.parametrize("state", STATES)
def test_no_address_tells_anybody_a_key_or_an_explanation_before_review_time(app, client, db, people, ids, state, now):
    """rules.md 12: nobody reads the sign but the officer in the rooms for it; and with other keys, other reasons and other
    points every page reads the same, so that no word, mark or order hangs on them."""
    now(STATES[state])
    places = looked_at(app, ids)
    browsers = {who: client.as_(people[who]) for who in EVERYBODY}
    pages = {who: read_by(browser, places) for who, browser in browsers.items()}

    assert {who: where for who in EVERYBODY if (where := telling(pages[who]))} == {
        "officer": BANK_ROOMS | (JUDGING if "review" in state or state == "cancelled" else set())
    }

    turn_the_keys(db)
    del pages["staff"]["accounts.audit_log /audit"]  # which looking lengthens
    changed = {
        who: [
            named for named, words in pages[who].items() if again(browsers[who], places[named], words) != still(words)
        ]
        for who in ["learner", "colleague", "clerk", "staff"]
        if not state.startswith("closed")
    }
    assert {who: where for who, where in changed.items() if where} == {}


@pytest.mark.parametrize("state", ["answering"])
@pytest.mark.parametrize("who", EVERYBODY[1:])
def test_no_form_is_answered_with_a_key_before_review_time(app, client, people, ids, state, now, who):
    """rules.md 12; an officer cancels the round on this way, and what is then read is in the rooms for it."""
    now(STATES[state])
    browser = client.as_(people[who])
    forms = {**addresses(app, "POST", "1"), **filled(app, "POST", ids)}
    fields = {**FIELDS, "csrf_token": browser.token()}
    pages = {
        named: told(browser.post(address, data=fields, follow_redirects=True))
        for named, address in forms.items()
        if "sign_out" not in named
    }

    assert telling(pages) == set()


@pytest.mark.parametrize("state", ["before the review time"])
def test_from_the_review_time_on_the_learner_reads_keys_and_explanations_of_the_own_paper(
    client, db, people, ids, state, now
):
    """rules.md 12: the tests above would pass as well if nobody were ever told."""
    now(REVIEW_AT)
    page = told(client.as_(people["learner"]).get(f"/quiz/{ids['round_id']}/result"))

    for words in ("哨兵解析", "哨兵依据", "哨兵甲", "哨兵参考答案", "正确答案"):
        assert words in page
    turn_the_keys(db)
    assert "哨兵" not in told(client.as_(people["learner"]).get(f"/quiz/{ids['round_id']}/result"))


@pytest.mark.parametrize("state", ["open"])
@pytest.mark.parametrize("right", [True, False], ids=["all right", "all wrong"])
def test_what_answers_a_save_or_a_hand_in_does_not_hang_on_the_answer(client, db, people, ids, state, now, right):
    """rules.md 12."""
    browser, where = client.as_(people["learner"]), f"/quiz/{ids['round_id']}"
    browser.send(f"{where}/begin")
    wrong = {"single": ["c"], "multi": ["c", "d"], "judge": ["false"], "fill": ["五十"], "short": ["另一种"]}
    keys = {"single": ["a"], "multi": ["a", "b"], "judge": ["true"], "fill": ["哨兵甲"], "short": ["哨兵参考答案"]}
    told_ = []
    for position, kind in enumerate(KINDS, 1):
        fields = {"csrf_token": browser.token(), "given": (keys if right else wrong)[kind], "packet": "p"}
        json = {"Accept": "application/json"}
        told_.append(browser.post(f"{where}/{position}", data={**fields, "sequence": 1}, headers=json).json)
        told_.append(browser.post(f"{where}/{position}", data={**fields, "sequence": 2}).location)
    told_.append(browser.send(f"{where}/hand-in").location)

    time = {"deadline_at": later(minutes=30).isoformat(), "now": NOW.isoformat(), "paused": False, "cancelled": False}
    same = {"saved_at": "20:00:00", "sequence": 1, "newer": False, "handed_in": False, "seat": 0, **time}
    same |= {"extension": 0, "extension_reason": ""}
    ways = [f"{where}/{position + 1}" for position in range(1, len(KINDS) + 1)]
    assert told_ == [one for way in ways for one in (same, way)] + [f"{where}/result"]
    page = told(browser.get(f"{where}/result"))
    assert (SIGN in page, "分（满分" in page) == (False, False)


@pytest.mark.parametrize("state", ["before the opening", "open"])
@pytest.mark.parametrize("who", ["officer", "clerk"])
def test_papers_sheets_and_lists_are_printed_without_keys(client, people, ids, state, now, who):
    """rules.md 12."""
    now(STATES[state])
    papers = {"papers": "y"} if who == "officer" else {}
    printed = client.as_(people[who]).send(f"/rounds/{ids['round_id']}/paper/", sheets="y", lists="y", **papers)

    assert printed.data.startswith(b"%PDF")
    assert ("买买提·艾力" in told(printed), SIGN in told(printed)) == (True, False)
