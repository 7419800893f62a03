"""Every link of every page, with and without a path prefix, behind proxies and without."""

import shutil
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from litereg.server.authenticate import COOKIE
from tests.browser.crawl import crawl
from tests.browser.demo_site import open_demo_site
from tests.browser.places import EVERYBODY
from tests.browser.proxy import HOST, free_socket, proxied

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PREFIX = "/a/b"
# What stands before the registry, and whether it passes the prefix on.
SETUPS = {"no prefix": None, "prefix": None, "proxy that strips": True, "proxy that keeps": False}
SCHEMES = ("http:", "https:", "mailto:")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def open_setup(filled_database, tmp_path_factory):
    """Return a function that serves the demo in one of the setups, the same one each time."""
    opened = {}
    async with AsyncExitStack() as stack:

        async def open_setup(name):
            if name not in opened:
                database = tmp_path_factory.mktemp("crawled") / "litereg.db"
                shutil.copyfile(filled_database, database)
                opened[name] = await serve(stack, database, name)
            return opened[name]

        yield open_setup


async def serve(stack, database, name):
    if name == "no prefix":
        return await stack.enter_async_context(open_demo_site(database))
    listener = free_socket()
    port = listener.getsockname()[1]
    changes = {"base_url": f"http://{HOST}:{port}{PREFIX}/", "trusted_proxies": "127.0.0.0/8"}
    strips = SETUPS[name]
    if strips is None:
        listener.close()
        return await stack.enter_async_context(open_demo_site(database, port=port, **changes))
    site = await stack.enter_async_context(open_demo_site(database, **changes))
    target = site.served_at
    await stack.enter_async_context(proxied(listener, target, PREFIX if strips else ""))
    return site


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person or "stranger")
@pytest.mark.parametrize("setup", SETUPS)
async def test_every_link_is_answered_and_none_leaves_the_prefix(open_setup, setup, person):
    site = await open_setup(setup)
    caller = await site.caller(person)
    cookie = {"Cookie": f"{COOKIE}={caller.token}"} if person else {}

    async with ClientSession(headers=cookie) as session:
        seen = await crawl(session, site.url)

    assert seen.unanswered() == {}
    assert seen.strays == []
    assert [address for address in seen.elsewhere if not address.startswith(SCHEMES)] == []
    print(f"{setup}, {person or 'stranger'}: {len(seen.opened)} pages, {len(seen.posted)} forms")
