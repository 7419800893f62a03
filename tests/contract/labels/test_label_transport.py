"""The labels API over HTTP: what its known clients send, and what they look at in the answers."""

from __future__ import annotations

import json
from dataclasses import replace

import aiohttp
import pytest

from litereg.app import create_app
from litereg.server.runner import serving

DOOR = "/catalog/api/v1/custom/graphql"
SEARCH = "{ customCatalogLabel { searchLabels { edges { node { name } } } } }"
CREATE = (
    'mutation { customCatalogLabel { createCustomCatalogLabel(label: {name: "%s"}) { name } } }'
)


class Door:
    """A client that posts to one address with one token."""

    def __init__(self, url, session, token):
        self.url = url
        self._session = session
        self._token = token

    async def post(self, body, path=DOOR, token=True, **headers):
        if isinstance(body, dict):
            body = json.dumps(body)
        headers = {"Content-Type": "application/json", **headers}
        if token:
            headers["Authorization"] = f"bearer {self._token if token is True else token}"
        async with self._session.post(self.url + path, data=body, headers=headers) as response:
            return response, json.loads(await response.text())

    async def get(self, path):
        async with self._session.get(self.url + path) as response:
            return response, json.loads(await response.text())


@pytest.fixture
async def door(registry, labels):
    async with (
        serving(create_app(registry.settings, registry), registry.settings) as url,
        aiohttp.ClientSession() as session,
    ):
        yield Door(url, session, labels.caller.token)


@pytest.fixture
def settings(settings):
    return replace(settings, port=0)


@pytest.mark.parametrize("path", [DOOR, "/" + DOOR, "/graphql"])
@pytest.mark.parametrize("variables", [{}, {"variables": {}}])
async def test_success_is_200_without_errors_at_each_door(door, path, variables):
    response, body = await door.post({"query": SEARCH, **variables}, path)

    assert response.status == 200
    assert response.content_type == "application/json"
    assert response.charset == "utf-8"
    assert body == {"data": {"customCatalogLabel": {"searchLabels": {"edges": []}}}}


async def test_a_refused_change_is_200_with_its_exact_words(door):
    await door.post({"query": CREATE % "a"})

    response, body = await door.post({"query": CREATE % "a"})

    assert response.status == 200
    assert body["data"] is None
    (error,) = body["errors"]
    assert error["message"] == "Some of the labels already exist"
    assert error["path"] == ["customCatalogLabel", "createCustomCatalogLabel"]
    assert error["extensions"] == {"code": "LABEL_EXISTS"}
    assert error["locations"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{ customCatalogLabel {"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ customCatalogLabel { nothing } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename } query B { __typename }"}, None),
        ("not json", None),
        ('{"query": 17}', None),
        ("[]", None),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "application/graphql-response+json"])
async def test_what_cannot_run_is_400_with_a_reason(door, body, code, accept):
    response, answer = await door.post(body, Accept=accept)

    assert response.status == 400
    assert answer["errors"][0]["message"]
    if code:
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_a_bad_token_is_401_with_a_body(door):
    response, body = await door.post({"query": SEARCH}, token="nonsense")

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert body["errors"][0]["message"]


async def test_no_token_is_a_field_error(door):
    response, body = await door.post({"query": SEARCH}, token=False)

    assert response.status == 200
    assert body["data"] is None
    assert body["errors"][0]["message"] == "NOT_AUTHENTICATED"


@pytest.mark.parametrize(
    "query",
    [
        r'{"query": "{ customCatalogLabel { getLabel(name: \"\ud800\") { name } } }"}',
        r'{"query": "{ customCatalogLabel { getLabel(name: \"\\ud800\") { name } } }"}',
        r'{"query": "{ customCatalogLabel { getLabel(name: \"\\u0000\") { name } } }"}',
        r'{"query": "query ($n: String!) { customCatalogLabel { getLabel(name: $n) { name } } }",'
        r' "variables": {"n": "\ud800"}}',
    ],
)
async def test_text_that_cannot_be_kept_is_an_error_and_no_crash(door, query):
    response, body = await door.post(query)

    assert response.status in (200, 400)
    assert body["errors"]
    assert body["errors"][0].get("extensions", {}).get("code") != "INTERNAL_SERVER_ERROR"


async def test_a_document_of_five_hundred_versions_is_taken(door):
    await door.post({"query": CREATE % "a"})
    versions = ",".join(
        f'{{publicPackage: {{name: "@scope/p{n}", type: "npm"}}, version: "1.{n}.0"}}'
        for n in range(500)
    )
    query = f"""mutation {{ customCatalogLabel {{
        assignCustomCatalogLabelToPublicPackageVersions(
            publicPackageVersionsLabel: {{labelName: "a", publicPackageVersions: [{versions}]}})
    }} }}"""

    response, body = await door.post({"query": query})

    assert response.status == 200
    assert "errors" not in body


async def test_clients_that_ask_first_whether_the_catalog_is_there_are_content(door):
    health, told = await door.get("/catalog/api/v1/system/app_health")
    xray, version = await door.get("/xray/api/v1/system/version")
    usage, _ = await door.post({"productId": "a client"}, "/artifactory/api/system/usage")

    assert health.status == xray.status == 200
    assert told["code"] == "OK"
    assert told["entitlements"]["entitled_for_catalog"] is True
    assert told["entitlements"]["token_expired"] is False
    assert told["central"]["central_connection_working"] is True
    assert told["db_connection_working"] is told["one_model_available"] is True
    assert version["xray_version"]
    assert usage.status == 404
