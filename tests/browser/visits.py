"""Open a page in Chromium and note down all that could be wrong with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.browser.demo_site import DemoSite
from tests.browser.places import Place

WIDTHS = (390, 1440)
HEIGHT = 900
SCHEMES = ("light", "dark")
SERIOUS = {"critical", "serious"}

# What sticks out of the window, and can be scrolled to.
STICKS_OUT = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > room + 0.5)
    .map((element) => element.outerHTML.slice(0, 120));
}"""
# What is folded up belongs to the page; a menu lies over it and is looked at by itself.
UNFOLD = "document.querySelectorAll('details:not(.menu)').forEach((part) => { part.open = true; })"


@dataclass
class Watch:
    """What a page said to the console, and which hosts it asked."""

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def over(self, page):
        """Watch *page* from now on."""
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _hear(self, kind, text):
        # A broken Content-Security-Policy is reported to the console, as an error.
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")


@dataclass
class Visit:
    """What was seen of a page.

    Attributes:
        status: how the server answered.
        watch: what the browser said and asked.
        sticking_out: (width, scheme) → the elements that make the page scroll sideways.
        barriers: scheme → what axe finds critical or serious.
        headings: the texts of the first-level headings.
    """

    status: int
    watch: Watch
    sticking_out: dict[tuple[int, str], list[str]]
    barriers: dict[str, list[str]]
    headings: list[str]


@asynccontextmanager
async def storage_of(browser, site: DemoSite, person: str, **options) -> AsyncIterator:
    """Yield a browser with a storage of its own in which *person* is logged in; nobody for ""."""
    size = {"width": WIDTHS[-1], "height": HEIGHT}
    context = await browser.new_context(viewport=size, **options)
    try:
        await context.add_cookies(await site.cookies(person))
        yield context
    finally:
        await context.close()


async def visit(context, site: DemoSite, place: Place) -> Visit:
    """Open *place* in a page of its own and look at it wide and narrow, light and dark."""
    watch = Watch()
    page = await context.new_page()
    watch.over(page)
    response = await page.goto(site.url + place.path)
    await page.evaluate(UNFOLD)
    sticking_out, barriers = {}, {}
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": HEIGHT})
            found = await page.evaluate(STICKS_OUT)
            if found:
                sticking_out[width, scheme] = found
        # Of what axe checks, the scheme changes nothing but colours.
        barriers[scheme] = await barriers_in(page, only_colours=scheme != SCHEMES[0])
    headings = await page.locator("h1").all_inner_texts()
    await page.close()
    return Visit(response.status, watch, sticking_out, barriers, headings)


async def barriers_in(page, part: str | None = None, *, only_colours: bool = False) -> list[str]:
    """Return what axe finds critical or serious on a page, or in a part of it."""
    from axe_playwright_python.async_playwright import Axe

    options = {"resultTypes": ["violations"]}
    if only_colours:
        options["runOnly"] = ["color-contrast"]
    results = await Axe().run(page, context=part, options=options)
    return [
        f"{found['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for found in results.response["violations"]
        if found["impact"] in SERIOUS
        for node in found["nodes"]
    ]
