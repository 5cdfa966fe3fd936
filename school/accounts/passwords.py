"""Passwords and first-login codes: hashing, checking, and what a new password must be. Pure.

Hashing is the dearest thing the product does (about 30 ms of one core), so in a server few hashes run at a time and few
wait (Queue). First-login codes are random and long enough (50 bits) for a keyed hash to do.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from school.errors import Busy

#: without letters and digits that look alike on paper
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
#: policy -> (shortest length, kinds of characters asked for)
POLICIES = {"dengbao": (8, 3), "asvs": (12, 1)}
LONGEST = 128

#: seconds after which somebody who found the line full comes again
COME_AGAIN = 5


@dataclass(frozen=True)
class Cost:
    """argon2id cost: memory in KiB, passes over it."""

    memory: int
    passes: int

    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(time_cost=self.passes, memory_cost=self.memory, parallelism=1)

    def hashed(self, password: str) -> str:
        """The argon2id hash of a password, with its parameters and salt in it."""
        return self._hasher().hash(password)

    def matches(self, stored: str, password: str) -> bool:
        """Whether the password is the stored one. An empty or unknown hash takes as long and never matches."""
        try:
            return self._hasher().verify(stored or self._decoy(), password) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False

    def _decoy(self) -> str:
        return f"$argon2id$v=19$m={self.memory},t={self.passes},p=1${'A' * 22}${'A' * 43}"


class Queue:
    """The line before the hashing: at most `at_once` hashes run, up to `waiting` more wait in the order they came.

    Whoever comes after that is sent away for some seconds, so that a rush of sign-ins leaves threads and a core to the
    people who are answering.
    """

    def __init__(self, cost: Cost, at_once: int, waiting: int):
        self._cost, self._hashing = cost, ThreadPoolExecutor(at_once, "hashing")
        self._places, self._lock = at_once + waiting, threading.Lock()
        #: how many hash or wait now
        self.taken = 0

    def hashed(self, password: str) -> str:
        """Cost.hashed when its turn comes; Busy when the line is full."""
        return self._in_turn(self._cost.hashed, password)

    def matches(self, stored: str, password: str) -> bool:
        """Cost.matches when its turn comes; Busy when the line is full."""
        return self._in_turn(self._cost.matches, stored, password)

    def _in_turn(self, work: Callable, *given: str):
        self._enter()
        try:
            return self._hashing.submit(work, *given).result()
        finally:
            with self._lock:
                self.taken -= 1

    def _enter(self) -> None:
        with self._lock:
            if self.taken == self._places:
                raise Busy("现在登录的人很多，还没有轮到您，请过几秒再点一次“登录”。", COME_AGAIN)
            self.taken += 1


def complaints(password: str, policy: str, *, login_name: str, name: str) -> list[str]:
    """What is wrong with a new password, one sentence each; empty when it may be used.

    | policy  | length | kinds of upper case, lower case, digits, signs |
    |---------|--------|------------------------------------------------|
    | dengbao | ≥ 8    | ≥ 3                                            |
    | asvs    | ≥ 12   | –                                              |

    Either refuses the staff number, the name, and one character or a short run repeated all through.
    """
    shortest, kinds = POLICIES[policy]
    found = []
    if len(password) < shortest:
        found.append(f"密码至少 {shortest} 个字符，现在是 {len(password)} 个。")
    if len(password) > LONGEST:
        found.append(f"密码最多 {LONGEST} 个字符。")
    if _kinds(password) < kinds:
        found.append("请在大写字母、小写字母、数字、符号中至少用三种。")
    if any(part and part.lower() in password.lower() for part in (login_name, name)):
        found.append("密码里不要包含工号或姓名。")
    if password and any(
        len(password) > 2 * n and password == (password[:n] * len(password))[: len(password)] for n in (1, 2, 3)
    ):
        found.append("密码不能只是几个字符的重复。")
    return found


def _kinds(password: str) -> int:
    upper, lower, digit = (any(test(c) for c in password) for test in (str.isupper, str.islower, str.isdigit))
    other = any(not (c.isupper() or c.islower() or c.isdigit()) for c in password)
    return upper + lower + digit + other


def new_code() -> str:
    """A first-login code in two groups of five, e.g. "K7M2P-QX9DT"."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def code_hash(code: str, secret: str) -> str:
    """The keyed hash of a code; case and the dash do not matter."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(secret.encode(), b"slip:" + letters.encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """What the table keeps of a sign-in's random token."""
    return hashlib.sha256(token.encode()).hexdigest()
