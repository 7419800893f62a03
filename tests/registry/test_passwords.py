import base64

import pytest

from litereg.registry import passwords
from litereg.registry.passwords import SCHEMES, Bcrypt, Scrypt
from litereg.settings import Settings
from litereg.settings.table import CHOICES

CHEAP = [Bcrypt(4), Scrypt(ln=4)]
each_scheme = pytest.mark.parametrize("scheme", CHEAP, ids=["bcrypt", "scrypt"])
# The first 32 bytes of RFC 7914's third example: N = 16384, r = 8, p = 1.
RFC_7914 = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
UNPADDED = base64.b64encode(RFC_7914).decode().rstrip("=")


@each_scheme
@pytest.mark.parametrize(
    "password",
    ["correct horse 9", "a\0b", "\U0001f40e\U0001f50b", "\u00e9" * 37, "x" * 1000, "\ud800"],
)
def test_a_password_matches_its_own_hash_and_not_another(password, scheme):
    stored = passwords.hash_password(password, scheme)

    assert passwords.matches(password, stored)
    assert not passwords.matches(password + "x", stored)
    assert not passwords.matches(password[:-1], stored)


@each_scheme
def test_bytes_past_the_72nd_count(scheme):
    stored = passwords.hash_password("x" * 72 + "a", scheme)

    assert not passwords.matches("x" * 72 + "b", stored)


@each_scheme
def test_what_stands_behind_a_nul_counts(scheme):
    stored = passwords.hash_password("abc\0def", scheme)

    assert not passwords.matches("abc\0xyz", stored)


@each_scheme
def test_a_letter_with_its_accent_is_the_same_however_the_keyboard_sends_it(scheme):
    stored = passwords.hash_password("caf\u00e9 noir", scheme)

    assert passwords.matches("cafe\u0301 noir", stored)


@each_scheme
def test_one_password_has_a_new_hash_each_time(scheme):
    hashes = [passwords.hash_password("same", scheme) for _ in "ab"]

    assert hashes[0] != hashes[1]


def test_the_cost_is_in_the_hash():
    assert passwords.hash_password("same", Bcrypt(5)).startswith("$2b$05$")
    assert passwords.hash_password("same", Scrypt(5, 4, 2)).startswith("$scrypt$ln=5,r=4,p=2$")


@pytest.mark.parametrize("scheme", [Bcrypt(4), Bcrypt(12), Scrypt(4), Scrypt(5, 4, 2), Scrypt()])
def test_a_hash_tells_what_made_it_and_so_does_that_of_nobody(scheme):
    assert passwords.scheme_of(scheme.no_hash()) == scheme
    if scheme in CHEAP:
        assert passwords.scheme_of(passwords.hash_password("same", scheme)) == scheme


@each_scheme
@pytest.mark.parametrize("password", ["", "same", "x" * 1000])
def test_nothing_matches_the_hash_of_nobody(password, scheme):
    assert not passwords.matches(password, scheme.no_hash())


def test_scrypt_is_that_of_rfc_7914():
    stored = f"$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU${UNPADDED}"

    assert passwords.matches("pleaseletmein", stored)
    assert not passwords.matches("pleaseletmeIn", stored)


@pytest.mark.parametrize(
    "stored",
    [
        "$2b$04$nDcENLgMEAmiL4kDGwISieLXOAw5xXROHk3M4FEp8U0bd/M07bKbu",
        "$scrypt$ln=4,r=8,p=1$gXvKjbg9xmaXV1/2mcM39A$aaIBGt/RqQv07Qxjo0HMynDLRhZaOSTTPAFOcDGJQbU",
    ],
)
def test_hashes_that_were_made_before_are_read(stored):
    assert passwords.matches("correct horse 9", stored)


def test_scrypt_costs_what_owasp_advises():
    assert Scrypt.wanted(Settings()) == Scrypt(ln=17, r=8, p=1)


def test_each_word_of_the_setting_is_a_scheme():
    assert set(CHOICES["password_hash"]) == set(SCHEMES)


@pytest.mark.parametrize(("before", "after"), [CHEAP, CHEAP[::-1], [Scrypt(4), Scrypt(5)]])
def test_the_right_password_is_hashed_anew_when_the_scheme_is_another(before, after):
    stored = passwords.hash_password("same", before)

    is_right, new = passwords.matches_and_hash("same", stored, after)

    assert is_right
    assert passwords.scheme_of(new) == after
    assert passwords.matches("same", new)
    assert passwords.matches_and_hash("same", new, after) == (True, None)
    assert passwords.matches_and_hash("other", stored, after) == (False, None)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "same",
        "$2b$04$",
        "$2b$03$" + "." * 53,
        "$2b$99$" + "." * 53,
        "$2b$04$" + "\u00e9" * 53,
        "$2b$04$" + "." * 53 + "\n",
        "$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAA",
        "$scrypt$ln=4,r=8,p=1$AAAA",
        "$scrypt$ln=4,r=8,p=1$A$AAAA",
        "$scrypt$ln=4,r=8,p=1$A\u00e9AA$AAAA",
        "$scrypt$ln=0,r=8,p=1$AAAA$AAAA",
        "$scrypt$ln=4,r=0,p=1$AAAA$AAAA",
        "$scrypt$ln=4,r=8,p=0$AAAA$AAAA",
        "$scrypt$ln=-4,r=8,p=1$AAAA$AAAA",
        "$scrypt$ln=99,r=8,p=1$AAAA$AAAA",
    ],
)
def test_a_damaged_hash_is_of_no_password(stored):
    assert not passwords.matches("same", stored)
    assert passwords.matches_and_hash("same", stored, Bcrypt(4)) == (False, None)


@pytest.mark.parametrize("parameters", ["ln=18,r=8,p=1", "ln=17,r=16,p=1", "ln=19,r=99,p=9"])
def test_no_hash_takes_more_memory_than_one_of_ours(parameters):
    key = "A" * 43

    assert not passwords.matches("same", f"$scrypt${parameters}${key}${key}")
    assert 128 * Scrypt().r * 2 ** Scrypt().ln < passwords.SCRYPT_MAX_MEMORY < 130 * 2**20
