"""A page of another site, opened by somebody who is logged in here, changes nothing here.

The other site is on the same machine under another port: browsers send it the session's cookie,
which SameSite keeps from other domains only.
"""

import shutil
import sqlite3

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from litereg.web import assets
from tests.browser.demo_site import open_demo_site
from tests.browser.places import ADMIN, PLACES
from tests.browser.visits import storage_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# What is noted when somebody is seen, and nobody would miss.
SEEN = ("session", "api_key")
# All forms of a page that change something, filled in as they stand there.
FORMS = """() => [...document.forms]
  .filter((form) => form.method === "post")
  .map((form) => [form.action, [...new FormData(form)].filter(([, value]) => value.trim)])"""
SUBMIT = """([action, fields]) => {
  const frame = document.createElement("iframe");
  frame.name = `frame${document.querySelectorAll("iframe").length}`;
  const form = document.createElement("form");
  Object.assign(form, { action, method: "post", target: frame.name });
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    Object.assign(field, { name, value: value || "by somebody else" });
    form.append(field);
  }
  document.body.append(frame, form);
  form.submit();
}"""
SEND = """async ([address, type, body]) => {
  const sent = { method: "POST", credentials: "include", body };
  if (type) sent.headers = { "Content-Type": type };
  const modes = type === "application/json" ? ["cors"] : ["cors", "no-cors"];
  for (const mode of modes) await fetch(address, { ...sent, mode }).catch(() => {});
}"""
MUTATION = (
    '{"query": "mutation { createCatalog(value: '
    '{slug: \\"stolen\\", displayName: \\"Stolen\\", isPublic: true}) { displayName } }"}'
)


@pytest_asyncio.fixture(loop_scope="session")
async def site(filled_database, tmp_path):
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    database = tmp_path / "litereg.db"
    shutil.copyfile(filled_database, database)
    async with open_demo_site(database) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def other_site():
    """The address of a page that is not ours."""
    app = web.Application()

    async def page(request):
        return web.Response(text="<!doctype html><title>x</title><body>", content_type="text/html")

    app.router.add_get("/", page)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


def state_of(site):
    """Return all that the registry holds, as text."""
    uri = f"file:{site.registry.settings.db}?mode=ro"
    connection = sqlite3.connect(uri, uri=True)
    lines = [line for line in connection.iterdump() if not line.startswith("CREATE")]
    connection.close()
    return [
        line for line in lines if not line.startswith(tuple(f'INSERT INTO "{n}"' for n in SEEN))
    ]


async def test_no_form_and_no_request_of_another_site_changes_anything(browser, site, other_site):
    async with storage_of(browser, site, ADMIN) as context:
        page = await context.new_page()
        forms = {}
        for place in PLACES:
            if ADMIN in place.people and place.status == 200:
                await page.goto(site.url + place.path)
                for action, fields in await page.evaluate(FORMS):
                    forms.setdefault((action, str(fields)), (action, fields))
        before = state_of(site)

        evil = await context.new_page()
        # What is asked by fetch is sent, and its answer kept from the page.
        asked, answers = set(), []
        evil.on("request", lambda request: asked.add((request.method, request.url)))
        evil.on("response", lambda answer: answers.append((answer.url, answer.status)))
        await evil.goto(other_site)
        for action, fields in forms.values():
            await evil.evaluate(SUBMIT, [action, fields])
        for kind in ("application/json", "text/plain", ""):
            for door in ("/graphql", "/catalog/api/v1/custom/graphql"):
                await evil.evaluate(SEND, [site.url + door, kind, MUTATION])
        await evil.wait_for_load_state("networkidle")
        after = state_of(site)
        await page.goto(f"{site.url}/me/api-keys")

        posted = [answer for answer in answers if answer[0] != other_site]
        assert {action for action, _ in forms.values()} == {url for url, _ in posted}
        assert ("POST", f"{site.url}/graphql") in asked
        assert [answer for answer in posted if answer[1] < 400] == []
        assert after == before
        # Who is logged in still is, and may still do all of it.
        await page.evaluate(SEND, [f"{site.url}/graphql", "application/json", MUTATION])
        assert state_of(site) != before
    print(f"{len(forms)} forms, {len(posted)} requests")
