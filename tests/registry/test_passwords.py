import pytest

from litereg.registry import passwords

COST = 4


@pytest.mark.parametrize(
    "password",
    ["correct horse 9", "a\0b", "\U0001f40e\U0001f50b", "\u00e9" * 37, "x" * 1000, "\ud800"],
)
def test_a_password_matches_its_own_hash_and_not_another(password):
    stored = passwords.hash_password(password, COST)

    assert passwords.matches(password, stored)
    assert not passwords.matches(password + "x", stored)
    assert not passwords.matches(password[:-1], stored)


def test_bytes_past_the_72nd_count():
    stored = passwords.hash_password("x" * 72 + "a", COST)

    assert not passwords.matches("x" * 72 + "b", stored)


def test_what_stands_behind_a_nul_counts():
    stored = passwords.hash_password("abc\0def", COST)

    assert not passwords.matches("abc\0xyz", stored)


def test_a_letter_with_its_accent_is_the_same_however_the_keyboard_sends_it():
    stored = passwords.hash_password("caf\u00e9 noir", COST)

    assert passwords.matches("cafe\u0301 noir", stored)


def test_one_password_has_a_new_hash_each_time():
    assert passwords.hash_password("same", COST) != passwords.hash_password("same", COST)


def test_the_cost_is_in_the_hash():
    assert passwords.hash_password("same", 5).startswith("$2b$05$")


@pytest.mark.parametrize("password", ["", "same", "x" * 1000])
def test_nothing_matches_the_hash_of_nobody(password):
    assert not passwords.matches(password, passwords.no_hash(COST))
