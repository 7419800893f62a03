"""What people come for, from the first page to the last, with scripts and without."""

import asyncio
import shlex
import shutil
import subprocess
import time

import orjson
import pyotp
import pytest
import pytest_asyncio

from litereg.web import assets
from tests.browser.demo_site import open_demo_site
from tests.browser.visits import HEIGHT, WIDTHS, Watch, barriers_in
from tests.client import PASSWORD, Caller, package_file

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def site(new_database, tmp_path):
    """An empty registry, served."""
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    database = tmp_path / "litereg.db"
    shutil.copyfile(new_database, database)
    async with open_demo_site(database) as site:
        yield site


@pytest_asyncio.fixture(
    loop_scope="session", params=[True, False], ids=["with scripts", "without scripts"]
)
async def new_page(request, browser, site):
    """Return a function that opens a page of somebody else each time. No page may complain."""
    watch, contexts = Watch(), []

    async def new_page():
        size = {"width": WIDTHS[-1], "height": HEIGHT}
        context = await browser.new_context(java_script_enabled=request.param, viewport=size)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if request.param:
            await context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await context.new_page()
        page.has_scripts = request.param
        watch.over(page)
        await page.goto(site.url)
        return page

    yield new_page
    for context in contexts:
        await context.close()
    assert watch.complaints == []
    assert watch.hosts <= {"", site.url.partition("://")[2]}


async def sign_up(page, name):
    """Sign up and log in, by what the pages offer."""
    await page.get_by_role("link", name="Sign up").first.click()
    await page.get_by_label("User name").fill(name)
    await page.get_by_label("E-mail address").fill(f"{name}@example.org")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await choose(page, name, "Log out")
    await page.get_by_role("link", name="Log in").click()
    await page.get_by_label("User name or e-mail address").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_text("You are logged in").wait_for()


async def choose(page, name, entry):
    """Choose an entry of the menu behind the picture in the upper right."""
    picture = page.get_by_label(f"Account of {name}")
    box = await picture.bounding_box()
    assert box["x"] > WIDTHS[-1] / 2
    assert box["y"] + box["height"] < HEIGHT / 10
    await picture.click()
    menu = page.locator("#account")
    role = "button" if entry == "Log out" else "link"
    await menu.get_by_role(role, name=entry, exact=True).click()


async def copied(page, part):
    """Return a command that the page offers: by its button, or, without scripts, as it stands."""
    command = page.locator(".command", has_text=part)
    if not page.has_scripts:
        assert not await command.get_by_role("button").is_visible()
        return await command.locator("code").inner_text()
    await command.get_by_role("button").click()
    await command.get_by_text("Copied").wait_for()
    return await page.evaluate("navigator.clipboard.readText()")


async def run(command):
    """Run a command line, and return what it printed."""
    done = await asyncio.to_thread(
        subprocess.run, shlex.split(command), capture_output=True, check=True, timeout=30
    )
    return done.stdout


async def test_somebody_signs_up_and_copies_a_key_that_works(site, new_page):
    page = await new_page()
    await sign_up(page, "ann")

    await choose(page, "ann", "API Keys")
    await page.get_by_label("What is it for?").fill("my laptop")
    await page.get_by_role("button", name="Create API Key").click()
    datapm = (await copied(page, "datapm registry add")).split()
    answer = orjson.loads(await run(await copied(page, "curl")))

    assert datapm[:4] == ["datapm", "registry", "add", site.url]
    assert answer == {"data": {"me": {"username": "ann"}}}
    caller = Caller(site.registry, "ann", datapm[4], "api_key")
    assert (await caller.query("me", "username")).value == {"username": "ann"}
    # The key is on no page that can be opened again.
    await choose(page, "ann", "API Keys")
    assert await page.get_by_role("rowheader", name="my laptop").is_visible()
    assert datapm[4] not in await page.content()


