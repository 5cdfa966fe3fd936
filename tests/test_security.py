"""Every address of the house, asked by everybody, with what an attacker would send. Both databases."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from school import jobs, tables
from school.access import Role
from school.accounts.models import GrantedRole
from school.app import secret_key
from school.audit import AuditLine
from school.courses.models import Course
from school.errors import Refused
from school.questions.models import BankImport, ReviewEntry
from school.quizzes.models import Candidate
from school.reports.models import Report
from school.reports.queries import ISSUE_ALL
from school.roster.models import RosterImport
from tests import makers
from tests.makers import NOW, TODAY

#: pages for people without an account (school/web/guard.py public)
PUBLIC = {"accounts.sign_in", "reports.check", "start.healthz", "static"}
#: beyond what a page ever has, and beyond 32 and 64 bits: PostgreSQL and SQLite each refuse one of them
STRANGE = ["0", "2147483648", "99999999999999999999", "9" * 5000, "١"]
EVERYBODY = ["officer", "clerk", "teacher", "learner", "committee", "auditor", "sysadmin", "outsider"]
ANY = re.compile(r"<any\((\w+)[^>]*>")


def addresses(app, method: str, number: str) -> dict[str, str]:
    """Endpoint and rule -> address with `number` for every number, the first of several words, and "x" for a text."""
    found = {}
    for rule in app.url_map.iter_rules():
        if method in rule.methods and rule.endpoint != "static":
            path = ANY.sub(r"\1", rule.rule)
            found[f"{rule.endpoint} {rule.rule}"] = re.sub(r"<int:\w+>", number, path).replace("<number>", "x")
    return found


def takes_a_number(named: str) -> bool:
    return "<int:" in named


def test_a_stranger_meets_the_sign_in_page_at_every_address_but_the_public_ones(app, client):
    answers = {named: client.get(address) for named, address in addresses(app, "GET", "1").items()}

    open_to_strangers = {named.split()[0] for named, answer in answers.items() if answer.status_code != 302}
    assert open_to_strangers <= PUBLIC
    assert {a.location.split("?")[0] for a in answers.values() if a.status_code == 302} == {"/sign-in"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_number_that_stands_for_nothing_is_a_page_not_found(app, client, cast, who):
    browser = client.as_(getattr(cast, who))
    wrong = {}
    for number in STRANGE:
        for named, address in addresses(app, "GET", number).items():
            status = browser.get(address).status_code if takes_a_number(named) else 404
            if status != 404 and not (number == "0" and status == 403):
                wrong[named, number[:20]] = status

    assert wrong == {}


@pytest.mark.parametrize("who", ["officer", "learner", "auditor"])
@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%5C", "9" * 5000, "-1", "2147483648"])
def test_what_is_typed_after_the_question_mark_never_breaks_a_page(app, client, cast, who, text):
    browser = client.as_(getattr(cast, who))
    names = (
        "words",
        "page",
        "unit",
        "result",
        "year",
        "school",
        "month",
        "state",
        "band",
        "standing",
        "show",
        "topic",
        "kind",
    )
    asked = "&".join(f"{name}={text}" for name in names)
    broken = {}
    for named, address in addresses(app, "GET", "1").items():
        status = browser.get(f"{address}?{asked}").status_code
        if status >= 500:
            broken[named] = status

    assert broken == {}


@pytest.mark.parametrize("number", ["%00", "2026-11-001%00", "%25", "x" * 300])
def test_the_public_check_page_knows_no_such_paper(client, cast, number):
    assert client.get(f"/check/{number}").status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "//[",
        "/\\[x",
        "https:evil.example",
        "/\r\nX: 1",
    ],
)
def test_no_address_to_go_on_to_leads_elsewhere_or_breaks(client, cast, target):
    answer = client.send("/view-mode", elder="1", letter_size="22", next=target)

    assert answer.status_code == 302
    assert answer.location in ("/", "/sign-in") or answer.location.startswith("/%")


def test_what_one_person_may_read_is_in_nobodys_cache(app, client, cast):
    """send_file asks proxies to keep a file for as long as a static one."""
    browser = client.as_(cast.officer)
    answers = {
        named: browser.get(a) for named, a in addresses(app, "GET", "1").items() if not named.startswith("static")
    }

    assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"no-store"}
    assert browser.get(f"{app.static_url_path}/none.css").headers["Cache-Control"] == "no-store"


#: every name a form of the house has, with something it would take
FIELDS = {
    "title": "十二月政策测试", "reason": "产假", "text": "已写明", "minutes": "15", "new": "y", "again": "y", "current": "x",
    "step": "write", "move": "explain", "whom": "all", "format": "xlsx", "unit": "1", "role": "clerk",
    "from_on": "2026-11-20", "on": "2026-11-20",
    "at": "19:30", "place": "会议室", "name": "名", "head_count": "3", "began": "19:30", "complete": "y", "client_key": "a" * 32,
    "seen_key": "", "given": "a", "sequence": "1", "packet": "p", "school": "1", "kind": "集中授课", "hours": "2", "weeks": "1",
    "track": "farmer", "topic": "防火", "opened_on": "2026-11-20", "recognised_by": "县委组织部", "recognised_no": "1号", "elder": "1",
    "letter_size": "22", "days": "2027-01-01 休 元旦", "pasted": "1. 题（ ）\nA. 甲\nB. 乙\n答案：A", "leaving": "y",
    "owner": "甲", "until": "2027-01-01", "opens_at": "2026-12-01T09:00", "closes_at": "2026-12-02T09:00", "go": "hand-in",
}  # fmt: skip


def add(db, row):
    db.add(row)
    db.flush()
    return row.id


@pytest.fixture
def town_ids(db, cast) -> dict[str, int]:
    """One thing of every kind, all of them of 青杠镇: argument of an address -> id. The learner is in the middle of a quiz."""
    town, officer = cast.town, cast.officer.id
    round_ = makers.make_round(db, town)
    makers.make_attempt(db, round_, cast.person)
    result = makers.make_result(db, makers.make_round(db, town), makers.make_short(town))
    school = makers.make_school(db, town)
    bank = makers.make_bank(db, town)
    held = BankImport(bank_id=bank.id, file_name="题.txt", content="1. 题".encode(), uploaded_at=NOW)
    preview = {"digest": "", "counts": {}, "notes": [], "complaints": [["", 1, "", "", ""]], "complaint_count": 1}
    kept = RosterImport(
        file_name="册.csv", content=b"x", path=town.path, uploaded_at=NOW, effective_on=TODAY, preview=preview
    )
    job = jobs.ask(db, ISSUE_ALL, "t", {"result_id": result.id, "unit_ids": [town.id]}, by_id=officer, now=NOW)
    report = Report(
        result_id=result.id, unit_id=town.id, kind="unit", format="pdf", number="2026-11-001", title="t", issued_at=NOW,
        issued_by="县管理员", sha256="s", content=b"x",
    )  # fmt: skip
    course = Course(unit_id=town.id, title="课", topic="防火", track="cadre", hours=2)
    import_id = add(db, held)
    assert add(db, kept) == import_id, "two rooms use the same word in their addresses"
    ids = {
        "unit_id": town.id, "person_id": cast.person.id, "account_id": cast.learner.id, "import_id": import_id,
        "role_id": db.scalars(select(GrantedRole.id).where(GrantedRole.account_id == cast.clerk.id)).one(),
        "night_id": makers.make_night(db, school).id, "school_id": school.id, "row_id": add(db, course),
        "round_id": round_.id, "position": 1, "result_id": result.id, "report_id": add(db, report), "job_id": job.id,
        "candidate_id": db.scalars(
            select(Candidate.id).where(Candidate.round_id == round_.id, Candidate.person_id == cast.person.id)
        ).one(),
        "bank_id": bank.id, "question_id": makers.make_question(db, bank).question_id,
        "entry_id": add(db, ReviewEntry(bank_import_id=import_id, place="第 1 行", reason="r", original="o")),
        "case_id": makers.make_case(db, cast.county, town).id,
    }  # fmt: skip
    db.commit()
    return ids


def filled(app, method: str, ids: dict[str, int]) -> dict[str, str]:
    """Endpoint and rule -> the address of one thing of ours; only addresses that name a thing."""
    rules = [rule for rule in app.url_map.iter_rules() if method in rule.methods and takes_a_number(rule.rule)]
    named = {f"{rule.endpoint} {rule.rule}": ANY.sub(r"\1", rule.rule) for rule in rules}
    return {name: re.sub(r"<int:(\w+)>", lambda m: str(ids.get(m[1], 1)), path) for name, path in named.items()}


def everything_in(db) -> dict[str, list[tuple]]:
    """Table -> its rows, but for the tables that every sign-in writes."""
    db.commit()
    kept = [
        table for table in tables.metadata.sorted_tables if table.name not in {"sign_in", "audit_line", "audit_head"}
    ]
    return {table.name: db.execute(select(table).order_by(*table.primary_key)).all() for table in kept}


@pytest.fixture
def neighbour(db, cast):
    """Somebody with every role of units but the audit, in the township next to 青杠镇."""
    roles = (Role.OFFICER, Role.CLERK, Role.TEACHER, Role.COMMITTEE, Role.SYSADMIN)
    account = makers.make_account(
        db, makers.make_person(db, "邻乡管理员", cast.other_town), dict.fromkeys(roles, cast.other_town)
    )
    db.commit()
    return account


def test_nothing_of_a_township_is_seen_from_the_next_one(app, client, cast, town_ids, neighbour):
    browser = client.as_(neighbour)
    seen = {name: browser.get(address).status_code for name, address in filled(app, "GET", town_ids).items()}

    assert {name: status for name, status in seen.items() if status not in (403, 404)} == {}


def test_the_county_sees_of_it_what_the_neighbour_does_not(app, client, cast, town_ids):
    """The test above would pass as well if the addresses led nowhere."""
    browser = client.as_(cast.officer)
    seen = {name: browser.get(address).status_code for name, address in filled(app, "GET", town_ids).items()}

    assert {name: status for name, status in seen.items() if status >= 500} == {}
    assert sum(status == 200 for status in seen.values()) > 30


def test_nothing_of_a_township_is_changed_from_the_next_one(app, client, cast, db, town_ids, neighbour):
    browser = client.as_(neighbour)
    token, before = browser.token(), everything_in(db)
    answers = {}
    for name, address in filled(app, "POST", town_ids).items():
        answers[name] = browser.post(address, data={**FIELDS, "csrf_token": token}).status_code

    assert everything_in(db) == before
    assert {name: status for name, status in answers.items() if status not in (403, 404)} == {}


@pytest.mark.parametrize("who", ["officer", "clerk", "learner", "sysadmin", "auditor"])
@pytest.mark.parametrize("token", ["", "20261120120000##0"])
def test_no_form_does_anything_without_its_token(app, client, cast, db, town_ids, who, token):
    browser = client.as_(getattr(cast, who))
    browser.get("/")
    before = everything_in(db)
    for address in {**addresses(app, "POST", "1"), **filled(app, "POST", town_ids)}.values():
        assert browser.post(address, data={**FIELDS, "csrf_token": token}).status_code < 500

    assert everything_in(db) == before
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("who", ["officer", "clerk", "learner", "sysadmin"])
def test_the_same_forms_with_their_token_do_something(app, client, cast, db, town_ids, who):
    """The test above would pass as well if the fields fitted no form."""
    browser = client.as_(getattr(cast, who))
    token, changed = browser.token(), set()
    for name, address in {**addresses(app, "POST", "1"), **filled(app, "POST", town_ids)}.items():
        before = everything_in(db)
        if "sign_out" not in name:
            browser.post(address, data={**FIELDS, "csrf_token": token})
        changed |= {name.split()[0]} if everything_in(db) != before else set()

    assert len(changed) >= {"officer": 12, "clerk": 8, "learner": 3, "sysadmin": 3}[who], changed


@pytest.mark.parametrize("who", EVERYBODY)
def test_looking_changes_nothing(app, client, cast, db, town_ids, who):
    browser = client.as_(getattr(cast, who))
    before = everything_in(db)
    for address in {**addresses(app, "GET", "1"), **filled(app, "GET", town_ids)}.values():
        assert browser.get(address).status_code < 500

    assert everything_in(db) == before


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("opens_at", "0001-01-01T00:00", "年份要在"),
        ("closes_at", "9999-12-31T23:59", "年份要在"),
        ("month", "9999-12-31", "年份要在"),
        ("pass_mark", "60.001", "最多两位小数"),
        ("single_points", "5.005", "最多两位小数"),
        ("single_points", "sNaN", "请填"),
        ("multi_points", "1e999999", "请填"),
        ("minutes", "9" * 5000, "整数"),
        ("title", "题\0", "十二"),
    ],
)
def test_what_no_table_can_keep_is_said_on_the_form_and_is_no_crash(client, cast, db, field, value, says):
    county = db.merge(cast.county)
    makers.make_question(db, makers.make_bank(db, county))
    db.commit()
    browser = client.as_(cast.officer)
    usual = {
        "title": "十二月政策测试", "month": "2026-12-01", "opens_at": "2026-12-01T19:00", "closes_at": "2026-12-01T21:00",
        "minutes": "30", "multi_rule": "half", "audience": "cadre", "forms": "1", "pass_mark": "60", "excellent_mark": "90",
        "asked_pass_percent": "90", "asked_mean": "60", "basis_body": "县委办", "basis_title": "安排", "basis_number": "1号",
        "basis_on": "2026-01-15",
    }  # fmt: skip
    usual |= {"mode": "open", "makeups": "1", "makeup_rule": "first"}
    kinds = ("single", "multi", "judge", "fill", "short")
    usual |= {f"{kind}_{part}": "5" for kind in kinds for part in ("count", "points")}

    answer = browser.send("/rounds/new", **{**usual, field: value})

    assert answer.status_code in (200, 302, 422)
    assert says in answer.text or answer.status_code == 302


@pytest.mark.parametrize("path", ["/courses/schools/{school_id}/close", "/courses/menu/{row_id}/close"])
@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_day_outside_every_calendar_closes_nothing(client, cast, town_ids, path, on):
    answer = client.as_(cast.clerk).send(path.format(**town_ids), on=on)

    assert answer.status_code == 200
    assert "年份要在" in answer.text


def test_a_file_name_of_a_null_character_is_kept_without_it_or_refused(client, cast):
    browser = client.as_(cast.officer)
    token = browser.token()
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="on"\r\n\r\n2026-11-20\r\n'
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''a%00b.csv\r\n\r\n"
        "工号,姓名,单位\nY1,王\0五,青杠镇\n\r\n--x--\r\n"
    )

    answer = browser.post("/roster/import", data=body.encode(), content_type="multipart/form-data; boundary=x")

    assert answer.status_code < 500


def test_the_secret_key_is_its_owners_and_a_broken_one_starts_nothing(tmp_path):
    key = secret_key(tmp_path / "new")

    assert secret_key(tmp_path / "new") == key
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    (tmp_path / "new" / "secret.key").write_text("")
    with pytest.raises(Refused, match="不完整"):
        secret_key(tmp_path / "new")


@pytest.mark.parametrize(
    ("address", "deed"),
    [
        ("/reports/{report_id}/file", "take_report"),
        ("/reports/of/{result_id}/units.pdf.zip", "take_report"),
        ("/followups/ledger.xlsx", "export_ledger"),
        ("/banks/{bank_id}/export/text", "export_bank"),
    ],
)
def test_whoever_takes_a_file_away_is_written_down(client, cast, db, town_ids, address, deed):
    browser = client.as_(cast.officer)
    browser.get(address.format(**town_ids))

    line = db.scalars(select(AuditLine).order_by(AuditLine.id.desc())).first()
    assert (line.deed, line.account_id) == (deed, cast.officer.id)
