"""Set everything up on a fresh machine and run 夜校, or its tests. Needs only Python 3.11 or newer.

    python3 start.py          the demo county: server, report PDF, accounts
    python3 start.py test     the tests; further words go to pytest

What it installs goes into .venv beside this file, from the hash-pinned lock; a second run needs no network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}


def main() -> int:
    """Prepare the environment for what is asked and hand over to it; its exit code is ours."""
    if sys.version_info < (3, 11):  # noqa: UP036 — whoever runs this file may have an older Python
        print("夜校需要 Python 3.11 或更新的版本。 This needs Python 3.11 or newer.", file=sys.stderr)
        return 2
    words = sys.argv[1:]
    testing = words[:1] == ["test"]
    prepare(LOCKS["test" if testing else "run"])
    command = ["-m", "pytest", *words[1:]] if testing else ["-m", "school", *(words or ["demo"])]
    return subprocess.run([str(PYTHON), *command], cwd=HERE).returncode


def prepare(lock: str) -> None:
    """Bring .venv to the lock's state, unless a stamp says that it is there already."""
    wanted = hashlib.sha256((HERE / lock).read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"{lock}.installed"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        make_environment()
    print("正在安装依赖…… installing the pinned packages", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(HERE / lock)], check=True)
    stamp.write_text(wanted)


def make_environment() -> None:
    """Create .venv. Debian ships Python without the part that puts pip into it: say which package has it."""
    print("正在准备运行环境…… creating .venv", flush=True)
    try:
        venv.create(VENV, with_pip=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "这个 Python 缺少 venv。Debian、Ubuntu 请先运行 apt install python3-venv。 Install python3-venv first."
        )


if __name__ == "__main__":
    sys.exit(main())
