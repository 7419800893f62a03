"""Whatever people type is shown as text: no script of theirs runs, and no page asks anybody else.

The policy of the pages would stop most scripts by itself. It is a second lock, so a report that it
had to stop something fails a test as well.
"""

import asyncio
import base64
import re
import shutil
from urllib.parse import quote, urlencode

import pytest
import pytest_asyncio

from litereg.web import assets
from tests.browser.demo_site import open_demo_site
from tests.browser.hostile import GROUPS, VERSIONS, fill
from tests.browser.payloads import PAYLOADS
from tests.browser.places import pages_of
from tests.browser.visits import Watch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WINDOWS = 3
PART = re.compile(r"{(\w+)[^}]*}")
# Frames and workers get it as well.
LISTEN = """for (const name of ["alert", "print", "confirm", "prompt", "open"]) {
  globalThis[name] = () => console.error("a script of somebody's ran");
}"""
# What no page of ours has, whatever was typed.
FOREIGN = """() => {
  const ATTRIBUTES = /^on|^(data-)?hx-(on|vals|vars|headers)|^style$|^srcdoc$/i;
  const ADDRESSES = /^(href|src|action|formaction|data|xlink:href|hx-get|hx-post)$/i;
  const ELEMENTS = "iframe, object, embed, base, style, svg script, script:not([src]), " +
    "meta[http-equiv]";
  const found = new Set(document.querySelectorAll(ELEMENTS));
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (ATTRIBUTES.test(name)) found.add(element);
      if (!ADDRESSES.test(name)) continue;
      const { protocol, origin } = new URL(value, document.baseURI);
      const leads = element.localName === "a" && /^(https?|mailto):$/.test(protocol);
      if (!leads && origin !== location.origin) found.add(element);
    }
  }
  return [...found].map((element) => element.outerHTML.slice(0, 200));
}"""


FORM_PAYLOADS = (
    '"><script>alert(1)</script>',
    "</textarea><img src=x onerror=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
)
# Returns where the form is sent; nothing for a form that ends the account.
FILL_IN = """(form, payloads) => {
  if (/close|log-out/.test(form.action)) return "";
  const TEXTS = "textarea, input:is([type=text], [type=search], [type=email], [type=url], " +
    "[type=password], :not([type]))";
  let number = 0;
  for (const field of form.querySelectorAll(TEXTS)) {
    field.removeAttribute("maxlength");
    field.value = payloads[number++ % payloads.length];
  }
  return number ? form.action : "";
}"""


class Windows:
    """A few windows of one browser, which open many pages side by side.

    Attributes:
        wrong: what was found on them, by address.
        missing: addresses without a page.
        opened: how many pages were opened.
    """

    def __init__(self, browser, site):
        self.site = site
        self.wrong = {}
        self.missing = []
        self.opened = 0
        self._browser = browser
        self._gate = asyncio.Semaphore(WINDOWS)

    async def open_all(self, shelf, paths):
        """Open *paths* as the owner of *shelf*; as nobody for None."""
        context = await self._browser.new_context(accept_downloads=False)
        await context.add_init_script(LISTEN)
        if shelf:
            self.site.know(shelf.caller)
            await context.add_cookies(await self.site.cookies(shelf.name))
        await asyncio.gather(*(self._open(context, path) for path in paths))
        await context.close()

    async def _open(self, context, path):
        async with self._gate:
            watch, page = Watch(), await context.new_page()
            watch.over(page)
            response = await page.goto(self.site.url + path)
            foreign = await page.evaluate(FOREIGN) if await page.query_selector("html") else []
            await page.close()
        self.opened += 1
        if response.status >= 400:
            self.missing.append(path)
        # A page that is refused is complained of, once.
        said = [text for text in watch.complaints if "Failed to load resource" not in text]
        hosts = watch.hosts - {"", self.site.url.partition("://")[2]}
        if said or foreign or hosts or response.status >= 500:
            self.wrong[path] = (response.status, said, foreign, hosts)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def hostile(new_database, tmp_path_factory):
    """A registry full of payloads, served, and its shelves."""
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    path = tmp_path_factory.mktemp("hostile") / "litereg.db"
    shutil.copyfile(new_database, path)
    async with open_demo_site(path, labels_open_reading=True) as site:
        yield site, await fill(site.registry)


@pytest.fixture
def windows(browser, hostile):
    return Windows(browser, hostile[0])


def pages_about(routes, shelf):
    """Return an address for each page about what *shelf* holds."""
    values = {"catalog": shelf.name, "package": shelf.name, "collection": shelf.name}
    values |= {
        "name": shelf.name,
        "slug": shelf.name,
        "version": VERSIONS[-1],
        "username": shelf.name,
    }
    values["number"] = VERSIONS[-1]
    about = [route for route in routes if PART.search(route) or route.startswith("/me")]
    paths = [PART.sub(lambda part: values[part[1]], route) for route in sorted(about)]
    label, package = quote(shelf.label, safe=""), urlencode(shelf.public_package)
    return [*paths, f"/label?name={label}", f"/public-package?{package}"]


