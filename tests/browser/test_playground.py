"""The playground in a real Chromium, in front of a small server with a schema of its own."""

import json
import re
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from graphql import GraphQLError, build_schema, graphql

from litereg.web import assets
from litereg.web.built import asset_files
from litereg.web.playground import PLAYGROUND_CSP, playground_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SDL = """
directive @hasPackagePermission(permission: String!) on ARGUMENT_DEFINITION

type Query {
  "Find packages by words; no words find all."
  searchPackages(query: String!, offSet: Int!, limit: Int!): SearchPackagesResult!
  "Who is asking."
  me: User!
  login(username: String!, password: String!): String!
}

type Mutation {
  disablePackage(slug: String! @hasPackagePermission(permission: "MANAGE")): Boolean!
}

type User { username: String! }
type SearchPackagesResult { packages: [Package!], count: Int!, hasMore: Boolean! }
type Package { identifier: PackageIdentifier!, displayName: String, latestVersion: Version }
type PackageIdentifier { catalogSlug: String!, packageSlug: String! }
type Version { identifier: VersionIdentifier! }
type VersionIdentifier { versionMajor: Int!, versionMinor: Int!, versionPatch: Int! }
"""
KEY = "Bearer the-key-of-ann"
QUERY = ".graphiql-query-editor .monaco-editor"
ANSWER = ".result-window .view-lines"