def code_of(secret, steps=0):
    """Return what the app of somebody shows *steps* half minutes from now."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


async def shuts_nobody_out(page):
    """Return whether axe finds nothing on a page that no address leads to; it needs scripts."""
    return not page.has_scripts or await barriers_in(page) == []


async def kept_codes(page):
    """Return the recovery codes that the page offers, and go on."""
    assert await shuts_nobody_out(page)
    codes = await page.locator(".codes code").all_inner_texts()
    if page.has_scripts:
        await page.get_by_role("button", name="Copy all").click()
        await page.get_by_text("Copied").wait_for()
        assert await page.evaluate("navigator.clipboard.readText()") == "\n".join(codes)
    await page.get_by_role("link", name="I have kept them").click()
    return codes


async def log_in_by(page, name, field, code):
    """Log in, the second step by a code."""
    await page.get_by_role("link", name="Log in").click()
    await page.get_by_label("User name or e-mail address").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_text("The password was right.").wait_for()
    assert await shuts_nobody_out(page)
    if field == "Recovery code":
        await page.get_by_text("No app at hand?").click()
    await page.get_by_label(field, exact=True).fill(code)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_text("You are logged in").wait_for()


async def test_somebody_sets_an_app_up_and_logs_in_with_it_and_without(new_page):
    page = await new_page()
    await sign_up(page, "ann")

    await choose(page, "ann", "API Keys")
    await page.get_by_role("link", name="Second factor").click()
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Set up an app").click()
    picture = page.get_by_role("img", name="QR code for your authenticator app")
    assert await picture.evaluate("picture => picture.naturalWidth") > 100
    assert await shuts_nobody_out(page)
    secret = (await copied(page, " ")).replace(" ", "")
    await page.get_by_label("Code", exact=True).fill(code_of(secret))
    await page.get_by_role("button", name="Turn it on").click()
    codes = await kept_codes(page)
    await choose(page, "ann", "Log out")
    await log_in_by(page, "ann", "Code", code_of(secret, 1))
    await choose(page, "ann", "Log out")
    await log_in_by(page, "ann", "Recovery code", codes[0])

    await choose(page, "ann", "API Keys")
    await page.get_by_role("link", name="Second factor").click()
    await page.get_by_text("9 recovery codes").wait_for()
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_label("Code of your app, or a recovery code").fill(codes[1])
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Turn it off").click()
    await page.get_by_text("The second factor is off.").wait_for()


async def opens(page, path):
    """Open a path below the registry's address, and return the status."""
    return (await page.goto("/".join(page.url.split("/")[:3]) + path)).status


async def test_somebody_publishes_a_file_labels_shares_and_opens_it_to_everybody(
    new_page, tmp_path
):
    file = tmp_path / "rain.datapm.json"
    file.write_text(package_file(description="Rain by city, umbrella included."))
    ann, bob, stranger = await new_page(), await new_page(), await new_page()
    await sign_up(ann, "ann")
    await sign_up(bob, "bob")

    # Publish by choosing a file, and view what it holds.
    await choose(ann, "ann", "My catalogs and collections")
    await ann.locator('a[href*="/new/package"]').first.click()
    await ann.get_by_label("Package file").set_input_files(file)
    await ann.get_by_role("button", name="Publish", exact=True).click()
    await ann.get_by_role("heading", name="Rain", exact=False, level=1).wait_for()
    assert ann.url.split("?")[0].endswith("/ann/rain")
    assert await ann.get_by_text("rain.csv").first.is_visible()

    # Until it is shared, nobody else is told that it is there.
    assert await finds(stranger, "umbrella") == []
    refused = await bob.context.request.get(ann.url, headers={"Accept": "text/html"})
    assert refused.status == 403
    assert "umbrella" not in await refused.text()
    await opens(ann, "/package/ann/rain/permissions")
    await ann.get_by_label("User name or e-mail address").fill("bob")
    await ann.get_by_role("button", name="Add").click()
    await ann.get_by_role("rowheader", name="bob").wait_for()
    assert await opens(bob, "/ann/rain") == 200
    assert await finds(bob, "umbrella") == ["ann / Rain"]
    assert await finds(stranger, "umbrella") == []

    # Open it to everybody: the package, and the catalog that it is in.
    for path in ("/ann/rain", "/ann"):
        await opens(ann, path)
        await ann.get_by_role("button", name="Make public").click()
        await ann.get_by_role("button", name="Make private").wait_for()
    assert await finds(stranger, "umbrella") == ["ann / Rain"]
    await stranger.get_by_role("link", name="Rain").first.click()
    await stranger.get_by_role("heading", name="Rain", exact=False, level=1).wait_for()

    # What is public can carry a label.
    await opens(ann, "/labels")
    await ann.get_by_label("Name", exact=True).fill("approved")
    await ann.get_by_role("button", name="Create", exact=False).click()
    await opens(ann, "/public-package?type=datapm&name=ann%2Frain")
    await ann.get_by_label("Label", exact=True).fill("approved")
    await ann.locator("form", has=ann.get_by_label("Label", exact=True)).locator("button").click()
    await opens(ann, "/ann/rain")
    assert await ann.get_by_role("link", name="approved").first.is_visible()


async def finds(page, words):
    """Search by the box in the head of the page, and return what is found."""
    box = page.get_by_role("banner").get_by_role("searchbox")
    await box.fill(words)
    await box.press("Enter")
    await page.wait_for_url(f"**/search?*q={words}*")
    return [text.strip() for text in await page.locator("main .items h3 a").all_inner_texts()]
