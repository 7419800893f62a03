import pytest

from tests.server.conftest import TOKEN

ME = {"query": "{ me }"}
COOKIE = {"Cookie": f"other=1; litereg_session={TOKEN}"}
KNOWN = {"data": {"me": "ann"}}
UNKNOWN = {"data": {"me": None}}


async def who(site, headers, path="/graphql"):
    async with site.post(path, json=ME, headers=headers) as response:
        return response.status, await response.json()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": TOKEN},
        {"Authorization": f"Bearer {TOKEN}"},
        {"Authorization": f"bearer   {TOKEN} "},
        {"X-API-Key": TOKEN, "Authorization": "Bearer nobody"},
        {"X-API-Key": TOKEN, "Cookie": "litereg_session=nobody"},
        {"Authorization": f"Bearer {TOKEN}", "Cookie": "litereg_session=nobody"},
        {"X-API-Key": TOKEN, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_token_in_a_header_says_who_asks(site, headers):
    assert await who(site, headers) == (200, KNOWN)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": TOKEN},
        {"Cookie": f"token={TOKEN}"},
        {"Cookie": ";;=;"},
    ],
)
async def test_nothing_that_counts_is_anonymous(site, headers):
    assert await who(site, headers) == (200, UNKNOWN)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": "nobody"},
        {"X-API-Key": ""},
        {"X-API-Key": "nobody", "Authorization": f"Bearer {TOKEN}"},
        {"X-API-Key": "schlüssel"},
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \udcff"},
        {"Cookie": "litereg_session=nobody", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_token_that_is_none_is_refused(site, headers):
    status, body = await who(site, headers)

    assert status == 401
    assert "API_KEY_NOT_FOUND" in body["errors"][0]["message"]
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_cookie_does_not_count_in_a_get(site):
    params = {"query": "{ me }"}

    for headers in (COOKIE, {**COOKIE, "Sec-Fetch-Site": "same-origin"}):
        async with site.get("/graphql", params=params, headers=headers) as response:
            assert await response.json() == UNKNOWN
    async with site.get("/graphql", params=params, headers={"X-API-Key": TOKEN}) as response:
        assert await response.json() == KNOWN


OURS = "http://registry.example:8080"
# Sec-Fetch-Site, Origin, Host; whether a page of ours can have sent that.
SENT_BY = [
    ("same-origin", OURS, "registry.example:8080", True),
    ("same-origin", None, "anything", True),
    ("none", None, "anything", True),
    ("same-site", "http://other.example", "registry.example:8080", False),
    ("same-site", OURS, "registry.example:8080", False),
    ("cross-site", "http://evil.example", "registry.example:8080", False),
    ("cross-site", OURS, "registry.example:8080", False),
    ("nonsense", OURS, "registry.example:8080", False),
    (None, OURS, "127.0.0.1:4000", True),
    (None, OURS.upper(), "127.0.0.1:4000", True),
    (None, "http://127.0.0.1:4000", "127.0.0.1:4000", True),
    (None, "http://127.0.0.1:4001", "127.0.0.1:4000", False),
    (None, "http://registry.example", "registry.example:8080", False),
    (None, "http://registry.example:8080.evil.example", "registry.example:8080", False),
    (None, "ftp://127.0.0.1:4000", "127.0.0.1:4000", False),
    (None, "null", "registry.example:8080", False),
    (None, "", "", False),
    (None, None, "registry.example:8080", False),
]


@pytest.mark.parametrize(("site_header", "origin", "host", "ours"), SENT_BY)
@pytest.mark.parametrize("path", ["/graphql", "/catalog/api/v1/custom/graphql"])
async def test_a_cookie_counts_in_requests_of_our_own_pages(
    start, site_header, origin, host, ours, path
):
    site = await start(base_url=OURS)
    headers = {**COOKIE, "Host": host, "Sec-Fetch-Site": site_header, "Origin": origin}
    headers = {name: value for name, value in headers.items() if value is not None}

    status, body = await who(site, headers, path)

    if ours:
        assert (status, body) == (200, KNOWN)
    else:
        assert status == 403
        assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert "data" not in body


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None],
)
@pytest.mark.parametrize("fetched", ["same-origin", "cross-site"])
async def test_a_cookie_never_counts_without_json(site, content_type, fetched):
    headers = {**COOKIE, "Sec-Fetch-Site": fetched, "Content-Type": content_type}
    headers = {name: value for name, value in headers.items() if value is not None}

    async with site.post(
        "/graphql",
        data=b'{"query": "mutation { note(text: \\"a\\") }"}',
        headers=headers,
        skip_auto_headers=["Content-Type"],
    ) as response:
        assert response.status == 415
        assert "data" not in await response.json()


async def test_behind_https_a_page_that_came_over_http_is_not_ours(start):
    site = await start(base_url="https://registry.example")
    headers = {"Cookie": f"__Host-litereg_session={TOKEN}", "Host": "registry.example"}

    assert (await who(site, {**headers, "Origin": "http://registry.example"}))[0] == 403
    assert (await who(site, {**headers, "Origin": "https://registry.example"}))[0] == 200


# Address of the registry, name of the cookie that counts there.
COOKIES = [
    ("http://registry.example", "litereg_session"),
    ("https://registry.example", "__Host-litereg_session"),
    ("https://registry.example/data", "__Secure-litereg_session"),
]


@pytest.mark.parametrize(("base_url", "name"), COOKIES)
async def test_a_neighbour_of_the_same_domain_cannot_put_a_session_into_a_browser(
    start, base_url, name
):
    site = await start(base_url=base_url)

    for other in {cookie for _, cookie in COOKIES}:
        headers = {"Cookie": f"{other}={TOKEN}", "Sec-Fetch-Site": "same-origin"}
        expected = KNOWN if other == name else UNKNOWN
        assert await who(site, headers) == (200, expected)
