"""Every refusal that the contract names: its message, its code, its status and what else is there.

The rules of names and passwords have their own file, `test_input_rules`.
"""

import base64
import json

import pytest
import pytest_asyncio

from litereg.app import Registry
from litereg.settings import Settings
from tests.client import (
    PASSWORD,
    Caller,
    make_catalog,
    make_package,
    package_file,
    publish,
)
from tests.contract.documents import call, is_nullable
from tests.contract.refusals import INVALID, KEY, RAIN, REFUSALS, USER

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def weather(shared_people):
    """A private catalog of ann's with two packages, one of them published; bob has nothing."""
    ann = await shared_people("ann")
    await shared_people("bob")
    await make_catalog(ann, "weather")
    await make_catalog(ann, "climate")
    await publish(ann, await make_package(ann, "weather", "rain"), package_file())
    await make_package(ann, "weather", "snow")
    await make_package(ann, "climate", "rain")
    await ann.mutate("createAPIKey", "id", value=KEY)


async def caller_named(people, name):
    return people.anonymous if name == "nobody" else await people(name)


@pytest.mark.parametrize(("who", "field", "args", "message", "code"), REFUSALS)
async def test_a_refusal_reads_as_the_contract_says(
    shared_registry, shared_people, who, field, args, message, code
):
    caller = await caller_named(shared_people, who)

    result = await call(shared_registry, caller, field, args)

    name = field.partition(".")[2]
    nullable = is_nullable(shared_registry.engine.schema, field)
    assert result.status == 200
    assert (result.error.message, result.error.code) == (message, code)
    assert result.error.path == [name]
    assert result.data == ({name: None} if nullable else None)
    assert PASSWORD not in json.dumps(result.body)
    assert "not the one 1" not in json.dumps(result.body)


async def test_somebody_elses_key_is_not_found(shared_people):
    ann, bob = await shared_people("ann"), await shared_people("bob")
    key = (await ann.query("myAPIKeys", "id")).value[0]

    refused = await bob.mutate("deleteAPIKey", "id", id=key["id"])

    assert refused.error.message == f"API_KEY_NOT_FOUND: {key['id']}"
    assert (await ann.query("myAPIKeys", "id")).value == [key]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "unexpected end of data"),
        ("[]", "a package file is a JSON object"),
        ("{}", "version"),
        (package_file("01.0.0"), "not a version number"),
        (package_file(description=""), "the description is empty"),
        (package_file(description="x" * 2049), "longer than 2048 characters"),
    ],
)
async def test_a_broken_package_file_stops_the_request(shared_people, text, words):
    result = await publish(await shared_people("bob"), RAIN, text)

    assert result.status == 400
    assert "data" not in result.body
    assert "INVALID_PACKAGE_FILE_SCHEMA: [{" in result.error.message
    assert words in result.error.message
    assert result.error.code == INVALID


async def test_a_package_file_that_is_no_string_stops_the_request(shared_people):
    result = await publish(await shared_people("ann"), RAIN, json.loads(package_file()))

    assert result.status == 400
    assert "a JSON document inside a string" in result.error.message
    assert result.error.code == INVALID


def wrong_tokens():
    unknown = base64.b64encode(b"00000000-0000-4000-8000-000000000000.ltr_abc").decode()
    jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    return [unknown, jwt, "nonsense", "no-dot==", "\u00e9", base64.b64encode(b"\xff.\xff").decode()]


@pytest.mark.parametrize("kind", ["bearer", "api_key", "session"])
@pytest.mark.parametrize("token", wrong_tokens())
async def test_a_wrong_token_is_refused_before_anything_runs(shared_registry, token, kind):
    caller = Caller(shared_registry, "", token, kind)

    result = await caller.query("catalogSlugAvailable", catalogSlug="weather")

    assert result.status == 401
    assert "API_KEY_NOT_FOUND" in result.error.message
    assert result.error.code == "UNAUTHENTICATED"
    assert "data" not in result.body
    assert token not in json.dumps(result.body, ensure_ascii=False)


async def test_nobody_signs_up_where_sign_up_is_closed(tmp_path):
    registry = await Registry.open(Settings(db=str(tmp_path / "closed.db"), sign_up=False))

    result = await Caller(registry).mutate("createMe", value=USER)

    await registry.close()
    assert (result.error.message, result.error.code) == ("SIGN_UP_DISABLED", "FORBIDDEN")


async def test_old_clients_can_read_the_reason_from_a_synthetic_trace(tmp_path, shared_people):
    settings = Settings(db=str(tmp_path / "compatible.db"), compat_stacktrace=True)
    registry = await Registry.open(settings)
    value = USER | {"password": "short"}

    told = await Caller(registry).mutate("createMe", value=value)
    by_default = await shared_people.anonymous.mutate("createMe", value=value)

    await registry.close()
    trace = {"stacktrace": ["ValidationError: PASSWORD_TOO_SHORT"]}
    assert told.error.extensions["exception"] == trace
    assert "exception" not in by_default.error.extensions
