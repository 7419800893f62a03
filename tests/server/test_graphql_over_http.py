"""What GraphQL over HTTP asks of a server: on both doors, with and without a session.

`MUST` and `SHOULD` are the specification's. Two of its wishes are not followed, on purpose: a
request that cannot run is 4xx under `application/json` too, and an Accept header that names nothing
known is served.
"""

import json
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from tests.server.conftest import TOKEN, real_engine, running, settings_of

DOORS = ["/graphql", "/catalog/api/v1/custom/graphql"]
STATES = {
    "anonymous": {},
    "session": {"Cookie": f"litereg_session={TOKEN}", "Sec-Fetch-Site": "same-origin"},
}
PLAIN = "application/json"
GRAPHQL = "application/graphql-response+json"
HELLO = "{ hello }"
GREETING = {"hello": "Hello, world!"}
ABSENT = object()
AS_GRAPHQL = {"accept": GRAPHQL, "answered_as": GRAPHQL}
ANN = {"hello": "Hello, Ann!"}
B = {"hello": "Hello, B!"}
NOTE = {"query": 'mutation { note(text: "a") }'}


@dataclass
class Audit:
    """One thing that is asked, and what has to be answered."""

    name: str
    body: object = ABSENT
    params: dict | None = None
    method: str = "POST"
    accept: str | None = PLAIN
    content_type: str | None = PLAIN
    status: int = 200
    data: object = ABSENT
    answered_as: str = PLAIN
    headers: dict = field(default_factory=dict)


def post(name, body, **expected):
    return Audit(name, body, **expected)


def get(name, params, **expected):
    return Audit(name, params=params, method="GET", content_type=None, **expected)


def wrong_kinds(parameter, values, base):
    """Return audits that give *parameter* a value of each wrong kind, under both media types."""
    for accept in (PLAIN, GRAPHQL):
        for value in values:
            kind = type(value).__name__
            yield post(
                f"MUST refuse {kind} {parameter} as {accept}",
                {**base, parameter: value},
                accept=accept,
                answered_as=accept,
                status=400,
            )


QUERY = {"query": HELLO}
WITH_VARIABLE = {"query": "query ($n: String) { hello(name: $n) }", "variables": {"n": "Ann"}}
TWO = {"query": 'query A { hello } query B { hello(name: "B") }'}
PARTIAL = {"query": "{ broken hello }"}
PARTLY = {"broken": None, **GREETING}
NEEDS_VARIABLE = {"query": "query ($n: [Int!]!) { sum(numbers: $n) }"}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
SOME = [{"obj": "ect"}, 0, False, ["array"]]

