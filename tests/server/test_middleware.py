import json

import pytest

from litereg.server.health import Health
from tests.server.conftest import running, settings_of
from tests.server.engines import Waiting

SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "litereg",
}
HELLO = {"query": "{ hello }"}


class Broken(Waiting):
    """An engine with a defect outside of everything it catches."""

    async def answer(self, request, credentials, request_id, heavy=False):
        raise ZeroDivisionError("a detail that is nobody's business")


@pytest.mark.parametrize("given", ["a", "0123-abc_DEF.4:5/6+7=", "x" * 64])
async def test_a_sane_request_id_comes_back(site, given):
    async with site.get("/healthz", headers={"X-Request-Id": given}) as response:
        assert response.headers.getall("X-Request-Id") == [given]


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a;b", "<script>", "é", "-a", "a\tb"])
async def test_another_request_id_is_replaced(site, given):
    async with site.get("/healthz", headers={"X-Request-Id": given}) as response:
        assert response.headers["X-Request-Id"] not in ("", given)


async def test_no_two_requests_get_the_same_id(site):
    ids = set()
    for _ in range(3):
        async with site.get("/healthz") as response:
            ids.add(response.headers["X-Request-Id"])

    assert len(ids) == 3


REFUSED = [
    ("GET", "/nothing", 404),
    ("GET", "/a/b/c", 404),
    ("GET", "/docs/nothing", 404),
    ("GET", "/static/datapm-package-file-schema-v9.9.9.json", 404),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/assets/..%2f..%2fsettings.py", 404),
    ("GET", "/assets/%2e%2e/pages.py", 404),
    ("GET", "/.git/config", 404),
    ("POST", "/no/such/address/at/all", 404),
    ("POST", "/some-catalog", 405),
    ("POST", "/", 405),
    ("POST", "/healthz", 405),
    ("DELETE", "/graphql", 405),
    ("PUT", "/catalog/api/v1/custom/graphql", 405),
    ("TRACE", "/graphql", 405),
    ("POST", "/some-catalog/some-package", 405),
    ("GET", "/graphql", 400),
    ("POST", "/graphql", 415),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSED)
async def test_every_refusal_is_json(site, method, path, status):
    async with site.request(method, path, headers={"Accept": "*/*"}) as response:
        body = await response.json()

    assert response.status == status
    assert response.content_type == "application/json"
    assert SECURE.items() <= response.headers.items()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert body["errors"][0]["message"]
    assert body["errors"][0]["extensions"]["code"]
    if status == 405:
        assert "OPTIONS" in response.headers["Allow"]


async def test_an_expectation_that_cannot_be_met_is_refused_in_json(site):
    for path in ("/graphql", "/nothing"):
        async with site.post(path, json=HELLO, headers={"Expect": "a miracle"}) as response:
            assert response.status == 417
            assert (await response.json())["errors"][0]["extensions"]["code"]
            assert response.headers["X-Request-Id"]


async def test_a_client_that_asks_first_is_told_to_go_on(site):
    async with site.post("/graphql", json=HELLO, expect100=True) as response:
        assert await response.json() == {"data": {"hello": "Hello, world!"}}


async def test_a_defect_is_500_and_says_nothing(caplog):
    settings = settings_of()
    async with running(Broken(), settings) as site, site.post("/graphql", json=HELLO) as response:
        text = await response.text()

    assert response.status == 500
    error = json.loads(text)["errors"][0]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert response.headers["X-Request-Id"] in error["message"]
    assert "nobody" not in text
    assert "Traceback" not in text
    assert "nobody's business" in caplog.text


async def test_an_api_answer_is_never_cached_and_always_closed_to_pages(site):
    async with site.post("/graphql", json=HELLO) as response:
        assert SECURE.items() <= response.headers.items()
        assert response.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in response.headers


async def test_https_is_made_to_stay(start):
    site = await start(base_url="https://registry.example")

    async with site.get("/healthz") as response:
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_https_is_made_to_stay_below_the_host_where_that_is_wanted(start):
    site = await start(base_url="https://registry.example", hsts_subdomains=True)

    for path in ("/healthz", "/", "/nothing"):
        async with site.get(path) as response:
            hsts = response.headers["Strict-Transport-Security"]
            assert hsts == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/graphql", "GET, HEAD, OPTIONS, POST"),
        ("//graphql", "GET, HEAD, OPTIONS, POST"),
        ("/catalog/api/v1/custom/graphql", "GET, HEAD, OPTIONS, POST"),
        ("/healthz", "GET, HEAD, OPTIONS"),
    ],
)
async def test_options_tells_the_methods_and_opens_nothing_to_other_sites(site, path, methods):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    async with site.request("OPTIONS", path, headers=headers) as response:
        assert response.status == 204
        assert response.headers["Allow"] == methods
        assert not [name for name in response.headers if name.startswith("Access-Control")]
        assert await response.read() == b""


async def test_no_answer_is_opened_to_other_sites(site):
    headers = {"Origin": "https://evil.example"}

    async with site.post("/graphql", json=HELLO, headers=headers) as response:
        assert not [name for name in response.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "path",
    [
        "//graphql",
        "///graphql",
        "//catalog/api//v1/custom///graphql",
        "/catalog//api/v1/custom/graphql",
    ],
)
async def test_repeated_slashes_are_one(site, path):
    async with site.post(path, json=HELLO, allow_redirects=False) as response:
        assert response.status == 200
        assert await response.json() == {"data": {"hello": "Hello, world!"}}
    query = {"query": '{ hello(name: "a//b") }'}
    async with site.get(path, params=query, allow_redirects=False) as response:
        assert await response.json() == {"data": {"hello": "Hello, a//b!"}}


async def test_repeated_slashes_keep_their_refusals(site):
    async with site.get("//nothing//at/all") as response:
        assert response.status == 404
    async with site.request("DELETE", "//graphql") as response:
        assert response.status == 405
    async with site.get("//some-catalog//some-package") as response:
        assert "some-catalog/some-package" in await response.text()


@pytest.mark.parametrize("base", ["", "/a/b", "//a/b", "/a//b"])
async def test_a_path_prefix_may_be_passed_on_or_stripped(start, base):
    site = await start(base_url="https://registry.example/a/b/")

    async with site.post(f"{base}/graphql", json=HELLO) as response:
        assert await response.json() == {"data": {"hello": "Hello, world!"}}
    for path in ("/healthz", "/schema.graphql", "/", "/some-catalog/some-package"):
        async with site.get(base + path) as response:
            assert response.status == 200
    async with site.get(f"{base}/nothing") as response:
        assert response.status == 404


async def test_head_is_answered_like_get_without_the_body(site):
    async with site.request("HEAD", "/healthz") as response:
        assert response.status == 200
        assert await response.read() == b""


async def test_the_routes_of_health_are_all_there(site):
    async def ready():
        raise AssertionError("nobody asks")

    for route in Health(ready).routes():
        async with site.get(route.path) as response:
            assert response.status == 200
