"""Tokens: what they look like, and which are refused before anything is looked up."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.access import Credentials
from litereg.errors import NotAuthenticated
from litereg.registry import identity, tokens

RANDOM = bytes(range(32))
KEY_ID = "0f0e0d0c-0b0a-4908-8706-050403020100"
SECRET = tokens.new_secret(RANDOM)
TOKEN = tokens.key_token(KEY_ID, SECRET)
# What scanners of source code are told to look for; README has it too.
PATTERN = re.compile(r"ltr_[A-Za-z0-9_-]{49}")


class NoDatabase:
    """A transaction that fails whoever looks anything up."""

    def first(self, *_args, **_params):
        raise AssertionError("something was looked up")


def test_a_secret_has_a_prefix_and_all_of_its_256_bits():
    assert PATTERN.fullmatch(SECRET)
    assert len({tokens.new_secret(bytes([n]) * 32)[4:47] for n in range(256)}) == 256
    assert tokens.token_text(RANDOM) in SECRET


@given(st.binary(min_size=32, max_size=32))
def test_any_secret_is_read_back_from_its_token(random):
    secret = tokens.new_secret(random)

    assert PATTERN.fullmatch(secret)
    assert tokens.parse_key_token(tokens.key_token(KEY_ID, secret)) == (KEY_ID, secret)


@pytest.mark.parametrize("place", range(len(tokens.SECRET_PREFIX), len(SECRET)))
def test_a_secret_with_one_letter_changed_is_refused_before_the_database(place):
    for letter in string.ascii_letters + string.digits + "-_":
        if letter == SECRET[place]:
            continue
        changed = SECRET[:place] + letter + SECRET[place + 1 :]
        token = tokens.key_token(KEY_ID, changed)

        with pytest.raises(NotAuthenticated, match="API_KEY_NOT_FOUND"):
            identity.identify(NoDatabase(), Credentials(token, "api_key"), 0)


@pytest.mark.parametrize(
    "token",
    ["", "a", "a.b", SECRET, f"{KEY_ID}.{SECRET}", TOKEN[:-5], TOKEN + "AAAA", "é", "=" * 100],
)
def test_what_is_no_token_is_refused_before_the_database(token):
    with pytest.raises(NotAuthenticated, match="API_KEY_NOT_FOUND"):
        identity.identify(NoDatabase(), Credentials(token, "api_key"), 0)


def test_what_is_stored_of_a_token_is_its_digest():
    assert tokens.digest(SECRET) != tokens.digest(SECRET[:-1])
    assert len(tokens.digest(SECRET)) == 32
    assert SECRET.encode() not in tokens.digest(SECRET)
