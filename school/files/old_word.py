"""Legacy Word documents (.doc, .rtf) as .docx, where the server has LibreOffice; nobody else reads them well."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from school.errors import BadFile
from school.files.upload import LIMIT_BYTES

#: seconds; a hundred pages take five
LIMIT_SECONDS = 60
_SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx 再上传。"
FAILED = f"旧版 Word 文档没能自动转换，{_SAVE_AS}"

#: a proxy where nobody listens, for every address: a document may name pictures on other machines, and LibreOffice would
#: fetch them from inside the office's network
_OFFLINE = {
    "ooInetProxyType": "2", "ooInetNoProxy": "",
    "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9",
    "ooInetHTTPSProxyName": "127.0.0.1", "ooInetHTTPSProxyPort": "9",
}  # fmt: skip
_ITEM = """<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>"""
_SETTINGS = "\n".join(
    (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">',
        *(_ITEM.format("Inet/Settings", name, value) for name, value in _OFFLINE.items()),
        _ITEM.format("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
        "</oor:items>",
    )
)


def converter() -> str | None:
    """The program that converts, None where the server has none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_docx(content: bytes) -> bytes:
    """The document as .docx, made in a folder of its own with a profile of its own, and gone afterwards.

    The profile keeps it from running macros and from fetching anything over the network.

    Raises BadFile: no converter, a document it cannot read, more than LIMIT_SECONDS.
    """
    program = converter()
    if program is None:
        raise BadFile(FAILED)
    with TemporaryDirectory(prefix="school-doc-") as folder:
        there = Path(folder)
        (there / "in.doc").write_bytes(content)
        (there / "profile" / "user").mkdir(parents=True)
        (there / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        _run([program, *_OPTIONS, f"-env:UserInstallation={(there / 'profile').as_uri()}", "in.doc"], there)
        made = there / "out" / "in.docx"
        if not made.is_file() or made.stat().st_size > LIMIT_BYTES:
            raise BadFile(FAILED)
        return made.read_bytes()


_OPTIONS = ("--headless", "--norestore", "--convert-to", "docx", "--outdir", "out")


def _run(command: list[str], there: Path) -> None:
    """Run a program in a folder; when its time is up, it ends with all it has started."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=there, start_new_session=True, **quiet) as running:
        try:
            running.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise BadFile(FAILED) from None
        finally:
            _end(running)


def _end(running: subprocess.Popen) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    elif running.poll() is None:
        running.kill()
