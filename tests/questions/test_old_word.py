"""Legacy Word documents: converted by LibreOffice where the server has it, with a small program in its place here."""

from __future__ import annotations

import io
import os
import time
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from school import jobs
from school.errors import BadFile
from school.files import old_word
from school.questions import job_actions
from school.questions.models import QuestionVersion
from tests import makers
from tests.questions.picture_files import word

RTF = rb"{\rtf1 old}"
#: takes what LibreOffice takes, and puts a document where LibreOffice puts it
PROGRAM = """#!/bin/sh
test "$1 $2 $3 $4 $5 $6" = "--headless --norestore --convert-to docx --outdir out" || exit 1
test -f in.doc || exit 1
{deed}
"""


@pytest.fixture
def soffice(tmp_path, monkeypatch):
    """Puts a program named soffice where programs are looked for: soffice("what it does")."""
    (tmp_path / "bin").mkdir()

    def put(deed: str) -> None:
        program = tmp_path / "bin" / "soffice"
        program.write_text(PROGRAM.format(deed=deed))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")

    return put


@pytest.fixture
def made(tmp_path):
    """What the program makes: a Word document of one question."""
    path = tmp_path / "made.docx"
    path.write_bytes(word("1. 工资要按月发。", "答案：对"))
    return path


def test_a_document_is_converted_in_a_folder_that_is_gone_afterwards(soffice, made, tmp_path):
    soffice(f'mkdir out; cp "{made}" out/in.docx; pwd > "{tmp_path}/where"')

    assert old_word.to_docx(RTF) == made.read_bytes()
    assert not os.path.exists((tmp_path / "where").read_text().strip())


def test_a_document_cannot_make_the_server_fetch_what_it_names(soffice, made, tmp_path):
    """Pictures of a .doc may stand on any machine of the office's network: the converter's profile knows no way there."""
    soffice(f'mkdir out; cp "{made}" out/in.docx; cp profile/user/registrymodifications.xcu "{tmp_path}/kept"')

    old_word.to_docx(RTF)

    told = {}
    for item in ElementTree.parse(tmp_path / "kept").getroot():
        told[item[0].get("{http://openoffice.org/2001/registry}name")] = item[0][0].text
    assert told == {
        "ooInetProxyType": "2", "ooInetNoProxy": None, "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1", "ooInetHTTPSProxyPort": "9", "DisableMacrosExecution": "true",
    }  # fmt: skip


@pytest.mark.parametrize("deed", ["exit 0", "exit 77", "mkdir out; mkdir out/in.docx"])
def test_what_cannot_be_converted_is_told_with_a_way_out(soffice, deed):
    soffice(deed)

    with pytest.raises(BadFile, match="另存为"):
        old_word.to_docx(RTF)


def test_a_conversion_that_takes_too_long_ends_with_all_it_has_started(soffice, monkeypatch, tmp_path):
    monkeypatch.setattr(old_word, "LIMIT_SECONDS", 0.5)
    soffice(f'(sleep 2; touch "{tmp_path}/late") & sleep 60')

    begun = time.monotonic()
    with pytest.raises(BadFile, match="另存为"):
        old_word.to_docx(RTF)

    assert time.monotonic() - begun < 30
    time.sleep(2.5)
    assert not (tmp_path / "late").exists()


def test_without_the_program_nothing_is_tried(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert old_word.converter() is None
    with pytest.raises(BadFile, match="另存为"):
        old_word.to_docx(RTF)


def upload(browser, bank, content: bytes):
    data = {"csrf_token": browser.token(), "file": (io.BytesIO(content), "题.doc"), "pasted": ""}
    return browser.post(f"/banks/{bank.id}/import", data=data, content_type="multipart/form-data")


def test_an_old_document_is_converted_in_the_background_and_taken_in(client, cast, db, engine, soffice, made):
    soffice(f'mkdir out; cp "{made}" out/in.docx')
    bank = makers.make_bank(db, cast.county)
    officer = client.as_(cast.officer)
    assert "旧版 Word（.doc）也可以" in officer.get(f"/banks/{bank.id}/import").text

    waiting = upload(officer, bank, RTF).location
    assert "正在核对" in officer.get(waiting).text
    assert jobs.Worker(engine, job_actions.JOBS).step()
    look = officer.get(waiting).location
    assert "工资要按月发。" in officer.get(look).text

    made.unlink()  # what was converted is kept: taking it in does not convert again
    officer.send(look)
    assert db.scalars(select(QuestionVersion.stem)).all() == ["工资要按月发。"]


def test_a_failed_conversion_says_so_on_the_page(client, cast, db, engine, soffice):
    soffice("exit 1")
    bank = makers.make_bank(db, cast.county)
    officer = client.as_(cast.officer)

    waiting = upload(officer, bank, RTF).location
    jobs.Worker(engine, job_actions.JOBS).step()

    page = officer.get(waiting).text
    assert "旧版 Word 文档没能自动转换" in page
    assert "什么都没有收进题库" in page
