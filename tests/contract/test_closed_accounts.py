"""Whatever opened an account opens nothing from the next request on, however it was closed."""

import time

import pytest
import pytest_asyncio

from litereg.registry.administration import service as administration
from tests.client import ALL_SCOPES, PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")

# How an account is closed → what its password is told from then on.
WAYS = {
    "disableMe": "WRONG_CREDENTIALS",
    "deleteMe": "WRONG_CREDENTIALS",
    "adminDeleteUser": "WRONG_CREDENTIALS",
    "adminSetUserStatus": "ACCOUNT_SUSPENDED",
}
NEW = {"slug": "new", "displayName": "New", "isPublic": True}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def administrator(shared_people):
    return await shared_people("administrator")


async def close(way, administrator, caller, name):
    match way:
        case "disableMe":
            return await caller.mutate("disableMe", "username")
        case "deleteMe":
            return await caller.mutate("deleteMe")
        case "adminDeleteUser":
            return await administrator.mutate(way, usernameOrEmailAddress=name)
        case "adminSetUserStatus":
            return await administrator.mutate(way, username=name, status="SUSPENDED")


async def openers(people, registry, caller, name):
    """Return everything that opens an account, as callers, and the token of a log-in link."""
    login = {"username": name, "password": PASSWORD}
    session = (await people.anonymous.mutate("login", **login)).value
    value = {"label": "laptop", "scopes": ALL_SCOPES}
    key = (await caller.mutate("createAPIKey", "token", value=value)).value["token"]
    now = time.time_ns() // 1_000_000
    link = await registry.database.write(administration.make_link, name, name.encode() * 4, now)
    return {
        "the session of signing up": caller,
        "a session": people.with_token(session),
        "a session in a cookie": people.with_token(session, "session"),
        "a key": people.with_token(key, "api_key"),
        "a key as Bearer": people.with_token(key),
    }, link


@pytest.mark.parametrize("way", WAYS)
async def test_a_closed_account_opens_to_nothing(
    shared_registry, shared_people, administrator, way
):
    name = f"closed-by-{way.lower()}"
    caller = await shared_people(name)
    callers, link = await openers(shared_people, shared_registry, caller, name)
    for kind, opened in callers.items():
        assert (await opened.query("me", "username")).value == {"username": name}, kind

    closed = await close(way, administrator, caller, name)

    assert closed.errors == []
    for kind, opened in callers.items():
        for answer in (
            await opened.query("me", "username"),
            await opened.query("registryStatus", "version"),
            await opened.mutate("createCatalog", "displayName", value=NEW),
        ):
            assert answer.status == 401, kind
            assert "API_KEY_NOT_FOUND" in answer.error.message
    password = await shared_people.anonymous.mutate("login", username=name, password=PASSWORD)
    assert password.error.message == WAYS[way]
    linked = await shared_people.anonymous.mutate("useLoginLink", token=link)
    assert linked.error.message == "TOKEN_NOT_VALID"
