from __future__ import annotations

import pytest

from school.accounts import passwords

CHEAP = passwords.Cost(memory=8, passes=1)


@pytest.mark.parametrize(
    ("password", "policy", "count"),
    [
        ("Abc12345", "dengbao", 0),
        ("abc12345", "dengbao", 1),
        ("Ab1", "dengbao", 1),
        ("Abc1234G00007", "dengbao", 1),
        ("aB1aB1aB1", "dengbao", 1),
        ("山高水长春来早花开满园香", "asvs", 0),
        ("abcdefghijk", "asvs", 1),
        ("aaaaaaaaaaaa", "asvs", 1),
        ("", "dengbao", 2),
    ],
    ids=["three kinds", "two kinds", "too short", "staff number inside", "a run repeated", "a sentence", "one short of twelve",
         "one letter", "nothing"],
)  # fmt: skip
def test_a_new_password_is_refused_with_one_sentence_per_fault(password, policy, count):
    assert len(passwords.complaints(password, policy, login_name="G00007", name="张三")) == count


def test_a_hash_matches_its_own_password_only():
    stored = CHEAP.hashed("Abc12345")

    assert stored.startswith("$argon2id$")
    assert CHEAP.matches(stored, "Abc12345")
    assert not CHEAP.matches(stored, "Abc12346")


@pytest.mark.parametrize("stored", ["", "not a hash", "$argon2id$broken"])
def test_an_account_without_a_usable_hash_never_matches(stored):
    assert not CHEAP.matches(stored, "")
    assert not CHEAP.matches(stored, "anything")


def test_a_code_is_read_whatever_its_case_and_dashes():
    code = passwords.new_code()

    assert passwords.code_hash(code.lower().replace("-", " "), "k") == passwords.code_hash(code, "k")
    assert passwords.code_hash(code, "k") != passwords.code_hash(code, "another key")


def test_codes_use_only_letters_that_do_not_look_alike():
    codes = {passwords.new_code() for _ in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {11}
    assert set("".join(codes)) - {"-"} == set(passwords.ALPHABET)
    assert not set("IO01") & set(passwords.ALPHABET)
