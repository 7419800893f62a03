"""What a hardened registry keeps from people who are not logged in, and an ordinary one shows."""

from dataclasses import replace

import pytest
from graphql import get_introspection_query

from litereg.app import Registry, create_app
from tests.client import People

INTROSPECTION = [
    get_introspection_query(),
    "{ __schema { queryType { name } } }",
    '{ __type(name: "User") { name } }',
    "{ ...S } fragment S on Query { __schema { queryType { name } } }",
    "{ ... { a: __schema { queryType { name } } } }",
]
# Documents with a slip, and what the hint in the answer would be.
SLIPS = [
    ("{ searchPackage }", "searchPackages"),
    ("{ latestPackages(offSet: 0, limits: 1) { count } }", "limit"),
    ("{ registryStatus { statuss } }", "status"),
    ("query ($v: CreateUserInputt) { registryStatus { status } }", "CreateUserInput"),
]


@pytest.fixture
async def hardened(settings):
    registry = await Registry.open(replace(settings, hardened=True))
    yield registry
    await registry.close()


@pytest.mark.parametrize("text", INTROSPECTION)
async def test_the_schema_is_shown_to_who_is_logged_in_only(hardened, text):
    people = People(hardened)
    ann = await people("ann")

    before = await people.anonymous.send(text)
    known = await ann.send(text)
    after = await people.anonymous.send(text)

    assert not known.errors
    for refused in (before, after):
        assert refused.error.message == "INTROSPECTION_DISABLED: log in to read the schema"
        assert refused.error.code == "UNAUTHENTICATED"
        assert refused.data is None


async def test_everything_else_is_answered_as_ever(hardened):
    answer = await People(hardened).anonymous.send("{ __typename registryStatus { status } }")

    assert answer.data["__typename"] == "Query"


@pytest.mark.parametrize(("text", "hint"), SLIPS)
async def test_errors_give_no_hints(hardened, registry, text, hint):
    silent = await People(hardened).anonymous.send(text)
    helpful = await People(registry).anonymous.send(text)

    assert "Did you mean" in helpful.errors[0].message
    assert hint in helpful.errors[0].message.partition("Did you mean")[2]
    assert "Did you mean" not in str(silent.body)
    assert silent.errors[0].message == helpful.errors[0].message.partition(" Did you mean")[0]


@pytest.mark.parametrize("path", ["/schema.graphql", "/docs/schema.gql", "/static/schema.gql"])
async def test_the_page_of_the_schema_is_for_who_is_logged_in_only(hardened, aiohttp_client, path):
    client = await aiohttp_client(create_app(hardened.settings, hardened))
    ann = await People(hardened)("ann")

    assert (await client.get(path)).status == 404
    assert (await client.get(path, headers={"Authorization": "Bearer nobody"})).status == 404
    known = await client.get(path, headers={"Authorization": f"Bearer {ann.token}"})
    assert known.status == 200
    assert "type Query" in await known.text()
    # A cache on the way would hand it to the next one who asks.
    assert known.headers["Cache-Control"] == "no-store"


async def test_an_ordinary_registry_shows_its_schema(registry, people, aiohttp_client):
    client = await aiohttp_client(create_app(registry.settings, registry))

    schema = await client.get("/schema.graphql")
    assert schema.status == 200
    assert schema.headers["Cache-Control"] == "public, max-age=300"
    assert not (await people.anonymous.send(get_introspection_query())).errors