class Registry:
    """A GraphQL endpoint, its SDL and the playground, below any path prefix."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.requests: list[web.Request] = []
        self.serves_sdl = True
        self._schema = build_schema(SDL)
        app = web.Application()
        app.router.add_get(f"{prefix}/graphql", self._page)
        app.router.add_get(f"{prefix}/playground", self._page)
        app.router.add_post(f"{prefix}/graphql", self._graphql)
        app.router.add_get(f"{prefix}/schema.graphql", self._sdl)
        app.router.add_get(f"{prefix}/assets/{{name}}", self._asset)
        self.viewer = ""
        self.server = TestServer(app)

    def url(self, path: str) -> str:
        return str(self.server.make_url("/")).removesuffix("/") + self.prefix + path

    async def _page(self, request: web.Request) -> web.Response:
        html = playground_page(
            f"{self.prefix}/graphql",
            f"{self.prefix}/schema.graphql",
            f"{self.prefix}/assets",
            "Toy registry",
            viewer=self.viewer,
            home=f"{self.prefix}/",
        )
        policy = {"Content-Security-Policy": PLAYGROUND_CSP}
        return web.Response(text=html, content_type="text/html", headers=policy)

    async def _graphql(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        sent = await request.json()
        root = {
            "searchPackages": self._search,
            "me": lambda info: self._me(request),
            "login": "a session token",
        }
        result = await graphql(
            self._schema,
            sent["query"],
            root,
            variable_values=sent.get("variables"),
            operation_name=sent.get("operationName"),
        )
        return web.json_response(result.formatted)

    def _search(self, info, query, **page):
        name = {"catalogSlug": "weather", "packageSlug": query or "rainfall"}
        version = {"versionMajor": 1, "versionMinor": 0, "versionPatch": 2}
        package = {"identifier": name, "latestVersion": {"identifier": version}}
        return {"packages": [package], "count": 1, "hasMore": False}

    def _me(self, request):
        if request.headers.get("Authorization") != KEY:
            raise GraphQLError("NOT_AUTHENTICATED", extensions={"code": "UNAUTHENTICATED"})
        return {"username": "ann"}

    async def _sdl(self, request: web.Request) -> web.Response:
        if not self.serves_sdl:
            raise web.HTTPForbidden
        return web.Response(text=SDL)

    async def _asset(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(asset_files()[request.match_info["name"]])


@pytest_asyncio.fixture(loop_scope="session")
async def serve(page):
    """Start registries. They end after the page, which loads parts of itself late."""
    if not assets.is_fresh():
        pytest.skip("the playground is not built: run `python -m litereg.web.assets`")
    started: list[Registry] = []

    async def start(prefix: str = "") -> Registry:
        registry = Registry(prefix)
        await registry.server.start_server()
        started.append(registry)
        return registry

    yield start
    await page.context.close()
    for registry in started:
        await registry.server.close()


@pytest_asyncio.fixture(loop_scope="session")
async def registry(serve):
    return await serve()


async def visit(page, registry, path="/graphql"):
    """Open the playground and wait until it knows the schema."""
    await page.goto(registry.url(path))
    await page.locator(f"{QUERY} .view-line").first.wait_for()
    await page.click('[aria-label="Show Docs"]')
    await page.locator(".graphiql-doc-explorer-content a", has_text="Query").first.wait_for()
    await page.click('[aria-label="Hide Docs"]')


async def write(page, query):
    """Replace the operation, and wait until GraphiQL has read it: it names the tab by it."""
    await page.click(f"{QUERY} .view-lines")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(query)
    if named := re.match(r"query (\w+)", query):
        await page.locator(".graphiql-tab-active", has_text=named[1]).wait_for()


async def write_headers(page, headers):
    await page.click('.graphiql-editor-tools [data-name="headers"]')
    await page.click('[aria-label="Headers"] .view-lines >> visible=true')
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(headers)


async def run(page):
    """Press the button and return the answer."""
    await page.click(".graphiql-execute-button")
    await page.locator(".litereg-facts").wait_for()
    # The editor draws what it was given a moment later.
    await page.locator(ANSWER, has_text="}").first.wait_for()
    return json.loads(await text(page, ANSWER))


async def text(page, selector):
    """Return what an editor shows. It draws blanks as non-breaking ones."""
    return (await page.locator(selector).first.inner_text()).replace("\xa0", " ")


async def stored(page):
    return await page.evaluate("JSON.stringify(localStorage)")


async def stored_with(page, *words):
    """Wait until the browser has stored something with these words: it does so after a while."""
    found = "words => words.every(word => JSON.stringify(localStorage).includes(word))"
    await page.wait_for_function(found, arg=list(words))


async def test_the_first_tab_holds_a_query_that_runs(page, registry):
    await visit(page, registry)

    answer = await run(page)

    assert answer["data"]["searchPackages"]["count"] == 1
    assert "HTTP 200" in await page.locator(".litereg-facts").inner_text()


@pytest.mark.parametrize("path", ["/graphql", "/playground"])
async def test_the_page_names_its_endpoint(page, registry, path):
    await visit(page, registry, path)

    assert await page.locator(".litereg-endpoint").inner_text() == "/graphql"
    assert await page.locator(".litereg-name").inner_text() == "Toy registry"


async def test_the_page_names_its_reader_and_leads_back_to_the_registry(page, serve):
    registry = await serve("/a/b")
    registry.viewer = "ann"

    await visit(page, registry)

    assert await page.locator(".litereg-viewer").inner_text() == "as ann"
    assert await page.locator(".litereg-name").get_attribute("href") == "/a/b/"
    # Whoever is logged in need not be told how to send a key.
    assert await page.locator(".litereg-hint").count() == 0


async def test_the_short_keys_are_shown(page, registry):
    await visit(page, registry)

    await page.click('.graphiql-sidebar [aria-label="Open short keys dialog"]')

    await page.get_by_role("dialog").get_by_text("Execute query").wait_for()


async def test_everything_works_below_a_path_prefix(page, serve):
    registry = await serve("/a/b")

    await visit(page, registry)
    await run(page)

    assert {request.path for request in registry.requests} == {"/a/b/graphql"}
    assert await page.locator(".litereg-endpoint").inner_text() == "/a/b/graphql"


async def test_names_are_completed_while_typing(page, registry):
    await visit(page, registry)
    await write(page, "")

    await page.keyboard.type("{ sea")
    await page.locator(".suggest-widget .monaco-list-row", has_text="searchPackages").wait_for()
    await page.keyboard.press("Enter")

    await page.locator(f"{QUERY} .view-line", has_text="searchPackages").wait_for()


async def test_a_mistake_is_underlined(page, registry):
    await visit(page, registry)

    await write(page, "{ nothingOfTheKind }")

    await page.locator(f"{QUERY} .squiggly-error").first.wait_for()


@pytest.mark.parametrize("name", ["Docs", "Schema", "History"])
async def test_the_panels_open_on_the_right(page, registry, name):
    await visit(page, registry)

    await page.click(f'.graphiql-sidebar button:has-text("{name}")')

    panel = page.locator(".graphiql-plugin")
    await panel.locator(f':text-is("{name}")').first.wait_for()
    box, editor = await panel.bounding_box(), await page.locator(QUERY).bounding_box()
    assert box["x"] > 1360 / 2 > editor["x"] + editor["width"] / 2


async def test_the_panel_is_made_wider_by_drawing_its_edge_to_the_left(page, registry):
    await visit(page, registry)
    await page.click('[aria-label="Show Docs"]')
    before = await page.locator(".graphiql-plugin").bounding_box()

    await page.mouse.move(before["x"] - 6, 400)
    await page.mouse.down()
    await page.mouse.move(before["x"] - 206, 400, steps=4)
    await page.mouse.up()

    after = await page.locator(".graphiql-plugin").bounding_box()
    assert 150 < after["width"] - before["width"] < 250


async def test_the_schema_is_shown_as_served_and_offered_for_download(page, registry):
    await visit(page, registry)

    await page.click('[aria-label="Show Schema"]')

    await page.locator(
        ".litereg-schema .view-line", has_text="@hasPackagePermission"
    ).first.wait_for()
    link = page.locator(".litereg-schema a")
    assert await link.get_attribute("href") == "/schema.graphql"
    assert await link.get_attribute("download") == "schema.graphql"
    # Type definitions are no operation, and no mistake either.
    assert await page.locator(".litereg-schema .squiggly-error").count() == 0


async def test_a_schema_that_is_not_served_is_taken_from_introspection(page, registry, watch):
    registry.serves_sdl = False
    await visit(page, registry)

    await page.click('[aria-label="Show Schema"]')

    await page.locator(
        ".litereg-schema .view-line", has_text="SearchPackagesResult"
    ).first.wait_for()
    assert "403 (Forbidden)" in watch.complaints.pop()


async def test_variables_and_headers_are_at_the_bottom(page, registry):
    await visit(page, registry)

    for name in ("Variables", "Headers"):
        await page.click(f'.graphiql-editor-tools button:has-text("{name}")')

        pane = await page.locator(f'.graphiql-editor-tool[aria-label="{name}"]').bounding_box()
        query = await page.locator(QUERY).bounding_box()
        assert pane["y"] > query["y"] + query["height"]


async def test_a_deep_link_opens_its_operation_with_its_variables(page, registry):
    query = """query Linked($w: String!) {
      searchPackages(query: $w, offSet: 0, limit: 1) { packages { identifier { packageSlug } } }
    }"""
    variables = '{"w": "snow & ice"}'

    await visit(page, registry, f"/graphql#query={quote(query)}&variables={quote(variables)}")
    answer = await run(page)

    package = answer["data"]["searchPackages"]["packages"][0]
    assert package["identifier"]["packageSlug"] == "snow & ice"
    assert await page.locator(".graphiql-tab").all_inner_texts() == ["Linked"]


async def test_a_deep_link_without_variables_leaves_their_editor_empty(page, registry):
    await visit(page, registry, "/graphql#query=query Alone { me { username } }")

    await page.click('.graphiql-editor-tools button:has-text("Variables")')

    assert (await text(page, '[aria-label="Variables"] .view-lines >> visible=true')).strip() == ""


async def test_a_deep_link_does_not_replace_what_is_there(page, registry):
    await visit(page, registry)

    await page.evaluate("location.hash = 'query=query Second { me { username } }'")

    await page.locator(".graphiql-tab-active", has_text="Second").wait_for()
    assert await page.locator(".graphiql-tab").count() == 2


async def test_a_link_to_an_operation_is_copied(page, registry):
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visit(page, registry)
    await write(page, "query Mine { me { username } }")

    await page.click('[aria-label="Copy a link to this operation"]')
    await page.locator('[aria-label="Link is ready"]').wait_for()

    link = await page.evaluate("navigator.clipboard.readText()")
    assert link == registry.url("/graphql") + "#query=query+Mine+%7B+me+%7B+username+%7D+%7D"


async def test_nothing_is_sent_as_authorization_unless_it_was_typed(page, registry):
    await visit(page, registry)

    await run(page)

    assert registry.requests
    assert not any("Authorization" in request.headers for request in registry.requests)
    assert {request.content_type for request in registry.requests} == {"application/json"}


async def test_the_session_cookie_goes_along(page, registry):
    await page.context.add_cookies(
        [{"name": "session", "value": "of-ann", "url": registry.url("/"), "httpOnly": True}]
    )
    await visit(page, registry)

    assert {request.cookies["session"] for request in registry.requests} == {"of-ann"}


async def test_a_refusal_shows_how_to_send_a_key(page, registry):
    await visit(page, registry)
    await write(page, "query Me { me { username } }")

    await run(page)
    await page.locator(".litereg-hint", has_text="who you are").wait_for()
    await page.click("text=Fill in this header")
    await page.keyboard.insert_text(KEY.removeprefix("Bearer "))
    await page.click(".graphiql-execute-button")

    await page.locator(ANSWER, has_text='"ann"').wait_for()
    assert await page.locator(".litereg-hint").count() == 0


async def test_headers_are_used_and_never_stored(page, registry):
    await visit(page, registry)
    await write(page, "query Me { me { username } }")
    await write_headers(page, json.dumps({"Authorization": KEY}))

    answer = await run(page)
    await stored_with(page, "tabState", "queries", "query Me")

    assert answer == {"data": {"me": {"username": "ann"}}}
    assert "the-key-of-ann" not in await stored(page)


async def test_passwords_are_not_stored(page, registry):
    await visit(page, registry)
    await write(page, 'query Enter { login(username: "ann", password: "open \\"sesame") }')

    await run(page)
    await stored_with(page, "tabState", "queries", "query Enter")

    assert "sesame" not in await stored(page)


async def test_tickets_tokens_and_codes_are_not_stored(page, registry):
    await visit(page, registry)
    # The registry of these tests has no second factor; whatever stands in the editor is stored.
    finish = 'finishLogin(ticket: "sesame-1", oneTimeCode: "sesame-2")'
    link = 'useLoginLink(token: "sesame-3")'
    await write(page, f"query Finish {{ __typename }} # {finish} {link}")

    await run(page)
    await stored_with(page, "tabState", "queries", "query Finish", "useLoginLink")

    assert "sesame" not in await stored(page)


async def test_what_is_stored_is_filed_under_the_endpoint(page, registry):
    await visit(page, registry)
    await page.click('[aria-label="Show Docs"]')

    names = await page.evaluate("Object.keys(localStorage)")

    assert names
    assert all(name.startswith("litereg /graphql ") for name in names)