AUDITS = [
    post("MUST accept POST", QUERY, data=GREETING),
    post("MUST answer application/json", QUERY, data=GREETING),
    post("MUST answer graphql-response", QUERY, **AS_GRAPHQL, data=GREETING),
    post("SHOULD answer */* as JSON", QUERY, accept="*/*", data=GREETING),
    post("SHOULD answer application/* as JSON", QUERY, accept="application/*", data=GREETING),
    post("SHOULD answer no Accept as JSON", QUERY, accept=None, data=GREETING),
    post("MUST respect quality", QUERY, accept=f"{PLAIN};q=0.5, {GRAPHQL}", answered_as=GRAPHQL),
    post("MUST respect quality of the other", QUERY, accept=f"{GRAPHQL};q=0.2, {PLAIN};q=0.3"),
    post("MUST take the first of equals", QUERY, accept=f"{GRAPHQL}, {PLAIN}", answered_as=GRAPHQL),
    post("MUST take the first of equals, JSON", QUERY, accept=f"{PLAIN}, {GRAPHQL}"),
    post(
        "MUST NOT answer what q=0 excludes", QUERY, accept=f"{PLAIN};q=0, */*", answered_as=GRAPHQL
    ),
    post(
        "MUST accept charset in Accept",
        QUERY,
        accept=f"{GRAPHQL}; charset=utf-8",
        answered_as=GRAPHQL,
    ),
    post("MAY serve an unknown Accept", QUERY, accept="image/png", data=GREETING),
    post("MAY serve an Accept that is none", QUERY, accept="charset=utf-8", data=GREETING),
    post("MAY serve HTML lovers who POST", QUERY, accept="text/html", data=GREETING),
    post("MUST accept utf-8 bodies", QUERY, content_type=f"{PLAIN}; charset=utf-8", data=GREETING),
    post(
        "MUST accept quoted charset", QUERY, content_type=f'{PLAIN};charset="UTF-8"', data=GREETING
    ),
    post("MUST accept any case of the type", QUERY, content_type="Application/JSON", data=GREETING),
    post(
        "MUST read and write utf-8",
        json.dumps({"query": '{ hello(name: "Zoë 🐘") }'}, ensure_ascii=False).encode(),
        data={"hello": "Hello, Zoë 🐘!"},
    ),
    post("SHOULD refuse no Content-Type", QUERY, content_type=None, status=415),
    post("MUST refuse form bodies", b"query=%7Bhello%7D", content_type=FORM, status=415),
    post("MUST refuse text bodies", HELLO.encode(), content_type="text/plain", status=415),
    post("MUST refuse multipart bodies", b"--x--", content_type=MULTIPART, status=415),
    post(
        "MUST refuse raw documents", HELLO.encode(), content_type="application/graphql", status=415
    ),
    post("MUST refuse other charsets", QUERY, content_type=f"{PLAIN}; charset=latin-1", status=415),
    post("MUST require a body", b"", status=400),
    post("SHOULD refuse broken JSON", b'{ "not a JSON', status=400),
    post("SHOULD refuse broken JSON as GraphQL", b'{ "not', **AS_GRAPHQL, status=400),
    post("SHOULD refuse a body that is no object", b'"{ hello }"', status=400),
    post("SHOULD refuse a null body", b"null", status=400),
    post("SHOULD refuse a number", b"7", status=400),
    post("SHOULD refuse a body in UTF-16", json.dumps(QUERY).encode("utf-16"), status=400),
    post("SHOULD refuse a missing query", {"qeury": HELLO}, status=400),
    post("SHOULD refuse a missing query as GraphQL", {"qeury": HELLO}, **AS_GRAPHQL, status=400),
    post("SHOULD refuse a null query", {"query": None}, status=400),
    post("SHOULD refuse an empty query", {"query": ""}, status=400),
    *wrong_kinds("query", SOME, {}),
    *wrong_kinds("operationName", SOME, QUERY),
    *wrong_kinds("variables", ["string", 0, False, ["array"]], QUERY),
    *wrong_kinds("extensions", ["string", 0, False, ["array"]], QUERY),
    post("MUST allow null variables", {**QUERY, "variables": None}, data=GREETING),
    post("MUST allow null operationName", {**QUERY, "operationName": None}, data=GREETING),
    post("MUST allow null extensions", {**QUERY, "extensions": None}, data=GREETING),
    post("MUST allow a map of extensions", {**QUERY, "extensions": {"a": 1}}, data=GREETING),
    post("MUST allow a map of variables", WITH_VARIABLE, data=ANN),
    post(
        "MUST allow operationName",
        {"query": "query Q { hello }", "operationName": "Q"},
        data=GREETING,
    ),
    post("MUST run the operation named", {**TWO, "operationName": "B"}, data=B),
    post("MUST ignore other members", {**QUERY, "persisted": True}, data=GREETING),
    post("SHOULD refuse to choose among operations", TWO, status=400),
    post("SHOULD refuse an unknown operation", {**TWO, "operationName": "C"}, status=400),
    post("SHOULD refuse a syntax error", {"query": "{"}, status=400),
    post("SHOULD refuse a syntax error as GraphQL", {"query": "{"}, **AS_GRAPHQL, status=400),
    post("SHOULD refuse an unknown field", {"query": "{ nothing }"}, status=400),
    post(
        "SHOULD refuse an unknown field as GraphQL", {"query": "{ no }"}, **AS_GRAPHQL, status=400
    ),
    post(
        "SHOULD refuse variables of another type",
        {**WITH_VARIABLE, "variables": {"n": [1]}},
        status=400,
    ),
    post("SHOULD refuse a missing variable", NEEDS_VARIABLE, status=400),
    post("MUST answer 200 once execution began", PARTIAL, data=PARTLY),
    post("MUST answer 2xx with partial data", PARTIAL, **AS_GRAPHQL, data=PARTLY),
    post("MUST run mutations over POST", NOTE, data={"note": "a"}),
    get("MAY accept GET", QUERY, data=GREETING),
    get("MAY accept GET as GraphQL", QUERY, **AS_GRAPHQL, data=GREETING),
    get("SHOULD answer GET without Accept as JSON", QUERY, accept=None, data=GREETING),
    get(
        "MUST read variables of a GET",
        {"query": WITH_VARIABLE["query"], "variables": '{"n":"Ann"}'},
        data=ANN,
    ),
    get("MUST read operationName of a GET", {**TWO, "operationName": "B"}, data=B),
    get("MUST take an empty operationName for none", {**QUERY, "operationName": ""}, data=GREETING),
    get(
        "MUST take operationName null for a name",
        {"query": "query null { hello }", "operationName": "null"},
        data=GREETING,
    ),
    get("MAY take empty variables for none", {**QUERY, "variables": ""}, data=GREETING),
    get("MUST allow extensions in a GET", {**QUERY, "extensions": "{}"}, data=GREETING),
    get("SHOULD refuse broken variables of a GET", {**QUERY, "variables": "{"}, status=400),
    get(
        "SHOULD refuse variables of a GET that are no map",
        {**QUERY, "variables": "[1]"},
        status=400,
    ),
    get("SHOULD refuse a GET without query", {}, status=400),
    get("SHOULD refuse a GET with a syntax error", {"query": "{"}, status=400),
    get("MUST NOT run mutations over GET", NOTE, status=405),
    get("MUST NOT run mutations over GET as GraphQL", NOTE, **AS_GRAPHQL, status=405),
    Audit("MUST name the methods for PUT", method="PUT", body=QUERY, status=405),
    Audit("MUST name the methods for PATCH", method="PATCH", body=QUERY, status=405),
    Audit("MUST name the methods for DELETE", method="DELETE", status=405),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    settings = settings_of()
    async with (
        real_engine(tmp_path_factory.mktemp("audits"), settings) as engine,
        running(engine, settings) as site,
    ):
        yield site


def options_of(audit, state):
    headers = {**STATES[state], **audit.headers}
    skipped = [] if audit.content_type or audit.method == "GET" else ["Content-Type"]
    if audit.content_type is not None:
        headers["Content-Type"] = audit.content_type
    if audit.accept is not None:
        headers["Accept"] = audit.accept
    body = audit.body
    if body is ABSENT:
        body = None
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return {
        "headers": headers,
        "data": body,
        "params": audit.params,
        "skip_auto_headers": [*skipped, "Accept"],
    }


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: audit.name)
async def test_audit(site, audit, door, state):
    async with site.request(audit.method, door, **options_of(audit, state)) as response:
        body = json.loads((await response.read()).decode("utf-8"))

    assert response.status == audit.status, body
    assert response.headers["Content-Type"] == f"{audit.answered_as}; charset=utf-8"
    if audit.status == 200:
        assert audit.data in (ABSENT, body["data"])
        assert "errors" not in body or audit.data.get("broken", 0) is None
    else:
        assert "data" not in body
        assert all(error["message"] and error["extensions"]["code"] for error in body["errors"])
    if audit.status == 405:
        assert "POST" in response.headers["Allow"]


def test_there_are_at_least_sixty_audits():
    assert len(AUDITS) >= 60
