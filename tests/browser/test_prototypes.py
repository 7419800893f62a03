"""Nothing that somebody sends, stores or types changes what all objects of a page inherit."""

import json
import re
import shutil
from urllib.parse import quote

import pytest
import pytest_asyncio

from litereg.operations import document
from litereg.web import assets
from tests.browser.demo_site import open_demo_site
from tests.browser.places import ADMIN, PLACES, STRANGER
from tests.browser.visits import storage_of
from tests.client import ALL_SCOPES, People, publish
from tests.web.shelf import FILE, shelve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The ways by which code that merges objects, or splits names, reaches what all inherit.
POLLUTION = {
    "__proto__": {"polluted": "1", "toString": "1"},
    "constructor": {"prototype": {"polluted": "1"}},
    "constructor.prototype.polluted": "1",
    "__proto__.polluted": "1",
    "__proto__[polluted]": "1",
}
TEXT = json.dumps(POLLUTION)
PAIRS = (
    "__proto__[polluted]=1&__proto__.polluted=1&__proto__=polluted&constructor=polluted"
    "&constructor[prototype][polluted]=1&constructor.prototype.polluted=1"
)
NAMES = ("__proto__", "constructor", "prototype", "constructor.prototype.polluted", "toString")

# Runs before any script of the page: keeps what is inherited, and tells later what is new or other.
REMEMBER = """(() => {
  const roots = { Object, Function, Array, String, Map, Promise };
  const copies = Object.entries(roots).map(([name, { prototype }]) => {
    return [name, prototype, Object.getOwnPropertyDescriptors(prototype)];
  });
  globalThis.inheritedAnew = () => copies.flatMap(([name, prototype, before]) => {
    const isNew = (key) => {
      const now = Object.getOwnPropertyDescriptor(prototype, key);
      const then = Object.hasOwn(before, key) ? before[key] : {};
      return ["value", "get", "set"].some((part) => now[part] !== then[part]);
    };
    return Reflect.ownKeys(prototype).filter(isNew).map((key) => `${name}.${String(key)}`);
  });
})()"""
# What a page of ours may not have: anything new on these, or the word anywhere.
LOOK = "[...inheritedAnew(), ...('polluted' in {} ? ['polluted'] : [])]"
STORED = """([names, text]) => {
  for (const name of names) {
    localStorage.setItem(name, text);
    localStorage.setItem(`litereg /graphql ${name}`, text);
    localStorage.setItem(`litereg /graphql graphiql:${name}`, text);
  }
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(filled_database, tmp_path_factory):
    """The demo's registry, with things in it that are called as what is inherited is."""
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    path = tmp_path_factory.mktemp("prototypes") / "litereg.db"
    shutil.copyfile(filled_database, path)
    async with open_demo_site(path) as site:
        await store_hostile_things(site)
        yield site


async def store_hostile_things(site):
    people, admin = People(site.registry), await site.caller(ADMIN)
    owner = await people("constructor")
    profile = {"location": "__proto__", "description": TEXT, "gitHubHandle": "__proto__"}
    profile |= {"locationIsPublic": True, "gitHubHandleIsPublic": True}
    await owner.mutate("updateMe", "username", value=profile)
    text = json.dumps(hostile_file())
    ref = await shelve(owner, "prototype", "constructor", text=text)
    again = json.dumps(hostile_file(version="1.0.1", description="__proto__"))
    assert (await publish(owner, ref, again)).errors == []
    for name in NAMES:
        value = {"label": name, "scopes": ALL_SCOPES}
        assert (await admin.mutate("createAPIKey", "id", value=value)).errors == []
        label = {"name": name, "description": TEXT}
        made = await admin.send(document("create_label"), label=label)
        assert made.errors == [], made.errors


def hostile_file(**changes):
    """Return a package file with such names wherever the format leaves names to people."""
    schema, source = FILE["schemas"][0], FILE["sources"][0]
    column = schema["properties"]["city"]
    stream = source["streamSets"][0] | {"configuration": POLLUTION}
    properties = {name: column | {"title": name} for name in NAMES}
    source |= {"configuration": source["configuration"] | POLLUTION, "streamSets": [stream]}
    sample = dict.fromkeys(NAMES, "polluted")
    return (
        FILE
        | {"packageSlug": "constructor", "readmeMarkdown": f"# __proto__\n\n{TEXT}"}
        | {"schemas": [schema | {"properties": properties, "sampleRecords": [sample]}]}
        | {"sources": [source]}
        | changes
    )


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser, site):
    """Return a function that opens an address as somebody, and tells what is inherited anew."""

    async def open_page(person, path, status=200):
        page = await pages[person].new_page()
        response = await page.goto(site.url + path)
        assert response.status == status
        await page.wait_for_load_state("load")
        return page

    async with (
        storage_of(browser, site, ADMIN) as admin,
        storage_of(browser, site, STRANGER) as stranger,
    ):
        pages = {ADMIN: admin, STRANGER: stranger}
        for context in pages.values():
            await context.add_init_script(REMEMBER)
        yield open_page


def with_pollution(path):
    """Return *path* with such names in its query and its fragment, beside what stands there."""
    before, _, fragment = path.partition("#")
    mark = "&" if "?" in before else "?"
    return f"{before}{mark}{PAIRS}#{fragment or '__proto__'}&{PAIRS}"


