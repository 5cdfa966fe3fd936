"""Every setting, read once from the environment. Standard library only; README lists them all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from school.errors import Refused


@dataclass(frozen=True)
class Settings:
    """One field per variable SCHOOL_<FIELD>; empty variables mean the default."""

    #: folder for the database file, keys and backups
    data_dir: Path = Path("school-data")
    #: SQLAlchemy URL; empty means SQLite in data_dir
    database_url: str = ""
    #: name of the county on pages and papers
    county: str = "云岭县"
    #: 主办单位, 备案号 and contact line shown at the foot of every page
    owner: str = ""
    filing: str = ""
    contact: str = ""
    #: address people type to reach the product, printed on slips, e.g. https://yexiao.example.gov.cn
    public_url: str = ""
    #: "on" when every request reaches us over HTTPS (secure cookies, HSTS)
    https: bool = False
    #: number of trusted proxies in front of the server (X-Forwarded-* are ignored at 0)
    proxies: int = 0
    #: days a sign-in lasts; minutes without a request after which it ends for officers and administrators
    login_days: int = 30
    idle_minutes: int = 120
    #: wrong passwords before an account, and failures before an address, must wait; minutes of waiting
    lock_after: int = 5
    lock_address_after: int = 100
    lock_minutes: int = 10
    #: "dengbao" (8+ characters of three kinds) or "asvs" (12+ characters, no kinds)
    password_policy: str = "dengbao"
    #: argon2id cost: memory in KiB, passes
    argon2_memory: int = 19456
    argon2_passes: int = 2
    #: in one process: hashes that run at once, and sign-ins that wait for theirs before others are asked to come again
    hashes_at_once: int = 1
    hashes_waiting: int = 12
    #: days a first-login slip is good for
    slip_days: int = 30
    #: seconds a late answer may travel and still count
    network_grace: int = 20
    #: folder with the county's own fonts (小标宋, 仿宋 …), looked at before the built-in face
    fonts_dir: str = ""
    #: "on" while the demo county's known passwords are in the database: refuses any address but loopback
    demo: bool = False

    @property
    def url(self) -> str:
        """The database to use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'school.db'}"


#: how a switch is written
SWITCH = {"on": True, "1": True, "true": True, "yes": True, "off": False, "0": False, "false": False, "no": False}


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from SCHOOL_* variables. A value that cannot be read is refused by name."""
    environ = os.environ if environ is None else environ
    given = {f.name: environ.get(f"SCHOOL_{f.name.upper()}", "") for f in fields(Settings)}
    return Settings(**{f.name: _value(f, given[f.name]) for f in fields(Settings) if given[f.name]})


def _value(setting: field, text: str):
    kind = type(setting.default)
    try:
        return SWITCH[text.lower()] if kind is bool else kind(text)
    except (ValueError, KeyError):
        raise Refused(f"设置 SCHOOL_{setting.name.upper()} 的值“{text}”无法识别，请改正后再启动。") from None
