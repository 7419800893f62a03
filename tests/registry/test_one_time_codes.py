"""Codes of an app, and recovery codes: what they are, and which of them count when."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.registry import one_time_codes
from litereg.registry.one_time_codes import code_at, find_step, step_at

SECRET = b"12345678901234567890"
NOW = 1_700_000_010_000
STEP = 30_000


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(second, code):
    assert code_at(SECRET, step_at(second * 1000)) == code


def test_a_code_counts_in_its_half_minute_and_in_one_beside_it():
    code = code_at(SECRET, step_at(NOW))

    found = {ago: find_step(SECRET, code, NOW + ago * STEP, 0) for ago in range(-3, 4)}

    step = step_at(NOW)
    assert found == {-3: None, -2: None, -1: step, 0: step, 1: step, 2: None, 3: None}


def test_no_code_counts_again_nor_one_from_before_it():
    step = step_at(NOW)

    assert find_step(SECRET, code_at(SECRET, step), NOW, step - 1) == step
    assert find_step(SECRET, code_at(SECRET, step), NOW, step) is None
    assert find_step(SECRET, code_at(SECRET, step - 1), NOW, step) is None
    assert find_step(SECRET, code_at(SECRET, step + 1), NOW, step) == step + 1


def test_spaces_in_a_code_do_not_matter():
    code = code_at(SECRET, step_at(NOW))

    assert find_step(SECRET, f" {code[:3]} {code[3:]}\n", NOW, 0) is not None


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_code_or_none(text):
    right = {code_at(SECRET, step_at(NOW) + beside) for beside in (-1, 0, 1)}

    is_right = re.sub(r"[\s-]+", "", text) in right
    assert (find_step(SECRET, text, NOW, 0) is not None) is is_right


def test_other_digits_than_ours_are_no_code():
    code = code_at(SECRET, step_at(NOW))
    arabic = "".join(chr(0x660 + int(digit)) for digit in code)

    assert find_step(SECRET, arabic, NOW, 0) is None


def test_an_app_reads_all_it_needs_from_the_address():
    address = one_time_codes.address(SECRET, "Rain & Söhne: data", "ann-lee")

    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Rain & Söhne: data:ann-lee"
    assert parse_qs(parts.query) == {
        "secret": [one_time_codes.secret_text(SECRET)],
        "issuer": ["Rain & Söhne: data"],
    }


@given(st.binary(min_size=15, max_size=15))
def test_a_recovery_code_holds_all_of_its_120_bits_and_is_easy_to_type(random):
    code = one_time_codes.recovery_code(random)

    assert re.fullmatch(r"([a-z2-7]{4}-){5}[a-z2-7]{4}", code)
    typed = code.upper().replace("-", " ")
    letters = one_time_codes.recovery_letters(code)
    assert one_time_codes.recovery_letters(typed) == letters
    assert int.from_bytes(random, "big") == sum(
        "abcdefghijklmnopqrstuvwxyz234567".index(letter) << 5 * place
        for place, letter in enumerate(reversed(letters))
    )