@pytest.mark.parametrize("spoil", ["Object.prototype.polluted = 1", "[].__proto__.map = () => 1"])
async def test_what_is_inherited_anew_is_seen(open_page, spoil):
    page = await open_page(STRANGER, "/")

    assert await page.evaluate(LOOK) == []
    await page.evaluate(spoil)

    assert await page.evaluate(LOOK) != []


async def test_no_address_of_a_page_changes_what_objects_inherit(open_page):
    found = {}
    for place in PLACES:
        person = ADMIN if ADMIN in place.people else STRANGER
        page = await open_page(person, with_pollution(place.path), place.status)
        found[place.path] = await page.evaluate(LOOK)
        await page.close()

    assert {path: new for path, new in found.items() if new} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/prototype",
        "/prototype/constructor",
        "/prototype/constructor/1.0.0",
        "/prototype/constructor/1.0.0?as=text",
        "/user/constructor",
        "/search?q=constructor",
        "/labels",
        *(f"/label?name={name}" for name in NAMES),
        "/me/api-keys",
    ],
)
async def test_nothing_that_is_stored_changes_what_objects_inherit(open_page, path):
    page = await open_page(ADMIN, path)

    # It is there to be read, as the text that it is.
    assert re.search("constructor|prototype", await page.inner_text("main"))
    assert await page.evaluate(LOOK) == []


async def test_what_is_suggested_while_one_types_changes_nothing(open_page):
    page = await open_page(ADMIN, "/")

    await page.locator("main input[type=search]").press_sequentially("constructor")
    await page.locator("#suggestions a", has_text="constructor").first.wait_for()

    assert await page.evaluate(LOOK) == []


OPERATION = """query __proto__($constructor: String!) {
  __proto__: searchPackages(query: $constructor, offSet: 0, limit: 3) {
    constructor: packages { prototype: displayName __proto__: displayName }
  }
}"""


def fragment(variables):
    """Return what opens the operation in the playground."""
    return f"#query={quote(OPERATION)}&variables={quote(json.dumps(variables))}&{PAIRS}"


async def ready(page):
    await page.locator(".graphiql-query-editor .monaco-editor .view-line").first.wait_for()


async def type_headers(page, headers):
    await page.click('.graphiql-editor-tools [data-name="headers"]')
    await page.click('[aria-label="Headers"] .view-lines >> visible=true')
    await page.keyboard.insert_text(json.dumps(headers))


async def answered(page, word):
    """Press the button and wait for an answer with *word* in it."""
    await page.click(".graphiql-execute-button")
    await page.locator(".result-window .view-lines", has_text=word).first.wait_for()


async def test_nothing_that_is_asked_in_the_playground_changes_what_objects_inherit(open_page):
    page = await open_page(ADMIN, f"/playground?{PAIRS}{fragment(POLLUTION)}")
    await ready(page)
    found = [await page.evaluate(LOOK)]
    await answered(page, "$constructor")
    found.append(await page.evaluate(LOOK))
    # The same, in a tab of its own and with a text where the operation wants one, is answered.
    variables = POLLUTION | {"constructor": "constructor"}
    await page.evaluate("(fragment) => { location.hash = fragment }", fragment(variables))
    await page.locator(".graphiql-tab").nth(1).wait_for()
    await type_headers(page, dict.fromkeys(NAMES, "polluted"))
    async with page.expect_request("**/graphql") as asked:
        await answered(page, '"prototype"')
    request = await asked.value
    found.append(await page.evaluate(LOOK))

    assert found == [[]] * 3
    assert await request.header_value("constructor") == "polluted"
    assert request.post_data_json["variables"]["constructor"] == "constructor"


async def test_no_answer_changes_what_objects_inherit(open_page):
    page = await open_page(STRANGER, "/playground")
    await ready(page)
    error = {"message": "__proto__", "path": ["__proto__"], "extensions": POLLUTION}
    answer = {"data": POLLUTION, "errors": [error | POLLUTION], "extensions": POLLUTION}
    await page.route("**/graphql", lambda route: route.fulfill(json=answer | POLLUTION))

    await answered(page, "__proto__")

    assert await page.evaluate(LOOK) == []


async def test_nothing_that_the_playground_kept_changes_what_objects_inherit(open_page):
    tab = {"id": "__proto__", "hash": "__proto__", "title": "__proto__", "query": OPERATION}
    tab |= {"variables": TEXT, "headers": TEXT, "operationName": "__proto__", "response": TEXT}
    # As GraphiQL keeps them, with more in each of them.
    kept = {
        "tabState": POLLUTION | {"tabs": [tab | POLLUTION], "activeTabIndex": 0},
        "queries": POLLUTION | {"queries": [tab | POLLUTION]},
        "favorites": POLLUTION | {"favorites": [tab | POLLUTION]},
        "variables": POLLUTION,
        "headers": POLLUTION,
        "theme": POLLUTION,
    }
    # Another page puts it there: the playground itself would write what it has over it.
    other = await open_page(STRANGER, "/")
    await other.evaluate(STORED, [NAMES, TEXT])
    for name, value in kept.items():
        await other.evaluate(STORED, [[name], json.dumps(value)])

    page = await open_page(STRANGER, "/playground")
    await ready(page)
    await page.locator(".graphiql-tab", has_text="__proto__").first.wait_for()
    await page.click('.graphiql-sidebar button:has-text("History")')
    await page.locator(".graphiql-plugin", has_text="__proto__").wait_for()

    assert await page.evaluate(LOOK) == []
