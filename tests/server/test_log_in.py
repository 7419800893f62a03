"""The one-time log-in link: the page, the button, the cookie."""

import re

import pytest

from litereg.app import create_app
from litereg.registry.administration import service

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
    assert pressed.headers["Location"] == "/playground"
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


async def test_a_form_that_is_longer_than_any_link_is_refused(client):
    assert (await press(client, "x" * 5000)).status == 413


@pytest.mark.parametrize("token", ["", "wrong", "é" * 50])
async def test_a_token_that_is_none_is_refused(client, token):
    assert (await press(client, token)).status == 410
