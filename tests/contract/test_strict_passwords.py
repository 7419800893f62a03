"""A registry whose password rules are strict takes good passwords only, however they are set."""

from dataclasses import replace

import pytest

from litereg.app import Registry, create_app
from tests.client import Caller
from tests.mailbox import open_mailbox, send_all

GOOD = "four words and no digit"
LONG = "a long story " * 78
COMMON, NAMED = "sunshine1", "wilhelmina in may"


@pytest.fixture
async def registry(settings):
    registry = await Registry.open(replace(settings, password_rules="strict"))
    yield registry
    await registry.close()


async def sign_up(anonymous, password):
    value = {
        "username": "wilhelmina",
        "emailAddress": "mina@example.org",
        "password": password,
    }
    return await anonymous.mutate("createMe", value=value)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        (COMMON, "PASSWORD_TOO_COMMON: it is among those that are tried first"),
        (NAMED, "PASSWORD_HAS_NAME: it has a name in it that goes with the account"),
    ],
)
async def test_an_easy_password_makes_no_account(anonymous, password, reason):
    refused = await sign_up(anonymous, password)

    assert refused.error.message == reason
    assert refused.error.code == "GRAPHQL_VALIDATION_FAILED"
    assert (await anonymous.query("usernameAvailable", username="wilhelmina")).value is True


@pytest.mark.parametrize("password", [GOOD, LONG, "wörter 雨"])
async def test_whoever_has_a_good_one_logs_in_with_it(anonymous, password):
    assert (await sign_up(anonymous, password)).value

    logged_in = await anonymous.mutate("login", username="wilhelmina", password=password)

    assert logged_in.value


async def test_too_short_and_too_long_are_refused_in_the_words_of_the_api(anonymous):
    short, long = await sign_up(anonymous, "seven 7"), await sign_up(anonymous, "x" * 1025)

    assert short.error.message.endswith("PASSWORD_TOO_SHORT")
    assert long.error.message.endswith("PASSWORD_TOO_LONG")


async def test_a_new_password_obeys_too(anonymous, registry):
    me = Caller(registry, "", (await sign_up(anonymous, GOOD)).value)

    for password, reason in ((COMMON, "PASSWORD_TOO_COMMON"), (NAMED, "PASSWORD_HAS_NAME")):
        value = {"oldPassword": GOOD, "newPassword": password}
        refused = await me.mutate("updateMyPassword", value=value)
        assert refused.error.message.startswith(reason)
    changed = await me.mutate("updateMyPassword", value={"oldPassword": GOOD, "newPassword": LONG})

    assert not changed.errors
    assert (await anonymous.mutate("login", username="wilhelmina", password=LONG)).value


async def test_compatible_registries_refuse_what_they_always_did(settings):
    registry = await Registry.open(settings)
    anonymous = Caller(registry)

    no_digit = await sign_up(anonymous, "onlyletters")
    common = await sign_up(anonymous, COMMON)
    await registry.close()

    assert no_digit.error.message.endswith("INVALID_CHARACTERS")
    assert common.value


async def test_a_password_that_is_recovered_by_letter_obeys_too(settings):
    async with open_mailbox() as mailbox:
        strict = replace(settings, password_rules="strict", **mailbox.settings)
        registry = await Registry.open(strict)
        anonymous = Caller(registry)
        await sign_up(anonymous, GOOD)
        await anonymous.mutate("forgotMyPassword", emailAddress="mina@example.org")
        await send_all(registry)
        token = mailbox.token(1)
        tried = [
            await anonymous.mutate(
                "recoverMyPassword", value={"token": token, "newPassword": password}
            )
            for password in (COMMON, NAMED, LONG)
        ]
        logged_in = await anonymous.mutate("login", username="wilhelmina", password=LONG)
        await registry.close()

    reasons = [[error.message.split(":")[0] for error in each.errors] for each in tried]
    assert reasons == [["PASSWORD_TOO_COMMON"], ["PASSWORD_HAS_NAME"], []]
    assert logged_in.value


async def test_the_pages_say_the_rule_and_the_reason(registry, aiohttp_client):
    client = await aiohttp_client(create_app(registry.settings, registry))
    form = {"username": "wilhelmina", "emailAddress": "mina@example.org", "password": COMMON}
    same_origin = {"Sec-Fetch-Site": "same-origin"}

    async with client.post("/sign-up", data=form, headers=same_origin) as response:
        page = await response.text()

    assert response.status == 400
    assert "That password is among those that are tried first. Choose another." in page
    assert "8 characters or more, whichever you like" in page
    assert 'maxlength="1024"' in page
    assert COMMON not in page
