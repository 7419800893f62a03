"""Logging in by password and by one-time link, and out: the pages, the buttons, the cookie."""

import re

import pytest

from litereg.app import create_app
from litereg.registry.administration import service
from litereg.web.built import asset_files
from tests.client import PASSWORD

RANDOM = b"r" * 32
COOKIE = re.compile(r"litereg_session=([^;]+);.*HttpOnly;.*SameSite=Lax")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def client(registry, aiohttp_client):
    return await aiohttp_client(create_app(registry.settings, registry))


@pytest.fixture
async def token(registry, people):
    await people("ann")
    return await registry.database.write(service.make_link, "ann", RANDOM, 2**42)


async def press(client, token, headers=SAME_ORIGIN):
    return await client.post(
        "/log-in", data={"token": token}, headers=headers, allow_redirects=False
    )


async def me(client, cookie):
    answer = await client.post(
        "/graphql",
        json={"query": "{ me { username } }"},
        headers={"Cookie": f"litereg_session={cookie}", **SAME_ORIGIN},
    )
    return (await answer.json())["data"]["me"]


async def test_the_button_of_the_page_logs_in_once(client, token):
    page = await (await client.get("/log-in", params={"token": token})).text()
    assert f'value="{token}"' in page

    pressed = await press(client, token)
    again = await press(client, token)

    assert pressed.status == 303
    assert pressed.headers["Location"] == "/?notice=logged-in"
    cookie = COOKIE.search(pressed.headers["Set-Cookie"])[1]
    assert await me(client, cookie) == {"username": "ann"}
    assert again.status == 410
    assert "Set-Cookie" not in again.headers


async def test_opening_the_link_does_not_use_it_up(client, token):
    for _ in range(3):
        await client.get("/log-in", params={"token": token})

    assert (await press(client, token)).status == 303


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
async def test_another_site_cannot_press_the_button(client, token, headers):
    refused = await press(client, token, headers)

    assert refused.status == 403
    assert "Set-Cookie" not in refused.headers
    assert (await press(client, token)).status == 303


async def test_what_stands_in_the_address_cannot_become_markup(client):
    page = await (await client.get("/log-in", params={"token": '"><script>x</script>'})).text()

    assert "<script>" not in page


async def test_the_browser_may_say_where_the_button_stands(client, token):
    page = await client.get("/log-in", params={"token": token})

    assert page.headers["Referrer-Policy"] == "same-origin"
    origin = {"Origin": str(client.make_url("/").origin())}
    assert (await press(client, token, origin)).status == 303


async def test_a_form_that_is_longer_than_any_of_ours_is_refused(client):
    assert (await press(client, "x" * 70_000)).status == 413


@pytest.mark.parametrize("token", ["", "wrong", "é" * 50])
async def test_a_token_that_is_none_is_refused(client, token):
    assert (await press(client, token)).status == 410


async def test_people_log_in_by_password_and_come_back_to_where_they_were(site, people):
    await people("ann")
    asked = await site.get("/log-in?next=%2Fme")

    wrong = await site.post("/log-in", {"username": "ann", "password": "wrong 1234", "next": "/me"})
    right = await site.post("/log-in", {"username": "ann", "password": PASSWORD, "next": "/me"})
    home = await site.get("/")

    assert 'name="next" value="/me"' in asked.page
    assert (wrong.status, right.status) == (403, 303)
    assert "do not go together" in wrong.page
    assert 'value="ann"' in wrong.page
    assert "wrong 1234" not in wrong.page
    assert right.headers["Location"] == "/me?notice=logged-in"
    assert "Account of ann" in home.page


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_logging_in_leads_to_our_own_pages_only(site, people, elsewhere):
    await people("ann")

    sent = await site.post("/log-in", {"username": "ann", "password": PASSWORD, "next": elsewhere})

    assert sent.headers["Location"] == "/?notice=logged-in"


@pytest.mark.parametrize("asked", ["/log-in", "/sign-up"])
async def test_pages_on_the_way_in_lead_on_and_not_to_themselves(site, asked):
    page = (await site.get(f"{asked}?next=%2Fme%3Fx%3D1")).page

    assert 'href="/log-in?next=%2Fme%3Fx%3D1"' in page
    assert "next=%2Flog-in" not in page


async def test_whoever_logs_out_and_in_again_is_told_the_latter(site, people):
    await people("ann")
    await site.log_in("ann")
    out = await site.post("/log-out", {})

    page = (await site.get(out.headers["Location"])).page

    assert "You are logged out." in page
    assert 'href="/log-in?next=%2F"' in page


async def test_logging_out_ends_the_session_and_forgets_the_cookie(site, people):
    await people("ann")
    await site.log_in("ann")
    session = site.cookie("litereg_session")

    out = await site.post("/log-out", {})
    replayed = await site.get("/", headers={"Cookie": f"litereg_session={session}"})

    assert out.status == 303
    assert site.cookie("litereg_session") is None
    assert "Account of ann" not in replayed.page


async def test_logging_out_leaves_nothing_in_the_browser(open_site, people):
    await people("ann")
    site, below = await open_site(), await open_site(base_url="https://ours.example/a/b")
    await site.log_in("ann")

    alone = await site.post("/log-out", {})
    with_neighbours = await below.post("/a/b/log-out", {})

    assert alone.headers["Clear-Site-Data"] == '"cache", "storage"'
    # Cookies of a host are everybody's on it and below it; ours is taken back by its name.
    assert "litereg_session" in alone.headers["Set-Cookie"]
    assert with_neighbours.status == 303
    assert "Clear-Site-Data" not in with_neighbours.headers


async def test_another_site_can_log_nobody_out(site, people):
    await people("ann")
    await site.log_in("ann")

    refused = await site.post("/log-out", {}, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status == 403
    assert "Account of ann" in (await site.get("/")).page


async def test_a_session_that_has_ended_shows_the_page_to_nobody_known(site):
    response = await site.get("/", headers={"Cookie": "litereg_session=gone"})

    assert response.status == 200
    assert "Log in" in response.page
    assert 'litereg_session=""' in response.headers["Set-Cookie"]


@pytest.mark.skipif(not asset_files(), reason="the playground is not built")
@pytest.mark.parametrize("path", ["/playground", "/graphql"])
async def test_the_playground_knows_who_is_logged_in(site, people, path):
    await people("ann")
    before = await site.get(path)
    ended = await site.get(path, headers={"Cookie": "litereg_session=gone"})

    await site.log_in("ann")
    after = await site.get(path)

    assert 'data-viewer=""' in before.page
    assert 'data-viewer=""' in ended.page
    assert 'data-viewer="ann"' in after.page
    assert "Cookie" in after.headers["Vary"]
