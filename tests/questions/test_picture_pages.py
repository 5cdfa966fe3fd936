"""Pictures from the file to the paper: looked at, taken in, kept with every version, shown to those who may see them."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from school.access import Role
from school.audit import AuditLine
from school.errors import Refused
from school.questions import actions, intake, json_form, queries
from school.questions.models import BankImport, PictureFile, QuestionPicture, QuestionVersion
from school.quizzes import actions as rounds
from school.quizzes.models import PaperQuestion
from school.quizzes.paper import Part
from tests import makers
from tests.makers import NOW, ROOT, later
from tests.questions.picture_files import png, word

ONE, TWO = png(10), png(20)
FILE = word(["1. 这个标志", ONE, "表示禁止。"], "答案：对")


@pytest.fixture
def bank(db, cast):
    return makers.make_bank(db, cast.county)


@pytest.fixture
def stranger(db, cast):
    person = makers.make_person(db, "邻乡管理员", cast.other_town)
    return makers.make_account(db, person, {Role.OFFICER: cast.other_town})


def upload(browser, bank, content: bytes, name="题.docx") -> str:
    data = {"csrf_token": browser.token(), "file": (io.BytesIO(content), name), "pasted": ""}
    return browser.post(f"/banks/{bank.id}/import", data=data, content_type="multipart/form-data").location


def taken_in(browser, db, bank, content: bytes = FILE, name="题.docx") -> QuestionVersion:
    browser.send(upload(browser, bank, content, name))
    db.expire_all()
    return db.scalars(select(QuestionVersion).order_by(QuestionVersion.id.desc()).limit(1)).one()


def shown(page: str) -> list[str]:
    """The addresses of the pictures on a page, each of which has words for who cannot see it."""
    assert page.count("<img ") == page.count('alt="题图 ')
    return [piece.partition('"')[0] for piece in page.split('<img src="')[1:]]


def numbers(db, version) -> list[tuple[int, str]]:
    asked = select(QuestionPicture.number, QuestionPicture.sha256).where(QuestionPicture.version_id == version.id)
    return [tuple(row) for row in db.execute(asked.order_by(QuestionPicture.number))]


def test_a_picture_is_looked_at_before_it_is_taken_in(client, cast, db, bank, stranger):
    officer = client.as_(cast.officer)
    look = upload(officer, bank, FILE)

    (address,) = shown(officer.get(look).text)
    answer = officer.get(address)

    assert (answer.data, answer.mimetype) == (ONE, "image/png")
    assert client.as_(stranger).get(address).status_code == 404
    assert officer.get(address[:-64] + "0" * 64).status_code == 404


def test_a_picture_is_sent_as_what_it_is_and_can_run_nothing(client, cast, db, bank):
    officer = client.as_(cast.officer)
    version = taken_in(officer, db, bank)

    answer = officer.get(f"/banks/{bank.id}/pictures/{version.id}/1")

    assert answer.data == ONE
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "inline; filename=picture.png"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_pages_of_the_bank_show_it_and_nobody_from_elsewhere_sees_it(client, cast, db, bank, stranger):
    officer = client.as_(cast.officer)
    version = taken_in(officer, db, bank)
    address = f"/banks/{bank.id}/pictures/{version.id}/1"
    version.author = "甲"
    db.commit()

    assert shown(officer.get(f"/banks/{bank.id}/questions/{version.question_id}").text) == [address]
    assert shown(officer.get(f"/banks/{bank.id}/review").text) == [address]
    assert client.as_(stranger).get(address).status_code == 404
    assert client.as_(cast.learner).get(address).status_code == 403
    assert officer.get(f"/banks/{bank.id}/pictures/{version.id}/2").status_code == 404


def test_the_same_file_twice_adds_nothing_and_a_picture_is_kept_once(client, cast, db, bank):
    officer = client.as_(cast.officer)
    taken_in(officer, db, bank)
    taken_in(officer, db, bank)
    taken_in(officer, db, bank, word(["1. 那个标志", ONE, "表示允许。"], "答案：对"))

    assert db.scalar(select(func.count()).select_from(QuestionVersion)) == 2
    assert db.scalar(select(func.count()).select_from(PictureFile)) == 1


def test_another_picture_under_the_same_words_is_another_question(client, cast, db, bank):
    officer = client.as_(cast.officer)
    one = taken_in(officer, db, bank)
    other = taken_in(officer, db, bank, word(["1. 这个标志", TWO, "表示禁止。"], "答案：对"))

    assert one.id != other.id
    assert numbers(db, one) != numbers(db, other)


def test_a_new_version_keeps_the_pictures_whose_signs_it_keeps(db, bank):
    (draft,) = intake.read(word(["1. 这个", ONE, "和那个", TWO, "相同。"], "答案：错"), "题.docx").drafts
    kept = actions.keep_upload(db, bank, "题.docx", b"", by=ROOT, now=NOW)
    actions.load_bank(db, kept, intake.Reading((draft,)), trusted=False, by=ROOT, now=NOW)
    db.flush()
    old = db.scalars(select(QuestionVersion)).one()

    new = actions.rewrite(db, old, replace(draft, stem="这个【图1】不错。", pictures=()), by=ROOT, now=NOW)
    db.flush()

    assert [picture.content for picture in queries.pictures(db, [old.id])[old.id]] == [ONE, TWO]
    assert [picture.content for picture in queries.pictures(db, [new.id])[new.id]] == [ONE]


def add(browser, bank, version, content: bytes):
    url = f"/banks/{bank.id}/questions/{version.question_id}/picture"
    data = {"csrf_token": browser.token(), "file": (io.BytesIO(content), "照片.bin")}
    return browser.post(url, data=data, content_type="multipart/form-data")


def test_a_picture_is_added_on_the_page_of_the_question_as_a_new_version(client, cast, db, bank):
    version = makers.make_question(db, bank, "judge", stem="这个标志表示禁止。")
    officer = client.as_(cast.officer)

    answer = add(officer, bank, version, ONE)

    page = officer.get(answer.location).text
    assert "图片放进了新的一版草稿" in page
    db.expire_all()
    old, new = db.scalars(select(QuestionVersion).order_by(QuestionVersion.number)).all()
    assert (old.stem, old.state, numbers(db, old)) == ("这个标志表示禁止。", "reviewed", [])
    assert (new.stem, new.state, new.author) == ("这个标志表示禁止。【图1】", "draft", "县管理员")
    assert officer.get(shown(page)[0]).data == ONE
    line = db.scalars(select(AuditLine).where(AuditLine.deed == "add_picture")).one()
    assert (line.about_id, line.after) == (str(new.id), {"number": 2, "bytes": len(ONE)})


def test_a_picture_goes_to_the_first_sign_that_has_none(db, bank):
    version = makers.make_question(db, bank, "judge", stem="这个【图1】和那个【图2】相同。")

    one = actions.add_picture(db, version, ONE, by=ROOT, now=NOW)
    two = actions.add_picture(db, one, TWO, by=ROOT, now=NOW)
    three = actions.add_picture(db, two, ONE, by=ROOT, now=NOW)

    assert [new.stem for new in (one, two)] == [version.stem] * 2
    assert three.stem == f"{version.stem}【图3】"
    assert [picture.content for picture in queries.pictures(db, [three.id])[three.id]] == [ONE, TWO, ONE]


def test_what_is_no_picture_is_refused_with_the_way_out(client, cast, db, bank, stranger):
    version = makers.make_question(db, bank, "judge")
    officer = client.as_(cast.officer)

    answer = add(officer, bank, version, b"BM" + bytes(100))
    assert (answer.status_code, "另存为" in answer.text) == (409, True)
    assert (
        "请选择一张图片"
        in officer.get(officer.send(f"/banks/{bank.id}/questions/{version.question_id}/picture").location).text
    )
    assert add(client.as_(stranger), bank, version, ONE).status_code == 404
    assert add(client.as_(cast.learner), bank, version, ONE).status_code == 403

    assert db.scalar(select(func.count()).select_from(QuestionVersion)) == 1


def test_a_picture_that_is_too_large_is_refused(db, bank):
    with pytest.raises(Refused, match="图片太大"):
        actions.add_picture(db, makers.make_question(db, bank), ONE + bytes(2 * 1024 * 1024), by=ROOT, now=NOW)


def test_what_went_out_as_a_table_and_comes_back_keeps_its_pictures(client, cast, db, bank):
    officer = client.as_(cast.officer)
    version = taken_in(officer, db, bank)
    table = officer.get(f"/banks/{bank.id}/export/excel").data

    look = officer.get(upload(officer, bank, table, "题.xlsx")).text

    assert "一模一样、不再重收的 1 道" in look
    changed = officer.get(f"/banks/{bank.id}/export/text").data.decode().replace("禁止", "严禁")
    new = taken_in(officer, db, bank, changed.encode(), "题.txt")
    assert (new.question_id, new.number, numbers(db, new)) == (version.question_id, 2, numbers(db, version))


def test_pictures_go_out_in_json_moodle_xml_and_word(client, cast, db, bank):
    officer = client.as_(cast.officer)
    taken_in(officer, db, bank)

    for kind in ("json", "moodle", "word-key"):
        (draft,) = intake.read(officer.get(f"/banks/{bank.id}/export/{kind}").data, "题").drafts
        assert (draft.stem, [one.content for one in draft.pictures]) == ("这个标志【图1】表示禁止。", [ONE])


@pytest.fixture
def round_(db, cast, client, bank):
    """A round of one question with a picture, open from NOW."""
    version = taken_in(client.as_(cast.officer), db, bank)
    version.state, version.audience, version.author = "reviewed", "cadre", "甲"
    plan = makers.make_plan(parts=(Part("judge", 1, Decimal(20)),), forms=1)
    made = rounds.plan_round(db, cast.county, plan, by=ROOT, now=NOW)
    db.flush()
    makers.publish(db, made, now=NOW)
    db.commit()
    return made


def test_the_picture_is_on_the_paper_from_the_start_and_on_the_result(client, cast, db, now, round_, bank):
    learner = client.as_(cast.learner)
    address = f"/quiz/{round_.id}/pictures/1/1"
    assert learner.get(address).status_code == 404

    learner.send(f"/quiz/{round_.id}/begin")
    assert shown(learner.get(f"/quiz/{round_.id}/1").text) == [address]
    assert shown(learner.get(f"/quiz/{round_.id}/paper").text) == [address]
    assert learner.get(address).data == ONE

    learner.send(f"/quiz/{round_.id}/hand-in")
    now(later(hours=3))
    assert shown(learner.get(f"/quiz/{round_.id}/result").text) == [address]


def test_only_whoever_has_the_paper_sees_its_pictures(client, cast, round_):
    learner = client.as_(cast.learner)
    learner.send(f"/quiz/{round_.id}/begin")

    assert client.as_(cast.outsider).get(f"/quiz/{round_.id}/pictures/1/1").status_code == 404
    assert client.as_(cast.clerk).get(f"/quiz/{round_.id}/pictures/1/1").status_code in (403, 404)
    for there_is_none in ("pictures/1/2", "pictures/2/1"):
        assert learner.get(f"/quiz/{round_.id}/{there_is_none}").status_code == 404


def test_a_later_version_does_not_reach_the_paper(db, round_, bank):
    """rules.md 16."""
    old = db.scalars(select(QuestionVersion)).one()
    actions.rewrite(db, old, replace(json_draft(db, old), stem="没有图了。"), by=ROOT, now=NOW)
    db.flush()

    (asked,) = db.scalars(select(PaperQuestion))
    assert asked.pictures == [{"number": number, "sha256": sha256} for number, sha256 in numbers(db, old)]
    assert asked.stem == "这个标志【图1】表示禁止。"


def json_draft(db, version):
    """The draft of a version as JSON carries it."""
    written = json_form.write([actions.draft_of(version, "T", queries.pictures(db, [version.id])[version.id])])
    assert json.loads(written.content)["questions"][0]["pictures"][0]["number"] == 1
    return json_form.read(written.content).drafts[0]


def test_the_import_keeps_its_pictures_for_the_look_only_of_what_is_shown(client, cast, db, bank):
    look = upload(client.as_(cast.officer), bank, FILE)
    db.expire_all()

    assert db.scalar(select(func.count()).select_from(PictureFile)) == 1
    assert db.scalars(select(BankImport)).one().id == int(look.rpartition("/")[2])
