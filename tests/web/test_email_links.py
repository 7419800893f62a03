"""The pages behind the links in letters, as a browser without script would send their forms."""

from dataclasses import replace

import pytest

from litereg.app import create_app
from tests.client import PASSWORD, People
from tests.mailbox import open_mailbox, send_all

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
NEW_PASSWORD = "another horse 8"
PATHS = ("/validate-email", "/forgot-password")
ANN = {"username": "ann", "emailAddress": "ann@example.org", "password": PASSWORD}


@pytest.fixture
async def mailbox():
    async with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def settings(settings, mailbox):
    return replace(settings, **mailbox.settings)


@pytest.fixture
async def client(registry, aiohttp_client):
    return await aiohttp_client(create_app(registry.settings, registry))


@pytest.fixture
async def anonymous(registry):
    return People(registry).anonymous


@pytest.fixture
async def token(registry, anonymous, mailbox):
    """The token of the link that ann was sent at sign-up."""
    await anonymous.mutate("createMe", value=ANN)
    await send_all(registry)
    await mailbox.arrival()
    return mailbox.token()


async def press(client, path, headers=SAME_ORIGIN, **fields):
    """Send a form and return the status and the text of the page that follows."""
    async with client.post(path, data=fields, headers=headers) as response:
        return response.status, await response.text()


async def login(anonymous, password=PASSWORD):
    return await anonymous.mutate("login", username="ann", password=password)


async def test_the_button_verifies_the_address(client, token, anonymous):
    status, page = await press(client, "/validate-email", token=token)

    assert status == 200
    assert "is verified. You can log in now." in page
    assert (await login(anonymous)).value


@pytest.mark.parametrize("bad", ["", "unknown", "é" * 40])
async def test_a_link_that_is_none_says_so(client, token, anonymous, bad):
    for path in PATHS:
        status, page = await press(client, path, token=bad, newPassword=NEW_PASSWORD)
        assert status == 410
        assert "was never valid" in page

    assert (await login(anonymous)).error.message == "EMAIL_ADDRESS_NOT_VERIFIED"


async def test_a_new_password_is_asked_for_and_set(client, token, registry, anonymous, mailbox):
    status, page = await press(client, "/forgot-password", emailAddress=" ann@example.org ")
    await send_all(registry)
    await mailbox.arrival(2)
    assert status == 200
    assert "a letter is on its way" in page

    status, page = await press(
        client, "/forgot-password", token=mailbox.token(), newPassword=NEW_PASSWORD
    )

    assert status == 200
    assert "The new password is set" in page
    assert (await login(anonymous, NEW_PASSWORD)).value


async def test_asking_says_nothing_of_who_is_known(client, token):
    known = await press(client, "/forgot-password", emailAddress="ann@example.org")
    unknown = await press(client, "/forgot-password", emailAddress="bob@example.org")

    assert known == (unknown[0], unknown[1].replace("bob@", "ann@"))


async def test_what_is_no_address_can_be_typed_again(client):
    status, page = await press(client, "/forgot-password", emailAddress="<b>ann</b>")

    assert status == 400
    assert "That is no e-mail address." in page
    assert 'value="&lt;b&gt;ann&lt;/b&gt;"' in page


async def test_a_password_that_is_no_good_can_be_typed_again(client, token, registry, mailbox):
    await press(client, "/forgot-password", emailAddress="ann@example.org")
    await send_all(registry)
    await mailbox.arrival(2)
    token = mailbox.token()

    status, page = await press(client, "/forgot-password", token=token, newPassword="short")

    assert status == 400
    assert "8 to 99 characters" in page
    assert f'value="{token}"' in page
    assert "short" not in page


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
@pytest.mark.parametrize("path", PATHS)
async def test_another_site_cannot_press_the_buttons(client, token, headers, path):
    status, _ = await press(client, path, headers, token=token, emailAddress="ann@example.org")

    assert status == 403


@pytest.mark.parametrize("path", PATHS)
async def test_opening_a_page_changes_nothing_and_runs_no_script_of_its_own(client, path):
    async with client.get(path) as response:
        page = await response.text()

    assert response.status == 200
    assert "<script>" not in page
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"


async def test_without_scripts_the_page_says_what_it_takes(client):
    async with client.get("/validate-email") as response:
        assert "in a browser that runs JavaScript" in await response.text()
    async with client.get("/forgot-password") as response:
        assert "needs a browser that runs JavaScript" in await response.text()


