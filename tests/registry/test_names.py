import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.errors import InvalidInput
from litereg.registry import names


def reason(check, text):
    """Return why *check* refuses *text*, or None when it does not."""
    try:
        check(text)
    except InvalidInput as error:
        return error.reason
    return None


def agrees(check, pattern, text):
    return (reason(check, text) is None) == bool(pattern.fullmatch(text))


# The patterns as DataPM's clients know them.
PACKAGE_SLUG = re.compile(r"[a-z0-9]+(?:(?:(?:[._]|__|[-]*)[a-z0-9]+)+)?")
CATALOG_SLUG = re.compile(r"[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}", re.IGNORECASE | re.ASCII)


@settings(max_examples=300)
@given(st.text("aZ09._-@", max_size=10))
def test_package_slugs_are_those_of_the_published_pattern(text):
    assert agrees(names.check_package_slug, PACKAGE_SLUG, text)


@settings(max_examples=300)
@given(st.text("aZ09._-", max_size=10))
def test_catalog_slugs_and_usernames_are_those_of_the_published_pattern(text):
    assert agrees(names.check_catalog_slug, CATALOG_SLUG, text)
    assert agrees(names.check_username, CATALOG_SLUG, text)


@pytest.mark.parametrize("slug", ["a", "0", "a.b", "a--b", "a__b", "a__b----c.123", "x" * 100])
def test_slugs_that_packages_have(slug):
    assert reason(names.check_package_slug, slug) is None


@pytest.mark.parametrize("slug", [".", "-", "_", "a@b", "a.", "a-", "a_", "a..b", "a___c", "a\n"])
def test_slugs_that_no_package_has(slug):
    assert reason(names.check_package_slug, slug) == "PACKAGE_SLUG_INVALID"


def test_a_long_slug_that_almost_fits_is_refused_as_fast_as_any():
    # The published pattern takes years over this one.
    assert reason(names.check_package_slug, "a" * 99 + "_") == "PACKAGE_SLUG_INVALID"


@pytest.mark.parametrize("slug", ["a-b-123", "A", "x" * 38])
def test_slugs_that_catalogs_and_users_have(slug):
    assert reason(names.check_catalog_slug, slug) is None
    assert reason(names.check_username, slug) is None


@pytest.mark.parametrize("slug", ["a_b", "a--b", "a-b-", "-a", "\u212a", "\u0661", "a\n", "\ud800"])
def test_slugs_that_no_catalog_and_no_user_has(slug):
    assert reason(names.check_catalog_slug, slug) == "CATALOG_SLUG_INVALID"
    assert reason(names.check_username, slug) == "INVALID_CHARACTERS"


@pytest.mark.parametrize(
    "address",
    ["a@b.co", "A.b+c%d_e-f@a-b.example.org", f"{'x' * 64}@example.org", "1@1.de"],
)
def test_addresses_that_people_have(address):
    assert reason(names.check_email_address, address) is None


@pytest.mark.parametrize(
    "address",
    [
        "a@b.c",
        "@example.org",
        ".a@example.org",
        "a@b@example.org",
        "a@-b.org",
        "a@b..org",
        "a b@example.org",
        "a@example.org\n",
        f"{'x' * 65}@example.org",
        f"a@{'x' * 64}.org",
        "\u00e9@example.org",
    ],
)
def test_addresses_that_nobody_has(address):
    assert reason(names.check_email_address, address) == "INVALID_FORMAT"


def test_an_address_has_254_characters_at_most():
    longest = f"{'x' * 64}@{'.'.join(['x' * 60] * 3)}.museum"

    assert len(longest) == 254
    assert reason(names.check_email_address, longest) is None
    assert reason(names.check_email_address, longest + "s") == "TOO_LONG"


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", "PASSWORD_REQUIRED"),
        ("seven 7", "PASSWORD_TOO_SHORT"),
        ("eight 88", None),
        ("fifteen letters", "INVALID_CHARACTERS"),
        ("sixteen letters.", None),
        *((f"eight {sign}.", None) for sign in "0123456789@#$%!"),
        ("eight \u0661.", "INVALID_CHARACTERS"),
        ("x" * 99, None),
        ("x" * 100, "PASSWORD_TOO_LONG"),
        ("\U0001f40e" * 16, None),
        ("a\0b" * 10, None),
    ],
)
def test_passwords_are_long_enough_and_varied(password, found):
    assert reason(names.check_password, password) == found


@pytest.mark.parametrize("name", ["graphql", "DOCS", "Me"])
def test_reserved_names_are_reserved_in_any_case(name):
    assert reason(names.require_unreserved, name) == "RESERVED_KEYWORD"
    assert reason(names.require_unreserved, f"{name}-1") is None
