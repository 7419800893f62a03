"""A real Chromium for each test that asks for one, and an eye on what it complains about."""

import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Watch:
    """What a page said to the console, and which hosts it asked."""

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def over(self, page):
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _hear(self, kind, text):
        # A broken Content-Security-Policy is reported to the console, as an error.
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    """One browser for all tests; what they store is kept apart by their pages."""
    playwright = pytest.importorskip(
        "playwright.async_api", reason="browser tests need the Python package playwright"
    )
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        pytest.skip("browser tests need Chromium (Debian: apt install chromium)")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


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
