"""The links in letters, opened in a real Chromium."""

import pytest
import pytest_asyncio

from litereg.app import Registry, create_app
from litereg.server.runner import serving
from litereg.settings import Settings
from tests.client import PASSWORD, People
from tests.mailbox import open_mailbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_PASSWORD = "another horse 8"


class Site:
    def __init__(self, registry, mailbox, url):
        self.registry = registry
        self.mailbox = mailbox
        self.url = url
        self.people = People(registry)
        self.anonymous = self.people.anonymous

    async def sign_up(self):
        value = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}
        await self.anonymous.mutate("createMe", value=value)
        await self.mailbox.arrival()

    async def login(self, password):
        return await self.anonymous.mutate("login", username="ann", password=password)


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path):
    async with open_mailbox() as mailbox:
        settings = Settings(
            db=str(tmp_path / "litereg.db"), port=0, password_cost=4, **mailbox.settings
        )
        registry = await Registry.open(settings)
        try:
            async with serving(create_app(settings, registry), settings) as url:
                yield Site(registry, mailbox, url)
        finally:
            await registry.close()


async def test_the_link_in_the_letter_verifies_the_address(site, page):
    await site.sign_up()

    await page.goto(f"{site.url}/validate-email#token={site.mailbox.token()}")
    assert (await site.login(PASSWORD)).error.message == "EMAIL_ADDRESS_NOT_VERIFIED"
    await page.get_by_role("button", name="Verify").click()
    await page.get_by_text("The address is verified").wait_for()

    assert (await site.login(PASSWORD)).value


async def test_a_forgotten_password_is_set_anew(site, page):
    await site.sign_up()

    await page.goto(f"{site.url}/forgot-password")
    await page.get_by_label("E-mail address").fill("ann@example.org")
    await page.get_by_role("button", name="Send me a link").click()
    await page.get_by_text("a letter is on its way").wait_for()
    await site.mailbox.arrival(2)
    await page.goto(f"{site.url}/forgot-password#token={site.mailbox.token()}")
    assert not await page.get_by_label("E-mail address").is_visible()
    await page.get_by_label("New password").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Set it").click()
    await page.get_by_text("The new password is set").wait_for()

    assert (await site.login(NEW_PASSWORD)).value


async def test_a_link_that_is_opened_where_its_page_is_open_counts(site, page):
    await site.sign_up()

    await page.goto(f"{site.url}/validate-email")
    await page.goto(f"{site.url}/validate-email#token={site.mailbox.token()}")
    await page.get_by_role("button", name="Verify").click()

    await page.get_by_text("The address is verified").wait_for()


async def test_a_new_address_counts_once_the_password_was_typed_beside_its_link(site, page, watch):
    await site.sign_up()
    await site.anonymous.mutate("verifyEmailAddress", token=site.mailbox.token())
    ann = site.people.with_token((await site.login(PASSWORD)).value)
    await ann.mutate("updateMe", "username", value={"emailAddress": "ann@elsewhere.example"})
    await site.mailbox.arrival(3)
    (link,) = (
        number
        for number, to in enumerate(site.mailbox.recipients)
        if to == ["ann@elsewhere.example"]
    )

    await page.goto(f"{site.url}/validate-email?new#token={site.mailbox.token(link)}")
    await page.get_by_label("Password of your account").fill("wrong horse 9")
    await page.get_by_role("button", name="Verify").click()
    await page.get_by_text("That is not your password.").wait_for()
    await page.get_by_label("Password of your account").fill(PASSWORD)
    await page.get_by_role("button", name="Verify").click()
    await page.get_by_text("The address is verified").wait_for()

    me = await ann.query("me", "emailAddress")
    assert me.value == {"emailAddress": "ann@elsewhere.example"}
    assert [text for text in watch.complaints if "403" not in text] == []
    watch.complaints.clear()


async def test_a_page_without_a_token_says_where_to_get_one(site, page):
    await page.goto(f"{site.url}/validate-email")

    assert await page.get_by_text("by the link in your letter").is_visible()
    assert not await page.get_by_role("button").is_visible()
