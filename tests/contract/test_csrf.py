"""No page of another site changes anything with the session of whoever opens it."""

import itertools
import json
import sqlite3
from contextlib import closing

import aiohttp
import pytest
import pytest_asyncio

from litereg.app import Registry, create_app
from litereg.server.runner import serving
from litereg.settings import Settings
from tests.client import People

OURS = "https://registry.example"
DOORS = ["/graphql", "/catalog/api/v1/custom/graphql"]
CONTENT_TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
    None,
]
ORIGINS = [OURS, "https://evil.example", "http://registry.example", "null", None]
SITES = ["same-origin", "none", "same-site", "cross-site", None]
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
BESIDE = ("session", "rate_bucket")
CREATE = """
mutation ($value: CreateCatalogInput!) { createCatalog(value: $value) { displayName } }
"""


class Site:
    """A registry behind https, somebody's cookie in a browser, and what is in the file."""

    def __init__(self, url, session, registry, cookie, app):
        self.url, self.session, self.registry, self.app = url, session, registry, app
        self.cookie = {"Cookie": f"litereg_session={cookie}; __Host-litereg_session={cookie}"}

    async def send(self, method, path, headers, **options):
        headers = {name: value for name, value in headers.items() if value is not None}
        async with self.session.request(
            method,
            self.url + path,
            headers=headers,
            skip_auto_headers=["Content-Type"],
            allow_redirects=False,
            **options,
        ) as response:
            return response.status, await response.read()

    def state(self):
        """Return everything in the file but when things were last used."""
        with closing(sqlite3.connect(self.registry.settings.db)) as connection:
            kept = [name for (name,) in connection.execute(TABLES) if name not in BESIDE]
            return [
                (name, row)
                for name in kept
                for row in connection.execute(f'SELECT * FROM "{name}"')
            ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    path = tmp_path_factory.mktemp("csrf") / "litereg.db"
    settings = Settings(db=str(path), password_cost=4, port=0, base_url=OURS)
    registry = await Registry.open(settings)
    ann = await People(registry)("ann")
    app = create_app(settings, registry)
    jar = aiohttp.DummyCookieJar()
    async with (
        serving(app, settings) as url,
        aiohttp.ClientSession(cookie_jar=jar) as session,
    ):
        yield Site(url, session, registry, ann.token, app)
    await registry.close()


def may(content_type, origin, fetched, with_cookie):
    """Return whether such a request may act for the owner of the cookie."""
    ours = fetched in ("same-origin", "none") if fetched else origin == OURS
    return with_cookie and bool(content_type) and "json" in content_type and ours


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("content_type", CONTENT_TYPES)
async def test_a_cookie_acts_only_for_pages_of_the_registry_itself(
    site, door, content_type, record_property
):
    sent = changes = 0
    before = site.state()
    for origin, fetched, with_cookie in itertools.product(ORIGINS, SITES, (True, False)):
        slug = f"c{abs(hash((door, content_type, origin, fetched, with_cookie)))}"
        value = {"slug": slug, "displayName": slug, "isPublic": False}
        headers = {
            "Content-Type": content_type,
            "Origin": origin,
            "Sec-Fetch-Site": fetched,
            **(site.cookie if with_cookie else {}),
        }
        body = json.dumps({"query": CREATE, "variables": {"value": value}})

        await site.send("POST", door, headers, data=body)

        after = site.state()
        changed, before = after != before, after
        assert changed == may(content_type, origin, fetched, with_cookie), headers
        sent += 1
        changes += changed and not may(content_type, origin, fetched, with_cookie)
    record_property("figure", f"{changes} of {sent} changed anything they may not")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", DOORS)
async def test_a_get_changes_nothing_whoever_sends_it(site, door):
    value = {"slug": "by-get", "displayName": "a", "isPublic": False}
    before = site.state()
    for fetched in SITES:
        headers = {"Sec-Fetch-Site": fetched, "Accept": "application/json", **site.cookie}
        params = {"query": CREATE, "variables": json.dumps({"value": value})}

        status, _ = await site.send("GET", door, headers, params=params)

        assert status == 405
    assert site.state() == before


@pytest.mark.asyncio(loop_scope="module")
async def test_no_form_of_another_site_is_taken_anywhere(site):
    routes = [
        route
        for route in site.app.router.routes()
        if route.method == "POST" and route.resource.canonical not in DOORS
    ]
    before = site.state()

    for route in routes:
        info = route.resource.get_info()
        names = info["pattern"].groupindex if "pattern" in info else {}
        parts = dict.fromkeys(names, "ann")
        path = route.resource.canonical.format_map(parts) if parts else route.resource.canonical
        for origin, fetched in itertools.product(ORIGINS, SITES):
            if may("json", origin, fetched, True):
                continue
            form = "application/x-www-form-urlencoded"
            headers = {
                "Content-Type": form,
                "Origin": origin,
                "Sec-Fetch-Site": fetched,
                "Accept": "text/html",
                **site.cookie,
            }
            status, _ = await site.send("POST", path, headers, data="a=b&token=c")
            assert status in (403, 404), (path, headers, status)

    assert len(routes) > 5
    assert site.state() == before


@pytest.mark.asyncio(loop_scope="module")
async def test_other_sites_are_told_nothing_by_cors(site):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    for method in ("OPTIONS", "POST"):
        async with site.session.request(
            method, site.url + "/graphql", headers=headers, json={"query": "{ __typename }"}
        ) as response:
            assert not [name for name in response.headers if name.startswith("Access-Control")]
