"""Logging out leaves nothing of whoever did on the screen or in the browser."""

import shutil

import pytest
import pytest_asyncio

from litereg.web import assets
from tests.browser.demo_site import open_demo_site
from tests.browser.visits import Watch
from tests.client import People

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def site(new_database, tmp_path):
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    database = tmp_path / "litereg.db"
    shutil.copyfile(new_database, database)
    async with open_demo_site(database) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser, site):
    """A browser in which ann has logged in. Its pages may not complain."""
    site.know(await People(site.registry)("ann"))
    context = await browser.new_context()
    await context.add_cookies(await site.cookies("ann"))
    context.watch = Watch()
    yield context
    await context.close()
    assert context.watch.complaints == []


async def opened(context, url):
    page = await context.new_page()
    context.watch.over(page)
    await page.goto(url)
    return page


async def test_logging_out_takes_what_was_theirs_out_of_every_tab(context, site):
    playground = await opened(context, f"{site.url}/playground")
    await playground.get_by_text("as ann").wait_for()
    other = await opened(context, f"{site.url}/user/ann")
    page = await opened(context, site.url)
    await page.evaluate("localStorage.setItem('canary', 'something of ann')")

    await page.get_by_label("Account of ann").click()
    await page.locator("#account").get_by_role("button", name="Log out").click()
    await page.get_by_text("You are logged out").wait_for()

    await other.get_by_role("link", name="Log in").wait_for()
    await playground.get_by_text("as ann").wait_for(state="detached")
    assert await page.evaluate("localStorage.getItem('canary')") is None
    assert "ann" not in await page.inner_text("header")


async def test_an_address_that_says_so_logs_nobody_out(context, site):
    other = await opened(context, f"{site.url}/me/profile")
    await other.evaluate(
        """() => {
          globalThis.heard = [];
          new BroadcastChannel("litereg /").onmessage = ({ data }) => heard.push(data);
        }"""
    )

    page = await opened(context, f"{site.url}/?notice=logged-out")
    await page.get_by_label("Account of ann").wait_for()
    await page.evaluate("new BroadcastChannel('litereg /').postMessage('the last')")
    await other.wait_for_function("heard.includes('the last')")

    assert await other.evaluate("heard") == ["the last"]
