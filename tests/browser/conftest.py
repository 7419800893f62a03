"""A real Chromium for each test that asks for one, and an eye on what it complains about."""

import shutil
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from litereg.web import assets
from tests.browser.chromium import executable, launched
from tests.browser.demo_site import open_demo_site
from tests.browser.visits import Watch, storage_of, visit


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    """One browser for all tests; what they store is kept apart by their pages."""
    pytest.importorskip(
        "playwright.async_api", reason="browser tests need the Python package playwright"
    )
    if executable() is None:
        pytest.skip("browser tests need Chromium (Debian: apt install chromium)")
    async with launched() as browser:
        yield browser


@pytest.fixture
def watch():
    """What the page of this test said; a test takes out what it expects."""
    return Watch()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser, watch):
    """An empty page with an empty storage. It must not complain, nor ask more than one host."""
    context = await browser.new_context(viewport={"width": 1360, "height": 850})
    page = await context.new_page()
    watch.over(page)
    yield page
    await context.close()
    assert watch.complaints == []
    assert len(watch.hosts - {""}) <= 1, watch.hosts


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(filled_database, tmp_path_factory):
    """The demo's registry, served; for tests that change nothing in it."""
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    path = tmp_path_factory.mktemp("demo") / "litereg.db"
    shutil.copyfile(filled_database, path)
    async with open_demo_site(path) as site:
        yield site


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def visited(browser, demo):
    """Return what is to be seen of a place, opened by somebody: each is opened once."""
    pytest.importorskip(
        "axe_playwright_python", reason="needs the Python package axe-playwright-python"
    )
    seen, storages = {}, {}
    async with AsyncExitStack() as stack:

        async def visited(place, person):
            if person not in storages:
                storages[person] = await stack.enter_async_context(
                    storage_of(browser, demo, person)
                )
            if (place, person) not in seen:
                seen[place, person] = await visit(storages[person], demo, place)
            return seen[place, person]

        yield visited