async def test_nothing_that_stands_in_the_registry_runs(hostile, windows):
    site, shelves = hostile
    for shelf in shelves:
        await windows.open_all(shelf, pages_about(pages_of(site.routes), shelf))

    assert windows.wrong == {}
    assert windows.missing == []
    print(f"{len(PAYLOADS)} payloads, {windows.opened} pages")


async def test_nothing_in_lists_runs(hostile, windows):
    _, shelves = hostile
    lists = ["/", "/labels", "/admin", "/admin/users", "/me", "/me/api-keys"]
    lists += [
        f"/search?in={kind}&q="
        for kind in ("packages", "catalogs", "collections", "public-packages")
    ]
    await windows.open_all(shelves[0], [*lists, *(f"{path}&page=2" for path in lists[-4:])])

    assert windows.wrong == {}


async def test_nothing_that_stands_in_an_address_runs(windows):
    paths = []
    for group in GROUPS:
        word = quote(" ".join(group), safe="")
        paths += [
            f"/search?q={word}&in={word}&label={word}&page={word}",
            f"/log-in?next={word}&token={word}&notice={word}",
            f"/label?name={word}",
            f"/public-package?type={word}&name={word}&version={word}",
            f"/{word}/{word}",
            f"/images/user/{word}/avatar?initials",
        ]

    await windows.open_all(None, paths)

    assert windows.wrong == {}


async def test_nothing_that_is_typed_into_a_form_runs(browser, hostile):
    """Every form is filled in with payloads and sent; it comes back with what was typed."""
    site, shelves = hostile
    shelf = shelves[1]
    site.know(shelf.caller)
    wrong, sent = {}, 0
    forms = 'form[method="post"]:has(input:not([type="hidden"]), textarea)'
    context = await browser.new_context()
    await context.add_init_script(LISTEN)
    await context.add_cookies(await site.cookies(shelf.name))
    for path in [
        *pages_about(pages_of(site.routes), shelf),
        "/log-in",
        "/forgot-password",
        "/labels",
    ]:
        watch, page = Watch(), await context.new_page()
        watch.over(page)
        await page.goto(site.url + path)
        for number in range(await page.locator(forms).count()):
            await page.goto(site.url + path)
            if await page.locator(forms).count() <= number:
                continue
            action = await page.locator(forms).nth(number).evaluate(FILL_IN, list(FORM_PAYLOADS))
            if not action:
                continue
            async with page.expect_navigation():
                await page.locator(forms).nth(number).evaluate("form => form.submit()")
            sent += 1
            foreign = await page.evaluate(FOREIGN)
            said = [text for text in watch.complaints if "Failed to load resource" not in text]
            if said or foreign:
                wrong[path, action] = (said, foreign)
        await page.close()
    await context.close()

    assert wrong == {}
    assert sent > 5
    print(f"{sent} forms")


async def test_a_picture_is_a_picture_whatever_stands_in_its_file(hostile, browser):
    site, shelves = hostile
    context = await browser.new_context()
    await context.add_init_script(LISTEN)
    for shelf in shelves:
        watch, page = Watch(), await context.new_page()
        watch.over(page)
        response = await page.goto(f"{site.url}/images/user/{shelf.name}/avatar")

        assert response.headers["content-type"].startswith("image/")
        assert response.headers["x-content-type-options"] == "nosniff"
        body = await response.body()
        assert b"alert" not in body
        assert b"127.0.0.2" not in body
        # Chromium's own page around a picture has a style, which the picture's policy stops.
        assert [text for text in watch.complaints if "inline style" not in text] == []
        await page.close()
    await context.close()


async def test_a_picture_that_could_hold_a_script_is_refused(hostile):
    _, shelves = hostile
    for text in ("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "GIF89a<script>"):
        image = {"base64": base64.b64encode(text.encode()).decode()}

        refused = await shelves[0].caller.mutate("setMyAvatarImage", image=image)

        assert refused.error.message.startswith("IMAGE_FORMAT_NOT_SUPPORTED")


async def test_a_package_file_is_handed_out_as_a_file(hostile, browser):
    site, shelves = hostile
    context = await browser.new_context()
    for shelf in shelves:
        path = f"/package/{shelf.name}/{shelf.name}/{VERSIONS[-1]}/download"
        answer = await context.request.get(site.url + path)

        assert answer.status == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "html" not in answer.headers["content-type"]
    await context.close()