async def test_no_token_is_in_the_log_or_in_an_address(client, token, caplog):
    with caplog.at_level("DEBUG"):
        async with client.post(
            "/validate-email", data={"token": token}, headers=SAME_ORIGIN, allow_redirects=False
        ) as response:
            assert token not in response.headers["Location"]

    assert caplog.records
    assert token not in caplog.text


async def test_a_registry_without_mail_says_where_the_link_is(open_site):
    site = await open_site(smtp_server="")

    sent = await site.post("/forgot-password", {"emailAddress": "ann@example.org"})

    assert "the link is written into the server" in sent.page
    assert "a letter is on its way" not in sent.page


async def test_what_was_sent_cannot_become_markup(client):
    markup = '"><script>alert(1)</script>'

    _, page = await press(client, "/forgot-password", token=markup, newPassword="x")
    _, other = await press(client, "/forgot-password", emailAddress=markup)

    assert "<script>" not in page + other


async def test_a_form_that_is_too_long_is_refused(client):
    status, _ = await press(client, "/validate-email", token="x" * 70_000)

    assert status == 413


async def test_signing_up_leads_to_a_page_that_says_a_letter_is_on_its_way(site, registry, mailbox):
    sent = await site.post("/sign-up", ANN)
    page = await site.get(sent.headers["Location"])
    await send_all(registry)
    await mailbox.arrival()

    assert sent.status == 303
    assert site.cookie("litereg_session") is None
    assert "A letter is on its way" in page.page
    assert mailbox.token()


async def test_links_are_asked_for_so_often_and_no_more(site):
    statuses = [
        (await site.post("/forgot-password", {"emailAddress": "ann@example.org"})).status
        for _ in range(11)
    ]

    assert statuses == [200] * 10 + [429]


async def test_a_new_address_is_saved_once_its_link_was_opened(client, token, registry, mailbox):
    await press(client, "/validate-email", token=token)
    await press(client, "/log-in", username="ann", password=PASSWORD)
    typed = {"username": "ann", "emailAddress": "ann@elsewhere.example"}

    status, page = await press(client, "/me/profile", **typed)
    await send_all(registry)
    await mailbox.arrival(2)
    links = [n for n, to in enumerate(mailbox.recipients) if to == [typed["emailAddress"]]]
    link = {"token": mailbox.token(links[0]), "password": PASSWORD}
    opened, _ = await press(client, "/validate-email", **link)
    async with client.get("/me/profile", headers={"Accept": "text/html"}) as response:
        later = await response.text()

    assert (status, opened) == (200, 200)
    assert "The new e-mail address counts once you open the link" in page
    assert 'value="ann@example.org"' in page
    assert 'value="ann@elsewhere.example"' in later


async def test_a_link_to_a_new_address_asks_for_the_password(client, token, registry, mailbox):
    await press(client, "/validate-email", token=token)
    await press(client, "/log-in", username="ann", password=PASSWORD)
    await press(client, "/me/profile", username="ann", emailAddress="ann@elsewhere.example")
    await send_all(registry)
    await mailbox.arrival(2)
    links = [n for n, to in enumerate(mailbox.recipients) if to == ["ann@elsewhere.example"]]
    link = mailbox.token(links[0])

    bare = await press(client, "/validate-email", token=link)
    wrong = await press(client, "/validate-email", token=link, password=NEW_PASSWORD)
    right = await press(client, "/validate-email", token=link, password=PASSWORD)

    assert "/validate-email?new#token=" in mailbox.text(links[0])
    assert [status for status, _ in (bare, wrong, right)] == [400, 403, 200]
    assert "A password is needed." in bare[1]
    assert "That is not your password." in wrong[1]
    for _, page in (bare, wrong):
        assert 'name="password" type="password" value=""' in page
        assert f'value="{link}"' in page
        assert NEW_PASSWORD not in page
    assert "is verified" in right[1]


async def test_a_link_of_sign_up_asks_for_no_password(client):
    async with client.get("/validate-email") as response:
        assert 'type="password"' not in await response.text()


async def test_a_profile_that_keeps_its_address_is_saved_as_ever(client, token):
    await press(client, "/validate-email", token=token)
    await press(client, "/log-in", username="ann", password=PASSWORD)

    _, page = await press(client, "/me/profile", username="ann", emailAddress="Ann@example.org")

    assert "Saved.</p>" in page
