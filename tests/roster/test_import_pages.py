"""The import as a clerk meets it: choose, look, write; nothing half-written."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from sqlalchemy import func, select

from school import audit, jobs
from school.app import JOBS
from school.roster import queries, views
from school.roster.models import Assignment, Person, RosterImport, Unit
from tests import makers
from tests.makers import TODAY

HEAD = ["工号", "姓名", "单位", "职务", "联系电话"]
STAFF = [
    ["Y001", "王䶮", "青杠镇", "书记", "13900000001"],
    ["Y002", "阿依努尔·买合苏提", "青杠镇", "", ""],
    ["Y003", "𠮷祥", "柏树村", "村文书", ""],
]


def workbook(*rows, title="云岭县干部花名册") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, row in enumerate([[title], HEAD, *rows]):
            page.write_row(number, 0, row)
    return out.getvalue()


def upload(browser, content: bytes, name="花名册.xlsx", on="2026-11-20"):
    return browser.post(
        "/roster/import",
        data={"csrf_token": browser.token(), "file": (io.BytesIO(content), name), "on": on},
        content_type="multipart/form-data",
    )


def test_a_county_file_is_looked_at_and_then_written_once(client, cast, db):
    officer = client.as_(cast.officer)

    where = upload(officer, workbook(*STAFF)).location
    assert db.scalars(select(Person.name).where(Person.staff_no == "Y001")).all() == []
    page = officer.get(where).text
    assert "王䶮" in page
    assert "阿依努尔·买合苏提" in page

    assert officer.send(where).location == "/roster/"
    written = db.execute(
        select(Person.name, Unit.name, Assignment.post)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Person.staff_no.startswith("Y"))
        .order_by(Person.staff_no)
    )
    assert [tuple(row) for row in written] == [
        ("王䶮", "青杠镇", "书记"),
        ("阿依努尔·买合苏提", "青杠镇", ""),
        ("𠮷祥", "柏树村", "村文书"),
    ]
    assert "王䶮" in officer.get(f"/roster/units/{cast.town.id}").text

    again = officer.send(where)
    assert again.status_code == 409
    assert "已经写入过了" in again.text


def test_a_roster_with_errors_names_every_row_and_writes_nothing(client, cast, db):
    officer = client.as_(cast.officer)
    before = db.scalar(select(func.count()).select_from(Person))

    where = upload(
        officer, workbook(STAFF[0], ["", "没有工号", "青杠镇", "", ""], ["Y009", "李四", "没有这个镇", "", ""])
    ).location
    page = officer.get(where).text

    assert "有 2 处要改" in page
    assert "第 4 行" in page
    assert "第 5 行" in page
    assert officer.send(where).status_code == 409
    assert db.scalar(select(func.count()).select_from(Person)) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "空"), (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(100), ""), (b"PK\x03\x04broken", "")],
    ids=["nothing", "a picture", "a broken archive"],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_same_page(client, cast, db, content, sentence):
    answer = upload(client.as_(cast.officer), content)

    assert answer.status_code == 422
    assert "要改" in answer.text
    assert sentence in answer.text
    assert db.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_books_that_changed_after_the_look_must_be_looked_at_again(client, cast, db):
    officer = client.as_(cast.officer)
    where = upload(officer, workbook(*STAFF)).location
    makers.make_person(db, "王䶮", cast.village, staff_no="Y001")

    answer = officer.send(where)

    assert answer.status_code == 409
    assert "再核对一遍" in answer.text


def test_the_same_file_twice_changes_nothing(client, cast, db):
    officer = client.as_(cast.officer)
    officer.send(upload(officer, workbook(*STAFF)).location)
    people = db.scalar(select(func.count()).select_from(Assignment))

    where = upload(officer, workbook(*STAFF)).location
    counts = db.get_one(RosterImport, int(where.rsplit("/", 1)[1])).preview["counts"]

    assert {name: count for name, count in counts.items() if count} == {"unchanged": 3, "left": counts["left"]}
    officer.send(where)
    assert db.scalar(select(func.count()).select_from(Assignment)) == people


def test_whoever_is_missing_from_the_file_leaves_only_when_the_clerk_says_so(client, cast, db):
    officer = client.as_(cast.officer)

    officer.send(upload(officer, workbook(*STAFF)).location)
    assert [a.person.name for a in queries.people_of(db, cast.village.id, TODAY)] == ["村夜校校长", "𠮷祥"]

    officer.send(upload(officer, workbook(*STAFF)).location, leaving="y")
    db.expire_all()
    assert [a.person.name for a in queries.people_of(db, cast.village.id, TODAY)] == ["𠮷祥"]


def test_a_clerk_cannot_touch_another_township_with_a_file(client, cast, db):
    clerk = client.as_(cast.clerk)

    where = upload(clerk, workbook(["Y001", "王䶮", "雪松乡", "", ""])).location

    assert "不在您的管理范围内" in clerk.get(where).text
    assert clerk.send(where).status_code == 409
    assert db.scalars(select(Person).where(Person.staff_no == "Y001")).all() == []


def test_an_upload_of_another_township_is_not_there(client, cast):
    where = upload(client.as_(cast.clerk), workbook(*STAFF[:2])).location

    assert client.as_(cast.outsider).get(where).status_code == 404
    assert client.as_(cast.learner).get(where).status_code == 403


@pytest.mark.parametrize("page", ["unit", "person"])
def test_units_and_people_of_another_township_are_not_there(client, cast, page):
    url = f"/roster/units/{cast.town.id}" if page == "unit" else f"/roster/people/{cast.person.id}"

    assert client.as_(cast.clerk).get(url).status_code == 200
    outside = client.as_(cast.outsider).get(url)
    assert outside.status_code == 404
    assert "青杠镇" not in outside.text


def test_a_large_file_is_read_and_written_in_the_background(client, cast, db, engine, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 10)
    officer, worker = client.as_(cast.officer), jobs.Worker(engine, JOBS)

    where = upload(officer, workbook(*STAFF)).location
    assert where.startswith("/roster/jobs/")
    assert "正在核对" in officer.get(where).text
    assert client.as_(cast.clerk).get(where).status_code == 404
    assert worker.step()
    look = officer.get(where).location

    writing = officer.send(look).location
    assert worker.step()
    assert officer.get(writing).location == "/roster/"
    assert db.scalars(select(Person.name).where(Person.staff_no == "Y003")).one() == "𠮷祥"
    assert audit.verify(db) == ""


def test_a_large_file_that_cannot_be_read_says_why_on_the_progress_page(client, cast, engine, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 10)
    officer = client.as_(cast.officer)

    where = upload(officer, b"PK\x03\x04" + b"broken" * 10).location
    jobs.Worker(engine, JOBS).step()

    assert "什么都没有写入" in officer.get(where).text


def test_the_blank_file_has_headings_that_are_understood(client, cast):
    officer = client.as_(cast.officer)

    content = officer.get("/roster/template.xlsx").data
    where = upload(officer, content).location

    assert "示例" in officer.get(where).text


@pytest.mark.parametrize("people", [1, 3])
def test_a_unit_asks_as_many_queries_for_one_person_as_for_three(client, cast, db, people, count_queries):
    for _ in range(people):
        makers.make_person(db, "同事", cast.town)
    browser = client.as_(cast.clerk)

    with count_queries() as sent:
        assert browser.get(f"/roster/units/{cast.town.id}").status_code == 200

    assert len([line for line in sent if line.startswith("SELECT")]) == 8


@pytest.mark.parametrize(("name", "phone"), [("邻乡联络员（改）", ""), ("邻乡联络员", "13900000009")])
def test_whoever_borrows_somebody_changes_neither_their_name_nor_their_phone(client, cast, db, name, phone):
    """The phone is a sign-in name, the name stands on everything they sign."""
    person = db.get_one(Person, cast.outsider.person_id)
    head = ["工号", "姓名", "单位", "联系电话", "任职类型"]
    clerk = client.as_(cast.clerk)

    def csv(*row):
        return "\n".join(",".join(line) for line in (head, row)).encode()

    borrowed = upload(clerk, csv(person.staff_no, person.name, "青杠镇", "", "借调"), name="借调.csv").location
    assert clerk.send(borrowed).location == "/roster/"
    page = clerk.get(upload(clerk, csv(person.staff_no, name, "青杠镇", phone, "借调"), name="借调.csv").location).text

    assert "编制在您的管理范围以外" in page
    db.expire_all()
    assert (person.name, person.phone) == ("邻乡联络员", "")
